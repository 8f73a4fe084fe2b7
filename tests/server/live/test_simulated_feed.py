"""The feed: no gap and no different bar after any stop, everything known when it was."""

from pathlib import Path

import numpy as np
import pytest

from liqbands.timeframes import DAY_MS, MINUTE_MS
from liqbands_server.errors import StoreError
from liqbands_server.live.feed import Plan, SimulatedFeed
from liqbands_server.store.candles import CandleRows, read_candles
from liqbands_server.store.forming import read_forming
from liqbands_server.store.health import read_health
from liqbands_server.store.instruments import StoredInstrument, find_instrument
from liqbands_server.store.liquidations import read_liquidations
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

TICKER = "SIMULATED:SIMUSDT.P"
MIDNIGHT_MS = 1_763_683_200_000  # 2025-11-21
BEGIN_MS = MIDNIGHT_MS + 90 * MINUTE_MS + 30_250
RESTART_MS = BEGIN_MS + 4 * MINUTE_MS
PLAN = Plan(seed=3, history_days=1)


class QuickClock:
    """A clock that jumps to what is waited for, until an end."""

    def __init__(self, now_ms: int, end_ms: int) -> None:
        self.time_ms = now_ms
        self._end_ms = end_ms

    def now_ms(self) -> int:
        return self.time_ms

    def wait_until(self, time_ms: int) -> bool:
        self.time_ms = max(self.time_ms, time_ms)
        return self.time_ms < self._end_ms


def play(store: Store, begin_ms: int, end_ms: int, plan: Plan = PLAN) -> None:
    SimulatedFeed(store, QuickClock(begin_ms, end_ms), plan, lambda *_: None).run()


def instrument(store: Store) -> StoredInstrument:
    with store.reading() as connection:
        return find_instrument(connection, TICKER)


def rows(store: Store) -> CandleRows:
    with store.reading() as connection:
        return read_candles(connection, instrument(store).id, MINUTE_MS, 0, 2 * BEGIN_MS)


@pytest.fixture(scope="module")
def newest_at_calls() -> list[int]:
    """Return the minutes of the day that were newest when the bands were to be kept."""
    return []


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, newest_at_calls: list[int]) -> Store:
    """Return a store that was fed for five minutes without a stop."""
    store = open_store(str(tmp_path_factory.mktemp("played") / "store.db"))

    def note(store: Store, _: int) -> None:
        newest_at_calls.append(int(rows(store).open_time_ms[-1] - MIDNIGHT_MS) // MINUTE_MS)

    clock = QuickClock(BEGIN_MS, BEGIN_MS + 5 * MINUTE_MS)
    SimulatedFeed(store, clock, PLAN, note).run()
    return store


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store that was fed for as long, with a stop of almost three minutes."""
    store = open_store(str(tmp_path_factory.mktemp("interrupted") / "store.db"))
    play(store, BEGIN_MS, BEGIN_MS + 70_000)
    play(store, RESTART_MS, BEGIN_MS + 5 * MINUTE_MS)
    return store


def test_history_begins_whole_days_before_the_first_start(played: Store) -> None:
    assert instrument(played).base.anchor_ms == MIDNIGHT_MS - DAY_MS
    assert instrument(played).simulated
    assert rows(played).open_time_ms[0] == MIDNIGHT_MS - DAY_MS


def test_no_minute_is_missing_and_none_is_there_twice(played: Store) -> None:
    times = rows(played).open_time_ms
    assert times[-1] == MIDNIGHT_MS + 94 * MINUTE_MS
    assert set(np.diff(times)) == {MINUTE_MS}


def test_history_is_known_at_each_close_and_later_bars_when_stored(played: Store) -> None:
    found = rows(played)
    late = found.learnt_ms - found.open_time_ms - MINUTE_MS
    first_live = MIDNIGHT_MS + 90 * MINUTE_MS
    assert (late[found.open_time_ms < first_live] == 0).all()
    live = late[found.open_time_ms >= first_live]
    assert len(live) == 5
    assert ((live >= 0) & (live <= 1_000)).all()


def test_a_stop_and_a_restart_leave_no_trace_in_the_bars(played: Store, interrupted: Store) -> None:
    np.testing.assert_array_equal(rows(interrupted).open_time_ms, rows(played).open_time_ms)
    np.testing.assert_array_equal(rows(interrupted).values, rows(played).values)


def test_bars_of_an_interruption_are_known_since_the_restart(interrupted: Store) -> None:
    found = rows(interrupted)
    missed = found.open_time_ms > BEGIN_MS + 70_000 - MINUTE_MS
    missed &= found.open_time_ms <= RESTART_MS - MINUTE_MS
    assert missed.sum() == 3
    assert set(found.learnt_ms[missed]) == {RESTART_MS}


def test_a_history_cut_short_is_completed_as_history(tmp_path: Path) -> None:
    class ShortClock(QuickClock):
        def wait_until(self, time_ms: int) -> bool:
            self.time_ms += 1
            return super().wait_until(time_ms)

    store = open_store(str(tmp_path / "store.db"))
    clock = ShortClock(BEGIN_MS, BEGIN_MS + 2)  # told to stop after the first day
    SimulatedFeed(store, clock, PLAN, lambda *_: None).run()
    assert len(rows(store)) == 1440
    play(store, BEGIN_MS, BEGIN_MS + 1_000)
    found = rows(store)
    np.testing.assert_array_equal(found.learnt_ms, found.open_time_ms + MINUTE_MS)


def test_events_add_up_to_the_bars(played: Store) -> None:
    with played.reading() as connection:
        events = read_liquidations(connection, instrument(played).id, 0, 2 * BEGIN_MS, 2 * BEGIN_MS)
    longs, shorts = rows(played).values[:, -2:].sum(axis=0)
    assert events.contracts[events.side > 0].sum() == pytest.approx(longs)
    assert events.contracts[events.side < 0].sum() == pytest.approx(shorts)


def test_the_forming_bar_is_that_of_the_last_second(played: Store) -> None:
    with played.reading() as connection:
        forming = read_forming(connection)[instrument(played).id]
    end_ms = BEGIN_MS + 5 * MINUTE_MS
    assert forming.bar.open_time_ms == end_ms // MINUTE_MS * MINUTE_MS
    assert end_ms - 2_000 <= forming.seen_ms <= end_ms


def test_the_feed_says_how_it_is(played: Store) -> None:
    with played.reading() as connection:
        (health,) = read_health(connection)
    assert (health.feed, health.state) == ("simulated", "stopped")
    assert health.last_event_ms is not None
    assert 0 <= BEGIN_MS + 5 * MINUTE_MS - health.last_event_ms <= 2_000


@pytest.mark.usefixtures("played")
def test_bands_are_kept_after_every_closed_minute_is_stored(newest_at_calls: list[int]) -> None:
    assert newest_at_calls == [89, 90, 91, 92, 93, 94]


def test_another_seed_on_the_same_store_is_refused(played: Store) -> None:
    with pytest.raises(StoreError, match=r"another simulation of .* than seed 4"):
        play(played, BEGIN_MS, BEGIN_MS + 1, Plan(seed=4, history_days=1))
