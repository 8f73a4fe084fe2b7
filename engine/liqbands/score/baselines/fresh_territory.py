"""Fresh territory: the further beyond the old extremes, the more has not been hit yet."""

from typing import ClassVar, Final

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.baselines.baseline import Baseline
from liqbands.score.baselines.window import RecentBars
from liqbands.score.marks import MarkPrices
from liqbands.timeframes import DAY_MS

LOOK_BACKS_MS: Final = (DAY_MS, 7 * DAY_MS)


class FreshTerritory(Baseline):
    """Log distance of each bin beyond the extremes of 24 hours and of 7 days, added up.

    Parameters
    ----------
    instrument : Instrument
        Its market chooses the price grid.
    timeframe_ms : int
        Length of the bars, milliseconds.

    Notes
    -----
    Longs in a bin with centre c: ``max(0, ln low_24h - ln c) + max(0, ln low_7d - ln c)``, shorts
    mirrored at the highs; nothing inside of both ranges.  Extremes are of the mark price where
    known; while less history is there, of what is there.
    """

    name: ClassVar[str] = "fresh territory 24 h + 7 d"

    def __init__(self, instrument: Instrument, timeframe_ms: int) -> None:
        super().__init__(instrument, timeframe_ms)
        self._bars = RecentBars(max(LOOK_BACKS_MS))

    def _take(self, candles: Candles, marks: MarkPrices) -> None:
        close_time = candles.open_time_ms + candles.timeframe_ms
        self._bars.add(close_time, low=marks.low, high=marks.high)

    def _draw(self, first_bin: int, n_bins: int) -> FloatArray:
        center = np.log(self.grid.centers(first_bin, n_bins))
        sides = np.zeros((2, n_bins))
        for span in LOOK_BACKS_MS:
            low = np.log(self._bars.within("low", span).min())
            high = np.log(self._bars.within("high", span).max())
            sides += np.maximum([low - center, center - high], 0)
        return sides
