"""Bitget's REST answers, asked for by ccxt itself; nothing was recorded."""

import json
import time
from typing import Any

from tests.server.feeds.venues.wire_markets import BITGET
from tests.server.feeds.venues.wire_server import Asked, ask

from liqbands_server.feeds.records import BarNews, Funding, MarkBar
from liqbands_server.feeds.venues.bitget import Bitget

MINUTE = 60_000
NOW = int(time.time() * 1000) // MINUTE * MINUTE
OLD = NOW - 60 * 24 * 60 * MINUTE
BORDER = Bitget()
RECENT, HISTORY = "/api/v2/mix/market/candles", "/api/v2/mix/market/history-candles"
MARKS = "/api/v2/mix/market/history-mark-candles"
CLOCK = {"/api/v2/public/time": {"code": "00000", "data": {"serverTime": str(NOW + 30_000)}}}
MARKET = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}


def answer(rows: Any) -> dict[str, Any]:
    return {"code": "00000", "msg": "success", "requestTime": NOW, "data": rows}


def candle(open_ms: int) -> list[str]:
    return [str(open_ms), "100", "102", "99", "101", "5.5", "555.5"]


def candles(query: Any) -> dict[str, Any]:
    first, end = int(query["startTime"]), int(query["endTime"])
    opens = [opened for opened in range(first, end, MINUTE) if opened <= NOW]
    return answer([candle(opened) for opened in opens[: int(query["limit"])]])


def ask_bars(answers: dict[str, Any], since: int, until: int) -> tuple[list[BarNews], Asked]:
    return ask(BORDER, {**answers, **CLOCK}, lambda ex: BORDER.bars(ex, BITGET, since, until))


def test_recent_bars_are_asked_for_where_they_are_and_the_newest_is_still_forming() -> None:
    bars, asked = ask_bars({RECENT: candles}, NOW - 2 * MINUTE, NOW + MINUTE)
    assert [bar.is_closed for bar in bars] == [True, True, False]
    assert bars[0][1:6] == (100.0, 102.0, 99.0, 101.0, 5.5)
    assert bars[0].quote_volume == 555.5
    window = {"startTime": str(NOW - 2 * MINUTE), "endTime": str(NOW + 2 * MINUTE)}
    assert asked[0] == (RECENT, {**MARKET, **window, "granularity": "1m", "limit": "1000"})


def test_bars_of_long_ago_come_two_hundred_at_a_time_from_the_other_endpoint() -> None:
    until = OLD + 450 * MINUTE
    bars, asked = ask_bars({HISTORY: candles}, OLD, until)
    assert [bar.open_time_ms for bar in bars] == list(range(OLD, until, MINUTE))
    assert all(bar.is_closed for bar in bars)
    assert [(path, query["limit"]) for path, query in asked] == [(HISTORY, "200")] * 3


def test_whatever_our_clock_believes_the_other_endpoint_is_asked_before_giving_up() -> None:
    nothing = answer([])
    bars, _ = ask_bars({HISTORY: nothing, RECENT: candles}, OLD, OLD + MINUTE)
    assert [bar.open_time_ms for bar in bars] == [OLD]
    bars, _ = ask_bars({RECENT: nothing, HISTORY: candles}, NOW, NOW + MINUTE)
    assert [bar.open_time_ms for bar in bars] == [NOW]


def test_mark_bars_are_candles_of_another_kind() -> None:
    recent, asked = ask(
        BORDER, {RECENT: candles}, lambda ex: BORDER.mark_bars(ex, BITGET, NOW - MINUTE, NOW)
    )
    assert recent == [MarkBar(NOW - MINUTE, 102.0, 99.0, 101.0)]
    assert asked[0][1]["kLineType"] == "MARK"
    old, asked = ask(
        BORDER, {MARKS: candles}, lambda ex: BORDER.mark_bars(ex, BITGET, OLD, OLD + MINUTE)
    )
    assert (len(old), asked[0][0]) == (1, MARKS)


def settled(page: int, rows: int) -> list[dict[str, str]]:
    first = NOW - (page - 1) * 100 * 480 * MINUTE
    times = [first - n * 480 * MINUTE for n in range(rows)]
    return [{"symbol": "BTCUSDT", "fundingRate": "-0.0003", "fundingTime": str(at)} for at in times]


def test_funding_cannot_be_asked_for_by_time_and_is_paged_back_to_it() -> None:
    path = "/api/v2/mix/market/history-fund-rate"
    answers = {path: lambda query: answer(settled(int(query["pageNo"]), 100))}
    since = NOW - 150 * 480 * MINUTE
    found, asked = ask(BORDER, answers, lambda ex: BORDER.funding_history(ex, BITGET, since, NOW))
    assert [row.time_ms for row in found] == list(range(since, NOW, 480 * MINUTE))
    assert found[0] == Funding(since, -0.0003)
    assert [(query["pageNo"], query["pageSize"]) for _, query in asked] == [
        ("1", "100"), ("2", "100"),
    ]  # fmt: skip


def test_the_last_page_of_funding_ends_the_asking() -> None:
    path = "/api/v2/mix/market/history-fund-rate"
    found, asked = ask(
        BORDER, {path: answer(settled(1, 3))}, lambda ex: BORDER.funding_history(ex, BITGET, 0, NOW)
    )
    assert (len(found), len(asked)) == (2, 1)


def test_the_order_book_is_not_merged() -> None:
    book = {"asks": [["101", "5"]], "bids": [["99", "2"]], "ts": str(NOW), "scale": "0.1"}
    answers = {"/api/v2/mix/market/merge-depth": answer(book)}
    found, asked = ask(BORDER, answers, lambda ex: BORDER.depth(ex, BITGET))
    assert found is not None
    assert (found.time_ms, found.bids.tolist()) == (NOW, [[99.0, 2.0]])
    assert asked[0][1] == {**MARKET, "precision": "scale0", "limit": "max"}


def test_bounds_of_tiers_are_quote_whatever_ccxt_calls_them() -> None:
    rows = [("2", "150000", "600000", "100", "0.005"), ("1", "0", "150000", "125", "0.004")]
    names = ("level", "startUnit", "endUnit", "leverage", "keepMarginRate")
    answers = {
        "/api/v2/mix/market/query-position-lever": answer(
            [dict(zip(names, row, strict=True)) for row in rows]
        )
    }
    text, _ = ask(BORDER, {**answers, **CLOCK}, lambda ex: BORDER.tiers(ex, BITGET))
    table = json.loads(text or "")["symbols"]["BTC/USDT:USDT"]
    assert table["rows"] == [
        [1, 0.0, 150_000.0, 0.004, 0, 0.008, 0, 125.0, 0.0],
        [2, 150_000.0, 600_000.0, 0.005, 0, 0.01, 0, 100.0, 150.0],
    ]
    assert (table["bound_unit"], table["scheme"]) == ("quote", "progressive")


def test_the_venue_tells_its_time() -> None:
    assert ask(BORDER, CLOCK, BORDER.server_time_ms)[0] == NOW + 30_000


def test_what_the_venue_does_not_keep_or_a_subscription_tells_is_not_asked_for() -> None:
    assert ask(BORDER, {}, lambda ex: BORDER.open_interest_history(ex, BITGET, 0, NOW)) == ([], [])
    assert ask(BORDER, {}, lambda ex: BORDER.open_interest(ex, BITGET)) == (None, [])
    assert ask(BORDER, {}, lambda ex: BORDER.liquidations(ex, BITGET, 0, NOW)) == ([], [])
