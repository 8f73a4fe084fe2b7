"""Lists of triggers: by price bin and direction, and by minute of expiry."""

import math

from liqbands.kernel.compiled import cold
from liqbands.sim.kernel.layout import (
    BEFORE,
    BIN,
    DOWN,
    EXPIRED,
    HEAD,
    LIQUIDATED,
    LIQUIDATION,
    MARK,
    MINUTE,
    N_BINS,
    NEXT,
    NONE,
    REACH,
    SIDE,
    START_LOG,
    STOP,
    STOPPED,
    TARGET,
    TOOK_PROFIT,
    UP,
    VENUE,
    WHEEL_MINUTES,
    Market,
)


@cold
def bin_of(market: Market, log_price: float) -> int:
    """Return the trigger bin of a log price; may lie outside of the lists."""
    return math.floor((log_price - market.common[START_LOG] + REACH) / BIN)


@cold
def head_of(v: int, direction: int, place: int) -> int:
    """Return the index of a price list."""
    return (2 * v + direction) * N_BINS + place


@cold
def link(market: Market, node: int, head: int) -> None:
    """Put a trigger at the front of a list."""
    after = market.heads[head]
    market.link[node, NEXT] = after
    market.link[node, BEFORE] = NONE
    market.link[node, HEAD] = head
    if after != NONE:
        market.link[after, BEFORE] = node
    market.heads[head] = node


@cold
def unlink(market: Market, node: int) -> None:
    """Take a trigger out of its list, if it is in one."""
    head = market.link[node, HEAD]
    if head == NONE:
        return
    before = market.link[node, BEFORE]
    after = market.link[node, NEXT]
    if before == NONE:
        market.heads[head] = after
    else:
        market.link[before, NEXT] = after
    if after != NONE:
        market.link[after, BEFORE] = before
    market.link[node, HEAD] = NONE


@cold
def direction_of(market: Market, i: int, kind: int) -> int:
    """Return whether a trigger fires when the mark falls to it or when it rises to it."""
    is_long = market.label[i, SIDE] > 0
    return DOWN if is_long == (kind != TOOK_PROFIT) else UP


@cold
def set_price_trigger(market: Market, i: int, kind: int, price: float) -> None:
    """Set, move or (price NaN) remove a trigger of a position.

    A trigger that the mark has already passed goes to the mark's own list, which is looked at
    next.
    """
    node = 4 * i + kind
    unlink(market, node)
    if not price > 0.0:
        return
    v = market.label[i, VENUE]
    direction = direction_of(market, i, kind)
    place = bin_of(market, math.log(price))
    here = bin_of(market, math.log(market.venue[v, MARK]))
    place = min(place, here) if direction == DOWN else max(place, here)
    if 0 <= place < N_BINS:
        link(market, node, head_of(v, direction, place))


@cold
def set_triggers(market: Market, i: int, expiry_ms: int, n_venues: int) -> None:
    """Set all triggers of a new position."""
    set_price_trigger(market, i, LIQUIDATED, market.number[i, LIQUIDATION])
    set_price_trigger(market, i, STOPPED, market.number[i, STOP])
    set_price_trigger(market, i, TOOK_PROFIT, market.number[i, TARGET])
    wheel = 2 * n_venues * N_BINS
    link(market, 4 * i + EXPIRED, wheel + (expiry_ms // MINUTE) % WHEEL_MINUTES)


@cold
def clear_triggers(market: Market, i: int) -> None:
    """Remove all triggers of a position."""
    for kind in range(4):
        unlink(market, 4 * i + kind)


@cold
def trigger_price(market: Market, node: int) -> float:
    """Return the price of a node's trigger."""
    return market.number[node // 4, LIQUIDATION + node % 4]


@cold
def is_reached(market: Market, node: int, direction: int, mark: float) -> bool:
    """Return whether the mark is at or beyond the price of a trigger that is set."""
    if market.link[node, HEAD] == NONE:
        return False
    price = trigger_price(market, node)
    return price >= mark if direction == DOWN else price <= mark


@cold
def comes_first(market: Market, node: int, direction: int, mark: float) -> bool:
    """Return whether a trigger fires: not a liquidation whose trader acts before it.

    A stop closes the position and added margin moves its liquidation, so that a liquidation fired
    along with either would trade twice, or at a price that was never reached.
    """
    own = node - LIQUIDATED + STOPPED
    return node % 4 != LIQUIDATED or not is_reached(market, own, direction, mark)


@cold
def collect(market: Market, v: int, direction: int, place: int, n_fired: int) -> int:
    """Append the triggers of one list that the mark has reached; return the new number."""
    if place < 0 or place >= N_BINS:
        return n_fired
    mark = market.venue[v, MARK]
    node = market.heads[head_of(v, direction, place)]
    while node != NONE:
        if is_reached(market, node, direction, mark) and comes_first(market, node, direction, mark):
            market.fired[n_fired] = node
            n_fired += 1
        node = market.link[node, NEXT]
    return n_fired


@cold
def collect_reached(market: Market, v: int, frontiers: int) -> int:
    """Collect every trigger that the mark has reached since the last look, nearest first.

    ``frontiers`` is the column of the falling frontier; the rising one follows it.
    """
    here = bin_of(market, math.log(market.venue[v, MARK]))
    n_fired = 0
    for place in range(int(market.venue[v, frontiers]), here - 1, -1):
        n_fired = collect(market, v, DOWN, place, n_fired)
    for place in range(int(market.venue[v, frontiers + 1]), here + 1):
        n_fired = collect(market, v, UP, place, n_fired)
    market.venue[v, frontiers] = here
    market.venue[v, frontiers + 1] = here
    return n_fired
