"""Levels for TradingView.com over HTTP: the engine's bands as text, and errors as sentences."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.server.sample_store import NOW_MS

import liqbands as lb
from liqbands_pine.decode import decode
from liqbands_pine.from_bands import levels_from
from liqbands_pine.levels import LevelsError
from liqbands_server.settings import Settings
from liqbands_server.web.app import create_app
from liqbands_server.web.context import Context, this_context

LEVELS = "/pine/levels.txt?symbols=SIMULATED:SIMUSDT.P&bands=480"
SCRIPT = "/pine/liquidation_bands.pine"


@pytest.fixture(scope="module")
def served(sample_store: Path) -> Iterator[tuple[FlaskClient, Context]]:
    app = create_app(Settings(store=str(sample_store)), now_ms=lambda: NOW_MS)
    with app.app_context():
        context = this_context()
    yield app.test_client(), context
    context.watcher.stop()
    context.markets.store.close()


@pytest.fixture(scope="module")
def client(served: tuple[FlaskClient, Context]) -> FlaskClient:
    return served[0]


def test_the_levels_are_the_engines_bands(served: tuple[FlaskClient, Context]) -> None:
    client, context = served
    listing = context.markets.find("SIMULATED:SIMUSDT.P")
    candles = context.markets.series(listing.reference).known_at(NOW_MS)
    snapshot = lb.snapshot(candles, listing.instrument)
    wanted = levels_from(lb.bands(snapshot), listing.instrument.tick_size, snapshot.time_ms)
    (read,) = decode(client.get(LEVELS).text)
    assert {(one.low, one.high, one.notional) for one in read.section.levels} == {
        (one.low, one.high, one.notional) for one in wanted
    }
    assert (read.is_cut, read.is_edited, read.n_unread) == (False, False, 0)


def test_it_is_plain_text_that_nobody_keeps(client: FlaskClient) -> None:
    response = client.get(LEVELS)
    assert response.mimetype == "text/plain"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.text.startswith("LH1|s=SIMUSDT,")
    assert response.text.endswith("|END")


def test_what_was_left_out_is_said(client: FlaskClient) -> None:
    response = client.get(LEVELS.replace("480", "3"))
    (read,) = decode(response.text)
    assert len(read.section.levels) == 3
    assert response.headers["X-Left-Out"].startswith("SIMUSDT=")


def test_with_as_of_the_levels_stand_for_it(client: FlaskClient) -> None:
    as_of = NOW_MS - 3_600_000
    (read,) = decode(client.get(f"{LEVELS}&as_of={as_of}").text)
    assert read.section.time_s == as_of // 1000


def test_a_script_carries_its_levels(client: FlaskClient) -> None:
    script = client.get(f"{SCRIPT}?symbols=SIMULATED:SIMUSDT.P&bands=50").text
    assert script.startswith("//@version=6")
    assert "LH1|s=SIMUSDT," in script


def test_without_symbols_the_script_waits_for_a_paste(client: FlaskClient) -> None:
    script = client.get(SCRIPT).text
    assert script.startswith("//@version=6")
    assert "LH1|s=" not in "".join(line for line in script.splitlines() if "//" not in line)


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 400, "symbols"),
        ("?symbols=", 400, "symbols"),
        ("?symbols=NO:SUCH", 404, "NO:SUCH"),
        ("?symbols=" + ",".join(f"A{i}" for i in range(30)), 400, "1 to 20"),
        ("?symbols=SIMULATED:SIMUSDT.P&bands=481", 400, "bands"),
        ("?symbols=SIMULATED:SIMUSDT.P&window=2d", 400, "window"),
        ("?symbols=SIMULATED:SIMUSDT.P&as_of=9999999999999", 400, "as_of"),
        ("?symbols=SIMULATED:SIMUSDT.P&wrong=1", 400, "wrong"),
    ],
)
def test_an_error_is_a_sentence(client: FlaskClient, query: str, status: int, words: str) -> None:
    response = client.get(f"/pine/levels.txt{query}")
    assert (response.status_code, response.mimetype) == (status, "text/plain")
    assert words in response.text
    with pytest.raises(LevelsError):
        decode(response.text)
