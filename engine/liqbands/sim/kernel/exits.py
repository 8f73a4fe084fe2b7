"""How positions end: liquidation, stop, target, time; and how endings move the price."""

import math

from liqbands.kernel.compiled import cold
from liqbands.sim.kernel.accounts import (
    close_position,
    deleverage,
    liquidate,
    note_event,
)
from liqbands.sim.kernel.chance import Chance, uniform
from liqbands.sim.kernel.layout import (
    ADDS,
    ENDOWMENT,
    EXPIRED,
    FRONTIER_DOWN,
    FUND,
    HEAD,
    LAST,
    LIQUIDATED,
    LIQUIDATION,
    MARGIN,
    MINUTE,
    N_BINS,
    NEXT,
    NONE,
    RESERVE,
    SIDE,
    SIZE,
    STOP,
    STOPPED,
    TARGET,
    TIME_MS,
    TOOK_PROFIT,
    VENUE,
    WHEEL_MINUTES,
    Market,
    Settings,
)
from liqbands.sim.kernel.margins import liquidation_price, notional
from liqbands.sim.kernel.prices import push, refresh, refresh_index
from liqbands.sim.kernel.triggers import collect_reached, set_price_trigger, unlink

MOST_ROUNDS = 20
"""Rounds of orders and price moves inside one step; a cascade goes on in the next."""
MOST_DELEVERAGED = 5000
"""Winners that one round can close for an empty insurance fund."""
MOST_MISSED = 100
"""Draws without a winner after which there are none to speak of."""


@cold
def is_live(market: Market, node: int) -> bool:
    """Return whether a collected trigger is still set."""
    return market.label[node // 4, SIDE] != 0 and market.link[node, HEAD] != NONE


@cold
def add_margin(market: Market, i: int) -> None:
    """Add the trader's reserve, at most doubling the margin, and move the liquidation."""
    added = min(market.number[i, RESERVE], market.number[i, MARGIN])
    market.number[i, MARGIN] += added
    market.number[i, RESERVE] -= added
    market.number[i, STOP] = math.nan
    market.label[i, ADDS] = 0
    unlink(market, 4 * i + STOPPED)
    market.number[i, LIQUIDATION] = liquidation_price(market, i)
    set_price_trigger(market, i, LIQUIDATED, market.number[i, LIQUIDATION])


@cold
def forced_flow(market: Market, v: int, n_fired: int) -> float:
    """Return the signed quote amount of the market orders that triggers have set off."""
    flow = 0.0
    last = market.venue[v, LAST]
    for place in range(n_fired):
        node = market.fired[place]
        i, kind = node // 4, node % 4
        if kind == TOOK_PROFIT or (kind == STOPPED and market.label[i, ADDS] > 0):
            continue
        flow -= market.label[i, SIDE] * notional(market, v, market.number[i, SIZE], last)
    return flow


@cold
def end_fired(
    market: Market, settings: Settings, n_fired: int, price: float, chance: Chance
) -> None:
    """Close what triggers have set off: at the price of the batch, or at the target."""
    for place in range(n_fired):
        node = market.fired[place]
        if not is_live(market, node):
            continue
        i, kind = node // 4, node % 4
        time_ms = float(market.counter[TIME_MS]) - math.ceil(uniform(chance) * settings.step_ms)
        if kind == LIQUIDATED:
            liquidate(market, i, price, time_ms)
        elif kind == TOOK_PROFIT:
            note_event(market, i, TOOK_PROFIT, market.number[i, TARGET], time_ms)
            close_position(market, i, market.number[i, TARGET], is_taker=False)
        elif market.label[i, ADDS] > 0:
            add_margin(market, i)
        else:
            note_event(market, i, STOPPED, price, time_ms)
            close_position(market, i, price, is_taker=True)


@cold
def end_round(market: Market, settings: Settings, v: int, chance: Chance) -> bool:
    """Fire what a venue's mark has reached, once; return whether anything was."""
    n_fired = collect_reached(market, v, FRONTIER_DOWN)
    if n_fired == 0:
        return False
    before = market.venue[v, LAST]
    push(market, settings, v, forced_flow(market, v, n_fired))
    refresh_index(market)
    refresh(market, v)
    # A batch trades on the way: at the middle of where it found and where it left the price.
    end_fired(market, settings, n_fired, math.sqrt(before * market.venue[v, LAST]), chance)
    refill(market, v, -1 if market.venue[v, LAST] < before else 1, chance)
    return True


@cold
def refill(market: Market, v: int, winning: int, chance: Chance) -> None:
    """Close winners of a side for as long as the insurance fund lacks anything."""
    n_missed = 0
    for _ in range(MOST_DELEVERAGED):
        if market.rule[v, ENDOWMENT] + market.cash[v, FUND] >= 0.0 or n_missed == MOST_MISSED:
            break
        if not deleverage(market, v, winning, chance):
            n_missed += 1


@cold
def cascade(market: Market, settings: Settings, chance: Chance) -> None:
    """Let forced orders move prices and prices set off orders until nothing more happens."""
    for _ in range(MOST_ROUNDS):
        is_calm = True
        for v in range(market.venue.shape[0]):
            refresh(market, v)
            if end_round(market, settings, v, chance):
                is_calm = False
        if is_calm:
            break


@cold
def expire(market: Market, settings: Settings, chance: Chance) -> None:
    """Close what its traders want to leave in this minute."""
    wheel = 2 * market.venue.shape[0] * N_BINS
    head = wheel + (market.counter[TIME_MS] // MINUTE) % WHEEL_MINUTES
    node = market.heads[head]
    while node != NONE:
        after = market.link[node, NEXT]
        i = node // 4
        v, side = market.label[i, VENUE], market.label[i, SIDE]
        is_taker = uniform(chance) < settings.taker_share
        quote = notional(market, v, market.number[i, SIZE], market.venue[v, LAST])
        note_event(market, i, EXPIRED, market.venue[v, LAST], float(market.counter[TIME_MS]))
        close_position(market, i, market.venue[v, LAST], is_taker)
        if is_taker:
            push(market, settings, v, -side * quote)
        node = after
