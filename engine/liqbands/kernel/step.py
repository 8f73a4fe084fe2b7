"""One bar: sweep, close, open, so that contracts are conserved on both sides."""

import math

from liqbands.kernel.bars import BarValues, Rules, StopLevels
from liqbands.kernel.booking import book_flow, rebase
from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.entries import add_entries, add_stops
from liqbands.kernel.field import tame_growth
from liqbands.kernel.flow import (
    closing_rate,
    effective_flow,
    in_bar_share,
    long_share,
    standing,
    survival,
    totals,
)
from liqbands.kernel.reported import dying_in_bar, take_reported
from liqbands.kernel.seed import seed_side
from liqbands.kernel.state import (
    AMOUNT,
    AVERAGE_VOLUME,
    BOOK,
    DEPOSIT,
    FASTEST,
    FLOW,
    GROWTH,
    HAZARD,
    LAST_SWEPT,
    OPEN_INTEREST,
    RAISED,
    SWEPT,
    SWEPT_TO,
    WEIGHT,
    BookState,
    Tiers,
)
from liqbands.kernel.sweep import sweep_side

JUMP = 5.0
"""A change of open interest by this factor in one bar is a change of unit, not of positions."""


@hot
def mirrored(log_price: float, s: int) -> float:
    """Return the log price as side `s` sees it."""
    return log_price if s == 0 else -log_price


@hot
def first_bin_above(log_price: float, step: float) -> int:
    """Return the lowest z whose centre is at or above a mirrored log price."""
    return math.ceil(log_price / step - 0.5)


@hot
def sweep_bar(
    state: BookState, tiers: Tiers, rules: Rules, bar: BarValues, s: int, now_ms: int
) -> float:
    """Sweep one side by the bar's extreme of mark (or last) price, then by what was reported."""
    extreme = bar.mark_low if s == 0 else bar.mark_high
    body = extreme
    if not (rules.mark_sweep and extreme == extreme):
        extreme = bar.low if s == 0 else bar.high
        body = extreme
        if rules.wick_retention > 0.0:
            inner = min(bar.open, bar.close), max(bar.open, bar.close)
            body = inner[0] if s == 0 else inner[1]
    z_wick = first_bin_above(mirrored(math.log(extreme), s), rules.step)
    z_body = z_wick
    if body != extreme:
        z_body = first_bin_above(mirrored(math.log(body), s), rules.step)
    state.places[s, SWEPT_TO] = z_wick
    swept = sweep_side(state, tiers, s, z_body, z_wick, rules.wick_retention, now_ms)
    state.ledger[s, SWEPT] += swept
    state.ledger[s, LAST_SWEPT] = swept
    return swept


@hot
def survivors(state: BookState, tiers: Tiers, rules: Rules, s: int, log_range: float) -> float:
    """Set the share of openings that outlives the bar, per tier; return the weighted rest.

    Short bars are not written: there everything outlives the bar.
    """
    if not rules.in_bar:
        return 0.0
    deposit = state.tier[s, DEPOSIT]
    dead = 0.0
    for k in range(deposit.size):
        share = in_bar_share(tiers, s, k, log_range) if k < tiers.n_entry else 0.0
        deposit[k] = 1.0 - share
        dead += tiers.value[0, WEIGHT, k] * share
    return dead


@hot
def turn_over(
    state: BookState, tiers: Tiers, rules: Rules, s: int, theta: float, opened: float
) -> None:
    """Close every tier by its share and open `opened`, less what dies inside the bar.

    Row ``DEPOSIT`` holds the surviving shares of long bars and leaves as the amounts to store.
    """
    hazard = tiers.value[s, HAZARD]
    amount = state.tier[s, AMOUNT]
    growth = state.tier[s, GROWTH]
    deposit = state.tier[s, DEPOSIT]
    if theta >= 0.0 and not rules.in_bar:
        for k in range(amount.size):
            left = 1.0 - theta * hazard[k]
            amount[k] = amount[k] * left + opened
            growth[k] /= left
            deposit[k] = opened * growth[k]
        return
    for k in range(amount.size):
        left = survival(theta, hazard[k])
        added = opened * deposit[k] if rules.in_bar else opened
        amount[k] = amount[k] * left + added
        growth[k] /= left
        deposit[k] = added * growth[k]


@hot
def conserve(
    state: BookState,
    tiers: Tiers,
    rules: Rules,
    s: int,
    target: float,
    change: float,
    flow: float,
    dead: float,
) -> None:
    """Close and open so that the side changes by exactly `change` contracts.

    `target` are the openings the flow offers, `flow` the effective volume, `dead` the share
    that dies inside the bar; ``ledger[s, LAST_SWEPT]`` has been swept already.
    """
    swept = state.ledger[s, LAST_SWEPT]
    total, weighted = totals(state, tiers, s)
    wanted = target * (1.0 - dead) - swept - change
    if not rules.conserving:
        wanted = 0.5 * (flow - change) - swept - target * dead  # what died has been closed too
    closed = min(max(wanted, 0.0), 0.999 * total) if rules.closing else 0.0
    opened = (change + swept + closed) / (1.0 - dead) if rules.conserving else target
    theta = closing_rate(state, tiers, s, closed, weighted)
    turn_over(state, tiers, rules, s, theta, max(opened, 0.0))
    if opened < 0.0:
        rebase(state, tiers, s, max(total + swept + change, 0.0))
        opened = 0.0
    book_flow(state, s, opened, closed, opened * dead, total)
    state.ledger[BOOK, RAISED] += max(opened - target, 0.0)
    state.ledger[BOOK, FLOW] += target


@hot
def step_open_interest(
    state: BookState, tiers: Tiers, rules: Rules, bar: BarValues, now_ms: int
) -> None:
    """Advance a book that is tied to open interest by one bar."""
    before = state.ledger[BOOK, OPEN_INTEREST]
    after = bar.open_interest
    if before != before:
        if after > 0.0:
            seed(state, tiers, rules, bar, now_ms)
        return
    if not after >= 0.0:
        after = before
    elif after > JUMP * before or JUMP * after < before:
        for s in range(2):
            rebase(state, tiers, s, standing(state, tiers, s) + after - before)
        before = after
    change = after - before
    state.ledger[BOOK, OPEN_INTEREST] = after
    flow = effective_flow(bar.volume, change, rules.participation)
    gross = flow + change if rules.gross_flow else 2.0 * max(change, 0.0)
    share = long_share(bar, rules)
    log_range = bar_range(bar, rules)
    for s in range(2):
        target = gross * (share if s == 0 else 1.0 - share)
        dead = survivors(state, tiers, rules, s, log_range)
        in_bar = dying_in_bar(state, bar, s, target, change, dead)
        take_reported(state, tiers, rules, bar, s, in_bar, now_ms)
        conserve(state, tiers, rules, s, target, change, flow, dead)
    add_entries(state, tiers, rules, bar, now_ms)


@hot
def bar_range(bar: BarValues, rules: Rules) -> float:
    """Return ln(high / low) of the mark price where known, else of the last price."""
    if not rules.in_bar:
        return 0.0
    if rules.mark_sweep and bar.mark_high == bar.mark_high and bar.mark_low == bar.mark_low:
        return math.log(bar.mark_high / bar.mark_low)
    return math.log(bar.high / bar.low)


@cold
def seed(state: BookState, tiers: Tiers, rules: Rules, bar: BarValues, now_ms: int) -> None:
    """Start both sides at open interest, around the bar's closing mark."""
    state.ledger[BOOK, OPEN_INTEREST] = bar.open_interest
    price = bar.close
    if rules.mark_sweep and bar.mark_close == bar.mark_close:
        price = bar.mark_close
    for s in range(2):
        z_mark = first_bin_above(mirrored(math.log(price), s), rules.step)
        seed_side(state, tiers, s, z_mark, bar.open_interest, now_ms)


@cold
def step_volume(
    state: BookState,
    tiers: Tiers,
    rules: Rules,
    bar: BarValues,
    stops: StopLevels,
    i: int,
    now_ms: int,
) -> None:
    """Advance a book that knows volume only (or not even that) by one bar; relative units."""
    average = state.ledger[BOOK, AVERAGE_VOLUME]
    volume = bar.volume
    if not volume >= 0.0:
        volume = average if average > 0.0 else 1.0
    if average > 0.0:
        average += rules.volume_decay * (volume - average)
    else:
        average = volume
    state.ledger[BOOK, AVERAGE_VOLUME] = average
    theta = rules.clock_per_bar * volume / average if average > 0.0 else 0.0
    if not rules.closing:
        theta = 0.0
    elif theta * tiers.value[0, HAZARD, tiers.limit[0, FASTEST]] > 0.5:
        theta = -theta
    share = long_share(bar, rules)
    log_range = bar_range(bar, rules)
    for s in range(2):
        target = volume * (share if s == 0 else 1.0 - share)
        dead = survivors(state, tiers, rules, s, log_range)
        take_reported(state, tiers, rules, bar, s, target * dead, now_ms)
        total = standing(state, tiers, s)
        turn_over(state, tiers, rules, s, theta, target)
        closed = total + target * (1.0 - dead) - standing(state, tiers, s)
        book_flow(state, s, target, closed, target * dead, total)
    add_entries(state, tiers, rules, bar, now_ms)
    for s in range(2):
        add_stops(state, tiers, rules, stops, i, s, now_ms)


@hot
def step(
    state: BookState,
    tiers: Tiers,
    rules: Rules,
    bar: BarValues,
    stops: StopLevels,
    i: int,
) -> None:
    """Advance the book by bar `i`: sweep, close, open."""
    now_ms = bar.open_time_ms + rules.bar_ms
    for s in range(2):
        if state.tier[s, GROWTH, tiers.limit[s, FASTEST]] > 1e12:
            tame_growth(state, s)
        state.ledger[s, LAST_SWEPT] = 0.0
        if rules.sweep:
            sweep_bar(state, tiers, rules, bar, s, now_ms)
    if stops.level.shape[0] > 0:
        step_volume(state, tiers, rules, bar, stops, i, now_ms)
    else:
        step_open_interest(state, tiers, rules, bar, now_ms)
