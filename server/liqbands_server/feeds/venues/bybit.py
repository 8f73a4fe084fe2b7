"""Bybit: linear and inverse perpetuals, v5.

Quantities on the wire are base (linear) or US dollars (inverse), so a unit is 1; open interest
counts both sides.  Mark price and open interest arrive with the tickers, all liquidations by
subscription; settled funding rates are asked for.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
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
from liqbands_server.feeds.venues.border import Exchange, Frame, Subscription
from liqbands_server.feeds.venues.bybit_frames import one_side, read_frame
from liqbands_server.feeds.venues.listed_markets import listed_perpetuals
from liqbands_server.feeds.venues.numbers import (
    any_number,
    not_negative,
    optional,
    positive,
    time_ms,
)
from liqbands_server.feeds.venues.shapes import as_list, as_object, inside, named, objects
from liqbands_server.feeds.venues.subscription_only import (
    LiquidationsBySubscription,
    OpenInterestBySubscription,
)
from liqbands_server.feeds.venues.wire_bars import (
    MINUTE_MS,
    PRICES,
    mark_bar,
    open_time,
    prices_of,
    with_closed,
)
from liqbands_server.feeds.venues.wire_books import order_book
from liqbands_server.feeds.venues.wire_tiers import Tier, tier_document

_BAR: Final = ("start", *PRICES, "volume", "turnover")
_MARK_BAR: Final = ("start", *PRICES)
_MOST_ROWS: Final = 1000
_BOOK_LEVELS: Final = 500
_BUSY_MS: Final = 60_000
_TICKER_MS: Final = 20_000


class Bybit(LiquidationsBySubscription, OpenInterestBySubscription):
    """Bybit's linear and inverse perpetuals."""

    feed: str = "bybit"
    venue: str = "bybit"
    exchange_name: str = "bybit"
    exchange_options: Mapping[str, Any] = MappingProxyType(
        {"options": {"fetchMarkets": {"types": ["linear", "inverse"]}}}
    )
    most_bars: int = _MOST_ROWS - 1
    most_open_interest: int = 200
    most_funding: int = 200
    open_interest_step_ms: int = 5 * MINUTE_MS

    def choose_markets(self, exchange: Exchange, coins: Sequence[str]) -> list[FeedMarket]:
        """Return the perpetuals of the coins wanted, of an exchange with loaded markets."""
        return listed_perpetuals(exchange, self.feed, self.venue, coins)

    def subscriptions(self, markets: Sequence[FeedMarket]) -> list[Subscription]:
        """Return what to subscribe to: linear and inverse contracts have a socket each."""
        return [
            subscription
            for kind in ContractKind
            if (group := tuple(m for m in markets if m.instrument.contract_kind is kind))
            for subscription in _subscriptions(group)
        ]

    def read(self, frame: Frame, markets: Mapping[str, FeedMarket]) -> Iterable[News] | None:
        """Return what a frame says, by wire id; None if ccxt has to see it."""
        return read_frame(frame, markets)

    async def server_time_ms(self, exchange: Exchange) -> int:
        """Ask ``/v5/market/time``: ``{"retCode": 0, …, "time": 1688639403423}``."""
        return time_ms(as_object(await exchange.publicGetV5MarketTime(), "answer"), "time")

    async def bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[BarNews]:
        """Ask ``/v5/market/kline``, newest first; the one after the last tells that it is final.

        ``{"list": [["1709891640000", open, high, low, close, volume, turnover], …]}``
        """
        answer = await _candles(exchange.publicGetV5MarketKline, market, since_ms, until_ms)
        bars = [_bar(named(row, _BAR), market) for row in _rows(answer)]
        return inside(with_closed(bars, time_ms(answer, "time")), since_ms, until_ms)

    async def mark_bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[MarkBar]:
        """Ask ``/v5/market/mark-price-kline``: rows like those of bars, without quantities."""
        ask = exchange.publicGetV5MarketMarkPriceKline
        answer = await _candles(ask, market, since_ms, until_ms)
        bars = [mark_bar(named(row, _MARK_BAR), "start") for row in _rows(answer)]
        return inside(bars, since_ms, until_ms)

    async def open_interest_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[OpenInterest]:
        """Ask ``/v5/market/open-interest`` for snapshots of five minutes, newest first.

        ``{"list": [{"openInterest": both sides, "singleOpenInterest": one, "timestamp"}, …]}``

        A row's time is when it was taken: the beginning of the five minutes, not their end.
        """
        answer = await exchange.publicGetV5MarketOpenInterest(
            {
                **_asked_market(market),
                "intervalTime": "5min",
                "startTime": since_ms,
                "endTime": until_ms - 1,
                "limit": self.most_open_interest,
            }
        )
        rows = objects(_result(answer), "list")
        read = [OpenInterest(time_ms(row, "timestamp"), _one_side(row, market)) for row in rows]
        return inside(read, since_ms, until_ms)

    async def funding_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[Funding]:
        """Ask ``/v5/market/funding/history``, newest first.

        ``{"list": [{"symbol", "fundingRate": "0.0001", "fundingRateTimestamp": "ms"}, …]}``
        """
        answer = await exchange.publicGetV5MarketFundingHistory(
            {
                **_asked_market(market),
                "startTime": since_ms,
                "endTime": until_ms - 1,
                "limit": self.most_funding,
            }
        )
        rows = objects(_result(answer), "list")
        read = [
            Funding(time_ms(row, "fundingRateTimestamp"), any_number(row, "fundingRate"))
            for row in rows
        ]
        return inside(read, since_ms, until_ms)

    async def depth(self, exchange: Exchange, market: FeedMarket) -> OrderBook | None:
        """Ask ``/v5/market/orderbook``: ``{"s", "b": [[price, size], …], "a": …, "ts", "u"}``."""
        answer = await exchange.publicGetV5MarketOrderbook(
            {**_asked_market(market), "limit": _BOOK_LEVELS}
        )
        book = _result(answer)
        bids, asks = as_list(book.get("b"), "b"), as_list(book.get("a"), "a")
        return order_book(time_ms(book, "ts"), bids, asks, market.unit)

    async def tiers(self, exchange: Exchange, market: FeedMarket) -> str | None:
        """Ask ``/v5/market/risk-limit``: bounds are quote (linear) or coin (inverse).

        ``{"list": [{"id": 1, "riskLimitValue": "2000000", "maintenanceMargin": "0.005",
        "initialMargin": "0.01", "maxLeverage": "100.00", "mmDeduction": ""}, …]}``

        The id is the venue's own; an empty deduction is none.
        """
        answer = await exchange.publicGetV5MarketRiskLimit(_asked_market(market))
        tiers = sorted(_tier(row) for row in objects(_result(answer), "list"))
        is_inverse = market.instrument.contract_kind is ContractKind.INVERSE
        as_of_ms = time_ms(as_object(answer, "answer"), "time")
        return tier_document(market, tiers, "base" if is_inverse else "quote", as_of_ms)


def _subscriptions(markets: tuple[FeedMarket, ...]) -> list[Subscription]:
    symbols = [market.symbol for market in markets]
    minutes = [[symbol, "1m"] for symbol in symbols]
    busy = [
        Subscription(
            ("trades",), markets, methodcaller("watch_trades_for_symbols", symbols), _BUSY_MS
        ),
        Subscription(
            ("candles",), markets, methodcaller("watch_ohlcv_for_symbols", minutes), _BUSY_MS
        ),
        Subscription(
            ("mark", "open_interest"), markets, methodcaller("watch_tickers", symbols), _TICKER_MS
        ),
    ]
    liquidations = [
        Subscription(
            ("liquidations",), (market,), methodcaller("watch_liquidations", market.symbol), 0
        )
        for market in markets
    ]
    return busy + liquidations


def _asked_market(market: FeedMarket) -> dict[str, Any]:
    return {"category": market.instrument.contract_kind.value, "symbol": market.wire_id}


async def _candles(
    ask: Callable[[dict[str, Any]], Awaitable[object]],
    market: FeedMarket,
    since_ms: int,
    until_ms: int,
) -> Mapping[str, Any]:
    window = {"start": since_ms, "end": until_ms, "interval": "1", "limit": _MOST_ROWS}
    return as_object(await ask({**_asked_market(market), **window}), "answer")


def _result(answer: object) -> Mapping[str, Any]:
    return as_object(as_object(answer, "answer").get("result"), "result")


def _rows(answer: object) -> Sequence[Any]:
    return as_list(_result(answer).get("list"), "list")


def _bar(row: Mapping[str, Any], market: FeedMarket) -> BarNews:
    start, volume = open_time(row, "start"), not_negative(row, "volume") * market.unit
    is_inverse = market.instrument.contract_kind is ContractKind.INVERSE
    quote_volume = volume if is_inverse else not_negative(row, "turnover")
    return BarNews(start, *prices_of(row), volume, False, quote_volume)


def _one_side(row: Mapping[str, Any], market: FeedMarket) -> float:
    not_negative(row, "openInterest")
    return one_side(row) * market.unit


def _tier(row: Mapping[str, Any]) -> Tier:
    leverage, initial = positive(row, "maxLeverage"), positive(row, "initialMargin")
    # The documentation prints per cent, the venue sends fractions.
    scale = 100 if initial * leverage > 10 else 1
    return Tier(
        upper=positive(row, "riskLimitValue"),
        maintenance_margin_rate=positive(row, "maintenanceMargin") / scale,
        initial_margin_rate=initial / scale,
        max_leverage=leverage,
        deduction=optional(row, "mmDeduction"),
    )
