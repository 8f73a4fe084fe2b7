"""The simulated market, played into a store by the real feed as fast as tests want it."""

import threading
import time
from contextlib import closing
from pathlib import Path

from tests.server.web_page.shared_clock import SharedTime, SteppedClock

from liqbands.timeframes import DAY_MS, MINUTE_MS
from liqbands_server.live.feed import Plan, SimulatedFeed
from liqbands_server.service.band_keeper import BandKeepers
from liqbands_server.store.opening import open_store

PLAN = Plan(seed=19, history_days=3)
BEGIN_MS = (time.time_ns() // 1_000_000 // DAY_MS - 1) * DAY_MS + 90 * MINUTE_MS
"""About a day ago, so that a day may be played without leaving the present."""


class PlayedMarket:
    """A feed in a thread of its own, which follows `clock`."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "store.db"
        self.time_file = folder / "time"
        self.clock = SteppedClock(SharedTime.begin(self.time_file, BEGIN_MS))
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def _run(self) -> None:
        try:
            with closing(open_store(str(self.store))) as store:
                keepers = BandKeepers(clock=self.clock.now_ms)
                SimulatedFeed(store, self.clock, PLAN, keepers.keep).run()
        finally:
            self.clock.stop()  # so that nobody waits for a feed that has failed

    def start(self) -> None:
        """Write the history, then wait for `clock` to be moved."""
        self._thread.start()
        self.clock.wait_idle()

    def stop(self) -> None:
        """End the feed."""
        self.clock.stop()
        self._thread.join(60)
