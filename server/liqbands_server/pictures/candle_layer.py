"""Candles over the heat, drawn on column numbers and the logarithm of the price.

Where a bar would be too narrow to be read, bars are joined to the next usual length.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from liqbands.instrument import FloatArray
from liqbands.market_data import Candles
from liqbands.results import IntArray
from liqbands.timeframes import TIMEFRAMES
from liqbands_server.pictures.palette import Palette

_LEAST_PIXELS: Final = 5.0


@dataclass(frozen=True, eq=False)
class PlacedCandles:
    """Candles and where they stand on an axis of column numbers.

    Parameters
    ----------
    middle : ndarray, shape (n,)
        Middle of each candle, in columns, ascending.
    width : float
        Room for a candle, in columns.
    open, high, low, close : ndarray, shape (n,)
        Prices, quote per base.
    """

    middle: FloatArray
    width: float
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray


def candle_length(column_ms: int, column_pixels: float) -> int:
    """Return the shortest bar of whole columns that is wide enough to be read, a usual one if any.

    Parameters
    ----------
    column_ms : int
        Length of a column.
    column_pixels : float
        Width of a column.

    Returns
    -------
    int
        Milliseconds.

    Examples
    --------
    >>> candle_length(3_600_000, 1.5) // 3_600_000, candle_length(3_600_000, 8.0) // 3_600_000
    (4, 1)
    """
    for length in TIMEFRAMES.values():
        whole = length % column_ms == 0
        if whole and length >= column_ms and length / column_ms * column_pixels >= _LEAST_PIXELS:
            return length
    return column_ms * math.ceil(_LEAST_PIXELS / column_pixels)


def place_candles(
    candles: Candles, column_open_ms: IntArray, column_ms: int, length_ms: int
) -> PlacedCandles:
    """Join bars to candles and place them over the columns of a heatmap.

    Parameters
    ----------
    candles : Candles
        Bars; those outside of the columns are left out.
    column_open_ms : ndarray of int64, shape (n_columns,)
        Open time of each column, UTC milliseconds.
    column_ms : int
        Length of a column.
    length_ms : int
        Length of a candle, at least that of a column.

    Returns
    -------
    PlacedCandles
        First open, highest high, lowest low, last close of each stretch that has bars.
    """
    times = candles.open_time_ms
    shown = (times >= column_open_ms[0]) & (times < column_open_ms[-1] + column_ms)
    bars = np.flatnonzero(shown)
    if not len(bars):
        nothing = np.empty(0)
        return PlacedCandles(nothing, length_ms / column_ms, nothing, nothing, nothing, nothing)
    column = np.searchsorted(column_open_ms, times[bars], side="right") - 1
    # A month is no fixed length: a candle as long as a column is that column.
    stretch = column if length_ms <= column_ms else times[bars] // length_ms
    first = np.flatnonzero(np.diff(stretch, prepend=-1))
    last = np.append(first[1:], len(bars)) - 1
    return PlacedCandles(
        (column[first] + column[last]) / 2,
        length_ms / column_ms,
        candles.open[bars][first],
        np.maximum.reduceat(candles.high[bars], first),
        np.minimum.reduceat(candles.low[bars], first),
        candles.close[bars][last],
    )


def draw_candles(axes: Axes, candles: PlacedCandles, pixels: float, palette: Palette) -> None:
    """Draw candles with a rim, so that they stand out on every colour of the heat.

    Parameters
    ----------
    axes : Axes
        Panel with column numbers across and ``ln(price)`` upwards.
    candles : PlacedCandles
        What to draw.
    pixels : float
        Room for a candle; narrow ones get a thinner rim.
    palette : Palette
        Its colours.
    """
    rising = candles.close >= candles.open
    colors = np.where(rising, palette.rising, palette.falling).tolist()
    wick = float(np.clip(0.16 * pixels, 0.75, 1.6))
    lines = [
        [(x, low), (x, high)]
        for x, low, high in zip(
            candles.middle, np.log(candles.low), np.log(candles.high), strict=True
        )
    ]
    rim = wick + (1.6 if pixels > 3 else 0.9)
    axes.add_collection(LineCollection(lines, colors=palette.rim, linewidths=rim, zorder=4))
    axes.add_collection(LineCollection(lines, colors=colors, linewidths=wick, zorder=5))
    edge = 0.7 if pixels > 3 else 0.0
    axes.add_collection(
        PolyCollection(
            list(_bodies(candles)),
            facecolors=colors,
            edgecolors=palette.rim,
            linewidths=edge,
            zorder=6,
        )
    )


def _bodies(candles: PlacedCandles) -> FloatArray:
    """Return the corners of the bodies, shape (n, 4, 2); a body is never thinner than a hair."""
    low = np.log(np.minimum(candles.open, candles.close))
    high = np.log(np.maximum(candles.open, candles.close))
    high = np.maximum(high, low + 2e-5)
    half = 0.36 * candles.width
    left, right = candles.middle - half, candles.middle + half
    x = np.stack([left, right, right, left], axis=1)
    y = np.stack([low, low, high, high], axis=1)
    return np.stack([x, y], axis=2)
