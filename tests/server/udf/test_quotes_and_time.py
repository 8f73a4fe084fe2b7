"""`/quotes` and `/time`."""

import pytest
from flask.testing import FlaskClient
from tests.server.udf.conftest import Get
from tests.server.udf.market import FOREX, NOW_MS, SIM, StoredMarket
from tests.server.udf.oracle import base_rows, joined

PRICES = ("lp", "ask", "bid", "open_price", "high_price", "low_price", "prev_close_price")
WORDS = ("short_name", "exchange", "description", "original_name")


def test_time_is_a_bare_number(client: FlaskClient) -> None:
    assert client.get("/udf/time").text == str(NOW_MS // 1000)


def test_a_quote_shows_the_present_day(get: Get, market: StoredMarket) -> None:
    before, today = joined(base_rows(market.store, SIM), 86_400)[-2:]
    (quote,) = get("quotes", symbols=SIM)["d"]
    values = quote["v"]
    shown = [values[name] for name in ("open_price", "high_price", "low_price", "lp")]
    assert shown == list(today[1:5])
    assert values["volume"] == pytest.approx(today[5])
    assert values["prev_close_price"] == before[4]
    assert values["ch"] == pytest.approx(today[4] - before[4], abs=0.06)
    assert values["chp"] == pytest.approx(100 * (today[4] / before[4] - 1), abs=1e-4)


@pytest.mark.parametrize("symbol", [SIM, FOREX, "ALL:BTCUSD.P", "bybit:btcusdt.p"])
def test_a_quote_has_every_field_in_its_type(get: Get, symbol: str) -> None:
    told = get("quotes", symbols=symbol)
    (quote,) = told["d"]
    assert (told["s"], quote["s"], quote["n"]) == ("ok", "ok", symbol)
    values = quote["v"]
    assert all(isinstance(values[name], int | float) and values[name] > 0 for name in PRICES)
    assert all(isinstance(values[name], str) and values[name] for name in WORDS)
    assert values["bid"] <= values["lp"] * (1 + 1e-12)
    assert 0 < values["spread"] == pytest.approx(values["ask"] - values["bid"])


def test_each_symbol_is_answered_under_the_very_text_that_asked(get: Get) -> None:
    asked = ["NO:SUCH", SIM, "sim ulated", "simusdt.p", "ﬁ", "'\"<\\"]
    told = get("quotes", symbols=",".join(asked))
    assert [quote["n"] for quote in told["d"]] == asked
    assert [quote["s"] for quote in told["d"]] == ["error", "ok", "error", "ok", "error", "error"]
    assert told["d"][0]["v"] == {}


def test_no_symbols_are_no_quotes(get: Get) -> None:
    assert get("quotes", symbols="") == get("quotes") == {"s": "ok", "d": []}


def test_too_many_symbols_are_refused(client: FlaskClient) -> None:
    many = ",".join(map(str, range(201)))
    response = client.get("/udf/quotes", query_string={"symbols": many})
    assert response.status_code == 400
    assert response.get_json()["errmsg"] == "symbols must be at most 200, were 201"
