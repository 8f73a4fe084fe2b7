"""Tests of the formats that hold the exact numbers, and of the picture."""

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest
from matplotlib.image import imread
from tests.server.api.heatmap_examples import (
    BY_HAND,
    START,
    bars_of_columns,
    payload_of,
    stale,
)

from liqbands_server.api.heatmap_coinglass import encode_coinglass
from liqbands_server.api.heatmap_json import encode_json
from liqbands_server.api.heatmap_payload import ABOUT_HEADER, HeatmapPayload, about
from liqbands_server.api.heatmap_png import THEMES, Look, encode_png
from liqbands_server.api.heatmap_schemas import HeatmapSchema
from liqbands_server.api.heatmap_tables import METADATA_KEY, encode_csv, encode_parquet

SMALL = Look(640, 360, "dark")


@pytest.fixture
def payload() -> HeatmapPayload:
    random = np.random.default_rng(7)
    cells = random.lognormal(8, 2, (30, 40)) * (random.random((30, 40)) < 0.7)
    return payload_of(cells.astype(np.float32))


def picture(payload: HeatmapPayload, look: Look = SMALL) -> Any:
    """Return the pixels of a picture, shape (height, width, 3)."""
    body = encode_png(payload, bars_of_columns(payload), look).body
    return imread(io.BytesIO(body), format="png")[:, :, :3]


def test_the_runs_of_a_document_make_up_the_very_cells(payload: HeatmapPayload) -> None:
    document = json.loads(encode_json(payload).body)
    cells = np.zeros_like(payload.heatmap.notional)
    for column, runs in enumerate(document["cells"]):
        for first, values in runs:
            cells[column, first : first + len(values)] = values
    np.testing.assert_array_equal(cells, payload.heatmap.notional)


def test_a_document_says_where_rows_and_sides_lie(payload: HeatmapPayload) -> None:
    document = json.loads(encode_json(payload).body)
    rows, columns = document["rows"], document["columns"]
    edges = rows["p0"] * np.exp(rows["dp"] * np.arange(rows["count"] + 1))
    np.testing.assert_allclose(edges, payload.heatmap.edges, rtol=1e-12)
    assert columns["open_time_ms"] == payload.heatmap.open_time_ms.tolist()
    assert columns["split_row"] == [20] * 30
    assert columns["split_long"] == payload.heatmap.split_long.tolist()
    assert columns["last_is_forming"]


def test_a_document_is_as_the_documentation_says(payload: HeatmapPayload) -> None:
    document = json.loads(encode_json(payload).body)
    assert HeatmapSchema().validate(document) == {}
    assert list(HeatmapSchema().fields) == list(document)


def test_tables_hold_the_sides_of_every_cell(payload: HeatmapPayload) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(encode_parquet(payload).body)).to_pandas()
    heatmap = payload.heatmap
    column = (table.open_time_ms - START) // heatmap.timeframe_ms
    row = np.searchsorted(heatmap.edges, table.row_low)
    found = np.zeros((2, *heatmap.notional.shape), dtype=np.float32)
    found[:, column, row] = table.long_notional, table.short_notional
    np.testing.assert_array_equal(found[0], heatmap.long_notional)
    np.testing.assert_array_equal(found[1], heatmap.short_notional)
    np.testing.assert_array_equal(table.row_high, heatmap.edges[row + 1])


def test_both_tables_are_the_same(payload: HeatmapPayload) -> None:
    parquet = pyarrow.parquet.read_table(io.BytesIO(encode_parquet(payload).body))
    csv = pyarrow.csv.read_csv(io.BytesIO(encode_csv(payload).body))
    assert csv.column_names == parquet.column_names
    for name in csv.column_names:
        np.testing.assert_allclose(csv[name], parquet[name], rtol=1e-6)
    assert json.loads(parquet.schema.metadata[METADATA_KEY]) == about(payload)


def test_what_is_no_document_says_what_it_rests_on_in_a_header(payload: HeatmapPayload) -> None:
    headers = dict(encode_csv(payload).headers)
    assert json.loads(headers[ABOUT_HEADER]) == json.loads(json.dumps(about(payload)))


def test_coinglass_triples_lead_to_bar_and_price() -> None:
    payload = payload_of(BY_HAND)
    answer = json.loads(encode_coinglass(payload, bars_of_columns(payload)).body)
    assert (answer["code"], answer["msg"]) == ("0", "success")
    data = answer["data"]
    assert data["liquidation_leverage_data"] == [
        [0, 1, 4], [0, 3, 1], [1, 0, 2], [1, 2, 3], [1, 3, 1], [2, 0, 2], [2, 1, 1], [2, 3, 16],
    ]  # fmt: skip
    middle = np.sqrt(payload.heatmap.edges[:-1] * payload.heatmap.edges[1:])
    np.testing.assert_allclose(data["y_axis"], middle, rtol=1e-12)
    assert [bar[0] for bar in data["price_candlesticks"]] == [
        START // 1000 + 3_600 * i for i in range(3)
    ]


def test_coinglass_candles_are_seconds_and_digits() -> None:
    payload = payload_of(BY_HAND)
    bars = replace(bars_of_columns(payload), close=np.full(3, 99_000.5), low=np.full(3, 98_000.0))
    candle = json.loads(encode_coinglass(payload, bars).body)["data"]["price_candlesticks"][0]
    assert isinstance(candle[0], int)
    assert candle[3:] == ["98000", "99000.5", "198001"]


def test_coinglass_leaves_out_a_column_without_a_bar() -> None:
    payload = payload_of(BY_HAND)
    answer = json.loads(encode_coinglass(payload, bars_of_columns(payload)[1:]).body)
    triples = answer["data"]["liquidation_leverage_data"]
    assert triples[0] == [0, 0, 2]
    assert len(triples) == 6


@pytest.mark.parametrize(("width", "height"), [(640, 360), (641, 999), (1_203, 677)])
def test_a_picture_has_the_size_asked_for(payload: HeatmapPayload, width: int, height: int) -> None:
    assert picture(payload, Look(width, height, "dark")).shape == (height, width, 3)


def test_themes_are_dark_or_light(payload: HeatmapPayload) -> None:
    corner = {theme: picture(payload, Look(640, 360, theme))[0, 0].mean() for theme in THEMES}
    assert corner["light"] == 1
    assert max(value for theme, value in corner.items() if theme != "light") < 0.2


@pytest.mark.parametrize("look", [SMALL, Look(1_600, 900, "light")])
def test_a_market_that_is_not_real_or_old_is_named(payload: HeatmapPayload, look: Look) -> None:
    plain = picture(payload, look)
    for other in (payload_of(payload.heatmap.notional, simulated=True), stale(payload)):
        rows, columns = np.nonzero((picture(other, look) != plain).any(axis=2))
        assert rows.max() < 0.13 * look.height
        assert columns.min() > 0.4 * look.width


def test_the_same_picture_has_the_same_bytes(payload: HeatmapPayload) -> None:
    bars = bars_of_columns(payload)
    assert encode_png(payload, bars, SMALL).body == encode_png(payload, bars, SMALL).body
