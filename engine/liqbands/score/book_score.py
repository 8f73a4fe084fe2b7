"""One snapshot of a map against the true book: every metric on both sides of the mark price."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Side
from liqbands.score.book_metrics import (
    band_recall,
    earth_movers_skill,
    imbalance,
    log_bias,
    overlap,
    rank_correlation,
)

NEAR_WINDOW: Final = 0.05
FAR_WINDOW: Final = 0.20
ROW_WIDTH: Final = 0.002
"""Log width of the rows on which ranks are compared."""

DISTANCE_EDGES: Final = (0.0, 0.01, 0.02, 0.05, 0.10, 0.20)
"""Limits of the distance classes, log distance from mark."""


@dataclass(frozen=True, eq=False)
class BookScore:
    """What one snapshot of a map scored in one window; index 0 is long, 1 is short.

    Parameters
    ----------
    half_window : float
        Log distance from mark up to which each side was compared.
    earth_movers_skill, rank_correlation, band_recall, overlap : ndarray, shape (2,)
        Shape metrics, 1 at best; NaN on a side whose truth is empty.
    log_bias : ndarray, shape (2,)
        Logarithm of map over truth in the window; NaN where either is empty.
    imbalance, true_imbalance : float
        Longs against shorts, of the map and of the truth; NaN without either side.
    """

    half_window: float
    earth_movers_skill: FloatArray
    rank_correlation: FloatArray
    band_recall: FloatArray
    overlap: FloatArray
    log_bias: FloatArray
    imbalance: float
    true_imbalance: float


@dataclass(frozen=True, eq=False)
class DistanceShares:
    """Where mass stands by distance from mark, map and truth; index 0 is long, 1 is short.

    Parameters
    ----------
    edges : ndarray, shape (n_classes + 1,)
        Log distances that limit the classes.
    estimate, truth : ndarray, shape (2, n_classes)
        Share of the side's mass up to the last limit; NaN where there is none.
    """

    edges: FloatArray
    estimate: FloatArray
    truth: FloatArray


def score_book(
    estimate: FloatArray,
    truth: FloatArray,
    mark: float,
    grid: PriceGrid,
    first_bin: int,
    half_window: float = NEAR_WINDOW,
) -> BookScore:
    """Compare a map with the true book within a window on the correct side of mark.

    Parameters
    ----------
    estimate, truth : ndarray, shape (2, n_bins)
        Longs and shorts per bin, in the same unit where the bias is of interest.
    mark : float
        Mark price at the snapshot, quote per base.
    grid : PriceGrid
        The grid of both maps.
    first_bin : int
        Bin of the first column.
    half_window : float
        Log distance from mark: 0.05 near, 0.20 far.

    Returns
    -------
    BookScore
        Every metric.

    Raises
    ------
    ValueError
        If the maps do not cover the window, differ in shape, or hold negative amounts.

    Notes
    -----
    Longs stand below, shorts above mark.  Ties in the recall are broken by the window's own
    bins, so that over many snapshots no place in the window is preferred.
    """
    if np.shape(estimate) != np.shape(truth):
        raise ValueError(f"map has shape {estimate.shape}, truth has {truth.shape}")
    p = cut_window(estimate, mark, grid, first_bin, half_window)
    g = cut_window(truth, mark, grid, first_bin, half_window)
    return BookScore(
        half_window=half_window,
        earth_movers_skill=earth_movers_skill(p, g),
        rank_correlation=rank_correlation(p, g, max(round(ROW_WIDTH / grid.step), 1)),
        band_recall=band_recall(p, g, seed=abs(first_long_bin(mark, grid))),
        overlap=overlap(p, g),
        log_bias=log_bias(p, g),
        imbalance=imbalance(p),
        true_imbalance=imbalance(g),
    )


def cut_window(
    sides: FloatArray, mark: float, grid: PriceGrid, first_bin: int, half_window: float
) -> FloatArray:
    """Return longs below and shorts above mark, up to a distance.

    Parameters
    ----------
    sides : ndarray, shape (2, n_bins)
        Longs and shorts per bin.
    mark : float
        Mark price, quote per base.
    grid : PriceGrid
        The grid.
    first_bin : int
        Bin of the first column.
    half_window : float
        Log distance from mark.

    Returns
    -------
    ndarray, shape (2, n_window)
        Both sides **outwards from mark**: column 0 is the bin next to it.

    Raises
    ------
    ValueError
        If the window is not covered or an amount is negative or NaN.
    """
    n_window = round(half_window / grid.step)
    long_stop = first_long_bin(mark, grid) + 1 - first_bin
    short_start = first_short_bin(mark, grid) - first_bin
    if long_stop < n_window or short_start + n_window > sides.shape[1]:
        raise ValueError(
            f"a window of {half_window} around {mark} needs {n_window} bins on either side, "
            f"had {max(long_stop, 0)} below and {max(sides.shape[1] - short_start, 0)} above"
        )
    long = sides[0, long_stop - n_window : long_stop][::-1]
    short = sides[1, short_start : short_start + n_window]
    window: FloatArray = np.stack([long, short])
    if not (np.isfinite(window) & (window >= 0)).all():
        raise ValueError("amounts must be finite and not negative")
    return window


def first_long_bin(mark: float, grid: PriceGrid) -> int:
    """Return the highest bin whose centre lies below mark, where longs can stand.

    Parameters
    ----------
    mark : float
        Mark price, quote per base.
    grid : PriceGrid
        The grid.

    Returns
    -------
    int
        Bin of the grid.
    """
    return int(np.ceil(np.log(mark) / grid.step - 0.5)) - 1


def first_short_bin(mark: float, grid: PriceGrid) -> int:
    """Return the lowest bin whose centre lies above mark, where shorts can stand.

    Parameters
    ----------
    mark : float
        Mark price, quote per base.
    grid : PriceGrid
        The grid.

    Returns
    -------
    int
        Bin of the grid.
    """
    return int(np.floor(np.log(mark) / grid.step - 0.5)) + 1


def distance_shares(
    estimate: FloatArray,
    truth: FloatArray,
    mark: float,
    grid: PriceGrid,
    first_bin: int,
    edges: tuple[float, ...] = DISTANCE_EDGES,
) -> DistanceShares:
    """Return which share of each side's mass stands at which distance, map and truth.

    Parameters
    ----------
    estimate, truth : ndarray, shape (2, n_bins)
        Longs and shorts per bin.
    mark : float
        Mark price at the snapshot, quote per base.
    grid : PriceGrid
        The grid of both maps.
    first_bin : int
        Bin of the first column.
    edges : tuple of float
        Limits of the classes, log distance from mark, increasing.

    Returns
    -------
    DistanceShares
        The error by distance is the difference of the two.

    Raises
    ------
    ValueError
        If the maps do not reach to the last limit.
    """
    limits = np.round(np.array(edges) / grid.step).astype(np.int64)
    shares = []
    for sides in (estimate, truth):
        window = cut_window(sides, mark, grid, first_bin, edges[-1])
        total = np.concatenate([np.zeros((len(Side), 1)), np.cumsum(window, axis=1)], axis=1)
        mass = np.diff(total[:, limits], axis=1)
        whole = mass.sum(axis=1, keepdims=True)
        share = np.full(mass.shape, np.nan)
        np.divide(mass, whole, out=share, where=whole > 0)
        shares.append(share)
    return DistanceShares(np.array(edges), shares[0], shares[1])
