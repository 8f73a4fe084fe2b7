"""Who may send data to the server, and what becomes of it.

With a key whoever has it; without one only programs of this machine.  A web page that happens to
be open on this machine is none of them, whatever its name resolves to.
"""

import hmac
import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Any, Final, ParamSpec
from urllib.parse import urlsplit

from flask import Response, current_app, request

from liqbands.candles import Candles
from liqbands.instrument import Instrument
from liqbands_server.importing.candle_import import How, write_rows
from liqbands_server.importing.file_rows import FileRows
from liqbands_server.importing.reports import ImportReport, RefusedRow
from liqbands_server.service.band_backlog import BandBacklog
from liqbands_server.store.candles import KnownAt
from liqbands_server.web.context import Context, this_context
from liqbands_server.web.errors import Fault, RequestError, echo

_LOCAL_NAMES: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_OF_PROXIES: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP")
_BEARER: Final = "Bearer "
_KEY: Final = "liqbands.band_backlog"

_log = logging.getLogger(__name__)
Asked = ParamSpec("Asked")


def receives(content_type: str) -> Callable[[Callable[Asked, Response]], Callable[Asked, Response]]:
    """Let a view be reached only by those who may send data, before anything of it is read.

    Parameters
    ----------
    content_type : str
        The only one taken.  It is none that a page of another origin can send without asking.

    Returns
    -------
    callable
        A decorator of the view.
    """

    def decorate(view: Callable[Asked, Response]) -> Callable[Asked, Response]:
        @wraps(view)
        def checked(*args: Asked.args, **kwargs: Asked.kwargs) -> Response:
            _check_sender(this_context().settings.push_key)
            if request.mimetype != content_type:
                was = echo(request.content_type or "")
                detail = f"Content-Type must be {content_type}, was {was!r}"
                fault = Fault("Content-Type", was, detail)
                raise RequestError([fault], HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            return view(*args, **kwargs)

        return checked

    return decorate


def take_in(
    context: Context,
    instrument: Instrument,
    candles: Candles,
    refused: tuple[RefusedRow, ...] = (),
    known_at: KnownAt | None = None,
) -> ImportReport:
    """Store bars that were sent, as an import would; bands through time follow in the background.

    Parameters
    ----------
    context : Context
        The process's store and clock.
    instrument : Instrument
        What is traded, unless the store knows better.
    candles : Candles
        Closed bars.
    refused : tuple of RefusedRow
        What was no bar.
    known_at : {"close", "now"}, optional
        See `liqbands_server.store.candles.write_candles`.

    Returns
    -------
    ImportReport
        What became of every row.
    """
    store = context.markets.store
    rows = FileRows("push", instrument, candles, refused)
    report = write_rows(store, [rows], How(known_at, context.now_ms(), bands=False))[0]
    if report.written.new or report.written.corrected:
        said = {"ticker": report.ticker, "new": report.written.new}
        _log.info("bars were pushed", extra=said)
        _backlog(context).add(report.ticker)
    return report


def _backlog(context: Context) -> BandBacklog:
    fresh = BandBacklog(context.markets.store, context.now_ms)
    known: Any = current_app.extensions.setdefault(_KEY, fresh)
    found: BandBacklog = known
    return found


def _check_sender(key: str) -> None:
    if key:
        given = request.headers.get("Authorization", "")
        wanted = _BEARER + key
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            detail = "header Authorization must be 'Bearer KEY' with the server's push_key"
            raise RequestError([Fault("Authorization", "", detail)], HTTPStatus.UNAUTHORIZED)
    elif not _is_local():
        detail = (
            "without a push_key only programs of the server's own machine may send data; "
            "set push_key (LIQBANDS_PUSH_KEY) there and send 'Authorization: Bearer KEY'"
        )
        address = Fault("address", echo(request.remote_addr or ""), detail)
        raise RequestError([address], HTTPStatus.FORBIDDEN)


def _is_local() -> bool:
    """Return whether a request comes from this machine, and neither by a proxy nor by a page."""
    if any(name in request.headers for name in (*_OF_PROXIES, "Origin")):
        return False
    if _name_of(request.host) not in _LOCAL_NAMES:
        return False  # of a page whose name was made to resolve to this machine
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _name_of(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
