"""Bybit's REST answers, asked for by ccxt itself."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import BYBIT, BYBIT_INVERSE
from tests.server.feeds.venues.wire_server import ask

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import FeedMarket, Funding, MarkBar, OpenInterest
from liqbands_server.feeds.venues.bybit import Bybit

START = 1_709_891_640_000
MINUTE = 60_000
BORDER = Bybit()


def answer(rows: Any, time_ms: int = START + 600_000) -> dict[str, Any]:
    result = {"category": "linear", "symbol": "BTCUSDT", "list": rows, "nextPageCursor": ""}
    envelope = {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}}
    return {**envelope, "time": time_ms}


def kline(open_ms: int, close: str = "27455") -> list[str]:
    return [str(open_ms), "27450", "27460", "27440", close, "123.45", "3390000"]


def ask_bars(rows: Any, market: FeedMarket = BYBIT, time_ms: int = START + 600_000) -> Any:
    answers = {"/v5/market/kline": answer(rows, time_ms)}
    until = START + 3 * MINUTE
    return ask(BORDER, answers, lambda exchange: BORDER.bars(exchange, market, START, until))


def test_one_question_with_both_bounds_is_a_page_of_bars() -> None:
    _, asked = ask_bars([kline(START)])
    ((path, query),) = asked
    assert path == "/v5/market/kline"
    assert query == {
        "category": "linear", "symbol": "BTCUSDT", "interval": "1", "limit": "1000",
        "start": str(START), "end": str(START + 3 * MINUTE),
    }  # fmt: skip


def test_bars_told_newest_first_come_back_in_order_and_inside_the_window() -> None:
    beyond = [kline(START + n * MINUTE) for n in (5, 3, 2, 1, 0, -1)]
    bars, _ = ask_bars(beyond)
    assert [bar.open_time_ms for bar in bars] == [START, START + MINUTE, START + 2 * MINUTE]
    assert bars[0][1:6] == (27450.0, 27460.0, 27440.0, 27455.0, 123.45)
    assert bars[0].quote_volume == 3390000.0


def test_the_newest_bar_there_is_counts_as_forming_whatever_the_clock_says() -> None:
    bars, _ = ask_bars([kline(START + MINUTE), kline(START)], time_ms=START + 5 * MINUTE)
    assert [bar.is_closed for bar in bars] == [True, False]


def test_the_last_bar_of_a_page_is_closed_when_another_follows_it() -> None:
    bars, _ = ask_bars([kline(START + n * MINUTE) for n in (3, 2)])
    assert [(bar.open_time_ms, bar.is_closed) for bar in bars] == [(START + 2 * MINUTE, True)]


def test_the_last_bar_before_a_long_halt_is_closed() -> None:
    bars, _ = ask_bars([kline(START)], time_ms=START + 20 * MINUTE)
    assert bars[0].is_closed


def test_inverse_bars_are_dollars_and_asked_for_in_their_own_category() -> None:
    bars, asked = ask_bars([kline(START)], BYBIT_INVERSE)
    assert (asked[0][1]["category"], asked[0][1]["symbol"]) == ("inverse", "BTCUSD")
    assert (bars[0].volume, bars[0].quote_volume) == (123.45, 123.45)


def test_mark_bars_have_no_quantities() -> None:
    rows = [[str(START), "27450", "27460", "27440", "27455"]]
    answers = {"/v5/market/mark-price-kline": answer(rows)}
    bars, _ = ask(BORDER, answers, lambda ex: BORDER.mark_bars(ex, BYBIT, START, START + MINUTE))
    assert bars == [MarkBar(START, 27460.0, 27440.0, 27455.0)]


def test_open_interest_history_is_one_sided_in_order_and_of_the_time_of_its_snapshot() -> None:
    rows = [
        {"openInterest": "30", "timestamp": str(START + 600_000)},
        {"openInterest": "20", "singleOpenInterest": "10.5", "timestamp": str(START + 300_000)},
        {"openInterest": "10", "timestamp": str(START)},
    ]
    answers, until = {"/v5/market/open-interest": answer(rows)}, START + 600_000
    found, asked = ask(
        BORDER, answers, lambda ex: BORDER.open_interest_history(ex, BYBIT, START, until)
    )
    assert found == [OpenInterest(START, 5.0), OpenInterest(START + 300_000, 10.5)]
    query = asked[0][1]
    assert (query["intervalTime"], query["limit"]) == ("5min", "200")
    assert (query["startTime"], query["endTime"]) == (str(START), str(until - 1))


def test_settled_funding_is_read(payload: Callable[[str], Any]) -> None:
    answers = {"/v5/market/funding/history": payload("bybit/rest_funding_history.json")}
    since, until = 1_709_856_000_000, 1_709_884_800_001
    found, asked = ask(BORDER, answers, lambda ex: BORDER.funding_history(ex, BYBIT, since, until))
    assert found == [Funding(since, 0.00015), Funding(1_709_884_800_000, 0.0001)]
    assert (asked[0][1]["startTime"], asked[0][1]["endTime"]) == (str(since), str(until - 1))


def test_funding_of_the_future_is_cut_off(payload: Callable[[str], Any]) -> None:
    answers = {"/v5/market/funding/history": payload("bybit/rest_funding_history.json")}
    until = 1_709_884_800_000
    found, _ = ask(BORDER, answers, lambda ex: BORDER.funding_history(ex, BYBIT, 0, until))
    assert [funding.time_ms for funding in found] == [1_709_856_000_000]


def test_the_order_book_is_read(payload: Callable[[str], Any]) -> None:
    answers = {"/v5/market/orderbook": payload("bybit/rest_orderbook.json")}
    book, _ = ask(BORDER, answers, lambda ex: BORDER.depth(ex, BYBIT))
    assert book is not None
    assert book.time_ms == 1_709_891_679_000
    assert book.bids.tolist() == [[27450.5, 1.5], [27450.0, 2.0], [27449.5, 0.75]]
    assert book.asks.tolist() == [[27451.0, 1.2], [27451.5, 3.0], [27452.0, 0.5]]


def test_the_venue_tells_its_time() -> None:
    answers = {"/v5/market/time": answer([], 1_688_639_403_423)}
    assert ask(BORDER, answers, BORDER.server_time_ms)[0] == 1_688_639_403_423


def risk_limits(*rows: tuple[int, str, str, str, str, str]) -> dict[str, Any]:
    names = ("id", "riskLimitValue", "maintenanceMargin", "initialMargin", "maxLeverage")
    return answer([dict(zip((*names, "mmDeduction"), row, strict=True)) for row in rows])


@pytest.mark.parametrize("factor", [1, 100], ids=["fractions", "per cent"])
def test_tiers_are_numbered_here_with_the_venue_s_deductions(factor: int) -> None:
    def rate(value: float) -> str:
        return f"{value * factor:g}"

    second = (31, "10000000", rate(0.01), rate(0.02), "50.00", "10000")
    first = (7, "2000000", rate(0.005), rate(0.01), "100.00", "")
    answers = {"/v5/market/risk-limit": risk_limits(second, first)}
    text, asked = ask(BORDER, answers, lambda ex: BORDER.tiers(ex, BYBIT))
    table = json.loads(text or "")["symbols"]["BTC/USDT:USDT"]
    assert table["rows"] == [
        [1, 0.0, 2e6, 0.005, 0, 0.01, 0, 100.0, 0.0],
        [2, 2e6, 1e7, 0.01, 0, 0.02, 0, 50.0, 10_000.0],
    ]
    assert (table["bound_unit"], table["scheme"], table["as_of"]) == (
        "quote", "progressive", "2024-03-08",
    )  # fmt: skip
    assert asked[0][1] == {"category": "linear", "symbol": "BTCUSDT"}


def test_tiers_of_inverse_contracts_are_bounded_in_coin() -> None:
    answers = {"/v5/market/risk-limit": risk_limits((1, "150", "0.005", "0.01", "100.00", ""))}
    text, _ = ask(BORDER, answers, lambda ex: BORDER.tiers(ex, BYBIT_INVERSE))
    table = json.loads(text or "")["symbols"]["BTC/USD:BTC"]
    assert (table["bound_unit"], table["contract"]) == ("base", "inverse")


def test_a_bar_that_cannot_be_true_is_refused(payload: Callable[[str], Any]) -> None:
    answers = {"/v5/market/kline": payload("bybit/rest_klines_linear.json")}
    with pytest.raises(WireError, match="beginning of a minute, was 1709891679000"):
        ask(BORDER, answers, lambda ex: BORDER.bars(ex, BYBIT, START, START + MINUTE))


def test_what_a_subscription_tells_is_not_asked_for() -> None:
    assert ask(BORDER, {}, lambda ex: BORDER.open_interest(ex, BYBIT)) == (None, [])
    assert ask(BORDER, {}, lambda ex: BORDER.liquidations(ex, BYBIT, 0, START)) == ([], [])
