"""Answers are computed once, tagged, compressed, and told how long they hold."""

import gzip
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.server.conftest import close_app
from tests.server.sample_store import (
    BAR_MS,
    BYBIT,
    END_MS,
    NOW_MS,
    add_bars,
    make_app,
    sample_market,
)

from liqbands_server.settings import Settings
from liqbands_server.store.opening import open_store
from liqbands_server.web.app import create_app
from liqbands_server.web.caching import ASK_AGAIN, FOR_EVER, answers_of
from liqbands_server.web.context import context_of

BANDS = f"/api/v1/bands?symbol={BYBIT}"
PAST = f"{BANDS}&as_of={END_MS - BAR_MS}"
PACKED = {"Accept-Encoding": "br, gzip;q=0.5"}


def test_the_same_answer_has_the_same_tag(client: FlaskClient) -> None:
    first, second = client.get(BANDS), client.get(f"{BANDS}&limit=20")
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["ETag"] != client.get(f"{BANDS}&limit=3").headers["ETag"]


@pytest.mark.parametrize("headers", [{}, PACKED])
def test_who_has_it_gets_no_body(client: FlaskClient, headers: dict[str, str]) -> None:
    tag = client.get(BANDS, headers=headers).headers["ETag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client.get(BANDS, headers={**headers, "If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
    assert client.get(BANDS, headers={"If-None-Match": '"other"'}).status_code == 200


def test_compression_is_offered_to_who_takes_it(client: FlaskClient) -> None:
    plain, packed = client.get(BANDS), client.get(BANDS, headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    refused = client.get(BANDS, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_a_past_answer_may_be_kept(client: FlaskClient) -> None:
    for _ in range(2):
        assert client.get(PAST).headers["Cache-Control"] == FOR_EVER
    assert client.get(BANDS).headers["Cache-Control"] == ASK_AGAIN


def test_an_answer_that_may_yet_change_is_asked_about(client: FlaskClient) -> None:
    newest = client.get(f"{BANDS}&as_of={END_MS}")
    assert newest.headers["Cache-Control"] == ASK_AGAIN


def test_an_error_is_not_kept(client: FlaskClient) -> None:
    assert client.get("/api/v1/bands").headers["Cache-Control"] == "no-store"


def test_head_is_get_without_its_body(client: FlaskClient) -> None:
    whole, head = client.get(BANDS), client.head(BANDS)
    assert head.data == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control", "X-Generated-At"):
        assert head.headers[name] == whole.headers[name]


def test_the_time_of_generation_is_a_header(client: FlaskClient) -> None:
    response = client.get(BANDS)
    assert response.headers["X-Generated-At"].startswith("20")
    assert response.headers["X-Generated-At"] not in response.text


def test_a_new_bar_ends_a_shortcut(own_store: Path, own_app: Flask) -> None:
    client = own_app.test_client()
    before = [client.get(BANDS).data for _ in range(2)][1]
    store = open_store(str(own_store))
    count = len(sample_market().stored)
    add_bars(store, "bybit", sample_market().candles[count : count + 1], NOW_MS)
    store.close()
    context_of(own_app).markets.refresh()
    assert client.get(BANDS).data != before


def test_the_clock_ends_a_shortcut(sample_store: Path) -> None:
    now = [NOW_MS]
    app = create_app(Settings(store=str(sample_store)), now_ms=lambda: now[0])
    client = app.test_client()
    before = client.get(BANDS).json
    now[0] += 60_000
    after = client.get(BANDS).json
    close_app(app)
    assert before is not None
    assert after is not None
    assert after["provenance"]["as_of"] == before["provenance"]["as_of"] + 60_000
    assert after["provenance"]["venues"][0]["age_ms"] == 60_000


def test_equal_questions_at_once_are_computed_once(sample_store: Path) -> None:
    app = make_app(sample_store)
    together, bodies = Barrier(6), []

    def ask() -> None:
        together.wait(10)
        bodies.append(app.test_client().get(f"{BANDS}&limit=9").data)

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    close_app(app)
    assert len(bodies) == 6
    assert len(set(bodies)) == 1
    assert answers_of(app).by_question.misses == 1
