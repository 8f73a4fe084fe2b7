"""Stored bands are those of a slow tracker on fresh books, however and whenever they are kept."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.server.service.band_markets import (
    BAR_MS,
    BYBIT,
    ID,
    N_BARS,
    candles_of,
    columns_in,
    columns_of,
    corrected,
    filled_store,
    market,
    new_store,
    packed,
    rows_of,
    write,
)

from liqbands.heatmaps import snapshot
from liqbands.levels import Band
from liqbands.zones import bands
from liqbands_server.errors import StoreError
from liqbands_server.service import band_keeper
from liqbands_server.service.band_clock import CLOCK_MS, ticks_of
from liqbands_server.service.band_keeper import BandKeeper, BandKeepers, keep_bands
from liqbands_server.store.changes import changes_since
from liqbands_server.store.store import Store

LATE_MS = int(market().open_time_ms[-1]) + 3_600_000
Slots = dict[int, tuple[Band, int, str]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store whose bands were kept in one go."""
    store = filled_store(tmp_path_factory.mktemp("bands") / "whole.db", market())
    yield store
    store.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a store without bars."""
    made = new_store(tmp_path / "store.db")
    yield made
    made.close()


@cache
def fresh_bands(n_bars: int) -> list[Band]:
    """Return the bands of a book that is made anew."""
    return bands(snapshot(market()[:n_bars], BYBIT))


def slow_slots(n_slots: int) -> Iterator[tuple[int, int, Slots]]:
    """Yield tick, book's close and slots: a fresh book per tick, a loop per slot and band."""
    candles = market()
    close_ms = candles.open_time_ms + BAR_MS
    slots: Slots = {}
    seen = 0
    for tick in range(int(close_ms[0]) // CLOCK_MS, int(close_ms[-1]) // CLOCK_MS + 1):
        n_bars = int((close_ms <= tick * CLOCK_MS).sum())
        if n_bars == seen:
            continue
        found = fresh_bands(n_bars)[:n_slots]
        reached = candles.mark_low[seen:n_bars].min(), candles.mark_high[seen:n_bars].max()
        slots = slow_update(slots, found, reached, tick * CLOCK_MS, n_slots)
        seen = n_bars
        yield tick * CLOCK_MS, int(close_ms[n_bars - 1]), slots


def slow_update(
    slots: Slots, found: list[Band], reached: tuple[float, float], tick_ms: int, n_slots: int
) -> Slots:
    """Hand bands on to heirs, report what was swept, give empty slots away."""
    free, after = list(found), dict[int, tuple[Band, int, str]]()
    for slot in sorted(slots):
        old, since_ms, state = slots[slot]
        heirs = [band for band in free if state == "living" and overlap(old, band) > 0]
        if heirs:
            heir = max(heirs, key=lambda band: overlap(old, band))
            free = [band for band in free if band is not heir]
            after[slot] = heir, since_ms, "living"
        elif state == "living" and reached[0] <= old.peak_price <= reached[1]:
            after[slot] = old, since_ms, "swept"
    empty = [slot for slot in range(n_slots) if slot not in slots]
    return after | {
        slot: (band, tick_ms, "living") for slot, band in zip(empty, free, strict=False)
    }


def overlap(one: Band, other: Band) -> float:
    return min(one.high, other.high) - max(one.low, other.low) if one.side is other.side else 0.0


@pytest.mark.parametrize("n_slots", [20, 32])
def test_the_columns_are_those_of_a_slow_tracker_on_fresh_books(whole: Store, n_slots: int) -> None:
    rows = rows_of(whole, n_slots)
    expected = list(slow_slots(n_slots))
    assert [row.time_ms for row in rows] == [tick_ms for tick_ms, _, _ in expected]
    for column, (_, book_ms, slots) in zip(columns_in(rows, n_slots), expected, strict=True):
        assert column["head"]["book_ms"] == book_ms
        names = {1: "living", 2: "swept"}
        found = {
            slot: (int(row["side"]), float(row["low"]), float(row["high"]),
                   float(row["peak_price"]), int(row["since_ms"]), names[int(row["state"])])
            for slot, row in enumerate(column["slots"])
            if row["state"]
        }  # fmt: skip
        assert found == {
            slot: (int(band.side), band.low, band.high, band.peak_price, since_ms, state)
            for slot, (band, since_ms, state) in slots.items()
        }


def test_amounts_are_those_of_the_bands(whole: Store) -> None:
    last = columns_in(rows_of(whole))[-1]["slots"]
    living = last[last["state"] == 1]
    book = snapshot(market()[: N_BARS // 3 * 3], BYBIT)
    by_peak = {band.peak_price: band for band in bands(book, limit=32)}
    assert len(living) > 10
    for row in living:
        band = by_peak[float(row["peak_price"])]
        for name in ("notional", "notional_low", "notional_high", "strength"):
            assert row[name] == np.float32(getattr(band, name))


def test_the_market_sweeps_bands(whole: Store) -> None:
    assert (columns_in(rows_of(whole))["slots"]["state"] == 2).sum() > 5


def test_a_slot_is_empty_between_two_bands(whole: Store) -> None:
    for n_slots in (20, 32):
        slots = columns_in(rows_of(whole, n_slots), n_slots)["slots"]
        for before, after in pairwise(slots):
            both = (before["state"] > 0) & (after["state"] > 0)
            assert (before["since_ms"] == after["since_ms"])[both].all()


def test_there_is_a_column_for_every_quarter_of_an_hour(whole: Store) -> None:
    times = [row.time_ms for row in rows_of(whole)]
    assert times == list(range(times[0], int(market().open_time_ms[-1]) + 1, CLOCK_MS))
    assert {row.revision for row in rows_of(whole)} == {0}


def test_columns_of_a_first_load_are_known_since_their_tick(whole: Store) -> None:
    assert all(row.learnt_ms == row.time_ms for row in rows_of(whole))


def test_nothing_is_written_twice(whole: Store) -> None:
    assert keep_bands(whole, ID) == 0
    assert BandKeeper(whole, ID).keep() == 0


CUTS = st.lists(st.integers(1, N_BARS - 1), min_size=1, max_size=6, unique=True).map(sorted)


@settings(max_examples=4)
@given(cuts=CUTS, alive=st.booleans())
def test_any_split_of_the_calls_gives_the_same_bytes(
    whole: Store, tmp_path_factory: pytest.TempPathFactory, cuts: list[int], *, alive: bool
) -> None:
    store = new_store(tmp_path_factory.mktemp("split") / "split.db")
    keepers = BandKeepers()
    for start, stop in pairwise([0, *cuts, N_BARS]):
        write(store, market()[start:stop])
        _ = keepers.keep(store, ID) if alive else keep_bands(store, ID)
    for n_slots in (20, 32):
        assert rows_of(store, n_slots) == rows_of(whole, n_slots)
    store.close()


def test_a_keeper_goes_on_bar_by_bar(whole: Store, store: Store) -> None:
    write(store, market()[:210])
    keeper = BandKeeper(store, ID)
    written = [keeper.keep()]
    for bar in range(210, N_BARS):
        write(
            store, market()[bar : bar + 1], learnt_ms=int(market().open_time_ms[bar]) + BAR_MS + 7
        )
        written.append(keeper.keep())
    assert written[0] == 70
    assert set(written[1:]) == {0, 1}
    assert packed(rows_of(store)) == packed(rows_of(whole))


def test_a_live_column_is_known_after_all_that_it_rests_on(store: Store) -> None:
    write(store, market()[:210])
    keep_bands(store, ID)
    write(store, market()[210:213], learnt_ms=LATE_MS)
    assert keep_bands(store, ID) == 1
    assert rows_of(store)[-1].learnt_ms == LATE_MS + 1
    write(store, market()[213:216], learnt_ms=LATE_MS)
    keep_bands(store, ID, now_ms=LATE_MS + 1_000)
    assert rows_of(store)[-1].learnt_ms == LATE_MS + 1_000


@pytest.mark.parametrize("alive", [True, False])
def test_a_correction_makes_further_revisions_from_its_bar_on(
    store: Store, tmp_path: Path, *, alive: bool
) -> None:
    write(store, market())
    keeper = BandKeeper(store, ID)
    keeper.keep()
    before = rows_of(store)
    after = corrected(market(), 200)
    write(store, after, learnt_ms=LATE_MS)
    assert (keeper.keep() if alive else keep_bands(store, ID)) == len(before) - 200 // 3
    rows = rows_of(store)
    assert [row for row in rows if row.revision == 0] == before
    again = [row for row in rows if row.revision == 1]
    assert again[0].time_ms == market().open_time_ms[200] // CLOCK_MS * CLOCK_MS + CLOCK_MS
    assert {row.learnt_ms for row in again} == {LATE_MS + 1}
    fresh = filled_store(tmp_path / "fresh.db", after)
    same = columns_in(rows_of(fresh)[-len(again) :])
    assert (columns_in(again)["slots"] == same["slots"]).all()
    fresh.close()


def test_a_bar_that_comes_late_counts_from_its_time_on(whole: Store, store: Store) -> None:
    columns = columns_of(market())
    write(store, candles_of({name: np.delete(values, 120) for name, values in columns.items()}))
    keeper = BandKeeper(store, ID)
    keeper.keep()
    write(store, market()[120:121], learnt_ms=LATE_MS)
    assert keeper.keep() == len(rows_of(whole)) - 40
    newest = {row.time_ms: row.slots for row in rows_of(store)}
    assert list(newest.items()) == packed(rows_of(whole))


def test_a_gap_has_no_columns(store: Store) -> None:
    columns = columns_of(market())
    hole = np.arange(100, 160)
    write(store, candles_of({name: np.delete(values, hole) for name, values in columns.items()}))
    keep_bands(store, ID)
    times = np.array([row.time_ms for row in rows_of(store)])
    opens = market().open_time_ms
    assert not ((times > opens[102]) & (times < opens[160])).any()
    # The tick within which the gap begins is known to be complete only when bars come again.
    assert rows_of(store)[33].learnt_ms == opens[160] + BAR_MS


def test_open_interest_that_comes_later_makes_a_book_of_contracts(
    store: Store, tmp_path: Path
) -> None:
    columns = columns_of(market())
    columns["open_interest"][:150] = np.nan
    candles = candles_of(columns)
    write(store, candles)
    keep_bands(store, ID)
    notional = columns_in(rows_of(store))["slots"]["notional"]
    assert notional[:50].max() < 1 < notional[50:].max()
    apart = new_store(tmp_path / "apart.db")
    keeper = BandKeeper(apart, ID)
    for part in (slice(0, 100), slice(100, 152), slice(152, N_BARS)):
        write(apart, candles[part])
        keeper.keep()
    assert rows_of(apart) == rows_of(store)
    apart.close()


def test_another_database_keeps_the_same_bands(whole: Store, postgres_address: str) -> None:
    store = new_store(postgres_address)
    keeper = BandKeeper(store, ID)
    for part in (slice(0, 100), slice(100, N_BARS)):
        write(store, market()[part])
        keeper.keep()
    assert rows_of(store) == rows_of(whole)
    assert keep_bands(store, ID) == 0
    store.close()


KILLED = """
import os, signal, sys
from liqbands_server.service import band_keeper
from liqbands_server.store.opening import open_store
band_keeper.BATCH = 40
store = open_store(sys.argv[1])
band_keeper.keep_bands(store, 1, progress=lambda n: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_killed_keeper_leaves_whole_columns_and_another_goes_on(
    whole: Store, store: Store
) -> None:
    write(store, market())
    command = [sys.executable, "-c", KILLED, store.name]
    done = subprocess.run(command, timeout=60, check=False)  # noqa: S603 - our own
    assert done.returncode == -signal.SIGKILL
    assert len(rows_of(store)) == len(rows_of(store, 20)) == 40
    keep_bands(store, ID)
    assert rows_of(store) == rows_of(whole)


def test_two_keepers_at_once_write_each_column_once(
    whole: Store, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(band_keeper, "BATCH", 40)
    write(store, market())
    others = iter([BandKeeper(store, ID)])

    def let_another_in(_: int) -> None:
        for other in others:
            other.keep()

    BandKeeper(store, ID).keep(let_another_in)
    assert rows_of(store) == rows_of(whole)


def test_outdated_columns_are_replaced_all_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, market())
    keep_bands(store, ID)
    monkeypatch.setattr(band_keeper, "BATCH", 10)
    write(store, corrected(market(), 100), learnt_ms=LATE_MS)
    calls: list[int] = []
    keep_bands(store, ID, progress=calls.append)
    assert calls == [len(rows_of(store)) - len({row.time_ms for row in rows_of(store)})]


def test_readers_are_told_what_is_new(store: Store) -> None:
    write(store, market()[:90])
    keep_bands(store, ID)
    with store.reading() as connection:
        told = [change for change in changes_since(connection, 0) if change.kind == "bands"]
    times = [row.time_ms for row in rows_of(store)]
    assert [(change.first_ms, change.last_ms) for change in told] == [(times[0], times[-1])]


def test_an_instrument_without_bars_has_no_bands(store: Store) -> None:
    assert keep_bands(store, ID) == 0


def test_an_unknown_instrument_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="no instrument 99"):
        keep_bands(store, 99)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=60, unique=True).map(sorted))
def test_a_tick_has_the_bars_that_closed_since_the_one_before(minutes: list[int]) -> None:
    close_ms = np.array(minutes, dtype=np.int64) * 60_000
    ticks = ticks_of(close_ms)
    for tick_ms, bar, completed_by in zip(
        ticks.time_ms, ticks.bar, ticks.completed_by, strict=True
    ):
        assert tick_ms - CLOCK_MS < close_ms[bar] <= tick_ms <= close_ms[completed_by]
        assert completed_by == bar or completed_by == bar + 1
    whole_quarters = {
        -(-minute // 15) * 15 for minute in minutes if -(-minute // 15) * 15 <= minutes[-1]
    }
    assert set((ticks.time_ms // 60_000).tolist()) == whole_quarters
