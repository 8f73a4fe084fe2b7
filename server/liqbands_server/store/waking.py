"""Waiting for a commit: readers hear of it within hundredths of a second, and cost nothing between.

SQLite keeps a counter that another connection's commit changes; PostgreSQL tells whoever listens.
"""

import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Final, Self

import psycopg
from sqlalchemy.exc import DBAPIError

from liqbands_server.errors import StoreError
from liqbands_server.store.store import CHANNEL, Store

LOOK_SECONDS: Final = 0.01
"""So often SQLite's counter is looked at: some microseconds each time."""


class Waking(AbstractContextManager["Waking"]):
    """Tells when somebody has committed something.

    Parameters
    ----------
    store : Store
        Open.

    Raises
    ------
    StoreError
        If the store does not answer; by `wait`, too.
    """

    def __init__(self, store: Store) -> None:
        self._is_file = store.is_file
        self._name = store.name
        try:
            connection = store.engine.raw_connection()
            driver: Any = connection.driver_connection
            # Kept out of the pool: nobody else may end what this one listens to.
            connection.detach()
            self._driver = driver
            self._known = self._counter() if self._is_file else 0
            if not self._is_file:
                self._driver.autocommit = True
                self._driver.execute(f"LISTEN {CHANNEL}")
        except (DBAPIError, psycopg.Error) as error:
            raise StoreError(f"store {self._name} does not answer: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._driver.close()

    def wait(self, seconds: float) -> bool:
        """Return as soon as something has been committed, or after some time.

        Parameters
        ----------
        seconds : float
            How long to wait at most.

        Returns
        -------
        bool
            Whether anything was committed since the last call.
        """
        if self._is_file:
            return self._wait_for_counter(seconds)
        try:
            return any(True for _ in self._driver.notifies(timeout=seconds, stop_after=1))
        except psycopg.Error as error:
            raise StoreError(f"store {self._name} does not answer: {error}") from error

    def _wait_for_counter(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while True:
            counter = self._counter()
            if counter != self._known:
                self._known = counter
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(LOOK_SECONDS, left))

    def _counter(self) -> int:
        (found,) = self._driver.execute("PRAGMA data_version").fetchone()
        return int(found)
