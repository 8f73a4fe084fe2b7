"""The column that is forming: what closed bars and the unfinished one make, told as it moves."""

from base64 import b64decode
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flask import Flask
from tests.server.api.stream_reading import STORED, Reader, close_bars, form_bar, streaming
from tests.server.sample_store import (
    BAR_MS,
    END_MS,
    TOGETHER,
    instrument,
    sample_market,
    stored_instrument,
)

from liqbands.candles import Candles
from liqbands.heatmaps import heatmap
from liqbands_server.store.forming import write_forming
from liqbands_server.web.context import context_of

BEGINNING = ["bar", "column", "bands"]


def live_column(reader: Reader) -> dict[str, Any]:
    """Return the next column that is forming."""
    while not (told := reader.until("column")[-1].document).get("live"):
        pass
    return told


def begin(reader: Reader) -> dict[str, Any]:
    """Read what a new client is told; return the column of it."""
    return [reader.next() for _ in BEGINNING][1].document


def expected_bytes(bars: Candles, told: dict[str, Any]) -> Any:
    """Return the last column that the engine draws of some bars on the rows told, as bytes."""
    rows, p0, dp = told["rows"], told["p0"], told["dp"]
    inside = {"low": p0 * np.exp(1e-5), "high": p0 * np.exp(rows * dp - 1e-5), "max_rows": rows}
    drawn = heatmap(bars, instrument("bybit"), max_columns=10_000, **inside)
    roots = np.sqrt(np.minimum(drawn.notional[-1] / told["max"], 1))
    return np.floor(255 * roots)


def test_a_forming_bar_makes_the_column_that_it_would_make_if_it_closed_so(own_app: Flask) -> None:
    with streaming(own_app) as reader:
        begin(reader)
        form_bar(own_app)
        told = live_column(reader)
    assert (told["t"], told["closed"]) == (END_MS // 1000, False)
    got = np.frombuffer(b64decode(told["q"]), np.uint8)
    want = expected_bytes(sample_market().candles[: STORED + 1], told)
    assert np.abs(got - want).max() <= 1


def test_it_moves_with_the_bar_and_ends_as_the_closed_one(own_app: Flask) -> None:
    with streaming(own_app) as reader:
        begin(reader)
        form_bar(own_app)
        before = live_column(reader)
        close_bars(own_app, 1)
        closed = reader.until("column")[-1].document
    assert (closed["t"], closed["closed"]) == (before["t"], True)
    assert "live" not in closed
    assert closed["norm"] == before["norm"]


def test_a_later_bar_of_the_same_column_moves_that_column(own_app: Flask) -> None:
    with streaming(own_app, timeframe="1h") as reader:
        begin(reader)
        close_bars(own_app, 1)
        assert reader.until("column")[-1].document["t"] == END_MS // 1000
        bars = sample_market().candles[: STORED + 2]
        _form(own_app, "bybit", bars)
        assert live_column(reader)["t"] == END_MS // 1000


def test_venues_together_are_the_sum_and_a_silent_one_stands_still(own_app: Flask) -> None:
    with streaming(own_app, symbol=TOGETHER) as reader:
        whole = _value(begin(reader))
        _form(own_app, "bybit", _quiet_bar())
        _form(own_app, "binance", _quiet_bar())
        both = _value(live_column(reader))
    assert both == pytest.approx(whole, rel=0.05)


def test_a_bar_that_closed_long_ago_makes_no_column(own_app: Flask) -> None:
    with streaming(own_app) as reader:
        begin(reader)
        _form(own_app, "bybit", sample_market().stored)
        close_bars(own_app, 1)
        assert "live" not in reader.until("column")[-1].document


def _form(app: Flask, venue: str, bars: Candles) -> None:
    store = context_of(app).markets.store
    member = stored_instrument(store, venue)
    with store.writing() as connection:
        write_forming(connection, member.id, bars, END_MS + 1)


def _quiet_bar() -> Candles:
    """Return a bar that stands where the last stored one closed."""
    last = sample_market().stored[STORED - 1 : STORED]
    price = last.close
    later = replace(last, open_time_ms=last.open_time_ms + BAR_MS)
    return replace(later, open=price, high=price, low=price)


def _value(told: dict[str, Any]) -> float:
    cells = np.frombuffer(b64decode(told["q"]), np.uint8) / 255
    return float((cells**2).sum() * told["max"])
