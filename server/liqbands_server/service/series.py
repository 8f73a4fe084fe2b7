"""One series in memory: every revision of its bars, and what was known of them at a time."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from liqbands.candles import Candles
from liqbands_server.errors import QuestionError
from liqbands_server.store.candles import CandleRows, read_candles
from liqbands_server.store.tables import VALUES

_END_OF_TIME: Final = 2**62
_KEPT_VIEWS: Final = 4


@dataclass(frozen=True, eq=False)
class _State:
    """Rows and what was made of them; replaced as a whole, so that threads see one or the other."""

    rows: CandleRows
    last_learnt_ms: int
    views: dict[int, Candles] = field(default_factory=dict)


class Series:
    """The candles of one instrument, kept up to date with the store.

    Parameters
    ----------
    ticker : str
        For messages.
    instrument_id, timeframe_ms : int
        Which series.
    anchor_ms : int
        First bar that counts; bars before it are not part of the book.
    """

    def __init__(self, ticker: str, instrument_id: int, timeframe_ms: int, anchor_ms: int) -> None:
        self.ticker = ticker
        self.instrument_id = instrument_id
        self.timeframe_ms = timeframe_ms
        self.anchor_ms = anchor_ms
        none = np.zeros(0, dtype=np.int64)
        self._state = _State(CandleRows(none, none, none, np.zeros((0, len(VALUES)))), 0)

    @property
    def last_learnt_ms(self) -> int:
        """Return when the newest statement was learnt, 0 without any."""
        return self._state.last_learnt_ms

    def refresh(self, connection: Connection, first_ms: int = 0) -> None:
        """Read again what the store holds from a time on.

        Parameters
        ----------
        connection : Connection
            Of any transaction.
        first_ms : int
            First open time that may have changed.
        """
        new = read_candles(
            connection, self.instrument_id, self.timeframe_ms, first_ms, _END_OF_TIME
        )
        old = self._state.rows
        keep = slice(0, int(np.searchsorted(old.open_time_ms, first_ms)))
        rows = CandleRows(
            np.concatenate([old.open_time_ms[keep], new.open_time_ms]),
            np.concatenate([old.revision[keep], new.revision]),
            np.concatenate([old.learnt_ms[keep], new.learnt_ms]),
            np.concatenate([old.values[keep], new.values]),
        )
        self._state = _State(rows, int(rows.learnt_ms.max(initial=0)))

    def known_at(self, as_of_ms: int) -> Candles:
        """Return the bars as they were known at a time.

        Parameters
        ----------
        as_of_ms : int
            UTC milliseconds.

        Returns
        -------
        Candles
            From the anchor on; the same object for the same content while the store rests.

        Raises
        ------
        QuestionError
            If nothing was known then.
        """
        state = self._state
        known = state.rows.open_time_ms >= self.anchor_ms
        if as_of_ms < state.last_learnt_ms:
            known &= state.rows.learnt_ms <= as_of_ms
        if not known.any():
            raise QuestionError(f"nothing was known of {self.ticker} at {as_of_ms}", "as_of")
        version = int(state.rows.learnt_ms[known].max())
        view = state.views.get(version)
        if view is None:
            view = self._view(state.rows, known)
            if len(state.views) >= _KEPT_VIEWS:
                state.views.clear()
            state.views[version] = view
        return view

    def _view(self, rows: CandleRows, known: NDArray[np.bool_]) -> Candles:
        chosen = np.flatnonzero(known)
        times = rows.open_time_ms[chosen]
        last = chosen[np.append(np.diff(times) > 0, True)]
        columns = {name: rows.values[last, i] for i, name in enumerate(VALUES)}
        return Candles(rows.open_time_ms[last], **columns, timeframe_ms=self.timeframe_ms)
