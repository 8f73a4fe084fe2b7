"""dYdX's websocket frames."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import DYDX, markets_of, records, subscribe_again

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import (
    BarNews,
    LiquidationEvent,
    MarkPrice,
    OpenInterest,
    Trade,
)
from liqbands_server.feeds.venues.dydx import Dydx

START = 1_704_067_200_000  # 2024-01-01T00:00:00Z
MINUTE = 60_000
Payload = Callable[[str], Any]


def trades(*rows: dict[str, str], kind: str = "channel_data") -> dict[str, Any]:
    about = {"type": kind, "channel": "v4_trades", "id": "BTC-USD"}
    return {**about, "contents": {"trades": list(rows)}}


def trade(number: int, kind: str = "LIMIT", side: str = "SELL", **changes: str) -> dict[str, str]:
    row = {"id": f"{number:024x}", "side": side, "size": "0.5", "price": "43000", "type": kind}
    return {**row, "createdAt": f"2024-01-01T00:00:{number:02}.118Z", **changes}


def bar(minute: int, **changes: Any) -> dict[str, Any]:
    prices = {"low": "42900", "high": "43100", "open": "43000", "close": "43050"}
    row = {"ticker": "BTC-USD", "resolution": "1MIN", **prices, "trades": 7}
    row |= {"startedAt": f"2024-01-01T00:{minute:02}:00.000Z", "startingOpenInterest": 500 + minute}
    return {**row, "baseTokenVolume": "2.5", "usdVolume": "107500", **changes}


def candles(contents: Any, kind: str = "channel_data", name: str = "BTC-USD/1MIN") -> Any:
    return {"type": kind, "channel": "v4_candles", "id": name, "contents": contents}


def test_the_side_of_a_trade_is_the_taker_s_and_its_time_is_text(payload: Payload) -> None:
    assert records(Dydx(), payload("dydx_v4/ws_trades_update.json")) == [
        Trade(START + 1000, 43248.0, 1.2, taker_is_buyer=False),
        Trade(START + 2000, 43252.0, 0.3, taker_is_buyer=True),
    ]


@pytest.mark.parametrize(("word", "side"), [("SELL", 1), ("BUY", -1)])
def test_a_trade_that_liquidates_is_a_trade_and_closes_the_side_it_trades_against(
    word: str, side: int
) -> None:
    traded, liquidated = records(Dydx(), trades(trade(1, "LIQUIDATED", word)))
    assert traded == Trade(START + 1118, 43000.0, 0.5, taker_is_buyer=word == "BUY")
    assert liquidated == LiquidationEvent(START + 1118, side, 43000.0, 0.5, False)


def test_a_deleveraged_position_meets_no_taker_and_has_its_bankruptcy_price() -> None:
    told = records(Dydx(), trades(trade(1, "DELEVERAGED")))
    assert told == [LiquidationEvent(START + 1118, 1, 43000.0, 0.5, is_bankruptcy_price=True)]


def test_trades_from_before_the_subscription_are_told_oldest_first(payload: Payload) -> None:
    assert records(Dydx(), payload("dydx_v4/ws_trades_subscribed.json")) == [
        Trade(START, 43250.0, 0.5, taker_is_buyer=True)
    ]
    newest_first = trades(*(trade(n) for n in (5, 4, 3)), kind="subscribed")
    times = [found.time_ms for found in records(Dydx(), newest_first)]
    assert times == [START + n * 1000 + 118 for n in (3, 4, 5)]


def test_what_a_new_subscription_repeats_is_told_once_and_what_was_missed_is_told() -> None:
    border = Dydx()
    records(border, trades(trade(1), trade(2)))
    again = trades(*(trade(n) for n in (4, 3, 2, 1)), kind="subscribed")
    times = [found.time_ms for found in records(border, again)]
    assert times == [START + n * 1000 + 118 for n in (3, 4)]


def test_equal_trades_of_a_block_have_names_of_their_own() -> None:
    twice = trades(trade(1), trade(1, id="other"))
    assert len(records(Dydx(), twice)) == 2


def test_a_recorded_bar_is_read(payload: Payload) -> None:
    told = records(Dydx(), payload("dydx_v4/ws_candles_update.json"))
    expected = (43400.0, 43600.0, 43350.0, 43550.0, 8.765, False, 381000.25)
    assert told == [BarNews(START + MINUTE, *expected)]


def test_a_bar_is_closed_when_the_next_one_begins_which_says_what_was_open_then() -> None:
    border = Dydx()
    assert [type(one) for one in records(border, candles(bar(3)))] == [BarNews]
    empty = {"baseTokenVolume": "0", "usdVolume": "0", "trades": 0}
    forming, open_interest, closed = records(border, candles(bar(4, **empty)))
    assert (forming.open_time_ms, forming.volume, forming.is_closed) == (
        START + 4 * MINUTE, 0.0, False,
    )  # fmt: skip
    assert open_interest == OpenInterest(START + 4 * MINUTE, 504.0)
    assert (closed.open_time_ms, closed.is_closed) == (START + 3 * MINUTE, True)


def test_later_in_a_minute_what_was_open_when_it_began_is_no_news() -> None:
    border = Dydx()
    for minute in (3, 4):
        records(border, candles(bar(minute)))
    assert [type(one) for one in records(border, candles(bar(4, close="43060")))] == [BarNews]


def test_open_interest_that_the_indexer_does_not_know_is_not_zero() -> None:
    border = Dydx()
    records(border, candles(bar(3)))
    told = records(border, candles(bar(4, startingOpenInterest="0")))
    assert {type(record) for record in told} == {BarNews}


def test_bars_of_a_new_subscription_are_closed_but_the_newest() -> None:
    newest_first = [bar(n) for n in range(40, 0, -1)]
    told = records(Dydx(), candles({"candles": newest_first}, kind="subscribed"))
    closed = [one.open_time_ms for one in told if isinstance(one, BarNews) and one.is_closed]
    assert closed == [START + n * MINUTE for n in range(31, 40)]


def test_a_bar_heard_before_a_break_is_not_called_closed_after_it() -> None:
    border = Dydx()
    records(border, candles(bar(3)))
    subscribe_again(border, [DYDX])
    told = records(border, candles(bar(4)))
    assert [one.is_closed for one in told if isinstance(one, BarNews)] == [False]


def test_the_oracle_s_price_is_the_mark(payload: Payload) -> None:
    told = records(Dydx(), payload("dydx_v4/ws_markets_update.json"))
    assert told == [MarkPrice(START + MINUTE, 43300.0)]


def test_what_markets_say_without_a_time_says_nothing(payload: Payload) -> None:
    assert records(Dydx(), payload("dydx_v4/ws_markets_subscribed.json")) == []
    trading = {"type": "channel_data", "channel": "v4_markets"}
    assert records(Dydx(), {**trading, "contents": {"trading": {"BTC-USD": {}}}}) == []


@pytest.mark.parametrize(
    "raw",
    [trades(trade(1, size="-1")), trades(trade(1, side="LONG")), trades(trade(1, createdAt="now")),
     trades(trade(1, createdAt="2024-01-01T00:00:00")), trades(trade(1, id="")),
     candles(bar(3, startedAt="2024-01-01T00:03:01.000Z")), candles(bar(3, high="1")),
     candles({"candles": {}})],
    ids=["negative", "no side", "no time", "no zone", "no name", "within a minute", "high below",
         "no list"],
)  # fmt: skip
def test_what_cannot_be_true_is_refused(raw: Any) -> None:
    with pytest.raises(WireError, match="must"):
        records(Dydx(), raw)


def test_markets_that_nobody_follows_and_bars_of_another_length_say_nothing() -> None:
    assert records(Dydx(), {**trades(trade(1)), "id": "ROSE-USD"}) == []
    assert records(Dydx(), candles(bar(3), name="BTC-USD/5MINS")) == []


@pytest.mark.parametrize("name", ["ws_error", "ws_orderbook_subscribed", "ws_orderbook_update"])
def test_errors_and_order_books_are_left_to_ccxt(name: str, payload: Payload) -> None:
    assert Dydx().read(payload(f"dydx_v4/{name}.json"), markets_of("dydx")) is None
