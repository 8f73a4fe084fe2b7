"""Errors in UDF's own shape: JSON with ``s`` and a message, whatever went wrong.

Two endpoints are different, because charts break on a JSON error there: `/config`, which they
would take as the configuration, and `/symbol_info`, where they expect a table.  These two fail as
plain text, which charts answer by their defaults.
"""

import json
import logging
from http import HTTPStatus
from typing import Final

from flask import Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from liqbands_server.errors import StoreError
from liqbands_server.web.errors import echo, status_of

ENDPOINTS: Final = (
    "config",
    "symbols",
    "symbol_info",
    "search",
    "history",
    "marks",
    "timescale_marks",
    "time",
    "quotes",
)
METHODS: Final = ("GET", "HEAD", "OPTIONS")

_PLAIN: Final = ("config", "symbol_info")
_RETRY_SECONDS: Final = "1"

_log = logging.getLogger(__name__)


def answer_error(error: Exception) -> Response:
    """Return the answer to a request that failed.

    Parameters
    ----------
    error : Exception
        What was raised.

    Returns
    -------
    Response
        ``{"s": "error", "errmsg": …}`` with a truthful status; never a traceback.
    """
    status = status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request failed: %s %s", request.method, request.path, exc_info=error)
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        _log.warning("request not answered: %s", error)
    message = _message(error, status)
    if _endpoint() in _PLAIN:
        response = Response(message + "\n", status, content_type="text/plain; charset=utf-8")
    else:
        body = json.dumps({"s": "error", "errmsg": message})
        response = Response(body, status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        response.headers["Retry-After"] = _RETRY_SECONDS
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(METHODS)
    return response


def _endpoint() -> str:
    return (request.endpoint or "").rpartition(".")[2]


def _message(error: Exception, status: int) -> str:
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return "the server failed on this request; the reason is in its log"
    if isinstance(error, SQLAlchemyError | StoreError):
        return "the store does not answer; ask again in a moment"
    if isinstance(error, NotFound):
        return f"nothing is served at {echo(request.path)!r}; endpoints are {', '.join(ENDPOINTS)}"
    if isinstance(error, MethodNotAllowed):
        return f"method must be one of {', '.join(METHODS)}, was {echo(request.method)!r}"
    said = error.description if isinstance(error, HTTPException) else str(error)
    return said or HTTPStatus(status).phrase
