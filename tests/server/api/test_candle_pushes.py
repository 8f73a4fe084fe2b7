"""`POST /candles`: own markets come in, bad rows are answered alone, strangers are kept out."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from tests.server.conftest import close_app
from tests.server.problems import assert_problem
from tests.server.running.servers import until
from tests.server.sample_store import NOW_MS, SIMULATED

from liqbands.timeframes import MINUTE_MS
from liqbands_server.settings import Settings
from liqbands_server.web.app import create_app

PATH = "/api/v1/candles"
FIRST_MS = NOW_MS // MINUTE_MS * MINUTE_MS - 600 * MINUTE_MS
KEY = "a-long-key"
"""Of a server in this process."""


def bar(place: int, **more: Any) -> dict[str, Any]:
    price = 1.1 + 0.0001 * (place % 7)
    return {
        "t": FIRST_MS + place * MINUTE_MS,
        "open": price,
        "high": price + 0.001,
        "low": price - 0.001,
        "close": price,
        **more,
    }


def body(bars: list[Any], symbol: str = "BROKER:EURUSD", **more: Any) -> dict[str, Any]:
    return {"symbol": symbol, "timeframe": "1m", "bars": bars, **more}


Make = Callable[..., FlaskClient]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Return what makes a client of an application on an empty store, with settings."""
    made: list[Flask] = []

    def application(**settings: Any) -> FlaskClient:
        chosen = Settings(store=str(tmp_path / "empty.db"), **settings)
        made.append(create_app(chosen, now_ms=lambda: NOW_MS))
        return made[-1].test_client()

    yield application
    for app in made:
        close_app(app)


@pytest.fixture
def client(make: Make) -> FlaskClient:
    return make()


def push(client: FlaskClient, **sent: Any) -> Any:
    response = client.post(PATH, **sent)
    assert response.status_code == 200, response.text
    return response.json


def test_bars_become_a_market(client: FlaskClient) -> None:
    said = push(client, json=body([bar(n) for n in range(500)]))
    assert (said["symbol"], said["new"], said["refused"]) == ("BROKER:EURUSD", 500, [])
    question = {"symbol": "BROKER:EURUSD", "timeframe": "1m", "countback": 3}
    until(lambda: client.get(PATH, query_string=question).status_code == 200)
    found = client.get(PATH, query_string=question).json
    assert found is not None
    assert [one["t"] for one in found["bars"]] == [bar(n)["t"] for n in (497, 498, 499)]
    assert [one["volume"] for one in found["bars"]] == [None] * 3


def test_prices_alone_make_a_heatmap_of_shares(client: FlaskClient) -> None:
    push(client, json=body([bar(n) for n in range(500)]))
    question = f"/api/v1/heatmap?symbol={body([])['symbol']}&timeframe=5m&columns=50"
    until(lambda: client.get(question).status_code == 200)
    heat = client.get(question).json
    assert heat is not None
    assert heat["provenance"]["unit"] == "relative"
    assert sum(len(column) for column in heat["cells"]) > 0


def test_bands_through_time_follow(client: FlaskClient) -> None:
    push(client, json=body([bar(n) for n in range(500)]))
    question = "/api/v1/bands?symbol=BROKER:EURUSD&k=20&timeframe=15m&columns=20"

    def has_columns() -> bool:
        found = client.get(question)
        return found.status_code == 200 and bool(found.json and found.json["t"])

    until(has_columns)


def test_sent_again_changes_nothing_and_another_price_corrects(client: FlaskClient) -> None:
    push(client, json=body([bar(n) for n in range(10)]))
    again = push(client, json=body([bar(n) for n in range(5, 12)]))
    assert (again["new"], again["same"], again["corrected"]) == (2, 5, 0)
    moved = push(client, json=body([bar(3, close=1.1005)]))
    assert (moved["new"], moved["same"], moved["corrected"]) == (0, 0, 1)


BAD_ROWS: dict[str, Any] = {
    "must be an object": 7,
    "'vol' is none of t, open": bar(1, vol=1),
    "open is missing": {key: value for key, value in bar(1).items() if key != "open"},
    "close must be a number, was 'x'": bar(1, close="x"),
    "high must be a number, was True": bar(1, high=True),
    "volume must be a number": bar(1, volume=[1]),
    "column 'low'": bar(1, low=-1),
    "is below low": bar(1, high=1.0),
    "must not be negative": bar(1, volume=-1),
    "t must be UTC milliseconds": bar(1, t="today"),
    "t must be a whole minute": bar(1, t=FIRST_MS + 1),
    "has not closed": bar(0, t=NOW_MS // MINUTE_MS * MINUTE_MS),
    "is there already, in row 1": bar(0),
}


@pytest.mark.parametrize("reason", BAD_ROWS)
def test_a_bad_row_is_answered_alone(client: FlaskClient, reason: str) -> None:
    said = push(client, json=body([bar(0), BAD_ROWS[reason], bar(2)]))
    assert said["new"] == 2
    assert [row["row"] for row in said["refused"]] == [2]
    assert reason in said["refused"][0]["reason"]


def test_rows_that_are_all_bad_enter_nothing(client: FlaskClient) -> None:
    said = push(client, json=body([None, {}]))
    assert (said["new"], [row["row"] for row in said["refused"]]) == (0, [1, 2])
    assert client.get("/api/v1/symbols").json == {
        "as_of": NOW_MS // MINUTE_MS * MINUTE_MS,
        "symbols": [],
    }


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
ROWS = JSON_VALUES | st.builds(
    lambda place, name, value: bar(place, **{name: value}),
    st.integers(0, 9),
    st.sampled_from(["t", "open", "low", "volume", "open_interest", "funding_rate", "x"]),
    JSON_VALUES,
)


@given(st.lists(ROWS, min_size=1, max_size=8))
def test_every_row_is_stored_or_refused(own_client: FlaskClient, rows: list[Any]) -> None:
    said = push(own_client, data=json.dumps(body(rows)), content_type="application/json")
    stored = said["new"] + said["same"] + said["corrected"]
    assert stored + len(said["refused"]) == len(rows)


@pytest.fixture
def own_client(make: Make) -> FlaskClient:
    return make()


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"symbol": "BINANCE:BTCUSDT.P"}, "symbol"),
        ({"symbol": SIMULATED}, "symbol"),
        ({"symbol": "all:BTCUSD"}, "symbol"),
        ({"symbol": "a b"}, "symbol"),
        ({"symbol": None}, "symbol"),
        ({"timeframe": "7m"}, "timeframe"),
        ({"timeframe": "1h"}, "timeframe"),
        ({"market": "bond"}, "market"),
        ({"bars": []}, "bars"),
        ({"bars": [{}] * 10_001}, "bars"),
        ({"bars": {"t": 1}}, "bars"),
        ({"more": 1}, "more"),
    ],
)
def test_a_wrong_body_is_refused_whole(
    client: FlaskClient, change: dict[str, Any], parameter: str
) -> None:
    response = client.post(PATH, json={**body([bar(0), bar(1), bar(2)]), **change})
    assert_problem(response, 400, parameter)


@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"[1]", b"7", b"\xff", b"[" * 100_000, b'{"bars": [NaN]}', b"1" * 5_000],
)
def test_what_is_no_json_object_is_refused(client: FlaskClient, sent: bytes) -> None:
    assert_problem(client.post(PATH, data=sent, content_type="application/json"), 400, "body")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_form_of_a_web_page_is_not_taken(client: FlaskClient, kind: str | None) -> None:
    sent = json.dumps(body([bar(0)]))
    assert_problem(client.post(PATH, data=sent, content_type=kind), 415, "Content-Type")


@pytest.mark.parametrize(
    "stranger",
    [
        {"environ_base": {"REMOTE_ADDR": "192.168.1.7"}},
        {"environ_base": {"REMOTE_ADDR": "not an address"}},
        {"environ_base": {"REMOTE_ADDR": "::ffff:10.0.0.1"}},
        {"headers": {"Host": "evil.example:8765"}},
        {"headers": {"Host": "[::1"}},
        {"headers": {"Origin": "https://evil.example"}},
        {"headers": {"X-Forwarded-For": "1.2.3.4"}},
    ],
)
def test_without_a_key_only_this_machine_may_send(
    client: FlaskClient, stranger: dict[str, Any]
) -> None:
    found = assert_problem(client.post(PATH, json=body([bar(0)]), **stranger), 403, "address")
    assert "push_key" in found["detail"]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_programs_of_this_machine_may(client: FlaskClient, address: str) -> None:
    push(client, json=body([bar(0)]), environ_base={"REMOTE_ADDR": address})


@pytest.mark.parametrize("given", [None, "", KEY, f"Bearer {KEY}x", f"Basic {KEY}", "Bearer ü"])
def test_with_a_key_nobody_else_may_send(make: Make, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}
    response = make(push_key=KEY).post(PATH, json=body([bar(0)]), headers=headers)
    assert_problem(response, 401, "Authorization")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert KEY not in response.text


def test_with_its_key_a_program_may_send_from_anywhere(make: Make) -> None:
    stranger = {"REMOTE_ADDR": "192.168.1.7"}
    headers = {"Authorization": f"Bearer {KEY}"}
    push(make(push_key=KEY), json=body([bar(0)]), headers=headers, environ_base=stranger)


def test_ten_thousand_bars_fit_and_other_routes_stay_small(client: FlaskClient) -> None:
    rows = [bar(-n, volume=123456.789012, open_interest=1234567.8901234) for n in range(10_000)]
    assert push(client, json=body(rows))["new"] == 10_000
    assert_problem(client.post("/api/v1/bands", data=b"x" * 70_000), 413, "body")
    assert_problem(client.post(PATH, data=b"x" * 4_000_001), 413, "body")


def test_the_route_is_documented(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document is not None
    assert set(document["paths"][PATH]) >= {"get", "post"}
    assert "POST /api/v1/candles" in client.get("/docs").text
