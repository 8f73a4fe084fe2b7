"""Reported liquidations are counted exactly once."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import (
    BYBIT,
    HOUR,
    MINUTE,
    NEW_YEAR_2024,
    PRIOR,
    SEEDS,
    SIDES,
    differences,
    flat_market,
    random_market,
    single_bars,
    swept_now,
)
from tests.engine.markets import (
    book_of as walked,
)

from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.heatmaps import heatmap, with_liquidations
from liqbands.instrument import FloatArray, Side
from liqbands.market_data import Liquidations
from liqbands.readings import contracts_per_bin

FIVE = 5 * MINUTE
NEAR_BINS = 20  # 1 % of log price at 5 basis points a bin


def book_of(candles: Candles, **options: Any) -> Book:
    """Walk a book that takes reports out of its zones, which is off by default."""
    return walked(candles, **({"parameters": PRIOR} | options))


def predicted(candles: Candles) -> FloatArray:
    """Return what the model itself says is liquidated, shape (n_bars, 2)."""
    book = Book(BYBIT, PRIOR, timeframe_ms=candles.timeframe_ms)
    swept = []
    for bar in single_bars(candles):
        book.update(bar)
        swept.append(swept_now(book))
    return np.array(swept)


def reporting(candles: Candles, contracts: FloatArray) -> Candles:
    return replace(candles, long_liquidated=contracts[:, 0], short_liquidated=contracts[:, 1])


@settings(max_examples=10)
@given(SEEDS, st.floats(0, 1))
def test_reporting_no_more_than_predicted_changes_nothing(seed: int, share: float) -> None:
    candles = random_market(seed, 60, FIVE, 0.004)
    told = reporting(candles, share * predicted(candles))
    assert not differences(book_of(told), book_of(candles))


def test_reporting_what_was_predicted_inside_hourly_bars_changes_nothing() -> None:
    """The predicted include what is opened and liquidated inside a bar (model 3.3)."""
    candles = random_market(5, 40, HOUR, 0.02)
    told = book_of(reporting(candles, predicted(candles)))
    expected = [book_of(candles).ledger(side).swept for side in SIDES]
    assert [told.ledger(side).swept for side in SIDES] == pytest.approx(expected, rel=1e-9)


@settings(max_examples=10)
@given(SEEDS, st.floats(0.0, 50.0))
def test_reporting_more_sweeps_exactly_the_excess(seed: int, excess: float) -> None:
    candles = random_market(seed, 60, FIVE, 0.004)
    was = predicted(candles)
    more = np.full_like(was, np.nan)
    more[-1] = was[-1] + excess
    for s, side in enumerate(SIDES):
        before = book_of(candles).ledger(side)
        after = book_of(reporting(candles, more)).ledger(side)
        assert after.swept - before.swept == pytest.approx(min(excess, near(candles, s)), abs=1e-6)
        assert after.open_contracts == pytest.approx(before.open_contracts, rel=1e-9)


def near(candles: Candles, s: int) -> float:
    """Return what stood, before the last bar opened, in the 1 % beyond its extreme."""
    book = book_of(candles[:-1])
    low, high = float(candles.low[-1]), float(candles.high[-1])
    edge = np.log(low if s == 0 else high) / book.grid.step - 0.5
    first = int(np.ceil(edge)) - NEAR_BINS if s == 0 else int(np.floor(edge)) + 1
    return float(contracts_per_bin(book, first, NEAR_BINS)[s].sum())


def test_the_nearest_zones_give_first() -> None:
    """At a flat 100 the long bins nearest below go before any other is touched."""
    quiet = flat_market(2, timeframe_ms=FIVE)
    book = book_of(quiet[:1])
    first = int(book.grid.bin_of(np.array([100.0]))[0]) - NEAR_BINS
    before = contracts_per_bin(book, first, NEAR_BINS)[0]
    reported = before[-8:].sum() + 0.5 * before[-9]
    after = contracts_per_bin(
        book_of(replace(quiet, long_liquidated=np.array([0.0, reported]))), first, NEAR_BINS
    )[0]
    assert after[-7:].sum() == 0
    assert after[:8] == pytest.approx(before[:8], rel=0.2)


def test_more_than_the_near_zones_hold_is_not_taken_from_elsewhere() -> None:
    quiet = flat_market(2, timeframe_ms=FIVE, long_liquidated=[0.0, 1e9])
    first = book_of(quiet[:1])
    edge = int(first.grid.bin_of(np.array([100.0]))[0])
    held = contracts_per_bin(first, edge - NEAR_BINS - 1, NEAR_BINS + 2)[0].sum()
    assert book_of(quiet).ledger(Side.LONG).swept <= held


def test_the_switch_turns_reports_off() -> None:
    candles = random_market(3, 60, liquidations=True)
    silent = reporting(candles, np.full((60, 2), np.nan))
    off = replace(PRIOR, realised=False)
    assert not differences(book_of(candles, parameters=off), book_of(silent))


def test_events_replace_the_candles_own_columns() -> None:
    candles = random_market(3, 10, liquidations=True)
    events = Liquidations(
        NEW_YEAR_2024 + np.array([5, HOUR, 2 * HOUR - 1]),
        np.array([1, -1, 1], dtype=np.int8),
        np.full(3, 100.0),
        np.array([2.0, 3.0, 4.0]),
    )
    counted = with_liquidations(candles, events)
    assert counted.long_liquidated.tolist() == [2.0, 4.0] + [0.0] * 8
    assert counted.short_liquidated.tolist() == [0.0, 3.0] + [0.0] * 8
    np.testing.assert_array_equal(
        heatmap(candles, BYBIT, liquidations=events).notional, heatmap(counted, BYBIT).notional
    )
