"""Hyperliquid's websocket frames."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import (
    HYPERLIQUID,
    market,
    markets_of,
    records,
    subscribe_again,
)

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, MarkPrice, OpenInterest, Trade
from liqbands_server.feeds.venues.hyperliquid import Hyperliquid

NOW = 1_710_146_280_000
MINUTE = 60_000
ETH = market("hyperliquid", "ETH/USDC:USDC", "ETH")
Payload = Callable[[str], Any]


def frame(channel: str, data: Any) -> dict[str, Any]:
    return {"channel": channel, "data": data}


def trade(number: int, time_ms: int = NOW, **changes: Any) -> dict[str, Any]:
    row = {"coin": "BTC", "side": "A", "px": "68517.0", "sz": "0.005", "time": time_ms}
    return {**row, "hash": "0xc8", "tid": number, "users": ["0xa", "0xb"], **changes}


def bar(open_ms: int, **changes: Any) -> dict[str, Any]:
    row = {"t": open_ms, "T": open_ms + 59_999, "s": "BTC", "i": "1m", "o": "100", "c": "101"}
    return {**row, "h": "102", "l": "99", "v": "1.20407", "n": 20, **changes}


def context(coin: str = "BTC", **changes: Any) -> dict[str, Any]:
    values = {"markPx": "77562.0", "openInterest": "27353.17682", "oraclePx": "77605.0"}
    return frame("activeAssetCtx", {"coin": coin, "ctx": {**values, **changes}})


def test_recorded_trades_are_read_oldest_first_with_the_taker_s_side(payload: Payload) -> None:
    rows = payload("hyperliquid/rest_recent_trades_btc.json")  # channel and answer have the same
    assert records(Hyperliquid(), frame("trades", rows)) == [
        Trade(1_769_916_000_000, 104300.0, 0.005, taker_is_buyer=False),
        Trade(1_769_916_001_000, 104310.5, 0.02, taker_is_buyer=True),
        Trade(1_769_916_002_000, 104320.0, 0.015, taker_is_buyer=False),
    ]


def test_trades_that_a_new_subscription_repeats_are_told_once() -> None:
    border = Hyperliquid()
    records(border, frame("trades", [trade(1), trade(2)]))
    again = frame("trades", [trade(3, NOW + 5), trade(2), trade(1)])
    assert [found.time_ms for found in records(border, again)] == [NOW + 5]


def test_a_bar_is_closed_when_the_next_one_begins() -> None:
    border = Hyperliquid()
    (first,) = records(border, frame("candle", bar(NOW)))
    assert first[:7] == (NOW, 100.0, 102.0, 99.0, 101.0, 1.20407, False)
    told = records(border, frame("candle", bar(NOW + MINUTE)))
    assert [(one.open_time_ms, one.is_closed) for one in told] == [
        (NOW, True), (NOW + MINUTE, False),
    ]  # fmt: skip


def test_a_bar_heard_before_a_break_is_not_called_closed_after_it() -> None:
    border = Hyperliquid()
    records(border, frame("candle", bar(NOW)))
    subscribe_again(border, [HYPERLIQUID])
    assert [one.is_closed for one in records(border, frame("candle", bar(NOW + MINUTE)))] == [False]


def test_mark_price_and_open_interest_without_a_time_are_of_the_last_trade_s(
    payload: Payload,
) -> None:
    (_, assets), *_ = payload("hyperliquid/ws_all_dexs_asset_ctxs.json")["data"]["ctxs"]
    border = Hyperliquid()
    border.read(frame("trades", [trade(1)]), markets_of("hyperliquid"))
    assert records(border, frame("activeAssetCtx", {"coin": "BTC", "ctx": assets[0]})) == [
        MarkPrice(NOW, 77562.0), OpenInterest(NOW, 27353.17682),
    ]  # fmt: skip


def test_trades_of_any_market_tell_the_time() -> None:
    border, both = Hyperliquid(), {"BTC": HYPERLIQUID, "ETH": ETH}
    border.read(frame("trades", [trade(1)]), both)
    border.read(frame("trades", [trade(2, NOW + 900, coin="ETH")]), both)
    records_told = [entry.record for entry in border.read(context(), both) or ()]
    assert records_told == [MarkPrice(NOW + 900, 77562.0), OpenInterest(NOW + 900, 27353.17682)]


def test_a_bar_that_begins_tells_the_time_too() -> None:
    border = Hyperliquid()
    records(border, frame("trades", [trade(1)]))
    records(border, frame("candle", bar(NOW + MINUTE)))
    assert {one.time_ms for one in records(border, context())} == {NOW + MINUTE}


def test_before_any_trade_nobody_knows_of_what_time_they_are() -> None:
    border = Hyperliquid()
    assert records(border, context()) == []
    records(border, frame("trades", [trade(1)]))
    subscribe_again(border, [HYPERLIQUID])
    assert records(border, context()) == []


def test_the_funding_rate_of_the_next_settlement_is_not_taken_for_a_settled_one() -> None:
    border = Hyperliquid()
    records(border, frame("trades", [trade(1)]))
    assert {type(one) for one in records(border, context(funding="0.1"))} == {
        MarkPrice, OpenInterest,
    }  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [frame("trades", [trade(1, sz="-1")]), frame("trades", [trade(1, side="sell")]),
     frame("trades", [trade(1, time=1_710_146_280)]), frame("trades", [trade(1, tid=None)]),
     frame("candle", bar(NOW + 1)), frame("candle", bar(NOW, h="1")), frame("candle", [])],
    ids=["negative", "no side", "seconds", "no name", "within a minute", "high below", "no bar"],
)  # fmt: skip
def test_what_cannot_be_true_is_refused(raw: Any) -> None:
    with pytest.raises(WireError, match="must"):
        records(Hyperliquid(), raw)


def test_a_context_without_a_mark_price_is_refused_once_the_time_is_known() -> None:
    border = Hyperliquid()
    records(border, frame("trades", [trade(1)]))
    with pytest.raises(WireError, match="markPx must be a number"):
        records(border, context(markPx=None))


def test_markets_that_nobody_follows_and_bars_of_another_length_say_nothing() -> None:
    assert records(Hyperliquid(), frame("trades", [trade(1, coin="ROSE")])) == []
    assert records(Hyperliquid(), context("ROSE")) == []
    assert records(Hyperliquid(), frame("candle", bar(NOW, i="5m"))) == []


@pytest.mark.parametrize("name", ["ws_allmids", "ws_user_fill_liquidation", "ws_book_data"])
def test_other_channels_are_left_to_ccxt(name: str, payload: Payload) -> None:
    raw = payload(f"hyperliquid/{name}.json")
    assert Hyperliquid().read(raw, markets_of("hyperliquid")) is None


@pytest.mark.parametrize("channel", ["subscriptionResponse", "pong", "error"])
def test_acknowledgements_and_pongs_are_left_to_ccxt(channel: str) -> None:
    assert Hyperliquid().read({"channel": channel}, markets_of("hyperliquid")) is None


def test_bars_do_not_say_what_they_are_worth_in_quote() -> None:
    (found,) = records(Hyperliquid(), frame("candle", bar(NOW)))
    assert isinstance(found, BarNews)
    assert found.quote_volume != found.quote_volume
