"""A thread that hears of every commit within hundredths of a second, and tells those who wait."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from liqbands.errors import LiqbandsError
from liqbands_server.service.markets import Markets
from liqbands_server.store.changes import Change
from liqbands_server.store.waking import Waking

POLL_SECONDS: Final = 0.1
"""So often the store is asked even if nothing was heard."""

REST_SECONDS: Final = 0.015
"""Between two readings: a feed commits up to forty times a second."""

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
        """Call a function with every batch of changes, an empty one when only a bar has moved.

        Parameters
        ----------
        listener : callable
            Called in the watcher's thread; must return quickly.
        """
        self._listeners.append(listener)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with Waking(self._markets.store) as waking:
                    self._follow(waking)
            except (SQLAlchemyError, LiqbandsError):
                _log.warning("the store did not answer; asking again", exc_info=True)
                self._stopping.wait(_AFTER_FAILURE_SECONDS)

    def _follow(self, waking: Waking) -> None:
        self._tell(is_certain=False)  # what came before anybody listened
        while not self._stopping.wait(REST_SECONDS):
            self._tell(is_certain=waking.wait(POLL_SECONDS))

    def _tell(self, *, is_certain: bool) -> None:
        """Refresh the markets; a commit without changes has moved forming bars."""
        changes = self._markets.refresh()
        if changes or is_certain:
            self._markets.look_again()
            for listener in self._listeners:
                listener(changes)
