"""The feed: plays the simulated exchange into the store, second by second.

It may be killed at any moment: the exchange is simulated again from its stored start, and what
is missing is written, so that a restart leaves no gap and no different bar.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import Connection

from liqbands.timeframes import DAY_MS, MINUTE_MS, format_time
from liqbands_server.errors import StoreError
from liqbands_server.live.clock import Clock
from liqbands_server.live.simulated_market import STEP_MS, ClosedBars, SimulatedMarket, listing
from liqbands_server.store.candles import CandleRows, read_candles, write_candles
from liqbands_server.store.forming import write_forming
from liqbands_server.store.health import FeedHealth, FeedState, write_health
from liqbands_server.store.instruments import add_instrument, finish_first_load
from liqbands_server.store.liquidations import write_liquidations
from liqbands_server.store.store import Store

FEED: Final = "simulated"

_CLOSE: Final = 3  # among the values of a row
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a feed plays.

    Parameters
    ----------
    seed : int
        Of all the exchange's chance.
    history_days : int
        Days before the first start that it pretends to have recorded.
    """

    seed: int
    history_days: int


class SimulatedFeed:
    """Plays a simulated exchange into a store.

    Parameters
    ----------
    store : Store
        Where to.
    clock : Clock
        Says what time it is, and when to stop.
    plan : Plan
        What to play.
    keep_bands : callable
        Called with the store and the instrument's id after each batch of closed bars.
    """

    def __init__(
        self, store: Store, clock: Clock, plan: Plan, keep_bands: Callable[[Store, int], object]
    ) -> None:
        self._store = store
        self._clock = clock
        self._plan = plan
        self._keep_bands = keep_bands
        with store.writing() as connection:
            self._stored = add_instrument(connection, listing(), simulated=True)
        _log.info("preparing the simulated market")  # half a minute where it is not compiled yet
        self._market = SimulatedMarket(plan.seed, self._start_ms())

    def run(self) -> None:
        """Catch up with the clock, then follow it until it says stop.

        Raises
        ------
        StoreError
            If the store holds bars of another simulation.
        """
        if not self._catch_up():
            return
        _log.info("simulated market is live", extra={"ticker": self._stored.ticker})
        while self._clock.wait_until(self._market.time_ms + STEP_MS):
            self.follow()
        with self._store.writing() as connection:
            self._report(connection, "stopped")
        _log.info("simulated market stopped")

    def follow(self) -> None:
        """Write what has happened since the last time."""
        now_ms = self._clock.now_ms()
        closed = self._market.advance_to(now_ms)
        forming = self._market.forming()
        with self._store.writing() as connection:
            if closed is not None:
                self._write(connection, closed, now_ms)
            if forming is not None:
                write_forming(connection, self._stored.id, forming, now_ms)
            self._report(connection, "live")
        if closed is not None:
            self._keep_bands(self._store, self._stored.id)

    def _start_ms(self) -> int:
        if self._stored.series:
            return self._stored.base.anchor_ms
        today = self._clock.now_ms() // DAY_MS * DAY_MS
        return today - self._plan.history_days * DAY_MS

    def _catch_up(self) -> bool:
        """Simulate up to now, write what is missing; return False when told to stop."""
        _log.info("simulating since %s", format_time(self._market.time_ms))
        while self._clock.now_ms() - self._market.time_ms >= MINUTE_MS:
            if not self._clock.wait_until(0):
                return False
            now_ms = self._clock.now_ms()
            closed = self._market.advance_to(min(self._market.time_ms + DAY_MS, now_ms))
            if closed is not None:
                self._write_missing(closed, now_ms)
        with self._store.writing() as connection:
            finish_first_load(connection, self._stored.id, MINUTE_MS)
        self._keep_bands(self._store, self._stored.id)
        return True

    def _write_missing(self, closed: ClosedBars, now_ms: int) -> None:
        times = closed.candles.open_time_ms
        with self._store.reading() as connection:
            known = read_candles(
                connection, self._stored.id, MINUTE_MS, int(times[0]), int(times[-1])
            )
        self._refuse_another(known, closed)
        missing = closed.after(int(known.open_time_ms[-1])) if len(known) else closed
        is_first = not (self._stored.series and self._stored.base.first_load_done)
        with self._store.writing() as connection:
            if missing is not None:
                self._write(connection, missing, now_ms, is_history=is_first)
            self._report(connection, "starting")

    def _refuse_another(self, known: CandleRows, closed: ClosedBars) -> None:
        rows = np.searchsorted(closed.candles.open_time_ms, known.open_time_ms)
        played = closed.candles.close[rows]
        if not np.allclose(known.values[:, _CLOSE], played, rtol=1e-9, atol=0):
            raise StoreError(
                f"{self._store.name} holds another simulation of {self._stored.ticker} than "
                f"seed {self._plan.seed} of this version; use another store or the seed it has"
            )

    def _write(
        self, connection: Connection, closed: ClosedBars, now_ms: int, *, is_history: bool = False
    ) -> None:
        write_candles(connection, self._stored, closed.candles, now_ms)
        write_liquidations(
            connection, self._stored.id, closed.liquidations, now_ms, known_at_once=is_history
        )

    def _report(self, connection: Connection, state: FeedState) -> None:
        now_ms = self._clock.now_ms()
        write_health(
            connection,
            FeedHealth(self._stored.id, FEED, state, "", self._market.time_ms, now_ms, now_ms),
        )
