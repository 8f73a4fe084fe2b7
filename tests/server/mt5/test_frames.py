"""`/mt5/v1/frame`: the numbers of every other surface, sent only when they are new."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from tests.server.conftest import close_app
from tests.server.problems import assert_problem
from tests.server.sample_store import (
    BAR_MS,
    BYBIT,
    END_MS,
    SIMULATED,
    TOGETHER,
    add_bars,
    make_app,
    sample_market,
    stored_instrument,
)

from liqbands.candles import Candles
from liqbands_mt5.decode import decode
from liqbands_mt5.frame import Frame
from liqbands_server.store.forming import write_forming
from liqbands_server.store.opening import open_store

TICKS_A_SECOND = 10


def ask(client: FlaskClient, symbol: str = BYBIT, since: int = 0, timeframe: str = "5m") -> Any:
    query = {"symbol": symbol, "timeframe": timeframe, "since": since}
    return client.get("/mt5/v1/frame", query_string=query)


def frame(client: FlaskClient, **question: Any) -> Frame:
    response = ask(client, **question)
    assert response.status_code == 200, response.text
    return decode(response.data)


def heatmap(client: FlaskClient, shown: Frame, timeframe: str) -> Any:
    """Return the same picture from the HTTP API."""
    assert shown.grid is not None
    first = shown.grid.t0_ms
    query = {"symbol": shown.symbol, "timeframe": timeframe, "from": first, "to": END_MS}
    return client.get("/api/v1/heatmap", query_string={**query, "bins": 300}).json


@pytest.mark.parametrize("symbol", [BYBIT, TOGETHER])
@pytest.mark.parametrize("timeframe", ["5m", "1h"])
def test_cells_are_those_of_the_api(client: FlaskClient, symbol: str, timeframe: str) -> None:
    shown = frame(client, symbol=symbol, timeframe=timeframe)
    assert shown.grid is not None
    grid, other = shown.grid, heatmap(client, shown, timeframe)
    split = np.array(other["columns"]["split_row"])
    span = math.log(grid.max_value / grid.min_value)
    n_compared = 0
    for column, runs in enumerate(other["cells"]):
        for first, values in runs:
            for row, value in enumerate(values, first):
                if row == split[column] or value < grid.min_value:
                    continue
                level = 1 + round(254 * math.log(value / grid.min_value) / span)
                side = 0 if row < split[column] else 1
                assert abs(int(grid.levels[side, column, row]) - level) <= 1
                n_compared += 1
    assert n_compared > 1_000


def test_rows_and_columns_lie_where_the_api_has_them(client: FlaskClient) -> None:
    shown = frame(client)
    assert shown.grid is not None
    other = heatmap(client, shown, "5m")
    assert shown.grid.price_min == pytest.approx(other["rows"]["p0"], rel=1e-12)
    assert shown.grid.row_step == pytest.approx(other["rows"]["dp"], rel=1e-12)
    assert shown.grid.levels.shape[1:] == (len(other["cells"]), other["rows"]["count"])
    assert (shown.grid.column_ms, shown.grid.n_rows <= 300) == (BAR_MS, True)


def test_bands_are_those_of_the_api(client: FlaskClient) -> None:
    shown = frame(client)
    bands = client.get(f"/api/v1/bands?symbol={BYBIT}&limit=60").json
    assert bands is not None
    for mine, other in zip(shown.bands, bands["bands"], strict=True):
        assert (mine.side.label, mine.low, mine.high) == (
            other["side"],
            other["low"],
            other["high"],
        )
        assert mine.notional == pytest.approx(other["notional"], rel=1e-6)
        assert mine.notional_low == pytest.approx(other["notional_low"], rel=1e-6)


def test_a_frame_says_what_it_rests_on(client: FlaskClient) -> None:
    one, both, played = (frame(client, symbol=name) for name in (BYBIT, TOGETHER, SIMULATED))
    assert (one.honesty.venues_live, one.honesty.venues_total) == (1, 1)
    assert (both.honesty.venues_live, both.honesty.venues_total) == (2, 2)
    assert (one.simulated, played.simulated) == (False, True)
    assert (one.relative, one.degraded) == (False, False)
    assert (one.data_ms, one.reference_price) == (END_MS, sample_market().stored.close[-1])


def test_old_data_are_degraded(sample_store: Path) -> None:
    app = make_app(sample_store, END_MS + 4 * BAR_MS)
    shown = frame(app.test_client())
    close_app(app)
    assert shown.degraded
    assert (shown.honesty.venues_live, shown.honesty.oldest_venue_ms) == (0, END_MS)


def test_the_name_is_the_one_that_the_table_leads_to(client: FlaskClient) -> None:
    names = {"simusd": TOGETHER, BYBIT: BYBIT, "SIMUSDECN": "SIMUSDECN", "SIMUSD.r": "SIMUSD.r"}
    for asked, told in names.items():
        assert frame(client, symbol=asked).symbol == told


def test_a_frame_that_is_known_is_not_sent_again(client: FlaskClient) -> None:
    known = frame(client)
    response = ask(client, since=known.seq)
    assert (response.status_code, response.data) == (204, b"")
    assert ask(client, since=known.seq + 1).status_code == 204  # another worker is ahead


def test_another_server_s_number_is_answered(client: FlaskClient) -> None:
    known = frame(client).seq
    for since in (known + 3_600 * TICKS_A_SECOND, 7, 2**32 - 1):
        assert ask(client, since=since).status_code == 200


def test_every_worker_sends_the_same_bytes(sample_store: Path, client: FlaskClient) -> None:
    other = make_app(sample_store)
    assert ask(other.test_client()).data == ask(client).data
    close_app(other)


def next_bar() -> Candles:
    """Return the first bar that the store does not hold."""
    place = len(sample_market().stored)
    return sample_market().candles[place : place + 1]


def show_forming(path: Path, seconds: float) -> float:
    """Let the bar after the last look as after so many seconds; return its price."""
    store = open_store(str(path))
    member = stored_instrument(store, "bybit")
    with store.writing() as connection:
        write_forming(connection, member.id, next_bar(), END_MS + int(1_000 * seconds))
    store.close()
    return float(next_bar().close[-1])


def close_bar(path: Path, learnt_ms: int) -> None:
    """Let the bar after the last close."""
    store = open_store(str(path))
    add_bars(store, "bybit", next_bar(), learnt_ms)
    store.close()


def test_the_price_that_moves_is_the_reference(own_store: Path) -> None:
    price = show_forming(own_store, 20)
    app = make_app(own_store)
    shown = frame(app.test_client())
    close_app(app)
    assert (shown.reference_price, shown.data_ms) == (price, END_MS + 20_000)
    assert shown.seq == (END_MS + 20_000) // 100 % 2**32


@pytest.mark.parametrize(("seconds", "status"), [(4.9, 204), (5.1, 200)])
def test_a_price_that_moves_is_sent_every_five_seconds(
    own_store: Path, seconds: float, status: int
) -> None:
    show_forming(own_store, 20)
    app = make_app(own_store)
    since = (END_MS + int(1_000 * (20 - seconds))) // 100 % 2**32
    assert ask(app.test_client(), since=since).status_code == status
    close_app(app)


def test_a_bar_that_closes_is_sent_at_once(own_store: Path) -> None:
    show_forming(own_store, 299)
    first = make_app(own_store, END_MS + BAR_MS)
    since = frame(first.test_client()).seq
    close_app(first)
    close_bar(own_store, END_MS + BAR_MS + 200)
    app = make_app(own_store, END_MS + BAR_MS + 300)
    shown = frame(app.test_client(), since=since)
    close_app(app)
    assert shown.seq - since == 12  # from 299.0 s to 300.2 s
    assert shown.honesty.oldest_venue_ms == END_MS + BAR_MS


@pytest.mark.parametrize(("timeframe", "goes_on"), [("1h", True), ("5m", False)])
def test_a_column_that_goes_on_is_marked(own_store: Path, timeframe: str, goes_on: bool) -> None:
    close_bar(own_store, END_MS + BAR_MS)
    app = make_app(own_store, END_MS + BAR_MS + 300)
    shown = frame(app.test_client(), timeframe=timeframe)
    close_app(app)
    assert shown.grid is not None
    assert shown.grid.last_is_forming is goes_on


def test_longer_bars_stand_in_for_shorter_ones(client: FlaskClient) -> None:
    shown = frame(client, timeframe="1m")
    assert shown.grid is not None
    assert shown.grid.column_ms == BAR_MS


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("", 400, "symbol"),
        ("?symbol=NOBODY", 404, "symbol"),
        (f"?symbol={BYBIT}&timeframe=1w", 400, "timeframe"),
        (f"?symbol={BYBIT}&since=-1", 400, "since"),
        (f"?symbol={BYBIT}&since=4294967296", 400, "since"),
        ("?symbol=HYPERLIQUID:FARTCOINUSDC.P", 400, "symbol"),
        (f"?symbol={BYBIT}&more=1", 400, "more"),
        ("?symbol=%C3%A4", 400, "symbol"),
    ],
)
def test_a_wrong_question_is_told_what_would_do(
    client: FlaskClient, query: str, status: int, parameter: str
) -> None:
    assert_problem(client.get(f"/mt5/v1/frame{query}"), status, parameter)
