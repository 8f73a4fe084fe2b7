"""What a fit found, as tables on a terminal."""

import math
from collections.abc import Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from liqbands.fit.comparison import FIGURES, LEVEL_RATIOS, OBJECTIVE, Comparison
from liqbands.fit.fitting import Gain, Sensitivity
from liqbands.parameter_history import HeldOutScore
from liqbands.score.types import Figure
from liqbands_server.fitting.fit_run import FitReport, Tested
from liqbands_server.scorecard.tables import NOTHING, bounds_text, number_text

_HEADINGS: Final = (
    *("objective", "W1s5", "rho5", "rec5", "W1s20", "rho20", "rec20"),
    *("|level| 5", "|level| 20", "ratio 5", "ratio 20"),
)
_LABELS: Final = dict(zip(FIGURES, _HEADINGS, strict=True))
_BY_WORLD: Final = (OBJECTIVE, *LEVEL_RATIOS)
_WIDTH: Final = 160


def print_report(console: Console, report: FitReport) -> None:
    """Print everything that a fit found.

    Parameters
    ----------
    console : Console
        Where to; files and pipes get tables as wide as they are.
    report : FitReport
        The fit.
    """
    if not console.is_terminal:
        console.width = max(console.width, _WIDTH)
    fit = report.fit
    console.print(f"fitted in {fit.evaluations} steps of the search", markup=False)
    console.print(_settings(fit.gains, report.matters))
    for title, tested in (("training", report.training), ("held out", report.held_out)):
        console.print(_heading(title, tested), style="bold", markup=False)
        console.print(_overall(tested.overall))
        console.print(_worlds(tested))
    if report.recorded:
        console.print(_recorded(report.recorded))


def _heading(title: str, tested: Tested) -> str:
    markets = tested.markets
    seeds = ", ".join(map(str, markets.seeds))
    return (
        f"{title}: {', '.join(markets.worlds)}; seeds {seeds}; {markets.days:g} days, "
        f"{markets.warm_up_days:g} of them warm-up; {tested.n_snapshots:,} true books"
    )


def _settings(gains: Sequence[Gain], matters: Sequence[Sensitivity]) -> Table:
    """Return what each setting was and is, and what moving it costs."""
    table = _table("setting")
    for label in ("before", "found", "gain", "error", "after", "loss below", "loss above"):
        table.add_column(label, justify="right")
    moved = {gain.name: gain for gain in gains}
    for row in matters:
        gain = moved.get(row.name)
        found = (
            (f"{gain.start:g}", f"{gain.found:g}", _signed(gain.gain), _text(gain.error))
            if gain is not None
            else (f"{row.value:g}", "", "", "")
        )
        losses = (
            f"{_signed(row.lower_loss)} at {row.lower:g}",
            f"{_signed(row.higher_loss)} at {row.higher:g}",
        )
        table.add_row(row.name, *found, f"{row.value:g}", *losses)
    return table


def _overall(rows: Sequence[Comparison]) -> Table:
    table = _table("settings")
    for row in rows:
        table.add_column(_LABELS[row.measure], justify="right")
    for label, figures in (
        ("before", [row.before for row in rows]),
        ("after", [row.after for row in rows]),
        ("change", [row.change for row in rows]),
    ):
        table.add_row(label, *map(_cell, figures))
    return table


def _worlds(tested: Tested) -> Table:
    table = _table("world")
    for measure in _BY_WORLD:
        for when in ("before", "after"):
            table.add_column(f"{_LABELS[measure]}\n{when}", justify="right")
    for world, rows in tested.worlds.items():
        chosen = [row for row in rows if row.measure in _BY_WORLD]
        table.add_row(world, *(_cell(f) for row in chosen for f in (row.before, row.after)))
    return table


def _recorded(scores: Sequence[HeldOutScore]) -> Table:
    table = _table("recorded data")
    for label in ("measure", "before", "after"):
        table.add_column(label, justify="right" if label != "measure" else "left")
    for score in scores:
        low, high = (math.nan if bound is None else bound for bound in (score.low, score.high))
        after = _cell(Figure(score.value, low, high, score.n))
        table.add_row(score.data, score.measure, _text(score.before), after)
    return table


def _table(first: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first, no_wrap=True)
    return table


def _cell(figure: Figure) -> str:
    bounds = bounds_text(figure)
    return _text(figure.value) + (f"\n{bounds}" if bounds else "")


def _text(value: float | None) -> str:
    return NOTHING if value is None or math.isnan(value) else number_text(value)


def _signed(value: float) -> str:
    return f"{value:+.4f}"
