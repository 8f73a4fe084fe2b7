"""The bands that chart scripts draw: every bar's middle times a few leverages, by volume."""

from typing import ClassVar, Final

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import IntArray
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.baselines.baseline import Baseline
from liqbands.score.baselines.window import LastKnown, RecentBars
from liqbands.score.marks import MarkPrices, highest_to, lowest_from
from liqbands.timeframes import DAY_MS

SPAN_MS: Final = 7 * DAY_MS
LEVERAGES: Final = np.array([10.0, 25.0, 50.0, 100.0])
_NEVER: Final = 2**40
"""A bin that no price reaches."""


class PineBands(Baseline):
    """Volume of the last 7 days at the liquidation prices of 10, 25, 50 and 100x.

    Every bar opens as many longs as shorts, its volume at each leverage, at the middle of its
    low and high; they are liquidated at ``1 - 1/L`` and ``1 + 1/L`` times that.  A level stays
    for 7 days whether price went through it or not.  A bar without volume counts as the last one
    that had it; where none ever had, every bar counts 1.

    Parameters
    ----------
    instrument : Instrument
        Its market chooses the price grid.
    timeframe_ms : int
        Length of the bars, milliseconds.
    """

    name: ClassVar[str] = "Pine bands"
    sweeps: ClassVar[bool] = False

    def __init__(self, instrument: Instrument, timeframe_ms: int) -> None:
        super().__init__(instrument, timeframe_ms)
        self._bars = RecentBars(SPAN_MS)
        self._volume = LastKnown(1.0)
        moves = np.log([1 - 1 / LEVERAGES, 1 + 1 / LEVERAGES])
        self._moves = moves / self.grid.step

    def _take(self, candles: Candles, marks: MarkPrices) -> None:
        self._bars.add(
            candles.open_time_ms + candles.timeframe_ms,
            entry=np.log((candles.low + candles.high) / 2) / self.grid.step,
            volume=self._volume.fill(candles.volume),
            low=marks.low,
            high=marks.high,
        )

    def _draw(self, first_bin: int, n_bins: int) -> FloatArray:
        entry, volume = self._bars["entry"], self._bars["volume"]
        sides = np.zeros((2, n_bins))
        for s in range(2):
            reached = self._reached(s)
            for move in self._moves[s]:
                level = np.floor(entry + move).astype(np.int64)
                place = level - first_bin
                shown = (place >= 0) & (place < n_bins)
                shown &= level < reached if s == 0 else level > reached
                sides[s] += np.bincount(place[shown], volume[shown], minlength=n_bins)
        return sides

    def _reached(self, s: int) -> IntArray:
        """Return how far in later bars went that remove what they reach, per bar."""
        later = slice(1 if self.sweeps else len(self._bars["low"]), None)
        if s == 0:
            low = lowest_from(self._bars["low"][later], self.grid)
            return _from_the_end(np.minimum, low, _NEVER, len(self._bars["low"]))
        high = highest_to(self._bars["high"][later], self.grid)
        return _from_the_end(np.maximum, high, -_NEVER, len(self._bars["high"]))


class SweptPineBands(PineBands):
    """`PineBands` whose levels go when the mark price reaches them in a later bar."""

    name: ClassVar[str] = "Pine bands, swept"
    sweeps: ClassVar[bool] = True


def _from_the_end(furthest: np.ufunc, later: IntArray, never: int, n_bars: int) -> IntArray:
    """Return the furthest of all that comes later, for each bar; `never` where nothing does."""
    padded = np.append(later, np.full(n_bars - len(later), never))
    reached: IntArray = furthest.accumulate(padded[::-1])[::-1]
    return reached
