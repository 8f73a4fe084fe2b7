"""Numbers on the wire: strings, sometimes empty, sometimes nonsense."""

import math
from collections.abc import Mapping
from typing import Any, Final

from liqbands_server.errors import WireError

_EARLIEST_MS: Final = 1_230_768_000_000  # 2009: before it, the time is in seconds
_LATEST_MS: Final = 10**13


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
