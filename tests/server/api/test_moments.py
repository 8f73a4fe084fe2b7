"""`/bands`, `/map` and `/summary` say what the library says."""

import json
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from tests.server.sample_store import BAR_MS, BYBIT, END_MS, TOGETHER, instrument, sample_market

import liqbands
from liqbands.instrument import Side
from liqbands.results import Snapshot
from liqbands.sim import START_MS
from liqbands.timeframes import DAY_MS


@pytest.fixture(scope="module")
def book() -> Snapshot:
    return liqbands.snapshot(sample_market().stored, instrument("bybit"))


def ask(client: FlaskClient, path: str, **query: Any) -> Any:
    response = client.get(f"/api/v1/{path}", query_string={"symbol": BYBIT, **query})
    assert response.status_code == 200, response.text
    return json.loads(response.data)


def test_bands_are_the_librarys(client: FlaskClient, book: Snapshot) -> None:
    found = ask(client, "bands", limit=7)["bands"]
    wanted = liqbands.bands(book, limit=7)
    assert [(one["side"], one["low"], one["high"], one["notional"]) for one in found] == [
        (band.side.label, band.low, band.high, band.notional) for band in wanted
    ]
    assert found[0]["leverage_notional"] == wanted[0].leverage_notional


def test_bands_of_one_side_are_those_of_that_side(client: FlaskClient, book: Snapshot) -> None:
    found = ask(client, "bands", side="long", limit=500)["bands"]
    assert [band["low"] for band in found] == [
        band.low for band in liqbands.bands(book, side=Side.LONG)
    ]


def test_a_past_moment_is_the_book_of_the_bars_until_then(client: FlaskClient) -> None:
    moment = START_MS + DAY_MS
    found = ask(client, "bands", to=moment, limit=1)
    bars = sample_market().stored[: DAY_MS // BAR_MS]
    past = liqbands.snapshot(bars, instrument("bybit"))
    assert found["time"] == moment
    assert found["bands"][0]["notional"] == liqbands.bands(past, limit=1)[0].notional


def test_the_map_is_the_librarys(client: FlaskClient, book: Snapshot) -> None:
    found = ask(client, "map", bins=60)
    wanted = liqbands.liquidation_map(book, max_rows=60)
    assert found["leverage_groups"] == list(wanted.leverage_groups)
    np.testing.assert_array_equal(found["edges"], wanted.edges)
    np.testing.assert_array_equal(found["short_layers"], wanted.short_layers)
    np.testing.assert_array_equal(found["long_cumulative"], wanted.long_cumulative)


def test_the_map_shows_the_prices_asked_for(client: FlaskClient, book: Snapshot) -> None:
    low, high = round(book.mark * 0.9, 2), round(book.mark * 1.1, 2)
    edges = ask(client, "map", low=low, high=high)["edges"]
    assert edges[0] <= low < edges[1]
    assert edges[-2] <= high < edges[-1]


def test_the_summary_is_the_librarys(client: FlaskClient, book: Snapshot) -> None:
    found, wanted = ask(client, "summary"), liqbands.summary(book)
    assert found["long_notional"] == wanted.long_notional
    assert found["long_short_ratio"] == wanted.long_short_ratio
    assert wanted.strongest_short is not None
    assert found["strongest_short"]["peak_price"] == wanted.strongest_short.peak_price


def test_the_bias_is_the_longs_less_the_shorts_of_the_whole(client: FlaskClient) -> None:
    found = ask(client, "summary")
    longs, shorts = found["long_notional"], found["short_notional"]
    assert found["bias"] == pytest.approx((longs - shorts) / (longs + shorts))


@pytest.mark.parametrize("path", ["bands", "map", "summary"])
def test_every_moment_says_what_it_rests_on(client: FlaskClient, path: str) -> None:
    found = ask(client, path)["provenance"]
    assert found["as_of"] == END_MS
    assert found["venues"] == [
        {"venue": "bybit", "symbol": BYBIT, "last_close": END_MS, "age_ms": 0, "stale": False}
    ]
    assert (found["stale"], found["simulated"]) == (False, False)
    assert (found["unit"], found["quantity"], found["observed_share"]) == ("quote", "standing", 1)


def test_an_aggregate_is_the_sum_of_its_venues(client: FlaskClient) -> None:
    found = ask(client, "summary", symbol=TOGETHER)
    alone = ask(client, "summary")
    for name in ("long_notional", "short_notional"):
        assert found[name] == pytest.approx(2 * alone[name], rel=1e-3)  # whole bins at the mark
    assert found["venue_shares"] == pytest.approx({"bybit": 0.5, "binance": 0.5}, rel=1e-3)
    assert [one["venue"] for one in found["provenance"]["venues"]] == ["bybit", "binance"]


@pytest.mark.parametrize("path", ["bands", "map", "summary", "heatmap"])
def test_one_venue_of_an_aggregate_is_that_venue(client: FlaskClient, path: str) -> None:
    chosen = ask(client, path, symbol=TOGETHER, venues="bybit")
    alone = ask(client, path)
    assert chosen.pop("symbol") == TOGETHER
    assert alone.pop("symbol") == BYBIT
    assert chosen == alone
