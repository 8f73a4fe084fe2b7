"""Copies of a book at UTC half days, to say later what grew and what faded."""

from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from liqbands.density import Place, is_dense
from liqbands.instrument import FloatArray, Side
from liqbands.kernel.state import IntArray
from liqbands.readings import closing_time, contracts_per_bin, stored_range
from liqbands.timeframes import HOUR_MS

if TYPE_CHECKING:
    from liqbands.book import Book

HALF_DAY_MS: Final = 12 * HOUR_MS
MEMORY: Final = 3
FOLLOWED: Final = 180
"""Half days for which it is remembered since when a bin has been dense."""


class EarlierCopies:
    """The last few copies of one book."""

    def __init__(self) -> None:
        self._copies: deque[tuple[int, int, FloatArray]] = deque(maxlen=MEMORY)
        self._times: deque[int] = deque(maxlen=FOLLOWED)
        self._dense_first = 0
        self._dense_since = np.zeros((2, 0), dtype=np.int64)
        self._half_day: int | None = None

    def pauses(self, open_time_ms: IntArray, bar_ms: int) -> list[int]:
        """Return after how many bars the book should be kept.

        Parameters
        ----------
        open_time_ms : ndarray of int64, shape (n_bars,)
            The bars about to be walked.
        bar_ms : int
            Length of a bar, milliseconds.

        Returns
        -------
        list of int
            Counts of bars after which a half day ends; only the last few matter.
        """
        half_day = (open_time_ms + bar_ms) // HALF_DAY_MS
        before = half_day[0] if self._half_day is None else self._half_day
        self._half_day = int(half_day[-1])
        ends = np.flatnonzero(np.diff(half_day, prepend=before) > 0) + 1
        return [int(end) for end in ends[-FOLLOWED:]]

    def is_due(self, close_ms: int) -> bool:
        """Return whether a half day ends with a bar, as `pauses` does for many.

        Parameters
        ----------
        close_ms : int
            Close of the bar, UTC milliseconds.

        Returns
        -------
        bool
            True when the book should be kept now.
        """
        half_day = close_ms // HALF_DAY_MS
        due = self._half_day is not None and half_day > self._half_day
        self._half_day = half_day
        return due

    def keep(self, book: "Book") -> None:
        """Remember the book as it stands.

        Parameters
        ----------
        book : Book
            The book to copy.
        """
        time_ms = closing_time(book)
        first, n_bins = stored_range(book)
        contracts = contracts_per_bin(book, first, n_bins)
        self._copies.append((time_ms, first, contracts))
        self._times.append(time_ms)
        centers = book.grid.centers(first, n_bins)
        value = book.instrument.notional_per_contract(centers) if book.unit == "quote" else 1.0
        place = Place(centers, book.last_mark, book.day_range, book.grid.step)
        dense = np.stack(
            [
                is_dense(place.averaged(each * value, side), side, place)
                for each, side in zip(contracts, Side, strict=True)
            ]
        )
        before = self.dense_since(first, n_bins)
        self._dense_since = np.where(dense, np.where(before > 0, before, time_ms), 0)
        self._dense_first = first

    def dense_since(self, first_bin: int, n_bins: int) -> IntArray:
        """Return since which half day each bin has been among the dense ones of its side.

        Parameters
        ----------
        first_bin, n_bins : int
            The bins that are wanted.

        Returns
        -------
        ndarray of int64, shape (2, n_bins)
            UTC milliseconds, at most 90 days back; 0 where the last half day found it thin.
        """
        since = np.zeros((2, n_bins), dtype=np.int64)
        low = max(self._dense_first, first_bin)
        high = min(self._dense_first + self._dense_since.shape[1], first_bin + n_bins)
        if high > low:
            kept = slice(low - self._dense_first, high - self._dense_first)
            since[:, low - first_bin : high - first_bin] = self._dense_since[:, kept]
        oldest = self._times[0] if self._times else 0
        return np.where(since > 0, np.maximum(since, oldest), 0)

    def at(self, time_ms: int, first_bin: int, n_bins: int) -> tuple[int, FloatArray]:
        """Return how old the newest copy of at least half a day is, and the copy.

        Parameters
        ----------
        time_ms : int
            Now, UTC milliseconds.
        first_bin, n_bins : int
            The bins that are wanted.

        Returns
        -------
        tuple of int and ndarray, shape (2, n_bins)
            Age in milliseconds and contracts; 0 and NaN while there is no such copy.
        """
        for taken_ms, first, contracts in reversed(self._copies):
            if taken_ms <= time_ms - HALF_DAY_MS:
                placed = np.zeros((2, n_bins))
                low = max(first, first_bin)
                high = min(first + contracts.shape[1], first_bin + n_bins)
                if high > low:
                    placed[:, low - first_bin : high - first_bin] = contracts[
                        :, low - first : high - first
                    ]
                return time_ms - taken_ms, placed
        return 0, np.full((2, n_bins), np.nan)

    def copy(self) -> "EarlierCopies":
        """Return an independent copy.

        Returns
        -------
        EarlierCopies
            Sharing only arrays that never change.
        """
        twin = EarlierCopies()
        twin._copies = self._copies.copy()
        twin._half_day = self._half_day
        twin._times = self._times.copy()
        twin._dense_first = self._dense_first
        twin._dense_since = self._dense_since
        return twin
