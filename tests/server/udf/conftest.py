"""A market in a store, and an application with all mounts that answers about it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.server.udf.market import NOW_MS, StoredMarket, build_market, copy_market

from liqbands_server.settings import Settings
from liqbands_server.web.app import create_app
from liqbands_server.web.context import Context

Get = Callable[..., Any]


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredMarket]:
    """Return the market that the read-only tests share."""
    built = build_market(tmp_path_factory.mktemp("udf") / "store.db")
    yield built
    built.store.close()


@pytest.fixture(scope="module")
def own_market(
    market: StoredMarket, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoredMarket]:
    """Return the same market in a store that the tests of a module may write to."""
    copied = copy_market(market, tmp_path_factory.mktemp("udf") / "store.db")
    yield copied
    copied.store.close()


def settings_of(market: StoredMarket, **others: Any) -> Settings:
    """Return settings with UDF at /udf, at the root, and in group mode at /tv."""
    mounts: dict[str, Any] = {"udf_mounts": ("/",), "udf_group_mounts": ("/tv",)}
    return Settings(store=market.store.name, **(mounts | others))


@pytest.fixture(scope="session")
def app(market: StoredMarket) -> Iterator[Flask]:
    """Return the whole application, at a time of its own."""
    made = create_app(settings_of(market), now_ms=lambda: NOW_MS)
    yield made
    close_app(made)


def close_app(app: Flask) -> None:
    """End the application's thread and its connections."""
    context: Context = app.extensions["liqbands"]
    context.watcher.stop()
    context.markets.store.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of the application."""
    return app.test_client()


@pytest.fixture
def get(client: FlaskClient) -> Get:
    """Return a function from path and parameters to the JSON of a good answer."""

    def ask(path: str, **parameters: object) -> Any:
        query = {name.rstrip("_"): str(value) for name, value in parameters.items()}
        response = client.get(f"/udf/{path}", query_string=query)
        assert response.status_code == 200, response.text
        return response.get_json()

    return ask
