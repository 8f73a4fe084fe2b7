"""Where every contract went: opened = standing + off grid + swept + closed (+ re-based)."""

from dataclasses import dataclass

import numpy as np

from liqbands.instrument import FloatArray, Side
from liqbands.kernel.state import (
    CLOSED,
    GROWTH,
    OFF_GRID,
    OPENED,
    REBASED,
    SEEDED,
    SIZE,
    SWEPT,
    WEIGHT,
    BookState,
    Tiers,
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Contracts of one side since the book began.

    Parameters
    ----------
    opened : float
        Everything ever opened, the seed included.
    standing : float
        What the bins hold, stored and waiting; summed from the bins themselves.
    off_grid : float
        Open positions without a liquidation price on the grid.
    swept : float
        Removed because the mark price arrived or a liquidation was reported.
    closed : float
        Closed voluntarily.
    rebased : float
        Removed (negative: added) when open interest changed its unit or collapsed.
    seeded : float
        The part of `opened` that the book started with.
    """

    opened: float
    standing: float
    off_grid: float
    swept: float
    closed: float
    rebased: float
    seeded: float

    @property
    def open_contracts(self) -> float:
        """Return what is open, on and off the grid."""
        return self.standing + self.off_grid

    @property
    def imbalance(self) -> float:
        """Return what the identity misses, as a share of what was opened."""
        accounted = self.open_contracts + self.swept + self.closed + self.rebased
        return (self.opened - accounted) / max(self.opened, 1e-300)


def off_grid_per_tier(state: BookState, tiers: Tiers, s: int) -> FloatArray:
    """Return what stands off the grid, with what waits in tiers without a liquidation price.

    Parameters
    ----------
    state : BookState
        The book's arrays.
    tiers : Tiers
        Where tiers stand.
    s : int
        0 long, 1 short.

    Returns
    -------
    ndarray, shape (n_tiers,)
        Contracts in unit weights, multiplied by growth.
    """
    nowhere = tiers.span[s, SIZE] == 0
    waiting = np.where(nowhere, state.pending[s].sum(axis=0), 0.0)
    off_grid: FloatArray = waiting + state.tier[s, OFF_GRID]
    return off_grid


def read_ledger(state: BookState, tiers: Tiers, side: Side) -> Ledger:
    """Sum up a side of a book.

    Parameters
    ----------
    state : BookState
        The book's arrays.
    tiers : Tiers
        Weights of the tiers.
    side : Side
        Long or short.

    Returns
    -------
    Ledger
        Weighted contracts.
    """
    s = 0 if side is Side.LONG else 1
    weight = tiers.value[s, WEIGHT] / state.tier[s, GROWTH]
    off_grid = off_grid_per_tier(state, tiers, s)
    held = state.field[s].sum(axis=1) + state.pending[s].sum(axis=0) + state.tier[s, OFF_GRID]
    booked = state.ledger[s]
    return Ledger(
        opened=float(booked[OPENED]),
        standing=float(weight @ (held - off_grid)),
        off_grid=float(weight @ off_grid),
        swept=float(booked[SWEPT]),
        closed=float(booked[CLOSED]),
        rebased=float(booked[REBASED]),
        seeded=float(booked[SEEDED]),
    )
