"""Whether a server is alive and ready, and what it counts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from tests.server.conftest import close_app

from liqbands_server.settings import Settings
from liqbands_server.store.store import Store
from liqbands_server.store.tables import VERSION_TABLE
from liqbands_server.web.app import create_app

Make = Callable[[Path], FlaskClient]


@pytest.fixture
def client_of() -> Iterator[Make]:
    """Return a function that makes a client of a server on a store."""
    made = []

    def make(store: Path) -> FlaskClient:
        made.append(create_app(Settings(store=str(store))))
        return made[-1].test_client()

    yield make
    for app in made:
        close_app(app)


def test_a_server_on_an_empty_store_is_alive_but_not_ready(client_of: Make, tmp_path: Path) -> None:
    client = client_of(tmp_path / "empty.db")
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json is not None
    assert answer.json["detail"] == "the store holds no candles yet"
    assert answer.headers["Retry-After"] == "1"


def test_a_server_whose_store_was_taken_to_another_version_is_not_ready(
    client_of: Make, own_store: Path
) -> None:
    client = client_of(own_store)
    assert client.get("/readyz").status_code == 200
    store = Store(str(own_store))
    with store.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'later'"))  # noqa: S608 - our own name
    store.close()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "of version later" in answer.text


def test_requests_are_counted_by_route_and_not_by_what_strangers_ask(client: FlaskClient) -> None:
    client.get("/api/v1/venues")
    for path in ("/a", "/b/c", "/<script>"):
        client.get(path)
    client.open("/healthz", method="BREW")
    text = client.get("/metrics").text
    assert 'method="GET",route="/api/v1/venues",status="200"' in text
    assert 'route="unmatched",status="404"' in text
    assert 'method="other"' in text
    assert not any(word in text for word in ('"/a"', "<script", "BREW"))


def test_neither_health_nor_metrics_are_kept_by_anybody(client: FlaskClient) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert "no-store" in client.get(path).headers["Cache-Control"]
