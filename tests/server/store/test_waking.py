import threading
import time

from liqbands.instrument import Instrument
from liqbands_server.store.instruments import add_instrument
from liqbands_server.store.store import Store
from liqbands_server.store.waking import Waking


def commit(store: Store, name: str) -> None:
    with store.writing() as connection:
        add_instrument(connection, Instrument("test", name))


def test_a_commit_is_heard_once(store: Store) -> None:
    with Waking(store) as waking:
        assert not waking.wait(0.02)
        commit(store, "A/USD:USD")
        assert waking.wait(5)
        assert not waking.wait(0.02)


def test_who_waits_is_woken_at_once(store: Store) -> None:
    with Waking(store) as waking:
        started = time.monotonic()
        threading.Timer(0.05, commit, (store, "A/USD:USD")).start()
        assert waking.wait(10)
        assert time.monotonic() - started < 5


def test_several_commits_wake_without_end_or_loss(store: Store) -> None:
    with Waking(store) as waking:
        for i in range(3):
            commit(store, f"A{i}/USD:USD")
        assert waking.wait(5)
        while waking.wait(0.02):
            pass
        commit(store, "B/USD:USD")
        assert waking.wait(5)
