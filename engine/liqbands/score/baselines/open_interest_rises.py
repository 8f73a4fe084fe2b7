"""Rises of open interest at five leverages: the open tools' map in its strongest form."""

from typing import ClassVar, Final

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import IntArray
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.baselines.baseline import Baseline
from liqbands.score.baselines.field import SweptField
from liqbands.score.baselines.window import LastKnown
from liqbands.score.marks import MarkPrices, highest_to, lowest_from

LEVERAGES: Final = np.array([5.0, 10.0, 25.0, 50.0, 100.0])
SHARES: Final = np.array([0.15, 0.30, 0.25, 0.20, 0.10])
MAINTENANCE: Final = 0.004


class OpenInterestRises(Baseline):
    """Open interest gained in a bar, placed at the liquidation prices of 5 to 100x.

    Parameters
    ----------
    instrument : Instrument
        Its market chooses the price grid.
    timeframe_ms : int
        Length of the bars, milliseconds.

    Notes
    -----
    Per bar: the mark price sweeps what it reaches.  A rise of open interest opens, half on each
    side, at ``(high + low + close) / 3``, with shares .15 / .30 / .25 / .20 / .10 at 5 / 10 / 25
    / 50 / 100x, liquidated at ``(1 - 1/L) / (1 - m)`` or ``(1 + 1/L) / (1 + m)`` times that, m =
    0.4 %.  A fall keeps the share ``after / before`` of every bin.  No volume, no seed: the map
    starts empty.  A bar without open interest changes nothing; the change shows in the next one.
    Where open interest was never known, volume opens instead and nothing is closed; the first
    known value then starts a new map.

    References
    ----------
    Leverages, shares, sweep and proportional removal as in the open "time-evolving heatmap" of
    gptprojectmanager/liquidations.  That tool opens at the close, on one side only (longs unless
    the candle falls), takes the maintenance margin divided by leverage, and measures falls
    against what its map holds instead of open interest.  Each of these makes it weaker on
    recorded hours, so the stronger form is the one to beat.
    """

    name: ClassVar[str] = "open interest rises"

    def __init__(self, instrument: Instrument, timeframe_ms: int) -> None:
        super().__init__(instrument, timeframe_ms)
        sign = np.array([[1.0], [-1.0]])
        self._moves = np.log((1 - sign / LEVERAGES) / (1 - sign * MAINTENANCE))
        self._field = SweptField()
        self._open_interest = LastKnown(np.nan)
        self._volume = LastKnown(1.0)

    def _take(self, candles: Candles, marks: MarkPrices) -> None:
        opened, left = self._flow(candles)
        columns = (
            lowest_from(marks.low, self.grid),
            highest_to(marks.high, self.grid),
            opened,
            left,
        )
        levels = self._levels((candles.high + candles.low + candles.close) / 3)
        for i, bar in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            lowest, highest, gain, kept = bar
            self._field.sweep(lowest, highest)
            if kept < 1:
                self._field.fade(kept)
            if gain > 0:
                for s in range(2):
                    self._field.add_at(s, levels[s, i], 0.5 * gain * SHARES)

    def _draw(self, first_bin: int, n_bins: int) -> FloatArray:
        return self._field.read(first_bin, n_bins)

    def _flow(self, candles: Candles) -> tuple[FloatArray, FloatArray]:
        """Return what opens in each bar, and the share of the map that it keeps."""
        before = self._open_interest.value
        after = self._open_interest.fill(candles.open_interest)
        earlier = np.append(before, after[:-1])
        volume = self._volume.fill(candles.volume)
        with np.errstate(divide="ignore", invalid="ignore"):
            kept = np.where(earlier > 0, np.minimum(after / earlier, 1.0), 1.0)
        opened = np.where(np.isnan(after), volume, np.nan_to_num(np.maximum(after - earlier, 0.0)))
        starts = np.isfinite(after) & np.isnan(earlier)
        return opened, np.where(starts, 0.0, np.nan_to_num(kept, nan=1.0))

    def _levels(self, entry: FloatArray) -> IntArray:
        """Return the bins of the liquidation prices, shape (2, n_bars, n_leverages)."""
        price = np.log(entry)[:, None] + self._moves[:, None, :]
        levels: IntArray = np.floor(price / self.grid.step).astype(np.int64)
        return levels
