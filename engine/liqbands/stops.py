"""Stop levels of a market without open interest, kept up to date bar by bar.

Rolling look-backs where the market never closes; session, previous day, previous week and
swing points where it does.
"""

import math
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray, Instrument
from liqbands.kernel.bars import Bars, StopLevels
from liqbands.kernel.stops import (
    N_POOLS,
    TRUE_RANGE,
    RangeState,
    follow_ranges,
    new_ranges,
    rolling_levels,
    session_levels,
)
from liqbands.rules import range_decay
from liqbands.sessions import session_bars_per_day, trading_day, trading_week
from liqbands.timeframes import DAY_MS, HOUR_MS

LOOK_BACKS_MS: Final = (HOUR_MS, 4 * HOUR_MS, DAY_MS, 7 * DAY_MS)

NO_STOPS: Final = StopLevels(np.zeros((0, 2, N_POOLS)), np.zeros(0))
"""What the loops get where open interest is known."""


class StopLevelFeed:
    """Follow ranges, highs and lows of one instrument.

    Parameters
    ----------
    instrument : Instrument
        Session and time zone decide which look-backs count.
    timeframe_ms : int
        Length of a bar, milliseconds.
    """

    def __init__(self, instrument: Instrument, timeframe_ms: int) -> None:
        self._instrument = instrument
        self._timeframe_ms = timeframe_ms
        self._look_back = np.array(
            [max(1, round(span / timeframe_ms)) for span in LOOK_BACKS_MS],
            dtype=np.int64,
        )
        self._decay = range_decay(instrument, timeframe_ms)
        self._memory = new_ranges(int(self._look_back.max()))

    @property
    def average_true_range(self) -> float:
        """Return Wilder's average over 14 bars, quote per base; NaN before the first bar."""
        return float(self._memory.values[TRUE_RANGE]) if self._memory.seen[0] else math.nan

    def daily_range(self, bar_range: FloatArray) -> FloatArray:
        """Return the log range of a day that follows from the range of a bar.

        Parameters
        ----------
        bar_range : ndarray, shape (n,)
            Average true range of a bar, log.

        Returns
        -------
        ndarray, shape (n,)
            Ranges grow with the square root of time.
        """
        per_day = session_bars_per_day(self._instrument.session, self._timeframe_ms)
        return bar_range * math.sqrt(per_day)

    def follow(self, bars: Bars) -> FloatArray:
        """Take bars in for their ranges only.

        Parameters
        ----------
        bars : Bars
            The next bars.

        Returns
        -------
        ndarray, shape (n_bars,)
            Average log range of a bar after each bar.
        """
        bar_range = np.zeros(len(bars.open_time_ms))
        follow_ranges(self._memory, bars, self._decay, bar_range)
        return bar_range

    def levels(self, bars: Bars) -> tuple[StopLevels, FloatArray]:
        """Take bars in and return where stops gather after each.

        Parameters
        ----------
        bars : Bars
            The next bars.

        Returns
        -------
        tuple of StopLevels and ndarray, shape (n_bars,)
            Levels and hourly ranges; and the average log range of a bar after each bar.
        """
        n_bars = len(bars.open_time_ms)
        first = int(self._memory.seen[0])
        bar_range = self.follow(bars)
        hour_range = bar_range * math.sqrt(HOUR_MS / self._timeframe_ms)
        stops = StopLevels(np.zeros((n_bars, 2, N_POOLS)), hour_range)
        if self._instrument.session == "24x7":
            rolling_levels(self._memory, bars, self._look_back, first, stops)
        else:
            place = (
                bars.open_time_ms,
                self._instrument.session,
                self._instrument.time_zone,
            )
            session_levels(self._memory, bars, trading_day(*place), trading_week(*place), stops)
        return stops, bar_range

    def copy(self) -> "StopLevelFeed":
        """Return an independent copy, e.g. to try a forming bar on.

        Returns
        -------
        StopLevelFeed
            Equal memory that shares nothing.
        """
        twin = StopLevelFeed(self._instrument, self._timeframe_ms)
        twin._memory = RangeState._make(array.copy() for array in self._memory)
        return twin
