"""A frame shows the engine's own cells and bands."""

from dataclasses import replace

import numpy as np
import pytest
from tests.engine.markets import BYBIT, random_market

import liqbands as lb
from liqbands_mt5.decode import decode
from liqbands_mt5.encode import encode
from liqbands_mt5.frame import Frame
from liqbands_mt5.from_engine import DYNAMIC_RANGE, bands_of, grid_of


@pytest.fixture(scope="module")
def heatmap() -> lb.Heatmap:
    return lb.heatmap(random_market(0, 600), BYBIT, window="1d", max_rows=200)


def test_cells_are_the_heatmaps_within_a_step(heatmap: lb.Heatmap) -> None:
    """A step is (2 ** 16) ** (1 / 254) = 1.0446, half of it 1.0221."""
    grid = grid_of(heatmap)
    assert grid is not None
    for plane, side in enumerate((heatmap.long_notional, heatmap.short_notional)):
        shown = side > grid.min_value
        ratio = grid.notional[plane][shown] / side[shown]
        assert ((ratio > 1 / 1.0222) & (ratio < 1.0222)).all()
        assert (grid.levels[plane][side < grid.min_value / 2] == 0).all()


def test_rows_and_columns_are_the_heatmaps(heatmap: lb.Heatmap) -> None:
    grid = grid_of(heatmap)
    assert grid is not None
    edges = grid.price_min * np.exp(grid.row_step * np.arange(heatmap.n_bands + 1))
    np.testing.assert_allclose(edges, heatmap.edges, rtol=1e-12)
    opens = grid.t0_ms + grid.column_ms * np.arange(grid.levels.shape[1])
    assert set(heatmap.open_time_ms.tolist()) <= set(opens.tolist())


def test_a_session_that_moved_by_an_hour_leaves_the_newest_in_place(heatmap: lb.Heatmap) -> None:
    moved = heatmap.open_time_ms.copy()
    moved[:-5] += heatmap.timeframe_ms // 4
    whole, grid = grid_of(heatmap), grid_of(replace(heatmap, open_time_ms=moved))
    assert whole is not None
    assert grid is not None
    np.testing.assert_array_equal(grid.levels, whole.levels)
    assert grid.t0_ms == whole.t0_ms


def test_the_scale_moves_by_powers_of_two_only(heatmap: lb.Heatmap) -> None:
    grid = grid_of(heatmap)
    assert grid is not None
    assert np.log2(grid.max_value) % 1 == 0
    assert grid.max_value / grid.min_value == DYNAMIC_RANGE


def test_bands_survive_the_way_to_the_chart() -> None:
    snapshot = lb.snapshot(random_market(0, 600), BYBIT)
    bands = lb.bands(snapshot)
    frame = Frame("BTCUSDT", 1, 2, 1, snapshot.mark, None, bands_of(bands))
    for read, band in zip(decode(encode(frame)).bands, bands, strict=True):
        assert (read.side, read.low, read.high) == (band.side, band.low, band.high)
        assert read.notional == pytest.approx(band.notional, rel=1e-6)


def test_an_empty_heatmap_has_no_grid() -> None:
    flat = lb.heatmap(random_market(0, 600), BYBIT, window="1d", low=1e-6, high=2e-6)
    assert grid_of(flat) is None
