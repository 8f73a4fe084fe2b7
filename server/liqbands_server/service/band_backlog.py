"""Bands through time of markets that no feed keeps: brought up to date after each push."""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from liqbands.errors import LiqbandsError
from liqbands_server.service.band_keeper import BandKeepers, Clock
from liqbands_server.store.instruments import find_instrument
from liqbands_server.store.store import Store

_log = logging.getLogger(__name__)


class BandBacklog:
    """Works in a thread of its own, as long as there is anything to do.

    Parameters
    ----------
    store : Store
        Whose bands.
    clock : callable
        Says what time it is, UTC milliseconds.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._keepers = BandKeepers(clock)
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._works = False

    def add(self, ticker: str) -> None:
        """Bring the bands of an instrument up to its newest bar, soon.

        Parameters
        ----------
        ticker : str
            Whose; one that waits already waits once.
        """
        with self._lock:
            if ticker not in self._waiting:
                self._waiting.append(ticker)
            if self._works:
                return
            self._works = True
        # A daemon: what it has not committed when the process ends, it does after the next push.
        threading.Thread(target=self._work, name="band backlog", daemon=True).start()

    def _next(self) -> str | None:
        with self._lock:
            self._works = bool(self._waiting)
            return self._waiting.pop(0) if self._waiting else None

    def _work(self) -> None:
        while (ticker := self._next()) is not None:
            try:
                with self._store.reading() as connection:
                    instrument_id = find_instrument(connection, ticker).id
                self._keepers.keep(self._store, instrument_id)
            except (LiqbandsError, SQLAlchemyError) as error:
                _log.warning("bands of %s are not kept: %s", ticker, error)
