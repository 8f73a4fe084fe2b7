"""Bands by slot at one tick of the band clock, as bytes.

A column is a head and then `n_slots` slots, packed without gaps, little-endian:

| head | bytes | |
|---|---|---|
| version | 1 | 1 |
| book_ms | 8, int | close of the last base bar in the book |
| n_statements | 8, int | statements about bars (corrections count) that the book rests on |
| peak_price | 2 x 8, float | of the strongest band of longs and of shorts; NaN without one |
| notional | 2 x 4, float | of the same |

| slot | bytes | |
|---|---|---|
| state | 1 | 0 empty, 1 living, 2 swept since the tick before |
| side | 1, int | 1 longs, -1 shorts, 0 empty |
| low, high, peak_price | 3 x 8, float | quote per base |
| notional, notional_low, notional_high | 3 x 4, float | with its 80 % interval |
| strength | 4, float | rank within the book, 0 to 1 |
| since_ms | 8, int | tick at which the band took the slot |

An empty slot is all zeros.  A swept band shows that the slot must stay empty at the next tick.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import Side
from liqbands.levels import Band
from liqbands.tracker import BandTracker, Slot

VERSION: Final = 1

LIVING: Final = 1
SWEPT: Final = 2

HEAD: Final = np.dtype(
    [
        ("version", "u1"),
        ("book_ms", "<i8"),
        ("n_statements", "<i8"),
        ("peak_price", "<f8", (2,)),
        ("notional", "<f4", (2,)),
    ]
)

SLOT: Final = np.dtype(
    [
        ("state", "u1"),
        ("side", "i1"),
        ("low", "<f8"),
        ("high", "<f8"),
        ("peak_price", "<f8"),
        ("notional", "<f4"),
        ("notional_low", "<f4"),
        ("notional_high", "<f4"),
        ("strength", "<f4"),
        ("since_ms", "<i8"),
    ]
)

Column = NDArray[np.void]
"""Array of `column_type`."""


def column_type(n_slots: int) -> np.dtype[Any]:
    """Return how the bytes of a column are laid out.

    Parameters
    ----------
    n_slots : int
        Number of slots.

    Returns
    -------
    dtype
        Head and slots.
    """
    return np.dtype([("head", HEAD), ("slots", SLOT, (n_slots,))])


def pack_column(
    tracker: BandTracker, found: Sequence[Band], book_ms: int, n_statements: int
) -> bytes:
    """Return the bytes of a column.

    Parameters
    ----------
    tracker : BandTracker
        After the tick's update.
    found : sequence of Band
        The bands of the book, strongest first.
    book_ms, n_statements : int
        As in the head.

    Returns
    -------
    bytes
        The same for the same bands, bit for bit.
    """
    column = np.zeros(1, dtype=column_type(len(tracker.slots)))
    strongest = [next((one for one in found if one.side is side), None) for side in Side]
    column["head"][0] = (
        VERSION,
        book_ms,
        n_statements,
        [math.nan if one is None else one.peak_price for one in strongest],
        [math.nan if one is None else one.notional for one in strongest],
    )
    column["slots"][0] = [_row(slot) for slot in tracker.slots]
    return column.tobytes()


def unpack_columns(packed: Sequence[bytes], n_slots: int) -> Column:
    """Return columns from their bytes.

    Parameters
    ----------
    packed : sequence of bytes
        From `pack_column`.
    n_slots : int
        Number of slots of each.

    Returns
    -------
    ndarray of column_type, shape (n_columns,)
        Read-only.
    """
    return np.frombuffer(b"".join(packed), dtype=column_type(n_slots))


def tracker_after(column: np.void) -> BandTracker:
    """Return a tracker that goes on after a column.

    Parameters
    ----------
    column : void of column_type
        The last one.

    Returns
    -------
    BandTracker
        As the one that was packed.
    """
    slots = [_slot(row) for row in column["slots"]]
    return BandTracker(len(slots), slots)


def _row(slot: Slot | None) -> tuple[float, ...]:
    if slot is None:
        return (0,) * len(SLOT.names or ())
    band = slot.band
    return (
        SWEPT if slot.is_swept else LIVING,
        int(band.side),
        band.low,
        band.high,
        band.peak_price,
        band.notional,
        band.notional_low,
        band.notional_high,
        band.strength,
        slot.since_ms,
    )


def _slot(row: np.void) -> Slot | None:
    if row["state"] == 0:
        return None
    band = Band(
        side=Side(int(row["side"])),
        low=float(row["low"]),
        high=float(row["high"]),
        peak_price=float(row["peak_price"]),
        notional=float(row["notional"]),
        notional_low=float(row["notional_low"]),
        notional_high=float(row["notional_high"]),
        leverage_notional={},
        mean_age_ms=math.nan,
        distance=math.nan,
        distance_atr=math.nan,
        reach_probability=math.nan,
        strength=float(row["strength"]),
        first_seen_ms=0,
        state="steady",
        unit="quote",
    )
    return Slot(band, int(row["since_ms"]), is_swept=bool(row["state"] == SWEPT))


def empty_column(n_slots: int) -> Column:
    """Return a column that shows nothing.

    Parameters
    ----------
    n_slots : int
        Number of slots.

    Returns
    -------
    ndarray of column_type, shape (1,)
        As of a book without bands.
    """
    return unpack_columns([pack_column(BandTracker(n_slots), [], 0, 0)], n_slots)


def head_of(packed: bytes) -> np.void:
    """Return the head of a column.

    Parameters
    ----------
    packed : bytes
        A column, or its first bytes.

    Returns
    -------
    void of HEAD
        Its fields by name.
    """
    head: np.void = np.frombuffer(packed, dtype=HEAD, count=1)[0]
    return head
