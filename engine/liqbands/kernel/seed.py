"""The stationary book at which a market without history starts."""

import math

from liqbands.instrument import FloatArray
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.field import date_bins, make_room, raise_frontier, spread
from liqbands.kernel.state import (
    AMOUNT,
    MOMENT,
    OFF_GRID,
    OFFSET,
    OPENED,
    SEED_AGE,
    SEED_AMOUNT,
    SEED_SCALE,
    SEEDED,
    SIZE,
    START,
    WINDOW,
    BookState,
    Tiers,
)

QUANTILES = 65


@hot
def laplace_quantile(share: float) -> float:
    """Return the quantile of the Laplace distribution with scale 1."""
    if share < 0.5:
        return math.log(2.0 * share)
    return -math.log(2.0 * (1.0 - share))


@cold
def seed_side(
    state: BookState, tiers: Tiers, s: int, z_mark: int, contracts: float, now_ms: int
) -> None:
    """Fill an empty side with `contracts`, entered around the mark over the past.

    In the stationary state inflow equals closing, so a tier holds the more the slower it
    closes; entries of positions with exponential ages in a random walk are Laplace distributed.
    What would stand on the wrong side of the mark is dropped and each tier scaled up again.
    """
    make_room(state, tiers, s, z_mark, now_ms)
    for k in range(tiers.n_entry):
        amount = contracts * tiers.value[s, SEED_AMOUNT, k]
        state.tier[s, AMOUNT, k] = amount
        entered = now_ms / 3_600_000.0 - tiers.value[s, SEED_AGE, k]
        seed_tier(state, tiers, s, k, z_mark, amount, entered)
    raise_frontier(state, s, z_mark - 1)
    date_bins(state, s, z_mark - 1, now_ms)
    state.ledger[s, OPENED] += contracts
    state.ledger[s, SEEDED] += contracts


@hot
def share_below(kernel: FloatArray, first: int) -> float:
    """Return the share of a kernel that lies below index 0."""
    total = 0.0
    for i in range(min(max(-first, 0), kernel.size)):
        total += kernel[i]
    return total


@cold
def seed_tier(
    state: BookState,
    tiers: Tiers,
    s: int,
    k: int,
    z_mark: int,
    amount: float,
    entered: float,
) -> None:
    """Place one tier's seed."""
    size = tiers.span[s, SIZE, k]
    if size == 0:
        state.tier[s, OFF_GRID, k] = amount
        return
    kernel = tiers.kernel[tiers.span[s, START, k] : tiers.span[s, START, k] + size]
    bins = state.field[s, k]
    first = state.places[s, WINDOW]
    outside = 0.0
    for q in range(QUANTILES):
        away = tiers.value[s, SEED_SCALE, k] * laplace_quantile((q + 0.5) / QUANTILES)
        nearest = z_mark + round(away) - tiers.span[s, OFFSET, k]
        low = nearest - size + 1 - first
        if low < bins.size:
            spread(bins, low, kernel, 1.0)
        outside += share_below(kernel, low)
    top = min(max(z_mark - first, 0), bins.size)
    for b in range(top, bins.size):
        bins[b] = 0.0
    found = outside
    for b in range(top):
        found += bins[b]
    scale = amount / found if found > 0.0 else 0.0
    for b in range(top):
        bins[b] *= scale
        if state.field.shape[0] > 2:
            state.field[MOMENT + s, k, b] = bins[b] * entered
    state.tier[s, OFF_GRID, k] = outside * scale if found > 0.0 else amount
