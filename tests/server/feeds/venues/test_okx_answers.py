"""OKX's REST answers, asked for by ccxt itself."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import OKX, OKX_INVERSE
from tests.server.feeds.venues.wire_server import Asked, ask

from liqbands_server.feeds.records import BarNews, Funding, MarkBar, OpenInterest
from liqbands_server.feeds.venues.okx import Okx

OLD = 1_747_093_980_000
MINUTE = 60_000
NOW = int(time.time() * 1000) // MINUTE * MINUTE
BORDER = Okx()
RECENT, HISTORY = "/api/v5/market/candles", "/api/v5/market/history-candles"


def answer(*rows: Any) -> dict[str, Any]:
    return {"code": "0", "msg": "", "data": list(rows)}


def candle(open_ms: int, confirm: str = "1") -> list[str]:
    return [str(open_ms), "100", "102", "99", "101", "1040.37", "10.4037", "1050.7", confirm]


def ask_bars(answers: dict[str, Any], since: int, until: int) -> tuple[list[BarNews], Asked]:
    return ask(BORDER, answers, lambda exchange: BORDER.bars(exchange, OKX, since, until))


def test_bounds_are_exclusive_on_both_sides(payload: Callable[[str], Any]) -> None:
    answers = {HISTORY: payload("okx/rest_candlesticks_full.json")}
    bars, asked = ask_bars(answers, OLD, OLD + 2 * MINUTE)
    assert [bar.open_time_ms for bar in bars] == [OLD, OLD + MINUTE]
    assert bars[0].volume == pytest.approx(71.6404)  # the venue's own figure in coin
    assert asked == [
        (HISTORY, {"instId": "BTC-USDT-SWAP", "bar": "1m", "limit": "300",
                   "before": str(OLD - 1), "after": str(OLD + 2 * MINUTE)})
    ]  # fmt: skip


def test_recent_bars_are_asked_for_where_the_forming_one_is() -> None:
    rows = [candle(NOW - n * MINUTE, "1" if n else "0") for n in range(3)]
    bars, asked = ask_bars({RECENT: answer(*rows)}, NOW - 2 * MINUTE, NOW + MINUTE)
    assert [bar.is_closed for bar in bars] == [True, True, False]
    assert [path for path, _ in asked] == [RECENT]


def test_whatever_our_clock_believes_the_other_endpoint_is_asked_before_giving_up() -> None:
    recent, old = answer(candle(OLD)), answer(candle(NOW))
    bars, asked = ask_bars({HISTORY: answer(), RECENT: recent}, OLD, OLD + MINUTE)
    assert ([bar.open_time_ms for bar in bars], len(asked)) == ([OLD], 2)
    bars, asked = ask_bars({HISTORY: old, RECENT: answer()}, NOW, NOW + MINUTE)
    assert ([bar.open_time_ms for bar in bars], len(asked)) == ([NOW], 2)


def test_mark_bars_come_a_hundred_at_a_time() -> None:
    def listed(query: Any) -> dict[str, Any]:
        opens = range(int(query["before"]) + 1, int(query["after"]), MINUTE)
        rows = [[str(time_ms), "100", "102", "99", "101", "1"] for time_ms in opens]
        return answer(*rows[::-1][: int(query["limit"])])

    answers = {"/api/v5/market/history-mark-price-candles": listed}
    until = OLD + 300 * MINUTE
    bars, asked = ask(BORDER, answers, lambda ex: BORDER.mark_bars(ex, OKX, OLD, until))
    assert [bar.open_time_ms for bar in bars] == list(range(OLD, until, MINUTE))
    assert bars[0] == MarkBar(OLD, 102.0, 99.0, 101.0)
    assert [query["limit"] for _, query in asked] == ["100"] * 3


def test_open_interest_history_is_counted_in_contracts() -> None:
    path = "/api/v5/rubik/stat/contracts/open-interest-history"
    rows = [str(OLD + 300_000), "300", "3.0", "30000"], [str(OLD), "200", "2.0", "20000"]
    until = OLD + 600_000
    found, asked = ask(
        BORDER, {path: answer(*rows)}, lambda ex: BORDER.open_interest_history(ex, OKX, OLD, until)
    )
    assert found == [OpenInterest(OLD, 2.0), OpenInterest(OLD + 300_000, 3.0)]
    query = {"instId": "BTC-USDT-SWAP", "period": "5m", "limit": "100"}
    assert asked[0][1] == query | {"begin": str(OLD - 1), "end": str(until)}


def test_the_funding_that_was_paid_is_read_and_not_the_estimate(
    payload: Callable[[str], Any],
) -> None:
    answers = {"/api/v5/public/funding-rate-history": payload("okx/rest_funding_rate_history.json")}
    since, until = 1_704_038_400_000, 1_704_067_200_001
    found, asked = ask(BORDER, answers, lambda ex: BORDER.funding_history(ex, OKX, since, until))
    assert found == [Funding(since, -0.00002), Funding(1_704_067_200_000, 0.00015)]
    assert (asked[0][1]["before"], asked[0][1]["after"]) == (str(since - 1), str(until))


@pytest.mark.parametrize(("market", "size"), [(OKX, 0.02), (OKX_INVERSE, 200.0)])
def test_sizes_in_the_order_book_are_contracts(market: Any, size: float) -> None:
    row = {"asks": [["101", "5", "0", "2"]], "bids": [["99", "2", "0", "1"]], "ts": str(OLD)}
    answers = {"/api/v5/market/books": answer(row)}
    book, _ = ask(BORDER, answers, lambda ex: BORDER.depth(ex, market))
    assert book is not None
    assert (book.time_ms, book.bids.tolist()) == (OLD, [[99.0, size]])


def test_a_book_without_a_side_is_none() -> None:
    answers = {"/api/v5/market/books": answer({"asks": [], "bids": [], "ts": str(OLD)})}
    assert ask(BORDER, answers, lambda ex: BORDER.depth(ex, OKX))[0] is None


def test_the_venue_tells_its_time() -> None:
    answers = {"/api/v5/public/time": answer({"ts": str(OLD)})}
    assert ask(BORDER, answers, BORDER.server_time_ms)[0] == OLD


def test_isolated_tiers_are_asked_for_and_bounded_in_contracts() -> None:
    first = {"tier": "1", "minSz": "0", "maxSz": "1000", "mmr": "0.004", "imr": "0.01"}
    second = {"tier": "2", "minSz": "1000.01", "maxSz": "5000", "mmr": "0.01", "imr": "0.02"}
    rows = [second | {"maxLever": "50"}, first | {"maxLever": "100"}]
    tiers, clock = answer(*rows), answer({"ts": str(OLD)})
    answers = {"/api/v5/public/position-tiers": tiers, "/api/v5/public/time": clock}
    text, asked = ask(BORDER, answers, lambda ex: BORDER.tiers(ex, OKX))
    table = json.loads(text or "")["symbols"]["BTC/USDT:USDT"]
    assert table["rows"] == [
        [1, 0.0, 1000.0, 0.004, 0, 0.01, 0, 100.0, 0.0],
        [2, 1000.0, 5000.0, 0.01, 0, 0.02, 0, 50.0, 0.0],
    ]
    assert (table["bound_unit"], table["contract_size"]) == ("contracts", 0.01)
    assert (table["scheme"], table["as_of"]) == ("whole_position", "2025-05-12")
    asked_for = {"instType": "SWAP", "tdMode": "isolated", "instFamily": "BTC-USDT"}
    assert asked[0] == ("/api/v5/public/position-tiers", asked_for)


def test_what_a_subscription_tells_is_not_asked_for() -> None:
    assert ask(BORDER, {}, lambda ex: BORDER.open_interest(ex, OKX)) == (None, [])
    assert ask(BORDER, {}, lambda ex: BORDER.liquidations(ex, OKX, 0, OLD)) == ([], [])
