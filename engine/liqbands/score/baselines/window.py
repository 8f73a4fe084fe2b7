"""Bars of a recent stretch of time, for maps that forget older ones altogether."""

import numpy as np

from liqbands.grid import IntArray
from liqbands.instrument import FloatArray


class RecentBars:
    """Columns of the bars that closed within a span of time.

    Parameters
    ----------
    span_ms : int
        Bars that closed this long before the last one, or longer, are forgotten.

    Examples
    --------
    >>> recent = RecentBars(span_ms=2)
    >>> recent.add(np.array([1, 2, 3]), price=np.array([7.0, 8.0, 9.0]))
    >>> recent["price"]
    array([8., 9.])
    """

    def __init__(self, span_ms: int) -> None:
        self._span_ms = span_ms
        self._time_ms: IntArray = np.zeros(0, dtype=np.int64)
        self._columns: dict[str, FloatArray] = {}

    def add(self, close_time_ms: IntArray, **columns: FloatArray) -> None:
        """Add the next bars and forget those that are too old by now.

        Parameters
        ----------
        close_time_ms : ndarray of int64, shape (n,)
            When each closed, increasing.
        **columns : ndarray, shape (n,)
            The same names every time.
        """
        times = np.concatenate([self._time_ms, close_time_ms])
        start = int(np.searchsorted(times, times[-1] - self._span_ms, side="right"))
        self._time_ms = times[start:]
        for name, values in columns.items():
            before = self._columns.get(name, np.zeros(0))
            self._columns[name] = np.concatenate([before, values])[start:]

    def __getitem__(self, name: str) -> FloatArray:
        """Return a column, oldest bar first."""
        return self._columns[name]

    def within(self, name: str, span_ms: int) -> FloatArray:
        """Return the end of a column: bars of a shorter span.

        Parameters
        ----------
        name : str
            The column.
        span_ms : int
            How far back from the last close.

        Returns
        -------
        ndarray, shape (n,)
            At least the last bar.
        """
        start = int(np.searchsorted(self._time_ms, self._time_ms[-1] - span_ms, side="right"))
        return self._columns[name][start:]


class LastKnown:
    """Fill what is missing with the last value that was known.

    Parameters
    ----------
    before : float
        What stands for it until one is known.

    Examples
    --------
    >>> volume = LastKnown(1.0)
    >>> volume.fill(np.array([np.nan, 5.0, np.nan])), volume.fill(np.array([np.nan]))
    (array([1., 5., 5.]), array([5.]))
    """

    def __init__(self, before: float) -> None:
        self.value = before

    def fill(self, values: FloatArray) -> FloatArray:
        """Fill the next values.

        Parameters
        ----------
        values : ndarray, shape (n,)
            NaN where missing; at least one.

        Returns
        -------
        ndarray, shape (n,)
            A new array.
        """
        place = np.where(np.isfinite(values), np.arange(1, len(values) + 1), 0)
        filled: FloatArray = np.append(self.value, values)[np.maximum.accumulate(place)]
        self.value = float(filled[-1])
        return filled
