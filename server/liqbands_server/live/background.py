"""Bands are kept beside the feed: the first time takes long, and the price must not stand still."""

import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from liqbands.errors import LiqbandsError
from liqbands_server.store.store import Store


class InBackground:
    """Does the same work again and again in a thread, once at a time.

    Parameters
    ----------
    work : callable
        Called with the store and an instrument's id; does all that has gathered since.
    """

    def __init__(self, work: Callable[[Store, int], object]) -> None:
        self._work = work
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None

    def keep(self, store: Store, instrument_id: int) -> None:
        """Begin the work, unless it is still going on.

        Parameters
        ----------
        store : Store
            The same every time.
        instrument_id : int
            Whose.

        Raises
        ------
        LiqbandsError or SQLAlchemyError
            If the work has failed in the meantime.
        """
        if self._error is not None:
            raise self._error
        if self._thread is None or not self._thread.is_alive():
            # A daemon: what it has not committed when the feed ends, it does at the next start.
            self._thread = threading.Thread(
                target=self._do, args=(store, instrument_id), name="bands", daemon=True
            )
            self._thread.start()

    def _do(self, store: Store, instrument_id: int) -> None:
        try:
            self._work(store, instrument_id)
        except (LiqbandsError, SQLAlchemyError) as error:
            self._error = error
