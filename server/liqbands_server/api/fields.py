"""Strict query parameters: ASCII only, one meaning each, and messages that say what would do."""

import re
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, Final

from marshmallow import ValidationError, fields

from liqbands_server.web.errors import echo

FIRST_MS: Final = 946_684_800_000
"""The year 2000; a smaller number is a time in seconds, not in milliseconds."""

LAST_MS: Final = 4_102_444_800_000
"""The year 2100."""

_WHOLE: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_DECIMAL: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)
_ISO: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,3})?)?Z)?", re.ASCII
)
_TIME_PATTERN: Final = rf"^([0-9]{{12,13}}|{_ISO.pattern})$"


class WholeNumber(fields.Integer):
    """A whole number between two bounds.

    Parameters
    ----------
    low, high : int
        Bounds, both included.
    **options
        As for any field.
    """

    def __init__(self, low: int, high: int, **options: Any) -> None:
        bounds = {"minimum": low, "maximum": high}
        super().__init__(**_with_metadata(options, bounds))
        self.low, self.high = low, high

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        text = str(value)
        if _WHOLE.fullmatch(text) and self.low <= int(text) <= self.high:
            return int(text)
        raise ValidationError(
            f"{name_of(self)} must be a whole number from {self.low} to {self.high}, "
            f"was {echo(text)!r}"
        )


class Choice(fields.String):
    """One of several words.

    Parameters
    ----------
    *choices : str
        The words.
    **options
        As for any field.
    """

    def __init__(self, *choices: str, **options: Any) -> None:
        super().__init__(**_with_metadata(options, {"enum": list(choices)}))
        self.choices = choices

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if value in self.choices:
            return str(value)
        near = get_close_matches(str(value), self.choices, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValidationError(
            f"{name_of(self)} must be one of {', '.join(self.choices)}, "
            f"was {echo(str(value))!r}{hint}"
        )


class Moment(fields.String):
    """A time: UTC milliseconds, or ISO 8601 in UTC; loads as milliseconds."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**_with_metadata(options, {"pattern": _TIME_PATTERN}))

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        text = str(value)
        time_ms = _milliseconds(text)
        if time_ms is not None and FIRST_MS <= time_ms <= LAST_MS:
            return time_ms
        seconds = time_ms is not None and FIRST_MS <= time_ms * 1000 <= LAST_MS
        hint = "; that looks like seconds" if seconds else ""
        raise ValidationError(
            f"{name_of(self)} must be UTC milliseconds such as 1760054400000 or ISO 8601 in UTC "
            f"such as 2025-10-10T00:00:00Z, between 2000 and 2100, was {echo(text)!r}{hint}"
        )


class Price(fields.Float):
    """A positive price in plain decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**_with_metadata(options, {"exclusiveMinimum": 0}))

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        text = str(value)
        if _DECIMAL.fullmatch(text) and float(text) > 0:
            return float(text)
        raise ValidationError(
            f"{name_of(self)} must be a positive price such as 61500.5, was {echo(text)!r}"
        )


class Text(fields.String):
    """Words of a limited alphabet.

    Parameters
    ----------
    pattern : str
        What the whole text must match.
    example : str
        One that does, for messages and documentation.
    **options
        As for any field.
    """

    def __init__(self, pattern: str, example: str, **options: Any) -> None:
        metadata = {"pattern": f"^{pattern}$", "example": example}
        super().__init__(**_with_metadata(options, metadata))
        self._pattern = re.compile(pattern, re.ASCII)
        self.example = example

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if self._pattern.fullmatch(str(value)):
            return str(value)
        raise ValidationError(
            f"{name_of(self)} must be written as {self.example}, was {echo(str(value))!r}"
        )


def name_of(field: fields.Field[Any]) -> str:
    """Return the name under which a field stands in a query.

    Parameters
    ----------
    field : Field
        Bound to a schema.

    Returns
    -------
    str
        Its key in the data.
    """
    return field.data_key or field.name or ""


def _with_metadata(options: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {**options, "metadata": {**more, **options.get("metadata", {})}}


def _milliseconds(text: str) -> int | None:
    if _WHOLE.fullmatch(text):
        return int(text)
    if not _ISO.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)
