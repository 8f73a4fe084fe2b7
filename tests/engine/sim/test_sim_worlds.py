"""Worlds differ as their names say."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.engine.sim.moments import (
    BASE,
    CRASH,
    DAY,
    LONG,
    SHORT,
    START_PRICE,
    THREE_VENUES,
    Moment,
    Watched,
    look,
    watch,
)

from liqbands.sim import START_MS, WORLDS, Cohort, Crowd, Exchange, Prices, World, find_world
from liqbands.sim.birth import empty_market, settings_of
from liqbands.sim.kernel import layout as at
from liqbands.sim.kernel.chance import seeded
from liqbands.sim.kernel.entries import turn_tastes
from liqbands.sim.kernel.prices import move_fair, push
from liqbands.sim.world import MENU
from liqbands.sim.worlds import HELD_OUT, NULLS, OTHERS, TRAINING, tilted


@cache
def three_days(name: str) -> tuple[Watched, ...]:
    return tuple(watch(find_world(name), seed, days=3, fills=1.5) for seed in (1, 2, 3))


@cache
def first_day(name: str) -> Moment:
    exchange = Exchange(find_world(name), 1)
    exchange.advance_to(START_MS + DAY)
    return look(exchange, 0)


def mean_volatility(name: str) -> float:
    return float(np.mean([watched.volatility for watched in three_days(name)]))


def liquidated_per_volatility(name: str) -> float:
    """Return the share liquidated per day over the volatility, which differs between seeds."""
    shares = [watched.forced_share / watched.volatility for watched in three_days(name)]
    return float(np.mean(shares))


def moved_by(world: World, quote: float) -> tuple[float, float]:
    """Return the lasting and the passing log move by an order."""
    market = empty_market(world, START_MS)
    fair = market.common[at.FAIR]
    push(market, settings_of(world, START_MS), 0, quote)
    return market.common[at.FAIR] - fair, market.venue[0, at.TRANSIENT]


def test_every_world_has_its_own_name_and_group() -> None:
    names = [world.name for world in WORLDS]
    assert len(set(names)) == len(names) == 16
    assert WORLDS == TRAINING + HELD_OUT + NULLS + OTHERS
    assert all(find_world(world.name) is world for world in WORLDS)
    with pytest.raises(ValueError, match="was 'bse'"):
        find_world("bse")


def test_a_calm_market_moves_less() -> None:
    assert mean_volatility("calm") < mean_volatility("base")


def test_traders_of_the_leverage_worlds_prefer_what_they_should() -> None:
    """By the mean log leverage of an order; what stays open differs less."""

    def preferred(name: str) -> float:
        cohorts = find_world(name).crowd.cohorts
        menus = np.array([np.array(c.popularity) / sum(c.popularity) for c in cohorts])
        weights = np.array([cohort.weight for cohort in cohorts])
        return float(weights @ menus @ np.log(MENU) / weights.sum())

    usual = preferred("base")
    assert math.exp(preferred("low-leverage") - usual) == pytest.approx(0.5, abs=0.15)
    assert math.exp(preferred("high-leverage") - usual) == pytest.approx(1.8, abs=0.3)


def test_more_leverage_is_liquidated_more() -> None:
    low, usual, high = (
        liquidated_per_volatility(name) for name in ("low-leverage", "base", "high-leverage")
    )
    assert low < usual
    assert 3 * low < high


def test_retail_orders_are_smaller() -> None:
    retail, usual = (
        np.mean([(w.closings.contracts * w.closings.price).mean() for w in three_days(name)])
        for name in ("retail-heavy", "base")
    )
    assert retail < 0.6 * usual


def test_prices_drift_as_the_trending_world_says() -> None:
    """Without reversion and noise a day adds the drift: .8 % a day is 60 % in two months."""
    trending = find_world("trending").prices
    assert math.exp(60 * trending.drift) == pytest.approx(1.6, abs=0.05)
    assert trending.reversion == 0
    quiet = replace(trending, daily_volatility=1e-6, jumps_per_day=0.0)
    world = replace(find_world("trending"), prices=quiet)
    market, settings = empty_market(world, START_MS), settings_of(world, START_MS)
    chance = seeded(1)
    for _ in range(8_640):
        move_fair(market, settings, chance)
    gain = market.common[at.FAIR] - math.log(START_PRICE)
    assert gain == pytest.approx(trending.drift, abs=2e-5)


def test_a_crash_is_the_base_world_until_it_begins() -> None:
    crash, base = Exchange(CRASH, 5), Exchange(BASE, 5)
    begins = START_MS + int(CRASH.event.day * DAY)
    for exchange in (crash, base):
        exchange.advance_to(begins)
    assert [a.tobytes() for a in crash.market] == [a.tobytes() for a in base.market]


def test_a_crash_falls_and_liquidates_longs() -> None:
    exchange = Exchange(CRASH, 5)
    exchange.advance_to(START_MS + int(CRASH.event.day * DAY))
    exchange.take_closings(0)
    before = exchange.quote(0)
    exchange.advance_to(exchange.time_ms + int(CRASH.event.minutes * at.MINUTE))
    after = exchange.quote(0)
    forced = exchange.take_closings(0).liquidations()
    assert math.log(after.mark / before.mark) < 0.8 * CRASH.event.move
    assert after.open_interest < 0.95 * before.open_interest
    assert forced.contracts[forced.side > 0].sum() > 0.95 * forced.contracts.sum()
    assert forced.contracts.sum() > 0.02 * before.open_interest


def test_the_named_crash_has_its_event_within_two_months() -> None:
    crash, squeeze = find_world("crash").event, find_world("squeeze").event
    assert 0 < crash.day < 60
    assert crash.move < -0.05
    assert crash.depth < 0.3
    assert 0 < squeeze.day < 60
    assert squeeze.move > 0.05


def test_a_squeeze_has_a_crowd_of_shorts() -> None:
    moment = first_day("squeeze")
    assert moment.held(SHORT) > moment.held(LONG)


def test_leverage_drifts_up_over_two_months() -> None:
    """After 60 days popularity is tilted by (L / 10)^drift, less the world's own start."""
    world = find_world("drifting-leverage")
    market, settings = empty_market(world, START_MS), settings_of(world, START_MS)
    market.counter[at.TIME_MS] = START_MS + 60 * DAY
    turn_tastes(market, settings)
    found = np.diff(market.taste, axis=1, prepend=0.0)
    expected = market.menu * (market.leverage / 10) ** world.crowd.leverage_drift
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    later = (found * np.log(market.leverage)).sum(axis=1) / found.sum(axis=1)
    first = (market.menu * np.log(market.leverage)).sum(axis=1) / market.menu.sum(axis=1)
    assert (later > first + 0.35).all()  # 42 % more leverage at least


def test_makers_trade_and_hedge_more_in_their_world() -> None:
    makers, usual = (first_day(name) for name in ("maker-heavy", "base"))
    shares = [moment.venue[at.HEDGED] / moment.open_interest for moment in (makers, usual)]
    assert shares[0] > 1.5 * shares[1]
    assert find_world("maker-heavy").crowd.churn > BASE.crowd.churn


def test_the_patient_hold_high_leverage_longer() -> None:
    """Median age at which the most and the least levered leave by themselves."""

    def ratio(watched: Watched) -> float:
        closings = watched.closings
        left = closings.kind == at.EXPIRED
        high = closings.age_ms[left & (closings.leverage > 40)]
        low = closings.age_ms[left & (closings.leverage < 5)]
        return float(np.median(high) / np.median(low))

    assert all(ratio(watched) < 0.1 for watched in three_days("base"))
    assert all(ratio(watched) > 0.2 for watched in three_days("patient"))
    stopped = [
        np.mean([(w.closings.kind == at.STOPPED).mean() for w in three_days(name)])
        for name in ("patient", "base")
    ]
    assert stopped[0] < 0.6 * stopped[1]


def test_rescuers_are_backed_by_more() -> None:
    def leverage(moment: Moment) -> float:
        entry, margin = moment.number[:, at.ENTRY], moment.number[:, at.MARGIN]
        return float(np.median(moment.size * entry / margin))

    assert leverage(first_day("rescuers")) < 0.7 * leverage(first_day("base"))


def test_orders_move_no_price_without_impact() -> None:
    for quote in (1e5, -1e5, 1e9):
        assert moved_by(find_world("no-impact"), quote) == (0.0, 0.0)
    exchange = Exchange(find_world("no-impact"), 5)
    exchange.advance(2_000)
    assert exchange.market.venue[0, at.TRANSIENT] == 0.0


def test_orders_move_prices_by_the_depth() -> None:
    """The depth of 1 % moves 1 %: a quarter for good, three quarters for now."""
    prices = BASE.prices
    lasting, passing = moved_by(BASE, prices.depth)
    assert lasting == pytest.approx(0.01 * prices.permanent_impact)
    assert passing == pytest.approx(0.01 * prices.transient_impact)
    sold = moved_by(BASE, -prices.depth)
    assert sold == pytest.approx((-lasting, -passing))


def test_double_impact_is_double() -> None:
    single, double = (moved_by(find_world(name), 1e6) for name in ("base", "double-impact"))
    assert double == pytest.approx((2 * single[0], 2 * single[1]))


def test_orders_go_to_venues_by_their_shares() -> None:
    exchange = Exchange(THREE_VENUES, 5)
    exchange.advance_to(START_MS + DAY)
    closed = np.array([len(exchange.take_closings(v).side) for v in range(3)])
    live = np.array([len(look(exchange, v).side) for v in range(3)])
    opened = live + closed
    shares = np.array([venue.share for venue in THREE_VENUES.venues])
    allowed = 5 * np.sqrt(shares / opened.sum())  # five standard deviations of a count
    np.testing.assert_array_less(np.abs(opened / opened.sum() - shares), allowed)


def test_venues_share_a_price_but_for_their_basis() -> None:
    exchange = Exchange(THREE_VENUES, 5)
    exchange.advance_to(START_MS + DAY)
    marks = np.log([exchange.quote(v).mark for v in range(3)])
    assert 0 < np.ptp(marks) < 0.01


def test_a_second_is_a_smaller_step_of_the_same_market() -> None:
    live = find_world("live")
    assert live.step_ms == 1_000
    exchange = Exchange(live, 5)
    exchange.advance(60)
    candles = exchange.take_candles(0)
    assert candles is not None
    assert len(candles) == 1


def test_tilting_tastes_keeps_what_they_weigh_at_ten() -> None:
    cohort = BASE.crowd.cohorts[0]
    steeper = tilted((cohort,), 1.0)[0]
    assert steeper.popularity[5] == cohort.popularity[5]  # 10x
    assert steeper.popularity[10] == pytest.approx(5 * cohort.popularity[10])  # 50x


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: replace(BASE, step_ms=7_000), "step_ms"),
        (lambda: replace(BASE, venues=()), "at least one venue"),
        (lambda: World("w", "a world", Prices(depth=-1.0)), "depth"),
        (lambda: World("w", "a world", crowd=Crowd(churn=-1.0)), "churn"),
        (lambda: replace(BASE.crowd.cohorts[0], popularity=(1.0,)), "popularity"),
        (lambda: replace(BASE.crowd.cohorts[0], cross=1.1), "cross"),
        (lambda: replace(BASE.crowd.cohorts[0], median_size=0.0), "median_size"),
    ],
)
def test_impossible_worlds_are_refused(make: Callable[[], World | Cohort], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
