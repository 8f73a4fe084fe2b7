"""`/liquidations` gives back what was written, one by one or counted into bars."""

import json
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from tests.server.sample_store import BYBIT, END_MS, TOGETHER, sample_market

from liqbands.sim import START_MS
from liqbands.timeframes import DAY_MS, HOUR_MS

MANY = 5_000
WHOLE = {"from": START_MS, "to": END_MS}


def ask(client: FlaskClient, **query: Any) -> Any:
    response = client.get("/api/v1/liquidations", query_string={"symbol": BYBIT, **query})
    assert response.status_code == 200, response.text
    return response.json


def written() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    events = sample_market().liquidations
    stored = events.time_ms < END_MS
    return events.time_ms[stored], (events.price * events.contracts)[stored]


def test_pages_together_are_all_events(client: FlaskClient) -> None:
    page = ask(client, **WHOLE, limit=MANY)
    times = [event["time"] for event in page["events"]]
    while page["next"] is not None:
        page = json.loads(client.get(page["next"]).data)
        times += [event["time"] for event in page["events"]]
    assert times == written()[0].tolist()
    assert page["total"] == len(times) > MANY


def test_notional_is_price_times_contracts(client: FlaskClient) -> None:
    found = ask(client, **WHOLE, limit=MANY)["events"]
    wanted = written()[1][:MANY]
    assert [event["notional"] for event in found] == pytest.approx(wanted.tolist())


def test_bars_hold_every_event_once(client: FlaskClient) -> None:
    bars = ask(client, **WHOLE, timeframe="1h")["bars"]
    total = sum(bar["long_notional"] + bar["short_notional"] for bar in bars)
    assert total == pytest.approx(written()[1].sum())
    assert sum(bar["long_count"] + bar["short_count"] for bar in bars) == len(written()[0])
    assert all(bar["open_time"] % HOUR_MS == 0 for bar in bars)


def test_a_bar_without_events_is_left_out(client: FlaskClient) -> None:
    opens = [bar["open_time"] for bar in ask(client, **WHOLE, timeframe="5m")["bars"]]
    assert opens == sorted(set((written()[0] // 300_000 * 300_000).tolist()))


def test_an_aggregate_has_the_events_of_all_its_venues(client: FlaskClient) -> None:
    one = ask(client, **WHOLE, timeframe="1d")["bars"]
    both = ask(client, **WHOLE, timeframe="1d", symbol=TOGETHER)["bars"]
    for alone, together in zip(one, both, strict=True):
        assert together["long_notional"] == pytest.approx(2 * alone["long_notional"])
        assert together["short_count"] == 2 * alone["short_count"]


def test_events_learnt_later_are_not_shown(client: FlaskClient) -> None:
    assert ask(client, **WHOLE, as_of=END_MS - 1)["total"] == 0


def test_the_window_is_half_open(client: FlaskClient) -> None:
    first = int(written()[0][0])
    assert ask(client, **{"from": first, "to": first + 1})["total"] >= 1
    assert ask(client, **{"from": START_MS, "to": first})["total"] == 0


def test_too_many_bars_are_refused_with_a_way_out(client: FlaskClient) -> None:
    query = {"symbol": BYBIT, "from": END_MS - 30 * DAY_MS, "timeframe": "5m"}
    response = client.get("/api/v1/liquidations", query_string=query)
    assert response.status_code == 400
    assert "5m gives 8640 columns, at most 2000" in response.text
