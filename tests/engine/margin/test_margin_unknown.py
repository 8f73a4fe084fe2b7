"""Distances of positions that nobody disclosed."""

from math import isnan, log

import numpy as np
import pytest

from liqbands.instrument import ContractKind, Instrument, Side
from liqbands.margin import VENUES, liquidation_distance, max_leverage

INVERSE = ContractKind.INVERSE


@pytest.mark.parametrize(
    ("venue", "rate", "fee"),
    [("bybit", 0.005, 0), ("okx", 0.004, 0.0005), ("binance", 0.004, 0), ("gate", 0.005, 0.00075)],
)
def test_linear_distance_by_hand(venue: str, rate: float, fee: float) -> None:
    # P/E = (1 - s/L) / (1 - s (m + f)) at 10x
    instrument = Instrument(venue, "BTC/USDT:USDT")
    long = liquidation_distance(instrument, [10], Side.LONG)[0]
    short = liquidation_distance(instrument, [10], Side.SHORT)[0]
    assert long == pytest.approx(-log(0.9 / (1 - rate - fee)))
    assert short == pytest.approx(log(1.1 / (1 + rate + fee)))


def test_inverse_distance_by_hand() -> None:
    # P/E = (1 + s m) / (1 + s/L) at 10x, m = 0.01 on Deribit whatever the size
    instrument = Instrument("deribit", "BTC/USD:BTC", INVERSE)
    long = liquidation_distance(instrument, [10], Side.LONG)[0]
    short = liquidation_distance(instrument, [10], Side.SHORT)[0]
    assert long == pytest.approx(-log(1.01 / 1.1))
    assert short == pytest.approx(log(0.99 / 0.9))


def test_bybits_old_rule_holds_for_old_data() -> None:
    # P/E = 1 - (1/10 - 0.005)
    instrument = Instrument("bybit", "BTC/USDT:USDT")
    assert liquidation_distance(instrument, [10], Side.LONG, at_ms=0)[0] == pytest.approx(
        -log(0.905)
    )


def test_there_is_no_distance_where_there_is_no_liquidation_price() -> None:
    linear = Instrument("bybit", "BTC/USDT:USDT")
    inverse = Instrument("bybit", "BTC/USD:BTC", INVERSE)
    assert isnan(liquidation_distance(linear, [1], Side.LONG)[0])
    assert not isnan(liquidation_distance(linear, [1], Side.SHORT)[0])
    assert isnan(liquidation_distance(inverse, [1], Side.SHORT)[0])


def test_a_leverage_that_no_tier_allows_has_no_distance() -> None:
    instrument = Instrument("hyperliquid", "BTC/USDC:USDC")
    distance = liquidation_distance(instrument, [40, 41], Side.LONG)
    np.testing.assert_array_equal(np.isnan(distance), [False, True])


@pytest.mark.parametrize("venue", [venue.key for venue in VENUES] + ["nowhere"])
@pytest.mark.parametrize("side", Side)
def test_higher_leverage_is_nearer_on_every_venue(venue: str, side: Side) -> None:
    instrument = Instrument(venue, "BTC/USDT:USDT")
    leverage = np.linspace(1.5, max_leverage(instrument), 50)
    distance = liquidation_distance(instrument, leverage, side)
    assert (distance > 0).all()
    assert (np.diff(distance) < 0).all()


@pytest.mark.parametrize(
    ("venue", "symbol", "highest"),
    [
        ("binance", "BTC/USDT:USDT", 150),
        ("bybit", "ETH/USDT:USDT", 100),
        ("bybit", "DOGE/USDT:USDT", 100),
        ("dydx", "BTC/USDC:USDC", 50),
        ("nowhere", "EURUSD", 100),
    ],
)
def test_highest_leverage(venue: str, symbol: str, highest: float) -> None:
    assert max_leverage(Instrument(venue, symbol)) == highest
