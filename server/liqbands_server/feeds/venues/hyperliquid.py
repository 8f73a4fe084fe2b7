"""Hyperliquid: linear perpetuals.

Quantities are base units; every question is a POST to ``/info``.  Mark price and open interest
arrive by subscription, settled funding rates are asked for.  Liquidations are told to nobody but
their owners; open positions of known accounts can be asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from liqbands.market_data import OrderBook
from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    Funding,
    HeldPosition,
    MarkBar,
    News,
    OpenInterest,
)
from liqbands_server.feeds.venues.border import Exchange, Frame, Subscription
from liqbands_server.feeds.venues.closed_bars import bars_inside
from liqbands_server.feeds.venues.hyperliquid_frames import TimedMemory, read_bar, read_frame
from liqbands_server.feeds.venues.hyperliquid_positions import read_positions
from liqbands_server.feeds.venues.listed_markets import listed_perpetuals
from liqbands_server.feeds.venues.numbers import any_number, not_negative, positive, time_ms
from liqbands_server.feeds.venues.shapes import as_list, as_object, inside, named, objects
from liqbands_server.feeds.venues.subscription_only import (
    LiquidationsBySubscription,
    OpenInterestBySubscription,
)
from liqbands_server.feeds.venues.wire_bars import MINUTE_MS
from liqbands_server.feeds.venues.wire_books import order_book
from liqbands_server.feeds.venues.wire_tiers import Tier, tier_document

_MOST_ROWS: Final = 5000
_BUSY_MS: Final = 120_000
_CONTEXT_MS: Final = 30_000
_BOOK_DIGITS: Final = 4  # twenty levels of all digits would reach a few ticks


class Hyperliquid(LiquidationsBySubscription, OpenInterestBySubscription):
    """Hyperliquid's own perpetuals, without those that others deploy there."""

    feed: str = "hyperliquid"
    venue: str = "hyperliquid"
    exchange_name: str = "hyperliquid"
    exchange_options: Mapping[str, Any] = MappingProxyType(
        {"options": {"fetchMarkets": {"types": ["swap"]}, "defaultType": "swap"}}
    )
    most_bars: int = _MOST_ROWS - 1
    most_open_interest: int = 0
    most_funding: int = 500
    open_interest_step_ms: int = 5 * MINUTE_MS

    def __init__(self) -> None:
        self._memory = TimedMemory()

    def choose_markets(self, exchange: Exchange, coins: Sequence[str]) -> list[FeedMarket]:
        """Return the perpetuals of the coins wanted, of an exchange with loaded markets.

        Frames name a coin and not ccxt's number; its tick grows and shrinks with the price.
        """
        listed = listed_perpetuals(exchange, self.feed, self.venue, coins, settled_in="USDC")
        return [
            replace(
                market,
                wire_id=exchange.markets[market.symbol]["baseName"],
                instrument=replace(market.instrument, tick_size=None),
            )
            for market in listed
        ]

    def subscriptions(self, markets: Sequence[FeedMarket]) -> list[Subscription]:
        """Return what to subscribe to; one socket carries all of it."""
        return [one for market in markets for one in self._of_market(market)]

    def read(self, frame: Frame, markets: Mapping[str, FeedMarket]) -> Iterable[News] | None:
        """Return what a frame says, by wire id; None if ccxt has to see it."""
        return read_frame(frame, markets, self._memory)

    async def server_time_ms(self, exchange: Exchange) -> int:
        """Ask for ``exchangeStatus``: ``{"specialStatuses": null, "time": 1764617438643}``."""
        answer = await exchange.publicPostInfo({"type": "exchangeStatus"})
        return time_ms(as_object(answer, "answer"), "time")

    async def bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[BarNews]:
        """Ask for a ``candleSnapshot``; only the most recent 5,000 of a market exist."""
        window = {"startTime": since_ms, "endTime": until_ms}
        asked = {"coin": market.wire_id, "interval": "1m", **window}
        rows = await exchange.publicPostInfo({"type": "candleSnapshot", "req": asked})
        bars = [read_bar(row, market) for row in _objects(rows)]
        return await bars_inside(bars, since_ms, until_ms, partial(self.server_time_ms, exchange))

    async def mark_bars(
        self,
        exchange: Exchange,  # noqa: ARG002 - the protocol gives it
        market: FeedMarket,  # noqa: ARG002 - the protocol gives it
        since_ms: int,  # noqa: ARG002 - the protocol gives it
        until_ms: int,  # noqa: ARG002 - the protocol gives it
    ) -> list[MarkBar]:
        """Return nothing: past mark prices are not told."""
        return []

    async def open_interest_history(
        self,
        exchange: Exchange,  # noqa: ARG002 - the protocol gives it
        market: FeedMarket,  # noqa: ARG002 - the protocol gives it
        since_ms: int,  # noqa: ARG002 - the protocol gives it
        until_ms: int,  # noqa: ARG002 - the protocol gives it
    ) -> list[OpenInterest]:
        """Return nothing: the venue keeps no history."""
        return []

    async def funding_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[Funding]:
        """Ask for a ``fundingHistory``, hourly.

        ``[{"coin": "BTC", "fundingRate": "0.0000125", "premium", "time": 1769908800000}, …]``
        """
        window = {"startTime": since_ms, "endTime": until_ms - 1}
        asked = {"type": "fundingHistory", "coin": market.wire_id, **window}
        rows = _objects(await exchange.publicPostInfo(asked))
        read = [Funding(time_ms(row, "time"), any_number(row, "fundingRate")) for row in rows]
        return inside(read, since_ms, until_ms)

    async def depth(self, exchange: Exchange, market: FeedMarket) -> OrderBook | None:
        """Ask for the ``l2Book``: twenty levels of each side, of four digits.

        ``{"coin", "time": 1704290104840, "levels": [[{"px": "2216.2", "sz": "74.0637", "n": 2},
        …] bids, […] asks]}``
        """
        asked = {"type": "l2Book", "coin": market.wire_id, "nSigFigs": _BOOK_DIGITS}
        book = as_object(await exchange.publicPostInfo(asked), "answer")
        sides = named(book.get("levels"), ("bids", "asks"))
        bids, asks = (
            [[row.get("px"), row.get("sz")] for row in objects(sides, name)] for name in sides
        )
        return order_book(time_ms(book, "time"), bids, asks, market.unit)

    async def tiers(self, exchange: Exchange, market: FeedMarket) -> str | None:
        """Ask for ``meta``: a tier's rate is half of what its highest leverage asks for.

        ``{"universe": [{"name": "BTC", "maxLeverage": 40, "marginTableId": 56, …}, …],
        "marginTables": [[56, {"description": "…", "marginTiers": [{"lowerBound": "0.0",
        "maxLeverage": 40}, {"lowerBound": "150000000.0", "maxLeverage": 20}]}], …]}``
        """
        meta = as_object(await exchange.publicPostInfo({"type": "meta"}), "answer")
        steps = _margin_steps(meta, market.wire_id)
        uppers = [lower for lower, _ in steps[1:]] + [float("inf")]
        tiers = [
            Tier(upper, 0.5 / leverage, 1 / leverage, leverage, float("nan"))
            for upper, (_, leverage) in zip(uppers, steps, strict=True)
        ]
        return tier_document(market, tiers, "quote", await self.server_time_ms(exchange))

    async def positions(
        self, exchange: Exchange, markets: Mapping[str, FeedMarket], account: str
    ) -> list[HeldPosition]:
        """Return what an account holds in some markets, by wire id: ``clearinghouseState``."""
        asked = {"type": "clearinghouseState", "user": account}
        return read_positions(await exchange.publicPostInfo(asked), markets)

    def _of_market(self, market: FeedMarket) -> list[Subscription]:
        about, watch = (market,), partial(self._watch, market)
        return [
            Subscription(("trades",), about, partial(watch, "watch_trades"), _BUSY_MS),
            Subscription(("candles",), about, partial(watch, "watch_ohlcv"), _BUSY_MS),
            Subscription(
                ("mark", "open_interest"), about, partial(watch, "watch_ticker"), _CONTEXT_MS
            ),
        ]

    async def _watch(self, market: FeedMarket, name: str, exchange: Exchange) -> object:
        """Subscribe; what was known of the time and of the last bar may be long past."""
        self._memory.newest_ms = 0
        self._memory.told.bars.forget([market])
        told: object = await getattr(exchange, name)(market.symbol)
        return told


def _objects(rows: object) -> list[Mapping[str, Any]]:
    return [as_object(row, "each row") for row in as_list(rows, "answer")]


def _margin_steps(meta: Mapping[str, Any], coin: str) -> list[tuple[float, float]]:
    """Return from which notional on which leverage is the highest."""
    listed = next((row for row in objects(meta, "universe") if row.get("name") == coin), None)
    entry = as_object(listed, coin)
    tables = [
        named(row, ("id", "table")) for row in as_list(meta.get("marginTables", []), "tables")
    ]
    for table in tables:
        if table["id"] is not None and table["id"] == entry.get("marginTableId"):
            rows = objects(as_object(table["table"], "table"), "marginTiers")
            steps = [
                (not_negative(row, "lowerBound"), positive(row, "maxLeverage")) for row in rows
            ]
            return sorted(steps) or [(0.0, positive(entry, "maxLeverage"))]
    return [(0.0, positive(entry, "maxLeverage"))]
