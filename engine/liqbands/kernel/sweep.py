"""How positions leave the bins when the mark price reaches them."""

from liqbands.instrument import FloatArray
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.field import flush_reached
from liqbands.kernel.state import FRONTIER, WINDOW, BookState, Tiers


@hot
def sweep_side(
    state: BookState, tiers: Tiers, s: int, z_body: int, z_wick: int, kept: float, now_ms: int
) -> float:
    """Liquidate all that stands at ``z >= z_body``; of ``[z_wick, z_body)`` a share is kept.

    Returns the weighted contracts; ``state.swept[s]`` holds them per tier.
    """
    for k in range(state.swept.shape[1]):
        state.swept[s, k] = 0.0
    flush_reached(state, tiers, s, z_wick, now_ms)
    places = state.places[s]
    if places[FRONTIER] < z_wick:
        return 0.0
    swept = remove(state, tiers, s, max(z_body, z_wick), places[FRONTIER] + 1, 0.0, now_ms)
    if z_body > z_wick:
        top = min(z_body, places[FRONTIER] + 1)
        swept += remove(state, tiers, s, z_wick, top, kept, now_ms)
    places[FRONTIER] = min(places[FRONTIER], (z_body if kept > 0.0 else z_wick) - 1)
    return swept


@cold
def remove(
    state: BookState, tiers: Tiers, s: int, z_low: int, z_high: int, kept: float, now_ms: int
) -> float:
    """Keep the share `kept` of the bins ``[z_low, z_high)``; return what was removed."""
    first = state.places[s, WINDOW]
    a = max(z_low - first, 0)
    b = min(z_high - first, state.field.shape[2])
    if b <= a:
        return 0.0
    found = state.found[s]
    for k in range(found.size):
        found[k] = keep(state.field[s, k, a:b], kept)
        if state.moment.shape[2] > 0:
            keep(state.moment[s, k, a:b], kept)
    for i in range(a, b):
        if kept == 0.0:
            state.kept[s, i] = 1.0
            state.swept_at[s, i] = now_ms
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
    """Subtract a share of ``state.found`` from the tiers' amounts; return its weighted sum."""
    found = state.found[s]
    amount = state.amount[s]
    swept = state.swept[s]
    growth = state.growth[s]
    for k in range(found.size):
        found[k] = share * found[k] / growth[k]
        swept[k] += found[k]
        amount[k] = max(amount[k] - found[k], 0.0)
    total = 0.0
    for k in range(found.size):
        total += tiers.weight[k] * found[k]
    return total


@cold
def take_nearest(
    state: BookState, tiers: Tiers, s: int, z_top: int, n_bins: int, wanted: float, now_ms: int
) -> float:
    """Remove up to `wanted` weighted contracts from the `n_bins` bins below `z_top`.

    Reported liquidations beyond the predicted ones stood somewhere near; the nearest zones
    give them, so that they are counted once and not again when the mark arrives.
    """
    flush_reached(state, tiers, s, z_top - n_bins, now_ms)
    first = state.places[s, WINDOW]
    taken = 0.0
    for z in range(min(z_top - 1, state.places[s, FRONTIER]), z_top - n_bins - 1, -1):
        if z < first or taken >= wanted:
            break
        here = 0.0
        for k in range(state.field.shape[1]):
            here += tiers.weight[k] * state.field[s, k, z - first] / state.growth[s, k]
        if here <= 0.0:
            continue
        kept = max(0.0, 1.0 - (wanted - taken) / here)
        taken += remove(state, tiers, s, z, z + 1, kept, now_ms)
    return taken
