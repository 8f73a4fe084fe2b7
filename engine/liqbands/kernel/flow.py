"""How much is opened and closed in a bar, on which side, and at which prices."""

import math

from liqbands.kernel.bars import BarValues, Rules
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.state import (
    AMOUNT,
    CLOSING,
    DISTANCE,
    FASTEST,
    HAZARD,
    WEIGHT,
    BookState,
    Tiers,
)


@hot
def long_share(bar: BarValues, rules: Rules) -> float:
    """Return the share of openings that is long."""
    if not rules.taker_split:
        return 0.5
    high, low = bar.high, bar.low
    tilt = 0.0
    if bar.taker_buy_volume == bar.taker_buy_volume and bar.volume > 0.0:
        tilt = bar.taker_buy_volume / bar.volume - 0.5
    elif high > low:
        tilt = rules.candle_weight * (2.0 * bar.close - high - low) / (high - low)
    share = 0.5 + rules.taker_weight * tilt
    return min(max(share, 0.02), 0.98)


@hot
def average_price(bar: BarValues) -> float:
    """Return quote over base volume where known and inside the bar, else (H + L + C) / 3."""
    if bar.volume > 0.0 and bar.quote_volume == bar.quote_volume:
        price = bar.quote_volume / bar.volume
        if bar.low <= price <= bar.high:
            return price
    return (bar.high + bar.low + bar.close) / 3.0


@hot
def effective_flow(volume: float, change: float, participation: float) -> float:
    """Return the volume that opens or closes: ``max(rho V, |dOI|)``; a missing volume is 0."""
    taken = participation * volume if volume == volume else 0.0
    return max(taken, abs(change))


@hot
def in_bar_share(tiers: Tiers, s: int, k: int, log_range: float) -> float:
    """Return the share of tier `k`'s openings that is also liquidated inside the bar."""
    if log_range <= 0.0:
        return 0.0
    left = max(0.0, 1.0 - tiers.value[s, DISTANCE, k] / log_range)
    return 0.5 * left * left


@hot
def totals(state: BookState, tiers: Tiers, s: int) -> tuple[float, float]:
    """Return a side's weighted contracts and the same times the hazards, on and off the grid.

    Four sums run side by side, in a fixed order: one would wait for each addition.
    """
    amount = state.tier[s, AMOUNT]
    weight = tiers.value[0, WEIGHT]
    closing = tiers.value[s, CLOSING]
    t0, t1, t2, t3 = 0.0, 0.0, 0.0, 0.0
    c0, c1, c2, c3 = 0.0, 0.0, 0.0, 0.0
    whole = amount.size - amount.size % 4
    for k in range(0, whole, 4):
        t0 += weight[k] * amount[k]
        t1 += weight[k + 1] * amount[k + 1]
        t2 += weight[k + 2] * amount[k + 2]
        t3 += weight[k + 3] * amount[k + 3]
        c0 += closing[k] * amount[k]
        c1 += closing[k + 1] * amount[k + 1]
        c2 += closing[k + 2] * amount[k + 2]
        c3 += closing[k + 3] * amount[k + 3]
    for k in range(whole, amount.size):
        t0 += weight[k] * amount[k]
        c0 += closing[k] * amount[k]
    return (t0 + t1) + (t2 + t3), (c0 + c1) + (c2 + c3)


@hot
def closing_rate(state: BookState, tiers: Tiers, s: int, closed: float, weighted: float) -> float:
    """Return theta such that closing each tier by theta times its hazard closes `closed`.

    Negative: the shares are ``1 - exp(theta * hazard)`` instead, because the linear form would
    close more than half of the fastest tier.
    """
    if weighted <= 0.0 or closed <= 0.0:
        return 0.0
    theta = closed / weighted
    if theta * tiers.value[s, HAZARD, tiers.limit[s, FASTEST]] <= 0.5:
        return theta
    return -exponential_rate(state, tiers, s, closed, theta)


@cold
def exponential_rate(state: BookState, tiers: Tiers, s: int, closed: float, theta: float) -> float:
    """Solve ``sum(weight * amount * (1 - exp(-theta * hazard))) = closed`` by Newton's method.

    The sum is concave in theta, so steps from the linear solution rise monotonically.
    """
    amount = state.tier[s, AMOUNT]
    for _ in range(100):
        reached = 0.0
        slope = 0.0
        for k in range(amount.size):
            left = math.exp(-theta * tiers.value[s, HAZARD, k])
            reached += tiers.value[0, WEIGHT, k] * amount[k] * (1.0 - left)
            slope += tiers.value[s, CLOSING, k] * amount[k] * left
        change = (closed - reached) / slope if slope > 0.0 else 0.0
        theta += change
        if abs(change) <= 1e-14 * theta:
            break
    return theta


@hot
def survival(theta: float, hazard: float) -> float:
    """Return the share of a tier that stays open."""
    return 1.0 - theta * hazard if theta >= 0.0 else math.exp(theta * hazard)


@cold
def standing(state: BookState, tiers: Tiers, s: int) -> float:
    """Return the weighted contracts of a side, on and off the grid."""
    return totals(state, tiers, s)[0]
