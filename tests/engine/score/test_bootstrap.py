"""The block bootstrap: what it draws, what it leaves out, and that its bounds mean something."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.instrument import FloatArray
from liqbands.score.blocks import WEEK_MS, Blocks
from liqbands.score.bootstrap import (
    Statistic,
    block_bootstrap,
    block_means,
    paired_difference,
    resampled,
)
from liqbands.timeframes import DAY_MS, HOUR_MS

SEEDS = st.integers(0, 10_000)


def mean_of(values: FloatArray) -> Statistic:
    return lambda weights: float(weights @ values / weights.sum())


def random_days(seed: int, n_days: int = 12, per_day: int = 4) -> tuple[FloatArray, Blocks]:
    """Make days of alike values: a level per day and little noise within."""
    rng = np.random.default_rng(seed)
    values = np.repeat(rng.normal(size=n_days), per_day) + 0.01 * rng.normal(size=n_days * per_day)
    return values, Blocks.of(np.repeat(np.arange(n_days), per_day))


def test_rows_with_equal_keys_share_a_block() -> None:
    blocks = Blocks.of(np.array([1, 1, 2, 2, 1]), np.array(["a", "b", "a", "a", "a"]))
    np.testing.assert_array_equal(blocks.index, [0, 1, 2, 2, 0])
    assert blocks.n_blocks == 3


def test_days_are_counted_from_the_epoch_and_seeds_kept_apart() -> None:
    time_ms = np.array([DAY_MS - 1, DAY_MS, 2 * DAY_MS - 1, DAY_MS])
    blocks = Blocks.of_time(time_ms, np.array([7, 7, 7, 8]))
    np.testing.assert_array_equal(blocks.index, [0, 1, 1, 2])
    weeks = Blocks.of_time(time_ms, length_ms=WEEK_MS)
    assert weeks.n_blocks == 1


def test_blocks_shorter_than_a_day_and_without_a_key_are_refused() -> None:
    with pytest.raises(ValueError, match="at least a day"):
        Blocks.of_time(np.zeros(3, np.int64), length_ms=HOUR_MS)
    with pytest.raises(ValueError, match="at least one key"):
        Blocks.of()


def test_quiet_windows_are_left_out_and_counted() -> None:
    """Windows 0 and 1 have 2 and 1 events; two are asked for."""
    blocks = Blocks.of(np.array([0, 0, 1, 1]))
    loud = blocks.without_quiet(np.array([1.0, 1, 0, 1]), np.array([0, 0, 1, 1]), at_least=2)
    np.testing.assert_array_equal(loud.kept, [True, True, False, False])
    assert (loud.n_left_out, loud.n_blocks) == (2, 1)
    assert loud.only(np.array([False, True, True, True])).n_left_out == 3


@given(SEEDS)
def test_every_resample_draws_as_many_blocks_as_there_are(seed: int) -> None:
    drawn = random_days(seed)[1].draw(50, seed)
    assert drawn.shape == (50, 12)
    assert (drawn.sum(axis=1) == 12).all()


@given(SEEDS)
def test_means_and_pooled_statistics_agree(seed: int) -> None:
    values, blocks = random_days(seed)
    means = block_means(values, blocks, n_resamples=100, seed=seed)
    pooled = block_bootstrap(mean_of(values), blocks, n_resamples=100, seed=seed)
    assert means.value == pytest.approx(values.mean())
    assert (pooled.value, pooled.low, pooled.high) == pytest.approx(
        (means.value, means.low, means.high)
    )


@given(SEEDS)
def test_repeating_rows_within_a_block_makes_nothing_surer(seed: int) -> None:
    values, blocks = random_days(seed)
    once = block_means(values, blocks)
    thrice = block_means(np.repeat(values, 3), Blocks.of(np.repeat(blocks.index, 3)))
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))


@given(SEEDS)
def test_rows_left_out_have_no_say(seed: int) -> None:
    values, blocks = random_days(seed)
    spoilt, kept = values.copy(), np.arange(len(values)) % 3 > 0
    spoilt[~kept] = np.nan
    figure = block_means(spoilt, blocks)
    assert figure.value == pytest.approx(values[kept].mean())
    assert (figure.n, figure.left_out) == (kept.sum(), (~kept).sum())
    other = np.where(kept, values, 1e9)
    pooled = block_bootstrap(mean_of(other), blocks.only(kept), n_resamples=1_000)
    assert (pooled.low, pooled.high) == pytest.approx((figure.low, figure.high))


def test_the_spread_of_the_resamples_is_the_standard_error_of_the_days() -> None:
    """400 days of sd 1: the mean is sure to 1/20, however many rows a day has."""
    values, blocks = random_days(seed=3, n_days=400, per_day=6)
    draws = resampled(mean_of(values), blocks, n_resamples=400, seed=1)
    by_day = values.reshape(400, 6).mean(axis=1)
    assert draws.std() == pytest.approx(by_day.std() / 20, rel=0.12)


def test_bounds_hold_the_truth_about_as_often_as_they_promise() -> None:
    """Of 200 experiments with mean 0, 95 % should cover; percentile bounds run a little short."""
    covered = 0
    for seed in range(200):
        values, blocks = random_days(seed, n_days=30)
        figure = block_means(values, blocks, n_resamples=300)
        covered += figure.low <= 0 <= figure.high
    assert 0.88 <= covered / 200 <= 0.99


@given(SEEDS, st.floats(-2, 2))
def test_a_constant_lead_is_known_exactly(seed: int, lead: float) -> None:
    values, blocks = random_days(seed)
    figure = paired_difference(mean_of(values + lead), mean_of(values), blocks)
    assert (figure.value, figure.low, figure.high) == pytest.approx((lead, lead, lead), abs=1e-9)


def test_the_same_seed_gives_the_same_bounds() -> None:
    values, blocks = random_days(seed=1)
    assert block_means(values, blocks, seed=5) == block_means(values, blocks, seed=5)
    assert block_means(values, blocks, seed=5) != block_means(values, blocks, seed=6)


def test_too_few_blocks_have_no_bounds() -> None:
    values, blocks = random_days(seed=1, n_days=4)
    figure = block_means(values, blocks)
    assert figure.value == pytest.approx(values.mean())
    assert np.isnan([figure.low, figure.high]).all()


def test_nothing_at_all_is_nan() -> None:
    figure = block_means(np.full(3, np.nan), Blocks.of(np.arange(3)))
    assert np.isnan(figure.value)
    assert (figure.n, figure.left_out) == (0, 3)


def test_resamples_without_anything_to_score_are_passed_over() -> None:
    """Three of ten days have an event; a resample without any of them says nothing."""
    hit = np.array([1.0, 1, 1, 0, 0, 0, 0, 0, 0, 0])

    def share(weights: FloatArray) -> float:
        found = float(weights @ hit)
        return 1.0 if found else float("nan")

    figure = block_bootstrap(share, Blocks.of(np.arange(10)))
    assert (figure.value, figure.low, figure.high) == (1.0, 1.0, 1.0)
    rare = block_bootstrap(
        lambda weights: 1.0 if weights[0] > 1 else float("nan"), Blocks.of(np.arange(10))
    )
    assert np.isnan(rare.low)
