"""Heatmaps of young positions only: what was opened within the last 12 hours, day or week.

Amounts are stored multiplied by growth, so what an old position contributes to a bin does not
change until the bin is swept.  Hence the young part of a bin is what stands there now less what
stood there at the cut, unless it has been swept since; partial sweeps scale the old part.  Two
books, one behind the other, give it exactly.
"""

import numpy as np

from liqbands.book import Book
from liqbands.instrument import FloatArray
from liqbands.kernel.columns import last_bin_below, read_side
from liqbands.kernel.state import GROWTH, GROWTH_LOG, NONE, SWEPT_AT, WINDOW, IntArray
from liqbands.kernel.walk import Columns, sum_column
from liqbands.market_data import Candles


def write_young_columns(book: Book, candles: Candles, columns: Columns, max_age_ms: int) -> None:
    """Walk a book and write columns of what was opened within `max_age_ms`.

    Parameters
    ----------
    book : Book
        A new book.
    candles : Candles
        All bars.
    columns : Columns
        Where to write.
    max_age_ms : int
        Oldest age shown, milliseconds; bars are the resolution of the cut.
    """
    behind = book.copy()
    n_ahead = n_behind = 0
    n_seeded = _bars_until_seeded(book, candles)
    closes = candles.open_time_ms + candles.timeframe_ms
    for column, bar in enumerate(columns.after_bar):
        book.extend(candles[n_ahead : int(bar) + 1])
        n_ahead = int(bar) + 1
        n_cut = int(np.searchsorted(closes, closes[bar] - max_age_ms, side="right"))
        n_cut = min(max(n_cut, n_seeded), n_ahead)
        if n_cut > n_behind:
            behind.extend(candles[n_behind:n_cut])
            n_behind = n_cut
        _write_column(book, behind if n_behind else None, columns, column)


def _bars_until_seeded(book: Book, candles: Candles) -> int:
    """Return after how many bars the book holds its seed, which nobody opened just then."""
    if book.basis == "volume":
        return 0
    return int(np.argmax(candles.open_interest > 0)) + 1


def _write_column(book: Book, behind: Book | None, columns: Columns, column: int) -> None:
    split = int(last_bin_below(np.log(book.last_mark), book.grid.step))
    n_bins = len(columns.bins)
    n_long = int(np.clip(split + 1 - columns.first_bin, 0, n_bins))
    longs = young_side(book, behind, 0, columns.weight, columns.first_bin, n_long)
    z_first = -columns.first_bin - n_bins
    shorts = young_side(book, behind, 1, columns.weight, z_first, n_bins - n_long)
    columns.bins[:n_long] = longs
    columns.bins[n_long:] = shorts[::-1]
    sum_column(book.state, book.tiers, columns, column, split)


def young_side(
    book: Book,
    behind: Book | None,
    s: int,
    weight: FloatArray,
    z_first: int,
    n_bins: int,
) -> FloatArray:
    """Return what stands on a side of a book but did not at an earlier moment.

    Parameters
    ----------
    book, behind : Book
        The book now and at the cut; None before the first bar.
    s : int
        0 long, 1 short.
    weight : ndarray, shape (n_tiers,)
        Weight of each tier.
    z_first, n_bins : int
        Mirrored bins that are wanted.

    Returns
    -------
    ndarray, shape (n_bins,)
        Contracts, never negative.
    """
    now = np.zeros(n_bins)
    read_side(book.state, book.tiers, s, weight, z_first, now)
    if behind is None:
        return now
    # Growth that was divided out of the newer book's amounts in between.
    tamed = np.exp(behind.state.tier[s, GROWTH_LOG] - book.state.tier[s, GROWTH_LOG])
    ratio = tamed * behind.state.tier[s, GROWTH] / book.state.tier[s, GROWTH]
    old = np.zeros(n_bins)
    read_side(behind.state, behind.tiers, s, weight * ratio, z_first, old)
    young: FloatArray = np.maximum(now - old * _left(book, behind, s, z_first, n_bins), 0.0)
    return young


def _left(book: Book, behind: Book, s: int, z_first: int, n_bins: int) -> FloatArray:
    """Return the share of the old part that sweeps since the cut have left in each bin."""
    z = z_first + np.arange(n_bins)
    swept = _stored(book, book.state.times[s, SWEPT_AT], s, z, NONE)
    kept_now = _stored(book, book.state.kept[s], s, z, 1.0)
    kept_then = _stored(behind, behind.state.kept[s], s, z, 1.0)
    cut = behind.last_open_ms or 0
    untouched = swept <= cut + behind.timeframe_ms
    return np.where(untouched, kept_now / kept_then, 0.0)


def _stored(
    book: Book, values: FloatArray | IntArray, s: int, z: IntArray, outside: float
) -> FloatArray:
    place = z - int(book.state.places[s, WINDOW])
    inside = (place >= 0) & (place < len(values))
    return np.where(inside, values[np.clip(place, 0, len(values) - 1)], outside)
