"""Binance's websocket frames, USD-M and COIN-M."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import market, markets_of, records

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, LiquidationEvent, MarkPrice, Trade
from liqbands_server.feeds.venues.binance import COIN_M, USD_M, Binance

USD, COIN = Binance(USD_M), Binance(COIN_M)
NOW = 1_591_154_240_949


def force_order(wire_id: str = "BTCUSDT", **changes: Any) -> dict[str, Any]:
    order: dict[str, Any] = {
        "s": wire_id,
        "S": "SELL",
        "o": "LIMIT",
        "f": "IOC",
        "q": "3",
        "p": "9425.5",
    }
    order |= {"ap": "9496.5", "X": "FILLED", "l": "3", "z": "3", "T": NOW}
    return {"e": "forceOrder", "E": NOW + 1, "o": order | changes}


def kline(wire_id: str, **changes: Any) -> dict[str, Any]:
    bar: dict[str, Any] = {
        "t": 1_638_747_660_000,
        "T": 1_638_747_719_999,
        "s": wire_id,
        "i": "1m",
        "o": "50000",
    }
    bar |= {"c": "50010", "h": "50020", "l": "49990", "v": "40", "q": "0.08", "V": "30", "x": True}
    return {"e": "kline", "E": 1_638_747_720_003, "s": wire_id, "k": bar | changes}


def test_a_selling_force_order_closed_a_long(payload: Callable[[str], Any]) -> None:
    (found,) = records(USD, payload("binance_usdm/ws_force_order.json"))
    expected = (1_568_014_460_893, 1, 9910.12345678, 0.014)
    assert found == LiquidationEvent(*expected, is_bankruptcy_price=False)


def test_a_buying_force_order_closed_a_short() -> None:
    (found,) = records(USD, force_order(S="BUY"))
    assert found.side == -1


def test_all_fills_of_a_force_order_count_and_not_the_last_alone() -> None:
    (found,) = records(USD, force_order(q="3", l="0.5", z="2.5"))
    assert found.quantity == 2.5


def test_a_force_order_that_nobody_met_says_nothing() -> None:
    assert records(USD, force_order(X="NEW", l="0", z="0", ap="0")) == []


def test_a_force_order_filled_at_no_price_is_refused() -> None:
    with pytest.raises(WireError, match="ap must be positive, was '0'"):
        records(USD, force_order(ap="0"))


@pytest.mark.parametrize(("wire_id", "dollars"), [("BTCUSD_PERP", 300.0), ("ETHUSD_PERP", 30.0)])
def test_coin_margined_contracts_are_100_or_10_dollars(wire_id: str, dollars: float) -> None:
    (found,) = records(COIN, force_order(wire_id, ps="BTCUSD"))
    assert found.quantity == dollars


def test_volumes_of_a_coin_margined_bar_are_dollars() -> None:
    (bar,) = records(COIN, kline("BTCUSD_PERP"))
    assert isinstance(bar, BarNews)
    assert (bar.volume, bar.quote_volume, bar.taker_buy_volume) == (4000.0, 4000.0, 3000.0)


@pytest.mark.parametrize(("name", "closed"), [("closed", True), ("open", False)])
def test_a_bar_is_closed_when_the_venue_says_so(
    name: str, closed: bool, payload: Callable[[str], Any]
) -> None:
    frame = payload(f"binance_usdm/ws_kline_{name}.json")
    frame["k"]["l"] = "0.0010"  # the open example of the documentation opens below its low
    (bar,) = records(USD, frame)
    assert (bar.open_time_ms, bar.is_closed) == (1_638_747_660_000, closed)
    assert (bar.volume, bar.quote_volume, bar.taker_buy_volume) == (1000.0, 1.0, 500.0)


def test_takers_cannot_buy_more_than_was_traded() -> None:
    with pytest.raises(WireError, match="more than the volume"):
        records(USD, kline("BTCUSDT", V="41"))


def test_bars_of_another_length_say_nothing() -> None:
    assert records(USD, kline("BTCUSDT", i="5m")) == []


def test_a_recorded_connection_is_read_trade_by_trade_and_bar_by_bar(
    recording: Callable[[str], list[Any]],
) -> None:
    frames = [raw["data"] for raw in recording("binance_usdm/ws_recorded_2021-07.txt")]
    followed = {raw["s"]: market("binance", f"{raw['s']}/X:X", raw["s"]) for raw in frames}
    told = [entry.record for raw in frames for entry in USD.read(raw, followed) or ()]
    raw_trades = [raw for raw in frames if raw["e"] == "aggTrade"]
    expected = [
        Trade(raw["T"], float(raw["p"]), float(raw["q"]), not raw["m"]) for raw in raw_trades
    ]
    assert [record for record in told if isinstance(record, Trade)] == expected
    closes = [float(raw["k"]["c"]) for raw in frames if raw["e"] == "kline"]
    assert [record.close for record in told if isinstance(record, BarNews)] == closes


def test_a_buyer_who_made_the_price_means_that_the_taker_sold() -> None:
    frame = {"e": "aggTrade", "E": NOW, "a": 1, "s": "BTCUSD_PERP", "p": "9400", "q": "5"}
    (trade,) = records(COIN, frame | {"f": 1, "l": 1, "T": NOW, "m": True})
    assert trade == Trade(NOW, 9400.0, 500.0, taker_is_buyer=False)


def test_the_mark_price_is_read_and_the_estimated_funding_is_not(
    payload: Callable[[str], Any],
) -> None:
    frame = payload("binance_usdm/ws_mark_price.json")
    assert records(USD, frame) == [MarkPrice(1_562_305_380_000, 11794.15)]


def test_times_in_the_last_century_are_refused(payload: Callable[[str], Any]) -> None:
    with pytest.raises(WireError, match="T must be a time in milliseconds"):
        records(USD, payload("binance_usdm/ws_agg_trade.json"))


@pytest.mark.parametrize("name", ["ws_book_ticker", "ws_depth_update", "ws_ticker", "ws_trade"])
def test_events_that_are_not_read_are_left_to_ccxt(
    name: str, payload: Callable[[str], Any]
) -> None:
    assert USD.read(payload(f"binance_usdm/{name}.json"), markets_of("binance")) is None


def test_acknowledgements_are_left_to_ccxt() -> None:
    assert USD.read({"result": None, "id": 1}, markets_of("binance")) is None
    assert USD.read([], markets_of("binance")) is None


def test_markets_that_nobody_follows_say_nothing() -> None:
    assert records(USD, force_order("ROSEUSDT")) == []
