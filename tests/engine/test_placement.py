"""Ladders on the grid: kernels, offsets, cells and the stationary seed."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.markets import BINANCE, BYBIT, PRIOR, cell_of, kernel_of

from liqbands.grid import PriceGrid
from liqbands.instrument import MarketKind
from liqbands.kernel.field import cell_center, last_of_cell
from liqbands.kernel.state import NEAREST, SEED_AGE, SEED_AMOUNT, SEED_SCALE, Tiers
from liqbands.ladder import leverage_ladder, stop_ladder
from liqbands.parameters import Parameters
from liqbands.placement import CELLS_PER_HAT, REACH, hat_kernel, lay_on_grid

RATIO = (0.9 / 0.004) ** (1 / 15)
DISTANCES = st.floats(0.002, 1.2)
STEPS = st.sampled_from([1e-4, 2e-4, 5e-4])


def tiers_of(parameters: Parameters | None = None) -> Tiers:
    settings = parameters or PRIOR
    ladder = leverage_ladder(BINANCE, settings, None)
    return lay_on_grid(ladder, PriceGrid(5e-4), settings, REACH[MarketKind.PERPETUAL])


@given(DISTANCES, STEPS)
def test_a_hat_sums_to_one_and_stays_within_the_ratio(distance: float, step: float) -> None:
    first, shares = hat_kernel(distance, RATIO, step)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares >= 0).all()
    assert first * step >= distance / RATIO - step
    assert (first + len(shares) - 1) * step <= distance * RATIO + step


@given(st.floats(0.02, 1.2), STEPS)
def test_a_hat_is_centred_on_its_distance_in_the_logarithm(distance: float, step: float) -> None:
    """Triangular in ln x, so the mean of ln x is ln d: symmetric sides cancel."""
    first, shares = hat_kernel(distance, RATIO, step)
    x = (first + np.arange(len(shares))) * step
    assert shares @ np.log(x) == pytest.approx(math.log(distance), abs=0.002)


def test_a_hat_by_hand() -> None:
    """d = 4 bins, ratio 2: bins 3 to 7 weigh (1 - |ln(x/4)| / ln 2) / x.

    Bin 3: (1 - .4150) / 3 = .1950; 4: 1/4; 5: (1 - .3219) / 5 = .1356; 6: (1 - .5850) / 6 = .0692;
    7: (1 - .8074) / 7 = .0275; bins 2 and 8 weigh nothing; the sum is .6773.
    """
    first, shares = hat_kernel(0.004, 2.0, 0.001)
    by_hand = np.array([0.0, 0.1950, 0.25, 0.1356, 0.0692, 0.0275, 0.0]) / 0.6773
    np.testing.assert_allclose(shares, by_hand, atol=2e-4)
    assert first == 2


def test_a_hat_narrower_than_a_bin_stands_in_one() -> None:
    first, shares = hat_kernel(0.0104, 1.01, 0.001)
    assert (first, shares.tolist()) == (10, [1.0])


@given(st.floats(0.001, 1.2), STEPS)
def test_a_spike_keeps_its_mean_distance(distance: float, step: float) -> None:
    first, shares = hat_kernel(distance, 1.0, step)
    assert shares.sum() == pytest.approx(1.0)
    mean = shares @ (first + np.arange(len(shares)))
    assert mean * step == pytest.approx(distance, abs=1e-8)


def test_a_spike_is_split_linearly_over_two_bins() -> None:
    """10.3 bins away: bin 10 gets .7 and bin 11 gets .3."""
    first, shares = hat_kernel(0.0103, 1.0, 0.001)
    assert first == 10
    assert shares == pytest.approx([0.7, 0.3])


def test_every_kernel_on_the_grid_sums_to_one() -> None:
    tiers = tiers_of(replace(PRIOR, unlevered_share=0.1))
    n_tiers = tiers.span.shape[2]
    for s in range(2):
        for k in range(n_tiers - 1):
            assert kernel_of(tiers, s, k)[1].sum() == pytest.approx(1.0)
        assert len(kernel_of(tiers, s, n_tiers - 1)[1]) == 0


def test_the_hundredfold_long_stands_twelve_bins_below_its_entry() -> None:
    """ln(.99 / .996) = -.6042 % = 12.08 bins of 5 bp: .92 in bin 12, .08 in bin 13."""
    offset, shares = kernel_of(tiers_of(), 0, -2)
    assert offset == 12
    assert shares == pytest.approx([0.9156, 0.0844], abs=5e-4)


def test_the_longest_kernel_lies_within_the_window() -> None:
    """0.9 and its hat reach to 0.9 x 1.435 = 1.29."""
    assert tiers_of().furthest * 5e-4 == pytest.approx(0.9 * RATIO, abs=0.002)
    assert REACH[MarketKind.PERPETUAL] > 0.9 * RATIO


def test_cells_are_powers_of_two_of_about_a_fortieth_of_the_hat() -> None:
    tiers = tiers_of()
    for k in range(tiers.span.shape[2]):
        width = max(len(kernel_of(tiers, s, k)[1]) for s in range(2))
        assert cell_of(tiers, k) * CELLS_PER_HAT <= max(width, CELLS_PER_HAT)
        assert 2 * cell_of(tiers, k) * CELLS_PER_HAT > width


@given(st.integers(-(10**6), 10**6), st.integers(0, 6))
def test_an_entry_lies_in_the_cell_that_stands_for_it(z: int, shift: int) -> None:
    center, last = cell_center(z, shift), last_of_cell(z, shift)
    assert last - 2**shift < z <= last
    assert last - 2**shift < center <= last
    assert abs(center - z) <= 2**shift / 2


@pytest.mark.parametrize("daily_range", [0.003, 0.01, 0.05, 0.3])
def test_no_entry_stands_nearer_than_the_quick_check_believes(daily_range: float) -> None:
    """`flush_reached` trusts `nearest`; snapping may move an entry up by half a cell."""
    parameters = PRIOR
    ladder = stop_ladder(MarketKind.FOREX, daily_range, parameters)
    tiers = lay_on_grid(ladder, PriceGrid(1e-4), parameters, REACH[MarketKind.FOREX])
    for k in range(tiers.n_entry):
        raised = cell_of(tiers, k) // 2
        for s in range(2):
            offset, shares = kernel_of(tiers, s, k)
            if len(shares):
                assert offset - raised >= tiers.limit[s, NEAREST]


def test_the_seed_holds_the_more_the_slower_a_tier_closes() -> None:
    """T_k ~ 1/h_k, scaled so that the weighted sum is one contract per contract."""
    ladder, tiers = leverage_ladder(BINANCE, PRIOR, None), tiers_of()
    for s in range(2):
        share = 1 / ladder.hazard[s] / (ladder.weight / ladder.hazard[s]).sum()
        assert tiers.value[s, SEED_AMOUNT] == pytest.approx(share)
        assert ladder.weight @ tiers.value[s, SEED_AMOUNT] == pytest.approx(1.0)


def test_the_seeds_entries_spread_by_a_random_walk_over_their_age() -> None:
    """rate = .3 x 3 / 2 x h / h-bar a day; scale = 2 % / sqrt(2 rate), in bins of 5 bp."""
    ladder, tiers = leverage_ladder(BINANCE, PRIOR, None), tiers_of()
    mean = 1 / (ladder.weight / ladder.hazard[0]).sum()
    rate = 0.45 * ladder.hazard[0] / mean
    assert tiers.value[0, SEED_SCALE] == pytest.approx(0.02 / np.sqrt(2 * rate) / 5e-4)
    assert tiers.value[0, SEED_AGE] == pytest.approx(24 / rate)


def test_what_reaches_beyond_the_grid_has_no_kernel() -> None:
    parameters = PRIOR
    ladder = leverage_ladder(BYBIT, parameters, None)
    tiers = lay_on_grid(ladder, PriceGrid(5e-4), parameters, 0.5)
    assert (ladder.distance >= 0.5).any()
    for s, k in np.ndindex(ladder.distance.shape):
        assert (len(kernel_of(tiers, s, k)[1]) == 0) == (ladder.distance[s, k] >= 0.5)
