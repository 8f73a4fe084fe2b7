"""The venues' time: begins at a moment and runs at a multiple of ours, that may change."""

import time


class MarketClock:
    """Time of the emulated world; at speed 0 it stands still."""

    def __init__(self, start_ms: int, speed: float) -> None:
        self.start_ms = start_ms
        self.speed = speed
        self._passed_ms = 0.0
        self._since = time.monotonic()

    def now_ms(self) -> int:
        """Return the time of the world."""
        return self.start_ms + int(self._passed())

    def run_at(self, speed: float) -> None:
        """Go on at another speed."""
        self._passed_ms = self._passed()
        self._since = time.monotonic()
        self.speed = speed

    def _passed(self) -> float:
        return self._passed_ms + (time.monotonic() - self._since) * 1000 * self.speed


def wall_ms() -> float:
    """Return our own time, UTC milliseconds, to measure how long frames take."""
    return time.time() * 1000
