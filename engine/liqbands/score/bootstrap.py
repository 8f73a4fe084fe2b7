"""The block bootstrap: how sure a measured value is when neighbours in time are alike."""

from collections.abc import Callable
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.types import Figure

Statistic = Callable[[FloatArray], float]
"""A number from rows that count with a weight each; a row of weight 0 is left out."""

MIN_BLOCKS: Final = 5
"""With fewer blocks no bounds are given: a handful of draws is no distribution."""

TAILS: Final = (2.5, 97.5)


def block_means(
    values: FloatArray, blocks: Blocks, n_resamples: int = 1_000, seed: int = 0
) -> Figure:
    """Return the mean of values per snapshot with its bounds.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One per snapshot; NaN (nothing to score) is left out and counted.
    blocks : Blocks
        Which snapshots are drawn together.
    n_resamples, seed : int
        Size and seed of the bootstrap.

    Returns
    -------
    Figure
        Mean and 95 % bounds.
    """
    blocks = blocks.only(np.isfinite(values))
    kept = blocks.kept
    sums = np.bincount(blocks.index[kept], weights=values[kept], minlength=blocks.n_blocks)
    counts = np.bincount(blocks.index[kept], minlength=blocks.n_blocks)
    drawn = blocks.draw(n_resamples, seed)
    value = float(values[kept].mean()) if kept.any() else float("nan")
    return figure_of(value, _ratio(drawn @ sums, drawn @ counts), blocks)


def block_bootstrap(
    statistic: Statistic, blocks: Blocks, n_resamples: int = 200, seed: int = 0
) -> Figure:
    """Return a statistic of all rows together with its bounds.

    Parameters
    ----------
    statistic : Statistic
        Takes a weight per row; should sort beforehand, not on every call.
    blocks : Blocks
        Which rows are drawn together, and which are left out.
    n_resamples, seed : int
        Size and seed of the bootstrap.

    Returns
    -------
    Figure
        The statistic of the rows as they are, and 95 % bounds.

    Examples
    --------
    >>> values, days = np.arange(12.0), Blocks.of(np.arange(12) // 2)
    >>> mean = block_bootstrap(lambda weights: float(weights @ values / weights.sum()), days)
    >>> mean.value, mean.low < 5.5 < mean.high
    (5.5, True)
    """
    value = statistic(blocks.kept.astype(np.float64))
    return figure_of(value, resampled(statistic, blocks, n_resamples, seed), blocks)


def paired_difference(
    first: Statistic, second: Statistic, blocks: Blocks, n_resamples: int = 200, seed: int = 0
) -> Figure:
    """Return by how much one statistic exceeds another on the same rows, with bounds.

    Parameters
    ----------
    first, second : Statistic
        Two models' statistics of the same rows.
    blocks : Blocks
        Which rows are drawn together; both see the same draws.
    n_resamples, seed : int
        Size and seed of the bootstrap.

    Returns
    -------
    Figure
        ``first - second``; what moves both alike cancels.
    """
    return block_bootstrap(
        lambda weights: first(weights) - second(weights), blocks, n_resamples, seed
    )


def resampled(statistic: Statistic, blocks: Blocks, n_resamples: int, seed: int) -> FloatArray:
    """Return a statistic of every resample.

    Parameters
    ----------
    statistic : Statistic
        Takes a weight per row.
    blocks : Blocks
        Which rows are drawn together.
    n_resamples, seed : int
        Size and seed of the bootstrap.

    Returns
    -------
    ndarray, shape (n_resamples,)
        Its standard deviation is the statistic's standard error.
    """
    drawn = blocks.draw(n_resamples, seed)
    # One more column of zeros: rows left out carry the index -1.
    weight = np.concatenate([drawn, np.zeros((n_resamples, 1))], axis=1)
    return np.array([statistic(row[blocks.index]) for row in weight])


def figure_of(value: float, draws: FloatArray, blocks: Blocks) -> Figure:
    """Put a value and its resamples together.

    Parameters
    ----------
    value : float
        The value of the rows as they are.
    draws : ndarray, shape (n_resamples,)
        The value of every resample; NaN where a resample had nothing to score.
    blocks : Blocks
        Counts what took part and what did not.

    Returns
    -------
    Figure
        Bounds are the 2.5 and 97.5 % quantiles of the draws; NaN with fewer than 5 blocks or
        when most resamples had nothing to score.
    """
    low = high = float("nan")
    known = draws[np.isfinite(draws)]
    if blocks.n_blocks >= MIN_BLOCKS and len(known) > len(draws) / 2:
        low, high = (float(bound) for bound in np.percentile(known, TAILS))
    return Figure(value, low, high, int(blocks.kept.sum()), blocks.n_left_out)


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
