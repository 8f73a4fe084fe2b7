"""The random numbers: the published generator, and moments within bounds from theory.

A mean of n numbers of standard deviation s lies within 5 s / sqrt(n) of its expectation but for
one seed in a million; the seeds here are fixed.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.instrument import FloatArray
from liqbands.sim.kernel.chance import Chance, exponential, normal, poisson, seeded, uniform

MASK = 2**64 - 1
N_DRAWS = 100_000
PUBLISHED = (5, 211106232532999, 211106635186183, 9223759065350669058, 9250833439874351877)
"""First outputs of xoshiro256+ from the state (1, 2, 3, 4), by the authors' program in C."""


def xoshiro256_plus(state: list[int]) -> Iterator[int]:
    """Yield the generator's numbers in whole arithmetic, as in the paper's listing."""
    s0, s1, s2, s3 = state
    while True:
        yield (s0 + s3) & MASK
        t = (s1 << 17) & MASK
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = ((s3 << 45) | (s3 >> 19)) & MASK


def draws(draw: Callable[[Chance], float], seed: int = 1) -> FloatArray:
    chance = seeded(seed)
    return np.array([draw(chance) for _ in range(N_DRAWS)])


def assert_mean(values: FloatArray, mean: float, variance: float) -> None:
    assert abs(values.mean() - mean) < 5 * math.sqrt(variance / len(values))


def test_the_reference_in_this_file_is_the_published_generator() -> None:
    numbers = xoshiro256_plus([1, 2, 3, 4])
    assert tuple(next(numbers) for _ in PUBLISHED) == PUBLISHED


@given(st.lists(st.integers(0, MASK), min_size=4, max_size=4).filter(any))
def test_uniform_numbers_are_the_upper_bits_of_the_generator(state: list[int]) -> None:
    chance = np.array(state, dtype=np.uint64)
    numbers = xoshiro256_plus(state)
    for _ in range(20):
        assert uniform(chance) == (next(numbers) >> 11) / 2**53


def test_seeds_give_different_streams() -> None:
    firsts = {tuple(seeded(seed).tolist()) for seed in range(200)}
    assert len(firsts) == 200
    start = np.array([uniform(seeded(seed)) for seed in range(2_000)])
    assert abs(start.mean() - 0.5) < 5 / math.sqrt(12 * 2_000)


def test_uniform_moments() -> None:
    """Mean 1/2, variance 1/12; the variance of the squares is 1/5 - 1/9 = 4/45."""
    values = draws(uniform)
    assert values.min() >= 0
    assert values.max() < 1
    assert_mean(values, 1 / 2, 1 / 12)
    assert_mean(values**2, 1 / 3, 4 / 45)


def test_consecutive_uniform_numbers_are_uncorrelated() -> None:
    """Products of independent uniforms: mean 1/4, variance 1/9 - 1/16 = 7/144."""
    values = draws(uniform)
    assert_mean(values[0::2] * values[1::2], 1 / 4, 7 / 144)


def test_normal_moments() -> None:
    """Moments 0, 1, 0, 3; variances of the powers 1, 2, 15, 105 - 9 = 96."""
    values = draws(normal)
    assert_mean(values, 0, 1)
    assert_mean(values**2, 1, 2)
    assert_mean(values**3, 0, 15)
    assert_mean(values**4, 3, 96)


def test_normal_tails() -> None:
    """A share of erfc(2 / sqrt(2)) = 4.55 % lies beyond two standard deviations."""
    values = draws(normal)
    share = math.erfc(math.sqrt(2))
    assert_mean((np.abs(values) > 2).astype(np.float64), share, share * (1 - share))


def test_exponential_moments() -> None:
    """Mean 1, variance 1; the square has mean 2 and variance 24 - 4 = 20."""
    values = draws(exponential)
    assert values.min() >= 0
    assert_mean(values, 1, 1)
    assert_mean(values**2, 2, 20)


@pytest.mark.parametrize("mean", [0.1, 3.0, 50.0, 450.0])
def test_poisson_moments(mean: float) -> None:
    """Mean and variance m; the variance of the squared deviation is m + 2 m^2."""
    chance = seeded(2)
    values = np.array([poisson(chance, mean) for _ in range(20_000)], dtype=np.float64)
    assert_mean(values, mean, mean)
    assert_mean((values - mean) ** 2, mean, mean + 2 * mean**2)


def test_poisson_of_nothing_is_nothing() -> None:
    chance = seeded(3)
    before = chance.copy()
    assert poisson(chance, 0.0) == 0
    np.testing.assert_array_equal(chance, before)
