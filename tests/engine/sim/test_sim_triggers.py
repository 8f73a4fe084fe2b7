"""Trigger lists: whatever the mark reaches fires, and nothing else."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from tests.engine.sim.moments import (
    BASE,
    COLLAPSE,
    CRASH,
    DAY,
    HOUR,
    LONG,
    PRICE_TRIGGERS,
    SHORT,
    THREE_VENUES,
    Moment,
    look,
    reached_but_live,
)

from liqbands.sim import START_MS, Exchange, World
from liqbands.sim.birth import empty_market
from liqbands.sim.kernel import layout as at
from liqbands.sim.kernel.layout import Market
from liqbands.sim.kernel.prices import refresh
from liqbands.sim.kernel.triggers import collect_reached, set_price_trigger


def nodes_of_all_lists(market: Market) -> Iterator[tuple[int, int, int]]:
    """Yield (head, node before, node) of every list, and see to it that lists end."""
    for head in np.flatnonzero(market.heads != at.NONE):
        before, node = at.NONE, int(market.heads[head])
        for _ in range(market.link.shape[0]):
            yield int(head), before, node
            before, node = node, int(market.link[node, at.NEXT])
            if node == at.NONE:
                break
        else:
            raise AssertionError(f"list {head} does not end")


@pytest.fixture(scope="module", params=[THREE_VENUES, CRASH, COLLAPSE], ids=lambda w: w.name)
def exchange(request: pytest.FixtureRequest) -> Exchange:
    """Return a market that has come to half an hour into its crash, if it has one."""
    market = Exchange(request.param, 3)
    market.advance_to(START_MS + int(1.2 * DAY) + HOUR // 2)
    return market


def test_lists_are_linked_both_ways(exchange: Exchange) -> None:
    market, n_seen = exchange.market, 0
    for head, before, node in nodes_of_all_lists(market):
        assert market.link[node, at.BEFORE] == before
        assert market.link[node, at.HEAD] == head
        n_seen += 1
    assert n_seen == (market.link[:, at.HEAD] != at.NONE).sum() > 10_000


def test_no_ended_position_is_in_a_list(exchange: Exchange) -> None:
    market = exchange.market
    is_free = market.label[:, at.SIDE] == 0
    assert (market.link[:, at.HEAD].reshape(-1, 4)[is_free] == at.NONE).all()
    free = market.free[: market.counter[at.N_FREE]]
    np.testing.assert_array_equal(np.sort(free), np.flatnonzero(is_free))


def test_every_position_expires(exchange: Exchange) -> None:
    market = exchange.market
    wheel = 2 * len(exchange.world.venues) * at.N_BINS
    for v in range(len(exchange.world.venues)):
        head = look(exchange, v).heads[:, at.EXPIRED]
        assert (head >= wheel).all()
        assert (head < market.heads.size).all()


def test_a_trigger_is_set_exactly_where_it_has_a_price(seen: list[Moment]) -> None:
    """None is set further than `REACH` from the start: a price of a twentieth of it, or less."""
    for moment in seen:
        levels = moment.number[:, at.LIQUIDATION : at.TARGET + 1]
        away = np.abs(np.log(levels / moment.world.prices.start))
        is_set = moment.heads[:, list(PRICE_TRIGGERS)] != at.NONE
        np.testing.assert_array_equal(is_set, away < at.REACH)


def test_triggers_stand_in_the_right_order(seen: list[Moment]) -> None:
    """Liquidation, stop, entry, target: rising for longs, falling for shorts."""
    for moment in seen:
        side, number = moment.side, moment.number
        outward = side * np.log(number[:, at.ENTRY] / number[:, at.LIQUIDATION])
        stop = side * np.log(number[:, at.ENTRY] / number[:, at.STOP])
        target = side * np.log(number[:, at.TARGET] / number[:, at.ENTRY])
        assert (outward[np.isfinite(outward)] > 0).all()
        assert (stop[np.isfinite(stop)] > 0).all()
        assert (target[np.isfinite(target)] > 0).all()
        has_both = np.isfinite(stop) & np.isfinite(outward)
        assert (stop[has_both] < outward[has_both]).all()
        assert has_both.sum() > 100


@pytest.mark.parametrize("world", [BASE, THREE_VENUES], ids=lambda world: world.name)
def test_no_live_trigger_is_reached_after_a_step(world: World) -> None:
    exchange = Exchange(world, 3)
    exchange.advance_to(START_MS + DAY)
    for _ in range(100):
        exchange.advance(7)
        for v in range(len(world.venues)):
            assert not reached_but_live(look(exchange, v)).any()


def test_what_a_capped_cascade_leaves_is_fired_in_the_next_steps() -> None:
    """Only a collapse hits the cap on rounds; now and then a step leaves a few triggers behind."""
    exchange = Exchange(COLLAPSE, 3)
    exchange.advance_to(START_MS + int(COLLAPSE.event.day * DAY))
    left = []
    for _ in range(180):
        exchange.advance(2)
        left.append(int(reached_but_live(look(exchange, 0)).sum()))
    assert np.mean(np.array(left) > 0) < 0.4
    exchange.advance_to(exchange.time_ms + HOUR)
    assert not reached_but_live(look(exchange, 0)).any()


def test_what_fired_was_reached(seen: list[Moment]) -> None:
    world = seen[0].world
    exchange = Exchange(world, 3)
    exchange.advance_to(START_MS + 2 * DAY)
    for v in range(len(world.venues)):
        closings = exchange.take_closings(v)
        for kind in PRICE_TRIGGERS:
            fired = closings.kind == kind
            level, mark = closings.level[fired], closings.mark[fired]
            falls_to = (closings.side[fired] > 0) == (kind != at.TOOK_PROFIT)
            assert np.where(falls_to, level >= mark, level <= mark).all()
            assert fired.sum() > 20


def market_with_marks() -> Market:
    market = empty_market(BASE, START_MS)
    refresh(market, 0)
    collect_reached(market, 0, at.FRONTIER_DOWN)
    return market


def move_mark(market: Market, log_move: float) -> float:
    market.common[[at.FAIR, at.SPOT]] += log_move
    refresh(market, 0)
    return float(market.venue[0, at.MARK])


def put(market: Market, i: int, side: int, kind: int, price: float) -> None:
    market.label[i, at.SIDE] = side
    market.number[i, at.LIQUIDATION + kind] = price
    set_price_trigger(market, i, kind, price)


@pytest.mark.parametrize("side", [LONG, SHORT])
@pytest.mark.parametrize("kind", PRICE_TRIGGERS)
def test_a_trigger_fires_when_the_mark_comes_to_it(side: int, kind: int) -> None:
    """At 1 % from the mark: not after .9 %, and after 1.1 %, out of 40 bins on the way."""
    market = market_with_marks()
    way = -side if kind != at.TOOK_PROFIT else side
    put(market, 0, side, kind, market.venue[0, at.MARK] * math.exp(0.01 * way))
    move_mark(market, 0.009 * way)
    assert collect_reached(market, 0, at.FRONTIER_DOWN) == 0
    move_mark(market, 0.002 * way)
    assert collect_reached(market, 0, at.FRONTIER_DOWN) == 1
    assert market.fired[0] == kind


@pytest.mark.parametrize("side", [LONG, SHORT])
def test_a_trigger_set_between_two_looks_is_not_missed(side: int) -> None:
    """The mark leaves, a stop is set behind it, and the mark comes back beyond the stop.

    A look that goes from the last looked-at mark alone would begin on the wrong side of the stop.
    """
    market = market_with_marks()
    high = move_mark(market, 0.01 * side)
    put(market, 0, side, at.STOPPED, high * math.exp(-0.002 * side))
    move_mark(market, -0.005 * side)
    assert collect_reached(market, 0, at.FRONTIER_DOWN) == 1


def test_a_trigger_that_is_already_passed_fires_at_the_next_look() -> None:
    market = market_with_marks()
    put(market, 0, LONG, at.STOPPED, 1.001 * market.venue[0, at.MARK])
    assert collect_reached(market, 0, at.FRONTIER_DOWN) == 1


def test_a_trader_acts_before_being_liquidated() -> None:
    """A move through stop and liquidation at once fires the stop alone."""
    market = market_with_marks()
    mark = market.venue[0, at.MARK]
    put(market, 0, LONG, at.STOPPED, 0.995 * mark)
    put(market, 0, LONG, at.LIQUIDATED, 0.99 * mark)
    put(market, 1, LONG, at.LIQUIDATED, 0.99 * mark)
    move_mark(market, -0.02)
    n_fired = collect_reached(market, 0, at.FRONTIER_DOWN)
    nodes = {4 * 0 + at.STOPPED, 4 * 1 + at.LIQUIDATED}
    assert set(market.fired[:n_fired].tolist()) == nodes
