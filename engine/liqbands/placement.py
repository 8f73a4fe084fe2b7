"""Ladders laid on a price grid: the kernels that the compiled loops apply."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, MarketKind
from liqbands.kernel.state import Tiers
from liqbands.ladder import Ladder
from liqbands.parameters import Parameters

CELLS_PER_HAT = 40
"""Entries of a wide tier are snapped to cells this fine against its hat's width."""

REACH: Final[dict[MarketKind, float]] = {
    MarketKind.PERPETUAL: 1.4,
    MarketKind.SPOT: 1.4,
    MarketKind.STOCK: 0.8,
    MarketKind.FOREX: 0.3,
}
"""Log distance from entry beyond which a tier stands off the grid."""


def hat_kernel(distance: float, ratio: float, step: float) -> tuple[int, FloatArray]:
    """Return how a tier is spread over the bins away from the entry.

    Parameters
    ----------
    distance : float
        Log distance of the tier, positive.
    ratio : float
        Ratio of the ladder; 1 makes a spike.
    step : float
        Log width of a bin.

    Returns
    -------
    tuple of int and ndarray
        Bins from the entry to the first one, and the shares from there outwards (sum 1).

    Notes
    -----
    Hat: ``w(x) ~ max(0, 1 - |ln(x/d)| / ln(ratio)) / x`` at bin centres, that is a density
    piecewise linear in ``ln x``.  Spike: linear between the two bins around ``d``.

    Examples
    --------
    >>> hat_kernel(0.0105, 1.0, 0.001)
    (10, array([0.5, 0.5]))
    """
    if ratio > 1:
        low = max(1, math.ceil(distance / ratio / step))
        high = math.floor(distance * ratio / step)
        x = np.arange(low, high + 1) * step
        share = np.maximum(0.0, 1 - np.abs(np.log(x / distance)) / math.log(ratio)) / x
        if len(share) and share.sum() > 0:
            return low, share / share.sum()
        return max(1, round(distance / step)), np.ones(1)
    place = distance / step
    low = math.floor(place)
    upper = round(place - low, 9)
    if upper == 0:
        return max(1, low), np.ones(1)
    return max(1, low), np.array([1 - upper, upper])


def lay_on_grid(ladder: Ladder, grid: PriceGrid, parameters: Parameters, reach: float) -> Tiers:
    """Return the ladder in the form the compiled loops read.

    Parameters
    ----------
    ladder : Ladder
        Tiers, distances and hazards.
    grid : PriceGrid
        The grid on which positions stand.
    parameters : Parameters
        Gives the seed's volatility and turnover.
    reach : float
        Log distance beyond which a tier has no place on the grid.

    Returns
    -------
    Tiers
        Kernels with the nearest bin last, offsets, hazards and the stationary seed.
    """
    kernel, start, size, offset = _kernels(ladder, grid, reach)
    entry_offset = np.where(size > 0, offset, np.iinfo(np.int64).max)[:, : ladder.n_entry]
    both = np.ones((2, 1))
    rows = (
        ladder.weight * both,
        ladder.hazard,
        ladder.weight * ladder.hazard,
        ladder.distance,
        *_stationary(ladder, grid, parameters),
    )
    shift = np.tile(_cell_shift(size), (2, 1))
    raised = (1 << shift[:, : ladder.n_entry]) // 2  # snapping may move an entry up by as much
    limit = np.stack(
        [(entry_offset - raised).min(axis=1) - 1, np.argmax(ladder.hazard, axis=1)], axis=1
    )
    return Tiers(
        value=np.stack(rows, axis=1),
        span=np.stack([start, size, offset, shift], axis=1),
        kernel=kernel,
        limit=limit.astype(np.int64),
        furthest=int((offset + size).max()),
        n_entry=ladder.n_entry,
    )


def _kernels(
    ladder: Ladder, grid: PriceGrid, reach: float
) -> tuple[FloatArray, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return all kernels end to end, nearest bin last, with start, size and offset of each."""
    shape = (2, ladder.n_tiers)
    kernels: list[FloatArray] = [np.zeros(0)]
    start, size, offset = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for s, k in np.ndindex(shape):
        distance = float(ladder.distance[s, k])
        start[s, k] = sum(len(kernel) for kernel in kernels)
        if distance < reach:
            offset[s, k], shares = hat_kernel(distance, float(ladder.ratio[k]), grid.step)
            size[s, k] = len(shares)
            kernels.append(shares[::-1])
    return np.concatenate(kernels), start, size, offset


def mean_hazard(ladder: Ladder) -> FloatArray:
    """Return the stationary book's mean hazard per side, ``1 / sum(weight / hazard)``.

    Parameters
    ----------
    ladder : Ladder
        Weights and hazards.

    Returns
    -------
    ndarray, shape (2,)
        Long and short.
    """
    mean: FloatArray = 1 / (ladder.weight / ladder.hazard).sum(axis=1)
    return mean


def _cell_shift(size: NDArray[np.int64]) -> NDArray[np.int64]:
    widest = size.max(axis=0)
    cells = np.maximum(widest // CELLS_PER_HAT, 1)
    shift: NDArray[np.int64] = np.floor(np.log2(cells)).astype(np.int64)
    return shift


def _stationary(
    ladder: Ladder, grid: PriceGrid, parameters: Parameters
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Seed amounts ~ 1/hazard; entries Laplace with scale sigma / sqrt(2 rate)."""
    mean = mean_hazard(ladder)[:, None]
    amount = mean / ladder.hazard
    turnover = parameters.participation * parameters.seed_turnover / 2
    rate = turnover * ladder.hazard / mean
    scale = parameters.seed_volatility / np.sqrt(2 * rate) / grid.step
    return amount, scale, 24 / rate
