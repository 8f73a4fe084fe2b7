"""How positions leave the bins when the mark price reaches them."""

from liqbands.instrument import FloatArray
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.field import flush_reached
from liqbands.kernel.state import (
    AMOUNT,
    DATED,
    FOUND,
    FRONTIER,
    GROWTH,
    MOMENT,
    SWEPT_AT,
    SWEPT_NOW,
    WEIGHT,
    WINDOW,
    BookState,
    Tiers,
)


@hot
def sweep_side(
    state: BookState,
    tiers: Tiers,
    s: int,
    z_body: int,
    z_wick: int,
    kept: float,
    now_ms: int,
) -> float:
    """Liquidate all that stands at ``z >= z_body``; of ``[z_wick, z_body)`` a share is kept.

    Returns the weighted contracts; row ``SWEPT_NOW`` holds them per tier.
    """
    for k in range(state.tier.shape[2]):
        state.tier[s, SWEPT_NOW, k] = 0.0
    flush_reached(state, tiers, s, z_wick)
    state.places[s, DATED] = min(state.places[s, DATED], (z_body if kept > 0.0 else z_wick) - 1)
    if state.places[s, FRONTIER] < z_wick:
        return 0.0
    return sweep_bins(state, tiers, s, z_body, z_wick, kept, now_ms)


@cold
def sweep_bins(
    state: BookState,
    tiers: Tiers,
    s: int,
    z_body: int,
    z_wick: int,
    kept: float,
    now_ms: int,
) -> float:
    """Do the work of `sweep_side`, which checks first whether there is any."""
    places = state.places[s]
    swept = remove(state, tiers, s, max(z_body, z_wick), places[FRONTIER] + 1, 0.0, now_ms)
    if z_body > z_wick:
        top = min(z_body, places[FRONTIER] + 1)
        swept += remove(state, tiers, s, z_wick, top, kept, now_ms)
    places[FRONTIER] = min(places[FRONTIER], (z_body if kept > 0.0 else z_wick) - 1)
    return swept


@hot
def remove(
    state: BookState,
    tiers: Tiers,
    s: int,
    z_low: int,
    z_high: int,
    kept: float,
    now_ms: int,
) -> float:
    """Keep the share `kept` of the bins ``[z_low, z_high)``; return what was removed."""
    first = state.places[s, WINDOW]
    a = max(z_low - first, 0)
    b = min(z_high - first, state.field.shape[2])
    if b <= a:
        return 0.0
    found = state.tier[s, FOUND]
    for k in range(found.size):
        found[k] = keep(state.field[s, k, a:b], kept)
        if state.field.shape[0] > 2:
            keep(state.field[MOMENT + s, k, a:b], kept)
    for i in range(a, b):
        if kept == 0.0:
            state.kept[s, i] = 1.0
            state.times[s, SWEPT_AT, i] = now_ms
        else:
            state.kept[s, i] *= kept
    return take_out(state, tiers, s, 1.0 - kept)


@hot
def keep(bins: FloatArray, kept: float) -> float:
    """Scale bins by `kept` and return what was in them."""
    total = 0.0
    for i in range(bins.size):
        total += bins[i]
        bins[i] *= kept
    return total


@hot
def take_out(state: BookState, tiers: Tiers, s: int, share: float) -> float:
    """Subtract a share of ``FOUND`` from the tiers' amounts; return its weighted sum."""
    found = state.tier[s, FOUND]
    amount = state.tier[s, AMOUNT]
    swept = state.tier[s, SWEPT_NOW]
    growth = state.tier[s, GROWTH]
    for k in range(found.size):
        found[k] = share * found[k] / growth[k]
        swept[k] += found[k]
        amount[k] = max(amount[k] - found[k], 0.0)
    total = 0.0
    for k in range(found.size):
        total += tiers.value[0, WEIGHT, k] * found[k]
    return total


@cold
def take_nearest(
    state: BookState,
    tiers: Tiers,
    s: int,
    z_top: int,
    n_bins: int,
    wanted: float,
    now_ms: int,
) -> float:
    """Remove up to `wanted` weighted contracts from the `n_bins` bins below `z_top`.

    Reported liquidations beyond the predicted ones stood somewhere near; the nearest zones
    give them, so that they are counted once and not again when the mark arrives.
    """
    flush_reached(state, tiers, s, z_top - n_bins)
    first = state.places[s, WINDOW]
    taken = 0.0
    for z in range(min(z_top - 1, state.places[s, FRONTIER]), z_top - n_bins - 1, -1):
        if z < first or taken >= wanted:
            break
        here = 0.0
        for k in range(state.field.shape[1]):
            here += (
                tiers.value[0, WEIGHT, k] * state.field[s, k, z - first] / state.tier[s, GROWTH, k]
            )
        if here <= 0.0:
            continue
        kept = max(0.0, 1.0 - (wanted - taken) / here)
        taken += remove(state, tiers, s, z, z + 1, kept, now_ms)
    return taken
