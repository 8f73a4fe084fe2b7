"""Checks of single settings: marshmallow fields that read TOML values and text alike."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from marshmallow import ValidationError, fields, validate
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_PATH: Final = re.compile(r"/|(/[A-Za-z0-9._~-]+)+")
_TAKEN: Final = ("/api", "/docs", "/healthz", "/readyz", "/metrics")
"""Paths that the server needs itself."""


class Whole(fields.Integer):
    """A whole number; 2.5 and true are none.

    Parameters
    ----------
    low, high : int
        Bounds, both included.
    """

    def __init__(self, low: int, high: int) -> None:
        super().__init__(validate=validate.Range(low, high))

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool | float):
            raise self.make_error("invalid")
        return super()._validated(value)


class Words(fields.Field[tuple[str, ...]]):
    """A list of words; in text they are separated by commas.

    Parameters
    ----------
    pattern : re.Pattern
        What each word must match as a whole.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__()
        self._pattern = pattern

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        words: Sequence[Any] = value.split(",") if isinstance(value, str) else value
        if not isinstance(words, list | tuple) or not all(isinstance(w, str) for w in words):
            raise ValidationError("not a list of words")
        found = tuple(word.strip() for word in words if word.strip())
        if not all(self._pattern.fullmatch(word) for word in found):
            raise ValidationError("not a word of that kind")
        return tuple(dict.fromkeys(found))


class Paths(Words):
    """A list of URL paths that the server does not need itself."""

    def __init__(self) -> None:
        super().__init__(_PATH)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        found = super()._deserialize(value)
        if any(path == taken or path.startswith(f"{taken}/") for path in found for taken in _TAKEN):
            raise ValidationError("taken")
        return found


class Folder(fields.Field[Path]):
    """A folder that exists."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Path:
        if not isinstance(value, str) or not Path(value).expanduser().is_dir():
            raise ValidationError("no folder")
        return Path(value).expanduser()


class StoreAddress(fields.String):
    """A path, or the address of a PostgreSQL database whose password stands before the ``@``."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValidationError("no address")
        if "://" in value:
            _check_address(value)
        return value


def _check_address(address: str) -> None:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise ValidationError("no address") from error
    if url.get_backend_name() not in ("postgresql", "sqlite") or "password" in url.query:
        raise ValidationError("no such address")


def masked_address(address: str) -> str:
    """Return a store's address without its password.

    Parameters
    ----------
    address : str
        A path, or a ``postgresql://`` address.

    Returns
    -------
    str
        The same with ``***`` as the password; three stars alone if it cannot be read.

    Examples
    --------
    >>> masked_address("postgresql://me:secret@db/liqbands")
    'postgresql://me:***@db/liqbands'
    >>> masked_address("postgresql://me:secret@db:port/liqbands")
    '***'
    >>> masked_address("/data/liqbands.db")
    '/data/liqbands.db'
    """
    if "://" not in address:
        return address
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return "***"
    hidden = url.update_query_dict({"password": "***"}) if "password" in url.query else url
    return hidden.render_as_string(hide_password=True)
