"""Fair value, index, last and mark price, and what orders do to them."""

import math

from liqbands.kernel.compiled import cold
from liqbands.sim.kernel.chance import Chance, normal, uniform
from liqbands.sim.kernel.layout import (
    ACTIVITY,
    BASIS,
    BASIS_MEAN,
    BURST,
    DAY,
    FAIR,
    FRONTIER_DOWN,
    FRONTIER_UP,
    FUNDING,
    HEAT,
    HIGH,
    LAST,
    LOW,
    MARK,
    MARK_HIGH,
    MARK_LOW,
    MEAN_BASIS,
    PREMIUM_COUNT,
    PREMIUM_SUM,
    SENTIMENT,
    SHARE,
    SPOT,
    START_LOG,
    TIME_MS,
    TRANSIENT,
    UNREST,
    VOLATILITY,
    Market,
    Settings,
)
from liqbands.sim.kernel.triggers import bin_of

FUNDING_MS = 8 * 3_600_000
MEAN_BASIS_MS = 150_000
"""Binance averages the basis over 2.5 minutes."""
SPOT_FOLLOWS = 0.5
"""Share of a venue's displacement that the spot markets follow."""
MOST_IMPACT = 0.05
"""Largest move by one batch of orders, log."""


@cold
def revert(value: float, elapsed: float, half_life: float, spread: float, draw: float) -> float:
    """Return an Ornstein-Uhlenbeck value after a time; `draw` is a standard normal number."""
    kept = 0.5 ** (elapsed / half_life)
    return value * kept + spread * math.sqrt(1.0 - kept * kept) * draw


@cold
def is_event(market: Market, settings: Settings) -> bool:
    """Return whether the world's scripted event is on."""
    since = market.counter[TIME_MS] - settings.event_start_ms
    return 0 < since <= settings.event_ms


@cold
def volatility_now(market: Market, settings: Settings) -> float:
    """Return volatility over its usual value: slow regime, heat of recent moves, time of day."""
    common = market.common
    hour = (market.counter[TIME_MS] % DAY) / 3.6e6
    cycle = settings.daily_cycle * math.sin(2.0 * math.pi * (hour - 8.0) / 24.0)
    slow = common[VOLATILITY] - settings.volatility_spread**2  # its mean square is then 1
    return math.exp(slow + cycle) * math.sqrt(0.65 + 0.35 * common[HEAT])


@cold
def activity_now(market: Market) -> float:
    """Return order arrival over its usual rate; it rises with volatility."""
    return math.exp(market.common[ACTIVITY]) * market.common[UNREST] ** 0.7


@cold
def move_fair(market: Market, settings: Settings, chance: Chance) -> None:
    """Move the fair value: shocks, jumps, drift, the scripted event."""
    common = market.common
    days = settings.step_ms / DAY
    usual = settings.daily_volatility * math.sqrt(days)
    move = usual * volatility_now(market, settings) * math.exp(common[BURST])
    move *= normal(chance)
    if uniform(chance) < settings.jumps_per_day * days:
        move += settings.jump_size * normal(chance)
    if is_event(market, settings):
        move += settings.event_move * settings.step_ms / settings.event_ms
    home = settings.reversion * (common[START_LOG] - common[FAIR])
    common[FAIR] += move + (settings.drift + home) * days
    keep = 0.5 ** (settings.step_ms / 7.2e6)
    surprise = min(move / usual, 40.0) ** 2 if move > 0.0 else min(-move / usual, 40.0) ** 2
    common[HEAT] = min(common[HEAT] * keep + (1.0 - keep) * surprise, 12.0)
    common[UNREST] = volatility_now(market, settings)


@cold
def move_venue(market: Market, settings: Settings, v: int, chance: Chance) -> None:
    """Let a venue's displacement decay and its basis wander."""
    row = market.venue[v]
    row[TRANSIENT] *= 0.5 ** (settings.step_ms / 1000.0 / settings.decay)
    mean = market.rule[v, BASIS_MEAN]
    row[BASIS] = mean + revert(row[BASIS] - mean, settings.step_ms, 3.6e6, 3e-4, normal(chance))


@cold
def refresh_index(market: Market) -> None:
    """Set the index: spot markets follow part of what the venues' orders did."""
    shift = 0.0
    for v in range(market.venue.shape[0]):
        shift += market.rule[v, SHARE] * market.venue[v, TRANSIENT]
    market.common[SPOT] = market.common[FAIR] + SPOT_FOLLOWS * shift


@cold
def mark_price(market: Market, v: int) -> float:
    """Return the mark: median of last, index with funding, index with the mean basis."""
    row = market.venue[v]
    index = math.exp(market.common[SPOT])
    left = FUNDING_MS - market.counter[TIME_MS] % FUNDING_MS
    funded = index * (1.0 + row[FUNDING] * left / FUNDING_MS)
    smooth = index * math.exp(row[MEAN_BASIS])
    low, high = min(funded, smooth), max(funded, smooth)
    return min(max(row[LAST], low), high)


@cold
def refresh(market: Market, v: int) -> None:
    """Set last and mark price of a venue, and the extremes of its bar."""
    row, bar = market.venue[v], market.bar[v]
    row[LAST] = math.exp(market.common[FAIR] + row[TRANSIENT] + row[BASIS])
    row[MARK] = mark_price(market, v)
    here = bin_of(market, math.log(row[MARK]))  # a look at the triggers covers all marks since
    row[FRONTIER_DOWN] = max(row[FRONTIER_DOWN], here)
    row[FRONTIER_UP] = min(row[FRONTIER_UP], here)
    bar[HIGH] = max(bar[HIGH], row[LAST])
    bar[LOW] = min(bar[LOW], row[LAST])
    bar[MARK_HIGH] = max(bar[MARK_HIGH], row[MARK])
    bar[MARK_LOW] = min(bar[MARK_LOW], row[MARK])


@cold
def follow_basis(market: Market, settings: Settings, v: int) -> None:
    """Average the premium over the index, for the mark price and for funding."""
    row = market.venue[v]
    premium = math.log(row[LAST]) - market.common[SPOT]
    row[MEAN_BASIS] += (premium - row[MEAN_BASIS]) * min(1.0, settings.step_ms / MEAN_BASIS_MS)
    row[PREMIUM_SUM] += premium
    row[PREMIUM_COUNT] += 1.0


@cold
def depth_now(market: Market, settings: Settings, v: int) -> float:
    """Return the quote amount that moves a venue by 1 %: thinner when volatile."""
    depth = settings.depth * market.rule[v, SHARE]
    depth *= market.common[UNREST] ** -settings.depth_shyness
    return depth * settings.event_depth if is_event(market, settings) else depth


@cold
def push(market: Market, settings: Settings, v: int, signed_quote: float) -> None:
    """Move prices by a batch of taker orders: a lasting part for all, a passing part here."""
    move = 0.01 * signed_quote / depth_now(market, settings, v)
    move = min(max(move, -MOST_IMPACT), MOST_IMPACT)
    market.common[FAIR] += settings.permanent_impact * market.rule[v, SHARE] * move
    market.venue[v, TRANSIENT] += settings.transient_impact * move


@cold
def turn_minute(market: Market, settings: Settings, chance: Chance) -> None:
    """Let regimes, sentiment and tastes wander, once a minute."""
    common = market.common
    spread = settings.volatility_spread
    draw = normal(chance)
    common[VOLATILITY] = revert(common[VOLATILITY], 1.0, 2880.0, spread, draw)
    common[ACTIVITY] = revert(common[ACTIVITY], 1.0, 180.0, 0.3, normal(chance))
    common[SENTIMENT] = revert(common[SENTIMENT], 1.0, 2880.0, 1.0, normal(chance))
    common[BURST] = settings.fat_tail * normal(chance) - settings.fat_tail**2
    for m in range(market.mood.size):
        draw = normal(chance)
        market.mood[m] = revert(market.mood[m], 1.0, 4320.0, settings.leverage_spread, draw)
