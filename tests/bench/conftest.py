"""Make the references importable, and print what was measured against its bound."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

NAME = "tests.bench.references"
if NAME not in sys.modules:
    spec = importlib.util.spec_from_file_location(NAME, Path(__file__).parent / "references.py")
    if spec is None or spec.loader is None:
        raise ImportError("tests/bench/references.py cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print one table: work, median, bound, verdict, and the ratios to the references."""
    session = getattr(config, "_benchmarksession", None)
    rows = {bench.name: bench for bench in getattr(session, "benchmarks", []) if bench.stats.rounds}
    if not rows:
        return
    terminalreporter.section("against the bounds (medians; the machine is shared, ratios count)")
    for name, bench in rows.items():
        median, bound = bench.stats.median, bench.extra_info.get("bound_s")
        line = f"{name[5:]:<58}{_time(median):>10}"
        if bound:
            line += f"   bound {_time(bound):>8}   {median / bound:5.2f} of it"
        for key, value in bench.extra_info.items():
            if key != "bound_s":
                line += f"   {key} {value}"
        terminalreporter.write_line(line)
    _ratios(terminalreporter, rows)


def _ratios(terminalreporter: Any, rows: dict[str, Any]) -> None:
    per_bar = {
        name: bench.stats.median / bench.extra_info["bars"]
        for name, bench in rows.items()
        if "bars" in bench.extra_info
    }
    month = per_bar.get("test_last_map_of_a_month_of_minutes")
    if month is None:
        return
    for name, wanted in (("test_reference_ten_spikes", "<= 2.5"), ("test_reference_dense", "")):
        if name in per_bar and not wanted:
            ratio = per_bar[name] / month
            terminalreporter.write_line(f"dense loop / full model: {ratio:.0f} (>= 25 wanted)")
        elif name in per_bar:
            ratio = month / per_bar[name]
            terminalreporter.write_line(f"full model / bare 10-spike walk: {ratio:.2f} ({wanted})")


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
