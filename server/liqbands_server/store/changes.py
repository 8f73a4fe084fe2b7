"""What was committed, batch by batch: readers ask only for what is new to them."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from liqbands_server.store import tables as t


@dataclass(frozen=True, slots=True)
class Change:
    """One committed batch.

    Parameters
    ----------
    id : int
        Rising with every batch.
    instrument_id : int
        Whose data.
    kind : str
        ``"candles"``, ``"liquidations"`` or ``"bands"``.
    first_ms, last_ms : int
        Times of the first and the last row.
    learnt_ms : int
        When it was learnt.
    """

    id: int
    instrument_id: int
    kind: str
    first_ms: int
    last_ms: int
    learnt_ms: int


def note_change(
    connection: Connection,
    instrument_id: int,
    kind: str,
    first_ms: int,
    last_ms: int,
    learnt_ms: int,
) -> None:
    """Tell readers about a batch.

    From change to change of an instrument, the time at which it was learnt never falls.

    Parameters
    ----------
    connection : Connection
        Of the writing transaction that holds the batch.
    instrument_id : int
        Whose data.
    kind : str
        ``"candles"``, ``"liquidations"`` or ``"bands"``.
    first_ms, last_ms : int
        Times of the first and the last row.
    learnt_ms : int
        When it was learnt.
    """
    connection.execute(
        t.change.insert().values(
            instrument_id=instrument_id,
            kind=kind,
            first_ms=first_ms,
            last_ms=last_ms,
            learnt_ms=max(learnt_ms, last_learnt(connection, instrument_id)),
        )
    )


def last_learnt(connection: Connection, instrument_id: int) -> int:
    """Return when the newest batch of an instrument was learnt.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id : int
        Whose batches.

    Returns
    -------
    int
        UTC milliseconds; 0 when there is none.
    """
    c = t.change.c
    last = select(func.max(c.learnt_ms)).where(c.instrument_id == instrument_id)
    return int(connection.execute(last).scalar() or 0)


def last_change(connection: Connection) -> int:
    """Return the number of the newest batch, 0 when there is none.

    Parameters
    ----------
    connection : Connection
        Of any transaction.

    Returns
    -------
    int
        Its `Change.id`.
    """
    return int(connection.execute(select(func.max(t.change.c.id))).scalar() or 0)


def changes_since(connection: Connection, after_id: int) -> list[Change]:
    """Return the batches after a known one.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    after_id : int
        The newest one already known.

    Returns
    -------
    list of Change
        In order.
    """
    c = t.change.c
    found = connection.execute(select(t.change).where(c.id > after_id).order_by(c.id))
    return [Change(*row) for row in found]
