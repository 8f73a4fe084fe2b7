"""Where the bands of an instrument stand: the last column that holds, and the book at it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from liqbands.heatmaps import basis_of
from liqbands.parameters import Parameters
from liqbands.tracker import BandTracker
from liqbands_server.service.band_clock import KnownBars, Ticks, known_bars, ticks_of
from liqbands_server.service.band_columns import HEAD, head_of, tracker_after, unpack_columns
from liqbands_server.service.band_walk import N_SLOTS, BandWalk
from liqbands_server.store.band_rows import BandRow, read_band_rows
from liqbands_server.store.candles import read_candles
from liqbands_server.store.instruments import StoredInstrument

_END_OF_TIME: Final = 2**62


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column that is not stored yet.

    Parameters
    ----------
    time_ms : int
        Its tick.
    revision : int
        The how manieth statement about it.
    known_ms : int or None
        Since when it counts as known: the close of the bar that completed it, where all bars
        count as known at their close; None is since it is stored.
    packed : list of bytes
        For each number of slots.
    """

    time_ms: int
    revision: int
    known_ms: int | None
    packed: list[bytes]


@dataclass(eq=False)
class Position:
    """A walk that stands at a tick.

    Parameters
    ----------
    stored : StoredInstrument
        Whose.
    walk : BandWalk
        At the tick.
    last_open_ms : int
        Open of the last bar in it.
    learnt_ms : int
        Since when everything in it is known.
    n_statements : int
        Statements about bars that it rests on.
    revisions : dict of int to int
        Next revision of the later ticks that have columns, which no longer hold.
    """

    stored: StoredInstrument
    walk: BandWalk
    last_open_ms: int
    learnt_ms: int
    n_statements: int
    revisions: dict[int, int] = field(default_factory=dict)

    def read_on(self, connection: Connection) -> KnownBars | None:
        """Return the bars after the position.

        Parameters
        ----------
        connection : Connection
            Of any transaction.

        Returns
        -------
        KnownBars or None
            None when there are none.
        """
        length = self.stored.base.timeframe_ms
        rows = read_candles(connection, self.stored.id, length, self.last_open_ms + 1, _END_OF_TIME)
        return known_bars(rows, length, self.learnt_ms, self.n_statements)

    def is_at_first_open_interest(self, bars: KnownBars) -> bool:
        """Return whether the next column's book stands on something else than the last one's.

        Parameters
        ----------
        bars : KnownBars
            The bars over which `columns` was led.

        Returns
        -------
        bool
            True where it has to start anew.
        """
        if self.walk.basis == "open_interest":
            return False
        ticks = ticks_of(bars.close_ms)
        complete = bars.candles[: int(ticks.bar[-1]) + 1] if len(ticks) else None
        return complete is not None and complete.has_open_interest

    def columns(self, bars: KnownBars) -> Iterator[NewColumn]:
        """Lead the walk over bars, column by column.

        Parameters
        ----------
        bars : KnownBars
            The bars after the position.

        Yields
        ------
        NewColumn
            Of each tick that is complete, up to the first open interest of a series that had
            none before: the book then stands on something else and has to start anew.
        """
        first = 0
        ticks = ticks_of(bars.close_ms)
        for tick_ms, bar, completed_by in zip(
            ticks.time_ms.tolist(), ticks.bar.tolist(), ticks.completed_by.tolist(), strict=True
        ):
            part = bars.candles[first : bar + 1]
            if self.walk.basis == "volume" and part.has_open_interest:
                return
            n_statements = int(bars.n_statements[bar])
            packed = self.walk.column(part, tick_ms, n_statements)
            self.last_open_ms = int(part.open_time_ms[-1])
            self.learnt_ms = int(bars.learnt_ms[bar])
            self.n_statements = n_statements
            first = bar + 1
            revision = self.revisions.pop(tick_ms, 0)
            yield NewColumn(tick_ms, revision, _known_ms(bars, completed_by), packed)


def find_position(
    connection: Connection, stored: StoredInstrument, parameters: Parameters
) -> tuple[Position, KnownBars | None] | None:
    """Find the last column that holds, and lead a book to it.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    stored : StoredInstrument
        Whose.
    parameters : Parameters
        The model's settings.

    Returns
    -------
    tuple of Position and KnownBars, or None
        The position and the bars after it; None for an instrument without bars.
    """
    if not stored.series:
        return None
    base = stored.base
    rows = read_candles(connection, stored.id, base.timeframe_ms, base.anchor_ms, _END_OF_TIME)
    bars = known_bars(rows, base.timeframe_ms)
    if bars is None:
        return None
    ticks = ticks_of(bars.close_ms)
    heads = _newest_heads(connection, stored.id)
    n_kept = _n_kept(bars, ticks, heads)
    after = ticks.time_ms[n_kept - 1] if n_kept else -1
    position = _stand_at(connection, stored, parameters, bars, n_kept)
    position.revisions = {
        time_ms: row.revision + 1 for time_ms, row in heads.items() if time_ms > after
    }
    return position, bars.after(int(ticks.bar[n_kept - 1]) + 1 if n_kept else 0)


def _newest_heads(connection: Connection, instrument_id: int) -> dict[int, BandRow]:
    rows = read_band_rows(
        connection, instrument_id, N_SLOTS[0], 0, _END_OF_TIME, n_bytes=HEAD.itemsize
    )
    return {row.time_ms: row for row in rows}


def _n_kept(bars: KnownBars, ticks: Ticks, heads: dict[int, BandRow]) -> int:
    """Return how many columns from the first on rest on all that is said of their bars."""
    statements = bars.n_statements[ticks.bar].tolist()
    for n_kept, (tick_ms, n_statements) in enumerate(
        zip(ticks.time_ms.tolist(), statements, strict=True)
    ):
        row = heads.get(tick_ms)
        if row is None or int(head_of(row.slots)["n_statements"]) != n_statements:
            return n_kept
    return len(ticks)


def _stand_at(
    connection: Connection,
    stored: StoredInstrument,
    parameters: Parameters,
    bars: KnownBars,
    n_kept: int,
) -> Position:
    """Lead a new book over the bars of the first few ticks."""
    ticks = ticks_of(bars.close_ms)
    next_bar = int(ticks.bar[n_kept]) if n_kept < len(ticks) else len(bars) - 1
    # What the next column's book stands on, though the last one's may have stood on less.
    basis = basis_of(bars.candles[: next_bar + 1])
    if not n_kept:
        return Position(stored, BandWalk(stored, parameters, basis), -1, 0, 0)
    tick_ms, bar = int(ticks.time_ms[n_kept - 1]), int(ticks.bar[n_kept - 1])
    trackers = [_tracker(connection, stored.id, n_slots, tick_ms) for n_slots in N_SLOTS]
    walk = BandWalk(stored, parameters, basis, trackers)
    walk.skip(bars.candles[: bar + 1])
    return Position(
        stored,
        walk,
        last_open_ms=int(bars.candles.open_time_ms[bar]),
        learnt_ms=int(bars.learnt_ms[bar]),
        n_statements=int(bars.n_statements[bar]),
    )


def _tracker(connection: Connection, instrument_id: int, n_slots: int, tick_ms: int) -> BandTracker:
    newest = read_band_rows(connection, instrument_id, n_slots, tick_ms, tick_ms)[-1]
    return tracker_after(unpack_columns([newest.slots], n_slots)[0])


def _known_ms(bars: KnownBars, completed_by: int) -> int | None:
    """Return since when a column counts as known if its bars were all known at their close."""
    close_ms = int(bars.close_ms[completed_by])
    learnt_ms = int(bars.learnt_ms[completed_by])
    return learnt_ms if learnt_ms <= close_ms else None
