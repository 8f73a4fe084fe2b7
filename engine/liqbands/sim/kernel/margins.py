"""What positions are worth and where they are liquidated, linear and inverse alike."""

import math

from liqbands.kernel.compiled import cold
from liqbands.sim.kernel.layout import (
    BOUNDS_OF_SIZE,
    DEDUCTION,
    ENTRY,
    FEE_IN_RULE,
    INVERSE,
    MARGIN,
    RATE,
    SIDE,
    SIZE,
    UPPER,
    VENUE,
    Market,
)


@cold
def worth(market: Market, v: int, price: float) -> float:
    """Return what one contract is worth, up to a constant: ``p`` linear, ``-1/p`` inverse."""
    return -1.0 / price if market.rule[v, INVERSE] > 0.0 else price


@cold
def notional(market: Market, v: int, size: float, price: float) -> float:
    """Return the quote value of contracts."""
    return size if market.rule[v, INVERSE] > 0.0 else size * price


@cold
def in_settlement(market: Market, v: int, quote: float, price: float) -> float:
    """Return a quote amount in the settlement currency."""
    return quote / price if market.rule[v, INVERSE] > 0.0 else quote


@cold
def profit(market: Market, i: int, price: float) -> float:
    """Return what a position has gained at a price, settlement currency."""
    v = market.label[i, VENUE]
    gain = worth(market, v, price) - worth(market, v, market.number[i, ENTRY])
    return market.label[i, SIDE] * market.number[i, SIZE] * gain


@cold
def price_under(market: Market, i: int, t: int) -> float:
    """Return the liquidation price under tier `t`: margin and profit equal the requirement.

    Linear: ``M + s q (P - E) = q P (m + f) - D``; inverse: ``M + s q (1/E - 1/P) =
    q (m + f) / P - D``.  NaN where there is none.
    """
    v = market.label[i, VENUE]
    s, q = float(market.label[i, SIDE]), market.number[i, SIZE]
    entry, margin = market.number[i, ENTRY], market.number[i, MARGIN]
    rate = market.tier[v, t, RATE] + market.rule[v, FEE_IN_RULE]
    held = margin + market.tier[v, t, DEDUCTION]
    if market.rule[v, INVERSE] > 0.0:
        below = held + s * q / entry
        price = q * (s + rate) / below if below != 0.0 else math.nan
    else:
        price = (held - s * q * entry) / (q * (rate - s))
    return price if price > 0.0 else math.nan


@cold
def bounded(market: Market, v: int, size: float, price: float) -> float:
    """Return what the tiers of a venue bound: contracts, or their value at a price."""
    if market.rule[v, BOUNDS_OF_SIZE] > 0.0:
        return size
    return size / price if market.rule[v, INVERSE] > 0.0 else size * price


@cold
def liquidation_price(market: Market, i: int) -> float:
    """Return the liquidation price under the tier that holds the position's value there."""
    v = market.label[i, VENUE]
    price = math.nan
    for t in range(market.tier.shape[1]):
        price = price_under(market, i, t)
        if not price > 0.0:
            return math.nan
        if bounded(market, v, market.number[i, SIZE], price) <= market.tier[v, t, UPPER]:
            break
    return price
