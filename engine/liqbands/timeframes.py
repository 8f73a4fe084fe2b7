"""Bar lengths and times: names such as "1h", milliseconds, and readable UTC."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

import numpy as np
from numpy.typing import NDArray

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS

TIMEFRAMES: Final[dict[str, int]] = {
    "1m": MINUTE_MS,
    "3m": 3 * MINUTE_MS,
    "5m": 5 * MINUTE_MS,
    "15m": 15 * MINUTE_MS,
    "30m": 30 * MINUTE_MS,
    "1h": HOUR_MS,
    "2h": 2 * HOUR_MS,
    "4h": 4 * HOUR_MS,
    "6h": 6 * HOUR_MS,
    "8h": 8 * HOUR_MS,
    "12h": 12 * HOUR_MS,
    "1d": DAY_MS,
    "1w": 7 * DAY_MS,
}

WINDOWS: Final[dict[str, int]] = {
    "12h": 12 * HOUR_MS,
    "1d": DAY_MS,
    "3d": 3 * DAY_MS,
    "1w": 7 * DAY_MS,
    "1M": 30 * DAY_MS,
    "3M": 90 * DAY_MS,
    "1y": 365 * DAY_MS,
}

_NAMES = {length: name for name, length in TIMEFRAMES.items()}
_UNITS = {"d": DAY_MS, "h": HOUR_MS, "m": MINUTE_MS, "s": 1000, "ms": 1}


def timeframe_ms(timeframe: str) -> int:
    """Return the length of a named bar in milliseconds.

    Parameters
    ----------
    timeframe : str
        One of `TIMEFRAMES`, e.g. ``"1h"``.

    Returns
    -------
    int
        Milliseconds.

    Raises
    ------
    ValueError
        If the name is unknown.

    Examples
    --------
    >>> timeframe_ms("5m")
    300000
    """
    return _length("timeframe", timeframe, TIMEFRAMES)


def window_ms(window: str) -> int:
    """Return the length of a named window in milliseconds (a month is 30 days).

    Parameters
    ----------
    window : str
        One of `WINDOWS`, e.g. ``"1w"``.

    Returns
    -------
    int
        Milliseconds.

    Raises
    ------
    ValueError
        If the name is unknown.

    Examples
    --------
    >>> window_ms("12h")
    43200000
    """
    return _length("window", window, WINDOWS)


def timeframe_name(length_ms: int) -> str:
    """Return the name of a bar length, also of one that no venue offers.

    Parameters
    ----------
    length_ms : int
        Length of a bar, milliseconds, positive.

    Returns
    -------
    str
        The name in `TIMEFRAMES`, else the length in the largest unit that divides it.

    Raises
    ------
    ValueError
        If the length is not positive.

    Examples
    --------
    >>> timeframe_name(3_600_000), timeframe_name(7 * 60_000)
    ('1h', '7m')
    """
    if length_ms <= 0:
        raise ValueError(f"a bar's length must be positive, was {length_ms} ms")
    if length_ms in _NAMES:
        return _NAMES[length_ms]
    unit = next(unit for unit, size in _UNITS.items() if length_ms % size == 0)
    return f"{length_ms // _UNITS[unit]}{unit}"


def infer_timeframe_ms(open_time_ms: NDArray[np.int64]) -> int:
    """Return the most frequent step between bars; one minute for a single bar.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        Strictly increasing open times, UTC milliseconds.

    Returns
    -------
    int
        Milliseconds; of two equally frequent steps the shorter.

    Examples
    --------
    >>> infer_timeframe_ms(np.array([0, 5, 10, 20]))
    5
    """
    if len(open_time_ms) < 2:
        return MINUTE_MS
    steps, counts = np.unique(np.diff(open_time_ms), return_counts=True)
    return int(steps[np.argmax(counts)])


def format_time(time_ms: int) -> str:
    """Return UTC milliseconds as readable text.

    Parameters
    ----------
    time_ms : int
        UTC milliseconds; any 64-bit value, so that a message about a wrong time never fails.

    Returns
    -------
    str
        ISO 8601 to the second, with ``Z``; fractions of a second are cut off.

    Examples
    --------
    >>> format_time(0)
    '1970-01-01T00:00:00Z'
    """
    return f"{np.datetime64(int(time_ms) // 1000, 's')}Z"


def _length(what: str, name: str, lengths: Mapping[str, int]) -> int:
    if name in lengths:
        return lengths[name]
    near = get_close_matches(str(name).lower(), lengths, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{what} must be one of {', '.join(lengths)}, was {name!r}{hint}")
