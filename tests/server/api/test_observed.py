"""`/observed` tells what accounts hold, apart from the modelled book."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.server.conftest import close_app
from tests.server.problems import assert_problem
from tests.server.sample_store import BINANCE, BYBIT, END_MS, TOGETHER, make_app

from liqbands_server.store.instruments import find_instrument
from liqbands_server.store.observed import ObservedPosition, replace_positions
from liqbands_server.store.opening import open_store

ACCOUNT = "0x360878d351f05975e25f1807a27895e1e5e004fb"
OTHER = "0x1234567890123456789012345678901234567890"


def hold(path: Path, ticker: str, *positions: tuple[str, int, float, float]) -> None:
    """Store positions: account, side, contracts, liquidation price."""
    store = open_store(str(path))
    with store.writing() as connection:
        own = find_instrument(connection, ticker).id
        for account, side, contracts, price in positions:
            held = ObservedPosition(own, account, side, contracts, 100.0, price, END_MS)
            replace_positions(connection, account, [own], [held])
    store.close()


@pytest.fixture
def observing(own_store: Path) -> Iterator[FlaskClient]:
    """Return a client of a server that observes three positions."""
    hold(own_store, BYBIT, (ACCOUNT, 1, 3.0, 90.0), (OTHER, -1, 1.0, math.nan))
    hold(own_store, BINANCE, (ACCOUNT, -1, 2.0, 120.0))
    app = make_app(own_store)
    yield app.test_client()
    close_app(app)


def ask(client: FlaskClient, symbol: str = BYBIT) -> Any:
    response = client.get("/api/v1/observed", query_string={"symbol": symbol})
    assert response.status_code == 200, response.text
    return response.json


def last_bar(client: FlaskClient, symbol: str = BYBIT) -> dict[str, Any]:
    query = {"symbol": symbol, "timeframe": "5m", "countback": 1}
    answer = client.get("/api/v1/candles", query_string=query).json
    assert answer is not None
    bar: dict[str, Any] = answer["bars"][-1]
    return bar


def test_levels_stand_where_the_venue_liquidates_and_are_worth_that_price(
    observing: FlaskClient,
) -> None:
    priced, unpriced = ask(observing)["levels"]
    assert (priced["side"], priced["price"], priced["notional"]) == ("long", 90.0, 270.0)
    assert (priced["contracts"], priced["entry_price"], priced["seen"]) == (3.0, 100.0, END_MS)
    assert (unpriced["side"], unpriced["price"], unpriced["notional"]) == ("short", None, None)


def test_accounts_are_shown_shortened(observing: FlaskClient) -> None:
    shown = {level["account"] for level in ask(observing)["levels"]}
    assert shown == {"0x3608…04fb", "0x1234…7890"}
    assert ACCOUNT not in observing.get("/api/v1/observed", query_string={"symbol": BYBIT}).text


def test_the_share_is_that_of_open_interest(observing: FlaskClient) -> None:
    found, bar = ask(observing), last_bar(observing)
    assert found["long_notional"] == pytest.approx(3 * found["mark"])
    assert found["open_interest_notional"] == pytest.approx(bar["open_interest"] * found["mark"])
    assert found["long_share"] == pytest.approx(3 / bar["open_interest"])
    assert found["short_share"] == pytest.approx(1 / bar["open_interest"])
    assert found["accounts"] == 2


def test_an_aggregate_has_the_positions_and_the_open_interest_of_all_its_venues(
    observing: FlaskClient,
) -> None:
    one, together = ask(observing), ask(observing, TOGETHER)
    assert [level["symbol"] for level in together["levels"]] == [BYBIT, BINANCE, BYBIT]
    assert together["accounts"] == 2
    both = one["open_interest_notional"] + ask(observing, BINANCE)["open_interest_notional"]
    assert together["open_interest_notional"] == pytest.approx(both)


def test_the_modelled_book_does_not_know_of_them(
    observing: FlaskClient, client: FlaskClient
) -> None:
    question = f"/api/v1/map?symbol={BYBIT}&as_of={END_MS}"
    assert observing.get(question).data == client.get(question).data


def test_where_nothing_is_observed_no_share_is_claimed(client: FlaskClient) -> None:
    found = ask(client)
    assert (found["levels"], found["accounts"], found["seen"]) == ([], 0, None)
    assert (found["long_share"], found["short_share"], found["stale"]) == (None, None, False)
    assert found["open_interest_notional"] > 0


def test_positions_that_were_not_seen_for_long_are_stale(own_store: Path) -> None:
    hold(own_store, BYBIT, (ACCOUNT, 1, 3.0, 90.0))
    for now_ms, stale in ((END_MS + 299_000, False), (END_MS + 301_000, True)):
        app = make_app(own_store, now_ms)
        found = ask(app.test_client())
        close_app(app)
        assert (found["seen"], found["stale"]) == (END_MS, stale)


def test_the_past_is_not_known_and_cannot_be_asked_for(client: FlaskClient) -> None:
    response = client.get(f"/api/v1/observed?symbol={BYBIT}&as_of={END_MS}")
    assert_problem(response, 400, parameter="as_of")
