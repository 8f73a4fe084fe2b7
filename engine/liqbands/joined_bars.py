"""Bars joined to longer ones, of equal or of calendar length."""

from typing import Any, Final

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import IntArray

_LAST: Final = ("close", "open_interest", "funding_rate", "mark_close")
_SUM: Final = (
    "volume",
    "quote_volume",
    "taker_buy_volume",
    "long_liquidated",
    "short_liquidated",
)


def join_bars(candles: Candles, owner_open_ms: IntArray, timeframe_ms: int) -> Candles:
    """Return one bar for each run of bars with the same owner.

    Parameters
    ----------
    candles : Candles
        The bars.
    owner_open_ms : ndarray of int64, shape (n_bars,)
        Open time of the longer bar that each bar belongs to, not decreasing.
    timeframe_ms : int
        Length of the new bars; of the usual one where they differ.

    Returns
    -------
    Candles
        First open, highest high, lowest low, last close, sums of what is counted.  A bar that
        is missing stays missing: nothing stands in for it.

    Examples
    --------
    >>> price = np.array([4.0, 6.0, 5.0, 9.0])
    >>> bars = Candles.from_arrays(
    ...     np.arange(4) * 60_000, open=price, high=price, low=price, close=price, volume=price)
    >>> two = join_bars(bars, bars.open_time_ms // 120_000 * 120_000, 120_000)
    >>> two.high, two.volume
    (array([6., 9.]), array([10., 14.]))
    """
    start = np.flatnonzero(np.diff(owner_open_ms, prepend=owner_open_ms[0] - 1))
    end = np.append(start[1:], len(candles)) - 1
    columns: dict[str, Any] = {"open": candles.open[start]}
    columns |= {name: getattr(candles, name)[end] for name in _LAST}
    columns |= {name: np.add.reduceat(getattr(candles, name), start) for name in _SUM}
    for name in ("high", "mark_high"):
        columns[name] = np.maximum.reduceat(getattr(candles, name), start)
    for name in ("low", "mark_low"):
        columns[name] = np.minimum.reduceat(getattr(candles, name), start)
    return Candles(
        owner_open_ms[start],
        **columns,
        timeframe_ms=timeframe_ms,
        last_is_forming=candles.last_is_forming,
    )
