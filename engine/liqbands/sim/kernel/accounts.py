"""Opening and closing positions so that contracts and cash are conserved."""

import math

from liqbands.kernel.compiled import cold
from liqbands.sim.kernel.chance import Chance, uniform
from liqbands.sim.kernel.layout import (
    DELEVERAGED,
    E_AGE_MS,
    E_KIND,
    E_LAST,
    E_LEVEL,
    E_LEVERAGE,
    E_MARK,
    E_PRICE,
    E_SIDE,
    E_SIZE,
    E_TIME,
    E_VENUE,
    ENDOWMENT,
    FEES,
    FUND,
    INVENTORY,
    LAST,
    LIQUIDATED,
    LIQUIDATION,
    LONG_LIQUIDATED,
    MAKERS,
    MARGIN,
    MARK,
    N_EVENTS,
    N_FREE,
    OPEN_LONG,
    OPENED_MS,
    QUOTE_VOLUME,
    SHORT_LIQUIDATED,
    SIDE,
    SIZE,
    TAKER_BUY,
    TAKER_FEE,
    TIME_MS,
    TRADERS,
    VENUE,
    VOLUME,
    Market,
)
from liqbands.sim.kernel.margins import profit, worth
from liqbands.sim.kernel.triggers import clear_triggers


@cold
def trade(market: Market, v: int, signed: float, price: float, is_taker: bool) -> None:
    """Book a trade of a trader (positive buys) against the market makers."""
    size = abs(signed)
    market.venue[v, INVENTORY] -= signed
    market.cash[v, MAKERS] += signed * worth(market, v, price)
    market.bar[v, VOLUME] += size
    market.bar[v, QUOTE_VOLUME] += size * price
    if (signed > 0.0) == is_taker:
        market.bar[v, TAKER_BUY] += size


@cold
def charge(market: Market, v: int, size: float, price: float) -> None:
    """Take the taker fee from the traders."""
    fee = market.rule[v, TAKER_FEE] * size * abs(worth(market, v, price))
    market.cash[v, TRADERS] -= fee
    market.cash[v, FEES] += fee


@cold
def take_row(market: Market) -> int:
    """Return a free row for a new position; there is always one (see `has_room`)."""
    market.counter[N_FREE] -= 1
    return market.free[market.counter[N_FREE]]


@cold
def note_event(market: Market, i: int, kind: int, price: float, time_ms: float) -> None:
    """Write down that a position was closed by force, stop, target or time."""
    v = market.label[i, VENUE]
    row = market.event[market.counter[N_EVENTS]]
    market.counter[N_EVENTS] += 1
    row[E_TIME] = time_ms
    row[E_KIND] = kind
    row[E_SIDE] = market.label[i, SIDE]
    row[E_VENUE] = v
    row[E_PRICE] = price
    row[E_LEVEL] = market.number[i, LIQUIDATION + kind] if kind <= 2 else math.nan
    row[E_SIZE] = market.number[i, SIZE]
    row[E_LEVERAGE] = effective_leverage(market, i)
    row[E_AGE_MS] = market.counter[TIME_MS] - market.number[i, OPENED_MS]
    row[E_MARK] = market.venue[v, MARK]
    row[E_LAST] = market.venue[v, LAST]


@cold
def effective_leverage(market: Market, i: int) -> float:
    """Return notional at entry over what backs the position."""
    v = market.label[i, VENUE]
    value = abs(worth(market, v, market.number[i, 0])) * market.number[i, SIZE]
    return value / market.number[i, MARGIN]


@cold
def close_position(market: Market, i: int, price: float, is_taker: bool) -> None:
    """Close a position against the makers and free its row."""
    v, side, size = market.label[i, VENUE], market.label[i, SIDE], market.number[i, SIZE]
    trade(market, v, -side * size, price, is_taker)
    if is_taker:
        charge(market, v, size, price)
    market.cash[v, TRADERS] += profit(market, i, price)
    market.venue[v, OPEN_LONG if side > 0 else OPEN_LONG + 1] -= size
    free_row(market, i)


@cold
def free_row(market: Market, i: int) -> None:
    """Forget a position."""
    clear_triggers(market, i)
    market.label[i, SIDE] = 0
    market.free[market.counter[N_FREE]] = i
    market.counter[N_FREE] += 1


@cold
def liquidate(market: Market, i: int, price: float, time_ms: float) -> None:
    """Close a position by force: the insurance fund takes what is left, or pays what lacks."""
    v, side, size = market.label[i, VENUE], market.label[i, SIDE], market.number[i, SIZE]
    left = market.number[i, MARGIN] + profit(market, i, price)
    left -= market.rule[v, TAKER_FEE] * size * abs(worth(market, v, price))
    note_event(market, i, LIQUIDATED, price, time_ms)
    market.bar[v, LONG_LIQUIDATED if side > 0 else SHORT_LIQUIDATED] += size
    close_position(market, i, price, is_taker=True)
    market.cash[v, TRADERS] -= left
    market.cash[v, FUND] += left


@cold
def deleverage(market: Market, v: int, side: int, chance: Chance) -> bool:
    """Close one winner of a side to fill the fund; return False when none was found.

    The winner is the best of 64 drawn by profit over margin times leverage, as venues rank.  It
    is closed at the last price and gives up at most half of its profit.
    """
    best, best_rank = -1, 0.0
    last = market.venue[v, LAST]
    for _ in range(64):
        i = int(uniform(chance) * market.label.shape[0])
        if market.label[i, SIDE] != side or market.label[i, VENUE] != v:
            continue
        rank = profit(market, i, last) / market.number[i, MARGIN] * effective_leverage(market, i)
        if rank > best_rank:
            best, best_rank = i, rank
    if best < 0:
        return False
    lacking = -(market.rule[v, ENDOWMENT] + market.cash[v, FUND])
    given = min(max(lacking, 0.0), 0.5 * profit(market, best, last))
    note_event(market, best, DELEVERAGED, last, float(market.counter[TIME_MS]))
    close_position(market, best, last, is_taker=False)
    market.cash[v, TRADERS] -= given
    market.cash[v, FUND] += given
    return True
