"""Work in the background: one at a time, and no failure is lost."""

import threading
from pathlib import Path

import pytest

from liqbands_server.errors import StoreError
from liqbands_server.live.background import InBackground
from liqbands_server.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store.db"))


def test_work_that_goes_on_is_not_begun_twice(store: Store) -> None:
    begun, may_end = threading.Semaphore(0), threading.Event()

    def work(_: Store, __: int) -> None:
        begun.release()
        may_end.wait(5)

    background = InBackground(work)
    background.keep(store, 1)
    assert begun.acquire(timeout=5)
    background.keep(store, 1)
    assert not begun.acquire(timeout=0.05)
    may_end.set()
    for thread in threading.enumerate():
        if thread.name == "bands":
            thread.join(5)
    background.keep(store, 1)
    assert begun.acquire(timeout=5)


def test_a_failure_is_raised_at_the_next_call(store: Store) -> None:
    def fail(_: Store, __: int) -> None:
        raise StoreError("full")

    background = InBackground(fail)
    background.keep(store, 1)
    for thread in threading.enumerate():
        if thread.name == "bands":
            thread.join(5)
    with pytest.raises(StoreError, match="full"):
        background.keep(store, 1)
