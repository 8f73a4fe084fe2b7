"""The time that a feed lives in.  Times are UTC milliseconds."""

import time
from collections.abc import Callable
from typing import Final, Protocol

_SLICE_SECONDS: Final = 0.1


class Clock(Protocol):
    """What a feed knows of time."""

    def now_ms(self) -> int:
        """Return the present time."""
        ...

    def wait_until(self, time_ms: int) -> bool:
        """Return True at a time, or False as soon as the feed must stop."""
        ...


class WallClock:
    """The machine's time, until somebody asks to stop.

    Parameters
    ----------
    stopping : callable
        Says whether the feed must stop.
    """

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping

    def now_ms(self) -> int:
        """Return the present time."""
        return time.time_ns() // 1_000_000

    def wait_until(self, time_ms: int) -> bool:
        """Return True at a time, or False as soon as the feed must stop.

        Parameters
        ----------
        time_ms : int
            When to return; at once if it is past.

        Returns
        -------
        bool
            Whether to go on.
        """
        # Slices, because a signal's handler does not end a sleep.
        while not self._stopping():
            left = (time_ms - self.now_ms()) / 1_000
            if left <= 0:
                return True
            time.sleep(min(left, _SLICE_SECONDS))
        return False
