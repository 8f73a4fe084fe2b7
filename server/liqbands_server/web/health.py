"""Whether the process is alive (`/healthz`), and whether it can answer (`/readyz`)."""

import logging
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy import String, column, select, table
from sqlalchemy.exc import SQLAlchemyError

from liqbands_server.errors import StoreError
from liqbands_server.store.tables import VERSION, VERSION_TABLE
from liqbands_server.web.context import this_context

_log = logging.getLogger(__name__)
_health: Final = Blueprint("health", __name__)


def init_health(app: Flask) -> None:
    """Add the two routes to an application that has a context.

    Parameters
    ----------
    app : Flask
        The application.
    """
    app.register_blueprint(_health)


@_health.get("/healthz")
def healthz() -> Response:
    """Answer: this process does."""
    return _unkept(jsonify(status="alive"))


@_health.get("/readyz")
def readyz() -> Response:
    """Answer whether the store does too, and holds something to ask for."""
    reason = _obstacle()
    if not reason:
        return _unkept(jsonify(status="ready"))
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response = jsonify(status=status.value, title=status.phrase, detail=reason)
    response.status_code = status.value
    response.mimetype = "application/problem+json"
    response.headers["Retry-After"] = "1"
    return _unkept(response)


def _obstacle() -> str:
    markets = this_context().markets
    version = select(column("version_num", String)).select_from(table(VERSION_TABLE))
    try:
        with markets.store.reading() as connection:
            found = connection.execute(version).scalar()
    except (StoreError, SQLAlchemyError):
        _log.warning("the store does not answer", exc_info=True)
        return "the store does not answer"
    if found != VERSION:
        return f"the store's tables are of version {found}, this server's of {VERSION}"
    return "" if markets.listings else "the store holds no candles yet"


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
