"""The views of young positions: what was opened within 12 hours, a day, a week."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import (
    BYBIT,
    DAY,
    HOUR,
    MINUTE,
    NEW_YEAR_2024,
    PRIOR,
    SEEDS,
    flat_market,
    random_market,
)

from liqbands.heatmaps import heatmap, snapshot
from liqbands.instrument import FloatArray
from liqbands.results import Heatmap

WIDE: dict[str, Any] = {"low": 10.0, "high": 1_000.0, "max_rows": 10**6}
BYBIT_RULE_CHANGE = 1_756_771_200_000


def contracts(shown: Heatmap) -> FloatArray:
    """Return long and short contracts per column, shape (n_columns, 2)."""
    sides = (shown.long_notional, shown.short_notional)
    return np.stack([(side / shown.centers).sum(axis=1) for side in sides], axis=1)


@settings(max_examples=15)
@given(SEEDS, st.sampled_from(["12h", "1d", "3d"]), st.booleans())
def test_the_young_are_part_of_all(seed: int, max_age: str, liquidations: bool) -> None:
    candles = random_market(seed, 120, extras=True, liquidations=liquidations)
    young = heatmap(candles, BYBIT, max_age=max_age).notional
    whole = heatmap(candles, BYBIT).notional
    assert (young <= whole * (1 + 1e-6)).all()
    assert (young >= 0).all()


@settings(max_examples=10)
@given(SEEDS)
def test_a_longer_age_shows_no_less(seed: int) -> None:
    candles = random_market(seed, 120, holes=True)
    half, day, three = (
        heatmap(candles, BYBIT, max_age=age).notional for age in ("12h", "1d", "3d")
    )
    largest = three.max()
    assert (half <= day + 1e-6 * largest).all()
    assert (day <= three + 1e-6 * largest).all()


@settings(max_examples=10)
@given(SEEDS, st.sampled_from([5 * MINUTE, HOUR]))
def test_an_age_beyond_the_whole_history_shows_all_but_the_seed(
    seed: int, timeframe_ms: int
) -> None:
    """The seed was opened before the book began; all that came since is younger than that."""
    candles = random_market(seed, 40, timeframe_ms, liquidations=True)
    young = heatmap(candles, BYBIT, max_age="3d").notional
    whole = heatmap(candles, BYBIT).notional
    assert (young[0] == 0).all()
    assert (young <= whole * (1 + 1e-6)).all()


def test_positions_are_young_for_half_a_day_and_not_longer() -> None:
    """Open interest rises by 100 in bar 20 of a flat market without volume.

    Flow = max(0, 100), openings = flow + 100 = 200, half of them long; nothing closes.
    """
    open_interest = np.r_[np.full(20, 1_000.0), np.full(20, 1_100.0)]
    candles = flat_market(40, open_interest=open_interest)
    young = contracts(heatmap(candles, BYBIT, PRIOR, max_age="12h", **WIDE))
    shown = np.zeros((40, 2))  # the seed was opened before the book began
    shown[20:32] = 100.0  # ages 0 h to 11 h
    np.testing.assert_allclose(young, shown, rtol=1e-5, atol=1e-6)


def test_a_sweep_takes_the_young_and_the_old() -> None:
    """Bar 20 opens 100 at 100; bar 25 touches 90 while open interest falls, so nothing enters."""
    open_interest = np.r_[np.full(20, 1_000.0), np.full(5, 1_100.0), np.full(3, 400.0)]
    low = np.full(28, 100.0)
    low[25] = 90.0
    candles = flat_market(28, timeframe_ms=5 * MINUTE, open_interest=open_interest, low=low)
    for max_age in ("12h", None):
        longs = heatmap(candles, BYBIT, max_age=max_age, **WIDE).long_notional
        crossed = np.log(heatmap(candles, BYBIT, **WIDE).centers) >= np.log(90.0)
        assert longs[24, crossed].sum() > 100.0
        assert (longs[25:, crossed] == 0).all()


def test_the_young_view_holds_across_a_change_of_rule() -> None:
    candles = random_market(5, 60, start_ms=BYBIT_RULE_CHANGE - 30 * HOUR)
    young = heatmap(candles, BYBIT, max_age="12h").notional
    whole = heatmap(candles, BYBIT).notional
    assert (young <= whole * (1 + 1e-6)).all()
    assert young[-1].sum() < whole[-1].sum()


def test_what_entered_after_the_window_moved_is_young() -> None:
    """The price doubles for an hour: what stood far below falls off the stored bins.

    The highest average price is 166.7; 3,351 bins of 5 bp below it end at 31.2.  All that stands
    below that afterwards was opened since, so the young are all.
    """
    path = np.r_[np.full(20, 100.0), 200.0, np.full(7, 100.0)]
    opened = np.r_[100.0, path[:-1]]
    high, low = np.maximum(path, opened), np.minimum(path, opened)
    volume = np.full(28, 3_000.0)
    candles = flat_market(28, open=opened, high=high, low=low, close=path, volume=volume)
    far: dict[str, Any] = {"low": 26.0, "high": 31.1, "max_rows": 10**6}
    young = heatmap(candles, BYBIT, max_age="12h", **far).notional[-1]
    np.testing.assert_allclose(young, heatmap(candles, BYBIT, **far).notional[-1], rtol=1e-6)


def test_the_mean_age_is_the_time_since_entry() -> None:
    """The seed's ages are the model's; 100 contracts of bar 20 are 5 h old after bar 25.

    The seed holds s contracts in a bin and the entry n: (n * 5 h + s * seed's age) / (n + s).
    """
    before = snapshot(flat_market(26), BYBIT)
    open_interest = np.r_[np.full(20, 1_000.0), np.full(6, 1_100.0)]
    after = snapshot(flat_market(26, open_interest=open_interest), BYBIT)
    seed, both = before.contracts[0].sum(axis=0), after.contracts[0].sum(axis=0)
    added = both - seed
    touched = added > 1e-9
    expected = (added * 5 * HOUR + seed * before.mean_age_ms[0])[touched] / both[touched]
    np.testing.assert_allclose(after.mean_age_ms[0][touched], expected, rtol=1e-6)


def test_a_bin_has_stood_unswept_since_its_positions_came() -> None:
    """The price jumps by 6 % and rests: what stands there has stood since the jump."""
    path = np.r_[100.0, np.full(59, 106.0)]
    candles = flat_market(60, open=path, high=path, low=path, close=path, volume=np.full(60, 500.0))
    seen = snapshot(candles, BYBIT)
    at = int(seen.grid.bin_of(np.array([105.3]))[0]) - seen.first_bin  # the 100x of the rest
    assert seen.contracts[0, :, at].sum() > 0
    assert seen.unswept_since_ms[0, at] <= NEW_YEAR_2024 + 3 * HOUR


def test_a_swept_bin_has_stood_unswept_since_the_sweep_at_most() -> None:
    low = np.full(40, 100.0)
    low[30] = 95.0
    seen = snapshot(flat_market(40, low=low, volume=np.full(40, 500.0)), BYBIT)
    at = int(seen.grid.bin_of(np.array([96.0]))[0]) - seen.first_bin
    assert seen.unswept_since_ms[0, at] >= NEW_YEAR_2024 + 31 * HOUR


def test_the_earlier_copy_is_half_a_day_to_a_day_old() -> None:
    for n_bars in (13, 24, 30, 47, 60):
        seen = snapshot(random_market(1, n_bars, start_ms=NEW_YEAR_2024 - 5 * HOUR), BYBIT)
        if seen.earlier_age_ms:
            assert DAY // 2 <= seen.earlier_age_ms < DAY
        else:
            assert np.isnan(seen.earlier_contracts).all()
    assert seen.earlier_age_ms > 0


def test_the_earlier_copy_is_the_book_of_then() -> None:
    candles = random_market(1, 60)
    seen = snapshot(candles, BYBIT)
    n_then = 60 - seen.earlier_age_ms // HOUR
    then = snapshot(candles[:n_then], BYBIT)
    offset = then.first_bin - seen.first_bin
    whole = np.zeros_like(seen.earlier_contracts)
    low, high = max(offset, 0), min(offset + then.n_bins, seen.n_bins)
    whole[:, low:high] = then.contracts.sum(axis=1)[:, low - offset : high - offset]
    np.testing.assert_allclose(seen.earlier_contracts, whole, rtol=1e-12, atol=1e-12)


def test_an_unknown_age_is_refused() -> None:
    with pytest.raises(ValueError, match="max_age must be one of 12h, 1d"):
        heatmap(flat_market(3), BYBIT, max_age="2h")
