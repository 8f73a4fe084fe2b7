"""The part of a book in which there can be bands, read several times faster than the whole."""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.kernel.columns import read_side
from liqbands.readings import closing_time, off_grid_of, relative_scale, stored_range
from liqbands.results import Snapshot

if TYPE_CHECKING:
    from liqbands.book import Book


REACH: Final = 0.35
"""Log distance from the mark within which densities are compared and bands are looked for."""

HORIZON_DAYS: Final = 7.0
"""A band counts by what of it a price without drift reaches within so many days of trading."""

_RANGE_OF_DEVIATION: Final = math.sqrt(8 / math.pi)
"""Expected range of a Brownian path in its standard deviations (Feller 1951)."""


def reach_probability(centers: FloatArray, mark: float, day_range: float) -> FloatArray:
    """Return how probable it is that a price without drift gets to each price in time.

    Parameters
    ----------
    centers : ndarray, shape (n,)
        Prices, quote per base.
    mark : float
        Price now, quote per base.
    day_range : float
        Log range of a day of trading.

    Returns
    -------
    ndarray, shape (n,)
        ``2 (1 - Phi(d / s))`` with the log distance d and the deviation s of `HORIZON_DAYS`, the
        reflection principle of a random walk; 1 everywhere where the range is not known.

    Examples
    --------
    A day's range of 4 % is a deviation of 6.6 % a week: one deviation away it is 32 %.

    >>> week = 0.04 * math.sqrt(7 * math.pi / 8)
    >>> reach_probability(np.array([100.0, 100 * math.exp(week)]), 100.0, 0.04).round(3)
    array([1.   , 0.317])
    """
    if not day_range > 0:
        return np.ones(len(centers))
    deviation = day_range / _RANGE_OF_DEVIATION * math.sqrt(HORIZON_DAYS)
    places = np.abs(np.log(centers / mark)) / (deviation * math.sqrt(2))
    return np.array([math.erfc(place) for place in places.tolist()])


@dataclass(frozen=True, slots=True, eq=False)
class NearPart:
    """The part of a book in which there can be bands, and what many bands need of it.

    Parameters
    ----------
    book : Snapshot
        The bins within reach of the mark, and perhaps a few more.
    centers : ndarray, shape (n_bins,)
        Geometric middle of each bin, quote per base.
    edges : ndarray, shape (n_bins + 1,)
        Edges of the bins, quote per base.
    notional : ndarray, shape (2, n_groups, n_bins)
        Notional per side, layer and bin.
    """

    book: Snapshot
    centers: FloatArray
    edges: FloatArray
    notional: FloatArray


def near_part(snapshot: Snapshot) -> NearPart:
    """Return the part of a book within reach of its mark.

    Parameters
    ----------
    snapshot : Snapshot
        The book at one moment.

    Returns
    -------
    NearPart
        With the snapshot's own numbers.
    """
    limits = snapshot.mark * np.exp([-REACH, REACH])
    first, last = (int(place) for place in np.searchsorted(snapshot.centers, limits))
    # A bin more on each side: which ones are within reach is for `is_dense` to say.
    part = slice(max(first - 1, 0), last + 1)
    book = replace(
        snapshot,
        first_bin=snapshot.first_bin + part.start,
        contracts=snapshot.contracts[:, :, part],
        mean_age_ms=snapshot.mean_age_ms[:, part],
        unswept_since_ms=snapshot.unswept_since_ms[:, part],
        dense_since_ms=snapshot.dense_since_ms[:, part],
        earlier_contracts=snapshot.earlier_contracts[:, part],
    )
    edges = book.grid.edges(book.first_bin, book.n_bins)
    return NearPart(book, book.centers, edges, book.notional)


def read_within_reach(book: "Book") -> Snapshot:
    """Read a book within reach of its mark, without ages.

    Parameters
    ----------
    book : Book
        A book with at least one bar; it need not remember ages.

    Returns
    -------
    Snapshot
        `liqbands.bands` finds the same bands in it as in the whole book, but for what they say
        about time: ages are NaN, dates 0, and nothing grows or fades.
    """
    first, n_bins = _bins_within_reach(book)
    scale = relative_scale(book)
    weight = book.ladder.weight
    dates = np.zeros((2, n_bins), dtype=np.int64)
    unknown = np.full((2, n_bins), np.nan)
    return Snapshot(
        instrument=book.instrument,
        grid=book.grid,
        time_ms=closing_time(book),
        mark=book.last_mark,
        average_true_range=book.average_true_range,
        day_range=book.day_range,
        first_bin=first,
        leverage_groups=book.ladder.groups,
        contracts=_contracts(book, first, n_bins) * scale,
        mean_age_ms=unknown,
        unswept_since_ms=dates,
        dense_since_ms=dates,
        earlier_contracts=unknown,
        earlier_age_ms=0,
        off_grid=off_grid_of(book, weight) * scale,
        seed_share=book.seed_share,
        unit=book.unit,
        quantity="standing",
    )


def _contracts(book: "Book", first_bin: int, n_bins: int) -> FloatArray:
    """Return what `liqbands.readings.contracts_per_layer` does, without doing it per layer."""
    ladder, centers = book.ladder, book.grid.centers(first_bin, n_bins)
    out = np.zeros((2, len(ladder.groups), n_bins))
    mirrored = np.zeros(n_bins)
    for layer in range(len(ladder.groups)):
        weight = np.where(ladder.group == layer, ladder.weight, 0.0)
        read_side(book.state, book.tiers, 0, weight, first_bin, out[0, layer])
        read_side(book.state, book.tiers, 1, weight, -first_bin - n_bins, mirrored)
        out[1, layer] = mirrored[::-1]
    out[0, :, centers >= book.last_mark] = 0
    out[1, :, centers <= book.last_mark] = 0
    return out


def _bins_within_reach(book: "Book") -> tuple[int, int]:
    """Return the first stored bin within reach of the mark and how many follow."""
    first, n_stored = stored_range(book)
    mark = math.log(book.last_mark)
    low = max(math.floor((mark - REACH) / book.grid.step), first)
    high = min(math.ceil((mark + REACH) / book.grid.step), first + n_stored)
    return low, max(high - low, 0)
