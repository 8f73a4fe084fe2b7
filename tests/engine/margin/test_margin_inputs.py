"""Names of venues, and inputs that are refused."""

import pytest

from liqbands.errors import MarginInputError
from liqbands.instrument import ContractKind, Instrument
from liqbands.margin import Positions, find_rule, find_venue, liquidation_price

LINEAR, INVERSE = ContractKind.LINEAR, ContractKind.INVERSE


def priced(columns: dict[str, float]) -> None:
    positions = Positions.from_arrays(**columns)
    liquidation_price(Instrument("bybit", "BTC/USDT:USDT"), positions)


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("binance", LINEAR, "binance_usdm"),
        ("binance", INVERSE, "binance_coinm"),
        ("binanceusdm", LINEAR, "binance_usdm"),
        ("binancecoinm", INVERSE, "binance_coinm"),
        ("bybit_linear", LINEAR, "bybit"),
        ("bybit_inverse", INVERSE, "bybit"),
        ("Gate.io", LINEAR, "generic"),
        ("gateio", LINEAR, "gate"),
        ("dydx", LINEAR, "dydx_v4"),
        ("dydx", INVERSE, "generic"),
        ("Deribit", INVERSE, "deribit"),
    ],
)
def test_venues_are_known_by_several_names(name: str, kind: ContractKind, key: str) -> None:
    assert find_venue(name, kind).key == key


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"leverage": 0.5}, "leverage must be at least 1, was 0.5"),
        ({"entry_price": -1.0, "leverage": 2}, "entry_price must be positive, was -1"),
        ({"side": 0, "leverage": 2}, "side must be +1 (long) or -1 (short), was 0"),
        ({}, "margin is missing, it must be given, or leverage"),
        ({"margin": 5}, "quantity is missing, it must be given along with a margin"),
        ({"margin": -5, "quantity": 1}, "margin must not be negative in isolated mode, was -5"),
        ({"leverage": 2, "maintenance_margin_rate": 1.5}, "0.5 % is 0.005, was 1.5"),
        ({"leverage": 2, "maintenance_deduction": 5}, "needs the maintenance_margin_rate"),
        ({"leverage": [5, 0.5]}, "position 1: leverage must be at least 1, was 0.5"),
        ({"levrage": 2}, "levrage is no field"),
    ],
)
def test_a_wrong_position_is_refused_with_field_value_and_remedy(
    columns: dict[str, float], message: str
) -> None:
    with pytest.raises(MarginInputError) as caught:
        priced({"side": 1, "entry_price": 100.0} | columns)
    assert message in str(caught.value)


def test_a_formula_that_does_not_exist_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(MarginInputError, match="did you mean 'fee_linear'"):
        find_rule("fee_liner", LINEAR)


def test_a_fee_rule_of_an_unknown_venue_asks_for_the_fee() -> None:
    position = Positions.from_arrays(side=1, entry_price=100.0, leverage=10)
    with pytest.raises(MarginInputError, match="taker_fee_rate is missing"):
        liquidation_price(Instrument("nowhere", "X"), position, formula="fee_linear")
