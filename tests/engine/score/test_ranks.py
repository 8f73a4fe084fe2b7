"""Ranks, Spearman and AUC against their definitions by counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.instrument import FloatArray
from liqbands.score.ranks import Ranking, auc, average_ranks, spearman

COLUMNS = st.lists(st.integers(0, 5), min_size=2, max_size=12)  # few values, so many ties
SEEDS = st.integers(0, 10_000)


def counted_ranks(values: FloatArray) -> FloatArray:
    """Rank by counting: those below, plus the middle of those that are equal."""
    below = (values[None, :] < values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    return np.asarray(below + (equal + 1) / 2, dtype=np.float64)


def random_rows(seed: int, n: int = 15) -> tuple[FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 6, (2, n)).astype(np.float64)
    return x, y, rng.integers(0, 4, n).astype(np.float64)


@given(COLUMNS)
def test_ranks_are_what_counting_gives(column: list[int]) -> None:
    values = np.array(column, dtype=np.float64)
    np.testing.assert_allclose(average_ranks(values), counted_ranks(values))


@given(SEEDS)
def test_spearman_is_the_correlation_of_the_ranks(seed: int) -> None:
    x, y, _ = random_rows(seed)
    expected = np.corrcoef(counted_ranks(x), counted_ranks(y))[0, 1]
    assert spearman(x, y) == pytest.approx(expected, abs=1e-12)


@given(SEEDS)
def test_only_the_order_matters(seed: int) -> None:
    x, y, _ = random_rows(seed)
    assert spearman(np.exp(x), y**3) == pytest.approx(spearman(x, y))
    assert spearman(-x, y) == pytest.approx(-spearman(x, y))


@given(SEEDS)
def test_a_weight_counts_like_repeated_rows(seed: int) -> None:
    x, y, weights = random_rows(seed)
    again = np.repeat(np.arange(len(x)), weights.astype(int))
    repeated = spearman(x[again], y[again])
    assert spearman(x, y, weights) == pytest.approx(repeated, nan_ok=True)
    assert auc(x, y > 2, weights) == pytest.approx(auc(x[again], y[again] > 2), nan_ok=True)


@given(SEEDS)
def test_auc_is_the_share_of_pairs_in_the_right_order(seed: int) -> None:
    x, y, _ = random_rows(seed)
    positive = y > 3
    pairs = x[positive][:, None] - x[~positive][None, :]
    if pairs.size:
        expected = ((pairs > 0) + (pairs == 0) / 2).mean()
        assert auc(x, positive) == pytest.approx(expected)
        assert auc(-x, positive) == pytest.approx(1 - expected)


@given(SEEDS, st.sampled_from([0.1, 0.25, 0.5, 1.0]))
def test_the_top_is_exactly_the_share_and_takes_the_highest(seed: int, share: float) -> None:
    x, _, weights = random_rows(seed)
    weights += 1
    ranking = Ranking.of(x)
    top, own = ranking.top(share, weights), ranking.sums(weights)
    assert top @ own == pytest.approx(share * weights.sum())
    assert (np.diff(top) >= 0).all()
    assert ((top > 0) & (top < 1)).sum() <= 1


def test_spearman_by_hand() -> None:
    """Ranks 1 2 3 4 against 2 1 4 3: 1 - 6 (1 + 1 + 1 + 1) / (4 x 15) = 0.6."""
    assert spearman(np.array([1.0, 2, 3, 4]), np.array([20.0, 10, 40, 30])) == pytest.approx(0.6)


def test_auc_by_hand() -> None:
    """Of 2 x 2 pairs 3 > 1 and 3 > 2 are right, 1 = 1 is half, 1 < 2 is wrong: 2.5 / 4."""
    score = np.array([3.0, 1.0, 1.0, 2.0])
    assert auc(score, np.array([True, True, False, False])) == pytest.approx(0.625)


def test_a_column_that_does_not_vary_orders_nothing() -> None:
    assert np.isnan(spearman(np.ones(3), np.arange(3.0)))
    assert auc(np.ones(4), np.arange(4) > 1) == 0.5
    assert np.isnan(auc(np.arange(4.0), np.ones(4, dtype=bool)))


def test_nan_cannot_be_ranked() -> None:
    with pytest.raises(ValueError, match="must not be NaN"):
        Ranking.of(np.array([1.0, np.nan]))
