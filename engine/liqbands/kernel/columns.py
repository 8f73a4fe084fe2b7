"""How a book is read: one column of price rows, both sides, at one moment."""

import math

from liqbands.instrument import FloatArray
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.field import cell_center, last_of_cell, spread
from liqbands.kernel.state import (
    FRONTIER,
    GROWTH,
    HIGH,
    LOW,
    MOMENT,
    NEW_HIGH,
    NEW_LOW,
    OFFSET,
    PENDING,
    SHIFT,
    SIZE,
    START,
    WINDOW,
    BookState,
    Tiers,
)


@hot
def read_tier(
    state: BookState,
    tiers: Tiers,
    s: int,
    k: int,
    weight: float,
    z_first: int,
    out: FloatArray,
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
    if k >= tiers.n_entry or tiers.span[s, SIZE, k] == 0:
        return
    read_pending(state, s, tiers, s, k, weight, z_first, out)


@hot
def read_pending(
    state: BookState,
    layer: int,
    tiers: Tiers,
    s: int,
    k: int,
    weight: float,
    z_first: int,
    out: FloatArray,
) -> None:
    """Add what pending entries (amounts, or moments in another layer) would put into the bins."""
    size = tiers.span[s, SIZE, k]
    start = tiers.span[s, START, k]
    kernel = tiers.kernel[start : start + size]
    places = state.places[s]
    z = min(state.waiting[s, LOW, k], places[NEW_LOW])
    high = max(state.waiting[s, HIGH, k], places[NEW_HIGH])
    furthest = tiers.span[s, OFFSET, k] + size - 1
    if z > high or high + furthest < z_first or z - furthest > z_first + out.size + size:
        return
    if size <= 2:
        first_row = z - places[PENDING]
        amounts = state.pending[layer, first_row : high - places[PENDING] + 1, k]
        add_spikes(amounts, kernel, weight, z - furthest - z_first, out)
        return
    shift = tiers.span[0, SHIFT, k]
    while z <= high:
        last = min(high, last_of_cell(z, shift))
        amount = 0.0
        for row in range(z - places[PENDING], last - places[PENDING] + 1):
            amount += state.pending[layer, row, k]
        low = cell_center(z, shift) - furthest - z_first
        if amount != 0.0 and low < out.size and low + size > 0:
            spread(out, low, kernel, weight * amount)
        z = last + 1


@hot
def add_spikes(
    amounts: FloatArray, kernel: FloatArray, weight: float, first: int, out: FloatArray
) -> None:
    """Add entries of consecutive bins through a kernel of one or two bins."""
    for j in range(kernel.size):
        share = weight * kernel[j]
        low = max(0, -(first + j))
        high = min(amounts.size, out.size - first - j)
        for i in range(low, high):
            out[first + j + i] += share * amounts[i]


@cold
def read_side(
    state: BookState,
    tiers: Tiers,
    s: int,
    weight: FloatArray,
    z_first: int,
    out: FloatArray,
) -> None:
    """Set `out` to the weighted contracts of one side in the bins from `z_first` on."""
    for i in range(out.size):
        out[i] = 0.0
    for k in range(weight.size):
        if weight[k] != 0.0:
            read_tier(state, tiers, s, k, weight[k] / state.tier[s, GROWTH, k], z_first, out)


@hot
def last_bin_below(log_price: float, step: float) -> int:
    """Return the highest bin whose centre lies below a log price."""
    return math.ceil(log_price / step - 0.5) - 1


@hot
def read_longs_and_shorts(
    state: BookState,
    tiers: Tiers,
    weight: FloatArray,
    first: int,
    split: int,
    out: FloatArray,
) -> None:
    """Set `out` to longs in the bins up to `split` and to shorts above it, from `first` on."""
    n_long = min(max(split + 1 - first, 0), out.size)
    n_short = out.size - n_long
    for s in range(2):
        part = out[:n_long] if s == 0 else out[n_long:]
        if part.size > 0:
            z_first = first if s == 0 else -first - out.size
            read_side(state, tiers, s, weight, z_first, part)
    shorts = out[n_long:]
    for i in range(n_short // 2):
        shorts[i], shorts[n_short - 1 - i] = shorts[n_short - 1 - i], shorts[i]


@cold
def read_moment(
    state: BookState,
    tiers: Tiers,
    s: int,
    weight: FloatArray,
    z_first: int,
    out: FloatArray,
) -> None:
    """Set `out` to contracts times entry time in hours, per bin from `z_first` on."""
    places = state.places[s]
    for i in range(out.size):
        out[i] = 0.0
    for k in range(weight.size):
        scaled = weight[k] / state.tier[s, GROWTH, k]
        low = max(z_first, places[WINDOW])
        high = min(z_first + out.size, places[FRONTIER] + 1)
        for z in range(low, high):
            out[z - z_first] += scaled * state.field[MOMENT + s, k, z - places[WINDOW]]
        if k < tiers.n_entry and tiers.span[s, SIZE, k] > 0:
            read_pending(state, MOMENT + s, tiers, s, k, scaled, z_first, out)
