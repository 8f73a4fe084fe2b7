"""The bars of a resolution on which stored bands are shown."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liqbands.candles import Candles
from liqbands_server.errors import QuestionError
from liqbands_server.service.band_table import KnownColumns, table_of
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BandBars:
    """Base bars, and the bars of a resolution that they make.

    Parameters
    ----------
    base : Candles
        Closed base bars.
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar of the resolution opens.
    last : ndarray of int64, shape (n_bars,)
        Place of its last base bar.
    """

    base: Candles
    open_time_ms: IntArray
    last: IntArray

    def within(self, first_ms: int, last_ms: int) -> slice:
        """Return which bars open in a stretch of time, both ends included."""
        first = int(np.searchsorted(self.open_time_ms, first_ms))
        stop = int(np.searchsorted(self.open_time_ms, last_ms, side="right"))
        return slice(first, max(first, stop))

    def close_ms(self, bars: slice) -> IntArray:
        """Return when the last base bar of each bar closes."""
        return self.base.open_time_ms[self.last[bars]] + self.base.timeframe_ms

    def base_bars(self, bars: slice) -> slice:
        """Return the base bars of some bars."""
        ends = np.append(self.last, -1) + 1  # the last one is that of the bar before the first
        return slice(int(ends[bars.start - 1]), int(ends[bars.stop - 1]))


def band_bars(
    markets: Markets, listing: Listing, resolution: Resolution, as_of_ms: int
) -> BandBars:
    """Return the bars of a listing.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        Of one venue.
    resolution : Resolution
        One of the listing's.
    as_of_ms : int
        What was learnt later does not count.

    Returns
    -------
    BandBars
        All that were known.

    Raises
    ------
    QuestionError
        If the listing stands for several venues.
    """
    if listing.is_aggregate:
        venues = ", ".join(member.ticker for member in listing.members)
        raise QuestionError(
            f"k= is kept per venue: symbol must be one of {venues}, was {listing.ticker}", "symbol"
        )
    base = markets.series(listing.reference).known_at(as_of_ms)
    opens = resolution.opens(base.open_time_ms, listing.instrument)
    last = np.flatnonzero(np.diff(opens, append=opens[-1] + 1))
    return BandBars(base, opens[last], last)


def columns_from(
    markets: Markets, listing: Listing, n_slots: int, as_of_ms: int, first_ms: IntArray
) -> KnownColumns:
    """Return the columns that bars show.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        Of one venue.
    n_slots : int
        Number of slots.
    as_of_ms : int
        What was learnt later does not count.
    first_ms : ndarray of int64, shape (n,)
        Times, of which the first is the earliest.

    Returns
    -------
    KnownColumns
        From the newest up to the first time on; the very newest for no time at all.
    """
    first = int(first_ms[0]) if len(first_ms) else as_of_ms
    return table_of(markets, listing.reference, n_slots).known_at(markets, as_of_ms, first)
