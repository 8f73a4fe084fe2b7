"""Ranks with ties, and the two statistics that need only ranks: Spearman's and the AUC.

A ranking is sorted once; every statistic then takes weights of rows, so that a bootstrap never
sorts again.  A row of weight 2 counts like two equal rows, a row of weight 0 like none.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from liqbands.grid import IntArray
from liqbands.instrument import FloatArray


@dataclass(frozen=True, eq=False)
class Ranking:
    """The order of one column of values, ties known.

    Parameters
    ----------
    group : ndarray of int64, shape (n,)
        Place of each row's value among the distinct values, 0 for the lowest.
    n_groups : int
        How many distinct values there are.
    """

    group: IntArray
    n_groups: int

    @classmethod
    def of(cls, values: FloatArray) -> Self:
        """Rank a column of values.

        Parameters
        ----------
        values : ndarray, shape (n,)
            Numbers; infinite ones are ranked, NaN is not.

        Returns
        -------
        Ranking
            Sorted once.

        Raises
        ------
        ValueError
            If a value is NaN.

        Examples
        --------
        >>> Ranking.of(np.array([3.0, 1.0, 3.0])).group
        array([1, 0, 1])
        """
        if np.isnan(values).any():
            raise ValueError("values must not be NaN to be ranked; leave those rows out")
        distinct, group = np.unique(values, return_inverse=True)
        return cls(group.astype(np.int64).ravel(), len(distinct))

    def sums(self, amounts: FloatArray) -> FloatArray:
        """Return the sum of an amount over the rows of each distinct value.

        Parameters
        ----------
        amounts : ndarray, shape (n,)
            One per row.

        Returns
        -------
        ndarray, shape (n_groups,)
            From the lowest value to the highest.
        """
        sums = np.bincount(self.group, weights=amounts, minlength=self.n_groups)
        return sums.astype(np.float64, copy=False)

    def below(self, weights: FloatArray) -> FloatArray:
        """Return the weight that lies below each distinct value, ties counting one half.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            Weight per row, not negative.

        Returns
        -------
        ndarray, shape (n_groups,)
            The average rank of the value's rows, less one half.
        """
        own = self.sums(weights)
        below: FloatArray = np.cumsum(own) - own / 2
        return below

    def top(self, share: float, weights: FloatArray) -> FloatArray:
        """Return how much of each distinct value's rows is among the highest.

        Parameters
        ----------
        share : float
            Share of all weight that is chosen, in (0, 1].
        weights : ndarray, shape (n,)
            Weight per row, not negative.

        Returns
        -------
        ndarray, shape (n_groups,)
            1 above the limit, 0 below; rows tied at the limit share what is left, which is the
            mean over all ways to break the tie.

        Examples
        --------
        >>> Ranking.of(np.array([1.0, 5.0, 5.0, 2.0])).top(0.25, np.ones(4))
        array([0. , 0. , 0.5])
        """
        own = self.sums(weights)
        before = np.cumsum(own[::-1])[::-1] - own
        room = np.clip(share * own.sum() - before, 0.0, own)
        chosen: FloatArray = np.divide(room, own, out=np.zeros_like(own), where=own > 0)
        return chosen


def average_ranks(values: FloatArray) -> FloatArray:
    """Return ranks from 1, tied values sharing the average.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Numbers without NaN.

    Returns
    -------
    ndarray, shape (n,)
        Ranks; they add up to ``n (n + 1) / 2``.

    Examples
    --------
    >>> average_ranks(np.array([10.0, 30.0, 20.0, 30.0]))
    array([1. , 3.5, 2. , 3.5])
    """
    ranking = Ranking.of(values)
    ranks: FloatArray = ranking.below(np.ones(len(values)))[ranking.group] + 0.5
    return ranks


def spearman(x: FloatArray, y: FloatArray, weights: FloatArray | None = None) -> float:
    """Return Spearman's rank correlation.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Numbers without NaN.
    weights : ndarray, shape (n,), optional
        How often each row counts; once by default.

    Returns
    -------
    float
        Between -1 and 1; NaN where either side does not vary.

    Notes
    -----
    Formula: Pearson's correlation of average ranks.

    Examples
    --------
    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 9.0]))
    1.0
    """
    weights = np.ones(len(x)) if weights is None else weights
    return spearman_of(Ranking.of(x), Ranking.of(y), weights)


def spearman_of(x: Ranking, y: Ranking, weights: FloatArray) -> float:
    """Return Spearman's rank correlation of two sorted columns.

    Parameters
    ----------
    x, y : Ranking
        The columns, row by row.
    weights : ndarray, shape (n,)
        How often each row counts.

    Returns
    -------
    float
        Between -1 and 1; NaN where either side does not vary.
    """
    total = float(weights.sum())
    # Ranks are centred on their own mean, total / 2, whatever the ties.
    a = x.below(weights) - total / 2
    b = y.below(weights) - total / 2
    spread = float((x.sums(weights) * a**2).sum() * (y.sums(weights) * b**2).sum())
    if spread <= 0:
        return float("nan")
    both = float((weights * a[x.group] * b[y.group]).sum())
    return float(np.clip(both / np.sqrt(spread), -1.0, 1.0))


def auc(score: FloatArray, positive: NDArray[np.bool_], weights: FloatArray | None = None) -> float:
    """Return the chance that a positive row scores above a negative one, ties one half.

    Parameters
    ----------
    score : ndarray, shape (n,)
        Numbers without NaN.
    positive : ndarray of bool, shape (n,)
        Which rows are positive.
    weights : ndarray, shape (n,), optional
        How often each row counts; once by default.

    Returns
    -------
    float
        Area under the ROC curve; NaN without a positive or without a negative row.

    Examples
    --------
    >>> auc(np.array([0.1, 0.4, 0.8]), np.array([False, True, True]))
    1.0
    """
    weights = np.ones(len(score)) if weights is None else weights
    return auc_of(Ranking.of(score), positive, weights)


def auc_of(score: Ranking, positive: NDArray[np.bool_], weights: FloatArray) -> float:
    """Return the area under the ROC curve of a sorted column.

    Parameters
    ----------
    score : Ranking
        The column.
    positive : ndarray of bool, shape (n,)
        Which rows are positive.
    weights : ndarray, shape (n,)
        How often each row counts.

    Returns
    -------
    float
        NaN without a positive or without a negative row.
    """
    hits = score.sums(weights * positive)
    misses = score.sums(weights * ~positive)
    pairs = float(hits.sum() * misses.sum())
    if pairs <= 0:
        return float("nan")
    beaten = np.cumsum(misses) - misses / 2
    return float((hits * beaten).sum() / pairs)
