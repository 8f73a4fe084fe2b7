"""The bar that has not closed yet: one per instrument, overwritten as it grows."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from sqlalchemy import Connection, select

from liqbands.bar import Bar
from liqbands.candles import Candles
from liqbands_server.store import tables as t
from liqbands_server.store.bulk import replace_rows


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
    bar = (int(candles.open_time_ms[-1]), values)
    write_forming_rows(connection, candles.timeframe_ms, {instrument_id: bar}, seen_ms)


def write_forming_rows(
    connection: Connection,
    timeframe_ms: int,
    bars: Mapping[int, tuple[int, Mapping[str, float]]],
    seen_ms: int,
) -> None:
    """Overwrite the forming bars of instruments.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    timeframe_ms : int
        Their length.
    bars : mapping
        By instrument: when the bar opened, and columns of candles by name, the prices at least;
        what is left out or NaN is unknown.
    seen_ms : int
        When they looked like this.
    """
    replace_rows(
        connection,
        t.forming,
        [
            (instrument_id, timeframe_ms, open_time_ms, seen_ms, *map(_known, _columns(values)))
            for instrument_id, (open_time_ms, values) in bars.items()
        ],
    )


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


def _columns(values: Mapping[str, float]) -> Iterator[float]:
    return (values.get(name, math.nan) for name in t.VALUES)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
