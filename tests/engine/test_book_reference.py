"""The fast book against the slow one of reference_book.py, bin by bin."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import (
    BINANCE,
    BYBIT,
    HOUR,
    MINUTE,
    PRIOR,
    SEEDS,
    SIDES,
    book_of,
    flat_market,
    random_market,
    unmasked,
)
from tests.engine.reference_book import ReferenceBook

from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.heatmaps import heatmap
from liqbands.instrument import Instrument
from liqbands.parameters import Parameters

IN_2026 = 1_770_000_000_000
CALM_MARKETS = st.builds(
    random_market,
    seed=SEEDS,
    n_bars=st.integers(2, 40),
    timeframe_ms=st.sampled_from([MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR]),
    volatility=st.sampled_from([0.0005, 0.004, 0.012]),
    price=st.sampled_from([0.9, 7.5, 60_000.0]),
    start_ms=st.just(IN_2026),
    gaps=st.booleans(),
    holes=st.booleans(),
    extras=st.booleans(),
    liquidations=st.booleans(),
)


def slow_book(candles: Candles, fast: Book, *, by_bar: bool = False) -> ReferenceBook:
    low, high = float(candles.low.min()), float(candles.high.max())
    slow = ReferenceBook(
        fast.ladder,
        fast.tiers,
        fast.grid.step,
        candles.timeframe_ms,
        low,
        high,
        fast.parameters,
        by_bar,
    )
    slow.extend(candles)
    return slow


def assert_same_book(candles: Candles, instrument: Instrument, **options: Parameters) -> None:
    fast = book_of(candles, instrument, **({"parameters": PRIOR} | options))
    slow = slow_book(candles, fast)
    tolerance = 1e-12 * np.nanmax([slow.open_interest, 1.0])
    np.testing.assert_allclose(
        unmasked(fast, slow.first_bin, slow.n_bins), slow.contracts(), rtol=1e-9, atol=tolerance
    )
    swept = [fast.ledger(side).swept for side in SIDES]
    np.testing.assert_allclose(swept, slow.swept, rtol=1e-9, atol=tolerance)


@settings(max_examples=25)
@given(CALM_MARKETS)
def test_every_bin_equals_the_slow_book(candles: Candles) -> None:
    assert_same_book(candles, BYBIT)


@settings(max_examples=8)
@given(CALM_MARKETS)
def test_every_bin_equals_the_slow_book_by_another_venues_rule(candles: Candles) -> None:
    assert_same_book(candles, BINANCE)


@pytest.mark.parametrize(
    "parameters",
    [
        replace(PRIOR, unlevered_share=0.3),
        replace(PRIOR, ladder_share=0.2, ladder_median=0.3, ladder_spread=0.7),
        replace(PRIOR, participation=1.0, taker_weight=0.9),
        replace(PRIOR, seed_volatility=0.004, seed_turnover=1.0),
    ],
    ids=["unlevered", "ladder", "flow", "seed"],
)
def test_every_bin_equals_the_slow_book_with_other_settings(parameters: Parameters) -> None:
    candles = random_market(4, 50, volatility=0.012, start_ms=IN_2026, extras=True)
    assert_same_book(candles, BYBIT, parameters=parameters)


def test_the_random_markets_reach_both_closing_branches() -> None:
    candles = random_market(1, 60, start_ms=IN_2026)
    slow = slow_book(candles, book_of(candles, parameters=PRIOR))
    assert 5 < slow.newton_bars < 55


def test_the_comparison_would_notice_a_misplaced_bin() -> None:
    candles = random_market(1, 10, start_ms=IN_2026)
    fast = book_of(candles, parameters=PRIOR)
    slow = slow_book(candles, fast)
    assert (
        np.abs(
            np.roll(unmasked(fast, slow.first_bin, slow.n_bins), 1, axis=1) - slow.contracts()
        ).max()
        > 1.0
    )


@settings(max_examples=3)
@given(SEEDS, st.booleans())
def test_young_positions_equal_the_slow_books_latest_bars(seed: int, more: bool) -> None:
    candles = random_market(
        seed, 20, volatility=0.008, start_ms=IN_2026, extras=more, liquidations=more
    )
    slow = slow_book(candles, book_of(candles, parameters=PRIOR), by_bar=True)
    low, high = np.exp(slow.centers[[0, -1]])
    shown = heatmap(candles, BYBIT, PRIOR, max_age="12h", max_rows=10**6, low=low, high=high)
    young = slow.contracts(from_cohort=1 + 20 - 12) * shown.centers
    young[0, shown.centers >= shown.mark[-1]] = 0
    young[1, shown.centers <= shown.mark[-1]] = 0
    largest = float(slow.contracts().max() * shown.mark[-1])
    for mine, engine in zip(young, (shown.long_notional, shown.short_notional), strict=True):
        np.testing.assert_allclose(engine[-1], mine, rtol=1e-6, atol=1e-9 * largest)


def test_a_flat_market_without_volume_keeps_its_seed() -> None:
    candles = flat_market(10)
    fast = book_of(candles, parameters=PRIOR)
    first = slow_book(candles[:1], fast).contracts()
    np.testing.assert_allclose(slow_book(candles, fast).contracts(), first, rtol=1e-12)
