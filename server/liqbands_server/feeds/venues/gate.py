"""Gate: linear and inverse perpetuals, v4.

The wire counts contracts and seconds.  Mark price arrives with the tickers; open interest,
liquidations and settled funding rates are asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    LiquidationEvent,
    MarkBar,
    News,
    OpenInterest,
)
from liqbands_server.feeds.venues.border import Exchange, Frame, Subscription
from liqbands_server.feeds.venues.closed_bars import BarSuccession, bars_inside
from liqbands_server.feeds.venues.gate_frames import PRICES, bar_open_ms, read_frame
from liqbands_server.feeds.venues.listed_markets import listed_perpetuals
from liqbands_server.feeds.venues.numbers import (
    any_number,
    not_negative,
    optional,
    positive,
    time_ms,
    time_of_seconds,
)
from liqbands_server.feeds.venues.shapes import as_list, as_object, inside, objects
from liqbands_server.feeds.venues.wire_bars import MINUTE_MS, prices_of
from liqbands_server.feeds.venues.wire_books import order_book
from liqbands_server.feeds.venues.wire_tiers import Tier, tier_document

_MOST_ROWS: Final = 1999
_MOST_LIQUIDATIONS: Final = 1000
_LIQUIDATIONS_SECONDS: Final = 3600
_BOOK_LEVELS: Final = 300
_BUSY_MS: Final = 60_000
_TICKER_MS: Final = 20_000


class Gate:
    """Gate's linear and inverse perpetuals."""

    feed: str = "gate"
    venue: str = "gate"
    exchange_name: str = "gate"
    exchange_options: Mapping[str, Any] = MappingProxyType(
        {"options": {"fetchMarkets": {"types": ["swap"]}, "defaultType": "swap"}}
    )
    most_bars: int = _MOST_ROWS - 1
    most_open_interest: int = 100
    most_funding: int = 1000
    open_interest_step_ms: int = 5 * MINUTE_MS

    def __init__(self) -> None:
        self._bars = BarSuccession()

    def choose_markets(self, exchange: Exchange, coins: Sequence[str]) -> list[FeedMarket]:
        """Return the perpetuals of the coins wanted, of an exchange with loaded markets."""
        return listed_perpetuals(exchange, self.feed, self.venue, coins)

    def subscriptions(self, markets: Sequence[FeedMarket]) -> list[Subscription]:
        """Return what to subscribe to: each currency of settlement has a socket of its own."""
        ordered = sorted(markets, key=_settle)
        return [
            subscription
            for _, group in groupby(ordered, key=_settle)
            for subscription in self._of_currency(tuple(group))
        ]

    def read(self, frame: Frame, markets: Mapping[str, FeedMarket]) -> Iterable[News] | None:
        """Return what a frame says, by wire id; None if ccxt has to see it."""
        return read_frame(frame, markets, self._bars)

    async def server_time_ms(self, exchange: Exchange) -> int:
        """Ask ``/api/v4/spot/time``, in milliseconds: ``{"server_time": 1597026383085}``."""
        return time_ms(as_object(await exchange.publicSpotGetTime(), "answer"), "server_time")

    async def bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[BarNews]:
        """Ask ``/api/v4/futures/usdt/candlesticks``.

        ``[{"t": 1632873600, "o", "h", "c", "l", "v": 12345 contracts, "sum": "…" quote}, …]``
        """
        rows = await _candles(exchange, market, market.wire_id, since_ms, until_ms)
        bars = [_bar(row, market) for row in rows]
        return await bars_inside(bars, since_ms, until_ms, partial(self.server_time_ms, exchange))

    async def mark_bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[MarkBar]:
        """Ask for the candles of ``mark_BTC_USDT``: rows as of bars, without quantities."""
        name = f"mark_{market.wire_id}"
        rows = await _candles(exchange, market, name, since_ms, until_ms)
        return inside([_mark_bar(row) for row in rows], since_ms, until_ms)

    async def open_interest_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[OpenInterest]:
        """Ask ``/api/v4/futures/usdt/contract_stats`` for steps of five minutes.

        ``[{"time": 1674057000, "open_interest": "2851725" contracts, "open_interest_usd",
        "long_liq_size": "0", "short_liq_size": "0", "mark_price": "0.34619", …}, …]``
        """
        asked = {"interval": "5m", "from": since_ms // 1000, "limit": self.most_open_interest}
        rows = await exchange.publicFuturesGetSettleContractStats({**_asked(market), **asked})
        read = [
            OpenInterest(
                time_of_seconds(row, "time"), not_negative(row, "open_interest") * market.unit
            )
            for row in _objects(rows)
        ]
        return inside(read, since_ms, until_ms)

    async def open_interest(self, exchange: Exchange, market: FeedMarket) -> OpenInterest | None:
        """Ask ``/api/v4/futures/usdt/contracts/BTC_USDT``, which does not say at what time.

        ``{"name": "BTC_USDT", "position_size": 21977529 contracts of all longs, …}``
        """
        answer = await exchange.publicFuturesGetSettleContractsContract(_asked(market))
        contracts = not_negative(as_object(answer, "answer"), "position_size")
        return OpenInterest(await self.server_time_ms(exchange), contracts * market.unit)

    async def funding_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[Funding]:
        """Ask ``/api/v4/futures/usdt/funding_rate``: ``[{"t": 1543968000, "r": "0.0001"}, …]``."""
        window = {"from": since_ms // 1000, "to": (until_ms - 1) // 1000}
        rows = await exchange.publicFuturesGetSettleFundingRate(
            {**_asked(market), **window, "limit": self.most_funding}
        )
        read = [Funding(time_of_seconds(row, "t"), any_number(row, "r")) for row in _objects(rows)]
        return inside(read, since_ms, until_ms)

    async def depth(self, exchange: Exchange, market: FeedMarket) -> OrderBook | None:
        """Ask ``/api/v4/futures/usdt/order_book``.

        ``{"current": 1634350208.745, "update": 1634350208.724, "asks": [{"s": 24909 contracts,
        "p": "61264.8"}, …], "bids": …}``
        """
        book = as_object(
            await exchange.publicFuturesGetSettleOrderBook(
                {**_asked(market), "limit": _BOOK_LEVELS}
            ),
            "answer",
        )
        bids, asks = ([[row.get("p"), row.get("s")] for row in objects(book, n)] for n in _SIDES)
        return order_book(time_of_seconds(book, "current"), bids, asks, market.unit)

    async def tiers(self, exchange: Exchange, market: FeedMarket) -> str | None:
        """Ask ``/api/v4/futures/usdt/risk_limit_tiers``: bounds are quote (linear) or coin.

        ``[{"tier": 1, "risk_limit": "1000000" upper bound, "initial_rate": "0.008",
        "maintenance_rate": "0.004", "leverage_max": "125", "deduction": "0"}, …]``
        """
        rows = await exchange.publicFuturesGetSettleRiskLimitTiers(_asked(market))
        tiers = sorted(_tier(row) for row in _objects(rows))
        is_inverse = market.instrument.contract_kind is ContractKind.INVERSE
        as_of_ms = await self.server_time_ms(exchange)
        return tier_document(market, tiers, "base" if is_inverse else "quote", as_of_ms)

    async def liquidations(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[News]:
        """Ask ``/api/v4/futures/usdt/liq_orders``, in seconds, an hour at most at a time.

        ``[{"time": 1696736132, "contract": "BTC_USDT", "size": -165 of the position, "left": 0,
        "order_size": 165, "order_price": "28225", "fill_price": "28070"}, …]``

        The sign of the size is that of the position: negative was short.
        """
        first, end = since_ms // 1000, -(-until_ms // 1000)
        rows: list[Mapping[str, Any]] = []
        for begin in range(first, end, _LIQUIDATIONS_SECONDS):
            last = min(begin + _LIQUIDATIONS_SECONDS, end) - 1
            rows += await _liquidated(exchange, market, begin, last)
        events = [event for row in rows if (event := _liquidation(row, market)) is not None]
        events.sort(key=lambda event: event.time_ms)
        return [News(market, event) for event in events]

    def _of_currency(self, markets: tuple[FeedMarket, ...]) -> list[Subscription]:
        symbols = [market.symbol for market in markets]
        trades = methodcaller("watch_trades_for_symbols", symbols)
        tickers = methodcaller("watch_tickers", symbols)
        return [
            Subscription(("trades",), markets, trades, _BUSY_MS),
            Subscription(("mark",), markets, tickers, _TICKER_MS),
            *(
                Subscription(("candles",), (market,), partial(self._watch_bars, market), _BUSY_MS)
                for market in markets
            ),
        ]

    async def _watch_bars(self, market: FeedMarket, exchange: Exchange) -> object:
        self._bars.forget([market])
        told: object = await exchange.watch_ohlcv(market.symbol, "1m")
        return told


_SIDES: Final = ("bids", "asks")


def _settle(market: FeedMarket) -> str:
    return market.symbol.rpartition(":")[2].lower()


def _asked(market: FeedMarket) -> dict[str, Any]:
    return {"settle": _settle(market), "contract": market.wire_id}


def _objects(rows: object) -> list[Mapping[str, Any]]:
    return [as_object(row, "each row") for row in as_list(rows, "answer")]


async def _candles(
    exchange: Exchange, market: FeedMarket, name: str, since_ms: int, until_ms: int
) -> list[Mapping[str, Any]]:
    """Return the rows of one page and the one after it; a limit must not be given besides."""
    window = {"from": since_ms // 1000, "to": until_ms // 1000, "interval": "1m"}
    asked = {**_asked(market), **window, "contract": name}
    return _objects(await exchange.publicFuturesGetSettleCandlesticks(asked))


async def _liquidated(
    exchange: Exchange, market: FeedMarket, first: int, last: int
) -> list[Mapping[str, Any]]:
    """Return the orders of some seconds; where there are too many for one answer, by halves."""
    window = {"from": first, "to": last, "limit": _MOST_LIQUIDATIONS}
    rows = _objects(await exchange.publicFuturesGetSettleLiqOrders({**_asked(market), **window}))
    if len(rows) < _MOST_LIQUIDATIONS or first == last:
        return rows
    middle = (first + last) // 2
    earlier = await _liquidated(exchange, market, first, middle)
    return earlier + await _liquidated(exchange, market, middle + 1, last)


def _liquidation(row: Mapping[str, Any], market: FeedMarket) -> LiquidationEvent | None:
    """Return what an order has closed, None where nobody has met it."""
    size = any_number(row, "size")
    ordered, left = _magnitude(row, "order_size"), _magnitude(row, "left")
    closed = (ordered or abs(size)) - left
    if not (closed > 0 and size):
        return None
    side, price = (1 if size > 0 else -1), positive(row, "fill_price")
    return LiquidationEvent(time_of_seconds(row, "time"), side, price, closed * market.unit, False)


def _magnitude(row: Mapping[str, Any], name: str) -> float:
    """Return a number without its sign, 0 where it is absent or empty."""
    return 0.0 if row.get(name) in (None, "") else abs(any_number(row, name))


def _bar(row: Mapping[str, Any], market: FeedMarket) -> BarNews:
    volume = not_negative(row, "v") * market.unit
    is_inverse = market.instrument.contract_kind is ContractKind.INVERSE
    quote_volume = volume if is_inverse else optional(row, "sum")
    return BarNews(bar_open_ms(row), *prices_of(row, PRICES), volume, False, quote_volume)


def _mark_bar(row: Mapping[str, Any]) -> MarkBar:
    _, high, low, close = prices_of(row, PRICES)
    return MarkBar(bar_open_ms(row), high, low, close)


def _tier(row: Mapping[str, Any]) -> Tier:
    return Tier(
        upper=positive(row, "risk_limit"),
        maintenance_margin_rate=positive(row, "maintenance_rate"),
        initial_margin_rate=positive(row, "initial_rate"),
        max_leverage=positive(row, "leverage_max"),
        deduction=optional(row, "deduction"),
    )
