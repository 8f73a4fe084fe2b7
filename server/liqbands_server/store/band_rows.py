"""Bands by slot in the store: one row per tick of the band clock, corrected beside.

What the bytes of a row mean is said in `liqbands_server.service.band_columns`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, LargeBinary, func, select

from liqbands_server.store import tables as t
from liqbands_server.store.bulk import insert_rows


@dataclass(frozen=True, slots=True)
class BandRow:
    """Bands of one instrument at one tick.

    Parameters
    ----------
    n_slots : int
        Number of slots.
    time_ms : int
        The tick.
    revision : int
        The how manieth statement about it.
    learnt_ms : int
        Since when it is known.
    slots : bytes
        The bands, or the beginning of them where only that was asked for.
    """

    n_slots: int
    time_ms: int
    revision: int
    learnt_ms: int
    slots: bytes


def write_band_rows(connection: Connection, instrument_id: int, rows: Sequence[BandRow]) -> None:
    """Store rows.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument_id : int
        Whose.
    rows : sequence of BandRow
        None of them is there yet.

    Raises
    ------
    IntegrityError
        If one of them is.
    """
    insert_rows(
        connection,
        t.band_column,
        [
            (instrument_id, row.n_slots, row.time_ms, row.revision, row.learnt_ms, row.slots)
            for row in rows
        ],
    )


def read_band_rows(
    connection: Connection,
    instrument_id: int,
    n_slots: int,
    first_ms: int,
    last_ms: int,
    n_bytes: int | None = None,
) -> list[BandRow]:
    """Return all revisions of the ticks in a stretch of time.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id, n_slots : int
        Which bands.
    first_ms, last_ms : int
        Ticks, both included.
    n_bytes : int, optional
        Only so many bytes of each row.

    Returns
    -------
    list of BandRow
        In order of time, then revision.
    """
    c = t.band_column.c
    slots = c.slots if n_bytes is None else func.substr(c.slots, 1, n_bytes, type_=LargeBinary())
    found = connection.execute(
        select(c.n_slots, c.time_ms, c.revision, c.learnt_ms, slots)
        .where((c.instrument_id == instrument_id) & (c.n_slots == n_slots))
        .where(c.time_ms.between(first_ms, last_ms))
        .order_by(c.time_ms, c.revision)
    )
    return [BandRow(*row) for row in found]


def last_tick(connection: Connection, instrument_id: int, n_slots: int, before_ms: int) -> int:
    """Return the newest tick up to a time.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id, n_slots : int
        Which bands.
    before_ms : int
        The tick is no later.

    Returns
    -------
    int
        UTC milliseconds, 0 when there is none.
    """
    c = t.band_column.c
    mine = (c.instrument_id == instrument_id) & (c.n_slots == n_slots) & (c.time_ms <= before_ms)
    return int(connection.execute(select(func.max(c.time_ms)).where(mine)).scalar() or 0)
