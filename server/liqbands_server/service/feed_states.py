"""How each venue's feeds are doing, in a word: what goes with every answer and on every stream."""

import threading
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from liqbands_server.errors import StoreError
from liqbands_server.service.markets import Markets
from liqbands_server.store.health import FeedHealth, read_health

SILENT_MS: Final = 30_000
"""A feed that has said nothing of itself for so long is taken for dead."""

KEPT_SECONDS: Final = 1.0
_WORST_LAST: Final = ("live", "stopped", "starting", "behind", "throttled", "silent", "failed")

States = dict[str, str]


class FeedStates:
    """What the feeds last said, at most a second old.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    now_ms : callable
        The clock.
    """

    def __init__(self, markets: Markets, now_ms: Callable[[], int]) -> None:
        self._markets = markets
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._until = 0.0
        self._states: States = {}

    def now(self) -> States:
        """Return the worst state among the feeds of each venue.

        Returns
        -------
        dict of str to str
            By venue, in order of the alphabet: ``live``, ``stopped``, ``starting``, ``behind``,
            ``throttled``, ``silent`` or ``failed``; what it last was while the store is away.
        """
        if time.monotonic() < self._until:
            return self._states
        with self._lock:
            if time.monotonic() >= self._until:
                self._states = self._read()
                self._until = time.monotonic() + KEPT_SECONDS
        return self._states

    def _read(self) -> States:
        venues = {
            member.id: member.instrument.venue
            for listing in self._markets.listings
            for member in listing.members
        }
        try:
            with self._markets.store.reading() as connection:
                said = read_health(connection)
        except (StoreError, SQLAlchemyError):
            return self._states
        states: States = {}
        for health in said:
            venue = venues.get(health.instrument_id)
            if venue is not None:
                state = state_of(health, self._now_ms())
                states[venue] = max(states.get(venue, "live"), state, key=_WORST_LAST.index)
        return dict(sorted(states.items()))


def state_of(health: FeedHealth, now_ms: int) -> str:
    """Return how a feed is doing in a word.

    Parameters
    ----------
    health : FeedHealth
        What it last said.
    now_ms : int
        Now, UTC milliseconds.

    Returns
    -------
    str
        Its state, unless it is told to wait or has said nothing for long.

    Examples
    --------
    >>> state_of(FeedHealth(1, "simulated", "live", "", None, None, seen_ms=0), 40_000)
    'silent'
    """
    if health.state not in ("stopped", "failed") and now_ms - health.seen_ms > SILENT_MS:
        return "silent"
    return "throttled" if health.throttled and health.state != "failed" else health.state
