"""Candles in the store: written once, corrected beside, read as known at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from sqlalchemy import Connection, select

from liqbands.candles import Candles
from liqbands_server.store import tables as t
from liqbands_server.store.bulk import insert_rows, whole_time
from liqbands_server.store.candle_rows import CandleRows as CandleRows
from liqbands_server.store.candle_rows import Comparison, IntArray, compare
from liqbands_server.store.changes import last_learnt, note_change
from liqbands_server.store.instruments import StoredInstrument

KnownAt = Literal["close", "now"]
_N_TIMES = 3


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the bars that were handed in.

    Parameters
    ----------
    new, same, corrected : int
        Bars that were not there, that were there with the same values, that now have a correction.
    """

    new: int = 0
    same: int = 0
    corrected: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.new + other.new, self.same + other.same, self.corrected + other.corrected
        )


def write_candles(
    connection: Connection,
    stored: StoredInstrument,
    candles: Candles,
    learnt_ms: int,
    *,
    known_at: KnownAt | None = None,
) -> Written:
    """Store closed bars: new ones as they are, changed ones as corrections.

    A missing value says nothing: it neither corrects nor removes what is known.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    stored : StoredInstrument
        Whose bars they are.
    candles : Candles
        Closed bars; a forming last one is left out.
    learnt_ms : int
        Now.  No bar is learnt before its close, and none before what was written earlier.
    known_at : {"close", "now"}, optional
        Whether bars that are new count as known at their close, or at `learnt_ms`; None takes
        the close for the first load of a series.  Corrections are always learnt now, and after
        the first load every bar is learnt later than what was written earlier: what was answered as
        of then stays as it was.

    Returns
    -------
    Written
        Counts.
    """
    n_closed = len(candles) - candles.last_is_forming
    if n_closed == 0:
        return Written()
    closed = candles[:n_closed]
    first_load = _begin_series(connection, stored.id, closed)
    times = closed.open_time_ms
    known = read_candles(connection, stored.id, closed.timeframe_ms, int(times[0]), int(times[-1]))
    found = compare(known, times, np.column_stack([getattr(closed, name) for name in t.VALUES]))
    chosen = found.is_new | found.differs
    if chosen.any():
        at_close = known_at == "close" or (known_at is None and first_load)
        earliest = last_learnt(connection, stored.id) + (not first_load)
        closes = times + closed.timeframe_ms
        now = np.maximum(closes, max(learnt_ms, earliest))
        when = closes if first_load else np.maximum(closes, earliest)
        learnt = np.where(found.is_new & at_close, when, now)
        _insert(connection, (stored.id, closed.timeframe_ms), times, found, learnt)
        first, last = times[chosen][[0, -1]]
        newest = int(learnt[chosen].max())
        note_change(connection, stored.id, "candles", int(first), int(last), newest)
    return Written(int(found.is_new.sum()), int((~chosen).sum()), int(found.differs.sum()))


def read_candles(
    connection: Connection,
    instrument_id: int,
    timeframe_ms: int,
    first_ms: int,
    last_ms: int,
) -> CandleRows:
    """Return all revisions of the bars in a stretch of time.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id, timeframe_ms : int
        Which series.
    first_ms, last_ms : int
        Open times, both included.

    Returns
    -------
    CandleRows
        In order of time, then revision.
    """
    c = t.candle.c
    columns = [c.open_time_ms, c.revision, c.learnt_ms, *(c[name] for name in t.VALUES)]
    found = connection.execute(
        select(*columns)
        .where((c.instrument_id == instrument_id) & (c.timeframe_ms == timeframe_ms))
        .where(c.open_time_ms.between(whole_time(first_ms), whole_time(last_ms)))
        .order_by(c.open_time_ms, c.revision)
    ).all()
    return _rows(found)


def _rows(found: Sequence[Sequence[Any]]) -> CandleRows:
    table = np.array([tuple(row) for row in found], dtype=np.float64)  # None becomes NaN
    table = table.reshape(len(found), _N_TIMES + len(t.VALUES))
    times = [table[:, i].astype(np.int64) for i in range(_N_TIMES)]
    return CandleRows(times[0], times[1], times[2], table[:, _N_TIMES:])


def _begin_series(connection: Connection, instrument_id: int, candles: Candles) -> bool:
    """Enter a series unless it is there; return whether its first load is still going on."""
    s = t.series.c
    mine = (s.instrument_id == instrument_id) & (s.timeframe_ms == candles.timeframe_ms)
    done = connection.execute(select(s.first_load_done).where(mine)).scalar_one_or_none()
    if done is None:
        connection.execute(
            t.series.insert().values(
                instrument_id=instrument_id,
                timeframe_ms=candles.timeframe_ms,
                anchor_ms=int(candles.open_time_ms[0]),
                first_load_done=False,
            )
        )
    return not done


def _insert(
    connection: Connection,
    series: tuple[int, int],
    times: IntArray,
    found: Comparison,
    learnt: IntArray,
) -> None:
    chosen = np.flatnonzero(found.is_new | found.differs)
    values = found.values[chosen]
    known = values.astype(object)
    known[np.isnan(values)] = None
    stated = zip(
        times[chosen].tolist(), found.revision[chosen].tolist(), learnt[chosen].tolist(),
        known.tolist(), strict=True,
    )  # fmt: skip
    rows = [(*series, opened, revision, when, *rest) for opened, revision, when, rest in stated]
    insert_rows(connection, t.candle, rows)
