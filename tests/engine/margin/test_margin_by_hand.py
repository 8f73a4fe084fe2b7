"""Cases worked out on paper; the arithmetic stands beside the number."""

import numpy as np
import pytest

from liqbands.instrument import ContractKind, Instrument
from liqbands.margin import (
    LiquidationPrices,
    MarginMode,
    Positions,
    Terms,
    find_rule,
    hedged_cross_price,
    linear_bankruptcy_price,
    liquidation_price,
)

LINEAR, INVERSE = ContractKind.LINEAR, ContractKind.INVERSE
BEFORE_BYBIT_CHANGED_MS = 1_756_771_199_999  # 2025-09-01T23:59:59.999Z
BYBIT_CHANGED_MS = 1_756_771_200_000


def priced(
    venue: str, symbol: str, kind: ContractKind = LINEAR, **columns: float
) -> LiquidationPrices:
    return liquidation_price(Instrument(venue, symbol, kind), Positions.from_arrays(**columns))


def test_binance_takes_the_bracket_of_the_liquidation_price() -> None:
    # Short 15 BTC at 50,000: 750,000 at entry is bracket 2.  At the price it is bracket 3,
    # (75000 + 1500 + 750000) / (15 * 1.0065) = 54730.915 -> 820,964 lies in 800,000..3,000,000;
    # with bracket 2 it would be 825300 / 15.075 = 54746.3 -> 821,194, outside 300,000..800,000.
    result = priced(
        "binance_usdm", "BTC/USDT:USDT", side=-1, entry_price=50_000, quantity=15, leverage=10
    )
    assert result.tier[0] == 3
    assert result.price[0] == pytest.approx(826_500 / 15.0975)


def test_binance_cross_uses_the_wallet_less_what_the_others_need() -> None:
    # (10000 - 300 - 200 + 0 - 1 * 50000) / (1 * (0.004 - 1)) = 40500 / 0.996
    position = Positions.from_arrays(
        side=1,
        entry_price=50_000,
        quantity=1,
        margin=10_000,
        other_maintenance_margin=300,
        other_unrealized_pnl=-200,
    )
    result = liquidation_price(
        Instrument("binance", "BTC/USDT:USDT"), position, margin_mode=MarginMode.CROSS
    )
    assert result.price[0] == pytest.approx(40_500 / 0.996)


def test_other_positions_do_not_touch_isolated_margin() -> None:
    # (5000 - 50000) / (0.004 - 1), the others left out
    result = priced(
        "binance",
        "BTC/USDT:USDT",
        side=1,
        entry_price=50_000,
        quantity=1,
        margin=5_000,
        other_maintenance_margin=4_000,
    )
    assert result.price[0] == pytest.approx(45_000 / 0.996)


def test_binance_coin_margined_short() -> None:
    # 100 contracts of 100 USD at 50,000 and 5x hold 0.04: 10000 * (0.004 - 1) / (0.04 - 0.2)
    result = priced(
        "binance", "BTC/USD:BTC", INVERSE, side=-1, entry_price=50_000, quantity=10_000, leverage=5
    )
    assert result.price[0] == pytest.approx(62_250)


def test_hedge_mode_shares_one_price() -> None:
    # (1000 + 5 + 0 - 3*100 + 1*120) / (3*0.01 + 1*0.02 - 3 + 1) is negative: margin covers all;
    # with 50: (50 + 5 - 300 + 120) / -1.95 = 64.10
    long = Terms.of(quantity=3, entry_price=100, maintenance_margin_rate=0.01, deduction=5)
    short = Terms.of(quantity=1, entry_price=120, maintenance_margin_rate=0.02)
    shared = hedged_cross_price([1000, 50], long, short)
    np.testing.assert_allclose(shared, [np.nan, 125 / 1.95])


def test_bybit_changed_its_rule_on_the_second_of_september_2025() -> None:
    # before: 20000 - (400 - 100) = 19700; since then 19600 / 0.995
    instrument = Instrument("bybit", "BTC/USDT:USDT")
    position = Positions.from_arrays(side=1, entry_price=20_000, quantity=1, leverage=50)
    old = liquidation_price(instrument, position, at_ms=BEFORE_BYBIT_CHANGED_MS)
    new = liquidation_price(instrument, position, at_ms=BYBIT_CHANGED_MS)
    assert (old.price[0], old.rule) == (pytest.approx(19_700), "bybit_linear_until_2025_09")
    assert (new.price[0], new.rule) == (pytest.approx(19_600 / 0.995), "bybit_linear")


def test_bybit_chose_the_tier_at_entry_before() -> None:
    # Short 39 BTC at 50,000 = 1.95M, tier 1 at entry; (5000 - 250) above entry.
    # Since then 2.135M at the price, tier 2: (195000 + 10000 + 1950000) / (39 * 1.01).
    instrument = Instrument("bybit", "BTC/USDT:USDT")
    position = Positions.from_arrays(side=-1, entry_price=50_000, quantity=39, leverage=10)
    old = liquidation_price(instrument, position, at_ms=BEFORE_BYBIT_CHANGED_MS)
    new = liquidation_price(instrument, position)
    assert (old.tier[0], old.price[0]) == (1, pytest.approx(54_750))
    assert (new.tier[0], new.price[0]) == (2, pytest.approx(2_155_000 / 39.39))


def test_bybit_inverse_short_with_added_margin_that_pays_its_fee() -> None:
    # q (1 - m) / (q/E - (M + x/(1 - f))), q = 60000, E = 50000, M = 0.12, x = 0.1, f = 0.001
    result = priced(
        "bybit",
        "BTC/USD:BTC",
        INVERSE,
        side=-1,
        entry_price=50_000,
        quantity=60_000,
        leverage=10,
        extra_margin=0.1,
        taker_fee_rate=0.001,
    )
    assert result.price[0] == pytest.approx(59_700 / (1.2 - 0.12 - 0.1 / 0.999))


def test_gate_inverse_short_charges_the_fee() -> None:
    # q E (1 - (m + f)) / (q - M E) = 10000 * 50000 * (1 - 0.00575) / (10000 - 1000)
    result = priced(
        "gate",
        "BTC/USD:BTC",
        INVERSE,
        side=-1,
        entry_price=50_000,
        quantity=10_000,
        margin=0.02,
        maintenance_margin_rate=0.005,
        taker_fee_rate=0.00075,
    )
    assert result.price[0] == pytest.approx(5e8 * 0.99425 / 9_000)


def test_okx_counts_its_tier_in_contracts_and_charges_its_fee() -> None:
    # 10 BTC are 1,000 contracts, the last of tier 1: (50000 - 500000) / (10 * (0.0045 - 1))
    result = priced("okx", "BTC/USDT:USDT", side=1, entry_price=50_000, quantity=10, leverage=10)
    assert (result.tier[0], result.price[0]) == (1, pytest.approx(450_000 / 9.955))


@pytest.mark.parametrize("side", [1, -1])
def test_deribit_inverse_is_where_equity_meets_the_growing_margin(side: int) -> None:
    # found by halving: equity + s q (1/E - 1/P) - (q/P) (0.01 + 0.00005 q/P) changes sign there
    quantity, entry, equity = 2_500_000.0, 100_000.0, 2.5
    low, high = (50_000.0, entry) if side > 0 else (entry, 200_000.0)

    def left(price: float) -> float:
        coins = quantity / price
        return equity + side * (quantity / entry - coins) - coins * (0.01 + 0.00005 * coins)

    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if left(middle) * left(low) < 0 else (middle, high)
    result = priced(
        "deribit",
        "BTC/USD:BTC",
        INVERSE,
        side=side,
        entry_price=entry,
        quantity=quantity,
        margin=2.5,
    )
    assert result.price[0] == pytest.approx(low, rel=1e-9)


def test_deribit_margin_below_maintenance_at_every_price_has_no_price() -> None:
    # short 2.5M USD with 1000 times the slope: k q^2 u^2 - 0.99 q u + 22.5 has no real root
    terms = Terms.of(
        side=-1,
        quantity=2.5e6,
        entry_price=1e5,
        margin=2.5,
        maintenance_margin_rate=0.01,
        maintenance_margin_slope=0.05,
    )
    assert np.isnan(find_rule("deribit_inverse", INVERSE).price(terms)[0])


def test_bankruptcy_lies_beyond_liquidation() -> None:
    # long 100 at 10x: bankrupt at 90, liquidated at 90 / 0.995
    assert linear_bankruptcy_price(Terms.of(side=1, entry_price=100, margin=10))[0] == 90
    result = priced("bybit", "BTC/USDT:USDT", side=1, entry_price=100, quantity=1, leverage=10)
    assert result.bankruptcy_price[0] < result.price[0] == pytest.approx(90 / 0.995)


@pytest.mark.parametrize(
    ("kind", "side", "margin"), [(LINEAR, 1, 100.0), (LINEAR, 1, 150.0), (INVERSE, -1, 1 / 3)]
)
def test_a_covered_position_has_no_liquidation_price(
    kind: ContractKind, side: int, margin: float
) -> None:
    entry = 100.0 if kind is LINEAR else 3.0
    result = priced("nowhere", "X", kind, side=side, entry_price=entry, quantity=1, margin=margin)
    assert np.isnan(result.price[0])
    assert not result.beyond_tiers[0]
    assert any("no liquidation price" in note for note in result.notes)


def test_a_long_at_100x_is_liquidated_below_entry() -> None:
    # 49500 / 0.995: maintenance 0.5 % of the value, not divided by the leverage, not left out
    long = priced("bybit", "BTC/USDT:USDT", side=1, entry_price=50_000, quantity=1, leverage=100)
    short = priced("bybit", "BTC/USDT:USDT", side=-1, entry_price=50_000, quantity=1, leverage=100)
    assert long.price[0] == pytest.approx(49_748.743718592965)
    assert short.price[0] == pytest.approx(50_500 / 1.005)
    assert long.price[0] < 50_000 < short.price[0]


def test_a_position_below_maintenance_at_entry_is_said_to_go_at_once() -> None:
    result = priced(
        "nowhere", "X", side=1, entry_price=100, leverage=100, maintenance_margin_rate=0.02
    )
    assert result.price[0] > 100
    assert any("at once" in note for note in result.notes)


def test_an_unknown_venue_is_generic_and_says_so() -> None:
    # at 10x 90 is left of 100, hence 90 / (1 - 0.005)
    result = priced("nowhere", "A/B:B", side=1, entry_price=100, leverage=10)
    assert (result.rule, result.is_generic, result.venue) == ("generic", True, "generic")
    assert result.price[0] == pytest.approx(90 / 0.995)
    assert any("generic" in note for note in result.notes)


def test_an_unknown_symbol_keeps_the_venues_formula_and_says_the_rate_is_generic() -> None:
    # with the fee of OKX, hence 90 / (1 - 0.005 - 0.0005)
    result = priced("okx", "PEPE/USDT:USDT", side=1, entry_price=100, leverage=10)
    assert (result.rule, result.is_generic, result.quality) == ("fee_linear", True, "generic")
    assert result.price[0] == pytest.approx(90 / 0.9945)
