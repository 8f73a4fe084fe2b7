"""One feed per store, on SQLite and on PostgreSQL alike."""

import os
from pathlib import Path

import pytest

from liqbands_server.errors import StoreError
from liqbands_server.running.store_lock import holding
from liqbands_server.store.store import Store

PLACE = "http://127.0.0.1:8765"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store.db")
    return str(request.getfixturevalue("postgres_address"))


def test_a_second_holder_is_refused_and_told_who_the_first_is(address: str) -> None:
    first, second = Store(address), Store(address)
    with holding(first, PLACE), pytest.raises(StoreError) as refused, holding(second, ""):
        pass
    first.close()
    second.close()
    assert f"is in use by process {os.getpid()} at {PLACE}; stop that one" in str(refused.value)


def test_the_lock_is_free_when_its_holder_has_ended(address: str) -> None:
    store = Store(address)
    for _ in range(2):
        with holding(store, PLACE):
            pass
    store.close()


def test_the_store_can_be_written_to_by_others_while_it_is_held(address: str) -> None:
    store = Store(address)
    with holding(store, PLACE), store.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE other (number INTEGER)")
    store.close()
