"""What tests of the server share: a store with a market, and an application on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.server.sample_store import fill_store, make_app

from liqbands_server.web.context import Context, context_of


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a store with a market, not to be written to."""
    path = tmp_path_factory.mktemp("store") / "sample.db"
    fill_store(path)
    return path


@pytest.fixture
def own_store(sample_store: Path, tmp_path: Path) -> Path:
    """Return the path of a copy that may be written to."""
    return Path(shutil.copy(sample_store, tmp_path / "own.db"))


@pytest.fixture(scope="session")
def app(sample_store: Path) -> Iterator[Flask]:
    """Return the application on the store."""
    made = make_app(sample_store)
    yield made
    close_app(made)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of the application."""
    return app.test_client()


@pytest.fixture
def own_app(own_store: Path) -> Iterator[Flask]:
    """Return an application on a store that may be written to."""
    made = make_app(own_store)
    yield made
    close_app(made)


@pytest.fixture
def context(app: Flask) -> Context:
    """Return what the application's routes share."""
    return context_of(app)


def close_app(app: Flask) -> None:
    """Stop an application's watcher and let go of its store."""
    context = context_of(app)
    context.watcher.stop()
    context.markets.store.close()
