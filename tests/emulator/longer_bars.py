"""Bars of several minutes each, of trades and of the mark price."""

import numpy as np
from tests.emulator.minutes import MINUTE_MS, Bar, Integers, Minutes
from tests.emulator.tape import mark_points


def combined(minutes: Minutes, begins: Integers, length: int) -> list[Bar]:
    """Return closed bars that begin with given minutes and have so many each."""
    if not len(begins):
        return []
    rows = begins[:, None] + np.arange(length)
    columns = (
        minutes.prices[0, begins],
        minutes.prices[1][rows].max(axis=1),
        minutes.prices[2][rows].min(axis=1),
        minutes.prices[3, rows[:, -1]],
        minutes.volume[rows].sum(axis=1),
        minutes.taker_buy[rows].sum(axis=1),
    )
    return _bars(minutes, begins, columns)


def combined_marks(minutes: Minutes, begins: Integers, length: int) -> list[Bar]:
    """Return closed bars of the mark price; they have no volume."""
    if not len(begins):
        return []
    first, last = int(begins[0]), int(begins[-1]) + length
    points = mark_points(minutes, first, last).reshape(len(begins), -1)
    none = np.zeros(len(begins), dtype=np.int64)
    columns = (points[:, 0], points.max(axis=1), points.min(axis=1), points[:, -1], none, none)
    return _bars(minutes, begins, columns)


def joined(bars: list[Bar], open_ms: int) -> Bar:
    """Return the bar that consecutive ones make, and that is not over."""
    return Bar(
        open_ms,
        bars[0].open,
        max(bar.high for bar in bars),
        min(bar.low for bar in bars),
        bars[-1].close,
        sum(bar.volume for bar in bars),
        sum(bar.taker_buy for bar in bars),
        False,
    )


def _bars(minutes: Minutes, begins: Integers, columns: tuple[Integers, ...]) -> list[Bar]:
    times = minutes.start_ms + begins * MINUTE_MS
    rows = np.stack([times, *columns], axis=1).tolist()
    return [Bar(t, o, h, low, c, v, b, True) for t, o, h, low, c, v, b in rows]
