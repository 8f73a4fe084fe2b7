"""`/bands` with `k`: the same slots for a bar whatever is asked for."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from tests.server.problems import assert_problem
from tests.server.sample_store import BYBIT, END_MS, TOGETHER, instrument, sample_market

import liqbands
from liqbands.sim import START_MS
from liqbands.timeframes import HOUR_MS

LEVELS = range(16)


def ask(client: FlaskClient, **query: Any) -> Any:
    response = client.get("/api/v1/bands", query_string={"symbol": BYBIT, "k": 20, **query})
    assert response.status_code == 200, response.text
    return response.json


def test_there_are_k_slots_as_long_as_the_bars(client: FlaskClient) -> None:
    for k in (20, 32):
        found = ask(client, k=k, timeframe="1h", columns=30)
        assert (found["k"], len(found["slots"]), len(found["t"])) == (k, k, 30)
        assert {len(column) for slot in found["slots"] for column in slot.values()} == {30}


def test_the_last_bar_shows_the_librarys_bands(client: FlaskClient) -> None:
    slots = ask(client, timeframe="1h", columns=2)["slots"]
    shown = {(one["low"][-1], one["high"][-1]) for one in slots if one["side"][-1] is not None}
    book = liqbands.snapshot(sample_market().stored, instrument("bybit"))
    assert len(shown) > 5
    assert shown <= {(band.low, band.high) for band in liqbands.bands(book)}


def test_a_slot_is_whole_or_empty(client: FlaskClient) -> None:
    for slot in ask(client, timeframe="15m", columns=150)["slots"]:
        for row in zip(*slot.values(), strict=True):
            assert all(value is None for value in row) or None not in row
        assert all(level is None or level in LEVELS for level in slot["level"])


@given(
    start=st.integers(START_MS // HOUR_MS, END_MS // HOUR_MS - 2),
    length=st.integers(1, 40),
)
def test_slots_do_not_depend_on_the_window(client: FlaskClient, start: int, length: int) -> None:
    whole = ask(client, timeframe="1h", **{"from": START_MS})
    window = {"from": start * HOUR_MS, "to": min((start + length) * HOUR_MS, END_MS)}
    part = ask(client, timeframe="1h", **window)
    first = whole["t"].index(part["t"][0])
    shown = slice(first, first + len(part["t"]))
    assert whole["t"][shown] == part["t"]
    for mine, theirs in zip(part["slots"], whole["slots"], strict=True):
        assert mine == {name: column[shown] for name, column in theirs.items()}


@pytest.mark.parametrize(("name", "value"), [("k", "5"), ("limit", "5"), ("side", "long")])
def test_what_has_no_meaning_through_time_is_refused(
    client: FlaskClient, name: str, value: str
) -> None:
    query = {"symbol": BYBIT, "k": "20", name: value}
    assert_problem(client.get("/api/v1/bands", query_string=query), 400, name)


@pytest.mark.parametrize(("name", "value"), [("window", "1d"), ("timeframe", "1h")])
def test_what_has_no_meaning_at_one_moment_is_refused(
    client: FlaskClient, name: str, value: str
) -> None:
    query = {"symbol": BYBIT, name: value}
    assert_problem(client.get("/api/v1/bands", query_string=query), 400, name)


def test_slots_of_several_venues_are_not_kept(client: FlaskClient) -> None:
    query = {"symbol": TOGETHER, "k": "20"}
    assert_problem(client.get("/api/v1/bands", query_string=query), 400, "symbol")
