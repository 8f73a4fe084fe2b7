"""What explains a bar's liquidations before any map is asked: the columns of the base model.

The range that price went through explains most of the liquidations in a bar, so a map is judged
by what it adds to the columns here.  Rows are stacked: all bars of the longs, then all of the
shorts.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from liqbands.candles import Candles
from liqbands.grid import IntArray
from liqbands.instrument import FloatArray, Side
from liqbands.timeframes import DAY_MS

SIDES: Final = (Side.LONG, Side.SHORT)
SMALL_MOVE: Final = 2e-4
FLOOR: Final = 1e-3
"""Added to an amount before its logarithm is taken, as a share of its mean in training."""


@dataclass(frozen=True, eq=False)
class HourlyRows:
    """Both sides of all bars, stacked.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (n,)
        Open time of the row's bar.
    realised : ndarray, shape (n,)
        Contracts liquidated in the bar; NaN where the feed did not say.
    moves : ndarray, shape (n, 7)
        Columns from the mark price, finished: log range, absolute return, log adverse excursion
        from the last close, its square, sign of the return times side, side, log mean absolute
        return of the 24 hours before.
    amounts : ndarray, shape (n, 3)
        Volume, its mean over the 24 hours before, and that of the side's liquidations; their
        logarithm needs a floor.
    """

    time_ms: IntArray
    realised: FloatArray
    moves: FloatArray
    amounts: FloatArray

    @classmethod
    def of(cls, candles: Candles) -> Self:
        """Read the rows from candles that carry realised liquidations.

        Parameters
        ----------
        candles : Candles
            Bars of up to a day; mark prices where known, else last prices.

        Returns
        -------
        HourlyRows
            Two rows per bar.
        """
        per_day = max(DAY_MS // candles.timeframe_ms, 1)
        realised = np.stack([candles.long_liquidated, candles.short_liquidated])
        volume = [candles.volume, lagged_mean(candles.volume, per_day)]
        amounts = [np.stack([*volume, lagged_mean(own, per_day)], axis=1) for own in realised]
        return cls(
            time_ms=np.tile(candles.open_time_ms, len(SIDES)),
            realised=realised.ravel(),
            moves=np.concatenate(_moves(candles, per_day)),
            amounts=np.concatenate(amounts),
        )

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Return which rows know everything, shape (n,)."""
        known = np.isfinite(self.moves).all(axis=1) & np.isfinite(self.amounts).all(axis=1)
        usable: NDArray[np.bool_] = known & np.isfinite(self.realised)
        return usable

    def base_columns(self, training: NDArray[np.bool_]) -> FloatArray:
        """Return the columns of the base model.

        Parameters
        ----------
        training : ndarray of bool, shape (n,)
            Rows from which floors may be taken.

        Returns
        -------
        ndarray, shape (n, 11)
            Of all rows: moves, log amounts, log range times log volume.
        """
        logs = np.stack([log_above_floor(a, training) for a in self.amounts.T], axis=1)
        product = self.moves[:, :1] * logs[:, :1]
        return np.concatenate([self.moves, logs, product], axis=1)


def log_above_floor(amounts: FloatArray, training: NDArray[np.bool_]) -> FloatArray:
    """Return the logarithm of amounts that may be 0.

    Parameters
    ----------
    amounts : ndarray, shape (n,)
        Not negative.
    training : ndarray of bool, shape (n,)
        Rows whose mean sets the floor; later rows must not.

    Returns
    -------
    ndarray, shape (n,)
        ``ln(x + 0.001 mean x)``; all 0 where the training part holds nothing, which leaves the
        column out of a fit.

    Examples
    --------
    >>> log_above_floor(np.array([1.0, 0.0]), np.array([True, False])).round(1)
    array([ 0. , -6.9])
    """
    mean = float(amounts[training].mean()) if training.any() else 0.0
    return np.log(amounts + FLOOR * mean) if mean > 0 else np.zeros(len(amounts))


def lagged_mean(values: FloatArray, n: int) -> FloatArray:
    """Return the mean of the values before each one.

    Parameters
    ----------
    values : ndarray, shape (n_bars,)
        NaN where not known.
    n : int
        How many values before.

    Returns
    -------
    ndarray, shape (n_bars,)
        Mean of the known ones among the `n` before; NaN for the first `n`, and without any.

    Examples
    --------
    >>> lagged_mean(np.array([1.0, 3.0, 9.0]), 2)
    array([nan, nan,  2.])
    """
    known = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    mean = np.full(len(values), np.nan)
    total, some = sums[n:-1] - sums[: -n - 1], counts[n:-1] - counts[: -n - 1]
    np.divide(total, some, out=mean[n:], where=some > 0)
    return mean


def _moves(candles: Candles, per_day: int) -> list[FloatArray]:
    """Return the columns from the mark price, longs and shorts."""
    high = _known(candles.mark_high, candles.high)
    low = _known(candles.mark_low, candles.low)
    close = _known(candles.mark_close, candles.close)
    before = np.concatenate([[np.nan], close[:-1]])
    move = np.log(close / before)
    shared = [np.log(np.log(high / low) + SMALL_MOVE), np.abs(move)]
    past = np.log(lagged_mean(np.abs(move), per_day) + SMALL_MOVE)
    columns = []
    for side, adverse in zip(SIDES, (before / low, high / before), strict=True):
        excursion = np.log(np.maximum(np.log(adverse), 0.0) + SMALL_MOVE)
        own = [excursion, excursion**2, np.sign(move) * side, np.full(len(move), float(side))]
        columns.append(np.stack([*shared, *own, past], axis=1))
    return columns


def _known(mark: FloatArray, last: FloatArray) -> FloatArray:
    return np.where(np.isfinite(mark), mark, last)
