"""Closed bars of any resolution as they were known at a time, built from base bars."""

from dataclasses import fields

from liqbands.candles import Candles
from liqbands.joined_bars import join_bars
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution


def bars_of(markets: Markets, listing: Listing, resolution: Resolution, as_of_ms: int) -> Candles:
    """Return a listing's bars of one resolution.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        Whose bars; an aggregate shows its reference's.
    resolution : Resolution
        One of the listing's.
    as_of_ms : int
        What is learnt later does not count.

    Returns
    -------
    Candles
        Made of closed base bars; the last one is marked as forming while base bars are to come.
    """
    base = markets.series(listing.reference).known_at(as_of_ms)
    opens = resolution.opens(base.open_time_ms, listing.instrument)
    joined = join_bars(base, opens, resolution.length_ms)
    last_close = int(base.open_time_ms[-1]) + base.timeframe_ms
    if last_close >= resolution.close_ms(int(opens[-1])):
        return joined
    columns = {field.name: getattr(joined, field.name) for field in fields(Candles)}
    return Candles(**{**columns, "last_is_forming": True})
