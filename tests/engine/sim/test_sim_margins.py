"""The loops' liquidation prices against the margin rules of the engine."""

import numpy as np
import pytest
from tests.engine.sim.moments import COINS, ELSEWHERE, LONG, START_PRICE, Moment

from liqbands.instrument import ContractKind
from liqbands.margin import LiquidationPrices, Positions, liquidation_price
from liqbands.sim import START_MS, Exchange, VenueSettings, World
from liqbands.sim.birth import empty_market
from liqbands.sim.kernel import layout as at
from liqbands.sim.kernel.margins import liquidation_price as price_of


def by_the_rules(moment: Moment) -> LiquidationPrices:
    positions = Positions.from_arrays(
        side=moment.side,
        entry_price=moment.number[:, at.ENTRY],
        quantity=moment.size,
        margin=moment.number[:, at.MARGIN],
    )
    return liquidation_price(moment.instrument, positions)


def test_liquidation_prices_are_those_of_the_venue(seen: list[Moment]) -> None:
    """Where the known tiers end the loops go on with the last of them; the rules say nothing."""
    for moment in seen:
        expected = by_the_rules(moment)
        known = ~expected.beyond_tiers
        assert known.mean() > 0.9
        assert known.sum() > 1_000
        np.testing.assert_allclose(
            moment.number[known, at.LIQUIDATION], expected.price[known], rtol=1e-9
        )


def test_the_worlds_cover_the_rules_and_the_tiers(seen: list[Moment]) -> None:
    """The comparison above would say little if all positions were in the first tier."""
    last = seen[-len(seen[0].world.venues) :]
    results = [by_the_rules(moment) for moment in last]
    rules = {result.rule for result in results}
    if seen[0].world is COINS:
        assert rules == {"binance_inverse", "bybit_inverse", "fee_inverse"}
    if seen[0].world is ELSEWHERE:
        assert rules == {"fee_linear", "hyperliquid"}
        assert last[0].mark > 1.3 * START_PRICE
    assert max(len(np.unique(result.tier)) for result in results) > 1


def test_the_margin_left_at_the_liquidation_price_is_the_maintenance_margin(
    seen: list[Moment],
) -> None:
    """By hand, without tiers of size: for the small positions the first tier holds."""
    for moment in seen:
        price, entry = moment.number[:, at.LIQUIDATION], moment.number[:, at.ENTRY]
        gain = 1 / entry - 1 / price if moment.is_inverse else price - entry
        value = moment.size / price if moment.is_inverse else moment.size * price
        left = moment.number[:, at.MARGIN] + moment.side * moment.size * gain
        expected = by_the_rules(moment)
        small = np.isfinite(price) & (expected.tier <= 1) & ~expected.beyond_tiers
        rate = expected.maintenance_margin_rate + moment.rule[at.FEE_IN_RULE]
        np.testing.assert_allclose(left[small], (rate * value)[small], rtol=1e-6)


@pytest.mark.parametrize(
    ("of_size", "upper", "expected"),
    [(1, 20.0, 90.9091), (1, 8.0, 91.8367), (0, 950.0, 90.9091), (0, 20.0, 91.8367)],
)
def test_tiers_are_bounded_by_size_or_by_value(of_size: int, upper: float, expected: float) -> None:
    """A long of 10 at 100 with a margin of 100, and tiers of 1 and 2 %.

    (100 - 1000) / (10 (.01 - 1)) = 90.9091, a value of 909; (100 - 1000) / (10 (.02 - 1)) =
    91.8367.  No venue's table of several tiers counts contracts, so this one is made up.
    """
    market = empty_market(World("w", "a world", venues=(VenueSettings("bitget"),)), START_MS)
    market.rule[0, [at.BOUNDS_OF_SIZE, at.FEE_IN_RULE]] = of_size, 0.0
    market.tier[0] = [[upper, 0.01, 0.0], [np.inf, 0.02, 0.0]]
    market.label[0, at.SIDE] = LONG
    market.number[0, [at.ENTRY, at.SIZE, at.MARGIN]] = 100.0, 10.0, 100.0
    assert price_of(market, 0) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("venue", "kind"),
    [("deribit", ContractKind.LINEAR), ("bitmex", ContractKind.INVERSE)],
)
def test_a_venue_with_another_formula_is_refused(venue: str, kind: ContractKind) -> None:
    world = World("w", "a world", venues=(VenueSettings(venue, contract_kind=kind),))
    with pytest.raises(ValueError, match=f"was '{venue}'"):
        Exchange(world, 1)
