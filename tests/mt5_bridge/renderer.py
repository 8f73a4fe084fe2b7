"""The heatmap's picture once more, in numpy and the other way round: from cells to pixels."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tests.mt5_bridge.scenes import RATIO, SUMMER, View

from liqbands_mt5.frame import Grid

TEAL: Final = (0x0B3B43, 0x0F6B6B, 0x1FA08F, 0x4FD6A8, 0xD6FFE3)
ORANGE: Final = (0x4A1420, 0x8C2A26, 0xD2552B, 0xF79A3E, 0xFFE9A8)
VIRIDIS: Final = (0x440154, 0x3B528B, 0x21918C, 0x5EC962, 0xFDE725)

Pixels = NDArray[np.uint32]


def bounds(levels: NDArray[np.uint8], hidden: float) -> tuple[int, int]:
    """Return the least levels that the hidden share, and 99.8 % of the cells do not exceed."""
    filled = np.sort(levels[levels > 0])
    low, top = (filled[max(0, math.ceil(share * filled.size) - 1)] for share in (hidden, 0.998))
    return (min(int(low), int(top) - 1) if hidden > 0 else 0), int(top)


def colours(stops: tuple[int, ...], hidden: int, top: int, opacity: int) -> Pixels:
    """Return the ARGB of every level."""
    place = np.minimum((np.arange(256) - hidden) / max(1, top - hidden), 1)
    argb = np.floor(opacity * (0.15 + 0.85 * place) + 0.5).astype(np.int64) << 24
    for shift in (16, 8, 0):
        channel = [(stop >> shift) & 255 for stop in stops]
        argb |= np.floor(np.interp(4 * place, range(5), channel) + 0.5).astype(np.int64) << shift
    return np.where(np.arange(256) > hidden, argb, 0).astype(np.uint32)


def column_of_x(grid: Grid, broker_times: NDArray[np.int64], view: View) -> list[int]:
    """Return which column every x shows, -1 for none."""
    width, n_columns = view.size[0], grid.levels.shape[1]
    pixels = 2**view.scale
    opens = broker_times - SUMMER
    found = []
    for x in range(width):
        bars_right = (x + 0.5) / pixels + 0.5  # the leftmost bar's middle is at x = 0
        bar = len(opens) - 1 - view.first + int(bars_right)
        last = len(opens) - 1
        part = bars_right - int(bars_right)
        if bar >= last:
            time = opens[last] + 60 * (part + bar - last)
        else:
            time = opens[bar] + part * min(60, opens[bar + 1] - opens[bar])
        column = int((1000 * time - grid.t0_ms) // grid.column_ms)
        if column >= n_columns and bar >= last:
            column = n_columns - 1
        found.append(column if 0 <= column < n_columns else -1)
    return found


def rows_of_y(grid: Grid, view: View, ratio: float) -> list[list[int]]:
    """Return which rows every y shows: those whose middle is there, else the one at its middle."""
    low, high = view.prices
    height, n_rows = view.size[1], grid.levels.shape[2]
    pixel = (high - low) / height
    edges = ratio * grid.price_min * np.exp(grid.row_step * np.arange(n_rows + 1))
    middles = np.sqrt(edges[:-1] * edges[1:])
    shown: list[list[int]] = [[] for _ in range(height)]
    for row, y in enumerate(np.ceil((high - middles) / pixel).astype(int) - 1):
        if 0 <= y < height:
            shown[y].append(row)
    for y in range(height):
        price = high - (y + 0.5) * pixel
        if not shown[y] and edges[0] <= price < edges[-1]:
            shown[y] = [int(np.searchsorted(edges, price, "right")) - 1]
    return shown


def two_sides(grid: Grid) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Return the denser side and its level, shape (columns, rows)."""
    longs, shorts = grid.levels
    return (shorts > longs).astype(np.intp), np.maximum(longs, shorts)


def render(  # a picture has that many choices
    grid: Grid,
    broker_times: NDArray[np.int64],
    view: View,
    ratio: float = RATIO,
    hidden: float = 0.45,
    opacity: int = 179,
) -> Pixels:
    """Return the picture with the palette of two sides; 70 % of 255 are 178.5."""
    side, level = two_sides(grid)
    shown = rows_of_y(grid, view, ratio)
    visible = sorted({row for rows in shown for row in rows})
    low, top = bounds(level[:, visible], hidden)
    ramps = np.stack([colours(stops, low, top, opacity) for stops in (TEAL, ORANGE)])
    columns = np.array(column_of_x(grid, broker_times, view))
    picture = np.zeros(view.size[::-1], np.uint32)
    for y, rows in enumerate(shown):
        if not rows:
            continue
        best = rows[0] + level[:, rows[0] : rows[-1] + 1].argmax(axis=1)
        each = np.arange(len(level))
        strip = ramps[side[each, best], level[each, best]]
        if grid.last_is_forming:
            faint = (strip[-1] >> 24) // 2
            strip[-1] = (faint << 24) | (strip[-1] & 0xFFFFFF)
        picture[y] = np.where(columns >= 0, strip[columns], 0)
    return picture
