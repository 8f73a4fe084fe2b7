"""Trading days and weeks: which one each bar belongs to, by the venue's own hours.

Sessions are written as TradingView writes them: ``"24x7"``, ``"0930-1600"``,
``"1700-1700:23456"``, ``"0930-1130,1300-1500"``.  The digits after the colon are the weekdays,
1 = Sunday to 7 = Saturday; without them every day counts.  A session that starts in the evening
belongs to the day on which it ends.  Times are UTC milliseconds; a day is named by its number
since 1970-01-01, a week by the day number of its Monday.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.clocks import local_times, utc_times
from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS

IntArray = NDArray[np.int64]

ALWAYS_OPEN: Final = "24x7"

_EVERY_DAY = "1234567"
_HOURS = re.compile(r"([01]\d|2[0-3]|24(?=00))([0-5]\d)-([01]\d|2[0-3]|24(?=00))([0-5]\d)")
_DAYS = re.compile(r"[1-7]{1,7}")
_THURSDAY = 4  # 1970-01-01, counted from Sunday = 0
_MONDAY_OFFSET = 3  # days from a Monday to 1970-01-01


def trading_day(open_time_ms: IntArray, session: str, time_zone: str) -> IntArray:
    """Return the trading day of each bar.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens, UTC milliseconds.
    session : str
        Trading hours, e.g. ``"1700-1700:23456"``.
    time_zone : str
        IANA name of the zone in which `session` is written.

    Returns
    -------
    ndarray of int64, shape (n_bars,)
        Days since 1970-01-01.  Bars outside the hours count to the day on the wall calendar;
        on a weekday without trading they count to the next day with.

    Raises
    ------
    ValueError
        If the session or the time zone cannot be read.

    Examples
    --------
    >>> hour = 3_600_000
    >>> trading_day(np.array([0, 23 * hour, 24 * hour]), "24x7", "UTC")
    array([0, 0, 1])

    Sunday 1970-01-04, 17:30 in New York, is the start of Monday:

    >>> trading_day(np.array([3 * 24 * hour + 22 * hour + hour // 2]),
    ...             "1700-1700:23456", "America/New_York")
    array([4])
    """
    hours = _parse(session)
    local = open_time_ms if time_zone == "UTC" else local_times(open_time_ms, time_zone)
    day = (local + hours.starts_early_ms) // DAY_MS
    return day if hours.days == _EVERY_DAY else day + hours.days_to_wait[(day + _THURSDAY) % 7]


def trading_week(open_time_ms: IntArray, session: str, time_zone: str) -> IntArray:
    """Return the week of each bar, which starts with the Monday's trading day.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens, UTC milliseconds.
    session : str
        Trading hours, e.g. ``"0930-1600:23456"``.
    time_zone : str
        IANA name of the zone in which `session` is written.

    Returns
    -------
    ndarray of int64, shape (n_bars,)
        The Monday of the week, in days since 1970-01-01.

    Raises
    ------
    ValueError
        If the session or the time zone cannot be read.

    Examples
    --------
    >>> trading_week(np.array([0, 4 * 86_400_000]), "24x7", "UTC")
    array([-3,  4])
    """
    day = trading_day(open_time_ms, session, time_zone)
    return (day + _MONDAY_OFFSET) // 7 * 7 - _MONDAY_OFFSET


def session_start_ms(open_time_ms: IntArray, session: str, time_zone: str) -> IntArray:
    """Return when the session began that each bar belongs to.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens, UTC milliseconds.
    session : str
        Trading hours, e.g. ``"0930-1600"``.
    time_zone : str
        IANA name of the zone in which `session` is written.

    Returns
    -------
    ndarray of int64, shape (n_bars,)
        UTC milliseconds.

    Raises
    ------
    ValueError
        If the session or the time zone cannot be read.

    Examples
    --------
    >>> hour = 3_600_000
    >>> session_start_ms(np.array([16 * hour]), "0930-1600", "America/New_York") / hour
    array([14.5])
    """
    local = trading_day(open_time_ms, session, time_zone) * DAY_MS + _parse(session).start_ms
    return local if time_zone == "UTC" else utc_times(local, time_zone)[0]


def session_bars_per_day(session: str, timeframe_ms: int) -> int:
    """Return how many bars one full trading day has.

    Parameters
    ----------
    session : str
        Trading hours, e.g. ``"0930-1600"``.
    timeframe_ms : int
        Length of a bar, milliseconds, positive.

    Returns
    -------
    int
        Bars per day, at least 1; a last bar that is cut short counts.

    Raises
    ------
    ValueError
        If the session cannot be read or the length is not positive.

    Examples
    --------
    >>> session_bars_per_day("24x7", 3_600_000), session_bars_per_day("0930-1600", 3_600_000)
    (24, 7)
    """
    if timeframe_ms <= 0:
        raise ValueError(f"a bar's length must be positive, was {timeframe_ms} ms")
    return sum(-(-length // timeframe_ms) for length in _parse(session).lengths_ms)


@dataclass(frozen=True, slots=True)
class _Hours:
    """A session string, read.

    Parameters
    ----------
    start_ms : int
        When the trading day starts on its own date, milliseconds; negative on the eve.
    starts_early_ms : int
        How long before midnight the trading day starts, milliseconds.
    lengths_ms : tuple of int
        Length of each part of the day, milliseconds.
    days : str
        Weekdays with trading, sorted.
    days_to_wait : ndarray of int64, shape (7,)
        From each weekday (Sunday first), the days until there is trading.
    """

    start_ms: int
    starts_early_ms: int
    lengths_ms: tuple[int, ...]
    days: str
    days_to_wait: IntArray


@lru_cache(maxsize=64)
def _parse(session: str) -> _Hours:
    if session == ALWAYS_OPEN:
        return _Hours(0, 0, (DAY_MS,), _EVERY_DAY, np.zeros(7, np.int64))
    parts, colon, days = session.partition(":")
    spans = [_HOURS.fullmatch(part) for part in parts.split(",")]
    if None in spans or (colon and not _DAYS.fullmatch(days)):
        raise ValueError(
            "session must be '24x7' or hours such as '0930-1600', '0930-1130,1300-1500' or "
            f"'1700-1700:23456' (1 = Sunday), was {session!r}"
        )
    times = [_start_and_length(*map(int, span.groups())) for span in spans if span]
    start, length = times[0]
    early = (DAY_MS - start) % DAY_MS if start + length > DAY_MS else 0
    traded = "".join(sorted(set(days))) or _EVERY_DAY
    return _Hours(
        -early or start, early, tuple(length for _, length in times), traded, _waits(traded)
    )


def _start_and_length(hour: int, minute: int, end_hour: int, end_minute: int) -> tuple[int, int]:
    start = hour * HOUR_MS + minute * MINUTE_MS
    end = end_hour * HOUR_MS + end_minute * MINUTE_MS
    return start, end - start if end > start else end - start + DAY_MS


def _waits(days: str) -> IntArray:
    open_days = {int(day) - 1 for day in days}
    waits = [next(w for w in range(7) if (day + w) % 7 in open_days) for day in range(7)]
    return np.array(waits, dtype=np.int64)
