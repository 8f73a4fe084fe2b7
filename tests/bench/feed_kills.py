"""Kills a feed at random moments, starts it again, and compares the store with what happened.

    python -m tests.bench.feed_kills --kills 100

After every kill: no minute missing, doubled or wrong, no liquidation doubled or invented, and
none missing from what the store says was listened to.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.emulator.running import Emulator, emulating
from tests.server.feeds.comparison import faults_of, last_open, ticker
from tests.server.feeds.nursery import kill, nursery
from tests.server.feeds.running_feed import VENUES, wait_for

from liqbands.timeframes import MINUTE_MS
from liqbands_server.store.instruments import read_instruments
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

COINS: Final = ("BTC", "ETH")
SPEED: Final = 60
LONGEST_SECONDS: Final = 2.5


@dataclass(frozen=True)
class Killing:
    """A store whose feed is killed again and again."""

    store: Store
    emulator: Emulator
    start: Callable[[], int]

    def kill_after(self, seconds: float) -> list[str]:
        """Start a feed, kill it; return what is wrong in the store."""
        pid = self.start()
        time.sleep(seconds)
        kill(pid)
        return self.wrong()

    def catch_up(self) -> list[str]:
        """Start a feed and let it catch up; return what is wrong then."""
        pid = self.start()
        wait_for(self._is_up_to_date, "the feed catches up", 60)
        kill(pid)
        return self.wrong()

    def wrong(self) -> list[str]:
        """Return what is wrong in the store."""
        return [
            f"{ticker(venue, coin)}: {fault}"
            for venue, coin in self._stored()
            for fault in faults_of(self.store, self.emulator, venue, coin)
        ]

    def _stored(self) -> list[tuple[str, str]]:
        with self.store.reading() as connection:
            known = {one.ticker for one in read_instruments(connection) if one.series}
        markets = [(venue, coin) for venue in VENUES for coin in COINS]
        return [market for market in markets if ticker(*market) in known]

    def _is_up_to_date(self) -> bool:
        now_ms = self.emulator.now_ms()
        stored = self._stored()
        newest = [last_open(self.store, venue, coin) for venue, coin in stored]
        return len(stored) == len(VENUES) * len(COINS) and min(newest) > now_ms - 3 * MINUTE_MS


def killings(folder: Path, n_kills: int, seed: int) -> Iterator[list[str]]:
    """Yield what is wrong after each kill, and at last after the feed has caught up."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    store = open_store(str(folder / "store.db"))
    options = {"speed": SPEED, "symbols": ",".join(COINS), "seed": seed, "trades_per_minute": 15}
    with (
        emulating(**options) as emulator,
        nursery(folder / "store.db", emulator.gateway, coins=COINS) as feeds,
    ):
        killing = Killing(store, emulator, feeds.start)
        for _ in range(n_kills):
            yield killing.kill_after(chance.uniform(0.05, LONGEST_SECONDS))
        yield killing.catch_up()
    store.close()


def main() -> None:
    """Kill feeds as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.feed_kills")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    n_wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for k, wrong in enumerate(killings(Path(folder), arguments.kills, arguments.seed), start=1):
            n_wrong += bool(wrong)
            sys.stdout.write(f"{k:4d}  {'; '.join(wrong[:3]) or 'right'}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{arguments.kills} kills, the store was wrong {n_wrong} times\n")
    sys.exit(n_wrong > 0)


if __name__ == "__main__":
    main()
