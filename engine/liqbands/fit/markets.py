"""A simulated market made ready to be walked again and again: its bars, and what was true.

Only what the objective compares is kept of the truth, so that many markets fit into memory.
"""

from dataclasses import dataclass

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.known_books import far_bins
from liqbands.sim import Recording


@dataclass(frozen=True, eq=False)
class Stretch:
    """Some bars, and what stood around the mark price at their end.

    Parameters
    ----------
    bars : Candles
        Closed bars since the stretch before.
    time_ms : int
        The close of the last one.
    mark : float
        Mark price then.
    first_bin : int
        Bin of the first column of `sides`.
    sides : ndarray, shape (2, n_bins)
        Contracts that stood in truth, longs and shorts.
    """

    bars: Candles
    time_ms: int
    mark: float
    first_bin: int
    sides: FloatArray


@dataclass(frozen=True, eq=False)
class FitMarket:
    """One market on which maps are compared with the truth.

    Parameters
    ----------
    world : str
        Name of the simulated world.
    seed : int
        Of all its chance.
    instrument : Instrument
        What is traded.
    stretches : tuple of Stretch
        One after the other; the warm-up is part of the first.
    """

    world: str
    seed: int
    instrument: Instrument
    stretches: tuple[Stretch, ...]

    @property
    def grid(self) -> PriceGrid:
        """Return the price grid of maps and truth."""
        return PriceGrid.of(self.instrument.market)


def market_of(recording: Recording, warm_up_ms: int) -> FitMarket:
    """Make the first venue of a recording ready.

    Parameters
    ----------
    recording : Recording
        A simulated market with its true books.
    warm_up_ms : int
        Books before are left out, milliseconds from the start.

    Returns
    -------
    FitMarket
        With every true book after the warm-up.

    Raises
    ------
    ValueError
        If no book is left.
    """
    venue = recording.venues[0]
    candles = venue.candles
    from_ms = int(candles.open_time_ms[0]) + warm_up_ms
    stretches: list[Stretch] = []
    walked = 0
    for book in venue.books:
        if book.time_ms >= from_ms:
            until = _bars_until(candles, book.time_ms)
            first_bin, n_bins = far_bins(venue.grid, book.mark)
            sides = book.standing(first_bin, n_bins)
            bars = candles[walked:until]
            stretches.append(Stretch(bars, book.time_ms, book.mark, first_bin, sides))
            walked = until
    if not stretches:
        raise ValueError("no true book is left after the warm-up; days must be more")
    return FitMarket(recording.world.name, recording.seed, venue.instrument, tuple(stretches))


def _bars_until(candles: Candles, time_ms: int) -> int:
    """Return how many bars are closed at a moment."""
    last_open_ms = time_ms - candles.timeframe_ms
    return int(np.searchsorted(candles.open_time_ms, last_open_ms, side="right"))
