"""Tiers: which row holds, what lies beyond, and what the result says about the table."""

import numpy as np
import pytest

from liqbands.errors import UnknownSymbolError
from liqbands.instrument import ContractKind, Instrument
from liqbands.margin import (
    LiquidationPrices,
    Positions,
    initial_margin,
    liquidation_price,
    load_tables,
    tier_table,
)

FILES = (
    "binance_coinm",
    "binance_usdm",
    "bitget",
    "bybit",
    "deribit",
    "dydx_v4",
    "gate",
    "hyperliquid",
    "okx",
)
TABLES = [(file, symbol) for file in FILES for symbol in load_tables(file)]


def priced(venue: str, symbol: str, **columns: float) -> LiquidationPrices:
    instrument = Instrument(venue, symbol, ContractKind.LINEAR)
    return liquidation_price(instrument, Positions.from_arrays(**columns))


def test_beyond_a_partial_table_the_price_is_unknown() -> None:
    # 10.01 BTC are 1,001 contracts; the table ends at 1,000
    result = priced("okx", "BTC/USDT:USDT", side=1, entry_price=50_000, quantity=10.01, leverage=10)
    assert np.isnan(result.price[0])
    assert result.beyond_tiers[0]
    assert result.tier[0] == 0
    assert any("larger than the known tiers" in note for note in result.notes)


def test_a_position_that_grows_beyond_a_partial_table_is_unknown_too() -> None:
    # short 4 BTC at 48,000 = 192,000, in tier 2 of Bitget; liquidated above 200,000 in value
    result = priced("bitget", "BTC/USDT:USDT", side=-1, entry_price=48_000, quantity=4, leverage=5)
    assert result.beyond_tiers[0]


def test_beyond_a_complete_table_what_grows_keeps_the_last_rate() -> None:
    # short 1.7bn of BTC at 1x: (1.7e9 + 421482000 + 1.7e9) / 1.5 in value, above 1.8bn
    result = priced(
        "binance", "BTC/USDT:USDT", side=-1, entry_price=50_000, quantity=34_000, leverage=1
    )
    assert result.tier[0] == 12
    assert result.price[0] == pytest.approx((3.4e9 + 421_482_000) / 1.5 / 34_000)


@pytest.mark.parametrize(
    ("value", "tier"), [(0.01, 1), (299_999, 1), (300_000, 1), (300_001, 2), (1_800_001, 0)]
)
def test_bounds_are_exclusive_below_and_inclusive_above(value: float, tier: int) -> None:
    table = tier_table("binance_usdm", "BTC/USDT:USDT")
    scale = 1000.0 if tier == 0 else 1.0
    row = int(table.rows_at(np.array([value * scale]))[0])
    assert row + 1 == tier


def test_a_price_on_a_bound_takes_the_lower_tier() -> None:
    # (300000 - M) / 0.996 = ... chosen so that the value at the price is exactly 300,000 in tier 1
    quantity, entry = 10.0, 32_000.0
    margin = 300_000 * 0.004 - quantity * (30_000 - entry)
    result = priced(
        "binance", "BTC/USDT:USDT", side=1, entry_price=entry, quantity=quantity, margin=margin
    )
    assert (result.tier[0], result.price[0]) == (1, pytest.approx(30_000))


def test_quality_and_date_of_the_tiers_are_carried() -> None:
    dated = priced("bybit", "BTC/USDT:USDT", side=1, entry_price=1e4, leverage=5, quantity=1)
    assert (dated.quality, dated.as_of) == ("dated", "2026-02-27")
    assert any("dated" in note for note in dated.notes)
    given = priced(
        "bybit", "BTC/USDT:USDT", side=1, entry_price=1e4, leverage=5, maintenance_margin_rate=0.01
    )
    assert (given.quality, given.tier[0], given.notes) == (None, 0, ())


@pytest.mark.parametrize(("file", "symbol"), TABLES)
def test_bounds_join_and_rates_rise(file: str, symbol: str) -> None:
    table = tier_table(file, symbol)
    np.testing.assert_array_equal(table.lower, [0, *table.upper[:-1]])
    np.testing.assert_array_equal(table.number, np.arange(1, len(table.number) + 1))
    assert (np.diff(table.maintenance_margin_rate) > 0).all()
    assert (table.initial_margin_rate > table.maintenance_margin_rate).all()


@pytest.mark.parametrize(("file", "symbol"), TABLES)
def test_deductions_make_the_maintenance_margin_continuous(file: str, symbol: str) -> None:
    table = tier_table(file, symbol)
    steps = table.lower[1:] * np.diff(table.maintenance_margin_rate)
    if table.scheme == "progressive":
        np.testing.assert_allclose(np.diff(table.deduction), steps, rtol=1e-6)
    else:
        assert not table.deduction.any()


def test_initial_margin_is_unknown_above_the_last_tier() -> None:
    table = tier_table("bitget", "BTC/USDT:USDT")
    assert np.isnan(initial_margin(table, np.array([3.0]), np.array([100_000.0])))[0]


def test_a_table_nobody_has_is_an_unknown_symbol() -> None:
    with pytest.raises(UnknownSymbolError, match="DOGE"):
        tier_table("bybit", "DOGE/USDT:USDT")
