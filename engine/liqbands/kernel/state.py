"""The arrays that make up a book, and how they are laid out.

Axis 0 is the side: 0 long, 1 short.  Shorts are kept on mirrored bins, ``z = -1 - bin`` (for
longs ``z = bin``), so that on both sides positions enter at high ``z``, stand below their entry
and are liquidated from the top when the price falls.  One code serves both sides.

Amounts are contracts in *unit weights*: every tier holds what it would hold if all flow went to
it; the tier's weight is applied when the book is read.  Amounts in ``field``, ``pending`` and
``OFF_GRID`` are multiplied by ``GROWTH`` (the reciprocal of the tier's decay), so that closing
touches one number per tier and no bin.

Deposits first go to ``pending``, indexed by *entry* bin, where all tiers of one entry lie side
by side; a tier's kernel is applied when a sweep is about to reach it.  That is exact, because
until then nothing happened to those positions but closing, which the growth carries.

Few arrays with named rows instead of many arrays: compiled code passes every array of a tuple
by value, so their number is what a call costs.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray

IntArray = NDArray[np.int64]

PENDING_ROWS: Final = 64
"""Entry bins that can wait; a price that leaves them flushes all tiers."""

NONE: Final = -(2**62)
"""No entry bin waits."""

MOMENT: Final = 2
"""Added to the side in ``field`` and ``pending``: amount times entry time in hours."""

# Rows of `BookState.tier`.
AMOUNT: Final = 0
"""Total of the tier, on and off the grid, not scaled by growth."""
GROWTH: Final = 1
GROWTH_LOG: Final = 2
"""Logarithm of what was divided out of the growth."""
OFF_GRID: Final = 3
SWEPT_NOW: Final = 4
"""Swept in the last bar, not scaled."""
DEPOSIT: Final = 5
FOUND: Final = 6
N_TIER_ROWS: Final = 7

# Rows of `BookState.waiting`: range of older entry z that wait, NONE and -NONE without any.
HIGH: Final = 0
LOW: Final = 1

# Rows of `BookState.times`.
SWEPT_AT: Final = 0
"""Last full sweep of the bin."""
FILLED_AT: Final = 1
"""When the bin became part of the book again."""

# Columns of `BookState.places`.
WINDOW: Final = 0
"""Lowest z that `field` stores."""
FRONTIER: Final = 1
"""Highest z at which `field` can hold anything."""
PENDING: Final = 2
"""Lowest z of the pending rows."""
NEW_HIGH: Final = 3
NEW_LOW: Final = 4
"""Range of entry z since pending tiers were last checked; NONE and -NONE when there is none."""
REACH: Final = 5
"""Highest z at which an older pending tier would stand, or NONE."""
SWEPT_TO: Final = 6
"""Lowest z that the last bar reached."""
DATED: Final = 7
"""Highest z that has a date in FILLED_AT."""
N_PLACES: Final = 8

# Columns of `BookState.ledger` in the rows of the sides, weighted contracts.
OPENED: Final = 0
SWEPT: Final = 1
CLOSED: Final = 2
REBASED: Final = 3
SEEDED: Final = 4
CLOCK: Final = 5
"""Turnover clock: sum of closed over standing."""
LAST_SWEPT: Final = 6
"""Swept in the last bar."""
N_LEDGER: Final = 7

BOOK: Final = 2
"""Row of `BookState.ledger` with what concerns both sides."""
OPEN_INTEREST: Final = 0
"""Last known open interest, NaN before the first."""
AVERAGE_VOLUME: Final = 1
RAISED: Final = 2
"""Openings that had to be raised above the flow to balance a sweep, both sides."""
FLOW: Final = 3
"""Opening flow that the bars offered, both sides."""

# Rows of `Tiers.value`.
WEIGHT: Final = 0
"""Sums to 1."""
HAZARD: Final = 1
"""Relative closing speed."""
CLOSING: Final = 2
"""Weight times hazard."""
DISTANCE: Final = 3
"""Log distance from the entry."""
SEED_AMOUNT: Final = 4
"""Unit-weight amount per contract of open interest in the stationary book."""
SEED_SCALE: Final = 5
"""Laplace scale of the seed's entries around the mark, bins."""
SEED_AGE: Final = 6
"""Mean age of the seed, hours."""

# Rows of `Tiers.span`.
START: Final = 0
SIZE: Final = 1
"""0: the tier has no liquidation price on the grid."""
OFFSET: Final = 2
"""Bins from the entry to the nearest bin."""
SHIFT: Final = 3
"""Entries are snapped to cells of 2**shift bins."""

# Columns of `Tiers.limit`.
NEAREST: Final = 0
"""No entry stands nearer than this many bins."""
FASTEST: Final = 1
"""Tier with the largest hazard."""


class BookState(NamedTuple):
    """Everything a book remembers; see the module docstring for units."""

    field: FloatArray  # (2 or 4, n_tiers, n_bins); sides, then their moments if ages are kept
    pending: FloatArray  # (2 or 4, PENDING_ROWS, n_tiers)
    tier: FloatArray  # (2, N_TIER_ROWS, n_tiers)
    waiting: IntArray  # (2, 2, n_tiers)
    times: IntArray  # (2, 2, n_bins), UTC ms
    kept: FloatArray  # (2, n_bins), share kept by partial sweeps since the last full one
    places: IntArray  # (2, N_PLACES)
    ledger: FloatArray  # (3, N_LEDGER)


class Tiers(NamedTuple):
    """The ladder in the form the loops read; built by `liqbands.placement`."""

    value: FloatArray  # (2, 7, n_tiers)
    span: IntArray  # (2, 4, n_tiers)
    kernel: FloatArray  # (total,), densities, nearest bin last
    limit: IntArray  # (2, 2)
    furthest: int  # no kernel reaches further than this many bins
    n_entry: int  # tiers before this one follow the entry price, later ones the extremes


def new_state(n_tiers: int, n_bins: int, first_time_ms: int, *, ages: bool) -> BookState:
    """Return an empty book.

    Parameters
    ----------
    n_tiers, n_bins : int
        Tiers, and bins that are stored per side.
    first_time_ms : int
        When the book begins, UTC milliseconds.
    ages : bool
        Whether to remember when positions were opened; the amounts are the same either way.

    Returns
    -------
    BookState
        Zeros, with nothing pending.
    """
    layers = 2 * MOMENT if ages else MOMENT
    tier = np.zeros((2, N_TIER_ROWS, n_tiers))
    tier[:, GROWTH] = 1.0
    waiting = np.full((2, 2, n_tiers), NONE, dtype=np.int64)
    waiting[:, LOW] = -NONE
    places = np.zeros((2, N_PLACES), dtype=np.int64)
    places[:, FRONTIER] = places[:, NEW_HIGH] = places[:, REACH] = places[:, DATED] = NONE
    places[:, WINDOW] = places[:, PENDING] = NONE
    places[:, NEW_LOW] = -NONE
    ledger = np.zeros((3, N_LEDGER))
    ledger[BOOK, OPEN_INTEREST] = np.nan
    return BookState(
        field=np.zeros((layers, n_tiers, n_bins)),
        pending=np.zeros((layers, PENDING_ROWS, n_tiers)),
        tier=tier,
        waiting=waiting,
        times=np.full((2, 2, n_bins), first_time_ms, dtype=np.int64),
        kept=np.ones((2, n_bins)),
        places=places,
        ledger=ledger,
    )


def copy_state(state: BookState) -> BookState:
    """Return an independent copy, e.g. to try a forming bar on.

    Parameters
    ----------
    state : BookState
        The state to copy.

    Returns
    -------
    BookState
        Equal arrays that share nothing with the original.
    """
    return BookState._make(array.copy() for array in state)
