"""One snapshot on both sides of mark, and many snapshots together."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.book_score import (
    BookScore,
    cut_window,
    distance_shares,
    first_long_bin,
    first_short_bin,
    score_book,
)
from liqbands.score.book_summary import summarise_books

GRID = PriceGrid(5e-4)
MARK = 100.0  # ln 100 / 0.0005 = 9210.34: bin 9209 has its centre below, bin 9210 above
FIRST_BIN = 8_700
N_BINS = 1_000
LONG_END = 9_210 - FIRST_BIN  # column after the last long bin
SEEDS = st.integers(0, 10_000)


def random_sides(seed: int) -> FloatArray:
    return np.random.default_rng(seed).gamma(0.3, size=(2, N_BINS))


def scored(estimate: FloatArray, truth: FloatArray, half_window: float = 0.05) -> BookScore:
    return score_book(estimate, truth, MARK, GRID, FIRST_BIN, half_window)


@given(st.floats(0.01, 1e5))
def test_longs_end_below_mark_where_shorts_begin_above(mark: float) -> None:
    long, short = first_long_bin(mark, GRID), first_short_bin(mark, GRID)
    low, high = GRID.centers(long, 1)[0], GRID.centers(short, 1)[0]
    assert low < mark < high
    assert short - long <= 2


def test_the_window_is_cut_outwards_from_mark_by_hand() -> None:
    assert (first_long_bin(MARK, GRID), first_short_bin(MARK, GRID)) == (9_209, 9_210)
    sides = np.zeros((2, N_BINS))
    sides[0, LONG_END - 1], sides[0, LONG_END - 2], sides[0, LONG_END] = 1.0, 2.0, 50.0
    sides[1, LONG_END], sides[1, LONG_END + 1], sides[1, LONG_END - 1] = 3.0, 4.0, 60.0
    window = cut_window(sides, MARK, GRID, FIRST_BIN, 0.001)
    np.testing.assert_array_equal(window, [[1, 2], [3, 4]])


@given(SEEDS)
def test_the_truth_itself_scores_one(seed: int) -> None:
    truth = random_sides(seed)
    score = scored(truth, truth)
    np.testing.assert_allclose(score.earth_movers_skill, 1)
    np.testing.assert_allclose(score.rank_correlation, 1)
    np.testing.assert_allclose(score.band_recall, 1)
    np.testing.assert_allclose(score.overlap, 1)
    np.testing.assert_allclose(score.log_bias, 0, atol=1e-12)
    assert score.imbalance == score.true_imbalance


@given(SEEDS, st.floats(0.1, 10))
def test_only_bias_sees_the_level(seed: int, factor: float) -> None:
    estimate, truth = random_sides(seed), random_sides(seed + 1)
    one, more = scored(estimate, truth), scored(factor * estimate, truth)
    np.testing.assert_allclose(more.log_bias - one.log_bias, math.log(factor))
    np.testing.assert_allclose(more.overlap, one.overlap)
    assert more.imbalance == pytest.approx(one.imbalance)


@given(SEEDS)
def test_what_stands_outside_of_the_window_or_on_the_wrong_side_has_no_say(seed: int) -> None:
    estimate, truth = random_sides(seed), random_sides(seed + 1)
    other = 1e6 * np.ones((2, N_BINS))
    other[0, LONG_END - 100 : LONG_END] = estimate[0, LONG_END - 100 : LONG_END]
    other[1, LONG_END : LONG_END + 100] = estimate[1, LONG_END : LONG_END + 100]
    one, same = scored(estimate, truth), scored(other, truth)
    np.testing.assert_array_equal(one.earth_movers_skill, same.earth_movers_skill)
    assert one.imbalance == same.imbalance


def test_a_side_without_truth_is_nan_and_the_other_is_not() -> None:
    truth = random_sides(1)
    truth[0] = 0.0
    score = scored(random_sides(2), truth)
    assert np.isnan([score.overlap[0], score.log_bias[0], score.rank_correlation[0]]).all()
    assert np.isfinite([score.overlap[1], score.log_bias[1], score.rank_correlation[1]]).all()
    assert score.true_imbalance == -1


def test_a_window_beyond_the_map_and_negative_amounts_are_refused() -> None:
    sides = random_sides(1)
    with pytest.raises(ValueError, match="needs 600 bins on either side, had 510 below and 490"):
        scored(sides, sides, 0.3)
    with pytest.raises(ValueError, match="must be finite and not negative"):
        scored(-sides, sides)
    with pytest.raises(ValueError, match="map has shape"):
        scored(sides[:, 1:], sides)


def test_shares_by_distance_by_hand() -> None:
    """Longs: 1 within 1 % (20 bins), 3 in 1-2 %; shorts: nothing in the map."""
    estimate, truth = np.zeros((2, N_BINS)), np.ones((2, N_BINS))
    estimate[0, LONG_END - 20], estimate[0, LONG_END - 21] = 1.0, 3.0
    shares = distance_shares(estimate, truth, MARK, GRID, FIRST_BIN, (0.0, 0.01, 0.02, 0.05))
    np.testing.assert_allclose(shares.estimate[0], [0.25, 0.75, 0])
    assert np.isnan(shares.estimate[1]).all()
    np.testing.assert_allclose(shares.truth, [[0.2, 0.2, 0.6]] * 2)


def snapshots() -> list[BookScore]:
    """Make six snapshots whose biases are 0 1 2 3 4 long and 10 short, without a truth at last."""
    base = scored(random_sides(1), random_sides(2))
    made = [
        replace(
            base,
            overlap=np.array([0.1 * i, 0.5]),
            log_bias=np.array([float(i), 10.0]),
            imbalance=0.1 * i,
            true_imbalance=-0.2 * i + 0.1,
        )
        for i in range(6)
    ]
    made[5] = replace(
        made[5],
        overlap=np.array([np.nan, 0.5]),
        log_bias=np.full(2, np.nan),
        true_imbalance=np.nan,
    )
    return made


def test_many_snapshots_by_hand() -> None:
    """Overlap: 0 .1 .2 .3 .4 and six times .5 are 4.0 / 11.  Bias: 0 1 2 3 4 and five times 10:

    the median is half way between 4 and 10.  Imbalances lie on a falling line, their distances
    |0.3 i - 0.1| = .1 .2 .5 .8 1.1 have the mean 2.7 / 5.
    """
    summary = summarise_books(snapshots(), Blocks.of(np.arange(6)))
    assert summary.overlap.value == pytest.approx(4.0 / 11)
    assert (summary.overlap.n, summary.overlap.left_out) == (11, 1)
    assert summary.bias.value == pytest.approx(7)
    assert summary.dispersion.value == pytest.approx(np.std([0, 1, 2, 3, 4, *[10] * 5]))
    assert summary.imbalance_correlation.value == pytest.approx(-1)
    assert summary.imbalance_error.value == pytest.approx(2.7 / 5)
    assert (summary.imbalance_error.n, summary.imbalance_error.left_out) == (5, 1)


def test_bounds_hold_the_value() -> None:
    summary = summarise_books(snapshots(), Blocks.of(np.arange(6)))
    for figure in (summary.overlap, summary.bias, summary.dispersion, summary.imbalance_error):
        assert figure.low <= figure.value <= figure.high
        assert figure.low < figure.high


def test_snapshots_of_different_windows_and_wrong_blocks_are_refused() -> None:
    some = snapshots()
    with pytest.raises(ValueError, match="6 snapshots need as many blocks, had 5"):
        summarise_books(some, Blocks.of(np.arange(5)))
    some[2] = replace(some[2], half_window=0.2)
    with pytest.raises(ValueError, match="different windows"):
        summarise_books(some, Blocks.of(np.arange(6)))
