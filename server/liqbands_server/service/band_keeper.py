"""Keeping the bands of an instrument: a column for every tick of the band clock, once.

The writer's side.  A column depends on the bars alone, not on how often or when this is called.
Bars that are corrected or come late make further revisions of all columns from there on, in one
transaction, so that slots of two pasts never stand side by side.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from liqbands.parameters import Parameters
from liqbands_server.errors import StoreError
from liqbands_server.service.band_position import NewColumn, Position, find_position
from liqbands_server.service.band_walk import N_SLOTS
from liqbands_server.store.band_rows import BandRow, write_band_rows
from liqbands_server.store.changes import changes_since, last_change, last_learnt, note_change
from liqbands_server.store.instruments import StoredInstrument, read_instruments
from liqbands_server.store.store import Store

BATCH: Final = 256
"""Columns that are committed together."""

_ATTEMPTS: Final = 3

Progress = Callable[[int], None]
"""Called with the number of ticks written so far."""

Clock = Callable[[], int]
"""Says what time it is, UTC milliseconds."""


def _no_clock() -> int:
    return 0


def keep_bands(
    store: Store,
    instrument_id: int,
    *,
    now_ms: int | None = None,
    parameters: Parameters | None = None,
    progress: Progress | None = None,
) -> int:
    """Write the columns of an instrument that are missing or rest on bars since corrected.

    Parameters
    ----------
    store : Store
        With the instrument's candles.
    instrument_id : int
        Whose bands.
    now_ms : int, optional
        Now, UTC milliseconds; since then the columns are known, unless their bars count as
        known at their close.  None is right after all that was learnt of the instrument.
    parameters : Parameters, optional
        The model's settings.
    progress : callable, optional
        Called after each batch.

    Returns
    -------
    int
        Ticks written.
    """
    clock = _no_clock if now_ms is None else lambda: now_ms
    return BandKeeper(store, instrument_id, clock=clock, parameters=parameters).keep(progress)


class BandKeeper:
    """Keeps the bands of one instrument; kept alive, it only takes in what is new.

    Parameters
    ----------
    store : Store
        With the instrument's candles.
    instrument_id : int
        Whose bands.
    clock : callable, optional
        A column is known since it is committed, by this clock, and after all that was learnt of
        the instrument before; without a clock, right after.  A column whose bars count as known
        at their close is known since the close of the bar that completes it.
    parameters : Parameters, optional
        The model's settings.
    """

    def __init__(
        self,
        store: Store,
        instrument_id: int,
        *,
        clock: Clock = _no_clock,
        parameters: Parameters | None = None,
    ) -> None:
        self._store = store
        self._instrument_id = instrument_id
        self._clock = clock
        self._parameters = parameters or Parameters()
        self._position: Position | None = None
        self._seen_change = 0

    def keep(self, progress: Progress | None = None) -> int:
        """Write the columns that are missing or rest on bars since corrected.

        Parameters
        ----------
        progress : callable, optional
            Called after each batch.

        Returns
        -------
        int
            Ticks written.

        Raises
        ------
        StoreError
            If there is no such instrument, or others keep writing its bands.
        """
        output = _Output(self._store, self._instrument_id, self._clock, progress)
        for _ in range(_ATTEMPTS):
            try:
                while not self._advance(output):
                    continue
            except IntegrityError:  # another process was faster with the same columns
                continue
            return output.n_ticks
        raise StoreError(f"others keep writing the bands of instrument {self._instrument_id}")

    def _advance(self, output: "_Output") -> bool:
        """Write what can be written; return False when the walk has to start anew for more."""
        position, self._position = self._position, None
        with self._store.reading() as connection:
            if position is not None and self._still_holds(connection, position):
                bars = position.read_on(connection)
            else:
                self._seen_change = last_change(connection)
                found = find_position(connection, self._find(connection), self._parameters)
                if found is None:
                    return True
                position, bars = found
        if bars is not None:
            output.write(
                position.columns(bars), last_outdated_ms=max(position.revisions, default=0)
            )
            if position.is_at_first_open_interest(bars):
                return False
        self._position = position
        return True

    def _still_holds(self, connection: Connection, position: Position) -> bool:
        """Return whether no bar that the walk has seen was corrected or joined by another."""
        changes = changes_since(connection, self._seen_change)
        self._seen_change = last_change(connection)
        mine = [
            change.first_ms
            for change in changes
            if change.instrument_id == self._instrument_id and change.kind == "candles"
        ]
        if not mine:
            return True
        same_base = self._find(connection).base.timeframe_ms == position.stored.base.timeframe_ms
        return same_base and min(mine) > position.last_open_ms

    def _find(self, connection: Connection) -> StoredInstrument:
        for stored in read_instruments(connection):
            if stored.id == self._instrument_id:
                return stored
        raise StoreError(f"the store has no instrument {self._instrument_id}")


class BandKeepers:
    """The keepers of a store's instruments, each made when it is first needed.

    Parameters
    ----------
    clock : callable, optional
        As in `BandKeeper`.
    parameters : Parameters, optional
        The model's settings.
    """

    def __init__(self, clock: Clock = _no_clock, parameters: Parameters | None = None) -> None:
        self._clock = clock
        self._parameters = parameters
        self._keepers: dict[int, BandKeeper] = {}

    def keep(self, store: Store, instrument_id: int) -> int:
        """Write the columns of an instrument that are missing or rest on bars since corrected.

        Parameters
        ----------
        store : Store
            The same every time.
        instrument_id : int
            Whose bands.

        Returns
        -------
        int
            Ticks written.
        """
        if instrument_id not in self._keepers:
            self._keepers[instrument_id] = BandKeeper(
                store, instrument_id, clock=self._clock, parameters=self._parameters
            )
        return self._keepers[instrument_id].keep()


@dataclass
class _Output:
    """Commits columns in batches and counts them."""

    store: Store
    instrument_id: int
    clock: Clock
    progress: Progress | None
    n_ticks: int = 0

    def write(self, columns: Iterable[NewColumn], last_outdated_ms: int) -> None:
        """Commit columns; those up to the last outdated one together."""
        batch: list[NewColumn] = []
        for column in columns:
            batch.append(column)
            if len(batch) >= BATCH and column.time_ms >= last_outdated_ms:
                self._commit(batch)
                batch = []
        if batch:
            self._commit(batch)

    def _commit(self, batch: list[NewColumn]) -> None:
        with self.store.writing() as connection:
            newest_ms = last_learnt(connection, self.instrument_id)
            # After all that could be asked for before these columns were there.
            stored_ms = max(self.clock(), newest_ms + 1)
            rows = [
                BandRow(
                    n_slots,
                    column.time_ms,
                    column.revision,
                    stored_ms if column.known_ms is None else column.known_ms,
                    packed,
                )
                for column in batch
                for n_slots, packed in zip(N_SLOTS, column.packed, strict=True)
            ]
            write_band_rows(connection, self.instrument_id, rows)
            learnt_ms = max(newest_ms, *(row.learnt_ms for row in rows))
            first_ms, last_ms = batch[0].time_ms, batch[-1].time_ms
            note_change(connection, self.instrument_id, "bands", first_ms, last_ms, learnt_ms)
        self.n_ticks += len(batch)
        if self.progress is not None:
            self.progress(self.n_ticks)
