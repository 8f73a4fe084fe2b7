"""Intervals: the same as the published ones, and right where the distribution is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.coverage import coverage, gamma_cdf, intervals, is_inside, pit_histogram
from liqbands.uncertainty import interval

MEANS = st.just(0.0) | st.floats(1e-9, 1e6)
SIZES = st.floats(0, 1e5)


def gamma_bands(seed: int, size: float, n: int = 20_000) -> tuple[FloatArray, FloatArray]:
    """Draw truths from the very Gamma that the intervals assume."""
    rng = np.random.default_rng(seed)
    mean = rng.lognormal(1.0, 1.0, n)
    variance = 0.32 * mean * size + (0.55 * mean) ** 2
    return mean, rng.gamma(mean**2 / variance, variance / mean)


def three_events(x: float) -> float:
    """Return the chance that a Gamma of shape 3 and mean 1 is at most x.

    It is that of at least 3 arrivals of a Poisson process: 1 - e^-3x sum_j<3 (3x)^j / j!.
    """
    none_to_two = sum((3 * x) ** j / math.factorial(j) for j in range(3))
    return 1 - math.exp(-3 * x) * none_to_two


@given(st.lists(MEANS, min_size=1, max_size=5), SIZES, st.floats(0.1, 2.5))
def test_many_intervals_are_each_the_published_one(
    means: list[float], size: float, z: float
) -> None:
    low, high = intervals(np.array(means), size, z)
    expected = np.array([interval(mean, size, z) for mean in means])
    np.testing.assert_allclose(np.stack([low, high], axis=1), expected, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("x", [0.3, 0.6, 1.0, 1.5, 2.5])
def test_the_probability_is_close_to_the_exact_one(x: float) -> None:
    """Shape 3 needs a variance of 1/3: 0.32 q + 0.3025 = 1/3, so q = 0.03083 / 0.32."""
    chance = gamma_cdf(np.array([x]), np.array([1.0]), (1 / 3 - 0.3025) / 0.32)[0]
    assert chance == pytest.approx(three_events(x), abs=0.01)


@given(st.floats(0.1, 1e4), st.floats(0, 0.3))
def test_the_bounds_of_an_interval_have_its_probabilities(mean: float, size: float) -> None:
    low, high = intervals(np.array([mean]), size * mean, 1.2816)
    chances = [gamma_cdf(bound, np.array([mean]), size * mean)[0] for bound in (low, high)]
    assert chances == pytest.approx([0.1, 0.9], abs=1e-4)


@pytest.mark.parametrize("size", [0.0, 0.3, 1.0])
def test_intervals_cover_what_they_promise_when_the_distribution_is_right(size: float) -> None:
    mean, truth = gamma_bands(seed=1, size=size)
    seen = coverage(mean, truth, size, Blocks.of(np.arange(len(mean)) // 50))
    for level, figure in zip(seen.levels, seen.inside, strict=True):
        assert figure.value == pytest.approx(level, abs=0.02)
        assert figure.low < figure.value < figure.high
    np.testing.assert_allclose(seen.pit, 0.1, atol=0.015)


def test_intervals_that_are_too_narrow_show_as_a_u() -> None:
    """Truths spread three times as widely as stated lie in the outer tenths and outside."""
    mean, truth = gamma_bands(seed=2, size=5.0)
    seen = coverage(mean, truth, 0.0, Blocks.of(np.arange(len(mean)) // 50))
    assert seen.inside[1].high < 0.75
    assert seen.pit[[0, -1]].min() > 1.5 * seen.pit[1:-1].max()


def test_what_is_empty_in_both_is_left_out_and_a_surprise_counts_as_outside() -> None:
    """One of six bands is empty in both; of the five others only the exact ones are inside."""
    mean, truth = np.array([0.0, 0, 1, 1, 1, 1]), np.array([0.0, 2, 1, 1, 1, 9])
    seen = coverage(mean, truth, 0.0, Blocks.of(np.arange(6)))
    assert [figure.value for figure in seen.inside] == pytest.approx([0.6] * 3)
    assert (seen.inside[0].n, seen.inside[0].left_out) == (5, 1)
    assert gamma_cdf(np.array([2.0]), np.array([0.0]), 0.0)[0] == 1


def test_an_empty_band_counts_evenly_up_to_its_chance() -> None:
    """Variance 9 per mean of 1: a = 1, so F(0) = Phi(0) = 1/2: five tenths of a fifth each."""
    size = (9 - 0.55**2) / 0.32
    histogram = pit_histogram(np.array([1.0]), np.array([0.0]), size)
    np.testing.assert_allclose(histogram, [0.2] * 5 + [0] * 5, atol=1e-9)


@given(st.integers(0, 1_000), SIZES)
def test_the_histogram_holds_every_band_once(seed: int, size: float) -> None:
    mean, truth = gamma_bands(seed, 1.0, n=50)
    truth[::7] = 0.0
    assert pit_histogram(mean, truth, size).sum() == pytest.approx(1)


def test_no_band_has_no_histogram_and_a_wider_level_holds_more() -> None:
    assert np.isnan(pit_histogram(np.array([]), np.array([]), 0.0)).all()
    mean, truth = gamma_bands(seed=3, size=0.5, n=500)
    half, most = (is_inside(mean, truth, 0.5, level) for level in (0.5, 0.9))
    assert (half <= most).all()
