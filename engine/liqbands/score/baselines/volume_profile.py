"""The volume profile of the last week: liquidations where there was trade."""

from typing import ClassVar, Final

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import IntArray
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.baselines.baseline import Baseline
from liqbands.score.baselines.window import LastKnown, RecentBars
from liqbands.score.marks import MarkPrices
from liqbands.timeframes import DAY_MS

SPAN_MS: Final = 7 * DAY_MS


class VolumeProfile(Baseline):
    """Volume of the last 7 days, each bar's spread evenly over the bins from low to high.

    Below the mark price the profile counts as longs, above it as shorts.  A bar without volume
    counts as the last one that had it; where none ever had, every bar counts 1.

    Parameters
    ----------
    instrument : Instrument
        Its market chooses the price grid.
    timeframe_ms : int
        Length of the bars, milliseconds.
    """

    name: ClassVar[str] = "volume profile 7 d"

    def __init__(self, instrument: Instrument, timeframe_ms: int) -> None:
        super().__init__(instrument, timeframe_ms)
        self._bars = RecentBars(SPAN_MS)
        self._volume = LastKnown(1.0)

    def _take(self, candles: Candles, marks: MarkPrices) -> None:  # noqa: ARG002 - trades
        self._bars.add(
            candles.open_time_ms + candles.timeframe_ms,
            low=candles.low,
            high=candles.high,
            volume=self._volume.fill(candles.volume),
        )

    def _draw(self, first_bin: int, n_bins: int) -> FloatArray:
        low = self.grid.bin_of(self._bars["low"])
        end = self.grid.bin_of(self._bars["high"]) + 1
        share = self._bars["volume"] / (end - low)
        start, stop = (np.clip(edge - first_bin, 0, n_bins) for edge in (low, end))
        profile = _overlay(start, stop, share, n_bins)
        # Sums of shares that came and went leave rounding where no bar is.
        profile[_overlay(start, stop, np.ones(len(share)), n_bins) < 0.5] = 0
        return np.tile(profile, (2, 1))


def _overlay(start: IntArray, stop: IntArray, amount: FloatArray, n_bins: int) -> FloatArray:
    """Return the sum of amounts that each cover the bins from start to before stop."""
    steps = np.bincount(start, weights=amount, minlength=n_bins + 1)
    steps -= np.bincount(stop, weights=amount, minlength=n_bins + 1)
    overlay: FloatArray = np.maximum(np.cumsum(steps), 0.0)[:n_bins]
    return overlay
