"""One market: minutes are written in their order, gaps are waited for, late news correct."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from liqbands.instrument import Instrument
from liqbands.timeframes import MINUTE_MS
from liqbands_server.feeds.history import History
from liqbands_server.feeds.keeping import Keeper
from liqbands_server.feeds.market_feed import MarketFeed
from liqbands_server.feeds.patience import Patience
from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    Funding,
    LiquidationEvent,
    MarkBar,
    OpenInterest,
    Trade,
)
from liqbands_server.feeds.throttle import Throttle
from liqbands_server.feeds.venue_clock import VenueClock
from liqbands_server.feeds.venue_frames import VenueFrames
from liqbands_server.feeds.venues.border import Subscription
from liqbands_server.feeds.venues.registry import find_border
from liqbands_server.feeds.wire import Line, Wire
from liqbands_server.feeds.writer import Writer
from liqbands_server.store.candles import CandleRows, read_candles
from liqbands_server.store.forming import read_forming
from liqbands_server.store.instruments import StoredInstrument, add_instrument
from liqbands_server.store.listening import read_listening
from liqbands_server.store.opening import open_store
from liqbands_server.store.profiles import read_profiles
from liqbands_server.store.store import Store
from liqbands_server.store.tables import VALUES

FOREVER = 2**62
BEGIN = 28_000_000 * MINUTE_MS
Play = Callable[[MarketFeed, Line], Awaitable[None]]


class NoExchange:
    """An exchange of which only the wire is needed."""

    def __init__(self) -> None:
        border = find_border("bybit")
        self.wire = Wire(VenueFrames(border, VenueClock()), Throttle(), Patience())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(str(tmp_path / "store.db"))
    yield store
    store.close()


def play(store: Store, story: Play) -> StoredInstrument:
    """Let a market hear what a story tells, and return it as it stands in the store."""
    instrument = Instrument("bybit", "BTC/USDT:USDT")
    with store.writing() as connection:
        stored = add_instrument(connection, instrument)

    async def tell() -> None:
        writer = Writer(store)
        market = FeedMarket("bybit", "BTC/USDT:USDT", "BTCUSDT", 1.0, instrument)
        feed, line = MarketFeed(market, stored, writer, 0.01), Line(NoExchange())
        subscription = Subscription(("trades", "liquidations"), (market,), asyncio.sleep, 0)
        keeper = Keeper(subscription, NoExchange(), Throttle(), Patience(), lambda *_: None)
        feed.keepers |= {"trades": keeper, "liquidations": keeper}
        keeper.hear(line, BEGIN)
        await story(feed, line)
        await writer.close()

    asyncio.run(tell())
    return stored


def bar(minute: int, close: float = 100.0, *, is_closed: bool = True) -> BarNews:
    return BarNews(BEGIN + minute * MINUTE_MS, 100.0, 110.0, 90.0, close, 10.0, is_closed, 1_000.0)


def rows(store: Store, stored: StoredInstrument) -> CandleRows:
    with store.reading() as connection:
        return read_candles(connection, stored.id, MINUTE_MS, 0, FOREVER)


def minutes(found: CandleRows) -> list[int]:
    return [int(opened - BEGIN) // MINUTE_MS for opened in found.open_time_ms]


def column(found: CandleRows, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return found.values[:, VALUES.index(name)]


def history(*bars: BarNews) -> History:
    return History(list(bars), [], {}, {}, [])


def hear(feed: MarketFeed, line: Line, *records: BarNews | Trade | LiquidationEvent) -> None:
    for record in records:
        until_ms = record[0] + MINUTE_MS if isinstance(record, BarNews) else record[0]
        line.heard_ms = max(line.heard_ms, until_ms)
        feed.take(record, line)


def test_minutes_are_written_as_they_close(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        feed.go_on_from(BEGIN)
        for minute in range(3):
            hear(feed, line, bar(minute, is_closed=False), bar(minute))

    assert minutes(rows(store, play(store, story))) == [0, 1, 2]


def test_nothing_is_written_before_history_is_there(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        hear(feed, line, bar(0), bar(1), bar(2))
        feed.go_on_from(BEGIN + MINUTE_MS)

    assert minutes(rows(store, play(store, story))) == [1, 2]


def test_what_lies_behind_a_gap_waits_until_the_gap_is_filled(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        feed.go_on_from(BEGIN)
        hear(feed, line, bar(0), bar(2), bar(3))
        await asyncio.sleep(0.02)
        assert feed.missing.is_set()
        assert feed.waiting == 2
        assert feed.next_ms == BEGIN + MINUTE_MS
        feed.take_history(history(bar(1)))
        assert feed.waiting == 0

    # Minute 1 is the caller's to write, who has fetched it.
    assert minutes(rows(store, play(store, story))) == [0, 2, 3]


def test_the_next_minute_is_shown_only_once_the_one_before_it_is_written(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        feed.go_on_from(BEGIN)
        line.heard_ms = BEGIN + 59_000  # of trades, the last second is still on its way
        feed.take(bar(0), line)
        feed.take(bar(1, is_closed=False), line)
        shown = feed.forming()
        assert shown is not None
        assert shown.open_time_ms == BEGIN
        await asyncio.sleep(0.05)

    stored = play(store, story)
    with store.reading() as connection:
        assert read_forming(connection)[stored.id].bar.open_time_ms == BEGIN + MINUTE_MS
    assert minutes(rows(store, stored)) == [0]


def test_a_bar_that_changes_after_its_close_is_corrected(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        feed.go_on_from(BEGIN)
        hear(feed, line, bar(0), bar(0, close=105.0))
        feed.correct_late()

    found = rows(store, play(store, story))
    assert column(found, "close").tolist() == [100.0, 105.0]
    assert found.revision.tolist() == [0, 1]


def test_a_bar_that_rest_confirms_makes_no_correction(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        feed.go_on_from(BEGIN)
        hear(feed, line, bar(0))
        feed.take_history(history(bar(0)))
        feed.correct_late()

    assert rows(store, play(store, story)).revision.tolist() == [0]


def test_a_liquidation_told_of_late_corrects_its_minute(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        feed.go_on_from(BEGIN)
        hear(feed, line, bar(0), LiquidationEvent(BEGIN + 1, 1, 95.0, 3.0, False))
        feed.correct_late()

    found = rows(store, play(store, story))
    assert column(found, "long_liquidated").tolist() == [0.0, 3.0]
    assert column(found, "short_liquidated").tolist() == [0.0, 0.0]


def test_a_minute_in_which_the_connection_broke_has_no_liquidations(store: Store) -> None:
    async def story(feed: MarketFeed, _: Line) -> None:
        feed.go_on_from(BEGIN)
        feed.keepers["liquidations"].interrupt("broken")
        other = Line(NoExchange())
        feed.keepers["liquidations"].hear(other, BEGIN + 30_000)
        hear(feed, other, LiquidationEvent(BEGIN + 40_000, 1, 95.0, 3.0, False), bar(0), bar(1))
        await asyncio.sleep(0.05)

    found = column(rows(store, play(store, story)), "long_liquidated")
    assert np.isnan(found[0])
    assert found[1] == 0.0


def test_how_long_liquidations_were_listened_to_is_stored(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        hear(feed, line, bar(0), bar(1))
        feed.listened()

    stored = play(store, story)
    with store.reading() as connection:
        found = read_listening(connection, stored.id, "liquidations", 0, FOREVER)
    assert found == [(BEGIN, BEGIN + 2 * MINUTE_MS - 1_000)]


def test_trades_become_a_profile_of_the_minute(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        feed.go_on_from(BEGIN)
        trades = [Trade(BEGIN + 1, 95.0, 4.0, True), Trade(BEGIN + 2, 105.0, 6.0, False)]
        hear(feed, line, *trades, bar(0))

    stored = play(store, story)
    with store.reading() as connection:
        (profile,) = read_profiles(connection, stored.id, "trades", 0, FOREVER).values()
    assert (profile.bought_or_ask.sum(), profile.sold_or_bid.sum()) == (4.0, 6.0)


def test_open_interest_is_the_newest_at_the_close_and_not_older_than_a_minute(
    store: Store,
) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        feed.go_on_from(BEGIN)
        for second, quantity in ((10, 1.0), (59, 2.0)):
            feed.take(OpenInterest(BEGIN + second * 1_000, quantity), line)
        hear(feed, line, bar(0), bar(1))

    found = column(rows(store, play(store, story)), "open_interest")
    assert found[0] == 2.0
    assert np.isnan(found[1])


def test_what_was_heard_counts_before_what_rest_says_besides(store: Store) -> None:
    async def story(feed: MarketFeed, line: Line) -> None:
        feed.take(OpenInterest(BEGIN + 59_000, 2.0), line)
        marks = {BEGIN: MarkBar(BEGIN, 3.0, 1.0, 2.0)}
        told = History([bar(0)], [], marks, {BEGIN: 9.0}, [Funding(BEGIN, 1e-4)])
        candles = feed.take_history(told)
        assert candles is not None
        assert candles.open_interest[0] == 2.0
        assert candles.mark_high[0] == 3.0
        assert candles.funding_rate[0] == 1e-4

    play(store, story)
