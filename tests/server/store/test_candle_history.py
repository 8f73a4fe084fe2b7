"""What was known at a time: the store beside a dictionary that follows the rules bar by bar."""

import itertools
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from liqbands.candles import Candles
from liqbands.instrument import Instrument
from liqbands_server.store.candles import CandleRows, Written, read_candles, write_candles
from liqbands_server.store.changes import changes_since
from liqbands_server.store.instruments import (
    StoredInstrument,
    add_instrument,
    finish_first_load,
)
from liqbands_server.store.store import Store
from liqbands_server.store.tables import VALUES

MINUTE = 60_000
NAN = math.nan
EVER = (-(2**62), 2**62)
AS_OF = range(0, 60 * MINUTE, MINUTE // 2)
_numbers = itertools.count()

Values = dict[str, float]
Batch = dict[int, Values]
"""Bars by minute."""


def values(draw: st.DrawFn) -> Values:
    price = draw(st.sampled_from([1.0, 2.0]))
    volume = draw(st.sampled_from([NAN, 1.0, 2.0]))
    taker = draw(st.sampled_from([NAN, 0.0, 1.0, 2.0]))
    low, high = draw(st.sampled_from([(NAN, NAN), (1.0, NAN), (NAN, 1.0), (2.0, 3.0)]))
    return {
        **dict.fromkeys(("open", "high", "low", "close"), price),
        "volume": volume,
        "taker_buy_volume": taker if math.isnan(volume) else min(taker, volume),
        "mark_low": low,
        "mark_high": high,
        "funding_rate": draw(st.sampled_from([NAN, -0.0, 0.1])),
    }


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    minutes = draw(st.lists(st.integers(0, 7), min_size=1, max_size=6, unique=True))
    return {minute: values(draw) for minute in sorted(minutes)}


LOADS = st.lists(st.tuples(batches(), st.integers(0, 20)), min_size=1, max_size=5)
"""Batches, and the minute at which each is learnt."""


@dataclass
class Reference:
    """Every statement about every bar, and when it was learnt."""

    statements: dict[int, list[tuple[int, Values]]] = field(default_factory=dict)
    newest: int = 0

    def write(self, batch: Batch, learnt_ms: int, *, first_load: bool) -> None:
        earliest = max(self.newest + (not first_load), learnt_ms)
        for minute, said in batch.items():
            close = (minute + 1) * MINUTE
            history = self.statements.setdefault(minute, [])
            before = history[-1][1] if history else dict.fromkeys(VALUES, NAN)
            after = before | {
                name: value + 0.0 for name, value in said.items() if not math.isnan(value)
            }
            for larger, smaller in (("volume", "taker_buy_volume"), ("mark_high", "mark_low")):
                if after[larger] < after[smaller]:
                    after[larger], after[smaller] = said[larger], said[smaller]
            if list(after.values()) != list(before.values()) and repr(after) != repr(before):
                learnt = close if first_load and not history else max(close, earliest)
                history.append((learnt, after))
                self.newest = max(self.newest, learnt)

    def known_at(self, as_of_ms: int) -> dict[int, list[float]]:
        known = {}
        for minute, history in sorted(self.statements.items()):
            rows = [row for learnt, row in history if learnt <= as_of_ms]
            if rows:
                known[minute] = [rows[-1][name] for name in VALUES]
        return known


def candles(batch: Batch) -> Candles:
    columns: dict[str, Any] = {
        name: [said[name] for said in batch.values()] for name in next(iter(batch.values()))
    }
    times = np.array(list(batch)) * MINUTE
    return Candles.from_arrays(times, timeframe_ms=MINUTE, **columns)


def pieces(batch: Batch, size: int) -> list[Batch]:
    bars = list(batch.items())
    return [dict(bars[first : first + size]) for first in range(0, len(bars), size)]


def new_instrument(store: Store) -> StoredInstrument:
    with store.writing() as connection:
        return add_instrument(connection, Instrument("test", f"C{next(_numbers)}/USD:USD"))


def write(store: Store, stored: StoredInstrument, batch: Batch, learnt_ms: int) -> Written:
    with store.writing() as connection:
        return write_candles(connection, stored, candles(batch), learnt_ms)


def finish(store: Store, stored: StoredInstrument) -> None:
    with store.writing() as connection:
        finish_first_load(connection, stored.id, MINUTE)


def rows_of(store: Store, stored: StoredInstrument) -> CandleRows:
    with store.reading() as connection:
        return read_candles(connection, stored.id, MINUTE, *EVER)


def known_at(rows: CandleRows, as_of_ms: int) -> dict[int, list[float]]:
    known = np.flatnonzero(rows.learnt_ms <= as_of_ms)
    return {int(rows.open_time_ms[i]) // MINUTE: rows.values[i].tolist() for i in known}


@settings(max_examples=20)
@given(LOADS, st.integers(1, 6), st.integers(1, 5))
def test_at_any_time_the_store_knows_what_the_reference_knows(
    store: Store, loads: list[tuple[Batch, int]], size: int, n_first: int
) -> None:
    stored, reference = new_instrument(store), Reference()
    for i, (batch, minute) in enumerate(loads):
        if i == n_first:
            finish(store, stored)
        for part in pieces(batch, size):
            reference.write(part, minute * MINUTE, first_load=i < n_first)
            write(store, stored, part, minute * MINUTE)
    rows = rows_of(store, stored)
    for as_of_ms in AS_OF:
        assert repr(known_at(rows, as_of_ms)) == repr(reference.known_at(as_of_ms))


@settings(max_examples=10)
@given(LOADS)
def test_a_batch_written_again_is_all_the_same(
    store: Store, loads: list[tuple[Batch, int]]
) -> None:
    stored = new_instrument(store)
    for batch, minute in loads:
        write(store, stored, batch, minute * MINUTE)
        before = rows_of(store, stored)
        assert write(store, stored, batch, 50 * MINUTE) == Written(same=len(batch))
        np.testing.assert_array_equal(rows_of(store, stored).learnt_ms, before.learnt_ms)


@settings(max_examples=10)
@given(LOADS)
def test_what_is_known_at_any_time_is_a_possible_bar(
    store: Store, loads: list[tuple[Batch, int]]
) -> None:
    stored = new_instrument(store)
    for batch, minute in loads:
        write(store, stored, batch, minute * MINUTE)
    rows = rows_of(store, stored)
    for i in range(len(rows)):
        columns = dict(zip(VALUES, rows.values[i : i + 1].T, strict=True))
        assert Candles.from_arrays(rows.open_time_ms[i : i + 1], **columns)


@settings(max_examples=10)
@given(LOADS, st.integers(1, 5))
def test_what_is_learnt_never_falls_from_change_to_change(
    store: Store, loads: list[tuple[Batch, int]], n_first: int
) -> None:
    stored = new_instrument(store)
    for i, (batch, minute) in enumerate(loads):
        if i == n_first:
            finish(store, stored)
        write(store, stored, batch, minute * MINUTE)
    with store.reading() as connection:
        mine = [c for c in changes_since(connection, 0) if c.instrument_id == stored.id]
    learnt = [change.learnt_ms for change in mine]
    assert learnt == sorted(learnt)
    assert (rows_of(store, stored).learnt_ms <= learnt[-1]).all()


@settings(max_examples=10)
@given(LOADS)
def test_no_bar_is_known_before_its_close(store: Store, loads: list[tuple[Batch, int]]) -> None:
    stored = new_instrument(store)
    for batch, minute in loads:
        write(store, stored, batch, minute * MINUTE)
        finish(store, stored)
    rows = rows_of(store, stored)
    assert (rows.learnt_ms >= rows.open_time_ms + MINUTE).all()
