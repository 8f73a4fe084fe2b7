"""`/symbols` and `/venues` say what there is and how fresh it is."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.server.conftest import close_app
from tests.server.sample_store import (
    BINANCE,
    BYBIT,
    END_MS,
    SIMULATED,
    TOGETHER,
    make_app,
    stored_instrument,
)

from liqbands.sim import START_MS
from liqbands.timeframes import HOUR_MS
from liqbands_server.store.health import FeedHealth, write_health
from liqbands_server.store.opening import open_store


def ask(client: FlaskClient, path: str) -> Any:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.text
    return response.json


def test_every_symbol_is_listed(client: FlaskClient) -> None:
    found = ask(client, "symbols")["symbols"]
    assert [one["symbol"] for one in found] == [SIMULATED, BYBIT, BINANCE, TOGETHER]
    assert [one["simulated"] for one in found] == [True, False, False, False]
    assert [one["aggregate"] for one in found] == [False, False, False, True]
    assert found[0]["timeframes"][:3] == ["5m", "15m", "30m"]
    assert found[0]["first_open"] == START_MS


def test_every_symbol_of_the_list_can_be_asked_for(client: FlaskClient) -> None:
    for one in ask(client, "symbols")["symbols"]:
        response = client.get("/api/v1/liquidations", query_string={"symbol": one["symbol"]})
        assert response.status_code == 200


def test_data_grow_old(sample_store: Path) -> None:
    app = make_app(sample_store, END_MS + HOUR_MS)
    found = ask(app.test_client(), "symbols")
    close_app(app)
    assert found["as_of"] == END_MS + HOUR_MS - 60_000
    assert found["symbols"][0]["venues"][0]["age_ms"] == HOUR_MS - 60_000
    assert found["symbols"][0]["stale"]


def test_a_past_catalogue_knows_no_later_bar(client: FlaskClient) -> None:
    found = ask(client, f"symbols?as_of={END_MS - HOUR_MS}")
    assert found["symbols"][0]["venues"][0]["last_close"] == END_MS - HOUR_MS


def test_before_the_first_bar_there_is_nothing(client: FlaskClient) -> None:
    assert ask(client, f"symbols?as_of={START_MS}") == {"as_of": START_MS, "symbols": []}


def test_feeds_tell_how_they_are_doing(own_store: Path) -> None:
    store = open_store(str(own_store))
    member = stored_instrument(store, "bybit")
    with store.writing() as connection:
        write_health(connection, FeedHealth(member.id, "candles", "behind", "slow", 1, 2, 3))
    store.close()
    app = make_app(own_store)
    bybit = ask(app.test_client(), "venues")["venues"][1]
    close_app(app)
    assert bybit["venue"] == "bybit"
    assert (bybit["feeds"][0]["state"], bybit["feeds"][0]["last_success"]) == ("behind", 2)


@pytest.mark.parametrize("query", ["", f"?as_of={END_MS}"])
def test_feeds_are_told_for_the_present_only(client: FlaskClient, query: str) -> None:
    feeds = ask(client, "venues" + query)["venues"][0]["feeds"]
    assert feeds == ([] if not query else None)
