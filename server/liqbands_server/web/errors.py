"""Errors as answers: one handler, one shape (problem details, RFC 9457), one table of statuses."""

import json
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, request
from marshmallow import Schema, fields
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from liqbands.errors import LiqbandsError, UnknownSymbolError
from liqbands_server.errors import NotReadyError, QuestionError, StoreError

PROBLEM: Final = "application/problem+json"
LONGEST_ECHO: Final = 64
"""Characters of a wrong value that an answer repeats."""

_RETRY_SECONDS: Final = "1"
_STATUS: Final[dict[type[Exception], HTTPStatus]] = {
    QuestionError: HTTPStatus.BAD_REQUEST,
    UnknownSymbolError: HTTPStatus.NOT_FOUND,
    NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    SQLAlchemyError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The one table; anything that is not in it is our own fault, 500."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request.

    Parameters
    ----------
    parameter : str
        Its name.
    value : str
        What was given.
    detail : str
        What, what would do, which value.
    """

    parameter: str
    value: str
    detail: str


class RequestError(LiqbandsError):
    """A request breaks one or more rules; every fault is told at once.

    Parameters
    ----------
    faults : list of Fault
        At least one.
    status : int
        400, or a more particular one.
    """

    def __init__(self, faults: list[Fault], status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__("; ".join(fault.detail for fault in faults))
        self.faults = faults
        self.status = status


class FaultSchema(Schema):
    """One thing that is wrong with a request."""

    parameter = fields.String(required=True, metadata={"description": "Its name"})
    value = fields.String(required=True, metadata={"description": "What was given"})
    detail = fields.String(required=True, metadata={"description": "What would do"})


class ProblemSchema(Schema):
    """Why a request was not answered; for documentation."""

    type = fields.String(required=True, metadata={"description": "Always about:blank"})
    title = fields.String(required=True, metadata={"description": "The status in words"})
    status = fields.Integer(required=True, metadata={"description": "The HTTP status"})
    detail = fields.String(
        required=True, metadata={"description": "What is wrong, what would do, which value"}
    )
    parameter = fields.String(metadata={"description": "The parameter that is wrong"})
    value = fields.String(metadata={"description": "What it was"})
    errors = fields.List(
        fields.Nested(FaultSchema), metadata={"description": "Every fault, where there are several"}
    )


def init_errors(app: Flask) -> None:
    """Answer every error of an application by a problem document.

    Parameters
    ----------
    app : Flask
        Blueprints with an error shape of their own handle their errors themselves.
    """
    app.register_error_handler(Exception, answer_error)


def answer_error(error: Exception) -> Response:
    """Return the answer to a request that failed.

    Parameters
    ----------
    error : Exception
        What was raised.

    Returns
    -------
    Response
        Problem details; never a traceback.
    """
    status = status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request failed: %s %s", request.method, request.path, exc_info=error)
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        _log.warning("request not answered: %s", error)
    response = problem(status, _detail(error, status), faults_of(error, status))
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        response.headers["Retry-After"] = _RETRY_SECONDS
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def status_of(error: Exception) -> int:
    """Return the HTTP status that belongs to an error.

    Parameters
    ----------
    error : Exception
        What was raised.

    Returns
    -------
    int
        500 for whatever was not raised on purpose.
    """
    if isinstance(error, RequestError):
        return error.status
    if isinstance(error, HTTPException):
        return error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def faults_of(error: Exception, status: int) -> list[Fault]:
    """Return what is wrong with a request, parameter by parameter.

    Parameters
    ----------
    error : Exception
        What was raised.
    status : int
        Its status.

    Returns
    -------
    list of Fault
        Empty for errors that are not the client's.
    """
    if isinstance(error, RequestError):
        return error.faults
    detail = _detail(error, status)
    if isinstance(error, QuestionError | UnknownSymbolError):
        name = error.parameter if isinstance(error, QuestionError) else "symbol"
        return [Fault(name or "query", echo(request.args.get(name, "")), detail)]
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return [Fault(*_http_parameter(status), detail)]
    return []


def problem(status: int, detail: str, faults: list[Fault]) -> Response:
    """Return a problem document.

    Parameters
    ----------
    status : int
        The HTTP status.
    detail : str
        What is wrong, what would do.
    faults : list of Fault
        What is wrong, by parameter.

    Returns
    -------
    Response
        As `ProblemSchema` says.
    """
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
    }
    if faults:
        document |= {"parameter": faults[0].parameter, "value": faults[0].value}
    if len(faults) > 1:
        document["errors"] = [
            {"parameter": fault.parameter, "value": fault.value, "detail": fault.detail}
            for fault in faults
        ]
    response = Response(json.dumps(document), int(status), content_type=PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    return response


def echo(value: str) -> str:
    """Return a client's value as far as an answer repeats it.

    Parameters
    ----------
    value : str
        What was given.

    Returns
    -------
    str
        Cut after `LONGEST_ECHO` characters.
    """
    return value if len(value) <= LONGEST_ECHO else value[:LONGEST_ECHO] + "…"


def _http_parameter(status: int) -> tuple[str, str]:
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return "method", echo(request.method)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return "body", f"{request.content_length} bytes"
    if status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        return "Content-Type", echo(request.content_type or "")
    return "path", echo(request.path)


def _detail(error: Exception, status: int) -> str:
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return "the server failed on this request; the reason is in its log"
    if isinstance(error, SQLAlchemyError | StoreError):
        return "the store does not answer; ask again in a moment"
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        methods = ", ".join(sorted(error.valid_methods))
        return f"method must be one of {methods}, was {echo(request.method)!r}"
    if status == HTTPStatus.NOT_FOUND and isinstance(error, HTTPException):
        return f"nothing is served at {echo(request.path)!r}; /docs lists every path"
    if isinstance(error, HTTPException):
        return error.description or HTTPStatus(status).phrase
    return str(error)
