"""Binance's REST answers, asked for by ccxt itself: USD-M and COIN-M."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import BINANCE, COIN_BTC, COIN_ETH
from tests.server.feeds.venues.wire_server import Asked, ask

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, FeedMarket, Funding, MarkBar, OpenInterest
from liqbands_server.feeds.venues.binance import COIN_M, USD_M, Binance

START = 1_591_256_460_000
MINUTE = 60_000
DAY = 86_400_000
USD, COIN = Binance(USD_M), Binance(COIN_M)


def kline(open_ms: int) -> list[Any]:
    end = open_ms + MINUTE - 1
    return [open_ms, "100", "102", "99", "101", "40", end, "0.5", 3, "30", "0.3", "0"]


def ask_bars(
    border: Binance, market: FeedMarket, rows: list[Any], now: int = START + 5 * MINUTE
) -> tuple[list[BarNews], Asked]:
    api = "dapi" if border is COIN else "fapi"
    answers = {f"/{api}/v1/klines": rows, f"/{api}/v1/time": {"serverTime": now}}
    until = START + 2 * MINUTE
    return ask(border, answers, lambda exchange: border.bars(exchange, market, START, until))


def test_one_question_with_both_bounds_is_a_page_of_bars() -> None:
    rows = [kline(START + n * MINUTE) for n in range(3)]
    bars, asked = ask_bars(USD, BINANCE, rows)
    assert [(bar.open_time_ms, bar.is_closed) for bar in bars] == [
        (START, True), (START + MINUTE, True),
    ]  # fmt: skip
    assert asked == [
        ("/fapi/v1/klines", {"symbol": "BTCUSDT", "interval": "1m", "limit": "1000",
                             "startTime": str(START), "endTime": str(START + 2 * MINUTE)})
    ]  # fmt: skip


def test_the_newest_bar_there_is_counts_as_forming_whatever_the_clock_says() -> None:
    bars, asked = ask_bars(USD, BINANCE, [kline(START), kline(START + MINUTE)])
    assert [bar.is_closed for bar in bars] == [True, False]
    assert [path for path, _ in asked] == ["/fapi/v1/klines", "/fapi/v1/time"]


def test_the_last_bar_before_a_long_halt_is_closed() -> None:
    bars, _ = ask_bars(USD, BINANCE, [kline(START)], START + 20 * MINUTE)
    assert bars[0].is_closed


def test_quantities_of_a_bar_are_base_and_quote() -> None:
    (bar, *_), _ = ask_bars(USD, BINANCE, [kline(START)])
    assert (bar.volume, bar.quote_volume, bar.taker_buy_volume) == (40.0, 0.5, 30.0)


@pytest.mark.parametrize(("market", "dollars"), [(COIN_BTC, 100.0), (COIN_ETH, 10.0)])
def test_quantities_of_a_coin_margined_bar_are_dollars(market: FeedMarket, dollars: float) -> None:
    (bar, *_), _ = ask_bars(COIN, market, [kline(START)])
    assert (bar.volume, bar.taker_buy_volume) == (40 * dollars, 30 * dollars)
    assert bar.quote_volume == bar.volume


def test_mark_bars_have_no_quantities(payload: Callable[[str], Any]) -> None:
    answers = {"/fapi/v1/markPriceKlines": payload("binance_usdm/rest_mark_price_klines.json")}
    bars, _ = ask(USD, answers, lambda ex: USD.mark_bars(ex, BINANCE, START, START + MINUTE))
    assert bars == [MarkBar(START, 9654.56401333, 9653.07367333, 9653.07367333)]


def test_open_interest_history_is_of_the_time_of_its_snapshot(
    payload: Callable[[str], Any],
) -> None:
    rows = payload("binance_usdm/rest_open_interest_historical.json")
    since, until = 1_583_127_900_000, 1_583_128_500_000
    answers = {
        "/futures/data/openInterestHist": rows, "/fapi/v1/time": {"serverTime": until},
    }  # fmt: skip
    found, asked = ask(
        USD, answers, lambda ex: USD.open_interest_history(ex, BINANCE, since, until)
    )
    assert found == [OpenInterest(since, 20403.637), OpenInterest(since + 300_000, 20401.367)]
    query = {"symbol": "BTCUSDT", "period": "5m", "limit": "500"}
    assert asked[-1][1] == query | {"startTime": str(since), "endTime": str(until - 1)}


def test_open_interest_older_than_a_month_is_not_asked_for() -> None:
    answers = {"/fapi/v1/time": {"serverTime": START}, "/futures/data/openInterestHist": []}
    long_ago = START - 40 * DAY
    found, asked = ask(
        USD, answers, lambda ex: USD.open_interest_history(ex, BINANCE, long_ago, long_ago + DAY)
    )
    assert (found, [path for path, _ in asked]) == ([], ["/fapi/v1/time"])
    _, asked = ask(USD, answers, lambda ex: USD.open_interest_history(ex, BINANCE, long_ago, START))
    assert START - 30 * DAY < int(asked[-1][1]["startTime"]) < START - 29 * DAY


def test_open_interest_history_of_coin_margined_contracts_is_asked_by_pair() -> None:
    row = {"pair": "ETHUSD", "contractType": "PERPETUAL", "sumOpenInterest": "13069401",
           "sumOpenInterestValue": "15796.96988405", "timestamp": START}  # fmt: skip
    answers = {"/futures/data/openInterestHist": [row], "/dapi/v1/time": {"serverTime": START}}
    found, asked = ask(
        COIN, answers, lambda ex: COIN.open_interest_history(ex, COIN_ETH, START, START + 1)
    )
    assert found == [OpenInterest(START, 130_694_010.0)]
    assert (asked[-1][1]["pair"], asked[-1][1]["contractType"]) == ("ETHUSD", "PERPETUAL")
    assert "symbol" not in asked[-1][1]


def test_open_interest_is_asked_for(payload: Callable[[str], Any]) -> None:
    answers = {"/fapi/v1/openInterest": payload("binance_usdm/rest_open_interest.json")}
    found, _ = ask(USD, answers, lambda ex: USD.open_interest(ex, BINANCE))
    assert found == OpenInterest(1_589_437_530_011, 10659.509)


def test_open_interest_of_coin_margined_contracts_is_dollars() -> None:
    row = {"symbol": "BTCUSD_PERP", "pair": "BTCUSD", "openInterest": "15004", "time": START}
    answers = {"/dapi/v1/openInterest": row}
    found, _ = ask(COIN, answers, lambda ex: COIN.open_interest(ex, COIN_BTC))
    assert found == OpenInterest(START, 1_500_400.0)


def test_settled_funding_is_read(payload: Callable[[str], Any]) -> None:
    answers = {"/fapi/v1/fundingRate": payload("binance_usdm/rest_funding_rate.json")}
    since, until = 1_570_608_000_000, 1_570_636_800_000
    found, asked = ask(USD, answers, lambda ex: USD.funding_history(ex, BINANCE, since, until))
    assert found == [Funding(since, -0.0375)]
    assert (asked[0][1]["limit"], asked[0][1]["endTime"]) == ("1000", str(until - 1))


def test_the_order_book_is_read(payload: Callable[[str], Any]) -> None:
    answers = {"/fapi/v1/depth": payload("binance_usdm/rest_depth.json")}
    book, _ = ask(USD, answers, lambda ex: USD.depth(ex, BINANCE))
    assert book is not None
    assert (book.time_ms, book.bids.tolist()) == (1_589_436_922_959, [[4.0, 431.0]])


def test_a_crossed_order_book_is_refused() -> None:
    book = {"T": START, "bids": [["101", "1"]], "asks": [["100", "1"]]}
    with pytest.raises(WireError, match="order book cannot be true: best bid"):
        ask(USD, {"/fapi/v1/depth": book}, lambda ex: USD.depth(ex, BINANCE))


def test_an_answer_of_another_shape_is_refused() -> None:
    with pytest.raises(WireError, match="answer must be a list, was"):
        ask_bars(USD, BINANCE, {"what": 1})  # type: ignore[arg-type]  # on purpose


def test_tiers_need_a_key() -> None:
    assert ask(USD, {}, lambda ex: USD.tiers(ex, BINANCE)) == (None, [])


@pytest.mark.parametrize(
    ("border", "market", "path", "bound", "unit"),
    [
        (USD, BINANCE, "/fapi/v1/leverageBracket", "notionalCap", "quote"),
        (COIN, COIN_BTC, "/dapi/v2/leverageBracket", "qtyCap", "base"),
    ],
    ids=["USD-M", "COIN-M"],
)
def test_tiers_are_read_with_a_key(
    border: Binance, market: FeedMarket, path: str, bound: str, unit: str
) -> None:
    rows = [
        {"initialLeverage": 50, bound: 250, "maintMarginRatio": 0.01, "cum": 0.3},
        {"initialLeverage": 125, bound: 50, "maintMarginRatio": 0.004, "cum": 0.0},
    ]
    others = {"symbol": "OTHER", "brackets": []}
    answer = [others, {"symbol": market.wire_id, "brackets": rows}]
    answers = {path: answer, path.rsplit("/", 2)[0] + "/v1/time": {"serverTime": START}}

    async def with_key(exchange: Any) -> str | None:
        exchange.apiKey, exchange.secret = "key", "secret"
        return await border.tiers(exchange, market)

    text, asked = ask(border, answers, with_key)
    table = json.loads(text or "")["symbols"][market.symbol]
    assert [row[1:4] for row in table["rows"]] == [[0.0, 50.0, 0.004], [50.0, 250.0, 0.01]]
    assert [row[8] for row in table["rows"]] == [0.0, 0.3]
    assert (table["bound_unit"], table["as_of"]) == (unit, "2020-06-04")
    assert "signature" in asked[0][1]
