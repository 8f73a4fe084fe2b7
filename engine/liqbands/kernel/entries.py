"""Where a bar's openings enter: at traded prices, and beyond highs and lows."""

import math

from liqbands.kernel.bars import BarValues, Rules, StopLevels
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.field import date_bins, make_room, raise_frontier
from liqbands.kernel.flow import average_price
from liqbands.kernel.state import (
    DEPOSIT,
    MOMENT,
    NEAREST,
    NEW_HIGH,
    NEW_LOW,
    OFF_GRID,
    PENDING,
    WINDOW,
    BookState,
    Tiers,
)

STOP_OFFSETS = (0.05, 0.15, 0.25, 0.4, 0.6)
"""How far beyond an extreme stops gather, in hourly average true ranges."""


@hot
def bin_of(price: float, step: float) -> int:
    """Return the bin of a price."""
    return math.floor(math.log(price) / step)


@hot
def add_entries(state: BookState, tiers: Tiers, rules: Rules, bar: BarValues, now_ms: int) -> None:
    """Let the bar's openings, row ``DEPOSIT``, wait at their entry bins."""
    price = average_price(bar)
    middle = bin_of(price, rules.step)
    if not rules.three_points:
        for s in range(2):
            add_entry(state, tiers, s, middle if s == 0 else -1 - middle, 1.0, now_ms)
        return
    low = bin_of(0.5 * (bar.low + price), rules.step)
    high = bin_of(0.5 * (bar.high + price), rules.step)
    for b, share in ((low, 0.25), (middle, 0.5), (high, 0.25)):
        add_part(state, tiers, b, share, now_ms)


@cold
def add_part(state: BookState, tiers: Tiers, b: int, share: float, now_ms: int) -> None:
    """Add a share of both sides' deposits at one entry bin."""
    for s in range(2):
        add_entry(state, tiers, s, b if s == 0 else -1 - b, share, now_ms)


@hot
def add_entry(state: BookState, tiers: Tiers, s: int, z: int, share: float, now_ms: int) -> None:
    """Add a share of the deposit to the pending row of one entry bin."""
    make_room(state, tiers, s, z, now_ms)
    places = state.places[s]
    row = z - places[PENDING]
    deposit = state.tier[s, DEPOSIT]
    amounts = state.pending[s, row]
    for k in range(tiers.n_entry):
        amounts[k] += share * deposit[k]
    if state.field.shape[0] > 2:
        moments = state.pending[MOMENT + s, row]
        hours = share * (now_ms / 3_600_000.0)
        for k in range(tiers.n_entry):
            moments[k] += hours * deposit[k]
    date_bins(state, s, z - tiers.limit[s, NEAREST] - 1, now_ms)
    places[NEW_HIGH] = max(places[NEW_HIGH], z)
    places[NEW_LOW] = min(places[NEW_LOW], z)


@cold
def add_stops(
    state: BookState,
    tiers: Tiers,
    rules: Rules,
    stops: StopLevels,
    i: int,
    s: int,
    now_ms: int,
) -> None:
    """Put the openings of the stop pools just beyond their highs and lows."""
    sign = 1.0 if s == 0 else -1.0
    share = 1.0 / len(STOP_OFFSETS)
    hours = now_ms / 3_600_000.0
    for pool in range(state.tier.shape[2] - tiers.n_entry):
        k = tiers.n_entry + pool
        amount = share * state.tier[s, DEPOSIT, k]
        for offset in STOP_OFFSETS:
            log_price = sign * (stops.level[i, s, pool] - sign * offset * stops.hour_range[i])
            z = math.floor(log_price / rules.step)
            place = z - state.places[s, WINDOW]
            if 0 <= place < state.field.shape[2]:
                state.field[s, k, place] += amount
                if state.field.shape[0] > 2:
                    state.field[MOMENT + s, k, place] += amount * hours
                raise_frontier(state, s, z)
                date_bins(state, s, z, now_ms)
            else:
                state.tier[s, OFF_GRID, k] += amount
