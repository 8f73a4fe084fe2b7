"""The loop over bars, and the columns it leaves behind on the way."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray
from liqbands.kernel.bars import Bars, BarValues, Rules, StopLevels
from liqbands.kernel.columns import last_bin_below, read_longs_and_shorts
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.flow import standing
from liqbands.kernel.state import (
    GROWTH,
    GROWTH_LOG,
    SEED_AMOUNT,
    SEEDED,
    WEIGHT,
    BookState,
    IntArray,
    Tiers,
)
from liqbands.kernel.step import step


class Columns(NamedTuple):
    """Where `walk` writes the columns of a heatmap; everything is set up by the caller."""

    after_bar: IntArray  # (n_columns,), ascending bar indices
    first_bin: int
    bins_per_row: int
    weight: FloatArray  # (n_tiers,), tiers to show, times their weight
    value: FloatArray  # (n_rows * bins_per_row,), quote value of a contract in each bin
    relative: bool  # divide by all that stands
    bins: FloatArray  # (n_rows * bins_per_row,), scratch
    notional: NDArray[np.float32]  # (n_columns, n_rows)
    split_row: IntArray  # (n_columns,)
    split_long: NDArray[np.float32]  # (n_columns,)
    seed_share: FloatArray  # (n_columns,)

    def within(self, part: slice) -> "Columns":
        """Return the columns that follow bars of a slice, counted from its start."""
        chosen = slice(
            int(np.searchsorted(self.after_bar, part.start)),
            int(np.searchsorted(self.after_bar, part.stop)),
        )
        return self._replace(
            after_bar=self.after_bar[chosen] - part.start,
            notional=self.notional[chosen],
            split_row=self.split_row[chosen],
            split_long=self.split_long[chosen],
            seed_share=self.seed_share[chosen],
        )


@cold
def walk(
    state: BookState,
    tiers: Tiers,
    rules: Rules,
    bars: Bars,
    stops: StopLevels,
    columns: Columns,
) -> None:
    """Advance the book by all bars and write a column after each chosen one."""
    column = 0
    for i in range(bars.open_time_ms.size):
        step(state, tiers, rules, bar_at(bars, i), stops, i)
        if column < columns.after_bar.size and columns.after_bar[column] == i:
            mark = bars.mark_close[i]
            if not (rules.mark_sweep and mark == mark):
                mark = bars.close[i]
            write_column(state, tiers, columns, column, math.log(mark), rules.step)
            column += 1


@hot
def bar_at(bars: Bars, i: int) -> BarValues:
    """Return one bar as plain numbers."""
    return BarValues(
        bars.open_time_ms[i],
        bars.open[i],
        bars.high[i],
        bars.low[i],
        bars.close[i],
        bars.volume[i],
        bars.quote_volume[i],
        bars.taker_buy_volume[i],
        bars.open_interest[i],
        bars.mark_high[i],
        bars.mark_low[i],
        bars.mark_close[i],
        bars.long_liquidated[i],
        bars.short_liquidated[i],
    )


@hot
def write_column(
    state: BookState,
    tiers: Tiers,
    columns: Columns,
    column: int,
    log_mark: float,
    step_: float,
) -> None:
    """Write one column: contracts per bin, valued, summed into rows of whole bins."""
    split = last_bin_below(log_mark, step_)
    bins = columns.bins
    read_longs_and_shorts(state, tiers, columns.weight, columns.first_bin, split, bins)
    sum_column(state, tiers, columns, column, split)


@cold
def sum_column(state: BookState, tiers: Tiers, columns: Columns, column: int, split: int) -> None:
    """Value the contracts in ``columns.bins`` and write them as a column of rows."""
    bins = columns.bins
    scale = 1.0
    if columns.relative:
        total = 0.0
        for s in range(2):
            total += standing(state, tiers, s)
        scale = 1.0 / total if total > 0.0 else 0.0
    for i in range(bins.size):
        bins[i] *= columns.value[i] * scale
    sum_rows(columns, column, split)
    columns.seed_share[column] = max(seed_left(state, tiers, 0), seed_left(state, tiers, 1))


@cold
def seed_left(state: BookState, tiers: Tiers, s: int) -> float:
    """Return the largest share of a side that can still come from its start.

    What voluntary closing has left of the seed, as if nothing of it had been swept, over what
    stands; where nothing was seeded, what it would have left of a stationary book.
    """
    left = 0.0
    for k in range(tiers.value.shape[2]):
        decay = math.exp(-state.tier[s, GROWTH_LOG, k]) / state.tier[s, GROWTH, k]
        left += tiers.value[0, WEIGHT, k] * tiers.value[s, SEED_AMOUNT, k] * decay
    seeded = state.ledger[s, SEEDED]
    total = standing(state, tiers, s)
    if seeded > 0.0 and total > 0.0:
        left *= seeded / total
    return min(left, 1.0)


@hot
def sum_rows(columns: Columns, column: int, split: int) -> None:
    """Sum whole bins into rows, and note the row that holds both sides."""
    per_row = columns.bins_per_row
    out = columns.notional[column]
    if per_row == 1:
        for row in range(out.size):
            out[row] = columns.bins[row]
    else:
        for row in range(out.size):
            total = 0.0
            for i in range(row * per_row, (row + 1) * per_row):
                total += columns.bins[i]
            out[row] = total
    row = (split - columns.first_bin) // per_row
    columns.split_row[column] = min(max(row, -1), out.size)
    long_part = 0.0
    if 0 <= row < out.size:
        for i in range(row * per_row, split - columns.first_bin + 1):
            long_part += columns.bins[i]
    columns.split_long[column] = long_part
