"""The one writer of the feeds: a thread that owns the store, and batches.

What arrives at rest is written at once; what arrives while a batch is being written, or within
25 ms of its beginning, is written together.  A store that is busy or away is tried again and
nothing is lost, up to a bound on memory.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import Connection

from liqbands_server.errors import StoreError
from liqbands_server.feeds.patience import Patience, Pauses
from liqbands_server.feeds.pending import Pending
from liqbands_server.store.store import Store

BATCH_SECONDS: Final = 0.025

_LONGEST_PAUSE: Final = 2.0
_CLOSE_SECONDS: Final = 1.5
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


def now_ms() -> int:
    """Return our own time, UTC milliseconds: what is learnt now is known since now."""
    return time.time_ns() // 1_000_000


class _WorkError(Exception):
    """The store answers, but what was to be done with it cannot be."""

    def __init__(self, reason: StoreError) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Writer:
    """Writes what the feeds hand in.

    Parameters
    ----------
    store : Store
        Where to.
    on_bars : callable
        Told of the instruments whose closed bars have been committed.

    Attributes
    ----------
    on_bars : callable
        As above, for those who commit bars by themselves.
    pending : Pending
        What waits; call `wake` after adding to it.
    failing_since : float or None
        Since when the store has not answered, by the monotonic clock.
    """

    def __init__(self, store: Store, on_bars: Callable[[int], None] = lambda _: None) -> None:
        self._store = store
        self.on_bars = on_bars
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._wanted = asyncio.Event()
        self.pending = Pending()
        self.failing_since: float | None = None

    @property
    def is_full(self) -> bool:
        """Return whether so much waits that nothing more must be added."""
        return self.pending.is_full

    def wake(self) -> None:
        """Have what waits written."""
        self._wanted.set()

    async def run(self) -> None:
        """Write what waits, for ever."""
        while True:
            await self._wanted.wait()
            began = time.monotonic()
            await self.flush()
            await asyncio.sleep(max(0.0, began + BATCH_SECONDS - time.monotonic()))

    async def flush(self) -> None:
        """Write what waits now."""
        self._wanted.clear()
        pending, self.pending = self.pending, Pending()
        if pending.is_empty:
            return
        batch = pending.taken()
        try:
            await self.commit(lambda connection: batch.write(connection, now_ms()))
        except asyncio.CancelledError:
            self._put_back(pending)
            raise
        for instrument_id in {stored.id for stored, _ in pending.bars}:
            self.on_bars(instrument_id)

    async def commit(self, work: Callable[[Connection], _Result]) -> _Result:
        """Do work in a transaction of its own, again and again while the store is away.

        Parameters
        ----------
        work : callable
            Handed the connection, in another thread; doing it twice is doing it once.

        Returns
        -------
        object
            What it returns.

        Raises
        ------
        StoreError
            If the work does: then the store answers, and does not want it.
        """
        pauses = Pauses(Patience(first_pause=0.1, longest_pause=_LONGEST_PAUSE))
        while True:
            try:
                result = await self._in_thread(lambda: self._write(work))
            except _WorkError as error:
                raise error.reason from error
            except StoreError as error:
                self._note_failure(error)
                await asyncio.sleep(pauses.next())
            else:
                self._note_success()
                return result

    async def read(self, work: Callable[[Connection], _Result]) -> _Result:
        """Read, in the same thread.

        Parameters
        ----------
        work : callable
            Handed the connection.

        Returns
        -------
        object
            What it returns.
        """
        pauses = Pauses(Patience(first_pause=0.1, longest_pause=_LONGEST_PAUSE))
        while True:
            try:
                return await self._in_thread(lambda: self._read(work))
            except StoreError as error:
                self._note_failure(error)
                await asyncio.sleep(pauses.next())

    async def close(self) -> None:
        """Write what waits, unless the store is away, and end the thread."""
        try:
            await asyncio.wait_for(self.flush(), _CLOSE_SECONDS)
        except TimeoutError:
            _log.error("the store does not answer: what waited is not written")
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _write(self, work: Callable[[Connection], _Result]) -> _Result:
        with self._store.writing() as connection:
            try:
                return work(connection)
            except StoreError as error:
                raise _WorkError(error) from error

    def _read(self, work: Callable[[Connection], _Result]) -> _Result:
        with self._store.reading() as connection:
            return work(connection)

    def _put_back(self, earlier: Pending) -> None:
        """Take a batch that was not committed for certain into the next one."""
        later, self.pending = self.pending, earlier
        earlier.forming |= later.forming
        earlier.bars += later.bars
        for instrument_id, events in later.liquidations.items():
            for event in events:
                earlier.add_liquidation(instrument_id, event)
        for (instrument_id, stream), stretches in later.listening.items():
            for from_ms, until_ms in stretches:
                earlier.add_listening(instrument_id, stream, from_ms, until_ms)
        earlier.profiles += later.profiles
        earlier.health |= later.health
        self._wanted.set()

    def _note_failure(self, error: StoreError) -> None:
        if self.failing_since is None:
            self.failing_since = time.monotonic()
            _log.error("%s; what is heard waits", error)

    def _note_success(self) -> None:
        if self.failing_since is not None:
            seconds = time.monotonic() - self.failing_since
            _log.warning("the store answers again after %.0f seconds", seconds)
            self.failing_since = None
