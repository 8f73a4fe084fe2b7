"""Precision of the densest zones with its bounds, and how full swept bands turned out."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.reach_metrics import TOP_SHARE, ReachMetrics
from liqbands.score.types import Figure

Z_95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class TopZones:
    """Whether the densest tenth of the reached zones saw liquidations.

    Parameters
    ----------
    precision : Figure
        Share of them that did, with Wilson's 95 % bounds; `n` counts the zones chosen.
    base_rate : float
        The same for zones chosen at random.
    recall : float
        Share of all zones with a liquidation that were among them.
    """

    precision: Figure
    base_rate: float
    recall: float


def top_zones(metrics: ReachMetrics) -> TopZones:
    """Return precision and recall of the densest tenth of the zones.

    Parameters
    ----------
    metrics : ReachMetrics
        Of the panel whose rows are zones.

    Returns
    -------
    TopZones
        Wilson's bounds take zones as independent, which neighbours are not; for bounds that
        know better, give `ReachMetrics.precision` to the block bootstrap.
    """
    once = np.ones(len(metrics.panel.predicted))
    precision, chosen = metrics.precision(once), TOP_SHARE * len(once)
    low, high = wilson_bounds(precision * chosen, chosen)
    figure = Figure(precision, low, high, round(chosen))
    return TopZones(figure, metrics.base_rate(once), metrics.recall(once))


def wilson_bounds(successes: float, n: float, z: float = Z_95) -> tuple[float, float]:
    """Return Wilson's score interval of a share.

    Parameters
    ----------
    successes : float
        How many succeeded; a fraction where ties were averaged.
    n : float
        Out of how many.
    z : float
        Normal quantile of the upper bound; 1.96 makes 95 %.

    Returns
    -------
    tuple of float
        Lower and upper bound in [0, 1]; NaN without a trial.

    References
    ----------
    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
    JASA 22 (1927), 209-212.

    Examples
    --------
    >>> [round(bound, 3) for bound in wilson_bounds(5, 10)]
    [0.237, 0.763]
    """
    if not n > 0:
        return math.nan, math.nan
    share = successes / n
    middle = share + z**2 / (2 * n)
    spread = z * math.sqrt(max(share * (1 - share), 0.0) / n + z**2 / (4 * n**2))
    whole = 1 + z**2 / n
    return max((middle - spread) / whole, 0.0), min((middle + spread) / whole, 1.0)


def fill_ratio(realised: FloatArray, expected: FloatArray) -> FloatArray:
    """Return how much of what was expected in each swept band was realised.

    Parameters
    ----------
    realised, expected : ndarray, shape (n,)
        Notional per band in the same unit.

    Returns
    -------
    ndarray, shape (n,)
        1 is as expected; NaN where nothing was expected, which no ratio can say.

    Examples
    --------
    >>> fill_ratio(np.array([3.0, 1.0]), np.array([2.0, 0.0]))
    array([1.5, nan])
    """
    ratio = np.full(np.shape(expected), np.nan)
    np.divide(realised, expected, out=ratio, where=expected > 0)
    return ratio
