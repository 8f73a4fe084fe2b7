"""The venue's own time, as far as it is known from what it says.  UTC milliseconds.

Trades and bars carry the time of the market.  What a venue stamps with the clock of one of its
machines (mark prices, open interest, its answer to "what time is it") may be minutes beside it.
"""

import asyncio
import time
from typing import Final

OFF_MS: Final = 30_000
"""A stamp so far beside the time of the market cannot be used."""

_JUMP_MS: Final = 6 * 3_600_000
_SLICE_SECONDS: Final = 0.2


class VenueClock:
    """The newest time of a venue's market; it never goes back.

    Examples
    --------
    >>> clock = VenueClock()
    >>> clock.hear(1_700_000_000_000)
    >>> clock.hear(1_699_999_999_000)
    >>> clock.now_ms, clock.is_off(1_700_000_120_000)
    (1700000000000, True)
    """

    def __init__(self) -> None:
        self._market_ms = 0
        self._said_ms = 0

    @property
    def now_ms(self) -> int:
        """Return the time of the market, or what the venue has said as long as that is unknown."""
        return self._market_ms or self._said_ms

    def hear(self, time_ms: int) -> None:
        """Take notice of the time of a trade or the close of a bar."""
        if time_ms > self._market_ms:
            self._market_ms = time_ms

    def hear_said(self, time_ms: int) -> None:
        """Take notice of what the venue says that it is."""
        self._said_ms = time_ms

    def is_off(self, time_ms: int) -> bool:
        """Return whether a stamp cannot belong to the present of the market."""
        return self._market_ms > 0 and abs(time_ms - self._market_ms) > OFF_MS

    def is_absurd(self, time_ms: int) -> bool:
        """Return whether even a trade cannot be of such a time: it lies hours ahead."""
        now_ms = max(self._market_ms, self._said_ms)
        return now_ms > 0 and time_ms > now_ms + _JUMP_MS

    async def wait(self, length_ms: int, seconds: float) -> None:
        """Return when so much of the market's time has passed, or of ours if it stands still.

        Parameters
        ----------
        length_ms : int
            By the market's clock.
        seconds : float
            By ours, at most.
        """
        due_ms, latest = self.now_ms + length_ms, time.monotonic() + seconds
        while self.now_ms < due_ms and time.monotonic() < latest:
            await asyncio.sleep(min(_SLICE_SECONDS, seconds))
