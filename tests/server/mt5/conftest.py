"""Terminals, and a server that several tests share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.mt5_bridge.conftest import open_terminal, programs  # noqa: F401  # fixtures
from tests.server.mt5.real_server import RealServer


@pytest.fixture(scope="module")
def real_server(
    sample_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealServer]:
    """Return a running server on a store with a market; each test leaves it running."""
    own = Path(shutil.copy(sample_store, tmp_path_factory.mktemp("real") / "own.db"))
    server = RealServer(own)
    server.start()
    yield server
    server.stop()
