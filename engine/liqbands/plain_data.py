"""Turns JSON that people write into frozen dataclasses; every mistake is named with its remedy.

Which fields there are, and of which kind, the dataclasses themselves say.  A field may be left
out only where its default is empty.
"""

import dataclasses
import json
import math
from collections.abc import Iterable
from difflib import get_close_matches
from types import UnionType
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

from liqbands.errors import ParameterFileError

T = TypeVar("T")

_EMPTY: Final = (None, "", ())
_SPOKEN: Final = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


def parse_object(text: str) -> dict[str, Any]:
    """Return the fields of a JSON object.

    Parameters
    ----------
    text : str
        JSON.

    Returns
    -------
    dict
        Names and values.

    Raises
    ------
    ParameterFileError
        If the text is something else, or a name stands twice.

    Examples
    --------
    >>> parse_object('{"version": "1"}')
    {'version': '1'}
    """
    try:
        content = json.loads(text, object_pairs_hook=_without_doubles)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ParameterFileError(f"the file must be JSON: {error}") from error
    if not isinstance(content, dict):
        raise ParameterFileError(f"the file must be a JSON object, was {_shown(content)}")
    return content


def from_plain(kind: type[T], content: Any, where: str = "") -> T:
    """Make a dataclass of plain data.

    Parameters
    ----------
    kind : type
        A dataclass of numbers, texts, switches, tuples, other dataclasses, or None.
    content : object
        What JSON has in its place.
    where : str
        Name of the place, for messages; empty for the whole file.

    Returns
    -------
    object
        An instance of `kind`.

    Raises
    ------
    ParameterFileError
        If a field is missing, unknown, of another kind or not possible.

    Examples
    --------
    >>> from liqbands.score.types import Figure
    >>> from_plain(Figure, {"value": 1, "low": 0, "high": 2, "n": 3, "left_out": 0})
    Figure(value=1.0, low=0.0, high=2.0, n=3, left_out=0)
    """
    if not isinstance(content, dict):
        raise _wrong(where, "an object", content)
    fields: tuple[dataclasses.Field[Any], ...] = dataclasses.fields(kind)  # type: ignore[arg-type]  # a dataclass by contract
    refuse_others(where, content, [field.name for field in fields])
    hints = get_type_hints(kind)
    values = {
        field.name: _value(hints[field.name], content[field.name], _path(where, field.name))
        for field in fields
        if field.name in content or not _may_be_missing(where, field)
    }
    try:
        return kind(**values)
    except ParameterFileError:
        raise
    except ValueError as error:
        raise ParameterFileError(f"{where}: {error}" if where else str(error)) from error


def refuse_others(where: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse names that do not exist.

    Parameters
    ----------
    where : str
        Where they stand, for the message.
    names : iterable of str
        What was written.
    known : iterable of str
        What there is.

    Raises
    ------
    ParameterFileError
        With the name that was probably meant.

    Examples
    --------
    >>> refuse_others("fitted", ["ladder_medien"], ["ladder_median", "sweep"])
    Traceback (most recent call last):
    ...
    liqbands.errors.ParameterFileError: fitted has an unknown name 'ladder_medien'; \
did you mean 'ladder_median'?
    """
    there = list(known)
    for name in names:
        if name not in there:
            near = get_close_matches(name, there, 1)
            remedy = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(there)}"
            place = where or "the file"
            raise ParameterFileError(f"{place} has an unknown name {name!r}; {remedy}")


def _may_be_missing(where: str, field: dataclasses.Field[Any]) -> bool:
    if any(field.default is empty for empty in _EMPTY):
        return True
    example = ""
    if field.default is not dataclasses.MISSING:
        example = f", e.g. {json.dumps(field.default)}, the default"
    raise ParameterFileError(f"{_path(where, field.name)} is missing; add it{example}")


def _value(kind: Any, value: Any, where: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:  # always "... or None"
        return None if value is None else _value(inner[0], value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise _wrong(where, "a list", value)
        return tuple(_value(inner[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin is Literal:
        if value not in inner:
            raise _wrong(where, f"one of {', '.join(inner)}", value)
        return value
    if dataclasses.is_dataclass(kind):
        return from_plain(kind, value, where)  # type: ignore[arg-type]  # it is a class
    return _number(value, where) if kind is float else _plain(kind, value, where)


def _plain(kind: type, value: Any, where: str) -> Any:
    if type(value) is not kind:
        raise _wrong(where, _SPOKEN[kind], value)
    return value


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(where, _SPOKEN[float], value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ParameterFileError(f"{where} must be a finite number, was {number}")
    return number


def _path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _wrong(where: str, wanted: str, value: Any) -> ParameterFileError:
    return ParameterFileError(f"{where or 'the file'} must be {wanted}, was {_shown(value)}")


def _shown(value: Any) -> str:
    text = json.dumps(value, default=repr)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in content if names.count(name) > 1)
        raise ParameterFileError(f"{twice!r} stands twice; keep one")
    return content


_LONGEST: Final = 60
