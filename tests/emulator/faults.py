"""What can go wrong with a venue, on command, for a time."""

import time
from dataclasses import dataclass, field
from typing import Any, Final

FAULTS: Final = (
    "refuse",
    "dead",
    "reset_mid_frame",
    "silence",
    "429",
    "418",
    "500",
    "html",
    "maintenance",
    "truncated_json",
    "mistyped_json",
    "nan",
    "strings",
    "negative_size",
    "duplicates",
    "out_of_order",
    "changed_candle",
    "clock_skew",
    "delisted",
    "renamed",
)


@dataclass(slots=True)
class Fault:
    """A fault that is on; `options` are what the command said besides."""

    name: str
    until: float
    options: dict[str, Any] = field(default_factory=dict)

    def is_on(self, channel: str) -> bool:
        """Return whether it concerns ``"rest"`` or ``"ws"``; `on` says, both by default."""
        return self.options.get("on", "both") in ("both", channel)


class Faults:
    """The faults of one venue."""

    def __init__(self) -> None:
        self._on: dict[str, Fault] = {}

    def begin(self, name: str, for_s: float | None, options: dict[str, Any]) -> None:
        """Switch a fault on, for ever without a duration."""
        until = float("inf") if for_s is None else time.monotonic() + for_s
        self._on[name] = Fault(name, until, options)

    def get(self, name: str) -> Fault | None:
        """Return a fault if it is on."""
        fault = self._on.get(name)
        if fault is not None and time.monotonic() > fault.until:
            del self._on[name]
            return None
        return fault

    def end(self, name: str) -> None:
        """Switch a fault off."""
        self._on.pop(name, None)

    def names(self) -> list[str]:
        """Return what is on."""
        return [name for name in list(self._on) if self.get(name)]

    def clear(self) -> None:
        """End all of them."""
        self._on.clear()

    @property
    def skew_ms(self) -> int:
        """Return by how much the clock is ahead."""
        fault = self.get("clock_skew")
        return int(fault.options.get("skew_ms", 180_000)) if fault else 0

    @property
    def delisted(self) -> str | None:
        """Return which coin is gone."""
        fault = self.get("delisted")
        return str(fault.options["symbol"]) if fault else None

    def new_name(self, coin: str) -> str | None:
        """Return what a coin is called now, None when as ever."""
        fault = self.get("renamed")
        is_it = fault is not None and fault.options["symbol"] == coin
        return str(fault.options["to"]) if fault and is_it else None
