"""Amounts per side and price bin that grow, fade together and are swept away from the top.

One bar at a time, in the order sweep, fade, add; so how bars are handed over never matters.
"""

from typing import Final

import numpy as np

from liqbands.grid import IntArray
from liqbands.instrument import FloatArray

_SPARE: Final = 1_024
"""Bins kept free on either side when room is made."""

_SMALL: Final = 1e-12


class SweptField:
    """What a simple model has placed and what is left of it.

    Fading touches one number, not the bins: they hold amounts as of a time when nothing had
    faded yet.

    Examples
    --------
    >>> field = SweptField()
    >>> field.add(0, 100, np.array([1.0, 2.0, 3.0]))
    >>> field.fade(0.5)
    >>> field.sweep(102, 90)
    >>> field.read(99, 5)[0]
    array([0. , 0.5, 1. , 0. , 0. ])
    """

    def __init__(self) -> None:
        self._amounts: FloatArray = np.zeros((2, 0))
        self._first = 0
        self._left = 1.0

    def total(self) -> float:
        """Return all that is left, both sides."""
        return float(self._amounts.sum()) * self._left

    def sweep(self, lowest: int, highest: int) -> None:
        """Remove what the mark price reached.

        Parameters
        ----------
        lowest : int
            Longs go from this bin up.
        highest : int
            Shorts go up to this bin.
        """
        self._amounts[0, max(lowest - self._first, 0) :] = 0.0
        self._amounts[1, : max(highest + 1 - self._first, 0)] = 0.0

    def fade(self, share: float) -> None:
        """Keep the same share of everything.

        Parameters
        ----------
        share : float
            0 to 1.
        """
        self._left *= share
        if self._left < _SMALL:
            self._amounts *= self._left
            self._left = 1.0

    def add(self, side: int, first_bin: int, amounts: FloatArray) -> None:
        """Add amounts to consecutive bins.

        Parameters
        ----------
        side : int
            0 long, 1 short.
        first_bin : int
            Bin of the first amount.
        amounts : ndarray, shape (n,)
            Not negative.
        """
        self._make_room(first_bin, first_bin + len(amounts))
        place = first_bin - self._first
        self._amounts[side, place : place + len(amounts)] += amounts * (1 / self._left)

    def add_at(self, side: int, bins: IntArray, amounts: FloatArray) -> None:
        """Add amounts to single bins.

        Parameters
        ----------
        side : int
            0 long, 1 short.
        bins : ndarray of int64, shape (n,)
            No bin twice.
        amounts : ndarray, shape (n,)
            Not negative.
        """
        self._make_room(int(bins.min()), int(bins.max()) + 1)
        self._amounts[side, bins - self._first] += amounts * (1 / self._left)

    def read(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return what is left in some bins.

        Parameters
        ----------
        first_bin, n_bins : int
            The bins that are wanted.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts.
        """
        out = np.zeros((2, n_bins))
        low = max(first_bin, self._first)
        high = min(first_bin + n_bins, self._first + self._amounts.shape[1])
        if low < high:
            held = self._amounts[:, low - self._first : high - self._first]
            out[:, low - first_bin : high - first_bin] = held * self._left
        return out

    def _make_room(self, low: int, high: int) -> None:
        n_bins = self._amounts.shape[1]
        if n_bins and self._first <= low and high <= self._first + n_bins:
            return
        first = min(low, self._first) if n_bins else low
        stop = max(high, self._first + n_bins) if n_bins else high
        wider = np.zeros((2, stop - first + 2 * _SPARE))
        place = self._first - first + _SPARE if n_bins else 0
        wider[:, place : place + n_bins] = self._amounts
        self._amounts, self._first = wider, first - _SPARE
