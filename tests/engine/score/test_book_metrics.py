"""Shape and level against a known book, from the definitions and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.instrument import FloatArray
from liqbands.score.book_metrics import (
    band_recall,
    earth_movers_distance,
    earth_movers_skill,
    imbalance,
    log_bias,
    overlap,
    rank_correlation,
    sum_rows,
)

SEEDS = st.integers(0, 10_000)
FACTORS = st.sampled_from([2.0**power for power in range(-9, 10)])  # exact, so ties stay ties
NOTHING = np.zeros(20)


def random_maps(seed: int, n_bins: int = 20) -> tuple[FloatArray, FloatArray]:
    """Make two maps of small whole numbers, neither of them empty or flat."""
    p, g = np.random.default_rng(seed).integers(0, 5, (2, n_bins)).astype(np.float64)
    p[0], g[-1] = 7.0, 9.0
    return p, g


def moved(p: FloatArray, g: FloatArray, step: float) -> float:
    """Move unit by unit: the i-th lowest of the map goes to the i-th lowest of the truth."""
    bins = np.arange(len(p))
    ours = np.repeat(bins, (p * g.sum()).astype(int))
    true = np.repeat(bins, (g * p.sum()).astype(int))
    return float(step * np.abs(ours - true).mean())


@given(SEEDS)
def test_the_distance_is_that_of_moving_unit_by_unit(seed: int) -> None:
    p, g = random_maps(seed)
    assert earth_movers_distance(p, g, 0.001) == pytest.approx(moved(p, g, 0.001))


@given(SEEDS)
def test_the_truth_scores_best_and_a_uniform_map_zero(seed: int) -> None:
    _, g = random_maps(seed)
    assert earth_movers_skill(g, g) == pytest.approx(1)
    assert earth_movers_skill(np.ones(20), g) == pytest.approx(0, abs=1e-12)
    assert rank_correlation(g, g, 2) == pytest.approx(1)
    assert rank_correlation(np.ones(20), g, 2) == 0
    assert band_recall(g, g) == pytest.approx(1)
    assert overlap(g, g) == pytest.approx(1)


@given(SEEDS, FACTORS)
def test_the_amount_says_nothing_about_the_shape(seed: int, factor: float) -> None:
    p, g = random_maps(seed)
    for metric in (earth_movers_skill, overlap, band_recall):
        assert metric(factor * p, g) == pytest.approx(metric(p, factor * g))
    assert rank_correlation(factor * p, g, 4) == pytest.approx(rank_correlation(p, g, 4))
    assert log_bias(factor * p, p) == pytest.approx(math.log(factor))


@given(SEEDS)
def test_both_sides_at_once_are_each_side_alone(seed: int) -> None:
    p, g = np.stack(random_maps(seed)), np.stack(random_maps(seed + 1))
    for metric in (earth_movers_skill, overlap, band_recall, log_bias):
        np.testing.assert_allclose(metric(p, g), [metric(p[0], g[0]), metric(p[1], g[1])])
    alone = [rank_correlation(p[side], g[side], 4) for side in (0, 1)]
    np.testing.assert_allclose(rank_correlation(p, g, 4), alone)


@given(SEEDS)
def test_overlap_is_what_total_variation_leaves(seed: int) -> None:
    p, g = random_maps(seed)
    apart = np.abs(p / p.sum() - g / g.sum()).sum() / 2
    assert overlap(p, g) == pytest.approx(1 - apart)
    assert overlap(g, p) == pytest.approx(1 - apart)


def test_an_empty_map_counts_as_uniform() -> None:
    _, g = random_maps(4)
    ones = np.ones(20)
    assert earth_movers_skill(NOTHING, g) == pytest.approx(0, abs=1e-12)
    assert overlap(NOTHING, g) == pytest.approx(float(overlap(ones, g)))
    assert rank_correlation(NOTHING, g, 4) == 0
    assert band_recall(NOTHING, g) == band_recall(ones, g)
    assert np.isnan(log_bias(NOTHING, g))


def test_an_empty_truth_has_no_score() -> None:
    p, _ = random_maps(4)
    values = [
        earth_movers_skill(p, NOTHING),
        overlap(p, NOTHING),
        band_recall(p, NOTHING),
        rank_correlation(p, NOTHING, 4),
        log_bias(p, NOTHING),
    ]
    assert np.isnan(values).all()


def test_a_flat_truth_cannot_be_ordered() -> None:
    p, _ = random_maps(4)
    assert np.isnan(rank_correlation(p, np.ones(20), 4))
    assert np.isnan(earth_movers_skill(p, np.ones(20)))


def test_the_skill_by_hand() -> None:
    """Truth all in bin 0 of 4.  Uniform: F = 1/4 2/4 3/4 1, so W1 = 3/4 + 2/4 + 1/4 = 1.5 bins.

    Map half in bin 0, half in bin 1: W1 = 0.5 bins; skill 1 - 0.5 / 1.5 = 2/3.
    """
    p, g = np.array([1.0, 1, 0, 0]), np.array([5.0, 0, 0, 0])
    assert earth_movers_distance(p, g, 0.01) == pytest.approx(0.005)
    assert earth_movers_skill(p, g) == pytest.approx(2 / 3)


def test_ranks_are_compared_on_rows() -> None:
    """Rows of two: map 3 1 5, truth 1 2 3: ranks 2 1 3 and 1 2 3, 1 - 6 x 2 / 24 = 0.5."""
    p, g = np.array([3.0, 0, 0, 1, 2, 3]), np.array([0.0, 1, 2, 0, 0, 3])
    assert rank_correlation(p, g, 2) == pytest.approx(0.5)


def test_rows_have_to_be_whole() -> None:
    np.testing.assert_array_equal(sum_rows(np.array([1.0, 2, 3, 4]), 2), [3, 7])
    with pytest.raises(ValueError, match="20 bins do not make whole rows of 3"):
        rank_correlation(np.ones(20), np.arange(20.0), 3)


def test_the_recall_by_hand() -> None:
    """Of 20 bins the best two: the map names bins 0 and 1 (4 + 0), the truth holds 6 + 4."""
    p, g = np.zeros(20), np.zeros(20)
    p[[0, 1]] = 2.0, 1.0
    g[[0, 5, 7]] = 4.0, 6.0, 1.0
    assert band_recall(p, g) == pytest.approx(4 / 10)


def test_ties_are_broken_evenly_over_the_seeds_and_alike_for_one() -> None:
    """All of 20 bins tie and one holds all: found by 2 in 20."""
    g = np.zeros(20)
    g[3] = 1.0
    found = [float(band_recall(NOTHING, g, seed)) for seed in range(2_000)]
    assert np.mean(found) == pytest.approx(0.1, abs=0.02)
    assert band_recall(NOTHING, g, 11) == band_recall(NOTHING, g, 11)


def test_imbalance_is_the_lead_of_the_longs() -> None:
    assert imbalance(np.array([[1.0, 2.0], [4.0, 5.0]])) == pytest.approx(-6 / 12)
    assert np.isnan(imbalance(np.zeros((2, 3))))


def test_inputs_are_not_changed() -> None:
    p, g = random_maps(9)
    before = p.copy(), g.copy()
    for metric in (earth_movers_skill, overlap, band_recall, log_bias):
        metric(p, g)
    np.testing.assert_array_equal((p, g), before)
