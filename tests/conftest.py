"""What all tests share: recorded markets, golden texts, a PostgreSQL, short property runs."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.postgres import empty_schema, find_programs, private_server

from liqbands_server.settings import data_folder

GOLDEN_FOLDER = Path(__file__).parent / "golden"

settings.register_profile(
    "liqbands",
    derandomize=True,
    deadline=None,
    max_examples=50,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("liqbands")


@pytest.fixture(scope="session")
def market_folder() -> Path:
    """Return the folder of recorded markets, or skip the test."""
    folder = data_folder()
    if folder is None or not (folder / "catalog.csv").is_file():
        pytest.skip("no market data: put it at ../shared/data or set LIQBANDS_DATA")
    return folder


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Return the comparison of a text with tests/golden/NAME (`make golden` rewrites it)."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN_FOLDER / name
        if os.environ.get("LIQBANDS_REGENERATE") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"no golden file {name}: make golden writes it"
        assert text == path.read_text(encoding="utf-8"), f"{name} differs; make golden shows how"

    return compare


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the address of a PostgreSQL: the one named by LIQBANDS_TEST_POSTGRES, or our own."""
    given = os.environ.get("LIQBANDS_TEST_POSTGRES")
    programs = find_programs()
    if given:
        yield given
    elif programs is None:
        pytest.skip("no PostgreSQL: install its server, or name one by LIQBANDS_TEST_POSTGRES")
    else:
        with private_server(programs) as address:
            yield address


@pytest.fixture
def postgres_address(postgres_server: str) -> Iterator[str]:
    """Return the address of an empty store in PostgreSQL."""
    with empty_schema(postgres_server) as address:
        yield address
