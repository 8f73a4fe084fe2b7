"""Bars show the newest stored column: the same bands whatever window, resolution or worker."""

from collections.abc import Iterator
from dataclasses import fields
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
    columns_in,
    corrected,
    filled_store,
    market,
    rows_of,
    write,
)

from liqbands.heatmaps import snapshot
from liqbands.instrument import Instrument, Side
from liqbands.score.longer_bars import longer_bars
from liqbands.zones import bands
from liqbands_server.errors import QuestionError
from liqbands_server.service.band_keeper import keep_bands
from liqbands_server.service.band_slots import BandSlots, band_slots, strongest
from liqbands_server.service.band_sweeps import BandSweeps, sweeps
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import find_resolution
from liqbands_server.store.candles import write_candles
from liqbands_server.store.instruments import add_instrument
from liqbands_server.store.store import Store

TICKER = "BYBIT:BTCUSDT.P"
OPENS = market().open_time_ms
END_MS = int(OPENS[-1]) + BAR_MS
EVER = (0, 2**61)
RESOLUTIONS = st.sampled_from(["5", "15", "30", "60", "240", "1D"])
WINDOWS = st.tuples(*[st.integers(int(OPENS[0]), END_MS)] * 2).map(sorted)


@pytest.fixture(scope="module")
def markets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Markets]:
    """Return a process's view of a store that rests."""
    store = filled_store(tmp_path_factory.mktemp("slots") / "store.db", market())
    yield Markets(store)
    store.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Store]:
    """Return a store that may be written to; the last hour is still to come."""
    store = filled_store(tmp_path / "own.db", market()[: N_BARS - 12])
    yield store
    store.close()


def ask(
    markets: Markets, resolution: str, window: tuple[int, int] = EVER, as_of_ms: int = END_MS
) -> BandSlots:
    listing = markets.find(TICKER)
    return band_slots(markets, listing, find_resolution(resolution), 32, as_of_ms, *window)


def ask_sweeps(markets: Markets, resolution: str, window: tuple[int, int] = EVER) -> BandSweeps:
    listing = markets.find(TICKER)
    return sweeps(markets, listing, find_resolution(resolution), END_MS, *window)


def assert_equal(one: BandSlots, other: BandSlots, part: slice = slice(None)) -> None:
    for field in fields(BandSlots):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)[part]
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("resolution", ["5", "15", "60", "1D"])
def test_a_bar_shows_the_newest_column_up_to_its_close(markets: Markets, resolution: str) -> None:
    shown = ask(markets, resolution)
    columns = columns_in(rows_of(markets.store))
    opens = find_resolution(resolution).opens(OPENS, BYBIT)
    assert shown.open_time_ms.tolist() == sorted(set(opens.tolist()))
    before = np.zeros(32, dtype=np.int64)
    for bar, open_ms in enumerate(shown.open_time_ms):
        close_ms = OPENS[opens == open_ms].max() + BAR_MS
        newest = [column for column in columns if column["head"]["book_ms"] <= close_ms][-1:]
        if not newest:
            assert not shown.side[bar].any()
            continue
        slots = newest[0]["slots"]
        since_ms = np.where(slots["state"] == 1, slots["since_ms"], 0)
        seen = (since_ms > 0) & ((before == 0) | (before == since_ms))
        np.testing.assert_array_equal(shown.side[bar], np.where(seen, slots["side"], 0))
        np.testing.assert_array_equal(shown.low[bar], np.where(seen, slots["low"], np.nan))
        np.testing.assert_array_equal(shown.since_ms[bar], np.where(seen, since_ms, 0))
        before = since_ms


@given(RESOLUTIONS, WINDOWS)
def test_a_bar_is_the_same_in_every_window(
    markets: Markets, resolution: str, window: tuple[int, int]
) -> None:
    whole, part = ask(markets, resolution), ask(markets, resolution, window)
    first, stop = np.searchsorted(whole.open_time_ms, [window[0], window[1] + 1])
    assert_equal(part, whole, slice(first, stop))


@pytest.mark.parametrize("resolution", ["5", "15", "60", "240"])
def test_a_slot_is_empty_for_a_bar_between_two_bands(markets: Markets, resolution: str) -> None:
    shown = ask(markets, resolution)
    assert (shown.side != 0).mean() > 0.3
    for before, after in pairwise(shown.since_ms):
        both = (before > 0) & (after > 0)
        assert (before[both] == after[both]).all()


def test_a_slot_is_whole_or_empty(markets: Markets) -> None:
    shown = ask(markets, "15")
    empty = shown.side == 0
    for name in ("low", "high", "peak_price", "notional", "strength"):
        np.testing.assert_array_equal(np.isnan(getattr(shown, name)), empty)
    assert (shown.since_ms[empty] == 0).all()
    assert ((shown.low <= shown.peak_price) & (shown.peak_price <= shown.high))[~empty].all()
    assert (shown.notional_low <= shown.notional)[~empty].all()


@settings(max_examples=20)
@given(RESOLUTIONS, st.integers(3, N_BARS))
def test_a_bar_knows_no_later_column(markets: Markets, resolution: str, n_bars: int) -> None:
    """As of any bar's close, when what a first load brings counts as known."""
    as_of_ms = int(OPENS[n_bars - 1]) + BAR_MS
    then, now = ask(markets, resolution, as_of_ms=as_of_ms), ask(markets, resolution)
    assert_equal(
        ask(markets, resolution, (0, int(then.open_time_ms[-1]) - 1), as_of_ms),
        now,
        slice(then.n_bars - 1),
    )


@pytest.mark.parametrize("side", Side)
def test_the_strongest_is_that_of_the_book(markets: Markets, side: Side) -> None:
    found = strongest(markets, markets.find(TICKER), find_resolution("60"), side, END_MS, *EVER)
    for bar in range(1, len(found.open_time_ms) - 1, 5):
        n_bars = int(np.searchsorted(OPENS, found.open_time_ms[bar + 1]))
        band = bands(snapshot(market()[:n_bars], BYBIT), side=side, limit=1)[0]
        assert found.peak_price[bar] == band.peak_price
        assert found.notional[bar] == np.float32(band.notional)


def test_new_columns_are_shown_after_a_refresh(own: Store, markets: Markets) -> None:
    mine = Markets(own)
    assert ask(mine, "15").n_bars < ask(markets, "15").n_bars
    write(own, market()[N_BARS - 12 :], learnt_ms=END_MS)
    keep_bands(own, ID)
    mine.refresh()
    assert_equal(ask(mine, "15", as_of_ms=END_MS + 1), ask(markets, "15"))


def test_an_as_of_before_a_correction_shows_the_bands_known_then(own: Store) -> None:
    mine = Markets(own)
    before = ask(mine, "15")
    write(own, corrected(market(), 150)[150:151], learnt_ms=END_MS + 1_000)
    keep_bands(own, ID)
    mine.refresh()
    for worker in (mine, Markets(own)):
        assert_equal(ask(worker, "15"), before)
        after = ask(worker, "15", as_of_ms=END_MS + 2_000)
        changed = (after.notional != before.notional) & (after.side != 0)
        assert not changed[:50].any()
        assert changed[50:].any(axis=1).all()


def test_a_worker_that_was_asked_for_the_end_first_shows_the_beginning_too(
    own: Store,
) -> None:
    mine = Markets(own)
    ask(mine, "15", (int(OPENS[-30]), END_MS))
    assert_equal(ask(mine, "15"), ask(Markets(own), "15"))


def test_finer_bars_bring_a_book_of_their_own(tmp_path: Path) -> None:
    """Quarters of an hour first, then bars of five minutes whose first hours are missing."""
    fine = market()[100:N_BARS]
    store = filled_store(tmp_path / "both.db", longer_bars(market(), 3 * BAR_MS))
    write(store, fine)
    keep_bands(store, ID)
    only = filled_store(tmp_path / "fine.db", fine)
    assert_equal(ask(Markets(store), "5"), ask(Markets(only), "5"))
    store.close()
    only.close()


def test_other_numbers_of_slots_are_refused(markets: Markets) -> None:
    with pytest.raises(QuestionError, match="k must be one of 20, 32, was 21"):
        band_slots(markets, markets.find(TICKER), find_resolution("60"), 21, END_MS, *EVER)


def test_several_venues_have_no_slots_together(own: Store) -> None:
    with own.writing() as connection:
        other = add_instrument(connection, Instrument("okx", "BTC/USDT:USDT"))
        write_candles(connection, other, market(), 0)
    mine = Markets(own)
    together, hour = mine.find("ALL:BTCUSD.P"), find_resolution("60")
    for refused in (
        lambda: band_slots(mine, together, hour, 20, END_MS, *EVER),
        lambda: sweeps(mine, together, hour, END_MS, *EVER),
    ):
        with pytest.raises(QuestionError, match="must be one of BYBIT:BTCUSDT"):
            refused()


def test_without_columns_every_slot_is_empty(own: Store) -> None:
    with own.writing() as connection:
        other = add_instrument(connection, Instrument("okx", "BTC/USDT:USDT"))
        write_candles(connection, other, market(), 0)
    mine = Markets(own)
    listing, hour = mine.find("OKX:BTCUSDT.P"), find_resolution("60")
    shown = band_slots(mine, listing, hour, 20, END_MS, *EVER)
    assert shown.n_bars > 20
    assert not shown.side.any()
    assert np.isnan(strongest(mine, listing, hour, Side.LONG, END_MS, *EVER).peak_price).all()
    assert len(sweeps(mine, listing, hour, END_MS, *EVER)) == 0


def test_sweeps_are_those_of_a_slow_search(markets: Markets) -> None:
    columns = columns_in(rows_of(markets.store))
    expected, seen = [], set()
    for bar, open_ms in enumerate(OPENS):
        before = [column for column in columns if column["head"]["book_ms"] <= open_ms][-1:]
        for column in before:
            for slot, row in enumerate(column["slots"]):
                key = int(column["head"]["book_ms"]), slot
                low, high = market().mark_low[bar], market().mark_high[bar]
                if row["state"] == 1 and key not in seen and low <= row["peak_price"] <= high:
                    seen.add(key)
                    expected.append((int(open_ms), int(row["side"]), float(row["peak_price"])))
    found = ask_sweeps(markets, "5")
    assert len(expected) > 5
    assert (
        list(
            zip(found.open_time_ms.tolist(), found.side.tolist(), found.price.tolist(), strict=True)
        )
        == expected
    )


@given(RESOLUTIONS, st.integers(0, N_BARS - 1))
def test_sweeps_of_two_windows_are_those_of_both(
    markets: Markets, resolution: str, bar: int
) -> None:
    whole = ask_sweeps(markets, resolution)
    cut = int(OPENS[bar])
    parts = [
        ask_sweeps(markets, resolution, (0, cut)),
        ask_sweeps(markets, resolution, (cut + 1, END_MS)),
    ]
    for field in fields(BandSweeps):
        joined = np.concatenate([getattr(part, field.name) for part in parts])
        np.testing.assert_array_equal(joined, getattr(whole, field.name))


def test_every_resolution_knows_the_same_sweeps(markets: Markets) -> None:
    fine, coarse = ask_sweeps(markets, "5"), ask_sweeps(markets, "60")
    np.testing.assert_array_equal(fine.base_open_ms, coarse.base_open_ms)
    np.testing.assert_array_equal(coarse.open_time_ms, fine.base_open_ms // 3_600_000 * 3_600_000)
