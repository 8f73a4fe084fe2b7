"""Runs a Pine script without TradingView and hands back what it drew.

pine2pyne turns Pine into Python, PyneCore runs it.  Where PyneCore differs from TradingView it is
patched for the run: ``alertcondition`` does nothing, ``alert`` prints, ``syminfo.ticker`` carries
the exchange.
"""

import importlib
import os
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from unittest import mock

os.environ.setdefault("PYNE_SAVE_SCRIPT_TOML", "0")  # it would write a settings file otherwise

from pine2pyne import transpile
from pynecore import lib
from pynecore.core import script_runner
from pynecore.core.script_runner import LIVE_TRANSITION, ScriptRunner
from pynecore.core.syminfo import SymInfo, SymInfoInterval, SymInfoSession
from pynecore.types.color import Color
from pynecore.types.ohlcv import OHLCV

MINUTE = 60
HOUR = 60 * MINUTE


class Bar(NamedTuple):
    """One bar, or one tick of the open one; unix seconds."""

    time_s: int
    open: float
    high: float
    low: float
    close: float
    closes: bool = True


@dataclass(frozen=True)
class Chart:
    """What the script is put on."""

    ticker: str = "BTCUSDT.P"
    exchange: str = "BINANCE"
    minutes: int = 60
    tick: float = 0.1
    kind: str = "crypto"
    background: str = "#131722"


@dataclass
class Drawn:
    """What a script left behind; tables as {position: {(column, row): text}}."""

    boxes: list[dict[str, Any]] = field(default_factory=list)
    labels: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    polylines: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    cells: list[dict[str, Any]] = field(default_factory=list)
    plots: dict[str, list[float]] = field(default_factory=dict)
    alerts: list[tuple[int, str]] = field(default_factory=list)
    conditions: list[tuple[int, str]] = field(default_factory=list)

    @property
    def bands(self) -> set[tuple[float, float]]:
        """Return the price ranges of the boxes."""
        return {(box["bottom"], box["top"]) for box in self.boxes}

    @property
    def messages(self) -> list[str]:
        """Return what the message table says, from top to bottom."""
        rows = self.tables.get("bottom_center", {})
        return [text for _, text in sorted(rows.items())]

    def panel(self, name: str, position: str = "top_right") -> str:
        """Return the value beside a name of the panel, empty if there is none."""
        cells = self.tables.get(position, {})
        rows = [row for (column, row), text in cells.items() if column == 0 and name in text]
        return cells[1, rows[0]] if rows else ""

    def colour_of(self, text: str) -> str:
        """Return the ink of the panel cell, or the ground of the message, with this text."""
        cell = next(cell for cell in self.cells if text in cell["text"])
        return str(cell["bgcolor"] if cell["text"].startswith("liqbands:") else cell["text_color"])


class PineScript:
    """A script made runnable.

    Parameters
    ----------
    source : str
        Pine v6.
    folder : Path
        Where its Python goes; the same source is translated once.
    """

    def __init__(self, source: str, folder: Path) -> None:
        name = sha256(source.encode()).hexdigest()[:16]
        self.path = folder / f"pine_{name}.py"
        if not self.path.is_file():
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                self.path.write_text(_python(source), encoding="utf-8")

    def run(
        self,
        bars: Sequence[Bar],
        inputs: dict[str, Any] | None = None,
        chart: Chart | None = None,
        now_s: int | None = None,
    ) -> Drawn:
        """Run over closed bars; `now_s` is by default the end of the last."""
        chart = chart or Chart()
        now_s = bars[-1].time_s + chart.minutes * MINUTE if now_s is None else now_s
        with _patched(chart, now_s) as (alerts, conditions):
            candles = [_candle(bar) for bar in bars]
            runner = self._runner(iter(candles), candles, chart, inputs, live=False)
            plots: dict[str, list[float]] = {}
            for _, values in runner.run_iter():
                for title, value in values.items():
                    plots.setdefault(title, []).append(value)
            return _drawn(runner, plots, alerts, conditions)

    def run_live(
        self,
        bars: Sequence[Bar],
        ticks: Sequence[Bar],
        inputs: dict[str, Any] | None = None,
        chart: Chart | None = None,
        clock_s: Sequence[int] = (),
    ) -> list[Drawn]:
        """Run over bars, then ticks; return what stood after the bars and after each tick.

        `clock_s` says what time it is at each tick.
        """
        chart = chart or Chart()
        seen: list[Drawn] = []
        now_s = bars[-1].time_s + chart.minutes * MINUTE
        with _patched(chart, now_s) as (alerts, conditions):
            candles = [_candle(bar) for bar in bars]
            feed = iter([*candles, LIVE_TRANSITION, *(_candle(tick) for tick in ticks)])
            runner = self._runner(feed, candles, chart, inputs, live=True)

            def look(_: OHLCV | None = None) -> None:  # called before each tick runs
                if len(seen) < len(clock_s):
                    lib._timenow_ms = clock_s[len(seen)] * 1000
                seen.append(_drawn(runner, {}, list(alerts), list(conditions)))

            with mock.patch.object(lib, "_is_live", True):
                runner.run(on_tick=look)
            look()
        return seen

    def _runner(
        self,
        feed: Iterator[Any],
        candles: list[OHLCV],
        chart: Chart,
        inputs: dict[str, Any] | None,
        *,
        live: bool,
    ) -> ScriptRunner:
        sys.modules.pop(self.path.stem, None)
        importlib.invalidate_caches()
        with mock.patch.object(sys, "dont_write_bytecode", False):  # a hundred times faster
            return ScriptRunner(
                self.path,
                feed,
                _symbol(chart),
                inputs=inputs or {},
                last_bar_index=len(candles) - 1,
                last_bar_time=candles[-1].timestamp,
                lossless_prices=True,
                live=live,
            )


def _python(source: str) -> str:
    """Translate a script; pine2pyne takes varip for var, which would be rolled back."""
    code: str = transpile(source)
    for name in re.findall(r"^varip \w+ +(\w+)", source, flags=re.MULTILINE):
        code = re.sub(rf"\b{name}: Persistent(Series)?\[", f"{name}: IBPersistent[", code)
    return code.replace("from pynecore.types import ", "from pynecore.types import IBPersistent, ")


def _candle(bar: Bar) -> OHLCV:
    values = (bar.open, bar.high, bar.low, bar.close)
    return OHLCV(bar.time_s * 1000, *map(float, values), 1.0, is_closed=bar.closes)


def _symbol(chart: Chart) -> SymInfo:
    days = range(7)
    all_day = [SymInfoInterval(day=day, start=time(0), end=time(0)) for day in days]
    period = str(chart.minutes) if chart.minutes < 24 * 60 else "1D"
    return SymInfo(
        prefix=chart.exchange,
        description=chart.ticker,
        ticker=chart.ticker,
        currency="USDT",
        period=period,
        type=chart.kind,
        mintick=chart.tick,
        pricescale=round(1 / chart.tick),
        minmove=1,
        pointvalue=1.0,
        mincontract=0.001,
        opening_hours=all_day,
        session_starts=[SymInfoSession(day=day, time=time(0)) for day in days],
        session_ends=[SymInfoSession(day=day, time=time(23, 59, 59)) for day in days],
        timezone="UTC",
    )


@contextmanager
def _patched(
    chart: Chart, now_s: int
) -> Iterator[tuple[list[tuple[int, str]], list[tuple[int, str]]]]:
    """Give the clock, the chart's ground and the alerts to the script; take them back."""
    alerts: list[tuple[int, str]] = []
    conditions: list[tuple[int, str]] = []
    original = script_runner._set_lib_syminfo_properties

    def note_condition(condition: bool = False, title: str = "", *_: Any, **__: Any) -> None:
        if condition:
            conditions.append((int(lib.bar_index), title))

    def note_alert(message: str, *_: Any) -> None:
        alerts.append((int(lib.bar_index), message))

    def plain_ticker(info: SymInfo) -> None:
        original(info)
        lib.syminfo.ticker = info.ticker

    with (
        mock.patch.object(lib, "alertcondition", note_condition),
        mock.patch.object(_module("alert"), "alert", note_alert),
        mock.patch.object(_module("chart"), "bg_color", Color(chart.background)),
        mock.patch.object(script_runner, "_set_lib_syminfo_properties", plain_ticker),
        mock.patch.object(lib, "_timenow_ms", now_s * 1000),
    ):
        yield alerts, conditions


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"pynecore.lib.{name}")


def _drawn(
    runner: ScriptRunner,
    plots: dict[str, list[float]],
    alerts: list[tuple[int, str]],
    conditions: list[tuple[int, str]],
) -> Drawn:
    raw = runner.drawings()
    tables = {
        table["position"]: {(cell["col"], cell["row"]): cell["text"] for cell in table["cells"]}
        for table in raw["tables"]
    }
    cells = [cell for table in raw["tables"] for cell in table["cells"]]
    shapes = (raw["boxes"], raw["labels"], raw["lines"], raw["polylines"])
    return Drawn(*shapes, tables, cells, plots, alerts, conditions)
