"""Bybit's websocket frames."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import BYBIT_INVERSE, markets_of, records

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import (
    BarNews,
    LiquidationEvent,
    MarkPrice,
    OpenInterest,
    Trade,
)
from liqbands_server.feeds.venues.bybit import Bybit

NOW = 1_739_502_303_204


def liquidations(*events: dict[str, Any], wire_id: str = "BTCUSDT") -> dict[str, Any]:
    topic = f"allLiquidation.{wire_id}"
    return {"topic": topic, "type": "snapshot", "ts": NOW, "data": list(events)}


def event(side: str = "Sell", **changes: Any) -> dict[str, Any]:
    return {"T": NOW - 275, "s": "BTCUSDT", "S": side, "v": "0.5", "p": "61534.75", **changes}


def ticker(kind: str, **row: Any) -> dict[str, Any]:
    data = {"symbol": "BTCUSDT", **row}
    return {"topic": "tickers.BTCUSDT", "type": kind, "ts": NOW, "cs": 1, "data": data}


def kline(topic: str = "kline.1.BTCUSDT", **changes: Any) -> dict[str, Any]:
    row = {"start": 1_739_502_300_000, "end": 1_739_502_359_999, "interval": "1"}
    row |= {"open": "100", "close": "101", "high": "102", "low": "99.5", "volume": "2.5"}
    row |= {"turnover": "251", "confirm": False, "timestamp": NOW}
    return {"topic": topic, "type": "snapshot", "ts": NOW, "data": [row | changes]}


@pytest.mark.parametrize(("word", "side"), [("Buy", 1), ("Sell", -1)])
def test_the_side_of_a_bybit_liquidation_is_the_position_s(word: str, side: int) -> None:
    (found,) = records(Bybit(), liquidations(event(word)))
    assert found == LiquidationEvent(NOW - 275, side, 61534.75, 0.5, is_bankruptcy_price=True)


def test_every_liquidation_of_a_batch_counts_even_two_alike() -> None:
    batch = [event(), event(), event(p="61534.5")]
    prices = [found.price for found in records(Bybit(), liquidations(*batch))]
    assert prices == [61534.75, 61534.75, 61534.5]


def test_an_inverse_liquidation_is_counted_in_dollars() -> None:
    frame = liquidations(event(s="BTCUSD", v="2500"), wire_id="BTCUSD")
    (found,) = records(Bybit(), frame)
    assert found.quantity == 2500.0
    news = Bybit().read(frame, markets_of("bybit"))
    assert news is not None
    assert [entry.market for entry in news] == [BYBIT_INVERSE]


def test_two_sided_open_interest_is_halved(payload: Callable[[str], Any]) -> None:
    mark, open_interest = records(Bybit(), payload("bybit/ws_ticker_linear.json"))
    assert mark == MarkPrice(1_673_272_861_686, 17217.33)
    assert isinstance(open_interest, OpenInterest)
    assert open_interest.time_ms == 1_673_272_861_686
    assert open_interest.quantity == pytest.approx(68744.761 / 2)


def test_the_single_side_is_taken_where_the_venue_tells_it() -> None:
    frame = ticker("snapshot", openInterest="63910691", singleOpenInterest="31955346")
    assert records(Bybit(), frame) == [OpenInterest(NOW, 31955346.0)]


def test_a_delta_says_only_what_has_changed() -> None:
    assert records(Bybit(), ticker("delta", bid1Size="3")) == []
    assert records(Bybit(), ticker("delta", markPrice="17218")) == [MarkPrice(NOW, 17218.0)]
    assert records(Bybit(), ticker("delta", openInterest="10")) == [OpenInterest(NOW, 5.0)]


def test_a_field_left_empty_says_nothing() -> None:
    assert records(Bybit(), ticker("snapshot", markPrice="", openInterest="")) == []


def test_the_estimated_funding_rate_is_not_taken_for_a_settled_one() -> None:
    assert records(Bybit(), ticker("delta", fundingRate="0.0002")) == []


@pytest.mark.parametrize("closed", [True, False])
def test_a_bar_is_closed_when_the_venue_confirms_it(closed: bool) -> None:
    (bar,) = records(Bybit(), kline(confirm=closed))
    assert bar[:8] == (1_739_502_300_000, 100.0, 102.0, 99.5, 101.0, 2.5, closed, 251.0)


def test_turnover_of_an_inverse_bar_is_coin_and_not_its_quote_volume() -> None:
    frame = kline("kline.1.BTCUSD", volume="5000", turnover="49.9")
    (bar,) = records(Bybit(), frame)
    assert isinstance(bar, BarNews)
    assert (bar.volume, bar.quote_volume) == (5000.0, 5000.0)


def test_bars_of_another_length_say_nothing(payload: Callable[[str], Any]) -> None:
    assert records(Bybit(), payload("bybit/ws_kline.json")) == []


@pytest.mark.parametrize(
    "change",
    [{"high": "100.5"}, {"low": "100.5"}, {"start": 1_739_502_300_001}, {"volume": "-1"},
     {"confirm": "true"}, {"open": "NaN"}, {"start": 1_739_502_300}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_bar_that_cannot_be_true_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(WireError, match="must"):
        records(Bybit(), kline(**change))


def test_the_side_of_a_trade_is_the_taker_s(payload: Callable[[str], Any]) -> None:
    # The recording's topic is its author's own; the venue's is publicTrade.
    frame = payload("bybit/ws_public_trade.json") | {"topic": "publicTrade.BTCUSDT"}
    expected = Trade(1_709_891_679_000, 27451.0, 0.010, taker_is_buyer=True)
    assert records(Bybit(), frame) == [expected]


def test_a_block_trade_has_no_taker_and_is_left_out() -> None:
    row = {"T": NOW, "s": "BTCUSDT", "S": "Buy", "v": "100", "p": "61000", "i": "x", "BT": True}
    frame = {"topic": "publicTrade.BTCUSDT", "type": "snapshot", "ts": NOW, "data": [row]}
    assert records(Bybit(), frame) == []


def test_markets_that_nobody_follows_say_nothing() -> None:
    assert records(Bybit(), liquidations(event(s="ROSEUSDT"), wire_id="ROSEUSDT")) == []
    assert records(Bybit(), kline("kline.1.ROSEUSDT")) == []


@pytest.mark.parametrize(
    "name", ["ws_subscription_ack", "ws_subscription_failure", "ws_orderbook_delta"]
)
def test_acknowledgements_and_books_are_left_to_ccxt(
    name: str, payload: Callable[[str], Any]
) -> None:
    assert Bybit().read(payload(f"bybit/{name}.json"), markets_of("bybit")) is None


def test_pongs_are_left_to_ccxt() -> None:
    pong = {"success": True, "ret_msg": "pong", "conn_id": "x", "req_id": "1", "op": "ping"}
    assert Bybit().read(pong, markets_of("bybit")) is None
