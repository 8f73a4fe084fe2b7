"""What the scorecard works on: models that draw maps, and figures with their bounds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument


class MapModel(Protocol):
    """A map of liquidation levels that grows bar by bar and never sees a later bar."""

    def extend(self, candles: Candles) -> None:
        """Take in the next closed bars.

        Parameters
        ----------
        candles : Candles
            Later than all before; nothing of the future is within reach.
        """

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return the map after the last bar.

        Parameters
        ----------
        first_bin, n_bins : int
            Bins of the instrument's price grid (`PriceGrid.of`).

        Returns
        -------
        ndarray, shape (2, n_bins)
            Contracts (or any unit in which only shape counts), longs and shorts; 0 on the wrong
            side of the last mark price.
        """


ModelFactory = Callable[[Instrument, int], MapModel]
"""Makes a fresh model for an instrument and a bar length in milliseconds."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % bounds.

    Parameters
    ----------
    value : float
        The value; NaN where nothing could be scored.
    low, high : float
        Bounds of the block bootstrap, NaN where there were too few blocks.
    n : int
        Observations (snapshots, bins, trials) behind the value.
    left_out : int
        Observations left out because too little happened in them.
    """

    value: float
    low: float
    high: float
    n: int
    left_out: int = 0
