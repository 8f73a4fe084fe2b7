"""Bands by slot on the bars of a resolution, read from the stored columns.

A bar shows the newest column whose book is no later than the bar's last base bar.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray, Side
from liqbands_server.errors import QuestionError
from liqbands_server.service.band_bars import band_bars, columns_from
from liqbands_server.service.band_columns import LIVING, Column
from liqbands_server.service.band_walk import N_SLOTS
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution

IntArray = NDArray[np.int64]

_VALUES: Final = (
    "low",
    "high",
    "peak_price",
    "notional",
    "notional_low",
    "notional_high",
    "strength",
)


@dataclass(frozen=True, eq=False)
class BandSlots:
    """Bands by slot, bar by bar.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens; the bands are those at its close.
    low, high, peak_price : ndarray, shape (n_bars, n_slots)
        Edges and densest price, quote per base; NaN where a slot is empty.
    notional, notional_low, notional_high : ndarray, shape (n_bars, n_slots)
        Sum over the band and its 80 % interval, quote or relative; NaN where empty.
    strength : ndarray, shape (n_bars, n_slots)
        Rank within the book, 0 to 1; NaN where empty.
    side : ndarray of int8, shape (n_bars, n_slots)
        1 longs, -1 shorts, 0 empty.
    since_ms : ndarray of int64, shape (n_bars, n_slots)
        When the band took the slot, which names it; 0 where empty.
    """

    open_time_ms: IntArray
    low: FloatArray
    high: FloatArray
    peak_price: FloatArray
    notional: FloatArray
    notional_low: FloatArray
    notional_high: FloatArray
    strength: FloatArray
    side: NDArray[np.int8]
    since_ms: IntArray

    @property
    def n_bars(self) -> int:
        """Return the number of bars."""
        return int(self.side.shape[0])

    @property
    def n_slots(self) -> int:
        """Return the number of slots."""
        return int(self.side.shape[1])


@dataclass(frozen=True, eq=False)
class StrongestBands:
    """The strongest band of one side, bar by bar.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens; the band is that at its close.
    peak_price, notional : ndarray, shape (n_bars,)
        Quote per base, and quote or relative; NaN where the side has no band.
    """

    open_time_ms: IntArray
    peak_price: FloatArray
    notional: FloatArray


def band_slots(  # noqa: PLR0913, PLR0917 - the whole question
    markets: Markets,
    listing: Listing,
    resolution: Resolution,
    n_slots: int,
    as_of_ms: int,
    first_ms: int,
    last_ms: int,
) -> BandSlots:
    """Return bands by slot on the bars of a resolution.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        Of one venue.
    resolution : Resolution
        One of the listing's.
    n_slots : int
        20 or 32.
    as_of_ms : int
        What was learnt later does not count.
    first_ms, last_ms : int
        Opens of the first and the last bar wanted, both included.

    Returns
    -------
    BandSlots
        The same for a bar whatever the window is.  Where a slot changes hands between two bars,
        the first bar of the new band is empty.

    Raises
    ------
    QuestionError
        If the bands are not kept for so many slots, or for several venues as one.
    """
    if n_slots not in N_SLOTS:
        known = ", ".join(map(str, N_SLOTS))
        raise QuestionError(f"k must be one of {known}, was {n_slots}", "k")
    bars = band_bars(markets, listing, resolution, as_of_ms)
    wanted = bars.within(first_ms, last_ms)
    n_before = min(wanted.start, 1)
    close_ms = bars.close_ms(slice(wanted.start - n_before, wanted.stop))
    columns = columns_from(markets, listing, n_slots, as_of_ms, close_ms)
    slots = columns.columns["slots"]
    place = columns.at(close_ms)
    shown = _shown(slots, place)[n_before:]
    return _read_slots(bars.open_time_ms[wanted], slots, place[n_before:], shown)


def strongest(  # noqa: PLR0913, PLR0917 - the whole question
    markets: Markets,
    listing: Listing,
    resolution: Resolution,
    side: Side,
    as_of_ms: int,
    first_ms: int,
    last_ms: int,
) -> StrongestBands:
    """Return the strongest band of one side on the bars of a resolution.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        Of one venue.
    resolution : Resolution
        One of the listing's.
    side : Side
        Longs stand below the price, shorts above it.
    as_of_ms : int
        What was learnt later does not count.
    first_ms, last_ms : int
        Opens of the first and the last bar wanted, both included.

    Returns
    -------
    StrongestBands
        The same for a bar whatever the window is.

    Raises
    ------
    QuestionError
        If the listing stands for several venues.
    """
    bars = band_bars(markets, listing, resolution, as_of_ms)
    wanted = bars.within(first_ms, last_ms)
    close_ms = bars.close_ms(wanted)
    columns = columns_from(markets, listing, N_SLOTS[0], as_of_ms, close_ms)
    head, place, axis = columns.columns["head"], columns.at(close_ms), list(Side).index(side)
    return StrongestBands(
        bars.open_time_ms[wanted],
        head["peak_price"][place, axis],
        head["notional"][place, axis].astype(np.float64),
    )


def _shown(slots: Column, place: IntArray) -> NDArray[np.bool_]:
    """Return which slots of each bar show a band, the first bar of a new owner left out."""
    living = slots["state"][place] == LIVING
    since_ms = slots["since_ms"][place]
    changes_hands = living[1:] & living[:-1] & (since_ms[1:] != since_ms[:-1])
    shown: NDArray[np.bool_] = living.copy()
    shown[1:] &= ~changes_hands
    return shown


def _read_slots(
    open_time_ms: IntArray, slots: Column, place: IntArray, shown: NDArray[np.bool_]
) -> BandSlots:
    def values(name: str) -> FloatArray:
        return np.where(shown, slots[name][place].astype(np.float64), np.nan)

    return BandSlots(
        open_time_ms=open_time_ms,
        **{name: values(name) for name in _VALUES},
        side=np.where(shown, slots["side"][place], 0).astype(np.int8),
        since_ms=np.where(shown, slots["since_ms"][place], 0),
    )
