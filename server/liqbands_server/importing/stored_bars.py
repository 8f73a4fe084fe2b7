"""Bars and events of the store as they were known at a time, for files."""

import numpy as np
from sqlalchemy import Connection

from liqbands.candles import Candles
from liqbands.errors import MarketDataError
from liqbands.timeframes import format_time, timeframe_name
from liqbands_server.store.candles import read_candles
from liqbands_server.store.instruments import StoredInstrument
from liqbands_server.store.tables import VALUES


def bars_known(
    connection: Connection,
    stored: StoredInstrument,
    timeframe_ms: int,
    period_ms: tuple[int, int],
    as_of_ms: int,
) -> Candles:
    """Return bars of a series as they were known at a time.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    stored : StoredInstrument
        Whose bars.
    timeframe_ms : int
        Their length.
    period_ms : tuple of int
        First open time, and the one that is too late, UTC milliseconds.
    as_of_ms : int
        What was learnt later does not count.

    Returns
    -------
    Candles
        At least one.

    Raises
    ------
    MarketDataError
        If there are none.
    """
    first_ms, end_ms = period_ms
    rows = read_candles(connection, stored.id, timeframe_ms, first_ms, end_ms - 1)
    known = np.flatnonzero(rows.learnt_ms <= as_of_ms)
    if not len(known):
        raise MarketDataError(
            f"{stored.ticker} has no bar of {timeframe_name(timeframe_ms)} in the chosen time "
            f"that was known at {format_time(as_of_ms)}"
        )
    times = rows.open_time_ms[known]
    newest = known[np.append(times[1:] > times[:-1], True)]
    columns = {name: rows.values[newest, i] for i, name in enumerate(VALUES)}
    return Candles(rows.open_time_ms[newest], **columns, timeframe_ms=timeframe_ms)
