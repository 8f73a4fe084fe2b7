"""Realised liquidations in the store, each event once however often it is handed in."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, select

from liqbands.market_data import Liquidations
from liqbands_server.store import tables as t
from liqbands_server.store.bulk import insert_rows, whole_time
from liqbands_server.store.changes import last_learnt, note_change

NumberedEvent = tuple[int, int, float, float, int]
"""Time, side, price, contracts, and how many events equal in these came before it."""


def write_liquidations(
    connection: Connection,
    instrument_id: int,
    events: Liquidations,
    learnt_ms: int,
    *,
    known_at_once: bool = False,
) -> int:
    """Store events that are not there yet.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument_id : int
        Whose events.
    events : Liquidations
        In order of time; equal ones in one batch are different events.
    learnt_ms : int
        Now.  No event is learnt before it happens, and none before what was written earlier.
    known_at_once : bool
        Whether events count as known since they happened, as far as that is not before what
        was written earlier; for the first events of an instrument it may be.

    Returns
    -------
    int
        How many were new.
    """
    return write_numbered(
        connection, instrument_id, _numbered(events), learnt_ms, known_at_once=known_at_once
    )


def write_numbered(
    connection: Connection,
    instrument_id: int,
    events: Sequence[NumberedEvent],
    learnt_ms: int,
    *,
    known_at_once: bool = False,
) -> int:
    """Store events that are not there yet, equal ones told apart by whoever heard them.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument_id : int
        Whose events.
    events : sequence of tuple
        In any order; the same ones may be handed in again.
    learnt_ms, known_at_once : int and bool
        As in `write_liquidations`.

    Returns
    -------
    int
        How many were new.
    """
    if not events:
        return 0
    ordered = sorted(events)
    known = set(_read(connection, instrument_id, ordered[0][0], ordered[-1][0]))
    new = [event for event in dict.fromkeys(ordered) if event not in known]
    if new:
        earliest = last_learnt(connection, instrument_id)
        if not known_at_once:
            earliest = max(earliest, learnt_ms)
        elif not has_liquidations(connection, instrument_id):
            earliest = 0
        rows = [(instrument_id, *event, max(event[0], earliest)) for event in new]
        insert_rows(connection, t.liquidation, rows)
        newest = max(row[-1] for row in rows)
        note_change(connection, instrument_id, "liquidations", new[0][0], new[-1][0], newest)
    return len(new)


def read_liquidations(
    connection: Connection,
    instrument_id: int,
    first_ms: int,
    last_ms: int,
    as_of_ms: int,
) -> Liquidations:
    """Return the events of a stretch of time that were known at a time.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id : int
        Whose events.
    first_ms, last_ms : int
        Times, both included.
    as_of_ms : int
        Events learnt later are left out.

    Returns
    -------
    Liquidations
        In order of time.
    """
    found = _read(connection, instrument_id, first_ms, last_ms, as_of_ms)
    return Liquidations(
        np.array([row[0] for row in found], dtype=np.int64),
        np.array([row[1] for row in found], dtype=np.int8),
        np.array([row[2] for row in found], dtype=np.float64),
        np.array([row[3] for row in found], dtype=np.float64),
    )


def has_liquidations(connection: Connection, instrument_id: int) -> bool:
    """Return whether the store holds any event of an instrument.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id : int
        Whose events.

    Returns
    -------
    bool
        Whatever their time.
    """
    c = t.liquidation.c
    newest = select(func.max(c.event_ms)).where(c.instrument_id == instrument_id)
    return connection.execute(newest).scalar() is not None


def _read(
    connection: Connection,
    instrument_id: int,
    first_ms: int,
    last_ms: int,
    as_of_ms: int | None = None,
) -> list[tuple[Any, ...]]:
    c = t.liquidation.c
    found = (
        select(c.event_ms, c.side, c.price, c.contracts, c.repeat)
        .where(c.instrument_id == instrument_id)
        .where(c.event_ms.between(whole_time(first_ms), whole_time(last_ms)))
        .order_by(c.event_ms, c.side, c.price, c.contracts, c.repeat)
    )
    if as_of_ms is not None:
        found = found.where(c.learnt_ms <= whole_time(as_of_ms))
    return [tuple(row) for row in connection.execute(found)]


def _numbered(events: Liquidations) -> list[NumberedEvent]:
    """Return events with the count of equal ones before each."""
    seen: Counter[tuple[int, int, float, float]] = Counter()
    numbered: list[NumberedEvent] = []
    columns = (events.time_ms, events.side, events.price, events.contracts)
    for time_ms, side, price, contracts in zip(*(c.tolist() for c in columns), strict=True):
        event = (time_ms, side, price, contracts)
        numbered.append((*event, seen[event]))
        seen[event] += 1
    return numbered
