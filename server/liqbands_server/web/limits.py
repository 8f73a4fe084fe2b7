"""Bounds on a request's size, checked before anything is read."""

from http import HTTPStatus
from typing import Final

from flask import Flask, request

from liqbands_server.web.errors import Fault, RequestError

LONGEST_QUERY: Final = 2_048


def init_limits(app: Flask, max_body_bytes: int) -> None:
    """Refuse requests that are too large.

    Parameters
    ----------
    app : Flask
        The application.
    max_body_bytes : int
        Largest body.
    """
    app.config["MAX_CONTENT_LENGTH"] = max_body_bytes

    @app.before_request
    def refuse_large() -> None:
        length = request.content_length or 0
        if length > max_body_bytes:
            detail = f"body must be at most {max_body_bytes} bytes, was {length}"
            fault = Fault("body", f"{length} bytes", detail)
            raise RequestError([fault], HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        length = len(request.query_string)
        if length > LONGEST_QUERY:
            detail = f"query must be at most {LONGEST_QUERY} characters, was {length}"
            fault = Fault("query", f"{length} characters", detail)
            raise RequestError([fault], HTTPStatus.REQUEST_URI_TOO_LONG)
