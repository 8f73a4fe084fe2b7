"""Traders who open positions: how much, which way, how levered, with which plan to leave."""

import math

from liqbands.kernel.compiled import cold
from liqbands.sim.kernel.accounts import charge, take_row, trade
from liqbands.sim.kernel.chance import Chance, exponential, normal, poisson, uniform
from liqbands.sim.kernel.layout import (
    ADDS,
    COHORT,
    CONTRARIAN,
    CROSS,
    DAY,
    DILUTION,
    ENTRY,
    FUNDING,
    HIGHEST,
    HOLDING,
    LAST,
    LEVERAGE,
    LIQUIDATION,
    LOWEST,
    MARGIN,
    MAX_LEVERAGE,
    MEDIAN_SIZE,
    MINUTE,
    MOMENTUM,
    N_OPENED,
    OPEN_LONG,
    OPEN_SHORT,
    OPENED_MS,
    RESERVE,
    SENTIMENT,
    SHARE,
    SIDE,
    SIZE,
    SIZE_SPREAD,
    STOP,
    STOPS,
    TARGET,
    TARGETS,
    TIME_MS,
    TREND,
    VENUE,
    VOLATILITY,
    WEIGHT,
    WHEEL_MINUTES,
    Market,
    Settings,
)
from liqbands.sim.kernel.margins import in_settlement, liquidation_price, notional
from liqbands.sim.kernel.prices import activity_now
from liqbands.sim.kernel.triggers import set_triggers

MOST_ORDERS = 4096
"""Most new positions of one venue in one step; free rows are kept for as many."""
HALF_SPREAD = 5e-5
WARNING = 0.8
"""Share of the way to liquidation at which a trader adds margin."""


@cold
def draw_cohort(market: Market, chance: Chance) -> int:
    """Return who trades."""
    left = uniform(chance)
    for c in range(market.cohort.shape[0] - 1):
        left -= market.cohort[c, WEIGHT]
        if left < 0.0:
            return c
    return market.cohort.shape[0] - 1


@cold
def draw_side(market: Market, settings: Settings, v: int, c: int, chance: Chance) -> int:
    """Return +1 or -1: momentum, contrarian and noise traders, mood, bias, dear funding."""
    common = market.common
    trend = common[TREND]
    kind = uniform(chance)
    if kind < market.cohort[c, MOMENTUM]:
        tilt = 0.35 * trend
    elif kind < market.cohort[c, MOMENTUM] + market.cohort[c, CONTRARIAN]:
        tilt = -0.35 * trend
    else:
        tilt = settings.herding * common[SENTIMENT]
    tilt -= min(max(100.0 * market.venue[v, FUNDING], -0.2), 0.2)
    long_share = min(max(settings.long_bias + tilt, 0.03), 0.97)
    return 1 if uniform(chance) < long_share else -1


@cold
def draw_leverage(market: Market, v: int, c: int, chance: Chance) -> float:
    """Return a nominal leverage by its popularity now."""
    last = market.leverage.size - 1
    left = uniform(chance) * market.taste[c, last]
    m = 0
    while m < last and left >= market.taste[c, m]:
        m += 1
    return min(market.leverage[m], market.rule[v, MAX_LEVERAGE])


@cold
def turn_tastes(market: Market, settings: Settings) -> None:
    """Renew the running sums of popularity: tastes wander, volatility sobers, habits drift."""
    age = market.counter[TIME_MS] - settings.start_ms
    slope = settings.leverage_drift * age / (60.0 * DAY)
    slope -= settings.caution * market.common[VOLATILITY]
    for c in range(market.menu.shape[0]):
        total = 0.0
        for m in range(market.leverage.size):
            tilt = slope * math.log(market.leverage[m] / 10.0)
            total += market.menu[c, m] * math.exp(market.mood[m] + tilt)
            market.taste[c, m] = total


@cold
def set_margin(market: Market, i: int, c: int, chance: Chance) -> None:
    """Set what backs a position: its own margin, or with cross margin the whole account."""
    v, price = market.label[i, VENUE], market.number[i, ENTRY]
    value = notional(market, v, market.number[i, SIZE], price)
    own = in_settlement(market, v, value / market.number[i, LEVERAGE], price)
    further = own * market.cohort[c, DILUTION] * math.exp(normal(chance))
    if uniform(chance) < market.cohort[c, CROSS]:
        own += further
        further = 0.0
    market.number[i, MARGIN] = own
    market.number[i, RESERVE] = further
    market.number[i, LIQUIDATION] = liquidation_price(market, i)


@cold
def set_stop(market: Market, settings: Settings, i: int, c: int, chance: Chance) -> None:
    """Set a stop loss between entry and liquidation, or a price at which to add margin.

    Half of the stops stand at a share of the distance, half just beyond the extreme of the last
    hour, four hours or day where that is nearer than the liquidation.
    """
    entry, side = market.number[i, ENTRY], market.label[i, SIDE]
    liquidation = market.number[i, LIQUIDATION]
    distance = abs(math.log(liquidation / entry)) if liquidation > 0.0 else 1.0
    market.number[i, STOP] = math.nan
    market.label[i, ADDS] = 0
    if uniform(chance) < market.cohort[c, STOPS]:
        away = distance * (0.15 + 0.7 * uniform(chance))
        if uniform(chance) < 0.5:
            extreme = market.extreme[int(3 * uniform(chance)), LOWEST if side > 0 else HIGHEST]
            beyond = side * math.log(entry / extreme) + 0.002 * uniform(chance)
            away = beyond if 0.0005 < beyond < 0.95 * distance else away
        market.number[i, STOP] = entry * math.exp(-side * away)
    elif liquidation * market.number[i, RESERVE] > 0.0 and uniform(chance) < settings.adds_margin:
        market.label[i, ADDS] = 1
        market.number[i, STOP] = entry * math.exp(-side * WARNING * distance)


@cold
def set_target(market: Market, i: int, c: int, chance: Chance) -> None:
    """Set a take-profit at a return of 20 to 150 % on the nominal margin, for some."""
    market.number[i, TARGET] = math.nan
    if uniform(chance) < market.cohort[c, TARGETS]:
        away = max((0.2 + 1.3 * uniform(chance)) / market.number[i, LEVERAGE], 0.001)
        entry, side = market.number[i, ENTRY], market.label[i, SIDE]
        market.number[i, TARGET] = entry * math.exp(side * away)


@cold
def draw_expiry(market: Market, settings: Settings, i: int, c: int, chance: Chance) -> int:
    """Return when the trader leaves anyway: high leverage is held shortly."""
    hours = market.cohort[c, HOLDING]
    hours *= (10.0 / market.number[i, LEVERAGE]) ** settings.holding_exponent
    hours *= exponential(chance) * math.exp(0.8 * normal(chance) - 0.32)
    minutes = min(int(hours * 60.0) + 1, WHEEL_MINUTES - 2)
    return market.counter[TIME_MS] + minutes * MINUTE


@cold
def open_position(market: Market, settings: Settings, v: int, chance: Chance) -> float:
    """Open one position; return its signed quote amount if it took liquidity, else 0."""
    c = draw_cohort(market, chance)
    side = draw_side(market, settings, v, c, chance)
    is_taker = uniform(chance) < settings.taker_share
    price = market.venue[v, LAST] * math.exp(HALF_SPREAD * side * (1 if is_taker else -1))
    spread = market.cohort[c, SIZE_SPREAD]
    quote = market.cohort[c, MEDIAN_SIZE] * math.exp(spread * normal(chance))
    i = take_row(market)
    market.label[i, SIDE] = side
    market.label[i, VENUE] = v
    market.label[i, COHORT] = c
    market.number[i, ENTRY] = price
    market.number[i, SIZE] = quote / notional(market, v, 1.0, price)
    market.number[i, OPENED_MS] = market.counter[TIME_MS]
    market.number[i, LEVERAGE] = draw_leverage(market, v, c, chance)
    set_margin(market, i, c, chance)
    set_stop(market, settings, i, c, chance)
    set_target(market, i, c, chance)
    set_triggers(market, i, draw_expiry(market, settings, i, c, chance), market.venue.shape[0])
    market.venue[v, OPEN_LONG if side > 0 else OPEN_SHORT] += market.number[i, SIZE]
    trade(market, v, side * market.number[i, SIZE], price, is_taker)
    if is_taker:
        charge(market, v, market.number[i, SIZE], price)
    market.counter[N_OPENED] += 1
    return side * quote if is_taker else 0.0


@cold
def open_positions(market: Market, settings: Settings, v: int, chance: Chance) -> float:
    """Open what arrives at a venue in one step; return the signed quote amount of takers."""
    rate = settings.orders_per_day * settings.step_ms / DAY * market.rule[v, SHARE]
    arriving = min(poisson(chance, rate * activity_now(market)), MOST_ORDERS)
    flow = 0.0
    for _ in range(arriving):
        flow += open_position(market, settings, v, chance)
    return flow
