"""A feed that follows emulated venues into a store, and what can be seen of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tests.emulator.running import Emulator, emulating
from tests.server.feeds.comparison import faults_of, find, last_open
from tests.server.feeds.running_feed import VENUES, WAIT_SECONDS, RunningFeed, start_feed, wait_for

from liqbands.errors import UnknownSymbolError
from liqbands.timeframes import MINUTE_MS
from liqbands_server.store.health import FeedHealth, read_health
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

_BEHIND_SECONDS: Final = 2
STREAMS: Final = ("trades", "candles", "liquidations", "mark", "open_interest")


@dataclass(frozen=True)
class Scene:
    """A feed that follows emulated venues into a store."""

    emulator: Emulator
    feed: RunningFeed
    store: Store
    venues: tuple[str, ...]
    coins: tuple[str, ...]
    speed: int

    def health(self, venue: str) -> list[FeedHealth]:
        """Return how a venue's streams are doing."""
        with self.store.reading() as connection:
            rows = read_health(connection)
        return [row for row in rows if row.feed.startswith(f"{venue}:")]

    def candles(self, venue: str, coin: str) -> FeedHealth | None:
        """Return how the candles of a market are doing."""
        try:
            instrument = find(self.store, venue, coin)
        except UnknownSymbolError:
            return None
        rows = [row for row in self.health(venue) if row.instrument_id == instrument.id]
        return next((row for row in rows if row.feed.endswith(":candles")), None)

    def is_live(self, venue: str) -> bool:
        """Return whether everything is heard that can be."""
        rows = self.health(venue)
        n_streams = len(STREAMS) * len(self.coins)
        return len(rows) >= n_streams and all(row.state == "live" for row in rows)

    def n_lost(self, venue: str) -> int:
        """Return how often anything of a venue was lost."""
        return sum(row.n_gaps for row in self.health(venue))

    def newest(self, venue: str) -> int:
        """Return the newest minute that every market of a venue has."""
        return min(last_open(self.store, venue, coin) for coin in self.coins)

    def has_caught_up(self, venue: str) -> bool:
        """Return whether the minutes before the present one are stored."""
        behind_ms = max(4 * MINUTE_MS, _BEHIND_SECONDS * 1_000 * self.speed)
        return self.newest(venue) > self.emulator.now_ms() - behind_ms

    def wrong(self, venue: str, coin: str) -> list[str]:
        """Return where the store says something else than what happened."""
        return faults_of(self.store, self.emulator, venue, coin)

    def wait_until_right(self, venue: str, coin: str) -> None:
        """Return when the store says what happened; corrections come with the next look back."""
        until = time.monotonic() + WAIT_SECONDS
        while (wrong := self.wrong(venue, coin)) and time.monotonic() < until:
            time.sleep(0.2)
        assert not wrong, wrong[:5]

    def wait_until_live(self, *venues: str) -> None:
        """Return when everything of the venues is heard."""
        for venue in venues or self.venues:
            wait_for(partial(self.is_live, venue), f"{venue} is live")


@contextmanager
def played(
    folder: Path,
    *,
    venues: tuple[str, ...] = VENUES,
    coins: tuple[str, ...] = ("BTC", "ETH"),
    dead: str = "",
    speed: int = 60,
    **options: int,
) -> Iterator[Scene]:
    """Run an emulator and a feed; one venue may be dead from the start."""
    store = open_store(str(folder / "store.db"))
    with emulating(symbols=",".join(coins), speed=speed, **options) as emulator:
        if dead:
            emulator.order("faults", venue=dead, fault="dead")
        feed = start_feed(folder / "store.db", emulator.gateway, venues=venues, coins=coins)
        try:
            yield Scene(emulator, feed, store, venues, coins, speed)
        finally:
            feed.kill()
            store.close()
