"""A book and the slots of its bands, led from tick to tick."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.parameters import Parameters
from liqbands.reach import read_within_reach
from liqbands.rules import Basis
from liqbands.tracker import BandTracker
from liqbands.zones import bands
from liqbands_server.service.band_columns import pack_column
from liqbands_server.store.instruments import StoredInstrument

N_SLOTS: Final = (20, 32)
"""Numbers of slots that are kept: of the ``#Bnn`` symbols, and of a chart's own study."""


class BandWalk:
    """Bands by slot of one instrument, advanced tick by tick.

    Parameters
    ----------
    stored : StoredInstrument
        Whose.
    parameters : Parameters
        The model's settings.
    basis : {"open_interest", "volume"}
        What the book stands on.
    trackers : sequence of BandTracker
        After the last tick before, one for each of `N_SLOTS`.
    """

    def __init__(
        self,
        stored: StoredInstrument,
        parameters: Parameters,
        basis: Basis,
        trackers: Sequence[BandTracker] | None = None,
    ) -> None:
        self.basis = basis
        # Slots show no ages, and a book without them is faster.
        self._book = Book(
            stored.instrument,
            parameters,
            timeframe_ms=stored.base.timeframe_ms,
            basis=basis,
            ages=False,
        )
        self._trackers = trackers or [BandTracker(n_slots) for n_slots in N_SLOTS]

    def skip(self, candles: Candles) -> None:
        """Take bars in whose columns are there.

        Parameters
        ----------
        candles : Candles
            The next bars.
        """
        self._book.extend(candles)

    def column(self, candles: Candles, tick_ms: int, n_statements: int) -> list[bytes]:
        """Take in the bars up to the next tick.

        Parameters
        ----------
        candles : Candles
            The next bars.
        tick_ms : int
            The tick.
        n_statements : int
            Statements that the book rests on then.

        Returns
        -------
        list of bytes
            The tick's column for each of `N_SLOTS`.
        """
        self._book.extend(candles)
        found = bands(read_within_reach(self._book), limit=max(N_SLOTS))
        low, high = self._extremes(candles)
        book_ms = int(candles.open_time_ms[-1]) + candles.timeframe_ms
        for tracker in self._trackers:
            tracker.follow(found, low, high, tick_ms)
        return [pack_column(tracker, found, book_ms, n_statements) for tracker in self._trackers]

    def _extremes(self, candles: Candles) -> tuple[float, float]:
        """Return the lowest and the highest price that can have liquidated anything."""
        low, high = candles.low, candles.high
        if self._book.parameters.mark_sweep:
            low = np.where(np.isfinite(candles.mark_low), candles.mark_low, low)
            high = np.where(np.isfinite(candles.mark_high), candles.mark_high, high)
        return float(low.min()), float(high.max())
