"""The bar that has not closed yet: one per instrument, overwritten as it grows."""

import math
from dataclasses import dataclass, fields

from sqlalchemy import Connection, select

from liqbands.bar import Bar
from liqbands.candles import Candles
from liqbands_server.store import tables as t


@dataclass(frozen=True, slots=True)
class FormingBar:
    """A bar that may still change.

    Parameters
    ----------
    instrument_id : int
        Whose bar.
    timeframe_ms : int
        Its length.
    seen_ms : int
        When it looked like this.
    bar : Bar
        What it looked like.
    """

    instrument_id: int
    timeframe_ms: int
    seen_ms: int
    bar: Bar

    @property
    def candles(self) -> Candles:
        """Return the bar as candles of one row."""
        columns = {field.name: [getattr(self.bar, field.name)] for field in fields(Bar)}
        return Candles.from_arrays(**columns, timeframe_ms=self.timeframe_ms, last_is_forming=True)


def write_forming(
    connection: Connection, instrument_id: int, candles: Candles, seen_ms: int
) -> None:
    """Overwrite the forming bar of an instrument by the last bar of `candles`.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument_id : int
        Whose bar.
    candles : Candles
        The last bar counts.
    seen_ms : int
        When it looked like this.
    """
    values = {name: float(getattr(candles, name)[-1]) for name in t.VALUES}
    row: dict[str, object] = {
        "timeframe_ms": candles.timeframe_ms,
        "open_time_ms": int(candles.open_time_ms[-1]),
        "seen_ms": seen_ms,
        **{name: None if math.isnan(value) else value for name, value in values.items()},
    }
    mine = t.forming.c.instrument_id == instrument_id
    if connection.execute(t.forming.update().where(mine).values(**row)).rowcount == 0:
        connection.execute(t.forming.insert().values(instrument_id=instrument_id, **row))


def read_forming(connection: Connection) -> dict[int, FormingBar]:
    """Return the forming bars of all instruments.

    Parameters
    ----------
    connection : Connection
        Of any transaction.

    Returns
    -------
    dict of int to FormingBar
        By instrument.
    """
    bars = {}
    for row in connection.execute(select(t.forming)):
        values = {field.name: getattr(row, field.name) for field in fields(Bar)}
        known = {name: value for name, value in values.items() if value is not None}
        bar = Bar(**known)
        bars[row.instrument_id] = FormingBar(row.instrument_id, row.timeframe_ms, row.seen_ms, bar)
    return bars
