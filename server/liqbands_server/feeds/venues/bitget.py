"""Bitget: linear perpetuals, v2.

Quantities are base units.  Mark price and open interest arrive with the tickers; settled funding
rates are asked for.  Its coin-margined contracts are left out because its documents contradict
each other about their quantities, and so are its liquidations: they are said to be counted in
quote currency and were seen to be counted in base units.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import methodcaller
from types import MappingProxyType
from typing import Any, Final

from liqbands.instrument import ContractKind
from liqbands.market_data import OrderBook
from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    Funding,
    MarkBar,
    News,
    OpenInterest,
)
from liqbands_server.feeds.venues.bitget_frames import read_bar, read_frame
from liqbands_server.feeds.venues.border import Exchange, Frame, Subscription
from liqbands_server.feeds.venues.closed_bars import bars_inside
from liqbands_server.feeds.venues.listed_markets import listed_perpetuals
from liqbands_server.feeds.venues.memory import Memory
from liqbands_server.feeds.venues.numbers import any_number, positive, time_ms
from liqbands_server.feeds.venues.shapes import as_list, as_object, inside, named
from liqbands_server.feeds.venues.subscription_only import (
    LiquidationsBySubscription,
    OpenInterestBySubscription,
)
from liqbands_server.feeds.venues.wire_bars import MINUTE_MS, PRICES, mark_bar
from liqbands_server.feeds.venues.wire_books import order_book
from liqbands_server.feeds.venues.wire_tiers import Tier, tier_document

_MARK_BAR: Final = ("start", *PRICES)
_MOST_ROWS: Final = 1000
_MOST_OLD_ROWS: Final = 200
_RECENT_MS: Final = 29 * 24 * 60 * MINUTE_MS  # the other endpoint begins 30 days back
_FUNDING_ROWS: Final = 100
_FUNDING_PAGES: Final = 10
_BUSY_MS: Final = 60_000
_TICKER_MS: Final = 20_000

_Ask = Callable[[dict[str, Any]], Awaitable[object]]


class Bitget(LiquidationsBySubscription, OpenInterestBySubscription):
    """Bitget's linear perpetuals."""

    feed: str = "bitget"
    venue: str = "bitget"
    exchange_name: str = "bitget"
    exchange_options: Mapping[str, Any] = MappingProxyType(
        {"options": {"fetchMarkets": {"types": ["swap"]}, "defaultType": "swap", "uta": False}}
    )
    most_bars: int = _MOST_ROWS - 1
    most_open_interest: int = 0
    most_funding: int = _FUNDING_ROWS * _FUNDING_PAGES
    open_interest_step_ms: int = 5 * MINUTE_MS

    def __init__(self) -> None:
        self._memory = Memory()

    def choose_markets(self, exchange: Exchange, coins: Sequence[str]) -> list[FeedMarket]:
        """Return the linear perpetuals of the coins wanted, of an exchange with loaded markets."""
        listed = listed_perpetuals(exchange, self.feed, self.venue, coins)
        return [one for one in listed if one.instrument.contract_kind is ContractKind.LINEAR]

    def subscriptions(self, markets: Sequence[FeedMarket]) -> list[Subscription]:
        """Return what to subscribe to; one call of ccxt's takes markets of one currency only."""
        ordered = sorted(markets, key=_currency)
        return [
            subscription
            for _, group in groupby(ordered, key=_currency)
            for subscription in self._of_currency(tuple(group))
        ]

    def read(self, frame: Frame, markets: Mapping[str, FeedMarket]) -> Iterable[News] | None:
        """Return what a frame says, by wire id; None if ccxt has to see it."""
        return read_frame(frame, markets, self._memory)

    async def server_time_ms(self, exchange: Exchange) -> int:
        """Ask ``/api/v2/public/time``: ``{"data": {"serverTime": "1688008631614"}}``."""
        answer = await exchange.publicCommonGetV2PublicTime()
        return time_ms(as_object(_data(answer), "data"), "serverTime")

    async def bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[BarNews]:
        """Ask ``/api/v2/mix/market/candles`` or, for older ones, ``/history-candles``.

        ``[["1695835800000", open, high, low, close, "5.0" base volume, "131250.0" quote], …]``
        """
        recent = exchange.publicMixGetV2MixMarketCandles
        older = exchange.publicMixGetV2MixMarketHistoryCandles
        rows = await _candles(exchange, (recent, older), market, since_ms, until_ms)
        bars = [read_bar(values, market) for values in rows]
        return await bars_inside(bars, since_ms, until_ms, partial(self.server_time_ms, exchange))

    async def mark_bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[MarkBar]:
        """Ask for candles of the kind MARK, or for ``/history-mark-candles``; rows as of bars."""
        older = exchange.publicMixGetV2MixMarketHistoryMarkCandles

        async def recent(asked: dict[str, Any]) -> object:
            candles: object = await exchange.publicMixGetV2MixMarketCandles(
                {**asked, "kLineType": "MARK"}
            )
            return candles

        rows = await _candles(exchange, (recent, older), market, since_ms, until_ms)
        bars = [mark_bar(named(values, _MARK_BAR), "start") for values in rows]
        return inside(bars, since_ms, until_ms)

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
        """Ask ``/api/v2/mix/market/history-fund-rate``, newest first, page by page.

        ``[{"symbol", "fundingRate": "0.000068", "fundingTime": "1695715200000"}, …]``

        A time cannot be asked for.
        """
        found: list[Funding] = []
        for page in range(1, _FUNDING_PAGES + 1):
            answer = await exchange.publicMixGetV2MixMarketHistoryFundRate(
                {**_asked_market(market), "pageSize": _FUNDING_ROWS, "pageNo": page}
            )
            rows = [_funding(as_object(row, "row")) for row in as_list(_data(answer), "data")]
            found += rows
            if len(rows) < _FUNDING_ROWS or min(row.time_ms for row in rows) < since_ms:
                break
        return inside(found, since_ms, until_ms)

    async def depth(self, exchange: Exchange, market: FeedMarket) -> OrderBook | None:
        """Ask ``/api/v2/mix/market/merge-depth``, not merged.

        ``{"asks": [["26347.5", "0.25"], …], "bids": …, "ts": "1695870968804", "scale": "0.1"}``
        """
        asked = {**_asked_market(market), "precision": "scale0", "limit": "max"}
        book = as_object(_data(await exchange.publicMixGetV2MixMarketMergeDepth(asked)), "data")
        bids, asks = as_list(book.get("bids"), "bids"), as_list(book.get("asks"), "asks")
        return order_book(time_ms(book, "ts"), bids, asks, market.unit)

    async def tiers(self, exchange: Exchange, market: FeedMarket) -> str | None:
        """Ask ``/api/v2/mix/market/query-position-lever``: bounds are quote, whatever ccxt says.

        ``[{"symbol": "BTCUSDT", "level": "1", "startUnit": "0", "endUnit": "150000",
        "leverage": "125", "keepMarginRate": "0.004"}, …]``

        The offset that makes the margin continuous is not told.
        """
        answer = await exchange.publicMixGetV2MixMarketQueryPositionLever(_asked_market(market))
        rows = as_list(_data(answer), "data")
        tiers = sorted(_tier(as_object(row, "row")) for row in rows)
        return tier_document(market, tiers, "quote", await self.server_time_ms(exchange))

    def _of_currency(self, markets: tuple[FeedMarket, ...]) -> list[Subscription]:
        symbols = [market.symbol for market in markets]
        trades = methodcaller("watch_trades_for_symbols", symbols)
        tickers = methodcaller("watch_tickers", symbols)
        return [
            Subscription(("trades",), markets, trades, _BUSY_MS),
            Subscription(("mark", "open_interest"), markets, tickers, _TICKER_MS),
            *(
                Subscription(("candles",), (market,), partial(self._watch_bars, market), _BUSY_MS)
                for market in markets
            ),
        ]

    async def _watch_bars(self, market: FeedMarket, exchange: Exchange) -> object:
        self._memory.bars.forget([market])
        told: object = await exchange.watch_ohlcv(market.symbol, "1m")
        return told


def _currency(market: FeedMarket) -> str:
    return market.symbol.rpartition(":")[2]


def _asked_market(market: FeedMarket) -> dict[str, Any]:
    return {"symbol": market.wire_id, "productType": f"{_currency(market)}-FUTURES"}


async def _candles(
    exchange: Exchange, asks: tuple[_Ask, _Ask], market: FeedMarket, since_ms: int, until_ms: int
) -> Sequence[Any]:
    """Return the rows of one page and the one after it, from whoever has them.

    Our own clock only says which of the two is likelier to know; an empty answer settles it.
    """
    recent, older = asks
    asked = {**_asked_market(market), "granularity": "1m"}
    end_ms = until_ms + MINUTE_MS

    async def from_recent() -> Sequence[Any]:
        window = {"startTime": since_ms, "endTime": end_ms, "limit": _MOST_ROWS}
        return as_list(_data(await recent({**asked, **window})), "data")

    async def from_older() -> Sequence[Any]:
        rows: list[Any] = []
        for begin_ms in range(since_ms, end_ms, _MOST_OLD_ROWS * MINUTE_MS):
            stop_ms = min(begin_ms + _MOST_OLD_ROWS * MINUTE_MS, end_ms)
            window = {"startTime": begin_ms, "endTime": stop_ms, "limit": _MOST_OLD_ROWS}
            rows += as_list(_data(await older({**asked, **window})), "data")
        return rows

    if since_ms >= exchange.milliseconds() - _RECENT_MS:
        return await from_recent() or await from_older()
    return await from_older() or await from_recent()


def _data(answer: object) -> object:
    return as_object(answer, "answer").get("data")


def _funding(row: Mapping[str, Any]) -> Funding:
    return Funding(time_ms(row, "fundingTime"), any_number(row, "fundingRate"))


def _tier(row: Mapping[str, Any]) -> Tier:
    leverage = positive(row, "leverage")
    return Tier(
        upper=positive(row, "endUnit"),
        maintenance_margin_rate=positive(row, "keepMarginRate"),
        initial_margin_rate=1 / leverage,
        max_leverage=leverage,
        deduction=float("nan"),
    )
