"""Bars put together to longer ones."""

from dataclasses import replace

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import IntArray
from liqbands.joined_bars import join_bars


def longer_bars(candles: Candles, timeframe_ms: int) -> Candles:
    """Return the same market in longer bars.

    Parameters
    ----------
    candles : Candles
        Closed bars.
    timeframe_ms : int
        Length of the new bars, a multiple of the old one.

    Returns
    -------
    Candles
        Bars begin at multiples of their length in UTC; a first or last one that is not
        complete is left out.

    Raises
    ------
    ValueError
        If the length is no multiple, or no bar is complete.

    Examples
    --------
    >>> price = np.array([4.0, 6.0, 5.0, 9.0])
    >>> bars = Candles.from_arrays(
    ...     np.arange(4) * 60_000, open=price, high=price, low=price, close=price, volume=price)
    >>> two = longer_bars(bars, 120_000)
    >>> two.high, two.volume
    (array([6., 9.]), array([10., 14.]))
    """
    if timeframe_ms == candles.timeframe_ms:
        return candles
    if timeframe_ms <= 0 or timeframe_ms % candles.timeframe_ms:
        raise ValueError(f"bars must be multiples of {candles.timeframe_ms} ms, not {timeframe_ms}")
    candles = _whole(candles, timeframe_ms)
    return join_bars(candles, candles.open_time_ms // timeframe_ms * timeframe_ms, timeframe_ms)


def _whole(candles: Candles, timeframe_ms: int) -> Candles:
    times: IntArray = candles.open_time_ms
    first = -(-int(times[0]) // timeframe_ms) * timeframe_ms
    stop = (int(times[-1]) + candles.timeframe_ms) // timeframe_ms * timeframe_ms
    a, b = np.searchsorted(times, [first, stop])
    if a >= b:
        raise ValueError(f"there is no complete bar of {timeframe_ms} ms")
    return replace(candles[int(a) : int(b)], last_is_forming=False)
