"""Bars of any resolution for charts, the forming one included: built from base bars here only.

A longer bar is joined once.  When a base bar closes, or the forming one moves, only the last
longer bar is joined again.
"""

import threading
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from liqbands.bar import Bar
from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands.joined_bars import join_bars
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution
from liqbands_server.store.forming import FormingBar

IntArray = NDArray[np.int64]
Stamp = tuple[int, int, int]
"""Number of a listing's newest change, and the forming bar's open and moment; equal = unchanged."""

_LATEST_MS: Final = 2**62
_COLUMNS: Final = (
    "open_time_ms",
    "open",
    "high",
    "low",
    "close",
    "volume",
)


@dataclass(frozen=True, eq=False, slots=True)
class ChartBars:
    """Bars as a chart draws them.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens, UTC milliseconds, strictly increasing.
    open, high, low, close : ndarray, shape (n_bars,)
        Prices, quote per base.
    volume : ndarray, shape (n_bars,)
        Contracts; missing is NaN.
    closed_until_ms : int
        Nothing before this time changes any more, corrections aside.
    """

    open_time_ms: IntArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    closed_until_ms: int

    def __len__(self) -> int:
        return len(self.open_time_ms)


@dataclass(frozen=True, eq=False, slots=True)
class _Kept:
    """What is remembered of one listing and resolution.

    Parameters
    ----------
    stamp : Stamp
        What `bars` were made of.
    base : Candles
        Closed base bars.
    starts : ndarray of int64
        For each of the `closed` bars, where its first base bar stands in `base`.
    closed : ChartBars
        Joined from closed base bars.
    bars : ChartBars
        The same with the forming base bar.
    """

    stamp: Stamp
    base: Candles
    starts: IntArray
    closed: ChartBars
    bars: ChartBars


class Charts:
    """The bars of every listing and resolution that somebody asked for.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    """

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], _Kept] = {}

    def stamp(self, listing: Listing) -> Stamp:
        """Return what tells whether a listing's bars have changed.

        Parameters
        ----------
        listing : Listing
            Whose bars.

        Returns
        -------
        Stamp
            Equal to an earlier one if nothing has happened since.
        """
        forming = self._markets.forming(listing.reference)
        version = self._markets.version(listing)
        return (version, 0, 0) if forming is None else _stamp(version, forming)

    def is_forming(self, listing: Listing) -> bool:
        """Return whether a listing has a bar that has not closed.

        Parameters
        ----------
        listing : Listing
            Whose.

        Returns
        -------
        bool
            False for a market that nobody follows.
        """
        return self._markets.forming(listing.reference) is not None

    def bars(self, listing: Listing, resolution: Resolution) -> ChartBars:
        """Return a listing's bars of one resolution.

        Parameters
        ----------
        listing : Listing
            Whose bars; an aggregate shows its reference's.
        resolution : Resolution
            One of the listing's.

        Returns
        -------
        ChartBars
            Up to the bar that is forming.
        """
        # The stamp is read before the data: what is kept is never older than its stamp.
        stamp = self.stamp(listing)
        forming = self._markets.forming(listing.reference)
        key = (listing.ticker, resolution.name)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.stamp != stamp:
                kept = self._updated(kept, listing, resolution, stamp, forming)
                self._kept[key] = kept
            return kept.bars

    def _updated(
        self,
        kept: _Kept | None,
        listing: Listing,
        resolution: Resolution,
        stamp: Stamp,
        forming: FormingBar | None,
    ) -> _Kept:
        if kept is None or kept.stamp[0] != stamp[0]:
            base = self._markets.series(listing.reference).known_at(_LATEST_MS)
            starts, closed = _join_closed(kept, base, listing, resolution)
        else:
            base, starts, closed = kept.base, kept.starts, kept.closed
        bars = _with_forming(base[int(starts[-1]) :], closed, forming, listing, resolution)
        return _Kept(stamp, base, starts, closed, bars)


def _stamp(version: int, forming: FormingBar) -> Stamp:
    return version, forming.bar.open_time_ms, forming.seen_ms


def _join_closed(
    kept: _Kept | None, base: Candles, listing: Listing, resolution: Resolution
) -> tuple[IntArray, ChartBars]:
    """Return where each bar starts in `base`, and the bars, keeping those that stay as they are."""
    n_kept = 0 if kept is None else _n_unchanged(kept, base)
    first = 0 if kept is None or n_kept == 0 else int(kept.starts[n_kept])
    tail = base[first:]
    opens = resolution.opens(tail.open_time_ms, listing.instrument)
    joined = _chart_bars(join_bars(tail, opens, resolution.length_ms))
    starts = first + np.flatnonzero(np.diff(opens, prepend=opens[0] - 1))
    last_close = int(base.open_time_ms[-1]) + base.timeframe_ms
    end = resolution.close_ms(int(opens[-1]))
    until = end if last_close >= end else int(opens[-1])
    if kept is None or n_kept == 0:
        return starts, _followed_by(joined, 0, joined, until)
    return (
        np.concatenate([kept.starts[:n_kept], starts]),
        _followed_by(kept.closed, n_kept, joined, until),
    )


def _n_unchanged(kept: _Kept, base: Candles) -> int:
    """Return how many joined bars rest on base bars that are the same in `base`."""
    n = min(len(kept.base), len(base))
    differs = np.zeros(n, dtype=np.bool_)
    for name in _COLUMNS:
        one, other = getattr(kept.base, name)[:n], getattr(base, name)[:n]
        differs |= (one != other) & ~((one != one) & (other != other))
    first = int(np.argmax(differs)) if differs.any() else n
    # The bar before the first difference may take it in, so it is joined again.
    return max(int(np.searchsorted(kept.starts, max(first - 1, 0), side="right")) - 1, 0)


def _with_forming(
    tail: Candles,
    closed: ChartBars,
    forming: FormingBar | None,
    listing: Listing,
    resolution: Resolution,
) -> ChartBars:
    """Return `closed` with its last bar, made of `tail`, going on into the forming base bar."""
    after_ms = int(tail.open_time_ms[-1])
    if (
        forming is None
        or forming.timeframe_ms != tail.timeframe_ms
        or forming.bar.open_time_ms <= after_ms
    ):
        return closed
    columns = {
        field.name: np.append(getattr(tail, field.name), getattr(forming.bar, field.name))
        for field in fields(Bar)
    }
    base = Candles.from_arrays(**columns, timeframe_ms=tail.timeframe_ms, last_is_forming=True)
    opens = resolution.opens(base.open_time_ms, listing.instrument)
    joined = _chart_bars(join_bars(base, opens, resolution.length_ms))
    return _followed_by(closed, len(closed) - 1, joined, closed.closed_until_ms)


def _chart_bars(candles: Candles) -> ChartBars:
    return _with_columns({name: getattr(candles, name) for name in _COLUMNS}, 0)


def _followed_by(
    bars: ChartBars, n_bars: int, others: ChartBars, closed_until_ms: int
) -> ChartBars:
    """Return the first `n_bars` bars and then others."""
    columns = {
        name: np.concatenate([getattr(bars, name)[:n_bars], getattr(others, name)])
        for name in _COLUMNS
    }
    return _with_columns(columns, closed_until_ms)


def _with_columns(columns: dict[str, Any], closed_until_ms: int) -> ChartBars:
    return ChartBars(**columns, closed_until_ms=closed_until_ms)
