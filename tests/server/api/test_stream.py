"""What a stream tells, and how a client resumes it."""

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from tests.server.api.stream_reading import (
    STREAM,
    Reader,
    close_bars,
    form_bar,
    liquidate,
    streaming,
    wait_until_seen,
)
from tests.server.conftest import close_app
from tests.server.problems import assert_problem
from tests.server.sample_store import BAR_MS, END_MS, NOW_MS, make_app, sample_market

from liqbands_server.settings import Settings
from liqbands_server.web.app import create_app

QUERY = {"symbol": "BYBIT:SIMUSDT.P", "timeframe": "5m"}
BEGINNING = ["bar", "column", "bands"]


@pytest.fixture
def other_app(own_store: Path) -> Iterator[Flask]:
    """Return another worker on the same store."""
    made = make_app(own_store)
    yield made
    close_app(made)


def begin(reader: Reader) -> int:
    """Read what a new client is told; return the id up to which it knows everything then."""
    told = [reader.next() for _ in BEGINNING]
    assert [one.name for one in told] == BEGINNING
    return told[-1].id


def test_a_new_client_is_told_how_everything_is(own_app: Flask) -> None:
    with streaming(own_app) as reader:
        told = reader.until("bands")
    assert [one.name for one in told] == BEGINNING
    assert reader.comments == ["retry: 3000"]
    assert told[0].document["t"] == (END_MS - BAR_MS) // 1000
    assert told[0].document["closed"] is True


def test_a_column_is_the_last_one_of_the_heatmap(own_app: Flask) -> None:
    asked = own_app.test_client().get("/api/v1/heatmap", query_string=QUERY | {"format": "grid"})
    grid = asked.get_json()
    with streaming(own_app) as reader:
        column = reader.until("column")[-1].document
    same = ("rev", "norm", "max", "rows", "p0", "dp", "closed")
    assert {name: column[name] for name in same} == {name: grid[name] for name in same}
    assert column["t"] == grid["t"][-1]
    assert b64decode(grid["q"]).endswith(b64decode(column["q"]))


def test_a_closed_bar_is_told_at_once_and_then_its_column_and_bands(own_app: Flask) -> None:
    with streaming(own_app) as reader:
        known = begin(reader)
        close_bars(own_app, 1)
        told = reader.until("bands")
    assert [one.name for one in told] == ["bar", "bar", "column", "bands"]
    assert {one.document["t"] for one in told[:3]} == {END_MS // 1000}
    assert told[0].document["close"] == float(sample_market().candles.close[576])
    assert [one.id for one in told[:-1]] == [known] * 3
    assert told[-1].id > known


def test_a_forming_bar_is_told_as_such(own_app: Flask) -> None:
    with streaming(own_app) as reader:
        begin(reader)
        price = form_bar(own_app)
        bar = reader.next().document
    assert (bar["close"], bar["closed"], bar["t"]) == (price, False, END_MS // 1000)


def test_liquidations_are_told_once(own_app: Flask) -> None:
    with streaming(own_app) as reader:
        begin(reader)
        liquidate(own_app, 2)
        told = reader.next()
        liquidate(own_app, 3)
        later = reader.next()
    assert [event["time"] for event in told.document["events"]] == [END_MS, END_MS + 1]
    assert [event["time"] for event in later.document["events"]] == [END_MS + 2]
    assert told.document["events"][0]["notional"] == 100.0


def test_any_worker_tells_a_returning_client_what_it_missed(
    own_app: Flask, other_app: Flask
) -> None:
    with streaming(own_app) as reader:
        known = begin(reader)
    liquidate(own_app, 2)
    close_bars(own_app, 3)
    wait_until_seen(other_app)
    with streaming(other_app, known) as reader:
        told = reader.until("liquidations")
    assert [one.name for one in told] == ["bar"] * 3 + ["column"] * 3 + ["bands", "liquidations"]
    assert [one.document["t"] * 1000 for one in told[3:6]] == [
        END_MS + i * BAR_MS for i in range(3)
    ]
    assert {one.id for one in told[:-1]} == {known}


def test_a_client_that_missed_nothing_is_told_only_what_comes(
    own_app: Flask, other_app: Flask
) -> None:
    with streaming(own_app) as reader:
        known = begin(reader)
    with streaming(other_app, known) as reader:
        liquidate(own_app, 1)
        assert reader.next().name == "liquidations"


@pytest.mark.parametrize("last_id", ["999999999", "nothing", "-1", "1" * 30])
def test_an_unknown_event_id_means_reload(own_app: Flask, last_id: str) -> None:
    with streaming(own_app, last_id) as reader:
        told = reader.until("reload")
    assert told[-1].document["s"] == "reload"


def test_a_client_that_missed_too_much_has_to_reload(own_app: Flask, other_app: Flask) -> None:
    close_bars(own_app, 1)
    wait_until_seen(own_app)
    with streaming(own_app) as reader:
        known = begin(reader)
    for first in range(1, 24):
        close_bars(own_app, 1, after=first)
    wait_until_seen(other_app)
    with streaming(other_app, known) as reader:
        assert len(reader.until("bands")) == 23 * 2 + 1
    with streaming(other_app, 1) as reader:
        assert reader.next().name == "reload"


def test_places_are_limited_and_come_back(own_store: Path) -> None:
    app = create_app(Settings(store=str(own_store), max_streams=1), now_ms=lambda: NOW_MS)
    with streaming(app):
        refused = app.test_client().get(STREAM, query_string=QUERY)
        assert_problem(refused, 503, None)
        assert refused.headers["Retry-After"] == "1"
        assert app.test_client().head(STREAM, query_string=QUERY).status_code == 200
    with streaming(app) as reader:
        begin(reader)
    close_app(app)


def test_a_stream_is_not_kept_by_anybody(own_app: Flask) -> None:
    response = own_app.test_client().head(STREAM, query_string=QUERY)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content_type == "text/event-stream"
    assert response.headers["X-Accel-Buffering"] == "no"


@pytest.mark.parametrize("name", ["from", "to", "as_of", "format"])
def test_a_stream_speaks_of_now(own_app: Flask, name: str) -> None:
    refused = own_app.test_client().get(STREAM, query_string=QUERY | {name: str(END_MS)})
    assert_problem(refused, 400, name)
