"""Margin tiers of venues in the store, from when they were read."""

from sqlalchemy import Connection, select

from liqbands_server.store import tables as t


def write_tiers(connection: Connection, instrument_id: int, tiers: str, learnt_ms: int) -> bool:
    """Store the tiers of an instrument unless they are those known last.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument_id : int
        Whose.
    tiers : str
        JSON in the engine's form.
    learnt_ms : int
        Now.

    Returns
    -------
    bool
        Whether they are new.
    """
    if read_tiers(connection, instrument_id, learnt_ms) == tiers:
        return False
    connection.execute(
        t.tier.insert().values(instrument_id=instrument_id, learnt_ms=learnt_ms, tiers=tiers)
    )
    return True


def read_tiers(connection: Connection, instrument_id: int, as_of_ms: int) -> str | None:
    """Return the tiers of an instrument as known at a time.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id : int
        Whose.
    as_of_ms : int
        Tiers learnt later are left out.

    Returns
    -------
    str or None
        JSON in the engine's form; None where none are known.
    """
    c = t.tier.c
    newest = (
        select(c.tiers)
        .where((c.instrument_id == instrument_id) & (c.learnt_ms <= as_of_ms))
        .order_by(c.learnt_ms.desc())
        .limit(1)
    )
    return connection.execute(newest).scalar_one_or_none()
