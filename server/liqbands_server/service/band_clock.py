"""The band clock: which bars of a series make a column of bands, and what is known of them.

Ticks are whole quarters of an hour since the epoch.  A tick's column is the book at the close of
the last base bar that closes at or before it; there is none where no bar has closed since the
tick before.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.candles import Candles
from liqbands.timeframes import MINUTE_MS
from liqbands_server.store.candle_rows import CandleRows
from liqbands_server.store.tables import VALUES

IntArray = NDArray[np.int64]

CLOCK_MS: Final = 15 * MINUTE_MS


@dataclass(frozen=True, eq=False)
class Ticks:
    """Ticks whose bars are all there.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (n_ticks,)
        UTC milliseconds.
    bar : ndarray of int64, shape (n_ticks,)
        Place of the last bar that closes at or before the tick.
    completed_by : ndarray of int64, shape (n_ticks,)
        Place of the first bar that closes at or after it: then nothing can follow.
    """

    time_ms: IntArray
    bar: IntArray
    completed_by: IntArray

    def __len__(self) -> int:
        return len(self.time_ms)


def ticks_of(close_ms: IntArray) -> Ticks:
    """Return the ticks that bars complete.

    Parameters
    ----------
    close_ms : ndarray of int64, shape (n_bars,)
        When each bar closes, increasing.

    Returns
    -------
    Ticks
        In order.

    Examples
    --------
    >>> ticks_of(np.array([600_000, 900_000, 960_000, 2_700_000])).time_ms
    array([ 900000, 1800000, 2700000])
    """
    tick_of = -(-close_ms // CLOCK_MS) * CLOCK_MS
    bar = np.flatnonzero(np.diff(tick_of, append=tick_of[-1:] + CLOCK_MS))
    completed_by = np.where(close_ms[bar] == tick_of[bar], bar, bar + 1)
    complete = completed_by < len(close_ms)
    return Ticks(tick_of[bar[complete]], bar[complete], completed_by[complete])


@dataclass(frozen=True, eq=False)
class KnownBars:
    """Consecutive bars by their newest statements, and what stands behind each.

    Parameters
    ----------
    candles : Candles
        The bars.
    learnt_ms : ndarray of int64, shape (n_bars,)
        Since when all that is said of the series up to the bar is known.
    n_statements : ndarray of int64, shape (n_bars,)
        How many statements that are, corrections included.
    """

    candles: Candles
    learnt_ms: IntArray
    n_statements: IntArray

    def __len__(self) -> int:
        return len(self.candles)

    @property
    def close_ms(self) -> IntArray:
        """Return when each bar closes."""
        return self.candles.open_time_ms + self.candles.timeframe_ms

    def after(self, n_bars: int) -> "KnownBars | None":
        """Return the bars after the first few, None when there are none."""
        if n_bars >= len(self):
            return None
        rest = slice(n_bars, len(self))
        return KnownBars(self.candles[rest], self.learnt_ms[rest], self.n_statements[rest])


def known_bars(
    rows: CandleRows, timeframe_ms: int, learnt_ms: int = 0, n_statements: int = 0
) -> KnownBars | None:
    """Return bars by their newest statements.

    Parameters
    ----------
    rows : CandleRows
        All statements about consecutive bars of a series.
    timeframe_ms : int
        Length of a bar.
    learnt_ms, n_statements : int
        Of the bars before.

    Returns
    -------
    KnownBars or None
        None when there are none.
    """
    if not len(rows):
        return None
    last = np.append(np.diff(rows.open_time_ms) > 0, True)
    candles = Candles(
        rows.open_time_ms[last],
        **{name: rows.values[last, i] for i, name in enumerate(VALUES)},
        timeframe_ms=timeframe_ms,
    )
    known_since = np.maximum(np.maximum.accumulate(rows.learnt_ms), learnt_ms)
    return KnownBars(candles, known_since[last], n_statements + np.flatnonzero(last) + 1)
