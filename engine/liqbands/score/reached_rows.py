"""Which rows the mark price reached after each snapshot, and what was liquidated in them.

This is the market's part of the panel and the same for all maps.  A row is reached when the
mark price passes its centre; longs lie in rows whose centre is below the mark price at the
snapshot, shorts above it.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.candles import Candles
from liqbands.grid import IntArray, PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.market_data import Liquidations
from liqbands.score.marks import MarkPrices, highest_to, lowest_from
from liqbands.timeframes import HOUR_MS

FURTHEST: Final = 0.5
"""Log distance from mark up to which maps are asked; rows beyond it are left out."""


@dataclass(frozen=True, slots=True)
class ReachPlan:
    """When snapshots are taken, how far they look ahead, and in which rows.

    Parameters
    ----------
    every_ms : int
        Time between snapshots, milliseconds; they are taken at its multiples in UTC.  Hourly
        snapshots of 60 days are 1,440 readings of each map.
    horizon_ms : int
        How far ahead, milliseconds.
    bins_per_row : int
        Grid bins in a row; 2 is 10 basis points on the grid of perpetuals.
    from_ms : int
        No snapshot is taken before; bars before it still warm the models up.

    Raises
    ------
    ValueError
        If a length is not positive.
    """

    every_ms: int = HOUR_MS
    horizon_ms: int = HOUR_MS
    bins_per_row: int = 2
    from_ms: int = 0

    def __post_init__(self) -> None:
        for name in ("every_ms", "horizon_ms", "bins_per_row"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive, was {getattr(self, name)}")

    def rows_of(self, instrument: Instrument) -> PriceGrid:
        """Return the grid whose bins are the rows.

        Parameters
        ----------
        instrument : Instrument
            Its market chooses the price grid.

        Returns
        -------
        PriceGrid
            Row r holds the bins ``r * bins_per_row`` to ``(r + 1) * bins_per_row - 1``.
        """
        return PriceGrid(PriceGrid.of(instrument.market).step * self.bins_per_row)


DEFAULT_PLAN: Final = ReachPlan()


@dataclass(frozen=True, eq=False)
class ReachedRows:
    """Rows that the mark price reached, one after the other by snapshot, longs first.

    Parameters
    ----------
    plan : ReachPlan
        How they were found.
    n_seen, near_row : ndarray of int64, shape (n_snapshots,)
        Bars that were closed at each snapshot, and the row in which the mark price was.
    snapshot : ndarray of int64, shape (n,)
        Snapshot of each reached row, 0 for the first.
    time_ms : ndarray of int64, shape (n,)
        When that was, UTC milliseconds; `Blocks.of_time` makes days of it.
    side : ndarray of int8, shape (n,)
        +1 longs, -1 shorts.
    row : ndarray of int64, shape (n,)
        The row.
    distance : ndarray, shape (n,)
        Log distance of the row's centre from the mark price at the snapshot, positive.
    notional, counts : ndarray, shape (n,)
        Quote notional and number of liquidations of that side in the row within the horizon.
    missed : float
        Share of the notional within all horizons that lies in no reached row: forced trades
        beyond the extremes of the mark price, or beyond `FURTHEST`.  NaN where nothing happened.
    """

    plan: ReachPlan
    n_seen: IntArray
    near_row: IntArray
    snapshot: IntArray
    time_ms: IntArray
    side: NDArray[np.int8]
    row: IntArray
    distance: FloatArray
    notional: FloatArray
    counts: FloatArray
    missed: float

    @property
    def lag(self) -> int:
        """Return after how many snapshots an outcome is known."""
        return -(-self.plan.horizon_ms // self.plan.every_ms)


def find_reached(
    candles: Candles,
    liquidations: Liquidations,
    instrument: Instrument,
    plan: ReachPlan = DEFAULT_PLAN,
) -> ReachedRows:
    """Find the rows that the mark price reached within the horizon of each snapshot.

    Parameters
    ----------
    candles : Candles
        Closed bars whose length divides `ReachPlan.every_ms` and `ReachPlan.horizon_ms`.
    liquidations : Liquidations
        What was liquidated, at the price that counts as its place.
    instrument : Instrument
        Its grid, and what its contracts are worth.
    plan : ReachPlan, optional
        Snapshots, horizon and rows.

    Returns
    -------
    ReachedRows
        Snapshots whose horizon ends after the last bar are not taken.

    Raises
    ------
    ValueError
        If bars do not fit into the plan, or nothing was reached at all.

    Notes
    -----
    Model description, 8.3: bins that the mark price reached in (t, t + h]; longs between the
    mark price at t and its lowest low, shorts mirrored.
    """
    times = _snapshot_times(candles, plan)
    n_seen = np.searchsorted(candles.open_time_ms + candles.timeframe_ms, times, side="right")
    rows = plan.rows_of(instrument)
    mark = MarkPrices.of(candles).close[n_seen - 1]
    ranges = _reached_ranges(candles, times + plan.horizon_ms, n_seen, rows)
    if not ranges.n_rows.any():
        raise ValueError("the mark price reached no row: no snapshot has enough later bars")
    owner, row = ranges.rows()
    snapshot = owner // 2
    event, during = _within_horizon(liquidations.time_ms, times, plan.horizon_ms)
    belongs = 2 * during + (liquidations.side[event] < 0)
    place = ranges.position(belongs, rows.bin_of(liquidations.price)[event])
    worth = instrument.notional_per_contract(liquidations.price) * liquidations.contracts
    notional = np.bincount(place + 1, worth[event], len(row) + 1).astype(np.float64)
    return ReachedRows(
        plan=plan,
        n_seen=n_seen,
        near_row=rows.bin_of(mark),
        snapshot=snapshot,
        time_ms=times[snapshot],
        side=np.where(owner % 2 == 0, 1, -1).astype(np.int8),
        row=row,
        distance=np.abs((row + 0.5) * rows.step - np.log(mark)[snapshot]),
        notional=notional[1:],
        counts=np.bincount(place + 1, minlength=len(row) + 1)[1:].astype(np.float64),
        missed=float(notional[0] / notional.sum()) if notional.any() else math.nan,
    )


def half_width(rows: PriceGrid) -> int:
    """Return how many rows on either side of the mark price a map is asked for.

    Parameters
    ----------
    rows : PriceGrid
        The grid whose bins are the rows.

    Returns
    -------
    int
        Rows up to `FURTHEST`.
    """
    return round(FURTHEST / rows.step)


@dataclass(frozen=True, eq=False)
class _Ranges:
    """Reached rows of each snapshot and side, arrays of shape (n_snapshots, 2)."""

    first: IntArray
    n_rows: IntArray

    def rows(self) -> tuple[IntArray, IntArray]:
        """Return for each reached row twice its snapshot (plus 1 for shorts), and the row."""
        owner, place = _spread_out(self.n_rows.ravel())
        return owner, self.first.ravel()[owner] + place

    def position(self, owner: IntArray, row: IntArray) -> IntArray:
        """Return where in `rows` a row of an owner is, -1 where it was not reached."""
        n_rows = self.n_rows.ravel()
        place = row - self.first.ravel()[owner]
        start = np.cumsum(n_rows) - n_rows
        return np.where((place >= 0) & (place < n_rows[owner]), start[owner] + place, -1)


def _snapshot_times(candles: Candles, plan: ReachPlan) -> IntArray:
    length = candles.timeframe_ms
    if plan.every_ms % length or plan.horizon_ms % length:
        raise ValueError(f"snapshots and horizon must be whole bars of {length} ms")
    if candles.last_is_forming:
        raise ValueError("the last bar must be closed")
    first = max(int(candles.open_time_ms[0]) + length, plan.from_ms)
    last = int(candles.open_time_ms[-1]) + length - plan.horizon_ms
    start = -(-first // plan.every_ms) * plan.every_ms
    return np.arange(start, last + 1, plan.every_ms, dtype=np.int64)


def _reached_ranges(
    candles: Candles, until_ms: IntArray, n_seen: IntArray, rows: PriceGrid
) -> _Ranges:
    """Return what lies between the mark price at each snapshot and its later extremes."""
    marks = MarkPrices.of(candles)
    mark = marks.close[n_seen - 1]
    stop = np.searchsorted(candles.open_time_ms, until_ms, side="left")
    low, high = mark.copy(), mark.copy()
    for k, (a, b) in enumerate(zip(n_seen.tolist(), stop.tolist(), strict=True)):
        low[k] = marks.low[a:b].min(initial=mark[k])
        high[k] = marks.high[a:b].max(initial=mark[k])
    near, half = rows.bin_of(mark), half_width(rows)
    first = np.stack([lowest_from(low, rows), highest_to(mark, rows) + 1], axis=1)
    last = np.stack([lowest_from(mark, rows) - 1, highest_to(high, rows)], axis=1)
    first = np.maximum(first, near[:, None] - half)
    last = np.minimum(last, near[:, None] + half - 1)
    return _Ranges(first, np.maximum(last - first + 1, 0))


def _within_horizon(
    time_ms: IntArray, times: IntArray, horizon_ms: int
) -> tuple[IntArray, IntArray]:
    """Return all pairs of an event and a snapshot t with the event in (t, t + horizon]."""
    first = np.searchsorted(times, time_ms - horizon_ms, side="left")
    event, place = _spread_out(np.searchsorted(times, time_ms, side="left") - first)
    return event, first[event] + place


def _spread_out(counts: IntArray) -> tuple[IntArray, IntArray]:
    """Return for each of sum(counts) items whose it is, and its place among them."""
    owner = np.repeat(np.arange(len(counts)), counts)
    start = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - start[owner]
