"""Candles from a pandas frame, and back: the one place in the engine that knows pandas.

Columns are found by name, whatever their spelling (`columns.KNOWN_NAMES` lists the names).
The time is when the bar opens:

================================  ================================================================
time column                       read as
================================  ================================================================
dates with a time zone            UTC after conversion; a given ``time_zone`` is not used
dates, ISO text without a zone    the clock of ``time_zone``, by default UTC
numbers                           seconds, milliseconds, microseconds or nanoseconds since 1970 by
                                  their size, eight digits as YYYYMMDD; same clock as above
a date and a time column          both together; MetaTrader's ``<DATE>`` and ``<TIME>`` are on the
                                  broker's clock, as is a column named ``ts_broker``
the index                         if it holds dates, or carries the name of a time column
================================  ================================================================

Prices are quote per base, quantities contracts, rates fractions.  Missing stays NaN.
"""

import re
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from liqbands.candle_rules import OPTIONAL, PRICES, TIME, first_fault
from liqbands.candles import Candles
from liqbands.clocks import BROKER, are_calendar_days, epoch_times, utc_times
from liqbands.columns import (
    NATURAL_ZONE,
    STAMPED_AT,
    TIME_COLUMN,
    find_columns,
    plain,
    require_column,
)
from liqbands.errors import MarketDataError
from liqbands.instrument import FloatArray
from liqbands.timeframes import format_time, infer_timeframe_ms, timeframe_ms

IntArray = NDArray[np.int64]
Stamp = Literal["open", "close"]

_CLOCK_TIME = re.compile(r"\d{1,2}:\d{2}")
_YEAR_FIRST = r"^(\d{4})[./](\d{1,2})[./](\d{1,2})"
_HAS_ZONE = r":\S*(?:Z|[+-]\d{2}(?::?\d{2})?)$"


def candles_from_frame(
    frame: pd.DataFrame,
    *,
    timeframe: str | None = None,
    time_zone: str | None = None,
    open_interest_at: Stamp = "close",
    start_ms: int | None = None,
    end_ms: int | None = None,
) -> Candles:
    """Return the candles of a frame, found by column name and checked.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per bar, oldest first, with at least a time, open, high, low and close.
    timeframe : str, optional
        Length of a bar, e.g. ``"1h"``; None takes the most frequent step.
    time_zone : str, optional
        Clock of times that name no zone: an IANA name, or ``"broker"`` for New York + 7 h
        (``"Europe/Athens"`` for a broker that keeps European summer time).
    open_interest_at : {"close", "open"}
        When the source took the open interest.  Bybit and Binance stamp it with the bar's open:
        the value at a bar's close is then the next row's.  It is unknown (NaN) before a gap and
        in the last bar, which is marked as forming.  ``oi_open`` and ``oi_close`` say themselves.
    start_ms : int, optional
        Leave out bars that open before, UTC milliseconds.
    end_ms : int, optional
        Leave out bars that are not closed by then, UTC milliseconds; later rows are not used
        for anything but the length of a bar.

    Returns
    -------
    Candles
        Copies; the frame is left as it is.

    Raises
    ------
    MarketDataError
        If a column is missing or a value breaks a rule; the message has the frame's own name.
    ValueError
        If the timeframe or the time zone is unknown.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {"Date": ["2024-01-01", "2024-01-02"], "Open": [1, 2], "High": [2, 3],
    ...      "Low": [1, 2], "Close": [2, 3], "OI": [10, 11]})
    >>> candles_from_frame(frame, open_interest_at="open").open_interest
    array([11., nan])
    """
    times = open_times(frame, time_zone=time_zone)
    step = timeframe_ms(timeframe) if timeframe else infer_timeframe_ms(np.unique(times))
    kept = _between(times, start_ms, end_ms, step)
    times, frame = times[kept], frame.loc[kept]
    names, columns = _read_columns(frame, times)
    fault = first_fault(times, columns)
    if fault is not None:
        raise MarketDataError(fault.describe(names[fault.column]))
    stamp = STAMPED_AT.get(plain(names.get("open_interest", "")), open_interest_at)
    shifted = "open_interest" in columns and stamp == "open"
    if shifted:
        columns["open_interest"] = _at_close(columns["open_interest"], times, step)
    return Candles.from_arrays(times, timeframe_ms=step, last_is_forming=shifted, **columns)


def frame_from_candles(candles: Candles) -> pd.DataFrame:
    """Return candles as a frame that `candles_from_frame` reads back.

    Parameters
    ----------
    candles : Candles
        Any candles.

    Returns
    -------
    pandas.DataFrame
        ``open_time`` (UTC), the prices, and the optional columns of which a value is known.

    Examples
    --------
    >>> candles = Candles.from_arrays([0], open=[1], high=[1], low=[1], close=[1], volume=[5])
    >>> list(frame_from_candles(candles))
    ['open_time', 'open', 'high', 'low', 'close', 'volume']
    """
    columns = {name: getattr(candles, name).copy() for name in PRICES + OPTIONAL}
    known = {n: v for n, v in columns.items() if n in PRICES or not np.isnan(v).all()}
    opened = pd.to_datetime(candles.open_time_ms, unit="ms", utc=True)
    return pd.DataFrame({"open_time": opened, **known})


def open_times(frame: pd.DataFrame, *, time_zone: str | None = None) -> IntArray:
    """Return when each row's bar opens.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per bar.
    time_zone : str, optional
        Clock of times that name no zone; None takes UTC unless the column's name says otherwise.

    Returns
    -------
    ndarray of int64, shape (n_rows,)
        UTC milliseconds, in the order of the rows.

    Raises
    ------
    MarketDataError
        If no column holds the time, or a time cannot be read.
    ValueError
        If the time zone is unknown.

    Examples
    --------
    >>> open_times(pd.DataFrame({"ts": ["1970-01-01T00:01"]}))
    array([60000])
    """
    if frame.empty:
        raise MarketDataError("there are no rows")
    name, column = _time_column(frame)
    _refuse_time(name, column, column.isna().to_numpy(), "is no time")
    local, is_utc = _milliseconds(name, column)
    natural = BROKER if name.startswith("<") else NATURAL_ZONE.get(plain(name), "UTC")
    if is_utc:
        return local
    times, exists = utc_times(local, time_zone or natural)
    _refuse_time(name, column, ~exists, f"is skipped by the clock of {time_zone or natural}")
    return times


def _time_column(frame: pd.DataFrame) -> tuple[str, "pd.Series[Any]"]:
    """Return the name and the values of the time, as dates, numbers or text."""
    index = frame.index
    if isinstance(index, pd.DatetimeIndex):
        return "index" if index.name is None else str(index.name), pd.Series(index)
    by_name = {plain(name): i for i, name in enumerate(frame.columns)}
    if {"date", "time"} <= by_name.keys():
        clock = frame.iloc[:, by_name["time"]].astype(str)
        if _CLOCK_TIME.match(clock.iloc[0]):
            date = by_name["date"]
            return str(frame.columns[date]), frame.iloc[:, date].astype(str) + " " + clock
    found = find_columns(list(frame.columns)).get(TIME_COLUMN)
    if found:
        return str(frame.columns[found[0]]), frame.iloc[:, found[0]]
    if TIME_COLUMN in find_columns([index.name]):
        return str(index.name), pd.Series(index)
    raise require_column(TIME_COLUMN, list(frame.columns))


def _milliseconds(name: str, column: "pd.Series[Any]") -> tuple[IntArray, bool]:
    """Return the times as written and whether they are UTC for certain."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        dates = pd.DatetimeIndex(column)
        return _since_1970(dates), dates.tz is not None
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy(dtype=np.float64)
        if not are_calendar_days(numbers):
            return epoch_times(numbers), False
        column = column.astype(np.int64).astype(str)
    return _from_text(name, column.astype(str).str.strip())


def _from_text(name: str, text: "pd.Series[Any]") -> tuple[IntArray, bool]:
    if text.str.fullmatch(r"\d{9,}(\.\d+)?").all():
        return epoch_times(text.to_numpy(dtype=np.float64)), False
    iso = text.str.replace(_YEAR_FIRST, r"\1-\2-\3", regex=True)
    iso = iso.str.replace(r"\s?(UTC|GMT)$", "Z", regex=True)
    dates = pd.to_datetime(iso, format="ISO8601", utc=True, errors="coerce")
    unread = dates.isna().to_numpy()
    _refuse_time(name, text, unread, "is no time; write it as 2024-01-31 13:00:00")
    zoned = iso.str.contains(_HAS_ZONE, regex=True).to_numpy()
    if zoned.any():
        _refuse_time(name, text, ~zoned, "names no time zone, but other rows do")
    return _since_1970(pd.DatetimeIndex(dates)), bool(zoned.any())


def _since_1970(dates: pd.DatetimeIndex) -> IntArray:
    clock = dates if dates.tz is None else dates.tz_convert("UTC").tz_localize(None)
    return np.asarray(clock.to_numpy(), dtype="datetime64[ms]").astype(np.int64)


def _refuse_time(name: str, column: "pd.Series[Any]", broken: NDArray[np.bool_], rule: str) -> None:
    rows = np.flatnonzero(broken)
    if len(rows):
        value = column.iloc[rows[0]]
        raise MarketDataError(f"column {name!r}, row {rows[0] + 1}: {value} {rule}")


def _between(
    times: IntArray, start_ms: int | None, end_ms: int | None, step: int
) -> NDArray[np.bool_]:
    kept = np.ones(len(times), dtype=np.bool_)
    if start_ms is not None:
        kept &= times >= start_ms
    if end_ms is not None:
        kept &= times + step <= end_ms
    if not kept.any():
        first, last = format_time(times.min()), format_time(times.max() + step)
        raise MarketDataError(f"no bar in the chosen time: the bars reach from {first} to {last}")
    return kept


def _read_columns(
    frame: pd.DataFrame, times: IntArray
) -> tuple[dict[str, str], dict[str, FloatArray]]:
    """Return the frame's own names and the values, both by our name."""
    names = {TIME: _time_column(frame)[0]}
    columns: dict[str, FloatArray] = {}
    found = find_columns(list(frame.columns))
    for ours in PRICES + OPTIONAL:
        if ours not in found and ours in PRICES:
            raise require_column(ours, list(frame.columns))
        for position in found.get(ours, []):
            names[ours] = str(frame.columns[position])
            columns[ours] = _numbers(frame, position, times)
            if np.nan_to_num(columns[ours]).any():
                break  # MetaTrader has a volume of zeros beside the tick volume: try the next
    return names, columns


def _numbers(frame: pd.DataFrame, position: int, times: IntArray) -> FloatArray:
    column = frame.iloc[:, position]
    numbers = pd.to_numeric(column, errors="coerce")
    no_number = np.flatnonzero((numbers.isna() & column.notna()).to_numpy())
    if len(no_number):
        row = no_number[0]
        raise MarketDataError(
            f"column {str(frame.columns[position])!r}, bar {format_time(times[row])}: "
            f"{column.iloc[row]!r} is not a number"
        )
    return numbers.to_numpy(dtype=np.float64, na_value=np.nan)


def _at_close(at_open: FloatArray, times: IntArray, step: int) -> FloatArray:
    at_close = np.full_like(at_open, np.nan)
    at_close[:-1] = np.where(np.diff(times) == step, at_open[1:], np.nan)
    return at_close
