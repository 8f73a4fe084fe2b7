"""How a book is read: one column of price rows, both sides, at one moment."""

import math

from liqbands.instrument import FloatArray
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.field import cell_center, last_of_cell, spread
from liqbands.kernel.state import (
    FRONTIER,
    NEW_HIGH,
    NEW_LOW,
    PENDING,
    WINDOW,
    BookState,
    Tiers,
)


@hot
def read_tier(
    state: BookState, tiers: Tiers, s: int, k: int, weight: float, z_first: int, out: FloatArray
) -> None:
    """Add `weight` times tier `k`, stored and pending, to bins from `z_first` on."""
    places = state.places[s]
    low = max(z_first, places[WINDOW])
    high = min(z_first + out.size, places[FRONTIER] + 1)
    if high > low:
        bins = state.field[s, k, low - places[WINDOW] : high - places[WINDOW]]
        read = out[low - z_first : high - z_first]
        for i in range(bins.size):
            read[i] += weight * bins[i]
    if k >= tiers.n_entry or tiers.kernel_size[s, k] == 0:
        return
    read_pending(state, state.pending, tiers, s, k, weight, z_first, out)


@cold
def read_pending(
    state: BookState,
    rows: FloatArray,
    tiers: Tiers,
    s: int,
    k: int,
    weight: float,
    z_first: int,
    out: FloatArray,
) -> None:
    """Add what pending entries (amounts or moments in `rows`) would put into the bins."""
    size = tiers.kernel_size[s, k]
    start = tiers.kernel_start[s, k]
    kernel = tiers.kernel[start : start + size]
    shift = tiers.cell_shift[k]
    places = state.places[s]
    z = min(state.wait_low[s, k], places[NEW_LOW])
    high = max(state.wait_high[s, k], places[NEW_HIGH])
    while z <= high:
        last = min(high, last_of_cell(z, shift))
        amount = 0.0
        for row in range(z - places[PENDING], last - places[PENDING] + 1):
            amount += rows[s, row, k]
        low = cell_center(z, shift) - tiers.kernel_offset[s, k] - size + 1 - z_first
        if amount != 0.0 and low < out.size and low + size > 0:
            spread(out, low, kernel, weight * amount)
        z = last + 1


@cold
def read_side(
    state: BookState, tiers: Tiers, s: int, weight: FloatArray, z_first: int, out: FloatArray
) -> None:
    """Set `out` to the weighted contracts of one side in the bins from `z_first` on."""
    for i in range(out.size):
        out[i] = 0.0
    for k in range(weight.size):
        if weight[k] != 0.0:
            read_tier(state, tiers, s, k, weight[k] / state.growth[s, k], z_first, out)


@hot
def last_bin_below(log_price: float, step: float) -> int:
    """Return the highest bin whose centre lies below a log price."""
    return math.ceil(log_price / step - 0.5) - 1


@hot
def read_longs_and_shorts(
    state: BookState, tiers: Tiers, weight: FloatArray, first: int, split: int, out: FloatArray
) -> None:
    """Set `out` to longs in the bins up to `split` and to shorts above it, from `first` on."""
    n_long = min(max(split + 1 - first, 0), out.size)
    if n_long > 0:
        read_side(state, tiers, 0, weight, first, out[:n_long])
    n_short = out.size - n_long
    if n_short > 0:
        shorts = out[n_long:]
        read_side(state, tiers, 1, weight, -first - out.size, shorts)
        for i in range(n_short // 2):
            shorts[i], shorts[n_short - 1 - i] = shorts[n_short - 1 - i], shorts[i]


@cold
def read_moment(
    state: BookState, tiers: Tiers, s: int, weight: FloatArray, z_first: int, out: FloatArray
) -> None:
    """Set `out` to contracts times entry time in hours, per bin from `z_first` on."""
    places = state.places[s]
    for i in range(out.size):
        out[i] = 0.0
    for k in range(weight.size):
        scaled = weight[k] / state.growth[s, k]
        low = max(z_first, places[WINDOW])
        high = min(z_first + out.size, places[FRONTIER] + 1)
        for z in range(low, high):
            out[z - z_first] += scaled * state.moment[s, k, z - places[WINDOW]]
        if k < tiers.n_entry and tiers.kernel_size[s, k] > 0:
            read_pending(state, state.pending_moment, tiers, s, k, scaled, z_first, out)
