"""Wall clocks: what a clock in some time zone shows at a UTC time, and the way back.

Times are int64 milliseconds.  A *local* time is what the clock on the wall shows, written as if
it were UTC.  Daylight-saving days are exact.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS

IntArray = NDArray[np.int64]

BROKER: Final = "broker"
"""The usual MetaTrader clock: New York + 7 h, so that the trading day starts at midnight.

Some brokers keep European summer time; theirs is ``"Europe/Athens"``.
"""

_BROKER_HOME = "America/New_York"
_BROKER_AHEAD_MS = 7 * HOUR_MS
_UNITS = ((1e11, 1e3), (1e14, 1.0), (1e17, 1e-3), (np.inf, 1e-6))  # below, factor to ms
_CALENDAR_DAYS = (19_000_101, 21_001_231)
_QUARTER_MS = 15 * MINUTE_MS  # every zone changes its clock on a quarter of an hour


def local_times(time_ms: IntArray, time_zone: str) -> IntArray:
    """Return what the clock on the wall shows at each UTC time.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (n,)
        UTC milliseconds.
    time_zone : str
        IANA name, e.g. ``"America/New_York"``, or `BROKER`.

    Returns
    -------
    ndarray of int64, shape (n,)
        Local milliseconds, written as if they were UTC.

    Raises
    ------
    ValueError
        If the zone is unknown.

    Examples
    --------
    >>> int(local_times(np.array([0]), "America/New_York")[0]) // HOUR_MS
    -5
    """
    if time_zone == BROKER:
        return local_times(time_ms, _BROKER_HOME) + _BROKER_AHEAD_MS
    return time_ms + _offsets(time_ms, _zone(time_zone))


def utc_times(local_ms: IntArray, time_zone: str) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return the UTC times at which a clock on the wall shows the local times.

    Parameters
    ----------
    local_ms : ndarray of int64, shape (n,)
        Local milliseconds in the order of recording, written as if they were UTC.
    time_zone : str
        IANA name, or `BROKER`.

    Returns
    -------
    time_ms : ndarray of int64, shape (n,)
        UTC milliseconds.
    exists : ndarray of bool, shape (n,)
        False where the clock skips the local time; `time_ms` is meaningless there.

    Raises
    ------
    ValueError
        If the zone is unknown.

    Notes
    -----
    An hour that the clock shows twice is read as its first pass, and as its second pass from
    the row on at which the local time did not advance.

    Examples
    --------
    >>> utc, exists = utc_times(np.array([0]), "America/New_York")
    >>> int(utc[0]) // HOUR_MS, bool(exists[0])
    (5, True)
    """
    if time_zone == BROKER:
        return utc_times(local_ms - _BROKER_AHEAD_MS, _BROKER_HOME)
    zone = _zone(time_zone)
    earlier = local_ms - _offsets(local_ms - DAY_MS, zone)
    later = local_ms - _offsets(local_ms + DAY_MS, zone)
    earlier_fits = earlier + _offsets(earlier, zone) == local_ms
    later_fits = later + _offsets(later, zone) == local_ms
    use_later = later_fits & (~earlier_fits | _did_not_advance(local_ms))
    return np.where(use_later, later, earlier), earlier_fits | later_fits


def epoch_times(numbers: NDArray[np.float64]) -> IntArray:
    """Return milliseconds since 1970 from numbers whose unit only their size tells.

    Parameters
    ----------
    numbers : ndarray, shape (n,)
        Seconds (below 1e11), milliseconds (below 1e14), microseconds (below 1e17) or
        nanoseconds since 1970, each number by itself.

    Returns
    -------
    ndarray of int64, shape (n,)
        Milliseconds.

    Examples
    --------
    >>> epoch_times(np.array([1.7e9, 1.7e12, 1.7e15, 1.7e18]))
    array([1700000000000, 1700000000000, 1700000000000, 1700000000000])
    """
    size = np.abs(numbers)
    factor = np.select([size < limit for limit, _ in _UNITS], [unit for _, unit in _UNITS])
    milliseconds: IntArray = np.rint(numbers * factor).astype(np.int64)
    return milliseconds


def are_calendar_days(numbers: NDArray[np.float64]) -> bool:
    """Return whether all numbers are days written as YYYYMMDD.

    Parameters
    ----------
    numbers : ndarray, shape (n,)
        Any numbers.

    Returns
    -------
    bool
        True if each lies between 19000101 and 21001231 (as seconds they would all be in 1970).

    Examples
    --------
    >>> are_calendar_days(np.array([20240131.0])), are_calendar_days(np.array([1.7e9]))
    (True, False)
    """
    first, last = _CALENDAR_DAYS
    return bool(np.all((numbers >= first) & (numbers <= last)))


def _did_not_advance(local_ms: IntArray) -> NDArray[np.bool_]:
    latest = np.maximum.accumulate(local_ms)
    repeated = np.zeros(local_ms.shape, dtype=np.bool_)
    repeated[1:] = local_ms[1:] <= latest[:-1]
    return repeated


def _offsets(time_ms: IntArray, zone: ZoneInfo) -> IntArray:
    """Ask the zone once per day, and once per quarter of an hour on days of change."""
    days, day_of = np.unique(time_ms // DAY_MS, return_inverse=True)
    at_start = _ask(days * DAY_MS, zone)
    at_end = _ask((days + 1) * DAY_MS, zone)
    offsets = at_start[day_of]
    changing = np.flatnonzero((at_start != at_end)[day_of])
    quarters, quarter_of = np.unique(time_ms[changing] // _QUARTER_MS, return_inverse=True)
    offsets[changing] = _ask(quarters * _QUARTER_MS, zone)[quarter_of]
    return offsets


def _ask(time_ms: IntArray, zone: ZoneInfo) -> IntArray:
    seconds = (
        datetime.fromtimestamp(moment // 1000, UTC).astimezone(zone).utcoffset()
        for moment in time_ms.tolist()
    )
    return np.array([0 if s is None else s.total_seconds() * 1000 for s in seconds], np.int64)


@lru_cache(maxsize=64)
def _zone(time_zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(
            "time_zone must be an IANA name such as 'UTC' or 'America/New_York', "
            f"or {BROKER!r}, was {time_zone!r}"
        ) from error
