"""`POST /mt5/v1/candles`: a terminal's minutes become a market of its broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from tests.server.conftest import close_app
from tests.server.problems import assert_problem
from tests.server.running.servers import until
from werkzeug.test import TestResponse

from liqbands_mt5.broker_clock import BrokerClock
from liqbands_mt5.candle_push import MOST_LINES, Bar, push_text
from liqbands_mt5.decode import decode
from liqbands_server.settings import Settings
from liqbands_server.web.app import create_app

NOW_S = 1_760_054_400 + 7
FIRST_S = NOW_S // 60 * 60 - 600 * 60
CLOCK = BrokerClock(7200)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    made = create_app(Settings(store=str(tmp_path / "a.db")), now_ms=lambda: 1_000 * NOW_S)
    yield made
    close_app(made)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def minute(place: int) -> Bar:
    price = 1.08 + 0.0001 * (place % 11)
    return Bar(FIRST_S + 60 * place, price, price + 0.0005, price - 0.0005, price, 50 + place)


def text(first: int, n: int, feed: str = "EURUSD") -> str:
    return push_text("EURUSD.r", feed, CLOCK, [minute(first + i) for i in range(n)], 5)


def push(client: FlaskClient, sent: str | bytes) -> TestResponse:
    return client.post("/mt5/v1/candles", data=sent, content_type="text/csv")


LINES = st.sampled_from(text(0, 4).splitlines()) | st.text("0123456789.,-+eE#= m", max_size=40)


def stored(client: FlaskClient, symbol: str = "MT5:EURUSD") -> list[int]:
    query = {"symbol": symbol, "timeframe": "1m", "countback": 20_000}
    found = client.get("/api/v1/candles", query_string=query).json
    assert found is not None
    return [one["t"] // 1_000 for one in found.get("bars", [])]


def test_minutes_become_a_market_of_the_broker(client: FlaskClient) -> None:
    response = push(client, text(0, MOST_LINES))
    assert (response.status_code, response.data) == (204, b"")
    until(lambda: len(stored(client)) == MOST_LINES)
    listed = client.get("/api/v1/symbols").json
    assert listed is not None
    assert (listed["symbols"][0]["kind"], listed["symbols"][0]["simulated"]) == ("forex", False)
    query = "symbol=MT5:EURUSD&timeframe=1m&countback=1"
    bar = (client.get(f"/api/v1/candles?{query}").json or {})["bars"][0]
    assert (bar["volume"], bar["open_interest"]) == (None, None)


def test_parts_join_and_repetition_is_harmless(client: FlaskClient) -> None:
    for first, n in ((0, 100), (100, 100), (50, 120), (0, 100)):
        assert push(client, text(first, n)).status_code == 204
    until(lambda: len(stored(client)) == 200)
    assert stored(client) == [FIRST_S + 60 * place for place in range(200)]


def test_bad_lines_are_answered_and_the_others_stored(client: FlaskClient) -> None:
    lines = text(0, 3).splitlines()
    lines[2] = "nonsense"
    lines.append(f"{NOW_S // 60 * 60},1,1,1,1,1")
    response = push(client, "\n".join(lines) + "\n")
    assert response.status_code == 200
    assert response.text.splitlines() == [
        "line 3: must have 6 values, had 1",
        f"line 5: the bar of {NOW_S // 60 * 60} is not closed yet",
    ]
    until(lambda: stored(client) == [FIRST_S, FIRST_S + 120])


def test_lines_that_are_all_bad_enter_nothing(client: FlaskClient) -> None:
    response = push(client, "# mt5 v1 symbol=EURUSD feed=EURUSD\nx\n")
    assert (response.status_code, response.text) == (200, "line 2: must have 6 values, had 1\n")
    assert (client.get("/api/v1/symbols").json or {})["symbols"] == []


@pytest.mark.parametrize(
    ("feed", "ticker"),
    [("", "MT5:EURUSD"), ("MYBROKER:EURUSD", "MYBROKER:EURUSD"), ("XAUUSD", "MT5:XAUUSD")],
)
def test_the_feed_names_the_market(client: FlaskClient, feed: str, ticker: str) -> None:
    assert push(client, text(0, 5, feed)).status_code == 204
    until(lambda: len(stored(client, ticker)) == 5)


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "1,2,3",
        text(0, 1).replace("timeframe=1m", "timeframe=7m"),
        text(0, 3).replace("timeframe=1m", "timeframe=1h"),
        text(0, 1, "BYBIT:BTCUSDT.P"),
        text(0, MOST_LINES) + "x\n",
        "# mt5 v1 symbol=\xff\n".encode("latin-1"),
    ],
)
def test_a_text_that_is_useless_is_refused_whole(client: FlaskClient, sent: str | bytes) -> None:
    assert_problem(push(client, sent), 400, "body")


@given(st.text(max_size=200) | st.lists(LINES, max_size=6).map("\n".join))
def test_whatever_is_sent_is_answered(client: FlaskClient, sent: str) -> None:
    """Every line is stored, told, or refused with all others."""
    response = push(client, sent.encode())
    assert response.status_code in (200, 204, 400), response.text
    assert "Traceback" not in response.text


def test_only_those_who_may_send_are_heard(client: FlaskClient) -> None:
    stranger = {"REMOTE_ADDR": "10.0.0.7"}
    refused = client.post(
        "/mt5/v1/candles", data=text(0, 1), content_type="text/csv", environ_base=stranger
    )
    assert_problem(refused, 403, "address")
    plain = client.post("/mt5/v1/candles", data=text(0, 1), content_type="text/plain")
    assert_problem(plain, 415, "Content-Type")


def test_the_broker_s_own_chart_gets_shares_of_a_book(client: FlaskClient) -> None:
    push(client, text(0, MOST_LINES))
    question = "/mt5/v1/frame?symbol=EURUSD.r&timeframe=5m"
    until(lambda: client.get(question).status_code == 200)
    frame = decode(client.get(question).data)
    assert frame.relative
    assert frame.grid is not None
    assert 0 < frame.grid.notional.sum(axis=(0, 2)).max() < 1.3
    assert frame.data_ms == 1_000 * minute(MOST_LINES).open_time_s
    assert frame.reference_price == pytest.approx(minute(MOST_LINES - 1).close)


def test_minutes_are_stored_by_any_number_of_processes(app: Flask, tmp_path: Path) -> None:
    other = create_app(Settings(store=str(tmp_path / "a.db")), now_ms=lambda: 1_000 * NOW_S)
    clients = [app.test_client(), other.test_client()]
    for place in range(20):
        assert push(clients[place % 2], text(10 * place, 10)).status_code == 204
    for client in clients:
        until(lambda client=client: len(stored(client)) == 200)  # type: ignore[misc]  # bound early
    close_app(other)
