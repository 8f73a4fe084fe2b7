"""Bands are kept beside the feeds, by one thread for all markets: prices must not stand still."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from liqbands.errors import LiqbandsError
from liqbands_server.store.store import Store

_PAUSE_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


class BandWork:
    """Keeps the bands of many markets, one after the other.

    Parameters
    ----------
    store : Store
        With their candles.
    keep : callable
        Called with the store and an instrument's id; does all that has gathered since.
    """

    def __init__(self, store: Store, keep: Callable[[Store, int], object]) -> None:
        self._store = store
        self._keep = keep
        self._changed: dict[int, None] = {}
        self._condition = threading.Condition()
        self._stopping = threading.Event()
        # A daemon: what it has not committed when the feed ends, it does after the next start.
        self._thread = threading.Thread(target=self._run, name="bands", daemon=True)
        self._thread.start()

    def want(self, instrument_id: int) -> None:
        """Have the bands of an instrument kept, as soon as it is its turn.

        Parameters
        ----------
        instrument_id : int
            Whose bars have changed.
        """
        with self._condition:
            self._changed[instrument_id] = None
            self._condition.notify()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping.set()
        with self._condition:
            self._condition.notify()

    def _run(self) -> None:
        while (instrument_id := self._next()) is not None:
            try:
                self._keep(self._store, instrument_id)
            except (LiqbandsError, SQLAlchemyError):
                # Bars must go on being collected; the bands are made up for after the next one.
                _log.exception("bands of instrument %d are not kept at present", instrument_id)
                self._stopping.wait(_PAUSE_SECONDS)

    def _next(self) -> int | None:
        with self._condition:
            self._condition.wait_for(lambda: self._changed or self._stopping.is_set())
            if self._stopping.is_set():
                return None
            instrument_id = next(iter(self._changed))
            del self._changed[instrument_id]
            return instrument_id
