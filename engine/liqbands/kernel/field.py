"""How positions enter the bins: pending entries, kernels, and the stored window.

All take one side ``s`` at a time and work on mirrored bins ``z``.  Every write is bounds-checked
against the stored window; what lies below it belongs to ``off_grid``.
"""

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.state import (
    DATED,
    FILLED_AT,
    FRONTIER,
    GROWTH,
    GROWTH_LOG,
    HIGH,
    LOW,
    MOMENT,
    NEAREST,
    NEW_HIGH,
    NEW_LOW,
    NONE,
    OFF_GRID,
    OFFSET,
    PENDING,
    PENDING_ROWS,
    REACH,
    SHIFT,
    SIZE,
    START,
    WINDOW,
    BookState,
    Tiers,
)
from liqbands.kernel.window import shift_window


@hot
def cell_center(z: int, shift: int) -> int:
    """Return the entry bin that stands for the cell in which `z` lies."""
    return ((z >> shift) << shift) + ((1 << shift) >> 1)


@hot
def last_of_cell(z: int, shift: int) -> int:
    """Return the highest entry bin of the cell in which `z` lies."""
    return z | ((1 << shift) - 1)


@hot
def spread(target: FloatArray, first: int, kernel: FloatArray, amount: float) -> float:
    """Add a kernel to bins from index `first` on; return the share that lay outside."""
    if first >= 0 and first + kernel.size <= target.size:
        inside = target[first : first + kernel.size]
        for i in range(inside.size):
            inside[i] += amount * kernel[i]
        return 0.0
    low = max(0, -first)
    high = min(kernel.size, target.size - first)
    outside = 0.0
    for i in range(min(low, kernel.size)):
        outside += kernel[i]
    for i in range(max(high, 0), kernel.size):
        outside += kernel[i]
    if high > low:
        bins = target[first + low : first + high]
        shares = kernel[low:high]
        for i in range(bins.size):
            bins[i] += amount * shares[i]
    return outside


@hot
def flush_tier(state: BookState, tiers: Tiers, s: int, k: int) -> None:
    """Apply tier `k`'s kernel to its pending entries."""
    z = state.waiting[s, LOW, k]
    high = state.waiting[s, HIGH, k]
    furthest = tiers.span[s, OFFSET, k] + tiers.span[s, SIZE, k] - 1
    is_stored = z - furthest >= state.places[s, WINDOW] and tiers.span[s, SIZE, k] > 0
    if tiers.span[0, SHIFT, k] == 0 and is_stored:
        flush_stored(state, tiers, s, k, z, high)
        z = high + 1
    while z <= high:
        center = cell_center(z, tiers.span[0, SHIFT, k])
        last = min(high, last_of_cell(z, tiers.span[0, SHIFT, k]))
        amount = take_rows(state, s, s, k, z, last)
        if amount != 0.0:
            flush_cell(state, tiers, s, k, center, amount)
        if state.field.shape[0] > 2:
            moment = take_rows(state, MOMENT + s, s, k, z, last)
            flush_moment(state, tiers, s, k, center, moment)
        z = last + 1
    state.waiting[s, HIGH, k] = NONE
    state.waiting[s, LOW, k] = -NONE


@hot
def flush_stored(state: BookState, tiers: Tiers, s: int, k: int, z_low: int, z_high: int) -> None:
    """Flush a tier whose entries are not snapped and stand wholly in the stored window."""
    size = tiers.span[s, SIZE, k]
    start = tiers.span[s, START, k]
    kernel = tiers.kernel[start : start + size]
    first_row = z_low - state.places[s, PENDING]
    first = z_low - tiers.span[s, OFFSET, k] - size + 1 - state.places[s, WINDOW]
    for layer in range(s, state.field.shape[0], 2):
        for j in range(z_high - z_low + 1):
            amount = state.pending[layer, first_row + j, k]
            state.pending[layer, first_row + j, k] = 0.0
            bins = state.field[layer, k, first + j : first + j + size]
            for i in range(size):
                bins[i] += amount * kernel[i]
    raise_frontier(state, s, z_high - tiers.span[s, OFFSET, k])


@hot
def take_rows(state: BookState, layer: int, s: int, k: int, z_low: int, z_high: int) -> float:
    """Empty a tier's pending rows and return what was in them."""
    first = state.places[s, PENDING]
    total = 0.0
    for row in range(z_low - first, z_high - first + 1):
        total += state.pending[layer, row, k]
        state.pending[layer, row, k] = 0.0
    return total


@hot
def flush_cell(state: BookState, tiers: Tiers, s: int, k: int, center: int, amount: float) -> None:
    """Put an amount that entered at one cell where it stands."""
    size = tiers.span[s, SIZE, k]
    if size == 0:
        state.tier[s, OFF_GRID, k] += amount
        return
    kernel = tiers.kernel[tiers.span[s, START, k] : tiers.span[s, START, k] + size]
    nearest = center - tiers.span[s, OFFSET, k]
    first = nearest - size + 1 - state.places[s, WINDOW]
    outside = spread(state.field[s, k], first, kernel, amount)
    state.tier[s, OFF_GRID, k] += amount * outside
    raise_frontier(state, s, nearest)


@hot
def flush_moment(
    state: BookState, tiers: Tiers, s: int, k: int, center: int, moment: float
) -> None:
    """Put a moment where its amount stands."""
    size = tiers.span[s, SIZE, k]
    kernel = tiers.kernel[tiers.span[s, START, k] : tiers.span[s, START, k] + size]
    first = center - tiers.span[s, OFFSET, k] - size + 1 - state.places[s, WINDOW]
    spread(state.field[MOMENT + s, k], first, kernel, moment)


@hot
def raise_frontier(state: BookState, s: int, z: int) -> None:
    """Let the frontier reach at least `z`, as far as bins are stored."""
    top = state.places[s, WINDOW] + state.field.shape[2] - 1
    state.places[s, FRONTIER] = max(state.places[s, FRONTIER], min(z, top))


@hot
def date_bins(state: BookState, s: int, z: int, now_ms: int) -> None:
    """Date the bins up to `z` that join the book now."""
    if z > state.places[s, DATED]:
        write_dates(state, s, z, now_ms)


@cold
def write_dates(state: BookState, s: int, z: int, now_ms: int) -> None:
    """Do the work of `date_bins`, which checks first whether there is any."""
    places = state.places[s]
    first = places[WINDOW]
    top = min(z, first + state.field.shape[2] - 1)
    for b in range(max(places[DATED] + 1, first), top + 1):
        state.times[s, FILLED_AT, b - first] = now_ms
    places[DATED] = max(places[DATED], top)


@hot
def flush_reached(state: BookState, tiers: Tiers, s: int, z: int) -> None:
    """Flush every tier whose pending entries would stand at `z` or above."""
    places = state.places[s]
    if max(places[REACH], places[NEW_HIGH] - tiers.limit[s, NEAREST]) >= z:
        flush_standing_at(state, tiers, s, z)


@cold
def flush_standing_at(state: BookState, tiers: Tiers, s: int, z: int) -> None:
    """Do the work of `flush_reached`, which checks first whether there is any."""
    places = state.places[s]
    reach = NONE
    for k in range(tiers.n_entry):
        high = max(state.waiting[s, HIGH, k], places[NEW_HIGH])
        state.waiting[s, HIGH, k] = high
        state.waiting[s, LOW, k] = min(state.waiting[s, LOW, k], places[NEW_LOW])
        if high == NONE:
            continue
        stands = cell_center(high, tiers.span[0, SHIFT, k]) - tiers.span[s, OFFSET, k]
        if stands >= z:
            flush_tier(state, tiers, s, k)
        else:
            reach = max(reach, stands)
    places[NEW_HIGH] = NONE
    places[NEW_LOW] = -NONE
    places[REACH] = reach


@cold
def flush_all(state: BookState, tiers: Tiers, s: int) -> None:
    """Flush every pending tier of a side."""
    lowest = max(NONE, state.places[s, WINDOW] - 2**40)
    flush_standing_at(state, tiers, s, lowest)


@hot
def make_room(state: BookState, tiers: Tiers, s: int, z: int, now_ms: int) -> None:
    """Move pending rows and the stored window so that an entry at `z` fits."""
    places = state.places[s]
    row = z - places[PENDING]
    top = places[WINDOW] + state.field.shape[2]
    lowest = z - tiers.furthest
    if row < 0 or row >= PENDING_ROWS or z + PENDING_ROWS > top or lowest < places[WINDOW]:
        move_rows(state, tiers, s, z, now_ms)


@cold
def move_rows(state: BookState, tiers: Tiers, s: int, z: int, now_ms: int) -> None:
    """Do the work of `make_room`, which checks first whether there is any."""
    flush_all(state, tiers, s)
    places = state.places[s]
    places[PENDING] = z - PENDING_ROWS // 2
    n_bins = state.field.shape[2]
    top = places[WINDOW] + n_bins
    if z + PENDING_ROWS > top or z - tiers.furthest < places[WINDOW]:
        slack = (n_bins - tiers.furthest) // 2
        shift_window(state, s, z + slack - n_bins, now_ms)


@cold
def tame_growth(state: BookState, s: int) -> None:
    """Divide large growth out of the stored amounts before it can overflow."""
    for k in range(state.field.shape[1]):
        growth = state.tier[s, GROWTH, k]
        if growth < 1e6:
            continue
        inverse = 1.0 / growth
        for layer in range(s, state.field.shape[0], 2):
            for i in range(state.field.shape[2]):
                state.field[layer, k, i] *= inverse
            for row in range(PENDING_ROWS):
                state.pending[layer, row, k] *= inverse
        state.tier[s, OFF_GRID, k] *= inverse
        state.tier[s, GROWTH_LOG, k] += np.log(growth)
        state.tier[s, GROWTH, k] = 1.0
