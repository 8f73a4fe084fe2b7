"""Sums per day from which every metric of a scorecard can be computed, and bootstrapped.

A metric that is a ratio of sums over rows needs only the sums of each day: whole days are then
drawn with replacement without going back to the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from liqbands.grid import IntArray
from liqbands.instrument import FloatArray
from liqbands.timeframes import DAY_MS

COUNT: Final = "count of "
"""Prefix of the column that says how many rows are behind the sum of that name."""

Sums = Mapping[str, FloatArray]


@dataclass(frozen=True, eq=False)
class DaySums:
    """Sums over the rows of each day.

    Parameters
    ----------
    days : ndarray of int64, shape (n_days,)
        Days since the epoch, increasing.
    columns : dict of str to ndarray, shape (n_days,)
        Sums by name.
    """

    days: IntArray
    columns: dict[str, FloatArray]

    @classmethod
    def of(
        cls,
        time_ms: IntArray,
        sums: Mapping[str, FloatArray],
        means: Mapping[str, FloatArray] | None = None,
    ) -> Self:
        """Add up rows by day.

        Parameters
        ----------
        time_ms : ndarray of int64, shape (n,)
            Time of each row, UTC milliseconds.
        sums : mapping of str to ndarray, shape (n,)
            Finite values that are added up.
        means : mapping of str to ndarray, shape (n,), optional
            Values whose mean is wanted: NaN is left out, and what is left is counted in a
            column ``"count of NAME"``.

        Returns
        -------
        DaySums
            One row per day that has any.

        Examples
        --------
        >>> half_days = np.arange(3) * DAY_MS // 2
        >>> table = DaySums.of(half_days, {}, {"x": np.array([1.0, np.nan, 5.0])})
        >>> table.columns["x"], table.columns["count of x"]
        (array([1., 5.]), array([1., 1.]))
        """
        days, place = np.unique(time_ms // DAY_MS, return_inverse=True)
        rows = dict(sums)
        for name, values in (means or {}).items():
            known = np.isfinite(values)
            rows[name] = np.where(known, values, 0.0)
            rows[COUNT + name] = known.astype(np.float64)
        columns = {
            name: np.bincount(place.ravel(), weights=values, minlength=len(days)).astype(float)
            for name, values in rows.items()
        }
        return cls(days, columns)

    def join(self, other: Self) -> Self:
        """Return the columns of both.

        Parameters
        ----------
        other : DaySums
            Other columns, of these or other days.

        Returns
        -------
        DaySums
            Days of either; 0 where one has no row.
        """
        days = np.union1d(self.days, other.days)
        columns = {}
        for part in (self, other):
            place = np.searchsorted(days, part.days)
            for name, values in part.columns.items():
                columns[name] = np.zeros(len(days))
                columns[name][place] = values
        return type(self)(days, columns)

    def drawn(self, weights: FloatArray) -> dict[str, FloatArray]:
        """Return the sums over days that count with a weight each.

        Parameters
        ----------
        weights : ndarray, shape (n_draws, n_days)
            How often each day counts in each draw.

        Returns
        -------
        dict of str to ndarray, shape (n_draws,)
            By name.
        """
        return {name: weights @ values for name, values in self.columns.items()}


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """Return a quotient, NaN where there is nothing to divide by.

    Parameters
    ----------
    above, below : ndarray, shape (n,)
        Dividend and divisor.

    Returns
    -------
    ndarray, shape (n,)
        ``above / below``.
    """
    out = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=out, where=np.asarray(below) > 0)
    return out
