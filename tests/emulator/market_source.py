"""Which market is played: by chance, from files, or of the simulated exchange."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.emulator.minutes import MINUTE_MS, CoinMinutes
from tests.emulator.random_market import random_market

DAY_MINUTES: Final = 1440
DAY_MS: Final = DAY_MINUTES * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Source:
    """What the command line says about it; files have their own length."""

    coins: tuple[str, ...]
    seed: int
    start_ms: int
    history_days: int
    days: int
    recorded: Path | None = None
    world: str | None = None

    def minutes(self) -> dict[str, CoinMinutes]:
        """Return the minutes of each coin, history included."""
        first = (self.start_ms // DAY_MS - self.history_days) * DAY_MS
        n_days = self.history_days + self.days + 1
        if self.recorded is not None:
            from tests.emulator.recorded_market import recorded_market

            return recorded_market(self.recorded, self.coins)
        if self.world is not None:
            from tests.emulator.simulated_market import simulated_market

            before = (self.start_ms - first) / DAY_MS
            days = (before, n_days)
            return simulated_market(self.world, self.coins, self.seed, first, days)
        return random_market(self.coins, self.seed, first, n_days * DAY_MINUTES)
