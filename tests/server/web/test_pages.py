"""The overview and the documentation stand on their own, without scripts."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.server.conftest import close_app
from tests.server.problems import assert_problem
from tests.server.sample_store import BYBIT, END_MS, SIMULATED, instrument, make_app, sample_market

import liqbands
from liqbands.timeframes import DAY_MS
from liqbands_server.web.front_page import price_text


def links(page: str) -> set[str]:
    found = re.findall(r'(?:href|src)="([^"#][^"]*)"', page)
    return {link.replace("&amp;", "&") for link in found}


@pytest.mark.parametrize("path", ["/overview", "/docs", f"/overview?symbol={BYBIT}&window=1d"])
def test_every_link_of_a_page_leads_somewhere_here(client: FlaskClient, path: str) -> None:
    found = links(client.get(path).text) - {"data:,"}
    assert len(found) > 5
    for link in found:
        assert link.startswith("/"), link
        if "/stream" not in link:
            with client.get(link) as response:
                assert response.status_code == 200, link


def test_the_first_symbol_is_shown_and_labelled(client: FlaskClient) -> None:
    page = client.get("/overview").text
    assert f"<title>{SIMULATED}" in page
    assert "simulated, no real market" in page
    assert 'http-equiv="refresh" content="60"' in page


def test_a_real_symbol_is_not_called_simulated(client: FlaskClient) -> None:
    page = client.get(f"/overview?symbol={BYBIT}").text
    assert "no real market" not in page
    assert "stale</span>" not in page


def test_old_data_are_called_stale(sample_store: Path) -> None:
    app = make_app(sample_store, END_MS + DAY_MS)
    assert 'class="label stale"' in app.test_client().get("/overview").text
    close_app(app)


def test_the_bands_shown_are_the_librarys(client: FlaskClient) -> None:
    book = liqbands.snapshot(sample_market().stored, instrument("bybit"))
    page = client.get(f"/overview?symbol={BYBIT}").text
    for band in liqbands.bands(book, limit=12):
        assert f"<td>{price_text(band.low)}</td><td>{price_text(band.high)}</td>" in page


def test_an_unknown_symbol_is_refused(client: FlaskClient) -> None:
    assert_problem(client.get("/overview?symbol=<script>"), 404, "symbol")


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    app = make_app(tmp_path / "empty.db")
    client = app.test_client()
    assert "No candles yet" in client.get("/overview").text
    assert client.get("/docs").status_code == 200
    close_app(app)


def test_the_documentation_names_every_route_and_parameter(client: FlaskClient) -> None:
    document, page = client.get("/api/v1/openapi.json").json, client.get("/docs").text
    assert document is not None
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        assert f"GET {path}</h2>" in page
        for parameter in operations["get"].get("parameters", []):
            assert f"<code>{parameter['name']}</code>" in page


@pytest.mark.parametrize("path", ["/overview", "/docs"])
def test_a_page_holds_no_script(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert "<script" not in page
    assert not re.search(r"\son[a-z]+=|\sstyle=", page)


def test_nothing_claims_that_price_is_drawn_to_clusters(client: FlaskClient) -> None:
    for path in ("/overview", "/docs"):
        assert "magnet" not in client.get(path).text.lower()
