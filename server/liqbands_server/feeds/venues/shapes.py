"""Shapes on the wire: objects, lists, words; whatever else arrives there cannot be true."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from liqbands_server.errors import WireError

Chosen = TypeVar("Chosen")
Row = TypeVar("Row", bound=tuple[Any, ...])


def as_object(value: object, name: str) -> Mapping[str, Any]:
    """Return a JSON object.

    Parameters
    ----------
    value : object
        As JSON was decoded.
    name : str
        What it is called in messages.

    Returns
    -------
    mapping
        The same.

    Raises
    ------
    WireError
        If it is anything else.
    """
    if not isinstance(value, Mapping):
        raise WireError(f"{name} must be an object, was {shown(value)}")
    return value


def as_list(value: object, name: str) -> Sequence[Any]:
    """Return a JSON list.

    Parameters
    ----------
    value : object
        As JSON was decoded.
    name : str
        What it is called in messages.

    Returns
    -------
    sequence
        The same.

    Raises
    ------
    WireError
        If it is anything else.
    """
    if not isinstance(value, list):
        raise WireError(f"{name} must be a list, was {shown(value)}")
    return value


def objects(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list of JSON objects.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    list of mapping
        In their order.

    Raises
    ------
    WireError
        If it is anything else.
    """
    return [as_object(entry, f"each of {name}") for entry in as_list(row.get(name), name)]


def named(values: object, columns: Sequence[str]) -> Mapping[str, Any]:
    """Return a row that the wire writes without names.

    Parameters
    ----------
    values : object
        The row.
    columns : sequence of str
        What its first entries are called; it may go on beyond them.

    Returns
    -------
    mapping
        By name.

    Raises
    ------
    WireError
        If it is no list or too short.

    Examples
    --------
    >>> named(["1700000000000", "0.5"], ["time", "open_interest"])
    {'time': '1700000000000', 'open_interest': '0.5'}
    """
    row = as_list(values, "row")
    if len(row) < len(columns):
        raise WireError(f"row must have {len(columns)} entries, was {shown(row)}")
    return dict(zip(columns, row, strict=False))


def word(row: Mapping[str, Any], name: str) -> str:
    """Return a string.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    str
        Not empty.

    Raises
    ------
    WireError
        If it is anything else.
    """
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise WireError(f"{name} must be a word, was {shown(value)}")
    return value


def one_of(row: Mapping[str, Any], name: str, meanings: Mapping[str, Chosen]) -> Chosen:
    """Return what a word of the venue means.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.
    meanings : mapping
        All words that may stand there.

    Returns
    -------
    object
        The meaning.

    Raises
    ------
    WireError
        If there is another word, or none.

    Examples
    --------
    >>> one_of({"S": "Sell"}, "S", {"Buy": 1, "Sell": -1})
    -1
    """
    value = word(row, name)
    if value not in meanings:
        raise WireError(f"{name} must be one of {', '.join(meanings)}, was {shown(value)}")
    return meanings[value]


def flag(row: Mapping[str, Any], name: str) -> bool:
    """Return a truth value.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    bool
        The same.

    Raises
    ------
    WireError
        If it is anything else, a number or a word for instance.
    """
    value = row.get(name)
    if not isinstance(value, bool):
        raise WireError(f"{name} must be true or false, was {shown(value)}")
    return value


def inside(rows: Iterable[Row], since_ms: int, until_ms: int) -> list[Row]:
    """Return the rows of ``[since_ms, until_ms)`` in order, each time once.

    Parameters
    ----------
    rows : iterable of tuple
        In any order, each beginning with its time; of two with the same time the first counts.
    since_ms, until_ms : int
        The window, UTC milliseconds.

    Returns
    -------
    list of tuple
        Times rise strictly.

    Examples
    --------
    >>> inside([(3, "c"), (1, "a"), (9, "z"), (1, "b")], 1, 4)
    [(1, 'a'), (3, 'c')]
    """
    by_time: dict[int, Row] = {}
    for row in rows:
        if since_ms <= row[0] < until_ms:
            by_time.setdefault(row[0], row)
    return [by_time[time_ms] for time_ms in sorted(by_time)]


def shown(value: object) -> str:
    """Return a value of the wire for a message, shortened.

    Parameters
    ----------
    value : object
        As JSON was decoded.

    Returns
    -------
    str
        At most 40 characters.

    Examples
    --------
    >>> shown({"a": [1]})
    "{'a': [1]}"
    """
    return repr(value)[:40]
