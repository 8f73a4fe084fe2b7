"""Whatever arrives, a border reads it, leaves it to ccxt, or refuses it; nothing else happens."""

import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.server.feeds.venues.junk import JUNK, places, with_junk, without
from tests.server.feeds.venues.wire_markets import markets_of

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, LiquidationEvent, MarkPrice, Trade
from liqbands_server.feeds.venues.registry import FEEDS, find_border

NOW = 1_739_502_300_000
_TEXT = "2025-02-14T03:05:00.000Z"
_BYBIT_BAR = {"start": NOW, "open": "100", "close": "101", "high": "102", "low": "99",
              "volume": "2.5", "turnover": "251", "confirm": False}  # fmt: skip
_COIN_BAR = {"t": NOW, "s": "BTCUSD_PERP", "i": "1m", "o": "100", "c": "101", "h": "102", "l": "99",
             "v": "5", "q": "0.05", "V": "3", "x": True}  # fmt: skip
_ORDER = {"s": "BTCUSDT", "S": "SELL", "ap": "9496.5", "z": "3", "T": NOW}
_DETAIL = {"side": "sell", "posSide": "long", "bkPx": "61000", "sz": "13", "ts": str(NOW)}


def bybit(topic: str, data: Any) -> dict[str, Any]:
    return {"topic": topic, "type": "snapshot", "ts": NOW, "data": data}


def okx(channel: str, *rows: Any) -> dict[str, Any]:
    return {"arg": {"channel": channel, "instId": "BTC-USDT-SWAP"}, "data": list(rows)}


def bitget(channel: str, *rows: Any) -> dict[str, Any]:
    about = {"instType": "USDT-FUTURES", "channel": channel, "instId": "BTCUSDT"}
    return {"action": "update", "arg": about, "data": list(rows)}


def gate(channel: str, *rows: Any) -> dict[str, Any]:
    about = {"time": NOW // 1000, "time_ms": NOW, "channel": f"futures.{channel}"}
    return {**about, "event": "update", "result": list(rows)}


def dydx(channel: str, contents: Any, name: str = "BTC-USD") -> dict[str, Any]:
    about = {"type": "channel_data", "channel": channel, "id": name}
    return {**about, "contents": contents}


TRUE_FRAMES: list[tuple[str, dict[str, Any]]] = [
    ("bybit", bybit("kline.1.BTCUSDT", [_BYBIT_BAR])),
    ("bybit", bybit("tickers.BTCUSDT", {"markPrice": "100", "openInterest": "10"})),
    ("bybit", bybit("publicTrade.BTCUSDT", [{"T": NOW, "s": "BTCUSDT", "S": "Buy", "v": "1",
                                             "p": "100", "BT": False}])),
    ("bybit", bybit("allLiquidation.BTCUSDT", [{"T": NOW, "s": "BTCUSDT", "S": "Buy", "v": "1",
                                                "p": "100"}])),
    ("okx", okx("trades", {"instId": "BTC-USDT-SWAP", "px": "100", "sz": "12", "side": "sell",
                           "ts": str(NOW)})),
    ("okx", okx("candle1m", [str(NOW), "100", "102", "99", "101", "5", "0.05", "5", "1"])),
    ("okx", okx("mark-price", {"instId": "BTC-USDT-SWAP", "markPx": "100", "ts": str(NOW)})),
    ("okx", okx("open-interest", {"instId": "BTC-USDT-SWAP", "oi": "100", "ts": str(NOW)})),
    ("okx", okx("liquidation-orders", {"instId": "BTC-USDT-SWAP", "details": [_DETAIL]})),
    ("binance", {"e": "forceOrder", "E": NOW, "o": _ORDER}),
    ("binance", {"e": "aggTrade", "s": "BTCUSDT", "p": "100", "q": "5", "T": NOW, "m": True}),
    ("binance", {"e": "markPriceUpdate", "E": NOW, "s": "BTCUSDT", "p": "100"}),
    ("binancecoinm", {"e": "kline", "E": NOW, "s": "BTCUSD_PERP", "k": _COIN_BAR}),
    ("bitget", bitget("trade", {"ts": str(NOW), "price": "100", "size": "1", "side": "buy",
                                "tradeId": "1"})),
    ("bitget", bitget("candle1m", [str(NOW), "100", "102", "99", "101", "5", "500"])),
    ("bitget", bitget("ticker", {"markPrice": "100", "holdingAmount": "10", "ts": str(NOW)})),
    ("gate", gate("trades", {"size": -5, "create_time_ms": NOW, "price": "100",
                             "contract": "BTC_USDT"})),
    ("gate", gate("candlesticks", {"t": NOW // 1000, "v": 5, "c": "101", "h": "102", "l": "99",
                                   "o": "100", "n": "1m_BTC_USDT", "w": False})),
    ("gate", gate("tickers", {"contract": "BTC_USDT", "mark_price": "100"})),
    ("dydx", dydx("v4_trades", {"trades": [{"id": "a", "side": "SELL", "size": "1", "price": "100",
                                            "type": "LIQUIDATED", "createdAt": _TEXT}]})),
    ("dydx", dydx("v4_candles", {"startedAt": _TEXT, "low": "99", "high": "102", "open": "100",
                                 "close": "101", "baseTokenVolume": "5", "usdVolume": "500",
                                 "startingOpenInterest": "7"}, "BTC-USD/1MIN")),
    ("dydx", dydx("v4_markets", {"oraclePrices": {"BTC-USD": {"oraclePrice": "100",
                                                              "effectiveAt": _TEXT}}})),
    ("hyperliquid", {"channel": "trades", "data": [{"coin": "BTC", "side": "A", "px": "100",
                                                    "sz": "1", "time": NOW, "tid": 7}]}),
    ("hyperliquid", {"channel": "candle", "data": {"t": NOW, "s": "BTC", "i": "1m", "o": "100",
                                                   "c": "101", "h": "102", "l": "99", "v": "5"}}),
]  # fmt: skip


@pytest.mark.parametrize(("feed", "frame"), TRUE_FRAMES)
def test_the_frames_below_are_true(feed: str, frame: dict[str, Any]) -> None:
    assert list(find_border(feed).read(frame, markets_of(feed)) or ())


@given(st.sampled_from(list(FEEDS)), JUNK)
def test_junk_is_read_left_or_refused(feed: str, junk: Any) -> None:
    read_or_refused(feed, junk)


@pytest.mark.parametrize(("feed", "frame"), TRUE_FRAMES)
@settings(max_examples=50)
@given(st.data())
def test_a_true_frame_with_junk_anywhere_is_read_left_or_refused(
    feed: str, frame: dict[str, Any], data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(list(places(frame))))
    read_or_refused(feed, with_junk(frame, place, data.draw(JUNK)))


@pytest.mark.parametrize(("feed", "frame"), TRUE_FRAMES)
def test_a_true_frame_with_anything_missing_is_read_left_or_refused(
    feed: str, frame: dict[str, Any]
) -> None:
    for place in places(frame):
        if place:
            read_or_refused(feed, without(frame, place))


def read_or_refused(feed: str, frame: Any) -> None:
    """Check that nothing is raised but `WireError`, and nothing said that cannot be true."""
    try:
        news = find_border(feed).read(frame, markets_of(feed))
    except WireError:
        return
    for entry in news or ():
        assert all_true(entry.record)


def all_true(record: Any) -> bool:
    numbers: Mapping[str, Any] = record._asdict()
    if any(math.isinf(number) for number in numbers.values()):
        return False
    if isinstance(record, Trade | LiquidationEvent):
        return bool(record.price > 0 and record.quantity > 0)
    if isinstance(record, BarNews):
        return bool(0 < record.low <= record.high and record.volume >= 0)
    return bool(record.price > 0) if isinstance(record, MarkPrice) else bool(record.quantity >= 0)
