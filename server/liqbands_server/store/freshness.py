"""How far each series reaches, found without reading its candles."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from liqbands_server.store import tables as t
from liqbands_server.store.instruments import StoredInstrument


@dataclass(frozen=True, slots=True)
class Reach:
    """The bars of an instrument that were known at a time.

    Parameters
    ----------
    first_ms : int
        Open of the first bar, where the book starts.
    last_close_ms : int
        Close of the last one.
    """

    first_ms: int
    last_close_ms: int


def read_reach(connection: Connection, stored: StoredInstrument, as_of_ms: int) -> Reach | None:
    """Return how far the base series of an instrument reached at a time.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    stored : StoredInstrument
        Whose.
    as_of_ms : int
        Bars learnt later do not count.

    Returns
    -------
    Reach or None
        None when nothing was known then.
    """
    c, base = t.candle.c, stored.base
    last = connection.execute(
        select(c.open_time_ms)
        .where((c.instrument_id == stored.id) & (c.timeframe_ms == base.timeframe_ms))
        .where((c.learnt_ms <= as_of_ms) & (c.open_time_ms >= base.anchor_ms))
        .order_by(c.open_time_ms.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if last is None else Reach(base.anchor_ms, last + base.timeframe_ms)


def last_open_ms(connection: Connection, instrument_id: int, timeframe_ms: int) -> int | None:
    """Return when the newest stored bar of a series opened.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id, timeframe_ms : int
        Which series.

    Returns
    -------
    int or None
        UTC milliseconds; None without any.
    """
    c = t.candle.c
    mine = (c.instrument_id == instrument_id) & (c.timeframe_ms == timeframe_ms)
    newest = select(func.max(c.open_time_ms)).where(mine)
    return connection.execute(newest).scalar()


def last_learnt(connection: Connection) -> int:
    """Return when the newest candle of any instrument was learnt, 0 without any.

    Parameters
    ----------
    connection : Connection
        Of any transaction.

    Returns
    -------
    int
        UTC milliseconds.
    """
    c = t.change.c
    newest = select(func.max(c.learnt_ms)).where(c.kind == "candles")
    return int(connection.execute(newest).scalar() or 0)
