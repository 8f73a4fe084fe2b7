"""How a book is read into results: columns on the way, snapshots at the end."""

from typing import TYPE_CHECKING

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.kernel.columns import read_moment, read_side
from liqbands.kernel.state import AMOUNT, DATED, GROWTH, WINDOW, IntArray
from liqbands.kernel.walk import Columns
from liqbands.ledger import off_grid_per_tier
from liqbands.results import Snapshot
from liqbands.timeframes import HOUR_MS

if TYPE_CHECKING:
    from liqbands.book import Book


def no_columns(n_tiers: int) -> Columns:
    """Return room for no column at all.

    Parameters
    ----------
    n_tiers : int
        Tiers of the book.

    Returns
    -------
    Columns
        Empty arrays of the right kinds.
    """
    return Columns(
        after_bar=np.zeros(0, dtype=np.int64),
        first_bin=0,
        bins_per_row=1,
        weight=np.zeros(n_tiers),
        value=np.zeros(0),
        relative=False,
        bins=np.zeros(0),
        notional=np.zeros((0, 0), dtype=np.float32),
        split_row=np.zeros(0, dtype=np.int64),
        split_long=np.zeros(0, dtype=np.float32),
        seed_share=np.zeros(0),
    )


def closing_time(book: "Book") -> int:
    """Return when the book's last bar closed.

    Parameters
    ----------
    book : Book
        The book.

    Returns
    -------
    int
        UTC milliseconds.

    Raises
    ------
    ValueError
        If there has been no bar yet.
    """
    if book.last_open_ms is None:
        raise ValueError("the book has no bar yet; update it first")
    return book.last_open_ms + book.timeframe_ms


def stored_range(book: "Book") -> tuple[int, int]:
    """Return the first bin and the number of bins in which the book can hold anything.

    Parameters
    ----------
    book : Book
        The book.

    Returns
    -------
    tuple of int
        First bin and count, from the longs' furthest bin to the shorts' furthest.
    """
    n_stored = book.state.field.shape[2]
    longs, shorts = (int(book.state.places[s, WINDOW]) for s in range(2))
    first = min(longs, -shorts - n_stored)
    last = max(longs + n_stored, -shorts)
    return first, last - first


def contracts_per_bin(
    book: "Book", first_bin: int, n_bins: int, weight: FloatArray | None = None
) -> FloatArray:
    """Return contracts per side and bin, those on the wrong side of the mark left out.

    Parameters
    ----------
    book : Book
        The book.
    first_bin, n_bins : int
        The bins that are wanted.
    weight : ndarray, shape (n_tiers,), optional
        Weight of each tier; None is the ladder's own.

    Returns
    -------
    ndarray, shape (2, n_bins)
        Longs and shorts.
    """
    out = np.zeros((2, n_bins))
    chosen = book.ladder.weight if weight is None else weight
    read_side(book.state, book.tiers, 0, chosen, first_bin, out[0])
    read_side(book.state, book.tiers, 1, chosen, -first_bin - n_bins, out[1])
    out[1] = out[1, ::-1].copy()
    centers = book.grid.centers(first_bin, n_bins)
    out[0, centers >= book.last_mark] = 0
    out[1, centers <= book.last_mark] = 0
    return out


def contracts_per_layer(
    book: "Book", first_bin: int, n_bins: int, weight: FloatArray
) -> FloatArray:
    """Return contracts per side, leverage layer and bin.

    Parameters
    ----------
    book : Book
        The book.
    first_bin, n_bins : int
        The bins that are wanted.
    weight : ndarray, shape (n_tiers,)
        Weight of each tier.

    Returns
    -------
    ndarray, shape (2, n_groups, n_bins)
        Longs and shorts.
    """
    group = book.ladder.group
    return np.stack(
        [
            contracts_per_bin(book, first_bin, n_bins, np.where(group == layer, weight, 0.0))
            for layer in range(len(book.ladder.groups))
        ],
        axis=1,
    )


def read_snapshot(book: "Book", survival: FloatArray | None) -> Snapshot:
    """Read a book at the close of its last bar.

    Parameters
    ----------
    book : Book
        A book with at least one bar, that remembers ages.
    survival : ndarray, shape (n_tiers,), optional
        Calibrated survival per tier.

    Returns
    -------
    Snapshot
        Contracts (or shares of all that stands) per side, layer and bin.
    """
    time_ms = closing_time(book)
    first, n_bins = stored_range(book)
    ladder = book.ladder
    weight = ladder.weight * (1.0 if survival is None else survival)
    contracts = contracts_per_layer(book, first, n_bins, weight)
    earlier_age_ms, earlier = book.earlier.at(time_ms, first, n_bins)
    scale = relative_scale(book)
    return Snapshot(
        instrument=book.instrument,
        grid=book.grid,
        time_ms=time_ms,
        mark=book.last_mark,
        average_true_range=book.average_true_range,
        day_range=book.day_range,
        first_bin=first,
        leverage_groups=ladder.groups,
        contracts=contracts * scale,
        mean_age_ms=mean_age(book, first, n_bins),
        unswept_since_ms=unswept_since(book, first, n_bins),
        dense_since_ms=book.earlier.dense_since(first, n_bins),
        earlier_contracts=earlier * scale,
        earlier_age_ms=earlier_age_ms,
        off_grid=off_grid_of(book, weight) * scale,
        seed_share=book.seed_share,
        unit=book.unit,
        quantity="standing" if survival is None else "expected",
    )


def off_grid_of(book: "Book", weight: FloatArray) -> FloatArray:
    """Return what stands off the grid.

    Parameters
    ----------
    book : Book
        The book.
    weight : ndarray, shape (n_tiers,)
        Weight of each tier.

    Returns
    -------
    ndarray, shape (2,)
        Contracts, longs and shorts.
    """
    growth = book.state.tier[:, GROWTH]
    sides = [off_grid_per_tier(book.state, book.tiers, s) for s in range(2)]
    off_grid: FloatArray = (np.stack(sides) / growth) @ weight
    return off_grid


def relative_scale(book: "Book") -> float:
    """Return 1, or what turns relative units into shares of all that stands.

    Parameters
    ----------
    book : Book
        The book.

    Returns
    -------
    float
        Factor on contracts.
    """
    if book.unit == "quote":
        return 1.0
    total = float((book.state.tier[:, AMOUNT] @ book.ladder.weight).sum())
    return 1 / total if total > 0 else 0.0


def mean_age(book: "Book", first_bin: int, n_bins: int) -> FloatArray:
    """Return the contract-weighted age of what stands in each bin.

    Parameters
    ----------
    book : Book
        A book that remembers ages.
    first_bin, n_bins : int
        The bins that are wanted.

    Returns
    -------
    ndarray, shape (2, n_bins)
        Milliseconds, NaN where nothing stands.
    """
    now_hours = closing_time(book) / HOUR_MS
    moment = np.zeros((2, n_bins))
    weight = book.ladder.weight
    read_moment(book.state, book.tiers, 0, weight, first_bin, moment[0])
    read_moment(book.state, book.tiers, 1, weight, -first_bin - n_bins, moment[1])
    moment[1] = moment[1, ::-1].copy()
    amount = contracts_per_bin(book, first_bin, n_bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        age = np.where(amount > 0, now_hours - moment / amount, np.nan)
    return np.maximum(age, 0.0) * HOUR_MS


def unswept_since(book: "Book", first_bin: int, n_bins: int) -> IntArray:
    """Return since when each bin has been part of the book without being swept.

    Parameters
    ----------
    book : Book
        The book.
    first_bin, n_bins : int
        The bins that are wanted.

    Returns
    -------
    ndarray of int64, shape (2, n_bins)
        UTC milliseconds; the book's last bar where nothing is stored.
    """
    since = np.full((2, n_bins), book.last_open_ms or 0, dtype=np.int64)
    for s in range(2):
        stored = book.state.times[s].max(axis=0)
        used = int(book.state.places[s, DATED] - book.state.places[s, WINDOW]) + 1
        stored = stored[: max(used, 0)]
        z = book.state.places[s, WINDOW] + np.arange(len(stored))
        place = (z if s == 0 else -1 - z) - first_bin
        inside = (place >= 0) & (place < n_bins)
        since[s, place[inside]] = stored[inside]
    return since
