"""How the sources of data are doing, as they say themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from liqbands_server.store import tables as t
from liqbands_server.store.bulk import replace_rows

FeedState = Literal["starting", "live", "behind", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One source of one instrument.

    Parameters
    ----------
    instrument_id : int
        Whose data.
    feed : str
        Name of the source, e.g. ``"simulated"``.
    state : {"starting", "live", "behind", "failed", "stopped"}
        How it is doing.
    message : str
        Why, for people; empty when all is well.
    last_event_ms, last_success_ms : int or None
        Time of the newest event it has, and of its last answer.
    seen_ms : int
        When it said so.
    n_gaps : int
        Stretches that it has missed and not made good.
    throttled : bool
        Whether the venue has asked it to wait.
    """

    instrument_id: int
    feed: str
    state: FeedState
    message: str
    last_event_ms: int | None
    last_success_ms: int | None
    seen_ms: int
    n_gaps: int = 0
    throttled: bool = False


def write_health(connection: Connection, health: FeedHealth) -> None:
    """Overwrite what is known of a source.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    health : FeedHealth
        How it is doing.
    """
    write_health_rows(connection, [health])


def write_health_rows(connection: Connection, rows: Sequence[FeedHealth]) -> None:
    """Overwrite what is known of sources.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    rows : sequence of FeedHealth
        How they are doing.
    """
    columns = [column.name for column in t.feed_health.columns]
    told = [tuple(getattr(row, name) for name in columns) for row in rows]
    replace_rows(connection, t.feed_health, told)


def read_health(connection: Connection) -> list[FeedHealth]:
    """Return what every source last said.

    Parameters
    ----------
    connection : Connection
        Of any transaction.

    Returns
    -------
    list of FeedHealth
        By instrument and source.
    """
    c = t.feed_health.c
    columns = [c[name] for name in FeedHealth.__slots__]
    found = connection.execute(select(*columns).order_by(c.instrument_id, c.feed))
    return [FeedHealth(*row) for row in found]
