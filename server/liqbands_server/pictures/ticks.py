"""Where the axes are labelled: round prices on a logarithmic axis, round times on bar numbers.

The time axis counts bars, as trading charts do, so nights and weekends take no room.
"""

from datetime import UTC, datetime
from typing import Final

import numpy as np
from matplotlib.ticker import MaxNLocator

from liqbands.instrument import FloatArray
from liqbands.results import IntArray
from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS

_TIME_STEPS: Final = (
    *(n * MINUTE_MS for n in (1, 5, 10, 15, 30)),
    *(n * HOUR_MS for n in (1, 2, 3, 4, 6, 12)),
    *(n * DAY_MS for n in (1, 2, 4, 7, 14, 28, 56, 91, 182, 364)),
)


def price_ticks(low: float, high: float, n_ticks: int = 10) -> FloatArray:
    """Return round prices between two prices.

    Parameters
    ----------
    low, high : float
        Ends of the axis, quote per base.
    n_ticks : int
        About how many.

    Returns
    -------
    ndarray, shape (n,)
        Prices at equal distances, ascending.

    Examples
    --------
    >>> price_ticks(101.0, 109.0, 4)
    array([102., 104., 106., 108.])
    """
    ticks = np.asarray(MaxNLocator(n_ticks, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    inside: FloatArray = ticks[(ticks >= low) & (ticks <= high)]
    return inside


def time_ticks(open_time_ms: IntArray, n_ticks: int = 10) -> tuple[list[int], list[str]]:
    """Return the bars that get a label, and the labels in UTC.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        Open times, UTC milliseconds, strictly increasing.
    n_ticks : int
        At most how many.

    Returns
    -------
    tuple of list
        Bar numbers and texts: the day where a day begins, else the hour.

    Examples
    --------
    >>> time_ticks(np.arange(5) * 43_200_000, 3)
    ([2, 4], ['2 Jan', '3 Jan'])
    """
    for step in _TIME_STEPS:
        bars = _first_bars(open_time_ms, step)
        if len(bars) <= n_ticks:
            break
    least = 0.7 * len(open_time_ms) / n_ticks
    kept: list[int] = []
    for bar in bars:
        if bar - (kept[-1] if kept else 0) >= least:
            kept.append(bar)
    return kept, [_label(int(open_time_ms[bar]), step) for bar in kept]


def _first_bars(open_time_ms: IntArray, step: int) -> list[int]:
    """Return the first bar of every stretch of `step`; weeks begin on Monday."""
    monday = 4 * DAY_MS if step % (7 * DAY_MS) == 0 else 0
    stretch = (open_time_ms - monday) // step
    return [int(i) + 1 for i in np.flatnonzero(np.diff(stretch))]


def _label(time_ms: int, step: int) -> str:
    moment = datetime.fromtimestamp(time_ms / 1000, tz=UTC)
    if step >= 28 * DAY_MS:
        return f"{moment.day} {moment:%b %Y}"
    day_begins = time_ms % DAY_MS == 0
    return f"{moment.day} {moment:%b}" if step >= DAY_MS or day_begins else f"{moment:%H:%M}"
