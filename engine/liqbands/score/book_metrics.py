"""How close a map is to a known book, one snapshot and one window at a time.

``p`` is the map, ``g`` the truth: amounts per bin, shape (n_bins,) for one side or (2, n_bins)
for both.  Functions work along the last axis and return one value per side.  Shape metrics
divide both by their sums first, so only where the mass stands counts, not how much.

A truth that is empty (or too flat to order anything) has no shape to be compared with: the
value is NaN, to be left out and counted.  A map that is empty says nothing about the shape and
counts as uniform.
"""

from typing import Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.ranks import Ranking, spearman

TOP_SHARE: Final = 0.1


def earth_movers_distance(p: FloatArray, g: FloatArray, step: float) -> FloatArray:
    """Return how far mass has to be moved, on average, to turn the map into the truth.

    Parameters
    ----------
    p, g : ndarray, shape (..., n_bins)
        Map and truth; normalised here.
    step : float
        Log width of a bin.

    Returns
    -------
    ndarray, shape (...)
        Mean distance in log price; NaN where the truth is empty.

    Notes
    -----
    Formula: ``W1 = step * sum_b |F_p(b) - F_g(b)|``, F the running sum of the normalised map
    (model description, 8.2).

    Examples
    --------
    >>> float(earth_movers_distance(np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 2.0]), 0.01))
    0.02
    """
    apart = np.cumsum(_shape_of_map(p) - _shape_of_truth(g), axis=-1)
    distance: FloatArray = step * np.abs(apart).sum(axis=-1)
    return distance


def earth_movers_skill(p: FloatArray, g: FloatArray) -> FloatArray:
    """Return by which share the map is nearer to the truth than a uniform map.

    Parameters
    ----------
    p, g : ndarray, shape (..., n_bins)
        Map and truth.

    Returns
    -------
    ndarray, shape (...)
        1 is exact, 0 as good as uniform, negative worse; NaN where the truth is empty or
        uniform itself.

    Notes
    -----
    Formula: ``1 - W1(p, g) / W1(uniform, g)``; the step cancels.

    Examples
    --------
    >>> float(earth_movers_skill(np.array([0.0, 0.0, 5.0]), np.array([0.0, 0.0, 2.0])))
    1.0
    """
    uniform = earth_movers_distance(np.ones_like(g), g, 1.0)
    distance = earth_movers_distance(p, g, 1.0)
    # Rounding leaves some 1e-16 per bin where the truth is uniform.
    some = uniform > 1e-12 * g.shape[-1]
    ratio = np.full(uniform.shape, np.nan)
    np.divide(distance, uniform, out=ratio, where=some)
    skill: FloatArray = 1 - ratio
    return skill


def rank_correlation(p: FloatArray, g: FloatArray, bins_per_row: int) -> FloatArray:
    """Return Spearman's correlation of map and truth on rows of several bins.

    Parameters
    ----------
    p, g : ndarray, shape (..., n_bins)
        Map and truth.
    bins_per_row : int
        Bins in a row: 4 bins of 5 basis points make the usual 20.

    Returns
    -------
    ndarray, shape (...)
        -1 to 1; 0 for a map whose rows are all equal, NaN for such a truth.

    Raises
    ------
    ValueError
        If the bins do not make whole rows.
    """
    # Not normalised: rounding would put rows in an order that are equal.
    rows_p, rows_g = sum_rows(p, bins_per_row), sum_rows(g, bins_per_row)
    pairs = zip(_as_lines(rows_p), _as_lines(rows_g), strict=True)
    values = [_line_correlation(a, b) for a, b in pairs]
    return np.array(values).reshape(rows_g.shape[:-1])


def band_recall(p: FloatArray, g: FloatArray, seed: int = 0) -> FloatArray:
    """Return how much of what the best tenth of the bins holds the map's best tenth holds.

    Parameters
    ----------
    p, g : ndarray, shape (..., n_bins)
        Map and truth.
    seed : int
        Breaks ties among the map's bins at random, the same way every time.

    Returns
    -------
    ndarray, shape (...)
        0 to 1; NaN where the truth is empty.

    Notes
    -----
    Formula: truth in the map's top 10 % of bins over truth in its own top 10 %.

    Examples
    --------
    >>> p, g = np.arange(20.0), np.arange(20.0)[::-1]
    >>> round(float(band_recall(p, g)), 3)  # (1 + 0) / (19 + 18)
    0.027
    """
    n_bins = g.shape[-1]
    n_top = max(round(TOP_SHARE * n_bins), 1)
    order = np.random.default_rng(seed).permutation(n_bins)
    shuffled, truth = np.asarray(p)[..., order], np.asarray(g)[..., order]
    best = np.argsort(-shuffled, axis=-1, kind="stable")[..., :n_top]
    found = np.take_along_axis(truth, best, axis=-1).sum(axis=-1)
    most = np.sort(truth, axis=-1)[..., -n_top:].sum(axis=-1)
    recall = np.full(found.shape, np.nan)
    np.divide(found, most, out=recall, where=most > 0)
    return recall


def overlap(p: FloatArray, g: FloatArray) -> FloatArray:
    """Return the share of mass that map and truth have in common.

    Parameters
    ----------
    p, g : ndarray, shape (..., n_bins)
        Map and truth.

    Returns
    -------
    ndarray, shape (...)
        0 to 1; NaN where the truth is empty.

    Notes
    -----
    Formula: ``sum_b min(p_b, g_b)`` of the normalised maps.

    Examples
    --------
    >>> float(overlap(np.array([1.0, 1.0]), np.array([3.0, 1.0])))
    0.75
    """
    common: FloatArray = np.minimum(_shape_of_map(p), _shape_of_truth(g)).sum(axis=-1)
    return common


def log_bias(p: FloatArray, g: FloatArray) -> FloatArray:
    """Return the logarithm of the map's total over the truth's.

    Parameters
    ----------
    p, g : ndarray, shape (..., n_bins)
        Map and truth in the same unit.

    Returns
    -------
    ndarray, shape (...)
        0 is the right level, ln 2 twice too much; NaN where either is empty.
    """
    ours, true = np.asarray(p).sum(axis=-1), np.asarray(g).sum(axis=-1)
    bias = np.full(true.shape, np.nan)
    known = (ours > 0) & (true > 0)
    np.log(np.divide(ours, true, out=bias, where=known), out=bias, where=known)
    return bias


def imbalance(sides: FloatArray) -> float:
    """Return by how much longs outweigh shorts.

    Parameters
    ----------
    sides : ndarray, shape (2, n_bins)
        Longs and shorts, each within its own window.

    Returns
    -------
    float
        -1 (only shorts) to 1 (only longs); NaN where there is neither.

    Notes
    -----
    Formula: ``(L - S) / (L + S)``.

    Examples
    --------
    >>> imbalance(np.array([[3.0, 0.0], [0.0, 1.0]]))
    0.5
    """
    long, short = (float(side.sum()) for side in sides)
    return (long - short) / (long + short) if long + short > 0 else float("nan")


def sum_rows(amounts: FloatArray, bins_per_row: int) -> FloatArray:
    """Return the sums of consecutive bins.

    Parameters
    ----------
    amounts : ndarray, shape (..., n_bins)
        Amounts per bin.
    bins_per_row : int
        Bins in a row.

    Returns
    -------
    ndarray, shape (..., n_bins / bins_per_row)
        Amounts per row.

    Raises
    ------
    ValueError
        If the bins do not make whole rows.
    """
    n_bins = amounts.shape[-1]
    if bins_per_row < 1 or n_bins % bins_per_row:
        raise ValueError(f"{n_bins} bins do not make whole rows of {bins_per_row}")
    rows = amounts.reshape(*amounts.shape[:-1], n_bins // bins_per_row, bins_per_row)
    sums: FloatArray = rows.sum(axis=-1)
    return sums


def _shape_of_truth(g: FloatArray) -> FloatArray:
    total = np.sum(g, axis=-1, keepdims=True)
    shape = np.full(np.shape(g), np.nan)
    np.divide(g, total, out=shape, where=total > 0)
    return shape


def _shape_of_map(p: FloatArray) -> FloatArray:
    shape = _shape_of_truth(p)
    return np.where(np.isnan(shape), 1 / np.shape(p)[-1], shape)


def _as_lines(rows: FloatArray) -> FloatArray:
    return rows.reshape(-1, rows.shape[-1])


def _line_correlation(p: FloatArray, g: FloatArray) -> float:
    if Ranking.of(g).n_groups == 1:
        return float("nan")
    return 0.0 if Ranking.of(p).n_groups == 1 else spearman(p, g)
