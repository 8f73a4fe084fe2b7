"""Stored columns of bands in memory: read once per process and kept up to date."""

import threading
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from liqbands_server.service.band_columns import Column, empty_column, unpack_columns
from liqbands_server.service.markets import Markets
from liqbands_server.store.band_rows import last_tick, read_band_rows
from liqbands_server.store.changes import changes_since
from liqbands_server.store.instruments import StoredInstrument

IntArray = NDArray[np.int64]

_END_OF_TIME: Final = 2**62
_EMPTY: Final = 0
"""Place of a column that is never known and shows nothing."""


@dataclass(frozen=True, eq=False)
class KnownColumns:
    """The newest statement about each tick that was known at a time.

    Parameters
    ----------
    columns : ndarray of column_type, shape (n_columns,)
        All that are in memory, after an empty one.
    chosen : ndarray of int64, shape (n_known,)
        Places of those that were known.
    """

    columns: Column
    chosen: IntArray

    def at(self, time_ms: IntArray) -> IntArray:
        """Return the place of the newest column whose book is no later than each time.

        Parameters
        ----------
        time_ms : ndarray of int64, shape (n,)
            UTC milliseconds.

        Returns
        -------
        ndarray of int64, shape (n,)
            Places in `columns`; that of an empty column where there is none.
        """
        book_ms = self.columns["head"]["book_ms"][self.chosen]
        found: IntArray = np.append(_EMPTY, self.chosen)[
            np.searchsorted(book_ms, time_ms, side="right")
        ]
        return found


class BandTable:
    """Columns of one instrument and number of slots.

    Parameters
    ----------
    stored : StoredInstrument
        Whose.
    n_slots : int
        Which.
    """

    def __init__(self, stored: StoredInstrument, n_slots: int) -> None:
        self._instrument_id = stored.id
        self._anchor_ms = stored.base.anchor_ms
        self._n_slots = n_slots
        self._lock = threading.Lock()
        self._from_ms = _END_OF_TIME
        self._seen_change = 0
        self._time_ms = np.array([-_END_OF_TIME])
        self._learnt_ms = np.array([_END_OF_TIME])
        self._columns = empty_column(n_slots)

    def known_at(self, markets: Markets, as_of_ms: int, first_ms: int) -> KnownColumns:
        """Return what was known at a time.

        Parameters
        ----------
        markets : Markets
            The store as this process sees it.
        as_of_ms : int
            What was learnt later does not count.
        first_ms : int
            The newest column up to this time and all later ones are wanted.

        Returns
        -------
        KnownColumns
            With earlier columns, perhaps.
        """
        with self._lock:
            self._update(markets, first_ms)
            known = self._choose(as_of_ms)
            if len(known) and self._time_ms[known[0]] <= first_ms:
                return KnownColumns(self._columns, known)
            with markets.store.reading() as connection:
                self._read_from(connection, 0)
            return KnownColumns(self._columns, self._choose(as_of_ms))

    def _update(self, markets: Markets, first_ms: int) -> None:
        newest = markets.last_change
        if newest == self._seen_change and first_ms >= self._from_ms:
            return
        with markets.store.reading() as connection:
            if newest != self._seen_change and self._from_ms < _END_OF_TIME:
                self._read_changed(connection)
            if first_ms < self._from_ms:
                tick_ms = last_tick(connection, self._instrument_id, self._n_slots, first_ms)
                self._read_from(connection, tick_ms)
        self._seen_change = newest

    def _read_changed(self, connection: Connection) -> None:
        changed = [
            change.first_ms
            for change in changes_since(connection, self._seen_change)
            if change.instrument_id == self._instrument_id and change.kind == "bands"
        ]
        if changed:
            self._read(connection, max(min(changed), self._from_ms), _END_OF_TIME)

    def _read_from(self, connection: Connection, first_ms: int) -> None:
        if first_ms < self._from_ms:
            self._read(connection, first_ms, self._from_ms - 1)
            self._from_ms = first_ms

    def _read(self, connection: Connection, first_ms: int, last_ms: int) -> None:
        """Put a stretch of the store in the place of what is in memory of it."""
        rows = read_band_rows(connection, self._instrument_id, self._n_slots, first_ms, last_ms)
        before = slice(0, int(np.searchsorted(self._time_ms, first_ms)))
        after = slice(int(np.searchsorted(self._time_ms, last_ms, side="right")), None)
        time_ms = np.array([row.time_ms for row in rows], dtype=np.int64)
        learnt_ms = np.array([row.learnt_ms for row in rows], dtype=np.int64)
        columns = unpack_columns([row.slots for row in rows], self._n_slots)
        self._time_ms, self._learnt_ms, self._columns = (
            np.concatenate([old[before], new, old[after]])
            for old, new in (
                (self._time_ms, time_ms),
                (self._learnt_ms, learnt_ms),
                (self._columns, columns),
            )
        )

    def _choose(self, as_of_ms: int) -> IntArray:
        # Before the anchor there may be bands of longer bars that were the base once.
        mine = self._time_ms > self._anchor_ms
        known = np.flatnonzero(mine & (self._learnt_ms <= as_of_ms))
        if not len(known):
            return known
        newest: IntArray = known[np.append(np.diff(self._time_ms[known]) > 0, True)]
        return newest


_tables: WeakKeyDictionary[Markets, dict[tuple[int, int, int], BandTable]] = WeakKeyDictionary()
_making = threading.Lock()


def table_of(markets: Markets, stored: StoredInstrument, n_slots: int) -> BandTable:
    """Return the columns of an instrument, the same table every time.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    stored : StoredInstrument
        Whose.
    n_slots : int
        Which.

    Returns
    -------
    BandTable
        Read as far as it was needed.
    """
    with _making:
        mine = _tables.setdefault(markets, {})
        key = stored.id, stored.base.timeframe_ms, n_slots
        if key not in mine:
            mine[key] = BandTable(stored, n_slots)
        return mine[key]
