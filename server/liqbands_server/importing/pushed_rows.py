"""Bars that a program sends, row by row: those that can be stored, and why the others cannot."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from liqbands.candle_rules import PRICES
from liqbands.candles import Candles
from liqbands.timeframes import MINUTE_MS, format_time
from liqbands_server.importing.reports import RefusedRow
from liqbands_server.importing.row_checks import Reasons, broken_rules, repeated_times

TIME: Final = "t"
OTHERS: Final = (
    "volume",
    "quote_volume",
    "taker_buy_volume",
    "open_interest",
    "funding_rate",
)
"""What a row may hold beside its time and prices."""

_EARLY_MS: Final = 5_000
"""So far the clock of another machine may be ahead of this one's."""

_LAST_MS: Final = 4_102_444_800_000  # the year 2100
_COLUMNS: Final = (*PRICES, *OTHERS)


def read_pushed(
    rows: Sequence[object], timeframe_ms: int, now_ms: int
) -> tuple[Candles | None, tuple[RefusedRow, ...]]:
    """Return the bars among rows, and what is wrong with the others.

    Parameters
    ----------
    rows : sequence of object
        As JSON has them: objects with `t` (open, UTC milliseconds), prices, and any of `OTHERS`.
    timeframe_ms : int
        Length of a bar.
    now_ms : int
        Bars that are not closed then are refused, UTC milliseconds.

    Returns
    -------
    tuple of Candles or None, and tuple of RefusedRow
        None when no row can be used; rows are counted from 1.

    Raises
    ------
    MarketDataError
        If the bars are closer together than they are long.
    """
    reasons = {place: _fault(row, timeframe_ms, now_ms) for place, row in enumerate(rows)}
    good = [place for place, reason in reasons.items() if not reason]
    refused: Reasons = {place: reason for place, reason in reasons.items() if reason}
    chosen = [row for row in (rows[place] for place in good) if isinstance(row, Mapping)]
    times = np.array([row[TIME] for row in chosen], dtype=np.int64)
    columns = {
        name: np.array([_number(row.get(name)) for row in chosen], dtype=np.float64)
        for name in _COLUMNS
    }
    numbers = np.array(good, dtype=np.int64) + 1
    if chosen:
        found = broken_rules(times, columns, {name: name for name in _COLUMNS})
        found = repeated_times(times, numbers) | found
        refused |= {good[place]: reason for place, reason in found.items()}
    told = tuple(RefusedRow(place + 1, refused[place]) for place in sorted(refused))
    kept = np.array([place not in refused for place in good], dtype=np.bool_)
    if not kept.any():
        return None, told
    order = np.flatnonzero(kept)[np.argsort(times[kept])]
    ordered = {name: values[order] for name, values in columns.items()}
    bars = Candles.from_arrays(
        times[order], timeframe_ms=timeframe_ms, last_is_forming=False, **ordered
    )
    return bars, told


def _fault(row: object, timeframe_ms: int, now_ms: int) -> str:
    """Return what is wrong with a row by itself, empty for nothing."""
    if not isinstance(row, Mapping):
        return f"must be an object such as {{'t': 1760054400000, 'open': 1.08, …}}, was {row!r:.40}"
    unknown = next((name for name in row if name not in (TIME, *_COLUMNS)), None)
    if unknown is not None:
        return f"{unknown[:40]!r} is none of {', '.join((TIME, *_COLUMNS))}"
    for name in _COLUMNS:
        value = row.get(name)
        if value is None and name in PRICES:
            return f"{name} is missing"
        if value is not None and not math.isfinite(_number(value)):
            return f"{name} must be a number, was {value!r:.40}"
    return _time_fault(row.get(TIME), timeframe_ms, now_ms)


def _time_fault(time_ms: object, timeframe_ms: int, now_ms: int) -> str:
    if not isinstance(time_ms, int) or isinstance(time_ms, bool) or not 0 < time_ms < _LAST_MS:
        return f"t must be UTC milliseconds such as 1760054400000, was {time_ms!r:.40}"
    if time_ms % min(timeframe_ms, MINUTE_MS):
        return f"t must be a whole minute, was {time_ms}"
    if time_ms + timeframe_ms > now_ms + _EARLY_MS:
        return f"bar {format_time(time_ms)} has not closed"
    return ""


def _number(value: object) -> float:
    """Return a number, NaN for what is none or is missing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan
