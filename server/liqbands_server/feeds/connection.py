"""A venue's exchange object of ccxt.pro, made to show every frame before ccxt reads it.

ccxt dials, subscribes, pings and notices that a connection ended.  What arrives is ours first:
frames with market data never reach ccxt, which would keep caches of them and merge bursts.
"""

import asyncio
import importlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from liqbands_server.feeds.gateway import through_gateway
from liqbands_server.feeds.patience import Patience
from liqbands_server.feeds.venues.border import Exchange, VenueBorder
from liqbands_server.feeds.wire import Connection, Wire

_CLOSE_SECONDS: Final = 1.5
_LOOK_SECONDS: Final = 0.01

UNREADABLE: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What code raises on an answer of another shape than it expects, ccxt's own included."""


def ccxt_error() -> type[Exception]:
    """Return what all errors of ccxt are; imported late, as ccxt takes two seconds."""
    found: type[Exception] = importlib.import_module("ccxt.base.errors").BaseError
    return found


def open_exchange(
    border: VenueBorder,
    wire: Wire,
    patience: Patience,
    *,
    gateway: str = "",
    options: Mapping[str, Any] | None = None,
) -> Exchange:
    """Return an exchange object of ccxt.pro that shows its frames to a wire.

    Parameters
    ----------
    border : VenueBorder
        Says which.
    wire : Wire
        Told of frames and refusals.
    patience : Patience
        How long answers may take.
    gateway : str
        Through which address venues are reached; empty is directly.
    options : mapping, optional
        Further ones of ccxt, e.g. a key.

    Returns
    -------
    Exchange
        Not connected; to be closed by `close_exchange`.
    """
    venue_class = getattr(importlib.import_module("ccxt.pro"), border.exchange_name)
    exchange = _shown_class(venue_class)(
        {
            **border.exchange_options,
            "enableRateLimit": True,
            "timeout": int(patience.answer * 1000),
            **(options or {}),
        }
    )
    exchange.wire = wire
    exchange.timeout_on_exit = 0
    exchange.has["fetchCurrencies"] = False
    pings = exchange.streaming.get("keepAlive", patience.keep_alive * 1000)
    exchange.streaming["keepAlive"] = int(min(pings, patience.keep_alive * 1000))
    for limits in (exchange.tokenBucket, exchange.throttler.config):
        limits["refillRate"] /= patience.courtesy
        limits["delay"] = _LOOK_SECONDS  # ccxt looks each millisecond
    if gateway:
        exchange.urls["api"] = through_gateway(exchange.urls["api"], gateway)
    return exchange


async def close_exchange(exchange: Exchange) -> None:
    """Close every connection of an exchange, within a second or two.

    Parameters
    ----------
    exchange : Exchange
        Whose.
    """
    session = exchange.session
    try:
        await asyncio.wait_for(exchange.close(), _CLOSE_SECONDS)
    except (TimeoutError, ccxt_error()):  # the venue does not answer even to that
        if session is not None:
            await session.close()
            exchange.session = None


def _shown_class(venue_class: Any) -> Any:
    """Return a venue's class of ccxt.pro whose frames are shown to a wire first."""

    class Shown(venue_class):  # type: ignore[misc]  # ccxt ships no types
        wire: Wire

        def client(self, url: str) -> Connection:
            connection = super().client(url)
            if "handle_text_or_binary_message" not in vars(connection):
                connection.handle_text_or_binary_message = _guarded(self, connection)
                connection.send = _noted(self, connection, connection.send)
            self.wire.use(connection)
            return connection

        def on_close(self, client: Connection, error: object) -> None:
            self.wire.ended(client)
            super().on_close(client, error)

        def on_error(self, client: Connection, error: object) -> None:
            self.wire.ended(client, error)
            super().on_error(client, error)

        def on_rest_response(self, code: int, *rest: Any) -> Any:
            self.wire.answered(code, rest[3])
            return super().on_rest_response(code, *rest)

    return Shown


def _noted(
    exchange: Any, connection: Connection, send: Callable[[object], Awaitable[object]]
) -> Callable[[object], Awaitable[object]]:
    async def sending(message: object) -> object:
        result = await send(message)
        exchange.wire.sent(connection)
        return result

    return sending


def _guarded(exchange: Any, connection: Connection) -> Callable[[str | bytes], None]:
    """Return what reads a text; ccxt's own stops reading for good where one is no JSON."""
    parse = json.loads

    def read(data: str | bytes) -> None:
        line = exchange.wire.line(connection)
        if line.has_ended:
            return  # what was still on its way when it was given up
        line.last_frame = time.monotonic()
        try:
            text = data if isinstance(data, str) else data.decode()
            frame = parse(text) if text[:1] in ("{", "[") else text
            if not exchange.wire.reader.read(line, frame, text):
                exchange.handle_message(connection, frame)
        except (*UNREADABLE, ccxt_error()) as error:
            exchange.wire.reader.drop(line, f"frame cannot be read: {error}"[:200])

    return read
