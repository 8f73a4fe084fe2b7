"""Frames on their way through what is broken: lost, doubled, late, accompanied by nonsense."""

import random
from collections.abc import Iterable, Iterator
from typing import Final

from tests.emulator.faults import Fault, Faults
from tests.emulator.hub import Frame
from tests.emulator.mangling import MANGLES

_SHARE: Final = 0.3
_LATER_BY: Final = 6


class Delivery:
    """What a venue's faults do to its frames."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self._faults = faults
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._held: list[tuple[int, Frame]] = []
        self._count = 0

    def of(self, frames: Iterable[Frame]) -> list[Frame]:
        """Return the frames that go out in place of those that should."""
        ordered = list(self._late(frames))
        return [out for frame in ordered for out in self._accompanied(frame)]

    def _late(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        fault = self._faults.get("out_of_order")
        if fault is None:
            yield from (frame for _, frame in self._held)
            self._held.clear()
        for frame in frames:
            self._count += 1
            if fault is not None and self._happens(fault):
                self._held.append((self._count + self._chance.randint(1, _LATER_BY), frame))
            else:
                yield frame
            due = [held for held in self._held if held[0] <= self._count]
            self._held = [held for held in self._held if held[0] > self._count]
            yield from (held for _, held in due)

    def _accompanied(self, frame: Frame) -> Iterator[Frame]:
        is_replaced = False
        for name, mangle in MANGLES.items():
            fault = self._faults.get(name)
            if fault is not None and fault.is_on("ws") and self._happens(fault):
                yield Frame(frame.topic, mangle(frame.text))
                is_replaced |= bool(fault.options.get("instead"))
        if not is_replaced:
            yield frame
        doubling = self._faults.get("duplicates")
        if doubling is not None and self._happens(doubling):
            yield Frame(frame.topic, frame.text)

    def _happens(self, fault: Fault) -> bool:
        return self._chance.random() < float(fault.options.get("share", _SHARE))
