"""A thread that asks the store ten times a second what is new, and tells those who wait."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from liqbands.errors import LiqbandsError
from liqbands_server.service.markets import Markets
from liqbands_server.store.changes import Change

POLL_SECONDS: Final = 0.1
_AFTER_FAILURE_SECONDS: Final = 1.0

Listener = Callable[[Sequence[Change]], None]

_log = logging.getLogger(__name__)


class Watcher:
    """Keeps the markets of a process up to date.

    Parameters
    ----------
    markets : Markets
        What to refresh.
    """

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._listeners: list[Listener] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End; returns when the thread has ended."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def listen(self, listener: Listener) -> None:
        """Call a function with every batch of changes.

        Parameters
        ----------
        listener : callable
            Called in the watcher's thread; must return quickly.
        """
        self._listeners.append(listener)

    def _run(self) -> None:
        pause = POLL_SECONDS
        while not self._stopping.wait(pause):
            try:
                changes = self._markets.refresh()
            except (SQLAlchemyError, LiqbandsError):
                _log.warning("the store did not answer; asking again", exc_info=True)
                pause = _AFTER_FAILURE_SECONDS
                continue
            pause = POLL_SECONDS
            if changes:
                for listener in self._listeners:
                    listener(changes)
