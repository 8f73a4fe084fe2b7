"""The three dialects that are spoken in full."""

from collections.abc import Sequence
from typing import Final

from tests.emulator import (
    binance_rest,
    binance_wire,
    bybit_rest,
    bybit_wire,
    okx_rest,
    okx_wire,
)
from tests.emulator.answers import Answer, Query
from tests.emulator.hub import Frame, Socket
from tests.emulator.market import Beat, Market
from tests.emulator.venue import Dialect, Venue


class Binance:
    """Binance USD-M."""

    def rest(self, venue: Venue, path: str, query: Query, headers: Query) -> Answer:
        return binance_rest.rest(venue, path, query, headers)

    def command(self, _venue: Venue, socket: Socket, text: str) -> list[str]:
        return binance_wire.command(socket, text)

    def frames(self, venue: Venue, news: Sequence[tuple[Market, Beat]]) -> list[Frame]:
        return binance_wire.frames(venue, news)


class Bybit:
    """Bybit v5, linear."""

    def rest(self, venue: Venue, path: str, query: Query, headers: Query) -> Answer:
        return bybit_rest.rest(venue, path, query, headers)

    def command(self, venue: Venue, socket: Socket, text: str) -> list[str]:
        return bybit_wire.command(venue, socket, text)

    def frames(self, venue: Venue, news: Sequence[tuple[Market, Beat]]) -> list[Frame]:
        return bybit_wire.frames(venue, news)


class Okx:
    """OKX v5, swaps."""

    def rest(self, venue: Venue, path: str, query: Query, headers: Query) -> Answer:
        return okx_rest.rest(venue, path, query, headers)

    def command(self, venue: Venue, socket: Socket, text: str) -> list[str]:
        return okx_wire.command(venue, socket, text)

    def frames(self, venue: Venue, news: Sequence[tuple[Market, Beat]]) -> list[Frame]:
        return okx_wire.frames(venue, news)


DIALECTS: Final[dict[str, Dialect]] = {"binance": Binance(), "bybit": Bybit(), "okx": Okx()}
