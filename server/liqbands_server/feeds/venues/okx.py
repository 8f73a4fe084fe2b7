"""OKX: linear and inverse perpetual swaps, v5.

The wire counts contracts of a fixed size.  Mark price, open interest and liquidations arrive by
subscription; settled funding rates are asked for, because the channel tells estimates.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
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
from liqbands_server.feeds.venues.listed_markets import listed_perpetuals
from liqbands_server.feeds.venues.numbers import any_number, not_negative, positive, time_ms
from liqbands_server.feeds.venues.okx_frames import read_bar, read_frame
from liqbands_server.feeds.venues.shapes import as_list, as_object, inside, named
from liqbands_server.feeds.venues.subscription_only import (
    LiquidationsBySubscription,
    OpenInterestBySubscription,
)
from liqbands_server.feeds.venues.wire_bars import MINUTE_MS, PRICES, mark_bar
from liqbands_server.feeds.venues.wire_books import order_book
from liqbands_server.feeds.venues.wire_tiers import Tier, tier_document

_MARK_BAR: Final = ("ts", *PRICES)
_MOST_MARK_BARS: Final = 100
_RECENT_MS: Final = 1380 * MINUTE_MS  # the other endpoint begins 1440 bars back; clocks differ
_BOOK_LEVELS: Final = 400
_BUSY_MS: Final = 60_000
_MARK_MS: Final = 20_000

_Ask = Callable[[dict[str, Any]], Awaitable[object]]


class Okx(LiquidationsBySubscription, OpenInterestBySubscription):
    """OKX's perpetual swaps."""

    feed: str = "okx"
    venue: str = "okx"
    exchange_name: str = "okx"
    exchange_options: Mapping[str, Any] = MappingProxyType(
        {"options": {"fetchMarkets": {"types": ["swap"]}}}
    )
    most_bars: int = 300
    most_open_interest: int = 100
    most_funding: int = 100
    open_interest_step_ms: int = 5 * MINUTE_MS

    def choose_markets(self, exchange: Exchange, coins: Sequence[str]) -> list[FeedMarket]:
        """Return the perpetuals of the coins wanted, of an exchange with loaded markets."""
        return listed_perpetuals(exchange, self.feed, self.venue, coins)

    def subscriptions(self, markets: Sequence[FeedMarket]) -> list[Subscription]:
        """Return what to subscribe to; liquidations come for all swaps of the venue at once."""
        if not markets:  # ccxt would take no symbols for all symbols
            return []
        about, symbols = tuple(markets), [market.symbol for market in markets]
        minutes = [[symbol, "1m"] for symbol in symbols]
        # ccxt has no name for watching open interest, but subscribes to any channel.
        open_interest = methodcaller("subscribe_multiple", "public", "open-interest", symbols)
        liquidations = methodcaller("watch_liquidations_for_symbols", symbols)
        calls: list[tuple[Any, Callable[[Exchange], Awaitable[object]], int]] = [
            (("trades",), methodcaller("watch_trades_for_symbols", symbols), _BUSY_MS),
            (("candles",), methodcaller("watch_ohlcv_for_symbols", minutes), _BUSY_MS),
            (("mark",), methodcaller("watch_mark_prices", symbols), _MARK_MS),
            (("open_interest",), open_interest, _BUSY_MS),
            (("liquidations",), liquidations, 0),
        ]
        return [Subscription(streams, about, watch, quiet) for streams, watch, quiet in calls]

    def read(self, frame: Frame, markets: Mapping[str, FeedMarket]) -> Iterable[News] | None:
        """Return what a frame says, by wire id; None if ccxt has to see it."""
        return read_frame(frame, markets)

    async def server_time_ms(self, exchange: Exchange) -> int:
        """Ask ``/api/v5/public/time``: ``{"code": "0", "data": [{"ts": "1597026383085"}]}``."""
        return time_ms(_only(await exchange.publicGetPublicTime()), "ts")

    async def bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[BarNews]:
        """Ask ``/api/v5/market/candles`` or, for older ones, ``/history-candles``."""
        recent, older = exchange.publicGetMarketCandles, exchange.publicGetMarketHistoryCandles
        asks = _in_turn(exchange, recent, older, since_ms)
        rows = await _candles(asks, market, since_ms, until_ms, self.most_bars)
        return inside([read_bar(row, market) for row in rows], since_ms, until_ms)

    async def mark_bars(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[MarkBar]:
        """Ask ``/api/v5/market/mark-price-candles`` or ``/history-mark-price-candles``.

        ``[["1597026383085", open, high, low, close, "1"], …]``, a third as many in one answer as
        of bars: a page of bars takes three.
        """
        recent = exchange.publicGetMarketMarkPriceCandles
        older = exchange.publicGetMarketHistoryMarkPriceCandles
        asks, step = _in_turn(exchange, recent, older, since_ms), _MOST_MARK_BARS * MINUTE_MS
        rows: list[object] = []
        for start_ms in range(since_ms, until_ms, step):
            end_ms = min(start_ms + step, until_ms)
            rows += await _candles(asks, market, start_ms, end_ms, _MOST_MARK_BARS)
        return inside([mark_bar(named(row, _MARK_BAR), "ts") for row in rows], since_ms, until_ms)

    async def open_interest_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[OpenInterest]:
        """Ask ``/api/v5/rubik/stat/contracts/open-interest-history`` for steps of five minutes.

        ``[["1790550000000", "2800476.45" contracts, "28006.5" coin, "2360916466.88" USD], …]``

        A row's time is when it was taken: the beginning of the five minutes, not their end.
        """
        answer = await exchange.publicGetRubikStatContractsOpenInterestHistory(
            {
                "instId": market.wire_id,
                "period": "5m",
                "begin": since_ms - 1,
                "end": until_ms,
                "limit": self.most_open_interest,
            }
        )
        rows = [named(values, ("ts", "oi")) for values in _data(answer)]
        read = [
            OpenInterest(time_ms(row, "ts"), not_negative(row, "oi") * market.unit) for row in rows
        ]
        return inside(read, since_ms, until_ms)

    async def funding_history(
        self, exchange: Exchange, market: FeedMarket, since_ms: int, until_ms: int
    ) -> list[Funding]:
        """Ask ``/api/v5/public/funding-rate-history``.

        ``[{"instId", "fundingRate": "0.0001515" as estimated, "realizedRate": "0.00015" as paid,
        "fundingTime": "1704067200000"}, …]``
        """
        answer = await exchange.publicGetPublicFundingRateHistory(
            {
                "instId": market.wire_id,
                "before": since_ms - 1,
                "after": until_ms,
                "limit": self.most_funding,
            }
        )
        rows = [as_object(row, "row") for row in _data(answer)]
        return inside([_funding(row) for row in rows], since_ms, until_ms)

    async def depth(self, exchange: Exchange, market: FeedMarket) -> OrderBook | None:
        """Ask ``/api/v5/market/books``.

        ``[{"bids": [[price, contracts, "0", orders], …], "asks": …, "ts": "1597026383085"}]``
        """
        book = _only(
            await exchange.publicGetMarketBooks({"instId": market.wire_id, "sz": _BOOK_LEVELS})
        )
        bids, asks = as_list(book.get("bids"), "bids"), as_list(book.get("asks"), "asks")
        return order_book(time_ms(book, "ts"), bids, asks, market.unit)

    async def tiers(self, exchange: Exchange, market: FeedMarket) -> str | None:
        """Ask ``/api/v5/public/position-tiers`` for isolated margin; cross has other tiers.

        ``[{"tier": "1", "minSz": "0", "maxSz": "1000" contracts, "mmr": "0.004", "imr": "0.01",
        "maxLever": "100", "instFamily": "BTC-USDT"}, …]``
        """
        family = market.wire_id.removesuffix("-SWAP")
        answer = await exchange.publicGetPublicPositionTiers(
            {"instType": "SWAP", "tdMode": "isolated", "instFamily": family}
        )
        tiers = sorted(_tier(as_object(row, "row")) for row in _data(answer))
        return tier_document(market, tiers, "contracts", await self.server_time_ms(exchange))


def _in_turn(exchange: Exchange, recent: _Ask, older: _Ask, since_ms: int) -> tuple[_Ask, _Ask]:
    # Our own clock only says which of the two is likelier to know; an empty answer settles it.
    is_recent = since_ms >= exchange.milliseconds() - _RECENT_MS
    return (recent, older) if is_recent else (older, recent)


async def _candles(
    asks: tuple[_Ask, _Ask], market: FeedMarket, since_ms: int, until_ms: int, limit: int
) -> Sequence[Any]:
    # Both bounds are exclusive: newer than `before`, older than `after`.
    window = {"before": since_ms - 1, "after": until_ms, "bar": "1m", "limit": limit}
    first, second = asks
    asked = {"instId": market.wire_id, **window}
    return _data(await first(asked)) or _data(await second(asked))


def _data(answer: object) -> Sequence[Any]:
    return as_list(as_object(answer, "answer").get("data"), "data")


def _only(answer: object) -> Mapping[str, Any]:
    return as_object(next(iter(_data(answer)), None), "data")


def _funding(row: Mapping[str, Any]) -> Funding:
    name = "fundingRate" if row.get("realizedRate") in (None, "") else "realizedRate"
    return Funding(time_ms(row, "fundingTime"), any_number(row, name))


def _tier(row: Mapping[str, Any]) -> Tier:
    return Tier(
        upper=positive(row, "maxSz"),
        maintenance_margin_rate=positive(row, "mmr"),
        initial_margin_rate=positive(row, "imr"),
        max_leverage=positive(row, "maxLever"),
        deduction=0.0,
    )
