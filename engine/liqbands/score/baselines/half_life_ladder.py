"""A smooth ladder that forgets by the clock on the wall: a map without open interest."""

from typing import ClassVar, Final

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.baselines.baseline import Baseline
from liqbands.score.baselines.field import SweptField
from liqbands.score.baselines.window import LastKnown
from liqbands.score.marks import MarkPrices, highest_to, lowest_from
from liqbands.timeframes import DAY_MS

HALF_LIFE_MS: Final = DAY_MS
NEAREST: Final = 0.004
FURTHEST: Final = 0.9
MEDIAN: Final = 0.10
SPREAD: Final = 1.2


class HalfLifeLadder(Baseline):
    """Volume spread over smooth distances, half of it forgotten every day, swept on touch.

    Parameters
    ----------
    instrument : Instrument
        Its market chooses the price grid.
    timeframe_ms : int
        Length of the bars, milliseconds.

    Notes
    -----
    Each bar adds its volume to both sides around ``(high + low + close) / 3``, at log distances x
    from 0.4 % to 90 % with density ``exp(-((ln x - ln 10 %) / 1.2)^2 / 2) / x`` per bin, after
    the mark price swept what it reached and everything was multiplied by ``2^(-dt / 1 day)``.
    That is the engine's smooth prior without its clock: near and far fade alike.  A bar without
    volume counts as the last one that had it; where none ever had, every bar counts 1.
    """

    name: ClassVar[str] = "half-life ladder"

    def __init__(self, instrument: Instrument, timeframe_ms: int) -> None:
        super().__init__(instrument, timeframe_ms)
        self._field = SweptField()
        self._volume = LastKnown(1.0)
        self._last_open_ms: int | None = None
        self._offset, self._outwards = _ladder(self.grid.step)
        self._inwards = self._outwards[::-1].copy()

    def _take(self, candles: Candles, marks: MarkPrices) -> None:
        times = candles.open_time_ms
        before = times[0] if self._last_open_ms is None else self._last_open_ms
        columns = (
            lowest_from(marks.low, self.grid),
            highest_to(marks.high, self.grid),
            2.0 ** (-np.diff(times, prepend=before) / HALF_LIFE_MS),
            self.grid.bin_of((candles.high + candles.low + candles.close) / 3),
            self._volume.fill(candles.volume),
        )
        for bar in zip(*(column.tolist() for column in columns), strict=True):
            lowest, highest, left, entry, volume = bar
            self._field.sweep(lowest, highest)
            self._field.fade(left)
            nearest_long = entry - self._offset
            self._field.add(0, nearest_long - len(self._inwards) + 1, self._inwards * volume)
            self._field.add(1, entry + self._offset, self._outwards * volume)
        self._last_open_ms = int(times[-1])

    def _draw(self, first_bin: int, n_bins: int) -> FloatArray:
        return self._field.read(first_bin, n_bins)


def _ladder(step: float) -> tuple[int, FloatArray]:
    """Return the bins from the entry to the nearest one, and the shares from there outwards."""
    bins = np.arange(round(NEAREST / step), round(FURTHEST / step) + 1)
    distance = bins * step
    density = np.exp(-0.5 * (np.log(distance / MEDIAN) / SPREAD) ** 2) / distance
    shares: FloatArray = density / density.sum()
    return int(bins[0]), shares
