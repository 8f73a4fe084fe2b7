"""Telling new liquidations from those that are merely said again; venues give them no names.

The rule: on one connection every event is another one, equal or not.  After a reconnect a venue
may say again what it has said; so an event is new where the connection has spoken of more equal
ones than any connection before.  A frame that is repeated byte by byte is no event at all; that
is seen to before anything is counted.
"""

from collections import Counter
from typing import Final

from liqbands_server.feeds.records import LiquidationEvent
from liqbands_server.store.liquidations import NumberedEvent

_KEPT_MS: Final = 15 * 60_000
_TIDY_EVERY: Final = 4_096
_Key = tuple[int, int, float, float]


class LiquidationCounts:
    """How often equal events of one market have been heard.

    Examples
    --------
    >>> counts, event = LiquidationCounts(), LiquidationEvent(1, 1, 100.0, 2.0, False)
    >>> first, second = object(), object()
    >>> [counts.number(event, by)[-1] for by in (first, first)]
    [0, 1]
    >>> counts.number(event, second), counts.number(event, second)
    (None, None)
    >>> counts.number(event, second)[-1]
    2
    """

    def __init__(self) -> None:
        self._by: object = None
        self._here: Counter[_Key] = Counter()
        self._ever: Counter[_Key] = Counter()
        self._newest_ms = 0

    def number(self, event: LiquidationEvent, by: object) -> NumberedEvent | None:
        """Return an event with the number of equal ones before it.

        Parameters
        ----------
        event : LiquidationEvent
            As heard.
        by : object
            The connection on which it was.

        Returns
        -------
        tuple or None
            As the store takes it; None where it was heard before.
        """
        if by is not self._by:
            self._by = by
            self._here.clear()
        key = (event.time_ms, event.side, event.price, event.quantity)
        n_before = self._here[key]
        self._here[key] += 1
        if n_before < self._ever[key]:
            return None
        self._ever[key] = n_before + 1
        self._newest_ms = max(self._newest_ms, event.time_ms)
        if len(self._ever) % _TIDY_EVERY == 0:
            self._tidy()
        return (*key, n_before)

    def _tidy(self) -> None:
        """Forget what is too old to be said again."""
        for counter in (self._ever, self._here):
            for key in [key for key in counter if key[0] < self._newest_ms - _KEPT_MS]:
                del counter[key]
