"""What is kept: answers while they hold, in the browser only what has closed."""

import gzip
import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from tests.server.udf.conftest import close_app, settings_of
from tests.server.udf.market import NOW_MS, SIM, StoredMarket

from liqbands.candles import Candles
from liqbands_server.store.candles import write_candles
from liqbands_server.store.forming import write_forming
from liqbands_server.store.instruments import find_instrument
from liqbands_server.web.app import create_app

NOW = NOW_MS // 1000
MINUTE = NOW // 60 * 60
CLOSED = f"/udf/history?symbol={SIM}&resolution=1&from={MINUTE - 6_000}&to={MINUTE}"
LIVE = f"/udf/history?symbol={SIM}&resolution=1&from={MINUTE - 6_000}&to={NOW}&countback=2"


@pytest.fixture
def own_client(own_market: StoredMarket) -> Iterator[FlaskClient]:
    """Return a client of an application that notices changes only when told to."""
    app = create_app(settings_of(own_market), now_ms=lambda: NOW_MS)
    app.extensions["liqbands"].watcher.stop()
    yield app.test_client()
    close_app(app)


def test_what_has_closed_may_be_kept(client: FlaskClient) -> None:
    first = client.get(CLOSED)
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    again = client.get(CLOSED, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(CLOSED, headers={"If-None-Match": '"other"'}).data == first.data


@pytest.mark.parametrize(
    "path",
    [
        LIVE, f"/udf/history?symbol={SIM}&resolution=1&from=0&to={MINUTE + 1}",
        f"/udf/history?symbol={SIM}&resolution=60&from=0&to={NOW}",
        f"/udf/marks?symbol={SIM}&resolution=1&from=0&to={NOW}", "/udf/config", "/udf/time",
        f"/udf/symbols?symbol={SIM}", f"/udf/quotes?symbols={SIM}", "/udf/search?query=",
        "/udf/symbol_info?group=X",
    ],
)  # fmt: skip
def test_what_may_still_change_is_not(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


@pytest.mark.parametrize("path", [CLOSED, "/tv/symbol_info?group=X"])
def test_long_answers_are_compressed_for_those_who_can_read_that(
    client: FlaskClient, path: str
) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    refused = client.get(path, headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.data == plain.data


def test_a_forming_bar_that_moves_is_seen(
    own_market: StoredMarket, own_client: FlaskClient
) -> None:
    closed, live = own_client.get(CLOSED).data, own_client.get(LIVE).get_json()
    moved = with_close(own_market.forming, 1.002)
    with own_market.store.writing() as connection:
        stored = find_instrument(connection, SIM)
        write_forming(connection, stored.id, moved, NOW_MS + 1_000)
    again = live
    end = time.monotonic() + 5
    while again == live and time.monotonic() < end:  # a forming bar is read five times a second
        time.sleep(0.05)
        again = own_client.get(LIVE).get_json()
    assert again["c"][-1] == moved.close[0] != live["c"][-1]
    assert again["c"][:-1] == live["c"][:-1]
    assert own_client.get(CLOSED).data == closed


def test_a_bar_that_closes_and_a_correction_are_seen(
    own_market: StoredMarket, own_client: FlaskClient
) -> None:
    hours = f"/udf/history?symbol={SIM}&resolution=60&from={MINUTE - 99 * 3600}&to={NOW + 90}"
    before = own_client.get(hours).get_json()
    corrected = with_close(own_market.closed[-60:-59], 1.001)
    closing = with_close(own_market.forming, 1.003)
    with own_market.store.writing() as connection:
        stored = find_instrument(connection, SIM)
        write_candles(connection, stored, corrected, NOW_MS + 60_000)
        write_candles(connection, stored, closing, NOW_MS + 60_000)
    own_client.application.extensions["liqbands"].markets.refresh()
    after = own_client.get(hours).get_json()
    assert after["t"] == before["t"]
    assert after["c"][-1] == closing.close[0]
    assert after["c"][-2] == before["c"][-2]
    at = MINUTE - 3600
    one = own_client.get(f"/udf/history?symbol={SIM}&resolution=1&from={at}&to={at + 60}")
    assert one.get_json()["c"] == [corrected.close[0]]


def with_close(candles: Candles, factor: float) -> Candles:
    """Return one bar with another close, closed itself."""
    close = candles.close[:1] * factor
    return Candles.from_arrays(
        candles.open_time_ms[:1], open=candles.open[:1], close=close,
        high=candles.high[:1] * 1.01, low=candles.low[:1] * 0.99, volume=candles.volume[:1],
        timeframe_ms=candles.timeframe_ms,
    )  # fmt: skip
