"""Gate's REST answers, asked for by ccxt itself."""

import json
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import GATE, GATE_INVERSE
from tests.server.feeds.venues.wire_server import Asked, ask

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, Funding, LiquidationEvent, MarkBar, OpenInterest
from liqbands_server.feeds.venues.gate import Gate

START = 1_696_732_200  # seconds
MINUTE = 60
BORDER = Gate()
FUTURES = "/api/v4/futures/usdt"
CLOCK = {"/api/v4/spot/time": {"server_time": (START + 600) * 1000}}


def candle(opened: int) -> dict[str, Any]:
    prices = {"o": "27450", "h": "27460", "c": "27455", "l": "27440"}
    return {"t": opened, **prices, "v": "1234", "sum": "3390.5"}


def ask_bars(rows: list[Any], market: Any = GATE) -> tuple[list[BarNews], Asked]:
    settle = "usdt" if market is GATE else "btc"
    answers = {f"/api/v4/futures/{settle}/candlesticks": rows, **CLOCK}
    since, until = START * 1000, (START + 3 * MINUTE) * 1000
    return ask(BORDER, answers, lambda ex: BORDER.bars(ex, market, since, until))


def test_bars_are_asked_for_in_seconds_and_count_contracts() -> None:
    bars, asked = ask_bars([candle(START + n * MINUTE) for n in range(4)])
    assert [bar.open_time_ms // 1000 for bar in bars] == [START, START + MINUTE, START + 120]
    assert bars[0].volume == pytest.approx(0.1234)
    assert (bars[0].quote_volume, bars[0].is_closed) == (3390.5, True)
    window = {"from": str(START), "to": str(START + 3 * MINUTE)}
    assert asked == [
        (f"{FUTURES}/candlesticks", {"contract": "BTC_USDT", "interval": "1m", **window})
    ]


def test_the_newest_bar_counts_as_forming_and_where_none_follows_the_clock_is_asked() -> None:
    bars, asked = ask_bars([candle(START), candle(START + MINUTE)])
    assert [bar.is_closed for bar in bars] == [True, False]
    assert asked[1][0] == "/api/v4/spot/time"


def test_inverse_bars_are_dollars_and_settled_in_coin() -> None:
    bars, asked = ask_bars([candle(START), candle(START + 4 * MINUTE)], GATE_INVERSE)
    assert (bars[0].volume, bars[0].quote_volume) == (1234.0, 1234.0)
    assert asked[0][0] == "/api/v4/futures/btc/candlesticks"


def test_mark_bars_are_those_of_another_name() -> None:
    rows = [{"t": START, "o": "1", "h": "3", "c": "2", "l": "1"}]
    found, asked = ask(
        BORDER,
        {f"{FUTURES}/candlesticks": rows},
        lambda ex: BORDER.mark_bars(ex, GATE, START * 1000, (START + 60) * 1000),
    )
    assert found == [MarkBar(START * 1000, 3.0, 1.0, 2.0)]
    assert asked[0][1]["contract"] == "mark_BTC_USDT"


def test_open_interest_history_is_read_from_the_stats_in_contracts() -> None:
    rows = [{"time": str(START + n * 300), "open_interest": "2851725"} for n in range(3)]
    until = (START + 600) * 1000
    found, asked = ask(
        BORDER,
        {f"{FUTURES}/contract_stats": rows},
        lambda ex: BORDER.open_interest_history(ex, GATE, START * 1000, until),
    )
    assert [row.time_ms // 1000 for row in found] == [START, START + 300]
    assert found[0].quantity == pytest.approx(285.1725)
    asked_for = {"contract": "BTC_USDT", "interval": "5m", "from": str(START), "limit": "100"}
    assert asked[0][1] == asked_for


def test_what_is_open_now_are_the_longs_of_the_contract_at_the_venue_s_time() -> None:
    contract = {f"{FUTURES}/contracts/BTC_USDT": {"name": "BTC_USDT", "position_size": 10_000}}
    found, _ = ask(BORDER, {**contract, **CLOCK}, lambda ex: BORDER.open_interest(ex, GATE))
    assert found == OpenInterest((START + 600) * 1000, 1.0)


def test_funding_is_settled_in_seconds() -> None:
    rows = [{"t": START, "r": "0.000157"}, {"t": START - 28_800, "r": "-0.0001"}]
    since, until = (START - 28_800) * 1000, START * 1000 + 1
    found, asked = ask(
        BORDER,
        {f"{FUTURES}/funding_rate": rows},
        lambda ex: BORDER.funding_history(ex, GATE, since, until),
    )
    assert found == [Funding(since, -0.0001), Funding(START * 1000, 0.000157)]
    assert (asked[0][1]["from"], asked[0][1]["to"]) == (str(START - 28_800), str(START))


def test_sizes_in_the_order_book_are_contracts() -> None:
    book = {"current": START + 0.745, "update": START + 0.7, "bids": [{"s": 200, "p": "99"}]}
    answers = {f"{FUTURES}/order_book": {**book, "asks": [{"s": 500, "p": "101"}]}}
    found, _ = ask(BORDER, answers, lambda ex: BORDER.depth(ex, GATE))
    assert found is not None
    assert (found.time_ms, found.bids.tolist()) == (START * 1000 + 745, [[99.0, 0.02]])


def tier(number: int, limit: str, rate: str, deduction: str) -> dict[str, Any]:
    rates = {"maintenance_rate": rate, "initial_rate": str(2 * float(rate))}
    bounds = {"tier": number, "risk_limit": limit, "leverage_max": str(0.5 / float(rate))}
    return {**bounds, **rates, "deduction": deduction, "contract": "BTC_USDT"}


def test_tiers_keep_the_venue_s_deductions() -> None:
    rows = [tier(1, "1000000", "0.005", "0"), tier(2, "2000000", "0.01", "5000")]
    answers = {f"{FUTURES}/risk_limit_tiers": rows, **CLOCK}
    text, _ = ask(BORDER, answers, lambda ex: BORDER.tiers(ex, GATE))
    table = json.loads(text or "")["symbols"]["BTC/USDT:USDT"]
    assert table["rows"] == [
        [1, 0.0, 1e6, 0.005, 0, 0.01, 0, 100.0, 0.0],
        [2, 1e6, 2e6, 0.01, 0, 0.02, 0, 50.0, 5000.0],
    ]


def test_a_contract_s_record_is_not_taken_for_a_list_of_tiers() -> None:
    record = {"name": "BTC_USDT", "maintenance_rate": "0.005", "leverage_max": "100"}
    answers = {f"{FUTURES}/risk_limit_tiers": [record], **CLOCK}
    with pytest.raises(WireError, match="risk_limit must be a number"):
        ask(BORDER, answers, lambda ex: BORDER.tiers(ex, GATE))


def liquidation(at: int, size: Any, **changes: Any) -> dict[str, Any]:
    row = {"contract": "BTC_USDT", "left": 0, "size": size, "fill_price": "28070"}
    return {**row, "order_price": "28225", "time": at, **changes}


def ask_liquidations(answer: Any, hours: float = 0.1) -> tuple[list[Any], Asked]:
    since, until = START * 1000, int((START + hours * 3600) * 1000)
    answers = {f"{FUTURES}/liq_orders": answer}
    news, asked = ask(BORDER, answers, lambda ex: BORDER.liquidations(ex, GATE, since, until))
    assert {one.market for one in news} <= {GATE}
    return [one.record for one in news], asked


@pytest.mark.parametrize(("size", "side"), [(-165, -1), ("165", 1)])
def test_the_sign_of_a_liquidation_is_that_of_the_position(size: Any, side: int) -> None:
    (found,), _ = ask_liquidations([liquidation(START, size)])
    assert found[:3] == (START * 1000, side, 28070.0)
    assert (found.quantity, found.is_bankruptcy_price) == (pytest.approx(0.0165), False)


def test_only_what_an_order_has_closed_counts() -> None:
    partly = liquidation(START, -165, left=-65)
    less = liquidation(START + 1, 1000, order_size="-200")
    rows = [less, partly, liquidation(START + 2, 7, left=7, fill_price="0")]
    found, _ = ask_liquidations(rows)
    assert [round(event.quantity, 9) for event in found] == [0.01, 0.02]


def test_equal_liquidations_of_a_second_all_count() -> None:
    rows = [liquidation(START, -165)] * 3
    event = LiquidationEvent(START * 1000, -1, 28070.0, 165 * 0.0001, False)
    assert ask_liquidations(rows)[0] == [event] * 3


def test_liquidations_are_asked_for_in_seconds_and_an_hour_at_most_at_a_time() -> None:
    _, asked = ask_liquidations([], hours=2.5)
    windows = [(int(query["from"]), int(query["to"])) for _, query in asked]
    assert windows == [
        (START, START + 3599), (START + 3600, START + 7199), (START + 7200, START + 8999),
    ]  # fmt: skip


def test_more_liquidations_than_an_answer_holds_are_asked_for_by_halves() -> None:
    times = [START + n // 10 for n in range(2400)]

    def some(query: Any) -> list[Any]:
        inside = [at for at in times if int(query["from"]) <= at <= int(query["to"])]
        return [liquidation(at, -1) for at in inside[: int(query["limit"])]]

    found, asked = ask_liquidations(some)
    assert [event.time_ms // 1000 for event in found] == times
    assert len(asked) < 10
