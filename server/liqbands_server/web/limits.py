"""Bounds on a request's size, checked before anything is read."""

from http import HTTPStatus
from typing import Final

from flask import Flask, request

from liqbands_server.web.errors import Fault, RequestError

LONGEST_QUERY: Final = 2_048
PUSH_BYTES: Final = 4_000_000
"""Largest body of data: ten thousand bars as JSON."""

PUSH_PATHS: Final = ("/api/v1/candles", "/mt5/v1/candles")


def init_limits(app: Flask, max_body_bytes: int) -> None:
    """Refuse requests that are too large.

    Parameters
    ----------
    app : Flask
        The application.
    max_body_bytes : int
        Largest body, but for data at `PUSH_PATHS`.
    """
    app.config["MAX_CONTENT_LENGTH"] = max_body_bytes

    @app.before_request
    def refuse_large() -> None:
        is_push = request.method == "POST" and request.path in PUSH_PATHS
        most = max(max_body_bytes, PUSH_BYTES) if is_push else max_body_bytes
        request.max_content_length = most
        length = request.content_length or 0
        if length > most:
            detail = f"body must be at most {most} bytes, was {length}"
            fault = Fault("body", f"{length} bytes", detail)
            raise RequestError([fault], HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        length = len(request.query_string)
        if length > LONGEST_QUERY:
            detail = f"query must be at most {LONGEST_QUERY} characters, was {length}"
            fault = Fault("query", f"{length} characters", detail)
            raise RequestError([fault], HTTPStatus.REQUEST_URI_TOO_LONG)
