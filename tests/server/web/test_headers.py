"""Who may read answers from another page, and what a browser must not do with them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.server.conftest import close_app

from liqbands_server.settings import Settings
from liqbands_server.web.app import create_app

PATHS = ("/api/v1/symbols", "/api/v1/nothing", "/", "/overview", "/docs", "/healthz")
CHART = "https://chart.example"


@pytest.fixture
def client_for(sample_store: Path) -> Iterator[Callable[..., FlaskClient]]:
    """Return what makes clients of applications that allow some origins."""
    made = []

    def make(*origins: str) -> FlaskClient:
        made.append(create_app(Settings(store=str(sample_store), cors_origins=origins)))
        return made[-1].test_client()

    yield make
    for app in made:
        close_app(app)


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_is_taken_for_what_it_is_not(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/overview", "/docs"])
def test_a_page_may_load_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_may_ask_unless_told_otherwise(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"


def test_a_listed_origin_may_ask(client_for: Callable[..., FlaskClient]) -> None:
    client = client_for(CHART, "https://other.example")
    response = client.get("/api/v1/symbols", headers={"Origin": CHART})
    assert response.headers["Access-Control-Allow-Origin"] == CHART
    assert "Origin" in response.headers.getlist("Vary")


def test_another_origin_may_not(client_for: Callable[..., FlaskClient]) -> None:
    client = client_for(CHART)
    response = client.get("/api/v1/symbols", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "Origin" in response.headers.getlist("Vary")


def test_a_preflight_is_answered(client: FlaskClient) -> None:
    asking = {"Origin": CHART, "Access-Control-Request-Method": "GET"}
    response = client.options("/api/v1/bands", headers=asking)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
