"""Wrong parameters are refused, each by name and with what would do."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from tests.server.problems import assert_problem
from tests.server.sample_store import BYBIT, END_MS, NOW_MS, TOGETHER

WRONG = [
    ("bands", "limit", "0"),
    ("bands", "limit", "501"),
    ("bands", "limit", "1e2"),
    ("bands", "limit", "٣"),
    ("bands", "limit", " 5"),
    ("bands", "limit", ""),
    ("bands", "side", "buy"),
    ("bands", "as_of", str(END_MS // 1000)),
    ("bands", "as_of", "2025-01-02T00:00:00"),
    ("bands", "as_of", "2025-01-02T00:00:00+01:00"),
    ("bands", "as_of", "2025-13-02T00:00:00Z"),
    ("bands", "as_of", str(NOW_MS + 1)),
    ("bands", "as_of", "2001-01-01T00:00:00Z"),
    ("bands", "to", "yesterday"),
    ("bands", "to", "2001-01-01T00:00:00Z"),
    ("bands", "venues", "okx"),
    ("bands", "colour", "red"),
    ("map", "bins", "1"),
    ("map", "bins", "1001"),
    ("map", "low", "0"),
    ("map", "low", "nan"),
    ("map", "low", "1e3"),
    ("map", "low", "999999"),
    ("liquidations", "from", "2100-01-02T00:00:00Z"),
    ("liquidations", "from", "2024-12-31T00:00:00.0000Z"),
    ("liquidations", "window", "2w"),
    ("liquidations", "timeframe", "60"),
    ("liquidations", "timeframe", "1m"),
    ("liquidations", "offset", "-1"),
    ("symbols", "as_of", "now"),
    ("venues", "symbol", BYBIT),
]


@pytest.mark.parametrize(("path", "name", "value"), WRONG)
def test_a_wrong_value_is_refused_by_name(
    client: FlaskClient, path: str, name: str, value: str
) -> None:
    query = {name: value} if path in ("symbols", "venues") else {"symbol": BYBIT, name: value}
    found = assert_problem(client.get(f"/api/v1/{path}", query_string=query), 400, name)
    assert found["value"] == value


@given(text=st.text(min_size=1, max_size=30), name=st.sampled_from(["as_of", "limit", "side"]))
def test_no_text_breaks_a_parameter(client: FlaskClient, name: str, text: str) -> None:
    response = client.get("/api/v1/bands", query_string={"symbol": BYBIT, name: text})
    assert response.status_code in (200, 400)


@given(text=st.text(max_size=80))
def test_no_text_breaks_the_symbol(client: FlaskClient, text: str) -> None:
    response = client.get("/api/v1/summary", query_string={"symbol": text})
    assert_problem(response, response.status_code, "symbol")
    assert response.status_code in (400, 404)


def test_a_symbol_must_be_given(client: FlaskClient) -> None:
    assert assert_problem(client.get("/api/v1/bands"), 400, "symbol")["detail"] == (
        "symbol is missing"
    )


def test_a_near_miss_is_named(client: FlaskClient) -> None:
    found = assert_problem(client.get("/api/v1/bands?symbol=BYBIT:SIMUSDT"), 404, "symbol")
    assert f"did you mean {BYBIT!r}" in found["detail"]


def test_a_name_of_several_venues_is_refused(client: FlaskClient) -> None:
    found = assert_problem(client.get("/api/v1/bands?symbol=simusdt.p"), 404, "symbol")
    assert BYBIT in found["detail"]


def test_an_unknown_parameter_is_answered_with_the_nearest(client: FlaskClient) -> None:
    found = assert_problem(client.get(f"/api/v1/bands?symbol={BYBIT}&limt=3"), 400, "limt")
    assert "did you mean 'limit'" in found["detail"]


def test_a_parameter_given_twice_is_refused(client: FlaskClient) -> None:
    assert_problem(client.get(f"/api/v1/bands?symbol={BYBIT}&limit=3&limit=4"), 400, "limit")


def test_all_faults_are_told_at_once(client: FlaskClient) -> None:
    found = assert_problem(client.get("/api/v1/bands?limit=x&side=y"), 400, "symbol")
    assert {fault["parameter"] for fault in found["errors"]} == {"symbol", "limit", "side"}


def test_from_and_window_exclude_each_other(client: FlaskClient) -> None:
    query = {"symbol": BYBIT, "from": END_MS - 1, "window": "1d"}
    assert_problem(client.get("/api/v1/liquidations", query_string=query), 400, "window")


def test_a_window_beyond_the_limit_is_refused(client: FlaskClient) -> None:
    query = {"symbol": BYBIT, "from": "2000-01-01T00:00:00Z"}
    found = assert_problem(client.get("/api/v1/liquidations", query_string=query), 400, "from")
    assert "at most 3660 days" in found["detail"]


@pytest.mark.parametrize(
    "moment", [str(END_MS), "2025-01-03T00:00:00Z", "2025-01-03T00:00Z", "2025-01-03"]
)
def test_times_can_be_written_in_several_ways(client: FlaskClient, moment: str) -> None:
    response = client.get("/api/v1/bands", query_string={"symbol": BYBIT, "as_of": moment})
    assert response.json is not None
    assert response.json["provenance"]["as_of"] == END_MS


def test_venues_choose_members_of_an_aggregate(client: FlaskClient) -> None:
    query = {"symbol": TOGETHER, "venues": "binance"}
    response = client.get("/api/v1/liquidations", query_string=query)
    assert response.json is not None
    venues = [one["venue"] for one in response.json["provenance"]["venues"]]
    assert venues == ["binance"]
