"""Reads the true book out of a running exchange."""

from typing import Final

import numpy as np

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, MarketKind
from liqbands.ladder import LEVERAGE_BOUNDS, LEVERAGE_GROUPS
from liqbands.sim.kernel import layout as at
from liqbands.sim.kernel.layout import IntArray, Market
from liqbands.sim.records import TrueBook

HALF_WINDOW: Final = 0.6
"""Log distance from the mark that a true book covers."""


def true_book(market: Market, v: int) -> TrueBook:
    """Return where every position of a venue would be liquidated.

    Parameters
    ----------
    market : Market
        A running exchange.
    v : int
        Number of the venue.

    Returns
    -------
    TrueBook
        Contracts on the shared price grid, float32.
    """
    grid = PriceGrid.of(MarketKind.PERPETUAL)
    mark = float(market.venue[v, at.MARK])
    n_half = round(HALF_WINDOW / grid.step)
    first_bin = int(np.floor(np.log(mark) / grid.step)) - n_half
    rows = np.flatnonzero((market.label[:, at.SIDE] != 0) & (market.label[:, at.VENUE] == v))
    number, s = market.number[rows], (market.label[rows, at.SIDE] < 0).astype(np.int64)
    size, level = number[:, at.SIZE], number[:, at.LIQUIDATION]
    stop = np.where(market.label[rows, at.ADDS] > 0, np.nan, number[:, at.STOP])
    place = _places(grid, level, first_bin, 2 * n_half)
    return TrueBook(
        time_ms=int(market.counter[at.TIME_MS]),
        mark=mark,
        first_bin=first_bin,
        leverage_groups=LEVERAGE_GROUPS,
        contracts=_per_layer(s, _layers(number), place, size, 2 * n_half),
        stops=_per_bin(s, _places(grid, stop, first_bin, 2 * n_half), size, 2 * n_half),
        stopped_first=_per_bin(s, np.where(np.isfinite(stop), place, -1), size, 2 * n_half),
        off_grid=np.bincount(s[place < 0], size[place < 0], minlength=2).astype(np.float64),
        unlevered=_unlevered(market, v),
    )


def _places(grid: PriceGrid, price: FloatArray, first_bin: int, n_bins: int) -> IntArray:
    """Return the place of each price in the window, -1 outside or without a price."""
    with np.errstate(invalid="ignore"):
        bins = np.floor(np.log(np.where(price > 0, price, 1e-300)) / grid.step) - first_bin
    return np.where((bins >= 0) & (bins < n_bins), bins, -1).astype(np.int64)


def _layers(number: FloatArray) -> IntArray:
    """Return the layer of each position by the leverage that its distance amounts to."""
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.abs(np.log(number[:, at.LIQUIDATION] / number[:, at.ENTRY]))
        leverage = 1 / -np.expm1(-distance)
    layer = np.digitize(np.nan_to_num(leverage, nan=1.0), LEVERAGE_BOUNDS) - 1
    return np.clip(layer, 0, len(LEVERAGE_GROUPS) - 1)


def _per_layer(
    s: IntArray, layer: IntArray, place: IntArray, size: FloatArray, n_bins: int
) -> "np.ndarray[tuple[int, int, int], np.dtype[np.float32]]":
    shape = (2, len(LEVERAGE_GROUPS), n_bins)
    inside = place >= 0
    flat = np.ravel_multi_index((s[inside], layer[inside], place[inside]), shape)
    sums = np.bincount(flat, size[inside], minlength=int(np.prod(shape)))
    return sums.reshape(shape).astype(np.float32)


def _per_bin(
    s: IntArray, place: IntArray, size: FloatArray, n_bins: int
) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    inside = place >= 0
    sums = np.bincount(s[inside] * n_bins + place[inside], size[inside], minlength=2 * n_bins)
    return sums.reshape(2, n_bins).astype(np.float32)


def _unlevered(market: Market, v: int) -> FloatArray:
    """Return what makers and hedgers hold: both sides make open interest with the traders."""
    row = market.venue[v]
    traders = row[[at.OPEN_LONG, at.OPEN_SHORT]]
    result: FloatArray = traders.max() + row[at.HEDGED] - traders
    return result
