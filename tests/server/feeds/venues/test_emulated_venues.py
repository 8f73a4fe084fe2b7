"""The borders against emulated venues: ccxt.pro between them is the real one.

What a venue says, by REST or by its websockets, has to be what the emulator knows to be true.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import pytest
from tests.emulator.running import Emulator, emulating
from tests.server.feeds.venues.wire_server import exchange_at

from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    LiquidationEvent,
    MarkPrice,
    News,
    OpenInterest,
    Trade,
)
from liqbands_server.feeds.venues.border import Exchange, VenueBorder
from liqbands_server.feeds.venues.registry import find_border

Found = TypeVar("Found")
Question = Callable[[VenueBorder, Exchange, FeedMarket], Awaitable[Found]]
MINUTE = 60_000
LISTENING_SECONDS = 2.5
_SECONDS = 20.0
EVERY_FEED = pytest.mark.parametrize("feed", ["binance", "bybit", "okx"])


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """Return an emulator that plays a minute each second."""
    with emulating(speed=60, history_days=3, days=2, symbols="BTC,ETH") as running:
        yield running


def ask(emulator: Emulator, feed: str, question: Question[Found]) -> Found:
    async def asked() -> Found:
        border = find_border(feed)
        async with exchange_at(border, emulator.port) as exchange:
            await exchange.load_markets()
            (market,) = border.choose_markets(exchange, ["BTC"])
            return await asyncio.wait_for(question(border, exchange, market), _SECONDS)

    return asyncio.run(asked())


def true_candles(emulator: Emulator, feed: str, since: int, until: int) -> list[dict[str, Any]]:
    candles: list[dict[str, Any]] = emulator.truth(feed, "BTC", since=since, until=until)["candles"]
    return candles


def yesterday(emulator: Emulator) -> int:
    return emulator.now_ms() // MINUTE * MINUTE - 1500 * MINUTE


@EVERY_FEED
def test_a_page_of_bars_is_what_happened(emulator: Emulator, feed: str) -> None:
    since = yesterday(emulator)
    until = since + find_border(feed).most_bars * MINUTE
    bars = ask(emulator, feed, lambda border, ex, one: border.bars(ex, one, since, until))
    truth = true_candles(emulator, feed, since, until)
    names = ("open_time_ms", "open", "high", "low", "close")
    assert [bar[:5] for bar in bars] == [tuple(bar[name] for name in names) for bar in truth]
    assert [bar.volume for bar in bars] == pytest.approx([bar["volume"] for bar in truth])
    quoted = [bar["quote_volume"] for bar in truth]
    assert [bar.quote_volume for bar in bars] == pytest.approx(quoted)
    assert all(bar.is_closed for bar in bars)
    if feed == "binance":
        bought = [bar["taker_buy_volume"] for bar in truth]
        assert [bar.taker_buy_volume for bar in bars] == pytest.approx(bought)


@EVERY_FEED
def test_a_page_of_mark_bars_is_what_happened(emulator: Emulator, feed: str) -> None:
    since = yesterday(emulator)
    until = since + find_border(feed).most_bars * MINUTE
    bars = ask(emulator, feed, lambda border, ex, one: border.mark_bars(ex, one, since, until))
    truth = true_candles(emulator, feed, since, until)
    names = ("open_time_ms", "mark_high", "mark_low", "mark_close")
    assert [tuple(bar) for bar in bars] == [tuple(bar[name] for name in names) for bar in truth]


@EVERY_FEED
def test_only_the_newest_bar_is_still_forming(emulator: Emulator, feed: str) -> None:
    def question(border: VenueBorder, exchange: Exchange, one: FeedMarket) -> Any:
        now = emulator.now_ms()
        return border.bars(exchange, one, now // MINUTE * MINUTE - 5 * MINUTE, now + MINUTE)

    bars = ask(emulator, feed, question)
    assert len(bars) >= 5
    assert [bar.is_closed for bar in bars[:-1]] == [True] * (len(bars) - 1)


@EVERY_FEED
def test_open_interest_history_is_one_sided_and_of_its_moment(
    emulator: Emulator, feed: str
) -> None:
    step = find_border(feed).open_interest_step_ms
    since = yesterday(emulator) // step * step
    until = since + find_border(feed).most_open_interest * step
    found = ask(
        emulator, feed, lambda border, ex, one: border.open_interest_history(ex, one, since, until)
    )
    closes = {
        bar["open_time_ms"] + MINUTE: bar["open_interest"]
        for bar in true_candles(emulator, feed, since - MINUTE, until)
    }
    assert [row.time_ms for row in found][:50] == [since + n * step for n in range(50)]
    expected = [closes[row.time_ms] for row in found if row.time_ms in closes]
    assert [row.quantity for row in found][: len(expected)] == pytest.approx(expected)


@EVERY_FEED
def test_settled_funding_is_what_was_paid(emulator: Emulator, feed: str) -> None:
    since, until = yesterday(emulator), emulator.now_ms()
    found = ask(
        emulator, feed, lambda border, ex, one: border.funding_history(ex, one, since, until)
    )
    truth = emulator.truth(feed, "BTC", since=since, until=until)["funding"]
    assert truth
    assert [row.time_ms for row in found] == [row["time_ms"] for row in truth]
    assert [row.rate for row in found] == pytest.approx([row["rate"] for row in truth])


@EVERY_FEED
def test_time_depth_and_tiers_are_told(emulator: Emulator, feed: str) -> None:
    async def question(border: VenueBorder, exchange: Exchange, one: FeedMarket) -> Any:
        now = await border.server_time_ms(exchange)
        return now, await border.depth(exchange, one), await border.tiers(exchange, one)

    before = emulator.now_ms()
    now, book, tiers = ask(emulator, feed, question)
    assert before <= now <= emulator.now_ms()
    assert book.bids[0, 0] < book.asks[0, 0]
    assert (tiers is None) == (feed == "binance")


class Heard:
    """Everything that one feed said for a while."""

    def __init__(self, news: list[News], since_ms: int, until_ms: int) -> None:
        self.records = [entry.record for entry in news]
        self.since_ms, self.until_ms = since_ms, until_ms

    def of(self, kind: type[Found]) -> list[Found]:
        return [record for record in self.records if isinstance(record, kind)]


@pytest.fixture(scope="module")
def heard(emulator: Emulator) -> dict[str, Heard]:
    """Return what all feeds said at once, beginning before and ending after whole minutes."""

    async def listen() -> list[Heard]:
        return await asyncio.gather(*(said(emulator, feed) for feed in ("binance", "bybit", "okx")))

    found = asyncio.run(listen())
    return dict(zip(("binance", "bybit", "okx"), found, strict=True))


async def said(emulator: Emulator, feed: str) -> Heard:
    border, news = find_border(feed), list[News]()
    async with exchange_at(border, emulator.port) as exchange:
        await exchange.load_markets()
        markets = border.choose_markets(exchange, ["BTC"])
        by_id, pass_on = {one.wire_id: one for one in markets}, exchange.handle_message

        def see(client: Any, frame: Any) -> None:
            ours = border.read(frame, by_id)
            news.extend(ours or ())
            if ours is None:
                pass_on(client, frame)

        exchange.handle_message = see
        tasks = [
            asyncio.ensure_future(one.watch(exchange)) for one in border.subscriptions(markets)
        ]
        await until_all_kinds(news)
        since = await asyncio.to_thread(emulator.now_ms)
        emulator.order("burst", venue=feed, symbol="BTC", liquidations=60, trades=0, per_s=60)
        await asyncio.sleep(LISTENING_SECONDS)
        until = await asyncio.to_thread(emulator.now_ms)
        await stopped(tasks)
    return Heard(news, since, until)


async def until_all_kinds(news: list[News]) -> None:
    """Wait until every stream that is never silent has said something."""
    end = time.monotonic() + _SECONDS
    while not {Trade, BarNews, MarkPrice} <= {type(entry.record) for entry in news}:
        assert time.monotonic() < end, "not every stream spoke"
        await asyncio.sleep(0.01)


async def stopped(tasks: Sequence[asyncio.Future[object]]) -> None:
    assert not [task.exception() for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)


def rounded(event: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(value, 9) for value in event)


@EVERY_FEED
def test_every_liquidation_is_heard_once(
    emulator: Emulator, heard: dict[str, Heard], feed: str
) -> None:
    told = heard[feed]
    since, until = told.since_ms, told.until_ms - 5000
    events = emulator.truth(feed, "BTC", since=since, until=until)["liquidations"]
    price = "price" if feed == "binance" else "bankruptcy_price"
    names = ("time_ms", "side", price, "quantity")
    heard_then = [row for row in told.of(LiquidationEvent) if since <= row.time_ms < until]
    assert len(events) >= 60
    assert sorted(rounded(row[:4]) for row in heard_then) == sorted(
        rounded([event[name] for name in names]) for event in events
    )
    assert {event.is_bankruptcy_price for event in told.of(LiquidationEvent)} == {feed != "binance"}


@EVERY_FEED
def test_closed_bars_and_trades_are_what_happened(
    emulator: Emulator, heard: dict[str, Heard], feed: str
) -> None:
    told = heard[feed]
    closed = {bar.open_time_ms: bar for bar in told.of(BarNews) if bar.is_closed}
    truth = true_candles(emulator, feed, told.since_ms, told.until_ms - MINUTE - 5000)
    assert truth
    for bar in truth:
        mine = closed[bar["open_time_ms"]]
        assert mine[1:5] == tuple(bar[name] for name in ("open", "high", "low", "close"))
        assert mine.volume == pytest.approx(bar["volume"])
        minute = range(bar["open_time_ms"], bar["open_time_ms"] + MINUTE)
        trades = [trade for trade in told.of(Trade) if trade.time_ms in minute]
        assert sum(trade.quantity for trade in trades) == pytest.approx(bar["volume"])
        bought = sum(trade.quantity for trade in trades if trade.taker_is_buyer)
        assert bought == pytest.approx(bar["taker_buy_volume"])


@EVERY_FEED
def test_open_interest_and_mark_price_are_what_happened(
    emulator: Emulator, heard: dict[str, Heard], feed: str
) -> None:
    told = heard[feed]
    for bar in true_candles(emulator, feed, told.since_ms, told.until_ms - MINUTE - 5000):
        minute = range(bar["open_time_ms"], bar["open_time_ms"] + MINUTE)
        marks = [mark.price for mark in told.of(MarkPrice) if mark.time_ms in minute]
        assert (max(marks), min(marks)) == (bar["mark_high"], bar["mark_low"])
        if feed != "binance":
            last = [row for row in told.of(OpenInterest) if row.time_ms in minute][-1]
            assert last.quantity == pytest.approx(bar["open_interest"])
