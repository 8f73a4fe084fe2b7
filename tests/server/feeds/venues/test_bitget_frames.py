"""Bitget's websocket frames; nothing was recorded, so they are written as the venue documents."""

from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import BITGET, markets_of, records, subscribe_again

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import MarkPrice, OpenInterest, Trade
from liqbands_server.feeds.venues.bitget import Bitget

NOW = 1_701_871_620_000
MINUTE = 60_000


def frame(channel: str, *rows: Any, action: str = "update", name: str = "BTCUSDT") -> Any:
    about = {"instType": "USDT-FUTURES", "channel": channel, "instId": name}
    return {"action": action, "arg": about, "data": list(rows), "ts": NOW + 500}


def trade(number: int, time_ms: int, **changes: str) -> dict[str, str]:
    row = {"ts": str(time_ms), "price": "43854.01", "size": "0.0535", "side": "buy"}
    return {**row, "tradeId": str(number), **changes}


def bar(open_ms: int, close: str = "101") -> list[str]:
    return [str(open_ms), "100", "102", "99", close, "9.9287", "992.87", "992.87"]


def test_the_side_of_a_trade_is_the_taker_s_and_its_size_base_units() -> None:
    rows = trade(2, NOW + 1, side="sell", size="0.1"), trade(1, NOW)
    assert records(Bitget(), frame("trade", *rows)) == [
        Trade(NOW, 43854.01, 0.0535, taker_is_buyer=True),
        Trade(NOW + 1, 43854.01, 0.1, taker_is_buyer=False),
    ]


def test_trades_that_a_snapshot_repeats_after_a_reconnect_are_told_once() -> None:
    border = Bitget()
    assert len(records(border, frame("trade", trade(1, NOW)))) == 1
    again = frame("trade", trade(3, NOW + 2), trade(2, NOW + 1), trade(1, NOW), action="snapshot")
    assert [found.time_ms for found in records(border, again)] == [NOW + 1, NOW + 2]


def test_equal_trades_with_names_of_their_own_all_count() -> None:
    assert len(records(Bitget(), frame("trade", trade(1, NOW), trade(2, NOW)))) == 2


def test_a_bar_is_closed_when_the_next_one_begins() -> None:
    border = Bitget()
    (first,) = records(border, frame("candle1m", bar(NOW)))
    assert (first[:6], first.is_closed) == ((NOW, 100.0, 102.0, 99.0, 101.0, 9.9287), False)
    assert first.quote_volume == 992.87
    told = records(border, frame("candle1m", bar(NOW, "101.5"), bar(NOW + MINUTE)))
    assert [(one.open_time_ms, one.close, one.is_closed) for one in told] == [
        (NOW, 101.5, False), (NOW, 101.5, True), (NOW + MINUTE, 101.0, False),
    ]  # fmt: skip


def test_the_snapshot_of_a_new_subscription_closes_what_was_missed() -> None:
    rows = [bar(NOW + n * MINUTE) for n in range(-500, 1)]
    told = records(Bitget(), frame("candle1m", *rows, action="snapshot"))
    closed = {one.open_time_ms for one in told if one.is_closed}
    assert closed == {NOW - n * MINUTE for n in range(1, 10)}


def test_a_bar_heard_before_a_break_is_not_called_closed_after_it() -> None:
    border = Bitget()
    records(border, frame("candle1m", bar(NOW)))
    subscribe_again(border, [BITGET])
    told = records(border, frame("candle1m", bar(NOW + MINUTE)))
    assert [one.is_closed for one in told] == [False]


def test_mark_price_and_open_interest_come_with_the_ticker() -> None:
    row = {"instId": "BTCUSDT", "lastPr": "43480.4", "fundingRate": "0.000096"}
    row |= {"markPrice": "43476.4", "holdingAmount": "50670.787", "ts": str(NOW)}
    told = records(Bitget(), frame("ticker", row, action="snapshot"))
    assert told == [MarkPrice(NOW, 43476.4), OpenInterest(NOW, 50670.787)]


@pytest.mark.parametrize(
    "change", [{"size": "-1"}, {"price": "NaN"}, {"side": "long"}, {"ts": "1701871620"},
               {"tradeId": ""}], ids=lambda change: next(iter(change))
)  # fmt: skip
def test_a_trade_that_cannot_be_true_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(WireError, match="must"):
        records(Bitget(), frame("trade", trade(1, NOW, **change)))


def test_markets_that_nobody_follows_say_nothing() -> None:
    assert records(Bitget(), frame("trade", trade(1, NOW), name="ROSEUSDT")) == []


@pytest.mark.parametrize(
    "raw",
    ["pong", {"event": "subscribe", "arg": {"instType": "USDT-FUTURES", "channel": "trade"}},
     {"event": "error", "code": 30001, "msg": "doesn't exist"}, frame("books", {}),
     frame("candle5m", bar(NOW))],
    ids=["pong", "acknowledgement", "error", "book", "other length"],
)  # fmt: skip
def test_everything_else_is_left_to_ccxt(raw: Any) -> None:
    assert Bitget().read(raw, markets_of("bitget")) is None
