"""Tests of `/heatmap` over a real store: numbers, caching, refusals."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.engine.markets import BINANCE, BYBIT, HOUR, NEW_YEAR_2024, random_market

import liqbands
from liqbands.candles import Candles
from liqbands_server.service.heatmaps import HeatmapQuestion, answer_heatmap
from liqbands_server.service.resolutions import find_timeframe
from liqbands_server.settings import Settings
from liqbands_server.store.candles import write_candles
from liqbands_server.store.instruments import add_instrument, finish_first_load
from liqbands_server.store.opening import open_store
from liqbands_server.web.app import create_app
from liqbands_server.web.context import context_of

N_BARS = 400
END = NEW_YEAR_2024 + N_BARS * HOUR
LATE = NEW_YEAR_2024 + 300 * HOUR
"""When the second venue begins."""
PATH = "/api/v1/heatmap?timeframe=4h&columns=60&bins=80&symbol="
ONE = PATH + "BYBIT:BTCUSDT.P"
FORMATS = {
    "json": "application/json",
    "grid": "application/json",
    "binary": "application/octet-stream",
    "coinglass": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
}


@pytest.fixture(scope="module")
def candles() -> Candles:
    return random_market(3, N_BARS, gaps=True, extras=True)


@pytest.fixture(scope="module")
def store(candles: Candles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "liqbands.db"
    store = open_store(str(path))
    late = random_market(4, 100, start_ms=LATE)
    for instrument, bars in ((BYBIT, candles), (BINANCE, late)):
        with store.writing() as connection:
            stored = add_instrument(connection, instrument)
            write_candles(connection, stored, bars, 0)
            finish_first_load(connection, stored.id, HOUR)
    store.close()
    return path


def start(store: Path) -> Flask:
    """Return an application for which the last bar is long past."""
    return create_app(Settings(store=str(store)), now_ms=lambda: END + 3_000 * HOUR)


def stop(app: Flask) -> None:
    """Stop the application's watcher and let go of the store."""
    context_of(app).watcher.stop()
    context_of(app).markets.store.close()


@pytest.fixture(scope="module")
def app(store: Path) -> Iterator[Flask]:
    app = start(store)
    yield app
    stop(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def document(client: FlaskClient, address: str) -> Any:
    """Return the document at an address."""
    response = client.get(address)
    assert response.status_code == 200, response.text
    return json.loads(response.data)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_served_as_what_it_is(client: FlaskClient, form: str) -> None:
    response = client.get(f"{ONE}&format={form}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == FORMATS[form]
    again = client.get(f"{ONE}&format={form}")
    assert again.data == response.data
    tag = {"If-None-Match": response.headers["ETag"]}
    assert client.get(f"{ONE}&format={form}", headers=tag).status_code == 304


def test_the_numbers_are_those_of_the_library(client: FlaskClient, candles: Candles) -> None:
    found = document(client, ONE)
    times, rows = found["columns"]["open_time_ms"], found["rows"]
    edges = (*times, times[-1] + 4 * HOUR)
    wanted = liqbands.heatmap(candles, BYBIT, column_edges_ms=edges, max_rows=80)
    assert (rows["first_bin"], rows["bins_per_row"]) == (wanted.first_bin, wanted.bins_per_row)
    assert found["columns"]["mark"] == wanted.mark.tolist()
    cells = np.zeros_like(wanted.notional)
    for column, runs in enumerate(found["cells"]):
        for first, values in runs:
            cells[column, first : first + len(values)] = values
    np.testing.assert_array_equal(cells, wanted.notional)


def test_all_formats_rest_on_one_computation(app: Flask, client: FlaskClient) -> None:
    known = app.extensions["liqbands.heatmaps"]
    before = known.misses
    for form in FORMATS:
        assert client.get(f"{ONE}&mode=smoothed&format={form}").status_code == 200
    assert known.misses == before + 1


def test_another_process_answers_the_same_bytes(client: FlaskClient, store: Path) -> None:
    other = start(store)
    try:
        answer = other.test_client().get(ONE + "&format=binary")
    finally:
        stop(other)
    assert answer.data == client.get(ONE + "&format=binary").data


def test_columns_of_months_are_drawn(client: FlaskClient) -> None:
    months = "/api/v1/heatmap?symbol=BYBIT:BTCUSDT.P&timeframe=1M&window=3M"
    assert document(client, months)["columns"]["length_ms"] == 30 * 24 * HOUR
    assert client.get(months + "&format=png").status_code == 200


def test_a_venue_that_began_later_is_left_out_and_named(client: FlaskClient) -> None:
    early = f"&from={NEW_YEAR_2024}&to={NEW_YEAR_2024 + 100 * HOUR}"
    found = document(client, PATH + "ALL:BTCUSD.P" + early)
    assert found["left_out"] == ["binance: no bars yet"]
    assert found["venue_shares"] == {"bybit": 1.0}
    assert [venue["venue"] for venue in found["provenance"]["venues"]] == ["bybit"]


def test_a_venue_is_added_on_all_rows_that_are_shown(app: Flask) -> None:
    markets = context_of(app).markets
    alone, together = (
        answer_heatmap(
            markets,
            HeatmapQuestion(
                markets.find(ticker), find_timeframe("1h"), LATE, LATE + 90 * HOUR, END + HOUR,
                max_rows=100_000,
            ),
        ).heatmap
        for ticker in ("BYBIT:BTCUSDT.P", "ALL:BTCUSD.P")
    )  # fmt: skip
    assert together.first_bin == alone.first_bin
    added, before = (together.notional - alone.notional)[10:], alone.notional[10:]
    assert (added[before > 0] > 0).mean() > 0.99


def test_a_venue_that_is_not_in_every_column_is_named(client: FlaskClient) -> None:
    window = f"&from={LATE - 40 * HOUR}&to={LATE + 40 * HOUR}"
    (named,) = document(client, PATH + "ALL:BTCUSD.P" + window)["left_out"]
    assert named.startswith("binance: in 9 of ")


@pytest.mark.parametrize(
    ("parameter", "value", "would_do"),
    [
        ("format", "jpg", "json, grid, binary, csv, parquet, coinglass, png"),
        ("width", "639", "640 to 3840"),
        ("height", "1e9", "360 to 2160"),
        ("theme", "drak", "did you mean 'dark'"),
        ("leverage", "7x", "50-100x"),
        ("low", "999999999", "low must "),
    ],
)
def test_a_refusal_names_parameter_and_cure(
    client: FlaskClient, parameter: str, value: str, would_do: str
) -> None:
    response = client.get(f"{ONE}&{parameter}={value}")
    assert response.status_code == 400
    assert response.get_json()["parameter"] == parameter
    assert would_do in response.get_json()["detail"]
