"""Several writers and a reader at a time: nothing is lost, nothing is seen out of order."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from liqbands.candles import Candles
from liqbands.instrument import Instrument
from liqbands_server.errors import StoreError
from liqbands_server.store.candles import read_candles, write_candles
from liqbands_server.store.changes import Change, changes_since, last_change
from liqbands_server.store.instruments import StoredInstrument, add_instrument, read_instruments
from liqbands_server.store.store import Store

MINUTE = 60_000
LISTED = Instrument("test", "BTC/USDT:USDT")

WRITE = """
import sys
import numpy as np
from liqbands.candles import Candles
from liqbands.instrument import Instrument
from liqbands_server.store.candles import write_candles
from liqbands_server.store.instruments import add_instrument
from liqbands_server.store.opening import open_store
store = open_store(sys.argv[1])
for first in range(0, 300, 10):
    times = np.arange(first, first + 20) * 60_000
    price = np.full(20, float(sys.argv[2]))
    bars = Candles.from_arrays(times, open=price, high=price, low=price, close=price)
    with store.writing() as connection:
        stored = add_instrument(connection, Instrument("test", "BTC/USDT:USDT"))
        write_candles(connection, stored, bars, 10**12)
"""


def bars(first: int, n_bars: int = 1, price: float = 1.0) -> Candles:
    times = np.arange(first, first + n_bars) * MINUTE
    flat = np.full(n_bars, price)
    return Candles.from_arrays(
        times, timeframe_ms=MINUTE, open=flat, high=flat, low=flat, close=flat
    )


def listed(store: Store) -> StoredInstrument:
    with store.writing() as connection:
        return add_instrument(connection, LISTED)


def write(store: Store, candles: Candles, learnt_ms: int = 10**12) -> None:
    with store.writing() as connection:
        write_candles(connection, add_instrument(connection, LISTED), candles, learnt_ms)


def watch(store: Store, done: threading.Event) -> list[Change]:
    seen: list[Change] = []
    while True:
        last_round = done.is_set()
        with store.reading() as connection:
            seen += changes_since(connection, seen[-1].id if seen else 0)
        if last_round:
            return seen


def test_threads_write_side_by_side(store: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda first: write(store, bars(first)), range(40)))
    with store.reading() as connection:
        (stored,) = read_instruments(connection)
        rows = read_candles(connection, stored.id, MINUTE, 0, 2**62)
    assert rows.open_time_ms.tolist() == [minute * MINUTE for minute in range(40)]


def test_a_reader_sees_every_change_once_and_in_order(store: Store) -> None:
    done = threading.Event()
    with ThreadPoolExecutor(5) as threads:
        watching = threads.submit(watch, store, done)
        list(threads.map(lambda first: write(store, bars(first), first), range(40)))
        done.set()
        seen = watching.result(timeout=30)
    assert sorted(change.first_ms // MINUTE for change in seen) == list(range(40))
    assert [change.id for change in seen] == sorted(change.id for change in seen)
    assert [change.learnt_ms for change in seen] == sorted(change.learnt_ms for change in seen)


def test_processes_write_side_by_side(store: Store, address: str) -> None:
    listed(store)
    writers = [
        subprocess.Popen(  # noqa: S603 - this Python
            [sys.executable, "-c", WRITE, address, price], stderr=subprocess.PIPE, text=True
        )
        for price in ("1", "2")
    ]
    assert [writer.communicate(timeout=60)[1] for writer in writers] == ["", ""]
    with store.reading() as connection:
        (stored,) = read_instruments(connection)
        rows = read_candles(connection, stored.id, MINUTE, 0, 2**62)
    assert np.unique(rows.open_time_ms).tolist() == [minute * MINUTE for minute in range(310)]
    of_bar = [rows.values[rows.open_time_ms == opened, 0] for opened in set(rows.open_time_ms)]
    assert all((np.diff(closes) != 0).all() for closes in of_bar)  # each row says something new


def test_what_fails_half_way_leaves_nothing(store: Store) -> None:
    stored = listed(store)
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        assert 1 / write_candles(connection, stored, bars(0, 50), 0).same
    with store.reading() as connection:
        assert last_change(connection) == 0
        assert not len(read_candles(connection, stored.id, MINUTE, 0, 2**62))


def test_a_reader_keeps_seeing_what_it_saw_first(store: Store) -> None:
    stored = listed(store)
    write(store, bars(0))
    with store.reading() as connection:
        before = read_candles(connection, stored.id, MINUTE, 0, 2**62)
        write(store, bars(1))
        after = read_candles(connection, stored.id, MINUTE, 0, 2**62)
    assert len(before) == len(after) == 1


def test_a_writer_that_waits_too_long_says_so(store: Store, address: str) -> None:
    impatient = Store(address, busy_ms=50)
    try:
        with store.writing(), pytest.raises(StoreError, match=r"does not answer: .*lock"):
            write(impatient, bars(0))
    finally:
        impatient.close()
