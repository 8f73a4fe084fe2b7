"""Mark prices, last prices where there are none, and the bins that they reach.

A position is liquidated when the mark price reaches the centre of its bin; longs stand in bins
whose centre is below the mark price, shorts above it.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import IntArray, PriceGrid
from liqbands.instrument import FloatArray


@dataclass(frozen=True, eq=False)
class MarkPrices:
    """What positions are liquidated by, bar by bar.

    Parameters
    ----------
    low, high, close : ndarray, shape (n_bars,)
        Mark price, quote per base; the last price in bars without one.
    """

    low: FloatArray
    high: FloatArray
    close: FloatArray

    @classmethod
    def of(cls, candles: Candles) -> Self:
        """Read them from candles.

        Parameters
        ----------
        candles : Candles
            The bars.

        Returns
        -------
        MarkPrices
            One row per bar; a bar that lacks one mark price keeps its others.

        Examples
        --------
        >>> price, mark = np.array([9.0, 9.0]), np.array([8.0, np.nan])
        >>> MarkPrices.of(Candles.from_arrays(
        ...     [0, 1], open=price, high=price, low=price, close=price, mark_low=mark)).low
        array([8., 9.])
        """
        columns = (
            (candles.mark_low, candles.low),
            (candles.mark_high, candles.high),
            (candles.mark_close, candles.close),
        )
        return cls(*(np.where(np.isfinite(mark), mark, last) for mark, last in columns))


def lowest_from(price: FloatArray, grid: PriceGrid) -> IntArray:
    """Return the lowest bin whose centre is at or above each price.

    Parameters
    ----------
    price : ndarray, shape (n,)
        Quote per base.
    grid : PriceGrid
        The bins, or rows of whole bins.

    Returns
    -------
    ndarray of int64, shape (n,)
        A mark price that falls to `price` liquidates longs from this bin up.

    Examples
    --------
    Centres at step / 2 and 3 / 2 step, that is at ln price 0.25 and 0.75.

    >>> lowest_from(np.exp([0.2, 0.3]), PriceGrid(0.5))
    array([0, 1])
    """
    return np.ceil(np.log(price) / grid.step - 0.5).astype(np.int64)


def highest_to(price: FloatArray, grid: PriceGrid) -> IntArray:
    """Return the highest bin whose centre is at or below each price.

    Parameters
    ----------
    price : ndarray, shape (n,)
        Quote per base.
    grid : PriceGrid
        The bins, or rows of whole bins.

    Returns
    -------
    ndarray of int64, shape (n,)
        A mark price that rises to `price` liquidates shorts up to this bin.

    Examples
    --------
    >>> highest_to(np.exp([0.2, 0.3]), PriceGrid(0.5))
    array([-1,  0])
    """
    return np.floor(np.log(price) / grid.step - 0.5).astype(np.int64)


def blank_wrong_side(sides: FloatArray, mark: float, grid: PriceGrid, first_bin: int) -> None:
    """Set longs at or above the mark price and shorts at or below it to 0, in place.

    Parameters
    ----------
    sides : ndarray, shape (2, n_bins)
        Longs and shorts.
    mark : float
        Mark price, quote per base; NaN blanks everything.
    grid : PriceGrid
        The bins.
    first_bin : int
        First bin of the columns.
    """
    centers = grid.centers(first_bin, sides.shape[1])
    sides[0, ~(centers < mark)] = 0
    sides[1, ~(centers > mark)] = 0
