"""The writer: whatever it is handed is stored once, however it is cut into batches."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.instrument import Instrument
from liqbands_server.errors import StoreError
from liqbands_server.feeds.known_minutes import candles_of
from liqbands_server.feeds.liquidation_counts import LiquidationCounts
from liqbands_server.feeds.pending import MOST_EVENTS, Forming, Pending
from liqbands_server.feeds.records import LiquidationEvent
from liqbands_server.feeds.writer import BATCH_SECONDS, Writer
from liqbands_server.store.forming import read_forming
from liqbands_server.store.instruments import StoredInstrument, add_instrument
from liqbands_server.store.liquidations import read_liquidations
from liqbands_server.store.listening import read_listening
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

FOREVER = 2**62
MINUTE = {"open": 1.0, "high": 2.0, "low": 1.0, "close": 2.0}
EVENTS = st.lists(
    st.builds(
        LiquidationEvent,
        st.integers(10**12, 10**12 + 5),
        st.sampled_from([1, -1]),
        st.sampled_from([100.0, 101.0]),
        st.just(1.0),
        st.just(False),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(str(tmp_path_factory.mktemp("writer") / "store.db"))
    yield store
    store.close()


def enter(store: Store, name: str) -> StoredInstrument:
    with store.writing() as connection:
        return add_instrument(connection, Instrument("okx", f"{name}/USDT:USDT"))


def stored_events(store: Store, instrument: StoredInstrument) -> Counter[tuple[float, ...]]:
    with store.reading() as connection:
        found = read_liquidations(connection, instrument.id, 0, FOREVER, FOREVER)
    columns = (found.time_ms, found.side, found.price, found.contracts)
    return Counter(zip(*(column.tolist() for column in columns), strict=True))


_names = iter(f"C{k}" for k in range(10**6))


@given(EVENTS, st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_liquidations_stored_are_those_heard_under_any_batching(
    store: Store, events: list[LiquidationEvent], flushed: set[int], reconnected: set[int]
) -> None:
    instrument = enter(store, next(_names))

    async def feed() -> None:
        writer, counts, by = Writer(store), LiquidationCounts(), 0
        for k, event in enumerate(events):
            by += k in reconnected
            numbered = counts.number(event, by)
            if numbered is not None:
                writer.pending.add_liquidation(instrument.id, numbered)
            if k in flushed:
                await writer.flush()
        await writer.close()

    asyncio.run(feed())
    expected = _most_on_one_connection(events, reconnected)
    assert stored_events(store, instrument) == expected


def _most_on_one_connection(
    events: list[LiquidationEvent], reconnected: set[int]
) -> Counter[tuple[float, ...]]:
    """Return each event as often as the connection that said it most often did."""
    most: Counter[tuple[float, ...]] = Counter()
    here: Counter[tuple[float, ...]] = Counter()
    for k, event in enumerate(events):
        if k in reconnected:
            here = Counter()
        here[event[:4]] += 1
        most |= here
    return most


def test_events_and_how_far_was_listened_are_written_together(store: Store) -> None:
    instrument = enter(store, "TOGETHER")
    pending = Pending()
    pending.add_liquidation(instrument.id, (10**12, 1, 100.0, 1.0, 0))
    pending.add_listening(instrument.id, "liquidations", 10**12 - 5, 10**12 + 5)
    batch = pending.taken()

    def write_and_fail() -> None:
        with store.writing() as connection:
            batch.write(connection, 10**12)
            raise StoreError("cut")

    with pytest.raises(StoreError, match="cut"):
        write_and_fail()
    with store.reading() as connection:
        assert read_listening(connection, instrument.id, "liquidations", 0, FOREVER) == []
    assert not stored_events(store, instrument)


def test_writing_a_batch_twice_is_writing_it_once(store: Store) -> None:
    instrument = enter(store, "TWICE")
    pending = Pending()
    for k in (0, 1, 2):
        pending.add_liquidation(instrument.id, (10**12, 1, 100.0, 1.0, k))
    batch = pending.taken()
    for _ in range(2):
        with store.writing() as connection:
            batch.write(connection, 10**12)
    assert stored_events(store, instrument) == {(10**12, 1, 100.0, 1.0): 3}


def test_a_busy_store_is_tried_again_and_nothing_is_lost(tmp_path: Path) -> None:
    open_store(str(tmp_path / "store.db")).close()
    store = Store(str(tmp_path / "store.db"), busy_ms=20)
    instrument = enter(store, "BUSY")
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)

    async def feed() -> None:
        writer = Writer(store)
        running = asyncio.ensure_future(writer.run())
        other.execute("BEGIN IMMEDIATE")
        writer.pending.add_liquidation(instrument.id, (10**12, 1, 100.0, 1.0, 0))
        writer.wake()
        while not is_failing(writer):
            await asyncio.sleep(0.01)
        writer.pending.add_liquidation(instrument.id, (10**12, 1, 100.0, 1.0, 1))
        other.execute("COMMIT")
        while is_failing(writer):
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait({running})
        await writer.close()

    asyncio.run(asyncio.wait_for(feed(), 10))
    other.close()
    assert stored_events(store, instrument) == {(10**12, 1, 100.0, 1.0): 2}
    store.close()


def is_failing(writer: Writer) -> bool:
    return writer.failing_since is not None


def test_the_first_is_written_at_once_and_the_rest_in_batches(store: Store) -> None:
    instrument = enter(store, "EDGE")
    n_asked = 0

    def forming() -> Forming:
        nonlocal n_asked
        n_asked += 1
        return Forming(0, MINUTE)

    async def feed() -> None:
        writer = Writer(store)
        running = asyncio.ensure_future(writer.run())
        until = time.monotonic() + 10 * BATCH_SECONDS
        while time.monotonic() < until:
            writer.pending.forming[instrument.id] = forming
            writer.wake()
            await asyncio.sleep(0.001)
        running.cancel()
        await asyncio.wait({running})
        await writer.close()

    asyncio.run(feed())
    assert 2 <= n_asked <= 13
    with store.reading() as connection:
        assert read_forming(connection)[instrument.id].bar.close == 2.0


def test_the_instruments_of_closed_bars_are_told_of(store: Store) -> None:
    instrument = enter(store, "BARS")
    told: list[int] = []
    candles = candles_of({0: MINUTE})

    async def feed() -> None:
        writer = Writer(store, told.append)
        writer.pending.bars.append((instrument, candles))
        await writer.close()

    asyncio.run(feed())
    assert told == [instrument.id]


def test_memory_is_bounded_while_the_store_is_away() -> None:
    pending = Pending()
    for k in range(MOST_EVENTS):
        assert not pending.is_full
        pending.add_liquidation(1, (k, 1, 100.0, 1.0, 0))
    assert pending.is_full
