"""Price and notional at one moment: layers by leverage, cumulative curves, and the summary."""

import math
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray, Side
from liqbands.levels import Band, LiquidationMap, Summary
from liqbands.results import Snapshot
from liqbands.view import whole_rows
from liqbands.zones import bands

SHOWN_SHARE: Final = 0.6
"""By default a map reaches as far as this share of each side's notional within reach."""

WIDEST: Final = 0.35
STRONG: Final = 0.5
"""Bands of at least this strength can be the nearest cluster."""


def liquidation_map(
    snapshot: Snapshot,
    low: float | None = None,
    high: float | None = None,
    max_rows: int = 240,
) -> LiquidationMap:
    """Return notional per price with leverage layers and curves outwards from the mark.

    Parameters
    ----------
    snapshot : Snapshot
        The book at one moment.
    low, high : float, optional
        Prices to show, quote per base; None reaches as far as most of the notional.
    max_rows : int
        Bound on the rows; they are whole multiples of the grid's bins.

    Returns
    -------
    LiquidationMap
        Layers and cumulative curves.

    Raises
    ------
    ValueError
        If low is not below high, or `max_rows` is below 2.
    """
    if max_rows < 2:
        raise ValueError(f"max_rows must be at least 2, was {max_rows}")
    reach = _shown_reach(snapshot)
    low = low or snapshot.mark * math.exp(-reach)
    high = high or snapshot.mark * math.exp(reach)
    if not 0 < low < high:
        raise ValueError(f"low must be positive and below high, was {low}, {high}")
    first, last = (int(b) for b in snapshot.grid.bin_of(np.array([low, high])))
    per_row, first_row, n_rows = whole_rows(first, last, max_rows)
    longs, shorts = _rows(snapshot, first_row * per_row, n_rows, per_row)
    edges = snapshot.grid.edges(first_row * per_row, n_rows, per_row)
    outwards_down = np.cumsum(longs.sum(axis=0)[::-1])[::-1]
    outwards_up = np.cumsum(shorts.sum(axis=0))
    return LiquidationMap(
        instrument=snapshot.instrument,
        time_ms=snapshot.time_ms,
        mark=snapshot.mark,
        edges=edges,
        leverage_groups=snapshot.leverage_groups,
        long_layers=longs,
        short_layers=shorts,
        long_cumulative=np.where(edges[:-1] < snapshot.mark, outwards_down, 0.0),
        short_cumulative=np.where(edges[1:] > snapshot.mark, outwards_up, 0.0),
        unit=snapshot.unit,
        quantity=snapshot.quantity,
    )


def summary(snapshot: Snapshot) -> Summary:
    """Return totals and the nearest and strongest cluster of each side.

    Parameters
    ----------
    snapshot : Snapshot
        The book at one moment.

    Returns
    -------
    Summary
        Totals count everything on the grid, not only bands.
    """
    longs, shorts = (float(total) for total in snapshot.notional.sum(axis=(1, 2)))
    found = bands(snapshot)
    return Summary(
        time_ms=snapshot.time_ms,
        mark=snapshot.mark,
        long_notional=longs,
        short_notional=shorts,
        long_short_ratio=longs / shorts if shorts > 0 else math.nan,
        nearest_long=_nearest(found, Side.LONG),
        nearest_short=_nearest(found, Side.SHORT),
        strongest_long=_strongest(found, Side.LONG),
        strongest_short=_strongest(found, Side.SHORT),
        unit=snapshot.unit,
        quantity=snapshot.quantity,
    )


def _strongest(found: list[Band], side: Side) -> Band | None:
    return next((band for band in found if band.side is side), None)


def _nearest(found: list[Band], side: Side) -> Band | None:
    own = [band for band in found if band.side is side]
    strong = [band for band in own if band.strength >= STRONG] or own[:1]
    return min(strong, key=lambda band: abs(band.distance), default=None)


def _shown_reach(snapshot: Snapshot) -> float:
    """Return the log distance that holds most of each side's notional within reach."""
    distance = np.abs(np.log(snapshot.centers / snapshot.mark))
    reach = 20 * snapshot.grid.step
    for side in snapshot.notional.sum(axis=1):
        near = np.where(distance <= WIDEST, side, 0.0)
        order = np.argsort(distance)
        held = np.cumsum(near[order])
        if held[-1] > 0:
            place = int(np.searchsorted(held, SHOWN_SHARE * held[-1]))
            reach = max(reach, float(distance[order][place]))
    return min(reach, WIDEST)


def _rows(
    snapshot: Snapshot, first_bin: int, n_rows: int, per_row: int
) -> tuple[FloatArray, FloatArray]:
    """Sum whole bins into rows; rows beyond the stored bins hold nothing."""
    n_groups = len(snapshot.leverage_groups)
    bins = np.zeros((2, n_groups, n_rows * per_row))
    low = max(first_bin, snapshot.first_bin)
    high = min(first_bin + n_rows * per_row, snapshot.first_bin + snapshot.n_bins)
    if high > low:
        bins[:, :, low - first_bin : high - first_bin] = snapshot.notional[
            :, :, low - snapshot.first_bin : high - snapshot.first_bin
        ]
    rows = bins.reshape(2, n_groups, n_rows, per_row).sum(axis=3)
    return rows[0], rows[1]
