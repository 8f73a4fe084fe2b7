"""Whether the stated intervals hold what they promise: coverage and the PIT histogram.

A band's notional is taken as Gamma with mean m and variance ``0.32 m q + (0.55 m)^2``, q the
effective size of a liquidation; its cube root is close to normal (Wilson and Hilferty), which
gives quantiles and probabilities without a special function.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.bootstrap import block_means
from liqbands.score.types import Figure
from liqbands.uncertainty import MODEL_ERROR, POISSON

LEVELS: Final = (0.5, 0.8, 0.9)
N_PIT_CLASSES: Final = 10
SMALLEST: Final = 1e-150
"""Below this a band is as good as empty, and a ratio to it would overflow."""


@dataclass(frozen=True, eq=False)
class Coverage:
    """How often the truth lay inside the stated intervals.

    Parameters
    ----------
    levels : tuple of float
        Promised shares.
    inside : tuple of Figure
        Measured shares with 95 % bounds; bands empty in both map and truth are left out.
    pit : ndarray, shape (10,)
        Share of the truths in each tenth of its predicted distribution; all 0.1 when the
        distribution is right, a U when intervals are too narrow, a hill when too wide.
    """

    levels: tuple[float, ...]
    inside: tuple[Figure, ...]
    pit: FloatArray


def coverage(
    mean: FloatArray, truth: FloatArray, effective_size: float, blocks: Blocks
) -> Coverage:
    """Return how often the truth lay inside the stated intervals.

    Parameters
    ----------
    mean : ndarray, shape (n,)
        Estimated notional per band, at the level that was published (amplitude included).
    truth : ndarray, shape (n,)
        True notional, in the same unit.
    effective_size : float
        ``E[q^2]/E[q]`` of liquidation sizes, in the same unit.
    blocks : Blocks
        Which bands are drawn together.

    Returns
    -------
    Coverage
        Of the 50, 80 and 90 % intervals.
    """
    blocks = blocks.only((mean > 0) | (truth > 0))
    inside = tuple(
        block_means(is_inside(mean, truth, effective_size, level), blocks) for level in LEVELS
    )
    kept = blocks.kept
    return Coverage(LEVELS, inside, pit_histogram(mean[kept], truth[kept], effective_size))


def is_inside(
    mean: FloatArray, truth: FloatArray, effective_size: float, level: float
) -> FloatArray:
    """Return which truths lie inside the central interval.

    Parameters
    ----------
    mean, truth : ndarray, shape (n,)
        Estimated and true notional per band.
    effective_size : float
        ``E[q^2]/E[q]`` of liquidation sizes.
    level : float
        Promised share, in (0, 1).

    Returns
    -------
    ndarray, shape (n,)
        1 inside, 0 outside; a band that was said to be empty and was not is outside.

    Examples
    --------
    >>> is_inside(np.array([1.0, 1.0]), np.array([1.2, 2.0]), 0.0, 0.8)
    array([1., 0.])
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    low, high = intervals(mean, effective_size, z)
    return ((low <= truth) & (truth <= high)).astype(np.float64)


def intervals(
    mean: FloatArray, effective_size: float, z: float = 1.2816
) -> tuple[FloatArray, FloatArray]:
    """Return the central intervals of many bands, as `uncertainty.interval` does for one.

    Parameters
    ----------
    mean : ndarray, shape (n,)
        Estimated notional per band.
    effective_size : float
        ``E[q^2]/E[q]`` of liquidation sizes, in the same unit.
    z : float
        Normal quantile of the upper bound.

    Returns
    -------
    tuple of ndarray, each of shape (n,)
        Lower and upper bounds.

    Examples
    --------
    >>> low, high = intervals(np.array([0.0, 1.0]), 0.0)
    >>> low.round(2), high.round(2)
    (array([0.  , 0.39]), array([0.  , 1.73]))
    """
    part = _cube_variance(mean, effective_size)
    low = mean * np.maximum(1 - part - z * np.sqrt(part), 0.0) ** 3
    high = mean * np.maximum(1 - part + z * np.sqrt(part), 0.0) ** 3
    return np.minimum(low, mean), np.maximum(high, mean)


def pit_histogram(mean: FloatArray, truth: FloatArray, effective_size: float) -> FloatArray:
    """Return the histogram of where truths lie in their predicted distributions.

    Parameters
    ----------
    mean, truth : ndarray, shape (n,)
        Estimated and true notional per band.
    effective_size : float
        ``E[q^2]/E[q]`` of liquidation sizes.

    Returns
    -------
    ndarray, shape (10,)
        Shares, adding up to 1; NaN without a band.

    Notes
    -----
    An empty band has no single place in a distribution that puts some chance on 0: it counts
    evenly over ``[0, F(0)]`` (Czado, Gneiting and Held 2009, the nonrandomised PIT).
    """
    if len(mean) == 0:
        return np.full(N_PIT_CLASSES, np.nan)
    edges = np.linspace(0.0, 1.0, N_PIT_CLASSES + 1)
    place = gamma_cdf(truth, mean, effective_size)
    empty = truth <= 0
    counts = np.histogram(place[~empty], edges)[0].astype(np.float64)
    spread = np.maximum(place[empty], 1e-12)
    counts += np.diff(np.minimum(edges[:, None] / spread, 1.0), axis=0).sum(axis=1)
    shares: FloatArray = counts / len(mean)
    return shares


def gamma_cdf(value: FloatArray, mean: FloatArray, effective_size: float) -> FloatArray:
    """Return the chance that a band holds at most a value.

    Parameters
    ----------
    value : ndarray, shape (n,)
        Notional, not negative.
    mean : ndarray, shape (n,)
        Estimated notional per band.
    effective_size : float
        ``E[q^2]/E[q]`` of liquidation sizes.

    Returns
    -------
    ndarray, shape (n,)
        Between 0 and 1; 1 where the mean is 0.

    Notes
    -----
    Formula: ``Phi(((v/m)^(1/3) - 1 + a) / sqrt(a))`` with ``a = variance / (9 m^2)``.
    """
    part = _cube_variance(mean, effective_size)
    cube = np.cbrt(np.divide(value, mean, out=np.full(mean.shape, np.inf), where=mean > 0))
    deviate = (cube - 1 + part) / np.sqrt(part)
    tail = np.frompyfunc(math.erfc, 1, 1)(-deviate / math.sqrt(2)).astype(np.float64)
    probability: FloatArray = tail / 2
    return probability


def _cube_variance(mean: FloatArray, effective_size: float) -> FloatArray:
    """Return the variance of the cube root of a band over its mean."""
    some = mean > SMALLEST
    arrivals = np.divide(POISSON * effective_size, mean, out=np.zeros(mean.shape), where=some)
    variance: FloatArray = (arrivals + MODEL_ERROR**2) / 9
    return variance
