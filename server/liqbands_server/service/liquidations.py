"""Realised liquidations of a listing, one by one or counted into bars."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray
from liqbands.market_data import Liquidations
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution
from liqbands_server.store.instruments import StoredInstrument
from liqbands_server.store.liquidations import read_liquidations

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ListedLiquidations:
    """Events of all members of a listing, in order of time.

    Parameters
    ----------
    member : ndarray of int64, shape (n,)
        Place of each event's instrument among the listing's members.
    time_ms : ndarray of int64, shape (n,)
        When it happened, UTC milliseconds.
    side : ndarray of int64, shape (n,)
        Side of the position that was liquidated: +1 long, -1 short.
    price, contracts, notional : ndarray, shape (n,)
        As reported; notional in quote.
    """

    member: IntArray
    time_ms: IntArray
    side: IntArray
    price: FloatArray
    contracts: FloatArray
    notional: FloatArray

    def __len__(self) -> int:
        return len(self.time_ms)

    def digest(self) -> str:
        """Return a digest of all events, 32 hexadecimal digits."""
        found = hashlib.blake2b(digest_size=16)
        for column in (self.member, self.time_ms, self.side, self.price, self.contracts):
            found.update(column.tobytes())
        return found.hexdigest()


@dataclass(frozen=True, eq=False)
class LiquidationBars:
    """Events counted into bars.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        Bars with any event, UTC milliseconds.
    long_notional, short_notional : ndarray, shape (n_bars,)
        Quote.
    long_count, short_count : ndarray of int64, shape (n_bars,)
        Events.
    """

    open_time_ms: IntArray
    long_notional: FloatArray
    short_notional: FloatArray
    long_count: IntArray
    short_count: IntArray


def listed_liquidations(
    markets: Markets, listing: Listing, from_ms: int, to_ms: int, as_of_ms: int
) -> ListedLiquidations:
    """Return the events of a listing.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        Whose events.
    from_ms, to_ms : int
        Times in ``[from, to)``, UTC milliseconds.
    as_of_ms : int
        Events learnt later are left out.

    Returns
    -------
    ListedLiquidations
        In order of time, then of the listing's members.
    """
    with markets.store.reading() as connection:
        found = [
            read_liquidations(connection, member.id, from_ms, to_ms - 1, as_of_ms)
            for member in listing.members
        ]
    member = np.repeat(np.arange(len(found)), [len(part.time_ms) for part in found])
    time_ms = np.concatenate([part.time_ms for part in found])
    order = np.lexsort((member, time_ms))
    return ListedLiquidations(
        member[order],
        time_ms[order],
        np.concatenate([part.side for part in found]).astype(np.int64)[order],
        np.concatenate([part.price for part in found])[order],
        np.concatenate([part.contracts for part in found])[order],
        np.concatenate([_notional(*pair) for pair in zip(listing.members, found, strict=True)])[
            order
        ],
    )


def bars_of_liquidations(
    events: ListedLiquidations, listing: Listing, resolution: Resolution
) -> LiquidationBars:
    """Count events into bars.

    Parameters
    ----------
    events : ListedLiquidations
        The events.
    listing : Listing
        Its session says where bars begin.
    resolution : Resolution
        Length of a bar.

    Returns
    -------
    LiquidationBars
        Only bars with any event: a silent feed is no zero.
    """
    opens = resolution.opens(events.time_ms, listing.instrument)
    bars, place = np.unique(opens, return_inverse=True)
    longs = events.side > 0

    def total(chosen: NDArray[np.bool_]) -> FloatArray:
        weight = np.where(chosen, events.notional, 0.0)
        return np.bincount(place, weight, len(bars)).astype(np.float64)

    def count(chosen: NDArray[np.bool_]) -> IntArray:
        return np.bincount(place[chosen], minlength=len(bars)).astype(np.int64)

    return LiquidationBars(bars, total(longs), total(~longs), count(longs), count(~longs))


def _notional(member: StoredInstrument, events: Liquidations) -> FloatArray:
    return events.contracts * member.instrument.notional_per_contract(events.price)
