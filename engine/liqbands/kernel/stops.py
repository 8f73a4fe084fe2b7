"""Highs, lows and ranges that place stops where there is no open interest.

Two kinds of look-backs: rolling hours to a week for markets that never close, and the current
session, the previous day, the previous week and the last swing point for markets with sessions.
All use bars up to the current one only.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.kernel.bars import Bars, StopLevels
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.state import IntArray

N_POOLS: Final = 4
SWING_BARS: Final = 5
"""Bars on each side that a swing point must exceed; it is known that many bars later."""

# Entries of `RangeState.values`.
PREVIOUS_CLOSE: Final = 0
BAR_RANGE: Final = 1
"""Moving average of the true range of a bar, log."""
TRUE_RANGE: Final = 2
"""Wilder's average true range over 14 bars, price."""
N_VALUES: Final = 3

# Columns of `RangeState.session`.
DAY: Final = 0
LAST_DAY: Final = 1
WEEK: Final = 2
LAST_WEEK: Final = 3
SWING: Final = 4
SINCE_SWING: Final = 5
"""Extreme since the swing point."""


class RangeState(NamedTuple):
    """What the ranges and look-backs remember between bars."""

    values: FloatArray  # (N_VALUES,)
    seen: IntArray  # (1,), bars so far
    queue: FloatArray  # (2, N_POOLS, capacity), monotone queues of log extremes, mirrored
    queue_bar: IntArray  # (2, N_POOLS, capacity)
    queue_ends: IntArray  # (2, N_POOLS, 2), head and tail, counted without wrapping
    session: FloatArray  # (2, 6), mirrored; see `DAY` and the names after it
    keys: IntArray  # (2,), current day and week
    recent: FloatArray  # (2, 2 * SWING_BARS + 1), mirrored extremes of the latest bars


def new_ranges(longest: int) -> RangeState:
    """Return an empty memory for look-backs of up to `longest` bars."""
    return RangeState(
        values=np.array([np.nan, 0.0, 0.0]),
        seen=np.zeros(1, dtype=np.int64),
        queue=np.zeros((2, N_POOLS, longest + 2)),
        queue_bar=np.zeros((2, N_POOLS, longest + 2), dtype=np.int64),
        queue_ends=np.zeros((2, N_POOLS, 2), dtype=np.int64),
        session=np.full((2, 6), np.inf),
        keys=np.full(2, np.iinfo(np.int64).min, dtype=np.int64),
        recent=np.full((2, 2 * SWING_BARS + 1), np.inf),
    )


@cold
def follow_ranges(memory: RangeState, bars: Bars, decay: float, out: FloatArray) -> None:
    """Update the average ranges bar by bar; `out` takes the log range of a bar after each."""
    for i in range(bars.open_time_ms.size):
        values = memory.values
        before = values[PREVIOUS_CLOSE]
        high, low = bars.high[i], bars.low[i]
        if before == before:
            high, low = max(high, before), min(low, before)
        log_range = math.log(high / low)
        seen = memory.seen[0]
        values[BAR_RANGE] += max(decay, 1.0 / (seen + 1)) * (log_range - values[BAR_RANGE])
        values[TRUE_RANGE] += max(1.0 / 14.0, 1.0 / (seen + 1)) * (high - low - values[TRUE_RANGE])
        values[PREVIOUS_CLOSE] = bars.close[i]
        memory.seen[0] = seen + 1
        if out.size > 0:
            out[i] = values[BAR_RANGE]


@cold
def rolling_levels(
    memory: RangeState,
    bars: Bars,
    look_back: IntArray,
    first_bar: int,
    stops: StopLevels,
) -> None:
    """Set the levels to the lowest low and highest high of each look-back."""
    for i in range(bars.open_time_ms.size):
        for s in range(2):
            extreme = math.log(bars.low[i]) if s == 0 else -math.log(bars.high[i])
            for pool in range(N_POOLS):
                lowest = push(memory, s, pool, first_bar + i, look_back[pool], extreme)
                stops.level[i, s, pool] = lowest if s == 0 else -lowest


@hot
def push(memory: RangeState, s: int, pool: int, bar: int, look_back: int, extreme: float) -> float:
    """Add a bar's extreme to a monotone queue and return the lowest of the look-back."""
    queue = memory.queue[s, pool]
    bars = memory.queue_bar[s, pool]
    ends = memory.queue_ends[s, pool]
    capacity = queue.size
    while ends[1] > ends[0] and queue[(ends[1] - 1) % capacity] >= extreme:
        ends[1] -= 1
    queue[ends[1] % capacity] = extreme
    bars[ends[1] % capacity] = bar
    ends[1] += 1
    while bars[ends[0] % capacity] <= bar - look_back:
        ends[0] += 1
    return queue[ends[0] % capacity]


@cold
def session_levels(
    memory: RangeState, bars: Bars, day: IntArray, week: IntArray, stops: StopLevels
) -> None:
    """Set the levels to session, previous day, previous week and swing extremes.

    A level that price has broken since gives way to the extreme since then: its stops are gone.
    """
    for i in range(bars.open_time_ms.size):
        new_day = day[i] != memory.keys[0]
        new_week = week[i] != memory.keys[1]
        memory.keys[0] = day[i]
        memory.keys[1] = week[i]
        for s in range(2):
            extreme = math.log(bars.low[i]) if s == 0 else -math.log(bars.high[i])
            kept = memory.session[s]
            roll(kept, DAY, LAST_DAY, new_day, extreme)
            roll(kept, WEEK, LAST_WEEK, new_week, extreme)
            swing(memory.recent[s], kept, extreme)
            for pool, place, since in (
                (0, DAY, DAY),
                (1, LAST_DAY, DAY),
                (2, LAST_WEEK, WEEK),
                (3, SWING, SINCE_SWING),
            ):
                level = min(kept[place], kept[since])
                if level == np.inf:
                    level = kept[DAY]
                stops.level[i, s, pool] = level if s == 0 else -level


@hot
def roll(kept: FloatArray, running: int, previous: int, is_new: bool, extreme: float) -> None:
    """Carry a running extreme over to `previous` when a new period begins."""
    if is_new:
        kept[previous] = kept[running]
        kept[running] = extreme
    else:
        kept[running] = min(kept[running], extreme)


@hot
def swing(recent: FloatArray, kept: FloatArray, extreme: float) -> None:
    """Shift in an extreme; keep the middle one if no neighbour lies beyond it."""
    for j in range(recent.size - 1):
        recent[j] = recent[j + 1]
    recent[recent.size - 1] = extreme
    if kept[SWING] < np.inf:
        kept[SINCE_SWING] = min(kept[SINCE_SWING], extreme)
    middle = recent[SWING_BARS]
    if recent[0] == np.inf:
        return
    for j in range(recent.size):
        if j != SWING_BARS and recent[j] <= middle:
            return
    kept[SWING] = middle
    kept[SINCE_SWING] = np.inf
    for j in range(SWING_BARS + 1, recent.size):
        kept[SINCE_SWING] = min(kept[SINCE_SWING], recent[j])
