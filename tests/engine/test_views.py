"""Views: sides, leverage layers, smoothing, survival; none of them invents a dollar."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.engine.markets import (
    BYBIT,
    HOUR,
    MARKETS,
    NEW_YEAR_2024,
    PRIOR,
    SEEDS,
    book_of,
    flat_market,
    random_market,
)

from liqbands.heatmaps import heatmap
from liqbands.instrument import ContractKind, Instrument, Side
from liqbands.ladder import LEVERAGE_GROUPS
from liqbands.view import View, smooth


@settings(max_examples=10)
@given(SEEDS, st.sampled_from([20, 400]))
def test_leverage_layers_add_up_to_the_whole(seed: int, max_rows: int) -> None:
    candles = random_market(seed, 40)
    whole = heatmap(candles, BYBIT, max_rows=max_rows).notional
    layers = [heatmap(candles, BYBIT, leverage=g, max_rows=max_rows) for g in LEVERAGE_GROUPS]
    total = np.sum([layer.notional.astype(np.float64) for layer in layers], axis=0)
    np.testing.assert_allclose(total, whole, rtol=1e-5, atol=1e-6 * float(whole.max()))


@settings(max_examples=10)
@given(SEEDS, st.sampled_from([20, 400]), st.sampled_from(["raw", "smoothed"]))
def test_the_sides_add_up_to_the_whole(seed: int, max_rows: int, mode: Any) -> None:
    candles = random_market(seed, 40)
    whole = heatmap(candles, BYBIT, max_rows=max_rows, mode=mode).notional
    longs, shorts = (
        heatmap(candles, BYBIT, max_rows=max_rows, mode=mode, side=side).notional for side in Side
    )
    np.testing.assert_allclose(longs + shorts, whole, rtol=1e-5)


@settings(max_examples=10)
@given(SEEDS, st.sampled_from([3, 20, 400]))
def test_one_side_of_a_heatmap_is_that_view(seed: int, max_rows: int) -> None:
    candles = random_market(seed, 40)
    whole = heatmap(candles, BYBIT, max_rows=max_rows)
    longs = heatmap(candles, BYBIT, max_rows=max_rows, side=Side.LONG)
    np.testing.assert_array_equal(longs.notional, whole.long_notional)
    np.testing.assert_array_equal(longs.long_notional, whole.long_notional)
    assert not longs.short_notional.any()


@settings(max_examples=10)
@given(SEEDS, st.sampled_from([20, 400]))
def test_smoothing_keeps_each_sides_sum_and_never_crosses_the_mark(
    seed: int, max_rows: int
) -> None:
    candles = random_market(seed, 40)
    raw = heatmap(candles, BYBIT, max_rows=max_rows)
    soft = heatmap(candles, BYBIT, max_rows=max_rows, mode="smoothed")
    rows = np.arange(raw.n_bands)
    for side, wrong in (
        ("long_notional", rows > raw.split_row[:, None]),
        ("short_notional", rows < raw.split_row[:, None]),
    ):
        sums = [getattr(shown, side).sum(axis=1) for shown in (raw, soft)]
        np.testing.assert_allclose(sums[1], sums[0], rtol=1e-4)
        assert (getattr(soft, side)[wrong] == 0).all()


ROWS = st.lists(st.floats(0, 1_000, width=32), min_size=2, max_size=12)


@given(ROWS, st.integers(-1, 12), st.sampled_from([1, -1]))
def test_smoothing_a_side_keeps_its_sum(values: list[float], split: int, sign: int) -> None:
    rows = np.arange(len(values))
    own = rows <= split if sign > 0 else rows >= split
    side: NDArray[np.float32] = np.where(own, values, 0).astype(np.float32)[None]
    soft = smooth(side, np.array([min(split, len(values))]), sign)
    assert soft.sum() == pytest.approx(side.sum(), rel=1e-5, abs=1e-3)
    assert (soft[0, ~own] == 0).all()
    assert (soft >= 0).all()


def test_smoothing_by_hand() -> None:
    """A single 8 in the middle becomes 2, 4, 2; at the mark (row 2) a long keeps the quarter."""
    side = np.array([[0, 0, 8, 0, 0]], dtype=np.float32)
    assert smooth(side, np.array([4]), 1).tolist() == [[0, 2, 4, 2, 0]]
    assert smooth(side, np.array([2]), 1).tolist() == [[0, 2, 6, 0, 0]]
    assert smooth(side, np.array([2]), -1).tolist() == [[0, 0, 6, 2, 0]]


@settings(max_examples=10)
@given(MARKETS)
def test_the_row_of_the_mark_is_split_and_the_others_are_one_sided(candles: Any) -> None:
    shown = heatmap(candles, BYBIT, max_rows=60)
    rows = np.arange(shown.n_bands)
    assert not shown.long_notional[rows > shown.split_row[:, None]].any()
    assert not shown.short_notional[rows < shown.split_row[:, None]].any()
    both = shown.long_notional + shown.short_notional
    np.testing.assert_allclose(both, shown.notional, rtol=1e-5)
    inside = (shown.split_row >= 0) & (shown.split_row < shown.n_bands)
    mark = shown.edges[np.clip(shown.split_row, 0, shown.n_bands - 1)]
    assert (shown.mark[inside] >= mark[inside] * (1 - 3e-4)).all()


def test_notional_is_contracts_times_the_bands_price() -> None:
    """Linear: contracts x size x price of the bin; inverse: contracts x face value."""
    candles = flat_market(1)
    linear = Instrument("bybit", "BTC/USDT:USDT", contract_size=0.5)
    wide: dict[str, Any] = {"low": 5.0, "high": 2_000.0, "max_rows": 10**6}
    shown = heatmap(candles, linear, PRIOR, **wide)
    contracts = (shown.notional[0] / (0.5 * shown.centers)).sum()
    assert contracts == pytest.approx(2 * 1_000.0, rel=1e-5)
    inverse = Instrument("bybit", "BTC/USD:BTC", ContractKind.INVERSE, contract_size=10.0)
    on_grid = sum(
        book_of(candles, inverse, parameters=PRIOR).ledger(side).standing for side in Side
    )
    total = heatmap(candles, inverse, PRIOR, **wide).notional.sum()
    assert total == pytest.approx(10.0 * on_grid, rel=1e-5)


def test_survival_makes_the_expected_and_scales_every_tier() -> None:
    candles = random_market(1, 30)
    n_tiers = book_of(candles).ladder.n_tiers
    whole = heatmap(candles, BYBIT)
    expected = heatmap(candles, BYBIT, survival=(0.25,) * n_tiers)
    assert (whole.quantity, expected.quantity) == ("standing", "expected")
    np.testing.assert_allclose(expected.notional, whole.notional / 4, rtol=1e-6)


def test_a_survival_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="survival must be 23 numbers of at least 0"):
        heatmap(flat_market(2), BYBIT, PRIOR, survival=(1.0, 1.0))


def test_a_layer_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"leverage must be one of 1-5x, .*, was '7x'"):
        heatmap(flat_market(2), BYBIT, leverage="7x")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": "2h"}, "window must be one of 12h"),
        ({"mode": "pretty"}, "mode must be raw or smoothed"),
        ({"max_columns": 0}, "max_columns must be at least 1"),
        ({"max_rows": -3}, "max_rows must be at least 1"),
        ({"low": 3.0, "high": 2.0}, "low must be below high"),
        ({"low": 0.0, "high": 2.0}, "low must be a positive price"),
    ],
)
def test_a_view_that_makes_no_sense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        View(**options)


def test_an_end_before_the_first_close_is_refused() -> None:
    with pytest.raises(ValueError, match="no bar is left"):
        heatmap(flat_market(3), BYBIT, end_ms=NEW_YEAR_2024 + HOUR - 1)


def test_a_start_after_the_last_bar_is_refused() -> None:
    with pytest.raises(ValueError, match="start_ms must not lie after the last bar"):
        heatmap(flat_market(3), BYBIT, start_ms=NEW_YEAR_2024 + 3 * HOUR)


def test_a_window_counts_back_from_the_last_close() -> None:
    shown = heatmap(flat_market(48), BYBIT, window="12h")
    assert shown.n_bars == 12
    assert shown.open_time_ms[0] == NEW_YEAR_2024 + 36 * HOUR
