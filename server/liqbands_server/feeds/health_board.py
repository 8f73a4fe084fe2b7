"""What is said about the streams of one venue in the store, and no more often than needed."""

import time
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from liqbands_server.feeds.writer import Writer, now_ms
from liqbands_server.store.health import FeedHealth, FeedState, read_health, write_health_rows

AGAIN_SECONDS: Final = 5.0
"""So often the same is said again, by which readers know that somebody is there."""


class HealthBoard:
    """Has health written.

    Parameters
    ----------
    feed : str
        Key of the venue's feed, with which its names begin.
    writer : Writer
        Of the store.
    """

    def __init__(self, feed: str, writer: Writer) -> None:
        self._feed = feed
        self._writer = writer
        self._said: dict[tuple[int, str], FeedHealth] = {}
        self._at: dict[tuple[int, str], float] = {}

    def say(self, health: FeedHealth) -> None:
        """Have a health written, if it is another one or has not been for some seconds.

        Parameters
        ----------
        health : FeedHealth
            How a stream is doing.
        """
        key = (health.instrument_id, health.feed)
        known = self._said.get(key)
        is_same = known is not None and _gist(known) == _gist(health)
        if not is_same or time.monotonic() - self._at[key] > AGAIN_SECONDS:
            self._said[key], self._at[key] = health, time.monotonic()
            self._writer.pending.health[key] = health
            self._writer.wake()

    def say_stopped(self) -> None:
        """Say of everything that it has stopped, for nobody wants it any more."""
        for key, health in self._said.items():
            stopped = replace(health, state="stopped", message="", seen_ms=now_ms())
            self._writer.pending.health[key] = stopped

    async def say_of_all(self, instrument_id: int, state: FeedState, message: str) -> None:
        """Say the same of every stream of a market, those of earlier runs among them.

        Parameters
        ----------
        instrument_id : int
            Which market.
        state : {"starting", "live", "behind", "failed", "stopped"}
            How they are doing.
        message : str
            Why.
        """
        rows = await self._writer.commit(
            lambda connection: _write_all(connection, self._feed, instrument_id, (state, message))
        )
        for row in rows:
            self._said[instrument_id, row.feed] = row
            self._at[instrument_id, row.feed] = time.monotonic()


def _gist(health: FeedHealth) -> tuple[object, ...]:
    return health.state, health.message, health.n_gaps, health.throttled


def _write_all(
    connection: Connection, feed: str, instrument_id: int, said: tuple[FeedState, str]
) -> list[FeedHealth]:
    state, message = said
    now = now_ms()
    first = f"{feed}:candles"
    known = [
        row
        for row in read_health(connection)
        if row.instrument_id == instrument_id and row.feed.startswith(f"{feed}:")
    ]
    if not any(row.feed == first for row in known):
        known.append(FeedHealth(instrument_id, first, state, message, None, None, now))
    rows = [replace(row, state=state, message=message, seen_ms=now) for row in known]
    write_health_rows(connection, rows)
    return rows
