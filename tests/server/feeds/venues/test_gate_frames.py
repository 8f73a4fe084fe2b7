"""Gate's websocket frames."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import (
    GATE,
    market,
    markets_of,
    records,
    subscribe_again,
)

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, MarkPrice, Trade
from liqbands_server.feeds.venues.gate import Gate

NOW = 1_684_930_140  # seconds
MINUTE = 60


def frame(channel: str, *rows: Any, **changes: Any) -> dict[str, Any]:
    about = {"time": NOW, "time_ms": NOW * 1000 + 7, "channel": f"futures.{channel}"}
    return {**about, "event": "update", "result": list(rows), **changes}


def trade(size: Any, **changes: Any) -> dict[str, Any]:
    row = {"size": size, "id": 27753479, "create_time": NOW, "create_time_ms": NOW * 1000 + 123}
    return {**row, "price": "96000.5", "contract": "BTC_USDT", **changes}


def bar(opened: int, **changes: Any) -> dict[str, Any]:
    row = {"t": opened, "v": 27525, "c": "101", "h": "102", "l": "99", "o": "100"}
    return {**row, "n": "1m_BTC_USDT", "a": "2.7525", **changes}


@pytest.mark.parametrize(("size", "bought"), [(1200, True), (-1200, False), ("-1200", False)])
def test_contracts_of_a_trade_become_base_units_and_their_sign_is_the_taker_s_side(
    size: Any, bought: bool
) -> None:
    (found,) = records(Gate(), frame("trades", trade(size)))
    assert found[:2] == (NOW * 1000 + 123, 96000.5)
    assert (found.quantity, found.taker_is_buyer) == (pytest.approx(0.12), bought)


def test_trades_with_the_insurance_fund_are_beside_the_book_and_left_out() -> None:
    assert records(Gate(), frame("trades", trade(5, is_internal=True))) == []


def test_inverse_contracts_are_dollars() -> None:
    assert records(Gate(), frame("trades", trade(7, contract="BTC_USD"))) == [
        Trade(NOW * 1000 + 123, 96000.5, 7.0, taker_is_buyer=True)
    ]


def test_a_recorded_bar_counts_contracts_and_seconds(recording: Callable[[str], Any]) -> None:
    frames = recording("gate/ws_recorded_2023-05.txt")
    (raw,) = [one for one in frames if one["channel"] == "futures.candlesticks"
              and one["event"] == "update"]  # fmt: skip
    row = raw["result"][0]
    name = row["n"].partition("_")[2]
    here = market("gate", f"{name[:-5]}/USDT:USDT", name, 10.0)
    (told,) = [news.record for news in Gate().read(raw, {name: here}) or ()]
    assert isinstance(told, BarNews)
    assert told.open_time_ms == row["t"] * 1000
    assert told[1:5] == tuple(float(row[key]) for key in ("o", "h", "l", "c"))
    assert (told.volume, told.is_closed) == (row["v"] * 10.0, False)


def test_a_bar_is_closed_when_the_venue_says_so_and_only_once() -> None:
    border = Gate()
    told = records(border, frame("candlesticks", bar(NOW, w=False), bar(NOW, w=True)))
    told += records(border, frame("candlesticks", bar(NOW + MINUTE, w=False)))
    assert [(one.open_time_ms // 1000, one.is_closed) for one in told] == [
        (NOW, False), (NOW, True), (NOW + MINUTE, False),
    ]  # fmt: skip
    assert told[0].volume == pytest.approx(2.7525)


def test_a_bar_of_a_server_that_says_nothing_is_closed_by_the_next_one() -> None:
    border = Gate()
    told = records(border, frame("candlesticks", bar(NOW), bar(NOW + MINUTE)))
    assert [one.is_closed for one in told] == [False, True, False]


def test_a_bar_heard_before_a_break_is_not_called_closed_after_it() -> None:
    border = Gate()
    records(border, frame("candlesticks", bar(NOW)))
    subscribe_again(border, [GATE])
    assert [one.is_closed for one in records(border, frame("candlesticks", bar(NOW + 60)))] == [
        False
    ]


def test_mark_price_has_the_frame_s_time() -> None:
    row = {"contract": "BTC_USDT", "last": "96000", "mark_price": "96001.5", "total_size": "73648"}
    assert records(Gate(), frame("tickers", row)) == [MarkPrice(NOW * 1000 + 7, 96001.5)]
    older = frame("tickers", row, time_ms=0)
    assert records(Gate(), older) == [MarkPrice(NOW * 1000, 96001.5)]


@pytest.mark.parametrize(
    "raw",
    [frame("trades", trade(0)), frame("trades", trade("1.5x")),
     frame("trades", trade(1, create_time_ms=NOW)), frame("candlesticks", bar(NOW * 1000)),
     frame("candlesticks", bar(NOW + 1)), frame("candlesticks", bar(NOW, w="yes")),
     frame("candlesticks", bar(NOW, v=-1)), frame("tickers", {"contract": "BTC_USDT"})],
    ids=["nothing", "word", "seconds", "milliseconds", "within a minute", "no flag", "negative",
         "no mark"],
)  # fmt: skip
def test_what_cannot_be_true_is_refused(raw: Any) -> None:
    with pytest.raises(WireError, match="must"):
        records(Gate(), raw)


def test_markets_that_nobody_follows_and_bars_of_another_length_say_nothing() -> None:
    assert records(Gate(), frame("trades", trade(1, contract="ROSE_USDT"))) == []
    assert records(Gate(), frame("candlesticks", bar(NOW, n="5m_BTC_USDT"))) == []


def test_acknowledgements_and_order_books_of_a_recorded_connection_are_left_to_ccxt(
    recording: Callable[[str], Any],
) -> None:
    frames = recording("gate/ws_recorded_2023-05.txt")
    others = [one for one in frames if one["event"] != "update" or "book" in one["channel"]]
    assert len(others) > 50
    assert all(Gate().read(one, markets_of("gate")) is None for one in others)
