"""A panel of reached bins, and means that are predicted from the past of the panel alone."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.grid import IntArray
from liqbands.instrument import FloatArray

TRUST: Final = 0.95
"""Weight of the map in the link; the rest is the mean so far, so that no mean is ever 0."""

FIRST_SCORED: Final = 72
"""Snapshots from which the link has learnt before anything is scored."""


@dataclass(frozen=True, eq=False)
class Panel:
    """Bins that the mark price reached, of many snapshots.

    Parameters
    ----------
    predicted : ndarray, shape (n,)
        The map in the bin at the snapshot; any unit, not negative.
    realised : ndarray, shape (n,)
        Notional liquidated in the bin within the horizon.
    snapshot : ndarray of int64, shape (n,)
        Which snapshot of its run the row is from, 0 for the first, also where a snapshot in
        between reached nothing.
    run : ndarray of int64, shape (n,), optional
        Which world, seed or coin; links never learn from another run.
    counts : ndarray, shape (n,), optional
        Number of liquidations in the bin.
    lag : int
        Snapshots until an outcome is known: the horizon in snapshots, rounded up.

    Raises
    ------
    ValueError
        If columns differ in length, an amount is negative or NaN, or the lag is not positive.
    """

    predicted: FloatArray
    realised: FloatArray
    snapshot: IntArray
    run: IntArray | None = None
    counts: FloatArray | None = None
    lag: int = 1

    def __post_init__(self) -> None:
        n = len(self.predicted)
        for name in ("predicted", "realised", "snapshot", "run", "counts"):
            column = getattr(self, name)
            if column is None:
                continue
            if column.shape != (n,):
                raise ValueError(f"{name} must have {n} rows like predicted, was {column.shape}")
            if name != "run" and not (np.isfinite(column) & (column >= 0)).all():
                raise ValueError(f"{name} must be finite and not negative")
        if self.lag < 1:
            raise ValueError(f"lag must be at least 1 snapshot, was {self.lag}")


@dataclass(frozen=True, eq=False)
class Link:
    """Means predicted row by row from what was known at each snapshot.

    Parameters
    ----------
    mean : ndarray, shape (n,)
        The map brought to the scale of what was realised so far.
    constant : ndarray, shape (n,)
        The mean per bin so far, the same for all bins of a snapshot.
    scored : ndarray of bool, shape (n,)
        Rows at least 72 snapshots in, and after anything at all was realised.
    """

    mean: FloatArray
    constant: FloatArray
    scored: NDArray[np.bool_]


def prequential_link(panel: Panel, outcome: FloatArray) -> Link:
    """Scale a map to what was realised, snapshot by snapshot, from the past alone.

    Parameters
    ----------
    panel : Panel
        The reached bins.
    outcome : ndarray, shape (n,)
        What the mean is of: the panel's realised notional or its counts.

    Returns
    -------
    Link
        Means of map and constant.

    Notes
    -----
    Formula: ``m = 0.95 c_t x + 0.05 y_t`` with ``c_t`` the sum of outcomes over the sum of the
    map and ``y_t`` the mean outcome per bin, both over the snapshots before t whose outcome was
    known at t (model description, 8.3).  A map that was empty so far has ``c_t = 0``.
    """
    span = int(panel.snapshot.max(initial=0)) + panel.lag + 1
    run = np.zeros_like(panel.snapshot) if panel.run is None else panel.run
    key = np.unique(run, return_inverse=True)[1].ravel() * span + panel.snapshot
    moments, row = np.unique(key, return_inverse=True)
    row = row.ravel()
    first = np.searchsorted(moments, moments // span * span)
    # Keys of two runs are more than the lag apart, so nothing is borrowed from the run before.
    stop = np.searchsorted(moments, moments - panel.lag, side="right")
    x, y, n = (
        _known(np.bincount(row, weights=amounts).astype(np.float64), first, stop)[row]
        for amounts in (panel.predicted, outcome, np.ones(len(row)))
    )
    scale = np.divide(y, x, out=np.zeros_like(y), where=x > 0)
    constant = np.divide(y, n, out=np.zeros_like(y), where=n > 0)
    mean = TRUST * scale * panel.predicted + (1 - TRUST) * constant
    return Link(mean, constant, (panel.snapshot >= FIRST_SCORED) & (constant > 0))


def _known(amounts: FloatArray, first: IntArray, stop: IntArray) -> FloatArray:
    """Return the sums from each moment's first of the run to before its stop.

    Every run is added up from 0: in one running sum, rounding would carry a trace of one run's
    future into the next.
    """
    known = np.zeros(len(amounts))
    starts = np.unique(first)
    for start, end in zip(starts, [*starts[1:], len(amounts)], strict=True):
        total = np.concatenate([[0.0], np.cumsum(amounts[start:end])])
        known[start:end] = total[stop[start:end] - start]
    return known
