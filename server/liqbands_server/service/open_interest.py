"""Open interest of several venues together, bar by bar, in the quote currency."""

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands.joined_bars import join_bars
from liqbands_server.errors import QuestionError
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution
from liqbands_server.store.instruments import StoredInstrument


def known_bars(
    markets: Markets, listing: Listing, as_of_ms: int
) -> dict[StoredInstrument, Candles]:
    """Return the bars of each venue that had any.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        Usually an aggregate.
    as_of_ms : int
        What is learnt later does not count.

    Returns
    -------
    dict of StoredInstrument to Candles
        By member, the reference first.

    Raises
    ------
    QuestionError
        If not even the reference had any.
    """
    known: dict[StoredInstrument, Candles] = {}
    for member in listing.members:
        try:
            known[member] = markets.series(member).known_at(as_of_ms)
        except QuestionError:
            if member is listing.reference:
                raise
    return known


def summed_open_interest(
    known: dict[StoredInstrument, Candles], bars: Candles, resolution: Resolution
) -> FloatArray:
    """Return the open interest of all venues at the close of each bar.

    Parameters
    ----------
    known : dict of StoredInstrument to Candles
        Base bars by venue.
    bars : Candles
        Bars of the reference, of `resolution`.
    resolution : Resolution
        Length of a bar.

    Returns
    -------
    ndarray, shape (n_bars,)
        Quote currency.  A venue counts from the first bar on in which it says anything; where it
        falls silent later, the sum is not known (NaN) rather than too small.
    """
    total = np.zeros(len(bars))
    counted = np.zeros(len(bars), dtype=np.bool_)
    for member, base in known.items():
        opens = resolution.opens(base.open_time_ms, member.instrument)
        joined = join_bars(base, opens, resolution.length_ms)
        notional = joined.open_interest * member.instrument.notional_per_contract(joined.close)
        said = np.flatnonzero(np.isfinite(notional))
        if not len(said):
            continue
        counts = bars.open_time_ms >= joined.open_time_ms[said[0]]
        total[counts] += _at(joined, notional, bars)[counts]
        counted |= counts
    return np.where(counted, total, np.nan)


def _at(joined: Candles, values: FloatArray, bars: Candles) -> FloatArray:
    place = np.minimum(np.searchsorted(joined.open_time_ms, bars.open_time_ms), len(joined) - 1)
    same = joined.open_time_ms[place] == bars.open_time_ms
    return np.where(same, values[place], np.nan)
