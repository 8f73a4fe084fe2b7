"""When a source was heard without a break: what lies between was not heard, and is not zero."""

from sqlalchemy import Connection, select

from liqbands_server.store import tables as t
from liqbands_server.store.bulk import whole_time


def extend_listening(
    connection: Connection, instrument_id: int, stream: str, from_ms: int, until_ms: int
) -> None:
    """Note that a source was heard; what it touches becomes one stretch.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument_id : int
        Whose.
    stream : str
        Which source, e.g. ``"liquidations"``.
    from_ms, until_ms : int
        From when to when.

    Raises
    ------
    ValueError
        If it ends before it begins.
    """
    if until_ms < from_ms:
        raise ValueError(f"until_ms must not be before {from_ms}, was {until_ms}")
    c = t.listening.c
    mine = (c.instrument_id == instrument_id) & (c.stream == stream)
    touching = mine & (c.from_ms <= until_ms) & (c.until_ms >= from_ms)
    found = connection.execute(select(c.from_ms, c.until_ms).where(touching)).all()
    first = min([from_ms, *(row.from_ms for row in found)])
    last = max([until_ms, *(row.until_ms for row in found)])
    if len(found) == 1 and found[0].from_ms == first:
        here = mine & (c.from_ms == first)
        connection.execute(t.listening.update().where(here).values(until_ms=last))
        return
    connection.execute(t.listening.delete().where(touching))
    connection.execute(
        t.listening.insert().values(
            instrument_id=instrument_id, stream=stream, from_ms=first, until_ms=last
        )
    )


def read_listening(
    connection: Connection, instrument_id: int, stream: str, first_ms: int, last_ms: int
) -> list[tuple[int, int]]:
    """Return the stretches that touch a time.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id : int
        Whose.
    stream : str
        Which source.
    first_ms, last_ms : int
        From when to when.

    Returns
    -------
    list of tuple of int and int
        From when to when each, in order; uncut.
    """
    c = t.listening.c
    found = connection.execute(
        select(c.from_ms, c.until_ms)
        .where((c.instrument_id == instrument_id) & (c.stream == stream))
        .where((c.from_ms <= whole_time(last_ms)) & (c.until_ms >= whole_time(first_ms)))
        .order_by(c.from_ms)
    )
    return [(row.from_ms, row.until_ms) for row in found]
