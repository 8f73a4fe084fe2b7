"""The engine's heatmap and bands as a frame: the same cells and zones that other surfaces show."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from liqbands.levels import Band
from liqbands.results import Heatmap
from liqbands_mt5.frame import TOP_LEVEL, FrameBand, Grid, levels_of

DYNAMIC_RANGE: Final = 2.0**16
"""Level 255 stands for so many times the notional of level 1."""


def grid_of(heatmap: Heatmap) -> Grid | None:
    """Return a heatmap as levels.

    Parameters
    ----------
    heatmap : Heatmap
        Columns of equal length; a column that is missing stays empty.

    Returns
    -------
    Grid or None
        None when nothing stands anywhere.  The scale's top is the power of two at or above the
        largest cell, so that it seldom moves.
    """
    longs, shorts = heatmap.long_notional, heatmap.short_notional
    largest = float(max(longs.max(initial=0), shorts.max(initial=0)))
    if largest <= 0:
        return None
    top = 2.0 ** math.ceil(math.log2(largest))
    width = heatmap.timeframe_ms
    # From the newest on: where a session moves by an hour, older columns are off, not newer ones.
    back = np.rint((heatmap.open_time_ms[-1] - heatmap.open_time_ms) / width).astype(np.int64)
    place = back[0] - back
    levels = np.zeros((2, int(place[-1]) + 1, heatmap.n_bands), dtype=np.uint8)
    for plane, side in enumerate((longs, shorts)):
        levels[plane, place] = levels_of(side.astype(np.float64), top / DYNAMIC_RANGE, top)
    return Grid(
        t0_ms=int(heatmap.open_time_ms[-1] - back[0] * width),
        column_ms=width,
        price_min=float(heatmap.edges[0]),
        row_step=heatmap.bins_per_row * heatmap.grid.step,
        levels=levels,
        min_value=top / DYNAMIC_RANGE,
        max_value=top,
        last_is_forming=bool(heatmap.is_forming[-1]),
    )


def bands_of(bands: Sequence[Band]) -> tuple[FrameBand, ...]:
    """Return the engine's bands as those of a frame.

    Parameters
    ----------
    bands : sequence of Band
        Strongest first.

    Returns
    -------
    tuple of FrameBand
        In the same order.
    """
    return tuple(_band(band) for band in bands)


def _band(band: Band) -> FrameBand:
    return FrameBand(
        side=band.side,
        low=band.low,
        high=band.high,
        peak_price=band.peak_price,
        start_s=band.first_seen_ms // 1000,
        notional=band.notional,
        notional_low=band.notional_low,
        notional_high=band.notional_high,
        level=round(TOP_LEVEL * band.strength),
        strength=round(100 * band.strength),
        state=band.state,
        leverage=band.dominant_leverage,
    )
