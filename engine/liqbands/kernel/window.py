"""The window of bins that a book stores, and how it moves with the price."""

from liqbands.instrument import FloatArray
from liqbands.kernel.compiled import cold
from liqbands.kernel.state import (
    FILLED_AT,
    MOMENT,
    OFF_GRID,
    SWEPT_AT,
    WINDOW,
    BookState,
    IntArray,
)


@cold
def shift_window(state: BookState, s: int, first: int, now_ms: int) -> None:
    """Store the bins from `first` on; what falls off is off the grid from now on."""
    by = first - state.places[s, WINDOW]
    n_bins = state.field.shape[2]
    keep_low = min(max(by, 0), n_bins)
    keep_high = max(min(n_bins + by, n_bins), keep_low)
    for k in range(state.field.shape[1]):
        bins = state.field[s, k]
        lost = 0.0
        for i in range(keep_low):
            lost += bins[i]
        for i in range(keep_high, n_bins):
            lost += bins[i]
        state.tier[s, OFF_GRID, k] += lost
        move(bins, by, 0.0)
        if state.field.shape[0] > 2:
            move(state.field[MOMENT + s, k], by, 0.0)
    move(state.kept[s], by, 1.0)
    move_times(state.times[s, SWEPT_AT], by, now_ms)
    move_times(state.times[s, FILLED_AT], by, now_ms)
    state.places[s, WINDOW] = first


@cold
def move(bins: FloatArray, by: int, fill: float) -> None:
    """Shift values down by `by` places (up if negative) and fill what comes in."""
    n = bins.size
    if by > 0:
        for i in range(n):
            bins[i] = bins[i + by] if i + by < n else fill
    else:
        for i in range(n - 1, -1, -1):
            bins[i] = bins[i + by] if i + by >= 0 else fill


@cold
def move_times(times: IntArray, by: int, now_ms: int) -> None:
    """Shift times as `move` does; bins that come in hold nothing older than now."""
    n = times.size
    if by > 0:
        for i in range(n):
            times[i] = times[i + by] if i + by < n else now_ms
    else:
        for i in range(n - 1, -1, -1):
            times[i] = times[i + by] if i + by >= 0 else now_ms
