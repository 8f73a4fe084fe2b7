"""The same question with the same `as_of` has the same answer for ever, everywhere."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from tests.server.conftest import close_app
from tests.server.sample_store import (
    BAR_MS,
    BYBIT,
    END_MS,
    NOW_MS,
    SIMULATED,
    TOGETHER,
    add_bars,
    corrected,
    make_app,
    sample_market,
)

from liqbands.sim import START_MS
from liqbands_server.store.opening import open_store

PATHS = ("bands", "map", "summary", "liquidations", "symbols", "venues", "heatmap", "candles")
LATER_MS = END_MS + 3_600_000

ONE_ANSWER = """
import hashlib, sys
from pathlib import Path
from tests.server.sample_store import make_app
body = make_app(Path(sys.argv[1])).test_client().get(sys.argv[2]).data
print(hashlib.sha256(body).hexdigest())
"""


def path_of(path: str, as_of_ms: int | None = END_MS, symbol: str = BYBIT) -> str:
    question = f"/api/v1/{path}?"
    if path not in ("symbols", "venues"):
        question += f"symbol={symbol}&"
    return question + (f"as_of={as_of_ms}" if as_of_ms else "")


def body(app: Flask, question: str) -> bytes:
    response = app.test_client().get(question)
    assert response.status_code == 200, response.text
    return bytes(response.data)


def learn_more(path: Path) -> None:
    """Add two hours of bars, and correct an hour in the middle."""
    store, bars = open_store(str(path)), sample_market().candles
    add_bars(store, "bybit", bars, NOW_MS)
    add_bars(store, "bybit", corrected(bars[200:212]), NOW_MS + 1_000)
    store.close()


@pytest.mark.parametrize("path", PATHS)
def test_what_is_learnt_later_changes_no_answer(own_store: Path, own_app: Flask, path: str) -> None:
    before = body(own_app, path_of(path))
    learn_more(own_store)
    later = make_app(own_store, LATER_MS)
    assert body(later, path_of(path)) == before
    close_app(later)


@pytest.mark.parametrize("path", PATHS)
def test_what_is_learnt_later_shows_without_as_of(
    own_store: Path, own_app: Flask, path: str
) -> None:
    before = body(own_app, path_of(path, None))
    learn_more(own_store)
    later = make_app(own_store, LATER_MS)
    assert body(later, path_of(path, None)) != before
    close_app(later)


@pytest.mark.parametrize("path", ["bands", "map", "summary", "liquidations", "heatmap", "candles"])
def test_the_default_as_of_can_be_asked_for_again(own_store: Path, path: str) -> None:
    first, second = make_app(own_store), make_app(own_store, LATER_MS)
    answer = first.test_client().get(path_of(path, None))
    assert answer.json is not None
    as_of_ms = answer.json["provenance"]["as_of"]
    assert body(second, path_of(path, as_of_ms)) == answer.data
    close_app(first)
    close_app(second)


@given(
    as_of_ms=st.integers(START_MS + BAR_MS, END_MS),
    path=st.sampled_from(["bands", "summary", "map"]),
)
def test_an_answer_does_not_depend_on_what_was_asked_before(
    app: Flask, as_of_ms: int, path: str
) -> None:
    last_close = as_of_ms // BAR_MS * BAR_MS
    moment = f"/api/v1/{path}?symbol={BYBIT}&as_of={END_MS}&to={last_close}"
    app.test_client().get(moment)
    early = app.test_client().get(path_of(path, as_of_ms)).json
    at_its_close = app.test_client().get(path_of(path, last_close)).json
    assert early is not None
    assert at_its_close is not None
    assert early["time"] == last_close
    del early["provenance"], at_its_close["provenance"]
    assert early == at_its_close


@pytest.mark.parametrize("symbol", [SIMULATED, TOGETHER])
def test_every_process_gives_the_same_bytes(sample_store: Path, app: Flask, symbol: str) -> None:
    question = path_of("bands", END_MS, symbol)
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", ONE_ANSWER, str(sample_store), question],
        check=True, capture_output=True, text=True, timeout=60, env=environment,
    )  # fmt: skip
    mine = hashlib.sha256(body(app, question)).hexdigest()
    assert other.stdout.strip() == mine
