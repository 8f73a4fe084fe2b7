"""Longs stand below the mark, shorts above it, and what the mark has reached is gone."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import (
    BYBIT,
    MARKETS,
    MINUTE,
    NEW_YEAR_2024,
    PRIOR,
    SEEDS,
    SIDES,
    book_of,
    flat_market,
    random_market,
    single_bars,
    unmasked,
)

from liqbands.bar import Bar
from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.instrument import Side
from liqbands.kernel.sweep import sweep_side
from liqbands.readings import contracts_per_bin

FIVE = 5 * MINUTE


def bar(i: int, low: float, high: float, **more: float) -> Bar:
    start, middle = NEW_YEAR_2024 + i * FIVE, (low + high) / 2
    return Bar(start, middle, high, low, middle, volume=0.0, open_interest=1_000.0, **more)


def swept_longs(book: Book) -> float:
    return book.ledger(Side.LONG).swept


@settings(max_examples=20)
@given(MARKETS)
def test_longs_stand_below_the_mark_and_shorts_above_it(candles: Candles) -> None:
    snapshot = book_of(candles).snapshot()
    longs, shorts = snapshot.contracts.sum(axis=1)
    assert (longs[snapshot.centers >= snapshot.mark] == 0).all()
    assert (shorts[snapshot.centers <= snapshot.mark] == 0).all()


@settings(max_examples=15)
@given(SEEDS)
def test_almost_nothing_stands_on_the_wrong_side_of_the_mark(seed: int) -> None:
    book = book_of(random_market(seed, 200, MINUTE, 0.001))
    above = unmasked(book, bin_of(book, book.last_mark) + 1, 4_000)[0]
    assert above.sum() < 1e-5 * book.ledger(Side.LONG).open_contracts


@settings(max_examples=15)
@given(SEEDS, st.floats(0.5, 0.999))
def test_after_a_low_no_older_long_stands_at_or_above_it(seed: int, share: float) -> None:
    """Nothing enters above the low either: the whole last bar trades there."""
    candles = random_market(seed, 60, FIVE, 0.003)
    book = book_of(candles)
    low = book.last_mark * share
    at = int(candles.open_time_ms[-1]) + FIVE
    book.update(Bar(at, low, low, low, low, volume=0.0))
    assert unmasked(book, bin_of(book, low) + 1, 3_000)[0].sum() == 0


def bin_of(book: Book, price: float) -> int:
    return int(book.grid.bin_of(np.array([price]))[0])


def longs_between(book: Book, low: float, high: float) -> float:
    first, last = bin_of(book, low), bin_of(book, high)
    return float(contracts_per_bin(book, first, last - first)[0].sum())


@settings(max_examples=15)
@given(SEEDS, st.integers(1, 400))
def test_sweeping_twice_is_sweeping_once(seed: int, depth: int) -> None:
    """The compiled sweep itself, with no openings in between."""
    book = book_of(random_market(seed, 60, FIVE, 0.003))
    z = bin_of(book, book.last_mark) - depth
    once = sweep_side(book.state, book.tiers, 0, z, z, 0.0, 1)
    assert once >= 0
    assert sweep_side(book.state, book.tiers, 0, z, z, 0.0, 2) == 0
    assert sweep_side(book.state, book.tiers, 0, z + 5, z + 5, 0.0, 3) == 0


@settings(max_examples=15)
@given(MARKETS)
def test_a_lower_low_never_sweeps_less(candles: Candles) -> None:
    swept = []
    for share in (1.0, 0.99, 0.9, 0.5):
        book = book_of(candles)
        before = swept_longs(book)
        at = int(candles.open_time_ms[-1]) + candles.timeframe_ms
        mark = book.last_mark
        book.update(Bar(at, mark, mark, mark * share, mark, volume=0.0))
        swept.append(swept_longs(book) - before)
    assert swept == sorted(swept)


def test_a_level_that_was_crossed_is_gone_when_the_price_returns() -> None:
    quiet = single_bars(flat_market(40, timeframe_ms=FIVE))
    book = Book(BYBIT, timeframe_ms=FIVE)
    book.update(quiet[0])
    assert longs_between(book, 90.0, 99.0) > 1.0
    at = int(quiet[1].open_time_ms)
    book.update(Bar(at, 100.0, 100.0, 89.0, 100.0, volume=0.0, open_interest=400.0))
    for later in quiet[2:]:
        book.update(Bar(later.open_time_ms, 100.0, 100.0, 100.0, 100.0, open_interest=400.0))
    assert longs_between(book, 89.1, 99.0) == 0


@pytest.mark.parametrize(("side", "extreme"), [(Side.LONG, "low"), (Side.SHORT, "high")])
def test_the_last_price_does_not_sweep_where_the_mark_is_known(side: Side, extreme: str) -> None:
    beyond = {"low": 90.0, "high": 110.0}[extreme]
    marks: dict[str, Any] = {"mark_low": np.full(2, 100.0), "mark_high": np.full(2, 100.0)}
    candles = flat_market(2, timeframe_ms=FIVE, mark_close=np.full(2, 100.0), **marks)
    wick: dict[str, Any] = {extreme: np.array([100.0, beyond])}
    wicked = flat_market(2, timeframe_ms=FIVE, **marks, **wick)
    assert book_of(candles).ledger(side).swept == book_of(wicked).ledger(side).swept == 0
    by_last = book_of(wicked, parameters=replace(PRIOR, mark_sweep=False))
    assert by_last.ledger(side).swept > 100


def test_without_the_mark_sweep_the_seed_stands_on_the_right_side_of_the_last_price() -> None:
    marks: dict[str, Any] = {name: [104.0] for name in ("mark_low", "mark_high", "mark_close")}
    book = book_of(flat_market(1, **marks), parameters=replace(PRIOR, mark_sweep=False))
    assert longs_between(book, 10.0, 100.0) == pytest.approx(1_000.0, rel=1e-9)


def test_a_wick_of_the_last_price_may_keep_a_share() -> None:
    """Body 100, wick to 90: with retention 1/2 half of what the wick reached stays."""
    wick = flat_market(2, timeframe_ms=FIVE, low=[100.0, 90.0])
    whole = book_of(wick, parameters=PRIOR).ledger(Side.LONG).swept
    half = book_of(wick, parameters=replace(PRIOR, wick_retention=0.5)).ledger(Side.LONG).swept
    assert half == pytest.approx(whole / 2, rel=1e-9)


def test_the_bin_whose_centre_is_reached_goes_and_the_next_one_stays() -> None:
    """Falling open interest: nothing is opened that could stand there instead."""
    book = Book(BYBIT, timeframe_ms=FIVE)
    book.update(bar(0, 100.0, 100.0))
    at = bin_of(book, 95.0)
    centre = float(book.grid.centers(at, 1)[0])
    book.update(replace(bar(1, centre * (1 + 1e-9), 100.0), open_interest=400.0))
    assert contracts_per_bin(book, at, 1)[0, 0] > 0
    assert contracts_per_bin(book, at + 1, 1)[0, 0] == 0
    book.update(replace(bar(2, centre * (1 - 1e-9), 100.0), open_interest=200.0))
    assert contracts_per_bin(book, at, 1)[0, 0] == 0


@settings(max_examples=10)
@given(SEEDS)
def test_a_mirrored_market_has_mirrored_sides_near_the_price(seed: int) -> None:
    """Shorts of exp(-x) stand where longs of exp(x) do, but for the venue's two distances."""
    candles = random_market(seed, 40, FIVE, 0.002, price=1.0)
    turned = Candles.from_arrays(
        candles.open_time_ms,
        open=1 / candles.open,
        high=1 / candles.low,
        low=1 / candles.high,
        close=1 / candles.close,
        volume=candles.volume,
        open_interest=candles.open_interest,
    )
    longs = book_of(candles).ledger(Side.LONG)
    shorts = book_of(turned).ledger(Side.SHORT)
    assert shorts.opened == pytest.approx(longs.opened, rel=0.02)
    assert [one.open_contracts for one in (longs, shorts)] == pytest.approx(
        [float(candles.open_interest[-1])] * 2
    )


def test_both_sides_hold_all_of_open_interest() -> None:
    book = book_of(flat_market(5, open_interest=[1_000.0, 1_200.0, 900.0, 900.0, 1_500.0]))
    assert [book.ledger(side).open_contracts for side in SIDES] == pytest.approx([1_500.0] * 2)


def test_an_unlevered_share_stands_off_the_grid_and_is_never_swept() -> None:
    """In 5-minute bars nothing dies inside the bar, so a crash to nothing sweeps the grid once."""
    seed = flat_market(1, timeframe_ms=FIVE)
    book = book_of(seed, parameters=replace(PRIOR, unlevered_share=0.25))
    off_grid = book.ledger(Side.LONG).off_grid
    book.update(Bar(NEW_YEAR_2024 + FIVE, 100.0, 100.0, 1e-3, 1.0, volume=0.0))
    assert off_grid > 250.0  # slow to close, so the stock holds more of it than the flow
    assert swept_longs(book) == pytest.approx(1_000.0 - off_grid)
