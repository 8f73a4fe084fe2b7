"""Instruments, events, forming bars and health go in and come out as they were."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liqbands.candles import Candles
from liqbands.errors import UnknownSymbolError
from liqbands.instrument import ContractKind, Instrument, MarketKind
from liqbands.market_data import Liquidations
from liqbands_server.errors import StoreError
from liqbands_server.store.candles import read_candles, write_candles
from liqbands_server.store.changes import changes_since
from liqbands_server.store.forming import read_forming, write_forming
from liqbands_server.store.health import FeedHealth, read_health, write_health
from liqbands_server.store.instruments import (
    StoredInstrument,
    add_instrument,
    find_instrument,
    finish_first_load,
    read_instruments,
)
from liqbands_server.store.liquidations import read_liquidations, write_liquidations
from liqbands_server.store.store import Store

MINUTE = 60_000
BTC = Instrument("binance", "BTC/USDT:USDT", tick_size=0.1)
SPY = Instrument(
    "otc", "SPY", ContractKind.LINEAR, 1.0, 0.01, MarketKind.STOCK, "0930-1600", "America/New_York"
)
EVENTS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([1, -1]), st.sampled_from([1.0, 2.5])),
    min_size=1,
    max_size=12,
).map(sorted)


def add(store: Store, instrument: Instrument, *, simulated: bool = False) -> StoredInstrument:
    with store.writing() as connection:
        return add_instrument(connection, instrument, simulated=simulated)


def one_bar(price: float = 2.0, *, minute: int = 0, forming: bool = False) -> Candles:
    prices = dict.fromkeys(("open", "high", "low", "close"), np.array([price]))
    opened = [minute * MINUTE]
    return Candles.from_arrays(opened, timeframe_ms=MINUTE, last_is_forming=forming, **prices)


def liquidations(events: list[tuple[int, int, float]]) -> Liquidations:
    times, sides, contracts = (np.array(column) for column in zip(*events, strict=True))
    return Liquidations(times, sides.astype(np.int8), np.full(len(events), 9.0), contracts)


def rows_of(events: Liquidations) -> list[tuple[int, int, float]]:
    columns = (events.time_ms, events.side, events.contracts)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def test_an_instrument_comes_back_as_it_was(store: Store) -> None:
    added = [add(store, BTC), add(store, SPY, simulated=True)]
    with store.reading() as connection:
        assert read_instruments(connection) == added
    assert [stored.instrument for stored in added] == [BTC, SPY]
    assert [stored.simulated for stored in added] == [False, True]


def test_adding_an_instrument_again_changes_nothing(store: Store) -> None:
    assert add(store, BTC) == add(store, BTC)
    assert add(store, Instrument(BTC.venue, BTC.symbol)).instrument == BTC  # tick size unsaid


def test_a_ticker_is_found_in_any_case(store: Store) -> None:
    add(store, Instrument("hyperliquid", "kPEPE/USDC:USDC"))
    with store.reading() as connection:
        found = find_instrument(connection, "hyperliquid:kpepeUSDC.p")
        with pytest.raises(UnknownSymbolError, match="no instrument 'X:Y'"):
            find_instrument(connection, "X:Y")
    assert found.ticker == "HYPERLIQUID:KPEPEUSDC.P"


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (Instrument("binance", "BTC/USDT:USDT", contract_size=10), "stored with contract_size 1.0"),
        (Instrument("binance", "BTC/USDT:BTC"), "is taken by another symbol"),
        (Instrument("binance", "X" * 65), "must have at most 64 characters"),
    ],
)
def test_another_instrument_of_the_same_name_is_refused(
    store: Store, other: Instrument, message: str
) -> None:
    add(store, BTC)
    with pytest.raises(StoreError, match=message):
        add(store, other)
    with store.reading() as connection:
        assert len(read_instruments(connection)) == 1


def test_the_anchor_of_a_series_is_its_first_bar_and_stays(store: Store) -> None:
    stored = add(store, BTC)
    for minute in (5, 6, 1):
        with store.writing() as connection:
            write_candles(connection, stored, one_bar(minute=minute), 0)
    with store.reading() as connection:
        assert find_instrument(connection, stored.ticker).base.anchor_ms == 5 * MINUTE


def test_a_bar_that_is_forming_is_not_stored_as_closed(store: Store) -> None:
    stored = add(store, BTC)
    with store.writing() as connection:
        assert write_candles(connection, stored, one_bar(forming=True), 0).new == 0


def test_the_forming_bar_is_overwritten(store: Store) -> None:
    stored = add(store, BTC)
    for price in (2.0, 3.0):
        with store.writing() as connection:
            write_forming(connection, stored.id, one_bar(price, forming=True), 50)
    with store.reading() as connection:
        forming = read_forming(connection)[stored.id]
    assert (forming.bar.close, forming.seen_ms, forming.timeframe_ms) == (3.0, 50, MINUTE)
    assert np.isnan(forming.bar.volume)


def test_health_is_what_a_source_said_last(store: Store) -> None:
    stored = add(store, BTC)
    said = FeedHealth(stored.id, "simulated", "live", "", 10, 20, 30)
    for health in (FeedHealth(stored.id, "simulated", "starting", "x" * 500, None, None, 1), said):
        with store.writing() as connection:
            write_health(connection, health)
    with store.reading() as connection:
        assert read_health(connection) == [said]


def test_times_beyond_any_calendar_find_nothing(store: Store) -> None:
    stored = add(store, BTC)
    with store.reading() as connection:
        assert not len(read_candles(connection, stored.id, MINUTE, -(10**30), -(10**20)))
        found = read_liquidations(connection, stored.id, 10**20, 10**30, 10**40)
    assert not len(found.time_ms)


@settings(max_examples=15)
@given(EVENTS, st.integers(0, 9))
def test_each_event_is_stored_once_however_often_it_comes(
    store: Store, events: list[tuple[int, int, float]], cut_ms: int
) -> None:
    stored = add(store, Instrument("test", f"E{np.random.default_rng().integers(2**60)}/USD:USD"))
    first = [event for event in events if event[0] <= cut_ms]
    counts = []
    for part in (first, events, events):
        if part:
            with store.writing() as connection:
                counts.append(write_liquidations(connection, stored.id, liquidations(part), 99))
    with store.reading() as connection:
        found = read_liquidations(connection, stored.id, 0, 9, 99)
        assert not len(read_liquidations(connection, stored.id, 0, 9, 98).time_ms)
    assert rows_of(found) == events
    assert sum(counts) == len(events)


def test_events_are_never_learnt_before_what_came_earlier(store: Store) -> None:
    stored = add(store, BTC)
    for time_ms, learnt_ms in ((1, 500), (2, 100)):
        with store.writing() as connection:
            write_liquidations(connection, stored.id, liquidations([(time_ms, 1, 1.0)]), learnt_ms)
    with store.reading() as connection:
        assert [change.learnt_ms for change in changes_since(connection, 0)] == [500, 500]
        assert rows_of(read_liquidations(connection, stored.id, 0, 9, 499)) == []


def test_a_history_of_events_counts_as_known_when_they_happened(store: Store) -> None:
    stored = add(store, BTC)
    for time_ms in (3, 1):
        with store.writing() as connection:
            events = liquidations([(time_ms, 1, 1.0), (time_ms + 1, 1, 1.0)])
            write_liquidations(connection, stored.id, events, 99, known_at_once=True)
    with store.reading() as connection:
        assert rows_of(read_liquidations(connection, stored.id, 0, 9, 3)) == [(3, 1, 1.0)]
        assert len(read_liquidations(connection, stored.id, 0, 9, 4).time_ms) == 4


def test_after_the_first_load_bars_are_known_since_they_were_stored(store: Store) -> None:
    stored = add(store, BTC)
    with store.writing() as connection:
        write_candles(connection, stored, one_bar(2.0), 10**9)
        finish_first_load(connection, stored.id, MINUTE)
        write_candles(connection, stored, one_bar(3.0), 10**9)
    with store.reading() as connection:
        rows = read_candles(connection, stored.id, MINUTE, 0, 0)
    assert rows.learnt_ms.tolist() == [MINUTE, 10**9]
    assert rows.revision.tolist() == [0, 1]


def test_known_at_close_after_the_first_load_does_not_change_the_past(store: Store) -> None:
    stored = add(store, BTC)
    for minute in (5, 3, 9):
        with store.writing() as connection:
            write_candles(connection, stored, one_bar(minute=minute), 10**9, known_at="close")
            finish_first_load(connection, stored.id, MINUTE)
    with store.reading() as connection:
        rows = read_candles(connection, stored.id, MINUTE, 0, 2**62)
    assert (rows.learnt_ms // MINUTE).tolist() == [6, 6, 10]
