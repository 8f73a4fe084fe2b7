"""Answers of a venue that does not want to, or cannot."""

import json
import random
from typing import Any, Final

from tests.emulator.answers import Answer
from tests.emulator.faults import Fault, Faults
from tests.emulator.mangling import MANGLES

_PAGE: Final = (
    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
)
_TOO_MANY: Final[dict[str, Any]] = {
    "binance": {"code": -1003, "msg": "Too many requests; current limit is 2400 per minute."},
    "bybit": {"retCode": 10006, "retMsg": "Too many visits!", "result": {}, "retExtInfo": {}},
    "okx": {"code": "50011", "msg": "Requests too frequent.", "data": []},
}
_MAINTENANCE: Final[dict[str, Any]] = {
    "binance": {"code": -1008, "msg": "Server is currently overloaded with other requests."},
    "bybit": {"retCode": 10016, "retMsg": "System under maintenance", "result": {}},
    "okx": {
        "code": "50001",
        "msg": "Service temporarily unavailable. Try again later.",
        "data": [],
    },
}
LISTINGS: Final = ("exchangeInfo", "instruments-info", "public/instruments")
"""Routes whose numbers are only mangled with the option `listings`."""


def refusal(venue: str, faults: Faults) -> Answer | None:
    """Return what a venue says instead of doing it, None if it does."""
    for name in ("429", "418"):
        fault = faults.get(name)
        if fault is not None and fault.is_on("rest"):
            return _too_many(venue, fault)
    if faults.get("maintenance"):
        return Answer(_MAINTENANCE[venue], 503)
    if faults.get("500"):
        return Answer("Internal Server Error", 500, content_type="text/plain")
    page = faults.get("html")
    if page is not None:
        return Answer(_PAGE, int(page.options.get("status", 200)), content_type="text/html")
    return None


def _too_many(venue: str, fault: Fault) -> Answer:
    wait = fault.options.get("retry_after")
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return Answer(_TOO_MANY[venue], int(fault.options.get("status", fault.name)), headers)


def mangled(path: str, answer: Answer, faults: Faults) -> Answer:
    """Return an answer with what faults make of it."""
    for name, mangle in MANGLES.items():
        fault = faults.get(name)
        if fault is None or not fault.is_on("rest") or not _concerns(fault, path):
            continue
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        answer = Answer(mangle(text), answer.status, answer.headers)
    return answer


def _concerns(fault: Fault, path: str) -> bool:
    is_listing = path.endswith(LISTINGS)
    if is_listing and fault.name != "truncated_json" and not fault.options.get("listings"):
        return False
    return random.random() < float(fault.options.get("share", 1.0))  # noqa: S311 - no secret
