"""dYdX v4: linear perpetuals, as its indexer tells of them.

Quantities are base units.  Liquidations are trades of a kind of their own; the price that counts
is the oracle's.  What was open when each minute began stands in the bars.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from operator import methodcaller
from types import MappingProxyType
from typing import Any, Final

from liqbands.market_data import OrderBook
from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    Funding,
    MarkBar,
    News,
    OpenInterest,
)
from liqbands_server.feeds.venues.border import Exchange, Frame, Subscription
from liqbands_server.feeds.venues.closed_bars import bars_inside
from liqbands_server.feeds.venues.dydx_frames import read_bar, read_frame, read_open_interest
from liqbands_server.feeds.venues.listed_markets import listed_perpetuals
from liqbands_server.feeds.venues.memory import Memory
from liqbands_server.feeds.venues.numbers import (
    any_number,
    not_negative,
    positive,
    time_of_seconds,
    time_of_text,
)
from liqbands_server.feeds.venues.shapes import as_object, inside, objects
from liqbands_server.feeds.venues.subscription_only import LiquidationsBySubscription
from liqbands_server.feeds.venues.wire_bars import MINUTE_MS
from liqbands_server.feeds.venues.wire_books import order_book
from liqbands_server.feeds.venues.wire_tiers import Tier, tier_document

_MOST_ROWS: Final = 1000
_BARS_MS: Final = 150_000  # a minute without trades has a bar all the same, at its end
_ORACLE_MS: Final = 60_000


class Dydx(LiquidationsBySubscription):
    """The perpetuals of dYdX v4."""

    feed: str = "dydx"
    venue: str = "dydx"
    exchange_name: str = "dydx"
    exchange_options: Mapping[str, Any] = MappingProxyType({})
    most_bars: int = _MOST_ROWS - 1
    most_open_interest: int = _MOST_ROWS - 1
    most_funding: int = _MOST_ROWS
    open_interest_step_ms: int = MINUTE_MS

    def __init__(self) -> None:
        self._memory = Memory()

    def choose_markets(self, exchange: Exchange, coins: Sequence[str]) -> list[FeedMarket]:
        """Return the perpetuals of the coins wanted, of an exchange with loaded markets."""
        return listed_perpetuals(exchange, self.feed, self.venue, coins, settled_in="USDC")

    def subscriptions(self, markets: Sequence[FeedMarket]) -> list[Subscription]:
        """Return what to subscribe to; the oracle's prices come for all markets at once."""
        if not markets:
            return []
        of_each = [one for market in markets for one in self._of_market(market)]
        return [*of_each, Subscription(("mark",), tuple(markets), _watch_oracle, _ORACLE_MS)]

    def read(self, frame: Frame, markets: Mapping[str, FeedMarket]) -> Iterable[News] | None:
        """Return what a frame says, by wire id; None if ccxt has to see it."""
        return read_frame(frame, markets, self._memory)

    async def server_time_ms(self, exchange: Exchange) -> int:
        """Ask ``/v4/time``: ``{"iso": "2025-12-08T16:11:56.125Z", "epoch": 1765210316.125}``."""
        return time_of_seconds(as_object(await exchange.indexerGetTime(), "answer"), "epoch")

    async def bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[BarNews]:
        """Ask ``/v4/candles/perpetualMarkets/BTC-USD``, newest first: rows as in `read_bar`."""
        rows = await _candles(exchange, market, since_ms, until_ms)
        bars = [read_bar(row, market) for row in rows]
        return await bars_inside(bars, since_ms, until_ms, partial(self.server_time_ms, exchange))

    async def mark_bars(
        self,
        exchange: Exchange,  # noqa: ARG002 - the protocol gives it
        market: FeedMarket,  # noqa: ARG002 - the protocol gives it
        since_ms: int,  # noqa: ARG002 - the protocol gives it
        until_ms: int,  # noqa: ARG002 - the protocol gives it
    ) -> list[MarkBar]:
        """Return nothing: the oracle's past prices are not told."""
        return []

    async def open_interest_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[OpenInterest]:
        """Ask for bars, which say what was open when they began."""
        rows = await _candles(exchange, market, since_ms, until_ms)
        read = [read_open_interest(row, market) for row in rows]
        return inside([found for found in read if found is not None], since_ms, until_ms)

    async def open_interest(self, exchange: Exchange, market: FeedMarket) -> OpenInterest | None:
        """Ask ``/v4/perpetualMarkets``, which does not say at what time.

        ``{"markets": {"BTC-USD": {"openInterest": "381.7348", "baseOpenInterest", …}}}``
        """
        quantity = not_negative(await _listing(exchange, market), "openInterest") * market.unit
        return OpenInterest(await self.server_time_ms(exchange), quantity)

    async def funding_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[Funding]:
        """Ask ``/v4/historicalFunding/BTC-USD`` for the last ones before a time, hourly.

        ``{"historicalFunding": [{"ticker": "BTC-USD", "rate": "0.000002375", "price",
        "effectiveAtHeight", "effectiveAt": "2025-12-08T16:00:00.219Z"}, …]}``
        """
        answer = await exchange.indexerGetHistoricalFundingMarket(
            {
                "market": market.wire_id,
                "effectiveBeforeOrAt": _text(until_ms - 1),
                "limit": self.most_funding,
            }
        )
        rows = objects(as_object(answer, "answer"), "historicalFunding")
        read = [Funding(time_of_text(row, "effectiveAt"), any_number(row, "rate")) for row in rows]
        return inside(read, since_ms, until_ms)

    async def depth(self, exchange: Exchange, market: FeedMarket) -> OrderBook | None:
        """Ask ``/v4/orderbooks/perpetualMarket/BTC-USD``, which does not say at what time.

        ``{"bids": [{"price": "89947", "size": "0.0002"}, …], "asks": …}``
        """
        asked = {"market": market.wire_id}
        book = as_object(await exchange.indexerGetOrderbooksPerpetualMarketMarket(asked), "answer")
        bids, asks = (_levels(book, name) for name in ("bids", "asks"))
        return order_book(await self.server_time_ms(exchange), bids, asks, market.unit)

    async def tiers(self, exchange: Exchange, market: FeedMarket) -> str | None:
        """Ask ``/v4/perpetualMarkets``: one rate for any size.

        ``{"markets": {"BTC-USD": {"initialMarginFraction": "0.02", "maintenanceMarginFraction":
        "0.012", …}}}``
        """
        row = await _listing(exchange, market)
        initial = positive(row, "initialMarginFraction")
        tier = Tier(
            upper=float("inf"),
            maintenance_margin_rate=positive(row, "maintenanceMarginFraction"),
            initial_margin_rate=initial,
            max_leverage=1 / initial,
            deduction=0.0,
        )
        return tier_document(market, [tier], "quote", await self.server_time_ms(exchange))

    def _of_market(self, market: FeedMarket) -> list[Subscription]:
        about = (market,)
        trades = methodcaller("watch_trades", market.symbol)
        return [
            Subscription(("trades", "liquidations"), about, trades, 0),
            Subscription(("candles",), about, partial(self._watch_bars, market), _BARS_MS),
        ]

    async def _watch_bars(self, market: FeedMarket, exchange: Exchange) -> object:
        self._memory.bars.forget([market])
        told: object = await exchange.watch_ohlcv(market.symbol, "1m")
        return told


async def _watch_oracle(exchange: Exchange) -> object:
    """Subscribe to a channel that ccxt has no name for."""
    request = {"type": "subscribe", "channel": "v4_markets"}
    told: object = await exchange.watch(exchange.urls["api"]["ws"], "markets", request, "markets")
    return told


async def _candles(
    exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
) -> list[Mapping[str, Any]]:
    """Return the rows of one page and the one after it; ccxt misspells the names of the bounds."""
    window = {"fromISO": _text(since_ms), "toISO": _text(until_ms + MINUTE_MS)}
    answer = await exchange.indexerGetCandlesPerpetualMarketsMarket(
        {"market": market.wire_id, "resolution": "1MIN", "limit": _MOST_ROWS, **window}
    )
    return objects(as_object(answer, "answer"), "candles")


async def _listing(exchange: Exchange, market: FeedMarket) -> Mapping[str, Any]:
    answer = await exchange.indexerGetPerpetualMarkets({"market": market.wire_id})
    markets = as_object(as_object(answer, "answer").get("markets"), "markets")
    return as_object(markets.get(market.wire_id), market.wire_id)


def _levels(book: Mapping[str, Any], name: str) -> list[list[Any]]:
    return [[row.get("price"), row.get("size")] for row in objects(book, name)]


def _text(time_ms: int) -> str:
    moment = datetime.fromtimestamp(time_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
