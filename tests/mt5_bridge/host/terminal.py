"""A MetaTrader terminal for one program: the tests set clock, quotes and window, and call it."""

import ctypes
import itertools
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tests.mt5_bridge.host.library import WEB, load

CHART_CHANGE: Final = 9
NEW_FRAME: Final = 1000 + 0x4C48
KINDS: Final = {1: "line", 3: "box", 4: "word", 5: "label", 6: "bitmap"}
COLOUR, STYLE, WIDTH = "0", "1", "2"
TEXT, TOOLTIP = "0", "1"

WebAnswer = tuple[int, bytes] | tuple[int, bytes, int]
Web = Callable[[str, str, str, bytes], WebAnswer]


_COPIES = itertools.count()


class ProgramDiedError(Exception):
    """The terminal would have ended the program: an index out of range, a wrong format."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An object on the chart."""

    kind: str
    time: tuple[int, int]
    price: tuple[float, float]
    numbers: dict[str, int]
    texts: dict[str, str]

    @property
    def text(self) -> str:
        """Return its words."""
        return self.texts.get(TEXT, "")


class Terminal:
    """One fresh copy of a program, so that its variables start clean.

    Parameters
    ----------
    program : Path
        The compiled program.
    folder : Path
        Where this terminal keeps its files.
    common : Path or None
        The folder for files that terminals share; one of its own by default.
    """

    def __init__(self, program: Path, folder: Path, common: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.common = common or folder / "Common"
        self.common.mkdir(exist_ok=True)
        copy = folder / f"{next(_COPIES)}.so"  # a path seen before would give the old copy
        shutil.copy(program, copy)
        self.library = load(copy)
        copy.unlink()
        self.library.host_start(str(self.common).encode(), str(folder / "Files").encode())
        self.utc = 0
        self.before = 0
        self._web: object = None
        self.keep: list[object] = []

    def inputs(self, **values: object) -> None:
        """Set what the user types."""
        for name, value in values.items():
            known = self.library.host_set_input(f"Inp{name}".encode(), str(value).encode())
            assert known == 0, f"no input Inp{name}"

    def clock(self, utc: float, offset: float = 0, *, connected: bool = True) -> None:
        """Set the PC's clock in UTC seconds, and how far the broker's is ahead."""
        self.utc = int(utc)
        self.library.host_set_clock(int(1000 * utc), int(1000 * (utc + offset)), connected)

    def symbol(self, name: str, period: int = 1, digits: int = 2) -> None:
        """Set the chart's symbol and timeframe (minutes up to 30, then 16384 + hours)."""
        self.library.host_set_symbol(name.encode(), period, digits)

    def tick(self, symbol: str, broker_time: float, bid: float, ask: float) -> None:
        """Set the last quote."""
        self.library.host_set_tick(symbol.encode(), int(broker_time), bid, ask)

    def window(
        self, size: tuple[int, int], prices: tuple[float, float], first: int, scale: int
    ) -> None:
        """Set what the chart shows: `first` is the shift of the leftmost bar."""
        self.library.host_set_window(*size, *prices, first, scale)

    def bars(self, broker_times: ArrayLike, closes: ArrayLike) -> None:
        """Set the chart's bars, oldest first."""
        times = np.ascontiguousarray(broker_times, np.int64)
        prices = np.ascontiguousarray(np.broadcast_to(closes, times.shape), np.float64)
        self.library.host_set_bars(times.ctypes.data, prices.ctypes.data, len(times))

    def rates(self, symbol: str, rows: ArrayLike) -> None:
        """Set a symbol's minutes: time, open, high, low, close, ticks."""
        table = np.ascontiguousarray(rows, np.float64).reshape(-1, 6)
        self.library.host_set_rates(symbol.encode(), table.ctypes.data, len(table))

    def flags(
        self, *, loaded: bool = True, tester: bool = False, failing_moves: int = 0, run_ms: int = 0
    ) -> None:
        """Set whether bars are there, whether it is the tester, what fails, how long it runs."""
        self.library.host_set_flags(loaded, tester, failing_moves, run_ms)

    def charts(self, ids: list[int]) -> None:
        """Set the charts that are open."""
        array = np.array(ids, np.int64)
        self.library.host_set_charts(array.ctypes.data, len(array))

    def web(self, answer: Web) -> None:
        """Set what answers WebRequest: (method, url, headers, body) to (status, body, error)."""

        def call(*given: Any) -> int:
            method, url, headers, body, size, out, room, out_size, error = given
            sent = ctypes.string_at(body, size) if size else b""
            status, data, *code = answer(method.decode(), url.decode(), headers.decode(), sent)
            assert len(data) <= room
            ctypes.memmove(out, data, len(data))
            out_size[0], error[0] = len(data), code[0] if code else 0
            return status

        self._web = WEB(call)
        self.library.host_set_web(self._web)

    def _call(self, function: str, *arguments: object) -> None:
        if getattr(self.library, function)(*arguments):
            raise ProgramDiedError(self.library.host_failure().decode())

    def init(self) -> int:
        """Call OnInit."""
        code = ctypes.c_int()
        self._call("host_OnInit", ctypes.byref(code))
        return code.value

    def deinit(self) -> None:
        """Call OnDeinit."""
        self._call("host_OnDeinit", 1)

    def timer(self) -> None:
        """Call OnTimer."""
        self._call("host_OnTimer")

    def calculate(self) -> None:
        """Call OnCalculate."""
        after = ctypes.c_int()
        self._call("host_OnCalculate", self.before, ctypes.byref(after))
        self.before = after.value

    def event(self, kind: int, text: str = "") -> None:
        """Call OnChartEvent."""
        self._call("host_OnChartEvent", kind, 0, text.encode())

    def run(self, milliseconds: int, *, failing_moves: int = 0) -> None:
        """Call OnStart; the program is asked to stop after it has slept so long."""
        self.flags(run_ms=milliseconds, failing_moves=failing_moves)
        self._call("host_OnStart")

    def moved(self) -> list[str]:
        """Return the names under which files were written before they were renamed."""
        names: list[str] = self.state["moved"]
        return names

    def forget(self) -> None:
        """Forget what was said and drawn so far, not what stands."""
        self.library.host_forget()

    @property
    def state(self) -> dict[str, Any]:
        """Return what the program has done."""
        state: dict[str, Any] = json.loads(self.library.host_state())
        return state

    @property
    def objects(self) -> dict[str, Drawn]:
        """Return the chart's objects without this instance's prefix."""
        found = {}
        for name, item in self.state["objects"].items():
            kind = KINDS.get(item["type"], "other")
            times, prices = tuple(item["time"]), tuple(item["price"])
            found[name.split("_", 2)[-1]] = Drawn(
                kind, times, prices, item["numbers"], item["texts"]
            )
        return found

    @property
    def words(self) -> list[str]:
        """Return the lines in the corner."""
        objects = self.objects
        return [objects[f"line{n}"].text for n in range(5) if f"line{n}" in objects]

    def pixels(self) -> NDArray[np.uint32]:
        """Return a copy of the bitmap, rows from the top."""
        width, height, updates = ctypes.c_int(), ctypes.c_int(), ctypes.c_long()
        at = self.library.host_pixels(
            ctypes.byref(width), ctypes.byref(height), ctypes.byref(updates)
        )
        flat = np.ctypeslib.as_array(at, (height.value * width.value,))
        return flat.reshape(height.value, width.value).copy()

    def updates(self) -> int:
        """Return how often the bitmap was drawn."""
        width, height, updates = ctypes.c_int(), ctypes.c_int(), ctypes.c_long()
        self.library.host_pixels(ctypes.byref(width), ctypes.byref(height), ctypes.byref(updates))
        return updates.value
