"""OKX's websocket frames."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import market, markets_of, records

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import LiquidationEvent, MarkPrice, OpenInterest, Trade
from liqbands_server.feeds.venues.okx import Okx

NOW = 1_692_266_434_010
UNI = market("okx", "UNI/USD:UNI", "UNI-USD-SWAP", 10.0)


def frame(channel: str, *rows: Any, wire_id: str = "BTC-USDT-SWAP") -> dict[str, Any]:
    return {"arg": {"channel": channel, "instId": wire_id}, "data": list(rows)}


def liquidations(*details: dict[str, Any], wire_id: str = "BTC-USDT-SWAP") -> dict[str, Any]:
    row: dict[str, Any] = {"instId": wire_id, "instFamily": "f", "instType": "SWAP", "uly": "f"}
    row["details"] = list(details)
    return {"arg": {"channel": "liquidation-orders", "instType": "SWAP"}, "data": [row]}


def detail(side: str = "sell", **changes: Any) -> dict[str, Any]:
    position = {"sell": "long", "buy": "short"}[side]
    row = {"side": side, "posSide": position, "bkPx": "61000.5", "bkLoss": "0", "sz": "13"}
    return {**row, "ccy": "", "ts": str(NOW), **changes}


@pytest.mark.parametrize(("word", "side"), [("sell", 1), ("buy", -1)])
def test_the_side_of_an_okx_liquidation_is_that_of_the_closing_order(word: str, side: int) -> None:
    (found,) = records(Okx(), liquidations(detail(word)))
    assert found == LiquidationEvent(NOW, side, 61000.5, 0.13, is_bankruptcy_price=True)


def test_details_beyond_the_first_are_read() -> None:
    details = [detail(sz="1"), detail(sz="2"), detail("buy", sz="3"), detail("buy", sz="3")]
    quantities = [found.quantity for found in records(Okx(), liquidations(*details))]
    assert quantities == [0.01, 0.02, 0.03, 0.03]


def test_liquidations_of_other_instruments_are_ignored_however_odd() -> None:
    both = liquidations(detail("buy"))
    both["data"].insert(0, {"instId": "IOST-USDT-SWAP", "details": "what is this"})
    assert len(records(Okx(), both)) == 1


def test_inverse_contracts_count_dollars() -> None:
    (found,) = records(Okx(), liquidations(detail(sz="7"), wire_id="BTC-USD-SWAP"))
    assert found.quantity == 700.0


def test_a_position_in_net_mode_is_read_by_the_order_s_side() -> None:
    (found,) = records(Okx(), liquidations(detail("buy", posSide="net")))
    assert found.side == -1


def test_a_long_that_was_bought_back_is_refused() -> None:
    with pytest.raises(WireError, match="long cannot be closed"):
        records(Okx(), liquidations(detail("buy", posSide="long")))


def test_trades_of_a_recorded_connection_are_read(recording: Callable[[str], list[Any]]) -> None:
    frames = recording("okx/ws_recorded_2022-05.txt")
    told = [entry.record for raw in frames for entry in Okx().read(raw, {UNI.wire_id: UNI}) or ()]
    about = {"channel": "trades", "instId": UNI.wire_id}
    rows = [row for raw in frames if raw["arg"] == about for row in raw.get("data", [])]
    expected = [
        Trade(int(row["ts"]), float(row["px"]), float(row["sz"]) * 10, row["side"] == "buy")
        for row in rows
    ]
    assert rows
    assert told == expected


def test_contracts_of_a_trade_become_base_units() -> None:
    row = {"instId": "BTC-USDT-SWAP", "px": "42219.9", "sz": "12", "side": "sell", "ts": str(NOW)}
    assert records(Okx(), frame("trades", row)) == [Trade(NOW, 42219.9, 0.12, False)]


@pytest.mark.parametrize(("confirm", "closed"), [("1", True), ("0", False)])
def test_a_bar_is_closed_when_the_venue_confirms_it(
    confirm: str, closed: bool, payload: Callable[[str], Any]
) -> None:
    row = payload("okx/rest_candlesticks_full.json")["data"][0]
    (bar,) = records(Okx(), frame("candle1m", [*row[:8], confirm]))
    assert bar[:5] == (1_747_094_040_000, 102806.1, 102820.4, 102806.1, 102820.4)
    assert bar.volume == pytest.approx(10.4037)  # the venue's own figure in coin
    assert (bar.is_closed, bar.quote_volume) == (closed, 1069603.34883)


def test_quote_volume_of_an_inverse_bar_is_its_contracts() -> None:
    row = ["1747094040000", "100", "101", "99", "100", "8", "8.0", "800", "1"]
    (bar,) = records(Okx(), frame("candle1m", row, wire_id="BTC-USD-SWAP"))
    assert (bar.volume, bar.quote_volume) == (800.0, 800.0)


def test_mark_price_has_the_venue_s_time(payload: Callable[[str], Any]) -> None:
    rows = payload("okx/rest_mark_price.json")["data"]  # channel and answer have the same rows
    assert records(Okx(), frame("mark-price", *rows)) == [MarkPrice(1_744_590_349_506, 84660.1)]


def test_open_interest_in_contracts_becomes_base_units() -> None:
    row = {"instType": "SWAP", "instId": "BTC-USDT-SWAP", "oi": "2216113", "ts": str(NOW)}
    row |= {"oiCcy": "22161.13", "oiUsd": "938000000"}
    (found,) = records(Okx(), frame("open-interest", row))
    assert isinstance(found, OpenInterest)
    assert found.time_ms == NOW
    assert found.quantity == pytest.approx(22161.13)  # the venue's own figure in coin


@pytest.mark.parametrize("name", ["ws_candle", "ws_tickers", "ws_funding_rate", "ws_books_update"])
def test_channels_that_are_not_read_are_left_to_ccxt(
    name: str, payload: Callable[[str], Any]
) -> None:
    assert Okx().read(payload(f"okx/{name}.json"), markets_of("okx")) is None


@pytest.mark.parametrize(
    "raw",
    ["pong", {"event": "subscribe", "arg": {"channel": "trades", "instId": "BTC-USDT-SWAP"}},
     {"event": "error", "msg": "channel doesn't exist", "code": "60018"}],
    ids=["pong", "acknowledgement", "error"],
)  # fmt: skip
def test_pongs_acknowledgements_and_errors_are_left_to_ccxt(raw: Any) -> None:
    assert Okx().read(raw, markets_of("okx")) is None
