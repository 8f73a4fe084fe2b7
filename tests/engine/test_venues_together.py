"""Several venues as one: the sum of the parts is the whole."""

from dataclasses import replace

import numpy as np
import pytest

from liqbands import Candles, Heatmap, Instrument, combine, heatmap
from liqbands.errors import GridMismatchError
from liqbands.venues_together import coarser

HOUR_MS = 3_600_000


def venue(name: str, shift: float = 0.0, n_bars: int = 60, seed: int = 1) -> Heatmap:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.004, n_bars)) + shift)
    candles = Candles.from_arrays(
        np.arange(n_bars) * HOUR_MS,
        open=close,
        high=close * 1.003,
        low=close * 0.997,
        close=close,
        volume=np.full(n_bars, 50.0),
        open_interest=np.full(n_bars, 1_000.0),
    )
    instrument = Instrument(name, "BTC/USDT:USDT")
    return heatmap(candles, instrument, low=60, high=170, max_rows=100_000)


def test_one_venue_is_its_own_sum() -> None:
    one = venue("bybit")
    np.testing.assert_allclose(combine([one]).heatmap.notional, one.notional, rtol=1e-6)


def test_the_sum_of_the_parts_is_the_whole() -> None:
    parts = [venue("bybit"), venue("okx", shift=0.0012), venue("gate", shift=-0.00031)]
    whole = combine(parts).heatmap
    for side in ("long_notional", "short_notional"):
        expected = sum(getattr(part, side).sum(axis=1, dtype=np.float64) for part in parts)
        # Up to 0.12 % of log price can leave the shown rows at their far ends.
        np.testing.assert_allclose(getattr(whole, side).sum(axis=1), expected, rtol=2e-3)


def test_a_venue_is_moved_by_the_ratio_of_the_marks() -> None:
    moved = combine([venue("bybit"), venue("okx", shift=0.0012)])
    np.testing.assert_allclose(moved.shift[1], -0.0012, atol=1e-12)


def test_a_shift_of_whole_bins_moves_every_row_by_as_many() -> None:
    reference, other = venue("bybit"), venue("okx", shift=4 * 0.0005)
    both = combine([reference, other]).heatmap.notional - reference.notional
    np.testing.assert_allclose(
        both[-1, 10:-10], other.notional[-1, 14:-6], rtol=1e-3, atol=reference.notional.max() * 1e-5
    )


def test_nothing_crosses_the_mark() -> None:
    whole = combine([venue("bybit"), venue("okx", shift=0.00027)]).heatmap
    rows = np.arange(whole.n_bands)
    assert (whole.long_notional[rows > whole.split_row[:, None]] == 0).all()
    assert (whole.short_notional[rows < whole.split_row[:, None]] == 0).all()


def test_a_missing_venue_is_left_out_and_named() -> None:
    late = venue("okx")
    late = replace(
        late,
        open_time_ms=late.open_time_ms[:40],
        notional=late.notional[:40],
        mark=late.mark[:40],
        split_row=late.split_row[:40],
        split_long=late.split_long[:40],
    )
    both = combine([venue("bybit"), late])
    assert both.is_present.sum(axis=1).tolist() == [60, 40]
    assert both.last_share["okx"] == pytest.approx(0.5, abs=0.01)


def test_rows_of_several_bins_keep_each_sides_sum() -> None:
    whole = venue("bybit")
    rows = coarser(whole, 100)
    assert rows.n_bands <= 101
    np.testing.assert_allclose(
        rows.long_notional.sum(axis=1), whole.long_notional.sum(axis=1), rtol=1e-5
    )


def test_other_row_heights_are_refused() -> None:
    with pytest.raises(GridMismatchError, match="rows must be one bin high"):
        combine([venue("bybit"), coarser(venue("okx"), 100)])
