"""The border: what a venue's class has to know, behind one protocol.

Everything that is the same everywhere (connections, back-off, paging, bars, the store) is not
here but beside this package.  Wire dictionaries die in these classes.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from liqbands.market_data import OrderBook
from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    Funding,
    MarkBar,
    News,
    OpenInterest,
)

Exchange = Any
"""An exchange of ccxt.pro; ccxt ships no types that would help here."""

Frame = Mapping[str, Any] | Sequence[Any] | str
"""A message on the wire, as JSON was decoded."""

Stream = Literal[
    "trades",
    "candles",
    "liquidations",
    "mark",
    "open_interest",
    "funding",
    "depth",
    "positions",
]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One call of ccxt.pro that makes a venue talk.

    Parameters
    ----------
    streams : tuple of Stream
        What arrives by it.
    markets : tuple of FeedMarket
        About which markets; all that this subscription covers.
    watch : callable
        Sends the subscription through the exchange and waits; awaited again and again.  Frames
        are read where they arrive, so its result does not matter, only that it raises when the
        connection is lost.
    silent_ms : int
        After so long without any frame of it the connection counts as dead; 0 where silence is
        normal, as for liquidations.
    """

    streams: tuple[Stream, ...]
    markets: tuple[FeedMarket, ...]
    watch: Callable[[Exchange], Awaitable[object]]
    silent_ms: int


class VenueBorder(Protocol):
    """What is particular to one venue.

    Attributes
    ----------
    feed : str
        Its key for people and settings: ``"binance"``, ``"binancecoinm"``, ``"bybit"``, …
    venue : str
        Key of its margin rules in the engine, e.g. ``"binance"`` for both of Binance's.
    exchange_name : str
        Class of ccxt.pro.
    exchange_options : mapping
        For that class: only what has to be loaded.
    most_bars, most_open_interest, most_funding : int
        Rows that one REST answer holds at most; 0 where the venue has no such history.
    open_interest_step_ms : int
        Length of the steps of its open-interest history.
    """

    feed: str
    venue: str
    exchange_name: str
    exchange_options: Mapping[str, Any]
    most_bars: int
    most_open_interest: int
    most_funding: int
    open_interest_step_ms: int

    def choose_markets(self, exchange: Exchange, coins: Sequence[str]) -> list[FeedMarket]:
        """Return the perpetuals of the coins wanted, of an exchange with loaded markets."""
        ...

    def subscriptions(self, markets: Sequence[FeedMarket]) -> list[Subscription]:
        """Return what to subscribe to."""
        ...

    def read(self, frame: Frame, markets: Mapping[str, FeedMarket]) -> Iterable[News] | None:
        """Return what a frame says, by wire id; None if it is none of ours and ccxt has to see it.

        Raises
        ------
        WireError
            If it is one of ours and cannot be true: what is not a number, not positive, ….
        """
        ...

    async def server_time_ms(self, exchange: Exchange) -> int:
        """Return the venue's own time."""
        ...

    async def bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[BarNews]:
        """Return one page of minutes that open in ``[since_ms, until_ms)``, closed or forming."""
        ...

    async def mark_bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[MarkBar]:
        """Return one page of the mark price's minutes; empty where the venue has none."""
        ...

    async def open_interest_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[OpenInterest]:
        """Return one page of what was open; empty where the venue keeps no history."""
        ...

    async def open_interest(self, exchange: Exchange, market: FeedMarket) -> OpenInterest | None:
        """Return what is open now; None where a subscription tells it."""
        ...

    async def funding_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[Funding]:
        """Return one page of settled funding rates."""
        ...

    async def depth(self, exchange: Exchange, market: FeedMarket) -> OrderBook | None:
        """Return the order book; None where it is empty."""
        ...

    async def tiers(self, exchange: Exchange, market: FeedMarket) -> str | None:
        """Return the venue's own margin tiers as JSON in the engine's form; None without a key."""
        ...

    async def liquidations(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[News]:
        """Return liquidations by REST, where a venue has them; empty elsewhere."""
        ...
