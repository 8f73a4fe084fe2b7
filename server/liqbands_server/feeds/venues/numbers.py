"""Numbers on the wire: strings, sometimes empty, sometimes nonsense."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from liqbands_server.errors import WireError

_EARLIEST_MS: Final = 1_230_768_000_000  # 2009: before it, the time is in seconds
_LATEST_MS: Final = 10**13
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def positive(row: Mapping[str, Any], name: str) -> float:
    """Return a number above 0.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    float
        Finite.

    Raises
    ------
    WireError
        If it is anything else.

    Examples
    --------
    >>> positive({"p": "61534.75"}, "p")
    61534.75
    """
    value = _number(row, name)
    if not value > 0:
        raise WireError(f"{name} must be positive, was {_shown(row, name)}")
    return value


def not_negative(row: Mapping[str, Any], name: str) -> float:
    """Return a number of at least 0.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    float
        Finite.

    Raises
    ------
    WireError
        If it is anything else.
    """
    value = _number(row, name)
    if value < 0:
        raise WireError(f"{name} must not be negative, was {_shown(row, name)}")
    return value


def any_number(row: Mapping[str, Any], name: str) -> float:
    """Return a number of either sign.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    float
        Finite.

    Raises
    ------
    WireError
        If it is none.
    """
    return _number(row, name)


def optional(row: Mapping[str, Any], name: str) -> float:
    """Return a number of at least 0, NaN where it is absent or empty.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    float
        Finite or NaN.

    Raises
    ------
    WireError
        If there is something else.
    """
    return math.nan if row.get(name) in (None, "") else not_negative(row, name)


def time_ms(row: Mapping[str, Any], name: str) -> int:
    """Return a time in UTC milliseconds.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    int
        Between 2009 and 2286.

    Raises
    ------
    WireError
        If it is none, or in seconds.
    """
    value = _number(row, name)
    if not (_EARLIEST_MS <= value < _LATEST_MS and value == int(value)):
        raise WireError(f"{name} must be a time in milliseconds, was {_shown(row, name)}")
    return int(value)


def time_of_seconds(row: Mapping[str, Any], name: str) -> int:
    """Return a time that the wire counts in seconds.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    int
        UTC milliseconds, between 2009 and 2286.

    Raises
    ------
    WireError
        If it is none, or in milliseconds.

    Examples
    --------
    >>> time_of_seconds({"t": "1634350208.745"}, "t")
    1634350208745
    """
    value = _number(row, name) * 1000
    if not _EARLIEST_MS <= value < _LATEST_MS:
        raise WireError(f"{name} must be a time in seconds, was {_shown(row, name)}")
    return round(value)


def time_of_text(row: Mapping[str, Any], name: str) -> int:
    """Return a time that the wire writes as in ISO 8601.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    int
        UTC milliseconds, between 2009 and 2286.

    Raises
    ------
    WireError
        If it is none, or without a time zone.

    Examples
    --------
    >>> time_of_text({"at": "2025-12-08T16:11:30.590Z"}, "at")
    1765210290590
    """
    found = row.get(name)
    try:
        moment = datetime.fromisoformat(found if isinstance(found, str) else "")
        value = (moment - _EPOCH) // _MILLISECOND
    except (ValueError, TypeError) as error:  # no time, or one of an unknown zone
        raise WireError(f"{name} must be a time, was {_shown(row, name)}") from error
    if not _EARLIEST_MS <= value < _LATEST_MS:
        raise WireError(f"{name} must be a time after 2008, was {_shown(row, name)}")
    return value


def _number(row: Mapping[str, Any], name: str) -> float:
    found = row.get(name)
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        raise WireError(f"{name} must be a number, was {_shown(row, name)}")
    try:
        value = float(found)
    except (ValueError, OverflowError) as error:
        raise WireError(f"{name} must be a number, was {_shown(row, name)}") from error
    if not math.isfinite(value):
        raise WireError(f"{name} must be finite, was {_shown(row, name)}")
    return value


def _shown(row: Mapping[str, Any], name: str) -> str:
    return repr(row.get(name))[:40]
