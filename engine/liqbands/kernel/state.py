"""The arrays that make up a book, and how they are laid out.

Axis 0 is the side: 0 long, 1 short.  Shorts are kept on mirrored bins, ``z = -1 - bin`` (for
longs ``z = bin``), so that on both sides positions enter at high ``z``, stand below their entry
and are liquidated from the top when the price falls.  One code serves both sides.

Amounts are contracts in *unit weights*: every tier holds what it would hold if all flow went to
it; the tier's weight is applied when the book is read.  Amounts in ``field``, ``pending``,
``moment`` and ``off_grid`` are multiplied by ``growth`` (the reciprocal of the tier's decay), so
that closing touches one number per tier and no bin.

Deposits first go to ``pending``, indexed by *entry* bin, where all tiers of one entry lie side
by side; a tier's kernel is applied when a sweep is about to reach it.  That is exact, because
until then nothing happened to those positions but closing, which ``growth`` carries.
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

# Columns of `BookState.places`, one row per side.
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
N_PLACES: Final = 6

# Columns of `BookState.ledger`, one row per side, weighted contracts.
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

# Entries of `BookState.scalars`.
OPEN_INTEREST: Final = 0
"""Last known open interest, NaN before the first."""
AVERAGE_VOLUME: Final = 1
RAISED: Final = 2
"""Openings that had to be raised above the flow to balance a sweep, both sides."""
FLOW: Final = 3
"""Opening flow that the bars offered, both sides."""
N_SCALARS: Final = 4


class BookState(NamedTuple):
    """Everything a book remembers; see the module docstring for units."""

    field: FloatArray  # (2, n_tiers, n_bins)
    moment: FloatArray  # as field, amount x entry time in hours; no bins without ages
    pending: FloatArray  # (2, PENDING_ROWS, n_tiers)
    pending_moment: FloatArray  # as pending; no rows without ages
    growth: FloatArray  # (2, n_tiers)
    growth_log: FloatArray  # (2, n_tiers), logarithm of what was taken out of `growth`
    amount: FloatArray  # (2, n_tiers), total per tier, not scaled by growth
    off_grid: FloatArray  # (2, n_tiers), scaled by growth
    swept: FloatArray  # (2, n_tiers), swept in the last bar, unit weights, not scaled
    deposit: FloatArray  # (2, n_tiers), scratch
    found: FloatArray  # (2, n_tiers), scratch
    wait_high: IntArray  # (2, n_tiers), range of older entry z that wait; NONE and -NONE
    wait_low: IntArray  # (2, n_tiers)
    swept_at: IntArray  # (2, n_bins), last full sweep, UTC ms
    filled_at: IntArray  # (2, n_bins), when the bin became part of the book again, UTC ms
    kept: FloatArray  # (2, n_bins), share kept by partial sweeps since the last full one
    places: IntArray  # (2, N_PLACES)
    ledger: FloatArray  # (2, N_LEDGER)
    scalars: FloatArray  # (N_SCALARS,)


class Tiers(NamedTuple):
    """The ladder in the form the loops read; built by `liqbands.ladder`."""

    weight: FloatArray  # (n_tiers,), sums to 1
    hazard: FloatArray  # (2, n_tiers), relative closing speed
    closing_weight: FloatArray  # (2, n_tiers), weight x hazard
    distance: FloatArray  # (2, n_tiers), log distance
    kernel: FloatArray  # (total,), densities, nearest bin last
    kernel_start: IntArray  # (2, n_tiers)
    kernel_size: IntArray  # (2, n_tiers), 0: the tier has no liquidation price on the grid
    kernel_offset: IntArray  # (2, n_tiers), bins from the entry to the nearest bin
    cell_shift: IntArray  # (n_tiers,), entries are snapped to cells of 2**shift bins
    nearest: IntArray  # (2,), no entry stands nearer than this many bins
    furthest: int  # no kernel reaches further than this many bins
    fastest: IntArray  # (2,), tier with the largest hazard
    seed_amount: FloatArray  # (2, n_tiers), unit-weight amount per contract of open interest
    seed_scale: FloatArray  # (2, n_tiers), Laplace scale of entries around the mark, bins
    seed_age_hours: FloatArray  # (2, n_tiers), mean age of the seed
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
    places = np.zeros((2, N_PLACES), dtype=np.int64)
    places[:, FRONTIER] = places[:, NEW_HIGH] = places[:, REACH] = NONE
    places[:, NEW_LOW] = -NONE
    scalars = np.zeros(N_SCALARS)
    scalars[OPEN_INTEREST] = np.nan
    return BookState(
        field=np.zeros((2, n_tiers, n_bins)),
        moment=np.zeros((2, n_tiers, n_bins if ages else 0)),
        pending=np.zeros((2, PENDING_ROWS, n_tiers)),
        pending_moment=np.zeros((2, PENDING_ROWS if ages else 0, n_tiers)),
        growth=np.ones((2, n_tiers)),
        growth_log=np.zeros((2, n_tiers)),
        amount=np.zeros((2, n_tiers)),
        off_grid=np.zeros((2, n_tiers)),
        swept=np.zeros((2, n_tiers)),
        deposit=np.zeros((2, n_tiers)),
        found=np.zeros((2, n_tiers)),
        wait_high=np.full((2, n_tiers), NONE, dtype=np.int64),
        wait_low=np.full((2, n_tiers), -NONE, dtype=np.int64),
        swept_at=np.full((2, n_bins), first_time_ms, dtype=np.int64),
        filled_at=np.full((2, n_bins), first_time_ms, dtype=np.int64),
        kept=np.ones((2, n_bins)),
        places=places,
        ledger=np.zeros((2, N_LEDGER)),
        scalars=scalars,
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
