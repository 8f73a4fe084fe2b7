"""`/candles`: bars of any length, as they were known."""

from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.server.problems import assert_problem
from tests.server.sample_store import BAR_MS, BYBIT, END_MS, TOGETHER, sample_market

from liqbands.timeframes import DAY_MS, HOUR_MS

PER_HOUR = HOUR_MS // BAR_MS


def ask(client: FlaskClient, **query: Any) -> Any:
    response = client.get("/api/v1/candles", query_string={"symbol": BYBIT, **query})
    assert response.status_code == 200, response.text
    return response.json


def test_base_bars_are_those_of_the_market(client: FlaskClient) -> None:
    found = ask(client, timeframe="5m", columns=20_000, window="3d")["bars"]
    market = sample_market().stored
    assert [one["t"] for one in found] == market.open_time_ms.tolist()
    for name in ("open", "high", "low", "close", "volume", "taker_buy_volume", "funding_rate"):
        expected = [None if np.isnan(x) else x for x in getattr(market, name).tolist()]
        assert [one[name] for one in found] == expected, name


def test_an_hour_is_its_twelve_bars(client: FlaskClient) -> None:
    hour = ask(client, timeframe="1h", columns=1)["bars"]
    parts = sample_market().stored[-PER_HOUR:]
    assert len(hour) == 1
    assert hour[0]["t"] == END_MS - HOUR_MS
    assert (hour[0]["open"], hour[0]["close"]) == (parts.open[0], parts.close[-1])
    assert (hour[0]["high"], hour[0]["low"]) == (parts.high.max(), parts.low.min())
    assert hour[0]["volume"] == pytest.approx(parts.volume.sum())
    assert hour[0]["open_interest"] == parts.open_interest[-1]


def test_only_a_bar_that_goes_on_is_not_closed(client: FlaskClient) -> None:
    as_of_ms = END_MS - HOUR_MS // 2
    found = ask(client, timeframe="1h", columns=3, as_of=as_of_ms)["bars"]
    assert [one["closed"] for one in found] == [True] * (len(found) - 1) + [False]
    assert all(one["closed"] for one in ask(client, timeframe="1h", columns=3)["bars"])


def test_countback_reaches_back_as_far_as_it_takes(client: FlaskClient) -> None:
    found = ask(client, timeframe="5m", countback=7, to=END_MS - DAY_MS)
    assert [one["t"] for one in found["bars"]] == [
        END_MS - DAY_MS - n * BAR_MS for n in range(7, 0, -1)
    ]
    assert found["from"] == END_MS - DAY_MS - 7 * BAR_MS


@pytest.mark.parametrize(("countback", "bars"), [(3, 12), (30, 30)])
def test_countback_only_adds_to_a_window(client: FlaskClient, countback: int, bars: int) -> None:
    query = {"from": END_MS - HOUR_MS, "countback": countback, "timeframe": "5m"}
    assert len(ask(client, **query)["bars"]) == bars


def test_beyond_the_first_bar_there_is_none(client: FlaskClient) -> None:
    early = END_MS - 20 * DAY_MS
    assert ask(client, timeframe="1h", to=early, columns=5)["bars"] == []
    assert ask(client, timeframe="1h", to=early, countback=5)["bars"] == []


def test_an_aggregate_adds_open_interest_in_the_quote_currency(client: FlaskClient) -> None:
    one = ask(client, timeframe="1h")
    both = ask(client, timeframe="1h", symbol=TOGETHER)
    assert (one["open_interest_unit"], both["open_interest_unit"]) == ("contracts", "quote")
    assert [bar["close"] for bar in one["bars"]] == [bar["close"] for bar in both["bars"]]
    expected = [2 * bar["open_interest"] * bar["close"] for bar in one["bars"]]
    assert [bar["open_interest"] for bar in both["bars"]] == pytest.approx(expected)


def test_known_bars_need_not_be_sent_again(client: FlaskClient) -> None:
    path = f"/api/v1/candles?symbol={BYBIT}&timeframe=1h&as_of={END_MS - HOUR_MS}"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "immutable" in first.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"countback": 5}, "timeframe"),
        ({"columns": 20_001}, "columns"),
        ({"timeframe": "1m"}, "timeframe"),
        ({"timeframe": "5m", "window": "1y"}, "timeframe"),
        ({"window": "1d", "from": END_MS}, "window"),
        ({"symbol": "NOBODY:X"}, "symbol"),
    ],
)
def test_a_wrong_question_is_told_what_would_do(
    client: FlaskClient, query: dict[str, Any], parameter: str
) -> None:
    response = client.get("/api/v1/candles", query_string={"symbol": BYBIT, **query})
    assert_problem(response, 404 if parameter == "symbol" else 400, parameter)


def test_a_long_answer_has_every_bar(app: Flask) -> None:
    found = ask(app.test_client(), timeframe="5m", window="1M")["bars"]
    assert len(found) == 2 * DAY_MS // BAR_MS
