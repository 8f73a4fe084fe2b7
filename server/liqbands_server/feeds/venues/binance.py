"""Binance: perpetuals of USD-M (base on the wire) and COIN-M (contracts of 100 or 10 US dollars).

Mark price, bars with taker flow and liquidations arrive by subscription; open interest and settled
funding rates are asked for.  Margin tiers need a key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import methodcaller
from typing import Any, Final, Literal

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
from liqbands_server.feeds.venues.binance_frames import read_frame
from liqbands_server.feeds.venues.border import Exchange, Frame, Subscription
from liqbands_server.feeds.venues.listed_markets import listed_perpetuals
from liqbands_server.feeds.venues.numbers import any_number, not_negative, positive, time_ms
from liqbands_server.feeds.venues.shapes import as_list, as_object, inside, named, objects
from liqbands_server.feeds.venues.subscription_only import LiquidationsBySubscription
from liqbands_server.feeds.venues.wire_bars import (
    MINUTE_MS,
    PRICES,
    checked_bar,
    mark_bar,
    open_time,
    prices_of,
    with_closed,
)
from liqbands_server.feeds.venues.wire_books import order_book
from liqbands_server.feeds.venues.wire_tiers import Tier, tier_document

_MARK_BAR: Final = ("open_time", *PRICES)
_BAR: Final = (*_MARK_BAR, "volume", "close_time", "value", "trades", "taker_bought")
_MOST_ROWS: Final = 1000
_BOOK_LEVELS: Final = 1000
_KEPT_MS: Final = 30 * 24 * 60 * MINUTE_MS - 5 * MINUTE_MS
_BUSY_MS: Final = 60_000
_MARK_MS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Product:
    """What differs between USD-M and COIN-M.

    Parameters
    ----------
    feed, exchange_name : str
        Keys of the feed and of ccxt's class.
    loaded : str
        What ccxt calls its markets.
    ask : str
        How ccxt's names of its requests begin.
    ask_tiers : str
        ccxt's name of the signed request for tiers.
    tier_bound : str
        Key of a tier's upper bound.
    bound_unit : {"quote", "base"}
        Unit of that bound.
    """

    feed: str
    exchange_name: str
    loaded: str
    ask: str
    ask_tiers: str
    tier_bound: str
    bound_unit: Literal["quote", "base"]


USD_M: Final = Product(
    feed="binance",
    exchange_name="binanceusdm",
    loaded="linear",
    ask="fapi",
    ask_tiers="fapiPrivateGetLeverageBracket",
    tier_bound="notionalCap",
    bound_unit="quote",
)
COIN_M: Final = Product(
    feed="binancecoinm",
    exchange_name="binancecoinm",
    loaded="inverse",
    ask="dapi",
    ask_tiers="dapiPrivateV2GetLeverageBracket",
    tier_bound="qtyCap",
    bound_unit="base",
)


class Binance(LiquidationsBySubscription):
    """The perpetuals of one of Binance's two futures exchanges.

    Parameters
    ----------
    product : Product
        `USD_M` or `COIN_M`.
    """

    venue: str = "binance"
    most_bars: int = _MOST_ROWS - 1
    most_open_interest: int = 500
    most_funding: int = 1000
    open_interest_step_ms: int = 5 * MINUTE_MS

    def __init__(self, product: Product) -> None:
        self._product = product
        self.feed: str = product.feed
        self.exchange_name: str = product.exchange_name
        # One socket for all, which may carry 1,024 streams: what arrives on it by any of them
        # shows that liquidations are still being listened to.
        self.exchange_options: Mapping[str, Any] = {
            "options": {
                "fetchMarkets": {"types": [product.loaded]},
                "fetchCurrencies": False,
                "streamLimits": {product.loaded: 1},
                "subscriptionLimitByStream": {product.loaded: 1_000},
            }
        }

    def choose_markets(self, exchange: Exchange, coins: Sequence[str]) -> list[FeedMarket]:
        """Return the perpetuals of the coins wanted, of an exchange with loaded markets."""
        return listed_perpetuals(exchange, self.feed, self.venue, coins)

    def subscriptions(self, markets: Sequence[FeedMarket]) -> list[Subscription]:
        """Return what to subscribe to; ccxt opens a socket for each of them."""
        if not markets:  # ccxt would take no symbols for all symbols
            return []
        about, symbols = tuple(markets), [market.symbol for market in markets]
        minutes, together = [[symbol, "1m"] for symbol in symbols], {"name": "aggTrade"}
        trades = methodcaller("watch_trades_for_symbols", symbols, None, None, together)
        return [
            Subscription(("trades",), about, trades, _BUSY_MS),
            Subscription(
                ("candles",), about, methodcaller("watch_ohlcv_for_symbols", minutes), _BUSY_MS
            ),
            Subscription(("mark",), about, methodcaller("watch_mark_prices", symbols), _MARK_MS),
            Subscription(
                ("liquidations",), about, methodcaller("watch_liquidations_for_symbols", symbols), 0
            ),
        ]

    def read(self, frame: Frame, markets: Mapping[str, FeedMarket]) -> Iterable[News] | None:
        """Return what a frame says, by wire id; None if ccxt has to see it."""
        return read_frame(frame, markets)

    async def server_time_ms(self, exchange: Exchange) -> int:
        """Ask ``/fapi/v1/time``: ``{"serverTime": 1499827319559}``."""
        answer = await self._ask(exchange, "PublicGetTime", {})
        return time_ms(as_object(answer, "answer"), "serverTime")

    async def bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[BarNews]:
        """Ask ``/fapi/v1/klines``; the one after the last tells that it is final.

        ``[[1499040000000, open, high, low, close, volume, close time, quote value, trades,
        bought by takers, its value, "0"], …]``; COIN-M: contracts, and coin for value.
        """
        rows = await self._page(exchange, "PublicGetKlines", market, since_ms, until_ms)
        bars = [_bar(named(row, _BAR), market) for row in rows]
        is_told = any(bar.open_time_ms >= until_ms for bar in bars)
        now_ms = 0 if is_told else await self.server_time_ms(exchange)
        return inside(with_closed(bars, now_ms), since_ms, until_ms)

    async def mark_bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[MarkBar]:
        """Ask ``/fapi/v1/markPriceKlines``: rows like those of bars, with 0 for quantities."""
        rows = await self._page(exchange, "PublicGetMarkPriceKlines", market, since_ms, until_ms)
        bars = [mark_bar(named(row, _MARK_BAR), "open_time") for row in rows]
        return inside(bars, since_ms, until_ms)

    async def open_interest_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[OpenInterest]:
        """Ask ``/futures/data/openInterestHist`` for steps of five minutes.

        ``[{"symbol", "sumOpenInterest": "20403.637", "sumOpenInterestValue", "timestamp"}, …]``;
        COIN-M is asked by pair and tells contracts, and coin for value.

        A row's time is when it was taken: the beginning of the five minutes, not their end.  The
        venue keeps a month, and refuses a question that begins before.
        """
        kept_ms = await self.server_time_ms(exchange) - _KEPT_MS
        if until_ms <= kept_ms:
            return []
        window = {"startTime": max(since_ms, kept_ms), "endTime": until_ms - 1}
        asked = {"period": "5m", "limit": self.most_open_interest, **window}
        whose = self._pair_or_symbol(market)
        rows = await self._ask(exchange, "DataGetOpenInterestHist", {**whose, **asked})
        read = [
            OpenInterest(
                time_ms(row, "timestamp"), not_negative(row, "sumOpenInterest") * market.unit
            )
            for row in _objects(rows)
        ]
        return inside(read, since_ms, until_ms)

    async def open_interest(self, exchange: Exchange, market: FeedMarket) -> OpenInterest | None:
        """Ask ``/fapi/v1/openInterest``: ``{"openInterest": "10659.509", "symbol", "time"}``."""
        answer = await self._ask(exchange, "PublicGetOpenInterest", {"symbol": market.wire_id})
        row = as_object(answer, "answer")
        return OpenInterest(time_ms(row, "time"), not_negative(row, "openInterest") * market.unit)

    async def funding_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[Funding]:
        """Ask ``/fapi/v1/fundingRate``: ``[{"symbol", "fundingRate", "fundingTime"}, …]``."""
        window = {"startTime": since_ms, "endTime": until_ms - 1, "limit": self.most_funding}
        rows = await self._ask(
            exchange, "PublicGetFundingRate", {"symbol": market.wire_id, **window}
        )
        read = [
            Funding(time_ms(row, "fundingTime"), any_number(row, "fundingRate"))
            for row in _objects(rows)
        ]
        return inside(read, since_ms, until_ms)

    async def depth(self, exchange: Exchange, market: FeedMarket) -> OrderBook | None:
        """Ask ``/fapi/v1/depth``: ``{"lastUpdateId", "E", "T", "bids": [[p, q], …], "asks"}``."""
        asked = {"symbol": market.wire_id, "limit": _BOOK_LEVELS}
        book = as_object(await self._ask(exchange, "PublicGetDepth", asked), "answer")
        bids, asks = as_list(book.get("bids"), "bids"), as_list(book.get("asks"), "asks")
        return order_book(time_ms(book, "T"), bids, asks, market.unit)

    async def tiers(self, exchange: Exchange, market: FeedMarket) -> str | None:
        """Ask ``/fapi/v1/leverageBracket``, signed; None without a key.

        ``[{"symbol", "brackets": [{"bracket": 1, "initialLeverage": 125, "notionalCap": 50000,
        "notionalFloor": 0, "maintMarginRatio": 0.004, "cum": 0}, …]}]``; COIN-M has ``qtyCap``
        and ``qtyFloor`` in coin.
        """
        if not exchange.apiKey:
            return None
        answer = await getattr(exchange, self._product.ask_tiers)({"symbol": market.wire_id})
        entries = _objects(answer if isinstance(answer, list) else [answer])
        ours = [entry for entry in entries if entry.get("symbol") == market.wire_id]
        tiers = sorted(self._tier(row) for entry in ours for row in objects(entry, "brackets"))
        as_of_ms = await self.server_time_ms(exchange)
        return tier_document(market, tiers, self._product.bound_unit, as_of_ms)

    def _tier(self, row: Mapping[str, Any]) -> Tier:
        leverage = positive(row, "initialLeverage")
        return Tier(
            upper=positive(row, self._product.tier_bound),
            maintenance_margin_rate=positive(row, "maintMarginRatio"),
            initial_margin_rate=1 / leverage,
            max_leverage=leverage,
            deduction=not_negative(row, "cum"),
        )

    def _pair_or_symbol(self, market: FeedMarket) -> dict[str, str]:
        if market.instrument.contract_kind is ContractKind.LINEAR:
            return {"symbol": market.wire_id}
        return {"pair": market.wire_id.partition("_")[0], "contractType": "PERPETUAL"}

    async def _page(
        self, exchange: Exchange, name: str, market: FeedMarket, since_ms: int, until_ms: int
    ) -> Sequence[Any]:
        window = {"startTime": since_ms, "endTime": until_ms, "limit": _MOST_ROWS}
        asked = {"symbol": market.wire_id, "interval": "1m", **window}
        return as_list(await self._ask(exchange, name, asked), "answer")

    async def _ask(self, exchange: Exchange, name: str, asked: dict[str, Any]) -> object:
        answer: object = await getattr(exchange, self._product.ask + name)(asked)
        return answer


def _objects(rows: object) -> list[Mapping[str, Any]]:
    return [as_object(row, "each row") for row in as_list(rows, "answer")]


def _bar(row: Mapping[str, Any], market: FeedMarket) -> BarNews:
    start = open_time(row, "open_time")
    volume, bought = (not_negative(row, name) * market.unit for name in ("volume", "taker_bought"))
    is_inverse = market.instrument.contract_kind is ContractKind.INVERSE
    quote_volume = volume if is_inverse else not_negative(row, "value")
    bar = BarNews(start, *prices_of(row), volume, False, quote_volume, bought)
    return checked_bar(bar)
