"""Metrics as functions of sums over days: means, correlations, areas, lifts, skills.

A function gets the sums of many draws at once; the first draw is the days as they are.
"""

from collections.abc import Callable

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.day_sums import COUNT, Sums, ratio

Metric = Callable[[Sums], FloatArray]
"""Its value in every draw; NaN where nothing can be said."""


def mean_of(*names: str) -> Metric:
    """Return the metric that is the mean of one or several columns' rows.

    Parameters
    ----------
    *names : str
        Columns that `DaySums.of` got as means.

    Returns
    -------
    callable
        All rows of all columns count alike.

    Examples
    --------
    >>> mean_of("x")({"x": np.array([6.0]), "count of x": np.array([4.0])})
    array([1.5])
    """

    def mean(sums: Sums) -> FloatArray:
        above = sum((sums[name] for name in names), np.zeros(1))
        return ratio(above, sum((sums[COUNT + name] for name in names), np.zeros(1)))

    return mean


def correlation(x: str, y: str, xx: str, yy: str, xy: str, count: str) -> Metric:
    """Return the metric that is Pearson's correlation of two columns.

    Parameters
    ----------
    x, y, xx, yy, xy, count : str
        Columns with the sums, the sums of squares, of products, and the number of rows.

    Returns
    -------
    callable
        0 where `x` (the map) does not vary, NaN where `y` does not.
    """

    def pearson(sums: Sums) -> FloatArray:
        n = sums[count]
        a = sums[xx] - ratio(sums[x] ** 2, n)
        b = sums[yy] - ratio(sums[y] ** 2, n)
        both = sums[xy] - ratio(sums[x] * sums[y], n)
        flat = a <= 1e-12 * np.maximum(sums[xx], 1e-300)
        value = ratio(both, np.sqrt(np.maximum(a * b, 0.0)))
        return np.where(flat & (b > 0), 0.0, value)

    return pearson


def area(sums: Sums) -> FloatArray:
    """Return the area under the ROC curve.

    Parameters
    ----------
    sums : mapping of str to ndarray
        Of many draws.

    Returns
    -------
    ndarray, shape (n_draws,)
        Chance that a row with a liquidation was denser than one without.

    Notes
    -----
    To first order a redrawn AUC is the redrawn mean of what hits beat, plus that of what beats
    misses, less the AUC itself (DeLong, DeLong and Clarke-Pearson 1988).
    """
    by_hits = ratio(sums["beaten by hits"], sums["hits"])
    by_misses = ratio(sums["beating misses"], sums["misses"])
    return by_hits + by_misses - by_hits[:1]


def lift(sums: Sums) -> FloatArray:
    """Return how many times the usual notional the densest tenth of the rows saw.

    Parameters
    ----------
    sums : mapping of str to ndarray
        Of many draws.

    Returns
    -------
    ndarray, shape (n_draws,)
        At most about 10.
    """
    usual = ratio(sums["realised"], sums["rows"])
    return ratio(ratio(sums["top realised"], sums["top rows"]), usual)


def skill(name: str) -> Metric:
    """Return the metric that compares a map's deviance with that of the mean so far.

    Parameters
    ----------
    name : str
        ``"Tweedie"`` or ``"Poisson"``.

    Returns
    -------
    callable
        1 is exact, 0 no better than the mean so far.
    """

    def skill_of(sums: Sums) -> FloatArray:
        return 1 - ratio(sums[f"{name} of map"], sums[f"{name} of mean so far"])

    return skill_of
