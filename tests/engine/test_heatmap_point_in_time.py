"""A column knows nothing of what came after it, nor of what else is shown."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import (
    BYBIT,
    DAY,
    EURUSD,
    HOUR,
    MARKETS,
    MINUTE,
    NEW_YEAR_2024,
    SEEDS,
    SPY,
    random_market,
)

from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.continued import continued_heatmap
from liqbands.heatmaps import basis_of, heatmap
from liqbands.instrument import Instrument, Side
from liqbands.results import Heatmap

EVERYTHING: dict[str, Any] = {"max_columns": 10**6}
BYBIT_RULE_CHANGE = 1_756_771_200_000


def fixed_rows(candles: Candles) -> dict[str, Any]:
    return {"low": float(candles.low.min()) / 1.5, "high": float(candles.high.max()) * 1.5}


def assert_first_columns(part: Heatmap, whole: Heatmap) -> None:
    n = part.n_bars
    for name in ("open_time_ms", "notional", "mark", "split_row", "split_long", "seed_share"):
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[:n])
    np.testing.assert_array_equal(part.edges, whole.edges)


@settings(max_examples=20)
@given(MARKETS, st.floats(0.01, 1), st.sampled_from([None, "12h"]))
def test_the_past_does_not_change_when_bars_are_added(
    candles: Candles, share: float, max_age: str | None
) -> None:
    view = fixed_rows(candles) | EVERYTHING | {"max_age": max_age}
    some = candles[: max(1, round(share * len(candles)))]
    assert_first_columns(heatmap(some, BYBIT, **view), heatmap(candles, BYBIT, **view))


@settings(max_examples=10)
@given(SEEDS, st.sampled_from([EURUSD, SPY]), st.integers(1, 200))
def test_stop_pools_do_not_look_ahead(seed: int, instrument: Instrument, n_bars: int) -> None:
    candles = random_market(seed, 200, volatility=0.004, gaps=True, open_interest=False)
    view = fixed_rows(candles) | EVERYTHING
    part = heatmap(candles[:n_bars], instrument, **view)
    assert_first_columns(part, heatmap(candles, instrument, **view))


def test_a_new_rule_of_the_venue_does_not_change_the_past() -> None:
    candles = random_market(5, 96, start_ms=BYBIT_RULE_CHANGE - 2 * DAY)
    view = fixed_rows(candles) | EVERYTHING
    assert_first_columns(heatmap(candles[:48], BYBIT, **view), heatmap(candles, BYBIT, **view))


@settings(max_examples=10)
@given(MARKETS, st.floats(0.05, 0.95))
def test_an_end_equals_a_truncation(candles: Candles, share: float) -> None:
    end_ms = int(candles.open_time_ms[0] + share * len(candles) * candles.timeframe_ms)
    closes = candles.open_time_ms + candles.timeframe_ms
    n_bars = max(1, int((closes <= end_ms).sum()))
    ended = heatmap(candles, BYBIT, end_ms=max(end_ms, int(closes[0])))
    assert_first_columns(heatmap(candles[:n_bars], BYBIT), ended)


@settings(max_examples=10)
@given(SEEDS, st.sampled_from(["12h", "1d", "3d"]), st.sampled_from([None, "1d"]))
def test_a_window_changes_no_cell(seed: int, window: str, max_age: str | None) -> None:
    candles = random_market(seed, 120, holes=True)
    view = fixed_rows(candles) | EVERYTHING | {"max_age": max_age}
    whole = heatmap(candles, BYBIT, **view)
    some = heatmap(candles, BYBIT, window=window, **view)
    assert some.n_bars < whole.n_bars
    np.testing.assert_array_equal(some.notional, whole.notional[-some.n_bars :])


@settings(max_examples=10)
@given(SEEDS, st.integers(2, 9), st.sampled_from(["1d", None]))
def test_coarser_rows_are_sums_of_whole_rows(seed: int, factor: int, max_age: str | None) -> None:
    candles = random_market(seed, 30)
    view = fixed_rows(candles) | {"max_age": max_age}
    fine = heatmap(candles, BYBIT, max_rows=10**6, **view)
    coarse = heatmap(candles, BYBIT, max_rows=-(-fine.n_bands // factor), **view)
    assert coarse.first_bin % coarse.bins_per_row == 0
    first = fine.first_bin - coarse.first_bin
    padded = np.zeros((fine.n_bars, coarse.n_bands * coarse.bins_per_row))
    padded[:, first : first + fine.n_bands] = fine.notional
    inner = padded.reshape(fine.n_bars, coarse.n_bands, -1).sum(axis=2)[:, 1:-1]
    np.testing.assert_allclose(coarse.notional[:, 1:-1], inner, rtol=1e-6)


@settings(max_examples=10)
@given(SEEDS, st.integers(3, 60), st.booleans())
def test_coarser_columns_are_last_states(seed: int, max_columns: int, gaps: bool) -> None:
    candles = random_market(seed, 120, 5 * MINUTE, 0.003, gaps=gaps)
    fine = heatmap(candles, BYBIT, **EVERYTHING)
    coarse = heatmap(candles, BYBIT, max_columns=max_columns)
    last = np.searchsorted(fine.open_time_ms, coarse.open_time_ms + coarse.timeframe_ms) - 1
    assert coarse.n_bars <= max_columns
    assert coarse.timeframe_ms % fine.timeframe_ms == 0
    np.testing.assert_array_equal(coarse.notional, fine.notional[last])
    np.testing.assert_array_equal(coarse.open_time_ms % coarse.timeframe_ms, 0)


@settings(max_examples=15)
@given(SEEDS, st.integers(2, 40))
def test_no_more_rows_than_asked_for(seed: int, max_rows: int) -> None:
    assert heatmap(random_market(seed, 20), BYBIT, max_rows=max_rows).n_bands <= max_rows


@settings(max_examples=10)
@given(SEEDS)
def test_rows_are_whole_bins_counted_from_bin_zero(seed: int) -> None:
    """Bin i starts at exp(i * 0.0005), so every edge is a whole multiple on the log scale."""
    shown = heatmap(random_market(seed, 20), BYBIT, max_rows=50)
    rows = np.log(shown.edges) / (0.0005 * shown.bins_per_row)
    np.testing.assert_allclose(rows, np.rint(rows), atol=1e-6)


def test_what_is_forming_is_marked_and_nothing_else() -> None:
    candles = random_market(1, 30)
    forming = heatmap(
        Candles.from_arrays(
            candles.open_time_ms,
            last_is_forming=True,
            **{name: getattr(candles, name) for name in ("open", "high", "low", "close")},
        ),
        BYBIT,
    )
    assert forming.is_forming.tolist() == [False] * 29 + [True]
    assert not heatmap(candles, BYBIT).is_forming.any()


def test_a_group_of_bars_that_is_not_full_is_forming() -> None:
    """Columns of 2 h start at even hours: of 5 bars the last is the first half of one."""
    shown = heatmap(random_market(1, 5), BYBIT, max_columns=3)
    assert shown.timeframe_ms == 2 * HOUR
    assert shown.open_time_ms.tolist() == [NEW_YEAR_2024 + h * HOUR for h in (0, 2, 4)]
    assert shown.is_forming.tolist() == [False, False, True]


@pytest.mark.parametrize("view", [{"low": 1e6}, {"high": 1e-6}, {"low": -5.0}, {"high": -1.0}])
def test_prices_that_show_nothing_are_refused_with_a_reason(view: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^(low|high)\b"):
        heatmap(random_market(1, 5), BYBIT, **view)


@settings(max_examples=15)
@given(MARKETS, st.integers(1, 5), st.sampled_from([None, 1]), st.sampled_from(["raw", "smoothed"]))
def test_what_further_bars_would_show_is_what_they_show_when_they_are_there(
    candles: Candles, n_further: int, side: int | None, mode: str
) -> None:
    n_seen = max(1, len(candles) - n_further)
    view = fixed_rows(candles) | EVERYTHING | {"side": side and Side(side), "mode": mode}
    book = Book(BYBIT, timeframe_ms=candles.timeframe_ms, basis=basis_of(candles))
    book.extend(candles[:n_seen])
    before = book.snapshot().contracts.copy()
    seen = continued_heatmap(book, candles[n_seen:], **view) if n_seen < len(candles) else None
    np.testing.assert_array_equal(book.snapshot().contracts, before)
    if seen is not None:
        whole = heatmap(candles, BYBIT, **view)
        np.testing.assert_array_equal(seen.notional, whole.notional[n_seen:])
        np.testing.assert_array_equal(seen.split_row, whole.split_row[n_seen:])
