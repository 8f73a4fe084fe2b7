"""What must hold for every position of every rule, whatever the numbers."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liqbands.instrument import ContractKind, FloatArray, Instrument, Side
from liqbands.margin import (
    RULES,
    Positions,
    Rule,
    Terms,
    liquidation_price,
    load_tables,
)

LINEAR, INVERSE = ContractKind.LINEAR, ContractKind.INVERSE
SIDES = st.sampled_from(Side)
PRICES = st.floats(1e-4, 1e6)
LEVERAGES = st.floats(1.5, 40)
RATES = st.floats(0, 0.02)
QUANTITIES = st.floats(1e-3, 1e6)
FEES = st.floats(0, 0.002)

VALUED_AT_PRICE = [rule for rule in RULES if not rule.tier_at_entry]
ISOLATED_RULES = [rule for rule in RULES if rule.key != "bybit_inverse_cross_2019"]
TABLES = [
    (venue, table.symbol, table.contract_kind)
    for venue in ("binance_usdm", "binance_coinm", "bybit", "gate", "hyperliquid")
    for table in load_tables(venue).values()
    if table.quality != "partial"
]


def _key(rule: Rule) -> str:
    return f"{rule.key}-{rule.contract_kind}"


def _terms(rule: Rule, side: Side, entry: float, leverage: float, **more: float) -> Terms:
    value = more.get("quantity", 1.0) * entry
    if rule.contract_kind is INVERSE:
        value = more.get("quantity", 1.0) / entry
    return Terms.of(
        side=float(side), entry_price=entry, margin=value / leverage, leverage=leverage, **more
    )


def _margin_left(terms: Terms, kind: ContractKind, price: FloatArray) -> FloatArray:
    """Margin and profit less maintenance margin and fee, over the value, all at a price."""
    q, k = terms.quantity, terms.maintenance_margin_slope
    value = q * price if kind is LINEAR else q / price
    coins = q if kind is LINEAR else q / price
    profit = q * (price - terms.entry_price)
    if kind is INVERSE:
        profit = q * (1 / terms.entry_price - 1 / price)
    needed = value * (terms.maintenance_margin_rate + k * coins + terms.taker_fee_rate)
    left = terms.margin + terms.side * profit - (needed - terms.deduction)
    return left / (q * terms.entry_price if kind is LINEAR else q / terms.entry_price)


@settings(max_examples=50)
@pytest.mark.parametrize("rule", VALUED_AT_PRICE, ids=_key)
@given(side=SIDES, entry=PRICES, leverage=LEVERAGES, rate=RATES, fee=FEES, quantity=QUANTITIES)
def test_margin_left_at_the_price_is_the_maintenance_margin(
    rule: Rule,
    side: Side,
    entry: float,
    leverage: float,
    rate: float,
    fee: float,
    quantity: float,
) -> None:
    charged = fee if rule.takes_fee and rule.key != "bybit_inverse" else 0.0
    terms = _terms(
        rule,
        side,
        entry,
        leverage,
        quantity=quantity,
        maintenance_margin_rate=rate,
        taker_fee_rate=charged,
    )
    price = rule.price(terms)
    assert _margin_left(terms, rule.contract_kind, price)[0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("key", ["deribit_linear", "deribit_inverse"])
@given(side=SIDES, leverage=st.floats(1.5, 30), coins=st.floats(1e-3, 500))
def test_margin_left_is_the_maintenance_margin_when_the_rate_grows_with_size(
    key: str, side: Side, leverage: float, coins: float
) -> None:
    rule = next(rule for rule in RULES if rule.key == key)
    quantity = coins if rule.contract_kind is LINEAR else coins * 50_000
    rates = {"maintenance_margin_rate": 0.01, "maintenance_margin_slope": 5e-5}
    terms = _terms(rule, side, 50_000.0, leverage, quantity=quantity, **rates)
    left = _margin_left(terms, rule.contract_kind, rule.price(terms))
    assert left[0] == pytest.approx(0, abs=1e-8)


@given(side=SIDES, entry=PRICES, leverage=LEVERAGES, rate=RATES)
def test_until_2025_bybit_kept_the_maintenance_margin_of_the_entry_value(
    side: Side, entry: float, leverage: float, rate: float
) -> None:
    rule = next(rule for rule in RULES if rule.key == "bybit_linear_until_2025_09")
    price = rule.price(_terms(rule, side, entry, leverage, maintenance_margin_rate=rate))[0]
    left = entry / leverage + side * (price - entry)
    assert left == pytest.approx(rate * entry, abs=1e-9 * entry)


@settings(max_examples=50)
@pytest.mark.parametrize("rule", ISOLATED_RULES, ids=_key)
@given(side=SIDES, entry=PRICES, leverage=LEVERAGES, rate=RATES)
def test_higher_leverage_is_liquidated_nearer_and_on_the_losing_side(
    rule: Rule, side: Side, entry: float, leverage: float, rate: float
) -> None:
    near, far = (
        rule.price(_terms(rule, side, entry, level, maintenance_margin_rate=rate))[0]
        for level in (leverage * 1.1, leverage)
    )
    assert side * far < side * near < side * entry


@settings(max_examples=50)
@pytest.mark.parametrize("rule", RULES, ids=_key)
@given(side=SIDES, entry=PRICES, leverage=LEVERAGES, rate=RATES, scale=st.floats(0.01, 100))
def test_scaling_the_entry_scales_the_price(
    rule: Rule, side: Side, entry: float, leverage: float, rate: float, scale: float
) -> None:
    one, other = (
        rule.price(_terms(rule, side, price, leverage, maintenance_margin_rate=rate))[0]
        for price in (entry, scale * entry)
    )
    assert other == pytest.approx(scale * one, rel=1e-9)


@pytest.mark.parametrize(("venue", "symbol", "kind"), TABLES)
@settings(max_examples=10)
@given(side=SIDES, share=st.floats(1e-4, 0.9), leverage=st.floats(1.5, 4), entry=PRICES)
def test_exactly_one_tier_is_consistent_and_it_is_the_one_chosen(
    venue: str,
    symbol: str,
    kind: ContractKind,
    side: Side,
    share: float,
    leverage: float,
    entry: float,
) -> None:
    table = load_tables(venue)[symbol]
    value = share * (table.upper[-1] if np.isfinite(table.upper[-1]) else 2 * table.lower[-1])
    quantity = value / entry if kind is LINEAR else value * entry
    position = Positions.from_arrays(
        side=float(side), entry_price=entry, quantity=quantity, leverage=leverage
    )
    result = liquidation_price(Instrument(venue, symbol, kind), position)
    size = table.size_at(position.quantity, result.price)[0]
    assert not result.beyond_tiers[0]
    row = int(result.tier[0]) - 1
    is_last = row == len(table.upper) - 1
    assert table.lower[row] * (1 - 1e-9) <= size
    assert is_last or size <= table.upper[row] * (1 + 1e-9)


@pytest.mark.parametrize("venue", ["binance_usdm", "bybit", "gate", "hyperliquid", "nowhere"])
@settings(max_examples=20)
@given(rows=st.lists(st.tuples(SIDES, st.floats(1, 1e5), st.floats(1, 1e3), LEVERAGES), min_size=1))
def test_many_positions_at_once_give_what_each_gives_alone(
    venue: str, rows: list[tuple[Side, float, float, float]]
) -> None:
    instrument = Instrument(venue, "BTC/USDC:USDC" if venue == "hyperliquid" else "BTC/USDT:USDT")
    side, entry, quantity, leverage = (
        np.array(column, float) for column in zip(*rows, strict=True)
    )
    together = liquidation_price(
        instrument,
        Positions.from_arrays(side=side, entry_price=entry, quantity=quantity, leverage=leverage),
    )
    alone = [
        liquidation_price(
            instrument,
            Positions.from_arrays(side=s, entry_price=e, quantity=q, leverage=level),
        )
        for s, e, q, level in zip(side, entry, quantity, leverage, strict=True)
    ]
    np.testing.assert_array_equal(together.price, np.concatenate([one.price for one in alone]))
    np.testing.assert_array_equal(together.tier, np.concatenate([one.tier for one in alone]))


@given(entry=PRICES, leverage=st.floats(1.5, 90), extra=st.floats(0, 10))
def test_added_margin_moves_the_price_away(entry: float, leverage: float, extra: float) -> None:
    for rule in VALUED_AT_PRICE:
        terms = _terms(rule, Side.LONG, entry, leverage, maintenance_margin_rate=0.005)
        more = replace(terms, extra_margin=terms.margin * extra)
        price, further = rule.price(terms)[0], rule.price(more)[0]
        assert np.isnan(further) or further <= price


def test_the_callers_arrays_are_left_alone() -> None:
    entry, quantity = np.array([100.0, 200.0]), np.array([1.0, 2.0])
    positions = Positions.from_arrays(side=1, entry_price=entry, quantity=quantity, leverage=10)
    liquidation_price(Instrument("bybit", "BTC/USDT:USDT"), positions)
    np.testing.assert_array_equal(entry, [100.0, 200.0])
    np.testing.assert_array_equal(quantity, [1.0, 2.0])
    assert entry.flags.writeable


def test_every_term_has_the_shape_of_the_positions() -> None:
    terms = Terms.of(side=[1, -1, 1], margin=5)
    assert {getattr(terms, field.name).shape for field in fields(terms)} == {(3,)}
