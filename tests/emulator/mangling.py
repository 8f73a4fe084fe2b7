"""Messages that cannot be true: cut off, of other types, with numbers that are none."""

import json
from collections.abc import Callable
from typing import Any, Final

_LONGEST_NUMBER: Final = 12  # times in milliseconds have 13 digits and stay


def _mapped(node: Any, change: Callable[[str], Any]) -> Any:
    if isinstance(node, dict):
        return {key: _mapped(value, change) for key, value in node.items()}
    if isinstance(node, list):
        return [_mapped(value, change) for value in node]
    return change(node) if isinstance(node, str) and _is_amount(node) else node


def _is_amount(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isdecimal() and len(text) <= _LONGEST_NUMBER


def _amounts_as(change: Callable[[str], Any]) -> Callable[[str], str]:
    return lambda text: json.dumps(_mapped(json.loads(text), change))


MANGLES: Final[dict[str, Callable[[str], str]]] = {
    "truncated_json": lambda text: text[: len(text) // 2],
    "mistyped_json": _amounts_as(lambda amount: {"value": [amount]}),
    "nan": _amounts_as(lambda _: "NaN"),
    "strings": _amounts_as(lambda _: "many"),
    "negative_size": _amounts_as(lambda amount: f"-{amount}"),
}
"""What becomes of a message's text by the name of the fault."""
