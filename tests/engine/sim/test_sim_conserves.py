"""Nothing appears and nothing is lost: contracts, cash, the insurance fund."""

import numpy as np
import pytest
from tests.engine.sim.moments import BASE, COLLAPSE, CRASH, DAY, LONG, SHORT, Moment, look

from liqbands.instrument import FloatArray
from liqbands.sim import Exchange, World
from liqbands.sim.kernel import layout as at
from liqbands.sim.kernel.accounts import deleverage
from liqbands.sim.kernel.chance import seeded
from liqbands.sim.kernel.layout import Market


def test_a_venue_knows_what_its_traders_hold(seen: list[Moment]) -> None:
    for moment in seen:
        assert moment.venue[at.OPEN_LONG] == pytest.approx(moment.held(LONG), rel=1e-9)
        assert moment.venue[at.OPEN_SHORT] == pytest.approx(moment.held(SHORT), rel=1e-9)


def test_makers_hold_the_other_side(seen: list[Moment]) -> None:
    for moment in seen:
        wanted = moment.held(SHORT) - moment.held(LONG)
        allowed = 1e-9 * moment.open_interest
        assert moment.venue[at.INVENTORY] == pytest.approx(wanted, abs=allowed)


def test_traders_makers_and_hedgers_make_open_interest(seen: list[Moment]) -> None:
    """The makers' inventory lies on the smaller side, so that longs are as many as shorts."""
    for moment in seen:
        hedged, inventory = moment.venue[at.HEDGED], moment.venue[at.INVENTORY]
        longs = moment.held(LONG) + hedged + max(inventory, 0.0)
        shorts = moment.held(SHORT) + hedged + max(-inventory, 0.0)
        assert longs == pytest.approx(shorts, rel=1e-9)
        assert moment.open_interest == pytest.approx(longs, rel=1e-9)


def test_cash_and_what_positions_would_realise_add_up_to_nothing(seen: list[Moment]) -> None:
    """At the mark or any other price: what one gains another one loses."""
    for moment in seen:
        for price in (moment.mark, 0.8 * moment.mark, 1.5 * moment.mark):
            worth = -1 / price if moment.is_inverse else price
            makers = moment.cash[at.MAKERS] + moment.venue[at.INVENTORY] * worth
            others = moment.cash[[at.TRADERS, at.FUND, at.FEES]].sum()
            volume = moment.cash[at.FEES] / moment.rule[at.TAKER_FEE]
            rest = makers + others + moment.unrealised(price)
            assert abs(rest) < 1e-11 * volume


def test_every_position_is_backed(seen: list[Moment]) -> None:
    for moment in seen:
        assert (moment.size > 0).all()
        assert (moment.number[:, at.MARGIN] > 0).all()
        assert (moment.number[:, at.RESERVE] >= 0).all()
        assert (moment.number[:, at.ENTRY] > 0).all()


def test_nobody_is_more_levered_than_the_venue_allows(seen: list[Moment]) -> None:
    for moment in seen:
        assert moment.number[:, at.LEVERAGE].max() <= moment.rule[at.MAX_LEVERAGE]
        value = moment.size / moment.number[:, at.ENTRY] ** (2 if moment.is_inverse else 0)
        backed = value * moment.number[:, at.ENTRY] / moment.number[:, at.MARGIN]
        assert backed.max() <= moment.rule[at.MAX_LEVERAGE] * (1 + 1e-9)


def funds_of_a_crash(world: World, seed: int) -> tuple[FloatArray, Exchange]:
    """Return the insurance fund after each step of two hours from the crash on."""
    exchange = Exchange(world, seed)
    exchange.advance_to(exchange.start_ms + int(world.event.day * DAY))
    exchange.take_closings(0)
    funds = []
    for _ in range(720):
        exchange.step()
        funds.append(fund_of(exchange.market))
    return np.array(funds), exchange


def fund_of(market: Market) -> float:
    return float(market.rule[0, at.ENDOWMENT] + market.cash[0, at.FUND])


def test_a_fund_that_lasts_deleverages_nobody() -> None:
    funds, exchange = funds_of_a_crash(CRASH, 1)
    assert funds.min() > 0
    assert not (exchange.take_closings(0).kind == at.DELEVERAGED).any()


def test_winners_fill_an_empty_fund() -> None:
    """Without them the fund would be ten millions below zero.

    What is left are rounds that found nobody to close: 1e-5 of what stands open, in few steps.
    """
    funds, exchange = funds_of_a_crash(COLLAPSE, 3)
    closings = exchange.take_closings(0)
    gone = closings.kind == at.DELEVERAGED
    assert gone.sum() > 1_000
    assert (closings.side[gone] == SHORT).mean() > 0.98  # the price fell
    quote = exchange.quote(0)
    assert funds.min() > -1e-5 * quote.open_interest * quote.mark
    assert (funds < 0).mean() < 0.01


@pytest.mark.parametrize("lacking", [1e-3, 1e12])
def test_a_winner_gives_what_lacks_up_to_half_of_the_profit(lacking: float) -> None:
    exchange = Exchange(BASE, 3)
    exchange.advance(3_000)
    market, before = exchange.market, look(exchange, 0)
    market.cash[0, at.FUND] = -market.rule[0, at.ENDOWMENT] - lacking
    fund, traders = market.cash[0, at.FUND], market.cash[0, at.TRADERS]
    winning = LONG if before.unrealised(before.mark) > 0 else SHORT
    assert deleverage(market, 0, winning, seeded(1))
    gone = ~np.isin(before.number[:, at.ENTRY], look(exchange, 0).number[:, at.ENTRY])
    gain = before.venue[at.LAST] - before.number[gone, at.ENTRY]
    profit = float((before.side * before.size)[gone] @ gain)
    given = min(lacking, 0.5 * profit)
    assert profit > 0
    assert market.cash[0, at.FUND] - fund == pytest.approx(given, rel=1e-3)
    assert market.cash[0, at.TRADERS] - traders == pytest.approx(profit - given, rel=1e-6)
