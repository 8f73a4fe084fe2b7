"""Bands of many markets: each in its turn, and no failure ends the work."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from liqbands_server.errors import StoreError
from liqbands_server.feeds import band_work
from liqbands_server.feeds.band_work import BandWork
from liqbands_server.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(str(tmp_path / "store.db"))
    yield store
    store.close()


def test_each_market_is_done_once_however_often_it_was_wanted(store: Store) -> None:
    done: list[int] = []
    may_go, all_done = threading.Event(), threading.Event()

    def keep(_: Store, instrument_id: int) -> None:
        may_go.wait(5)
        done.append(instrument_id)
        if instrument_id == 3:
            all_done.set()

    work = BandWork(store, keep)
    for instrument_id in (1, 1, 2, 2, 2, 3):
        work.want(instrument_id)
    may_go.set()
    assert all_done.wait(5)
    work.stop()
    assert done in ([1, 2, 3], [1, 1, 2, 3])  # the first may have begun before it was wanted again


def test_a_failure_does_not_end_the_work(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(band_work, "_PAUSE_SECONDS", 0.01)
    done = threading.Event()

    def keep(_: Store, instrument_id: int) -> None:
        if instrument_id == 1:
            raise StoreError("busy")
        done.set()

    work = BandWork(store, keep)
    work.want(1)
    work.want(2)
    assert done.wait(5)
    work.stop()
