"""What all baselines share: the grid, the last mark price, and the side on which maps end."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.marks import MarkPrices, blank_wrong_side


class Baseline(ABC):
    """A simple map that grows bar by bar.

    Parameters
    ----------
    instrument : Instrument
        Its market chooses the price grid.
    timeframe_ms : int
        Length of the bars, milliseconds.

    Raises
    ------
    ValueError
        If the bar length is not positive.
    """

    name: ClassVar[str]

    def __init__(self, instrument: Instrument, timeframe_ms: int) -> None:
        if timeframe_ms <= 0:
            raise ValueError(f"timeframe_ms must be positive, was {timeframe_ms}")
        self.grid = PriceGrid.of(instrument.market)
        self.timeframe_ms = timeframe_ms
        self._mark = math.nan

    def extend(self, candles: Candles) -> None:
        """Take in the next closed bars.

        Parameters
        ----------
        candles : Candles
            Later than all before, of the model's own bar length.

        Raises
        ------
        ValueError
            If the bars have another length.
        """
        if candles.timeframe_ms != self.timeframe_ms:
            raise ValueError(
                f"bars must be {self.timeframe_ms} ms long, were {candles.timeframe_ms} ms"
            )
        marks = MarkPrices.of(candles)
        self._take(candles, marks)
        self._mark = float(marks.close[-1])

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return the map after the last bar.

        Parameters
        ----------
        first_bin, n_bins : int
            Bins of the price grid.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts in the model's own unit; 0 on the wrong side of the mark price, and
            before the first bar.
        """
        if math.isnan(self._mark):
            return np.zeros((2, n_bins))
        sides = self._draw(first_bin, n_bins)
        blank_wrong_side(sides, self._mark, self.grid, first_bin)
        return sides

    @abstractmethod
    def _take(self, candles: Candles, marks: MarkPrices) -> None:
        """Remember what the map needs of the next bars."""

    @abstractmethod
    def _draw(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return a new array with both sides, shape (2, n_bins), the wrong side included."""
