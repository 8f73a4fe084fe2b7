"""The absolute price grid: a bin means the same prices for everyone."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.errors import GridMismatchError
from liqbands.grid import GRID_STEPS, PriceGrid
from liqbands.instrument import MarketKind

STEPS = st.sampled_from([1e-4, 2e-4, 5e-4, 1e-3])
PRICES = st.floats(1e-8, 1e8)
BINS = st.integers(-30_000, 30_000)


def bin_of(grid: PriceGrid, price: float) -> int:
    return int(grid.bin_of(np.array([price]))[0])


@given(STEPS, PRICES)
def test_a_price_lies_between_the_edges_of_its_bin(step: float, price: float) -> None:
    grid = PriceGrid(step)
    low, high = grid.edges(bin_of(grid, price), 1)
    assert low * (1 - 1e-12) <= price < high * (1 + 1e-12)


@given(STEPS, BINS)
def test_the_centre_of_a_bin_lies_in_it(step: float, b: int) -> None:
    grid = PriceGrid(step)
    assert bin_of(grid, float(grid.centers(b, 1)[0])) == b


@given(STEPS, PRICES, st.integers(-500, 500))
def test_scaling_prices_by_whole_bins_moves_by_whole_bins(
    step: float, price: float, by: int
) -> None:
    grid = PriceGrid(step)
    middle = float(grid.centers(bin_of(grid, price), 1)[0])
    assert bin_of(grid, middle * math.exp(by * step)) == bin_of(grid, price) + by


@given(STEPS, BINS, st.integers(1, 20), st.integers(1, 9))
def test_rows_of_several_bins_share_the_bins_edges(
    step: float, first: int, n_rows: int, per_row: int
) -> None:
    grid = PriceGrid(step)
    fine = grid.edges(first, n_rows * per_row)
    np.testing.assert_array_equal(grid.edges(first, n_rows, per_row), fine[::per_row])


@given(STEPS, BINS, st.integers(1, 9))
def test_a_centre_is_the_geometric_middle_of_its_edges(step: float, first: int, n: int) -> None:
    grid = PriceGrid(step)
    edges = grid.edges(first, 5, n)
    np.testing.assert_allclose(grid.centers(first, 5, n), np.sqrt(edges[:-1] * edges[1:]))


def test_bins_are_the_floor_of_the_logarithm() -> None:
    """ln 100 = 4.60517 = 9210.34 x 0.0005."""
    assert bin_of(PriceGrid(0.0005), 100.0) == 9_210


def test_the_edges_by_hand() -> None:
    """exp(9210 x 0.0005) = exp(4.605) = 99.98298."""
    edges = PriceGrid(0.0005).edges(9_210, 1)
    np.testing.assert_allclose(edges, [99.98298, 100.03299], rtol=1e-7)


@pytest.mark.parametrize("step", [0.0, -1e-3, 1.0, math.nan])
def test_a_step_outside_of_zero_and_one_is_refused(step: float) -> None:
    with pytest.raises(ValueError, match="grid step must be in"):
        PriceGrid(step)


def test_grids_of_different_steps_do_not_mix() -> None:
    PriceGrid(5e-4).require_same(PriceGrid(5e-4))
    with pytest.raises(GridMismatchError, match=r"same step, were 0.0005 and 0.001"):
        PriceGrid(5e-4).require_same(PriceGrid(1e-3))


def test_every_kind_of_market_has_a_grid_of_whole_basis_points() -> None:
    assert set(GRID_STEPS) == set(MarketKind)
    for kind in MarketKind:
        points = PriceGrid.of(kind).step / 1e-4
        assert points == pytest.approx(round(points))
