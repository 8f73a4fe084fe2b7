"""Which bands were swept, bar by bar: what a chart marks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands_server.service.band_bars import band_bars, columns_from
from liqbands_server.service.band_columns import LIVING, Column
from liqbands_server.service.band_walk import N_SLOTS
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BandSweeps:
    """Bands whose densest price was reached while they were shown, in order of time.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_sweeps,)
        Open of the bar of the resolution in which it happened.
    base_open_ms : ndarray of int64, shape (n_sweeps,)
        Open of the base bar in which it happened.
    side : ndarray of int8, shape (n_sweeps,)
        1 longs, -1 shorts.
    price, notional : ndarray, shape (n_sweeps,)
        The peak price, quote per base, and what stood in the band, quote or relative.
    """

    open_time_ms: IntArray
    base_open_ms: IntArray
    side: NDArray[np.int8]
    price: FloatArray
    notional: FloatArray

    def __len__(self) -> int:
        return len(self.side)


def sweeps(
    markets: Markets,
    listing: Listing,
    resolution: Resolution,
    as_of_ms: int,
    first_ms: int,
    last_ms: int,
) -> BandSweeps:
    """Return which bands were swept in the bars of a resolution.

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
    first_ms, last_ms : int
        Opens of the first and the last bar wanted, both included.

    Returns
    -------
    BandSweeps
        Bands of the newest column before a base bar whose peak price lies within what the mark
        (else the last price) went through in it; of one column each band counts once.

    Raises
    ------
    QuestionError
        If the listing stands for several venues.
    """
    bars = band_bars(markets, listing, resolution, as_of_ms)
    wanted = bars.within(first_ms, last_ms)
    part = bars.base_bars(wanted)
    opens = bars.base.open_time_ms
    columns = columns_from(markets, listing, max(N_SLOTS), as_of_ms, opens[part])
    # From the first column's first bar on, or its bands would count again at the window's edge.
    book_ms = columns.columns["head"]["book_ms"][columns.at(opens[part][:1])]
    start = int(np.searchsorted(opens, book_ms).min(initial=part.start))
    place = columns.at(opens[start : part.stop])
    row, slot = _first_hits(columns.columns, place, bars.base, start)
    inside = row >= part.start
    row, slot = row[inside], slot[inside]
    swept = columns.columns["slots"][place[row - start], slot]
    return BandSweeps(
        bars.open_time_ms[np.searchsorted(bars.last, row)],
        opens[row],
        swept["side"],
        swept["peak_price"],
        swept["notional"].astype(np.float64),
    )


def _first_hits(
    columns: Column, place: IntArray, base: Candles, start: int
) -> tuple[IntArray, IntArray]:
    """Return the bars, and the slots, in which a band of a bar's column is first reached."""
    part = slice(start, start + len(place))
    low = np.where(np.isfinite(base.mark_low[part]), base.mark_low[part], base.low[part])
    high = np.where(np.isfinite(base.mark_high[part]), base.mark_high[part], base.high[part])
    slots = columns["slots"]
    peak = slots["peak_price"][place]
    hit = (slots["state"][place] == LIVING) & (low[:, None] <= peak) & (peak <= high[:, None])
    row, slot = np.nonzero(hit)
    _, first = np.unique(place[row] * slots.shape[1] + slot, return_index=True)
    first.sort()
    return row[first] + start, slot[first]
