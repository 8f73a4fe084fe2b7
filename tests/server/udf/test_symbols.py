"""`/config`, `/symbols`, `/symbol_info` and `/search`: what a chart learns about symbols."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.server.udf.conftest import Get
from tests.server.udf.market import FOREX, SIM, TWICE

TOGETHER = "ALL:BTCUSD.P"
EVERY = (SIM, *TWICE, FOREX, TOGETHER)
RESOLUTION = re.compile(r"[0-9]{1,4}|1[DWM]")


def test_config_offers_all_that_is_served(get: Get) -> None:
    told = get("config")
    assert told["supports_marks"] is told["supports_timescale_marks"] is True
    assert told["supports_time"] is True
    assert all(RESOLUTION.fullmatch(name) for name in told["supported_resolutions"])
    assert {"value": "", "name": "All", "desc": ""} in told["exchanges"]
    assert {"name": "All", "value": ""} in told["symbols_types"]


@pytest.mark.parametrize("ticker", EVERY)
def test_a_symbol_tells_what_a_chart_must_know(get: Get, ticker: str) -> None:
    told = get("symbols", symbol=ticker)
    assert "s" not in told
    assert "success" not in told
    assert None not in told.values()
    assert told["ticker"] == ticker
    assert told["minmov"] == 1
    assert re.fullmatch("10*", str(told["pricescale"]))
    assert told["has_intraday"] is told["has_daily"] is told["has_weekly_and_monthly"] is True
    minutes = [name for name in told["supported_resolutions"] if name.isdigit()]
    assert told["intraday_multipliers"] == minutes


def test_crypto_never_closes_and_the_euro_does(get: Get) -> None:
    coin, euro = get("symbols", symbol=SIM), get("symbols", symbol=FOREX)
    assert (coin["session"], coin["timezone"], coin["type"]) == ("24x7", "Etc/UTC", "crypto")
    assert (euro["session"], euro["timezone"]) == ("1700-1700:23456", "America/New_York")
    assert (euro["type"], euro["visible_plots_set"]) == ("forex", "ohlc")
    assert (coin["visible_plots_set"], coin["pricescale"]) == ("ohlcv", 10)
    assert (coin["data_status"], euro["data_status"]) == ("streaming", "endofday")


@pytest.mark.parametrize("ticker", EVERY)
def test_the_name_of_a_symbol_leads_back_to_it(get: Get, ticker: str) -> None:
    assert get("symbols", symbol=get("symbols", symbol=ticker)["name"])["ticker"] == ticker


@pytest.mark.parametrize("text", ["simusdt.p", "simulated:SimUsdt.p"])
def test_case_does_not_matter(get: Get, text: str) -> None:
    assert get("symbols", symbol=text)["ticker"] == SIM


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("NO:SUCH", 404), ("BTCUSDT.P", 404), ("", 400), (" " + SIM, 400), ("X" * 65, 400),
        ("\uff22\uff34\uff23", 400), ("ﬁ", 400), ("X'; DROP TABLE candle;--", 400), ("X\r\nY", 400),
        (SIM + "#", 404), (SIM + "#B20", 404), (SIM + "#B1", 404), (SIM + "#SIDE", 404),
    ],
)  # fmt: skip
def test_what_is_no_symbol_is_refused(client: FlaskClient, text: str, status: int) -> None:
    response = client.get("/udf/symbols", query_string={"symbol": text})
    assert response.status_code == status
    assert response.get_json()["s"] == "error"
    assert response.get_json()["errmsg"]


def test_of_two_equal_parameters_the_first_counts_and_others_are_ignored(
    client: FlaskClient,
) -> None:
    query = f"symbol={SIM}&symbol={FOREX}&currencyCode=USD&unitId=&_=17"
    assert client.get(f"/udf/symbols?{query}").get_json()["ticker"] == SIM


def test_the_table_holds_what_single_symbols_say(get: Get) -> None:
    table = get("symbol_info", group="Any name")
    assert table["ticker"] == list(EVERY)
    assert len(set(table["symbol"])) == len(EVERY)
    for row, ticker in enumerate(EVERY):
        one = get("symbols", symbol=ticker)
        assert table["symbol"][row] == one["name"]
        assert table["pricescale"][row] == one["pricescale"]
        assert table["minmovement"][row] == 1
        assert table["session-regular"][row] == one["session"]
        assert table["has-intraday"][row] is True
        assert table["supported-resolutions"][row] == one["supported_resolutions"]
        assert table["intraday-multipliers"][row] == one["intraday_multipliers"]


def test_the_tables_columns_are_hyphenated_and_equally_long(client: FlaskClient) -> None:
    table = client.get("/tv/symbol_info?group=Orderly").get_json()
    assert not any("_" in name for name in table)
    assert {len(column) for column in table.values()} == {len(table["symbol"])}


def test_a_venues_name_as_group_gives_that_venue(get: Get) -> None:
    assert get("symbol_info", group="otc")["ticker"] == [FOREX]
    assert len(get("symbol_info")["ticker"]) == len(EVERY)


def test_group_clients_can_resolve_bands_and_find_prices_first(client: FlaskClient) -> None:
    plain = client.get("/udf/symbol_info?group=X").get_json()["ticker"]
    table = client.get("/tv/symbol_info?group=X").get_json()["ticker"]
    assert table[: len(plain)] == plain
    assert {f"{SIM}#B00", f"{SIM}#B19", f"{SIM}#UP", f"{SIM}#DOWN"} <= set(table)
    assert not any(ticker.startswith(f"{TOGETHER}#") for ticker in table)


def tickers(hits: list[dict[str, Any]]) -> list[str]:
    return [hit["ticker"] for hit in hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", list(EVERY)),
        ("BTC", [*TWICE, TOGETHER]),
        ("btcusdt", list(TWICE)),
        ("BYBIT", [TWICE[1], TOGETHER]),
        ("BYBIT:BTC", [TWICE[1]]),
        ("BTC/USDT", list(TWICE)),
        ("btc bybit", [TWICE[1], TOGETHER]),
        ("FOREX", [FOREX]),
        ("SIMULATED EXCHANGE", [SIM]),
        ("NOTHING", []),
        ("%", []),
        ("SIMUSDT.P#U", [f"{SIM}#UP"]),
    ],
)
def test_search_finds_by_base_name_venue_and_description(
    get: Get, query: str, expected: list[str]
) -> None:
    found = get("search", query=query, limit=30, type="", exchange="")
    assert sorted(tickers(found)) == sorted(expected)


def test_a_name_that_begins_with_the_words_comes_first(get: Get) -> None:
    assert tickers(get("search", query="EUR"))[0] == FOREX
    assert tickers(get("search", query="BTCUSD."))[0] == TOGETHER


def test_search_can_be_narrowed(get: Get) -> None:
    assert tickers(get("search", query="", type="forex", exchange="")) == [FOREX]
    assert tickers(get("search", query="", exchange="BINANCE")) == [TWICE[0]]


def test_a_hit_has_the_fields_of_the_protocol(get: Get) -> None:
    (hit,) = get("search", query="EURUSD")
    assert hit == {
        "symbol": "EURUSD", "full_name": FOREX, "ticker": FOREX, "exchange": "OTC",
        "description": "EURUSD forex on otc", "type": "forex",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "count"), [("2", 2), ("0", 1), ("999999", 5), ("", 5), ("3.0", 3)]
)
def test_the_limit_is_kept_within_bounds(get: Get, limit: str, count: int) -> None:
    assert len(get("search", query="", limit=limit)) == count


def test_there_are_never_more_than_a_hundred_hits(get: Get) -> None:
    assert len(get("search", query="#", limit="999")) <= 100


@pytest.mark.parametrize("limit", ["-1", "x", "\uff11\uff12", "1e3", "1_0", " 5"])
def test_a_limit_that_is_no_number_is_refused(client: FlaskClient, limit: str) -> None:
    response = client.get("/udf/search", query_string={"query": "BTC", "limit": limit})
    assert (response.status_code, response.get_json()["s"]) == (400, "error")
