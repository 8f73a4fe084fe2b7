"""Weights with which a book is read: which tiers, which quantity, what a contract is worth."""

from collections.abc import Sequence

import numpy as np

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.ladder import Ladder


def values_of(instrument: Instrument, grid: PriceGrid, first_bin: int, n_bins: int) -> FloatArray:
    """Return the quote value of one contract in each bin.

    Parameters
    ----------
    instrument : Instrument
        Linear contracts are worth what the forced orders would trade at; inverse their face.
    grid : PriceGrid
        The grid.
    first_bin, n_bins : int
        The bins that are wanted.

    Returns
    -------
    ndarray, shape (n_bins,)
        Quote per contract.
    """
    return instrument.notional_per_contract(grid.centers(first_bin, n_bins))


def layer_weight(ladder: Ladder, leverage: str | None) -> FloatArray:
    """Return the tiers' weights, those outside of a leverage layer set to 0.

    Parameters
    ----------
    ladder : Ladder
        The tiers.
    leverage : str or None
        Name of the layer; None is all.

    Returns
    -------
    ndarray, shape (n_tiers,)
        Weights.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    if leverage is None:
        return ladder.weight
    if leverage not in ladder.groups:
        raise ValueError(f"leverage must be one of {', '.join(ladder.groups)}, was {leverage!r}")
    return np.where(ladder.group == ladder.groups.index(leverage), ladder.weight, 0.0)


def survival_of(ladder: Ladder, survival: Sequence[float] | None) -> FloatArray:
    """Return the factor per tier from standing to shown quantity.

    Parameters
    ----------
    ladder : Ladder
        The tiers.
    survival : sequence of float or None
        Calibrated survival per tier; None is standing.

    Returns
    -------
    ndarray, shape (n_tiers,)
        Factors.

    Raises
    ------
    ValueError
        If there is not one positive number for each tier.
    """
    if survival is None:
        return np.ones(ladder.n_tiers)
    factors = np.asarray(survival, dtype=np.float64)
    if factors.shape != (ladder.n_tiers,) or not (factors >= 0).all():
        raise ValueError(
            f"survival must be {ladder.n_tiers} numbers of at least 0, one per tier; "
            f"there were {factors.size}"
        )
    return factors
