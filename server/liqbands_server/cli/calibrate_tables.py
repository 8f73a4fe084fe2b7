"""What a fit found, as tables on a terminal; none is wider than 80 characters."""

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
from liqbands_server.scorecard.tables import NOTHING, cell_text, number_text

_MEASURES: Final = (
    *("objective", "earth mover 5", "rank 5", "recall 5"),
    *("earth mover 20", "rank 20", "recall 20"),
    *("level error 5", "level error 20", "level ratio 5", "level ratio 20"),
)
_LABELS: Final = dict(zip(FIGURES, _MEASURES, strict=True))
_BY_WORLD: Final = dict(
    zip((OBJECTIVE, *LEVEL_RATIOS), ("\nobjective", "ratio\n5 %", "ratio\n20 %"), strict=True)
)
_WHEN: Final = ("before", "after")
_LEGEND: Final = (
    "Against the true books, 5 and 20: % around mark, in brackets 95 % bounds:\n"
    "earth mover's skill, rank correlation, recall of the densest tenth; level ratio:\n"
    "standing over true; level error: size of its logarithm. Objective: see --help."
)


def print_report(console: Console, report: FitReport) -> None:
    """Print everything that a fit found.

    Parameters
    ----------
    console : Console
        Where to.
    report : FitReport
        The fit.
    """
    fit = report.fit
    outcome = "" if fit.gains else "; no setting was moved"
    moved = [_gains(fit.gains)] if fit.gains else []
    _print_part(console, f"steps of the search: {fit.evaluations}{outcome}", *moved)
    _print_part(console, "what moving one setting costs", _losses(report.matters))
    for title, tested in (("training", report.training), ("held out", report.held_out)):
        by_world = [_worlds(tested)] if len(tested.worlds) > 1 else []
        _print_part(console, _heading(title, tested), _overall(tested.overall), *by_world)
    console.print(_LEGEND, style="dim", markup=False)
    console.print()
    if report.recorded:
        _print_part(console, "recorded, and never fitted on", _recorded(report.recorded))


def _print_part(console: Console, title: str, *tables: Table) -> None:
    console.print(title, style="bold", markup=False, soft_wrap=True)
    for table in tables:
        console.print(table)
        console.print()


def _heading(title: str, tested: Tested) -> str:
    markets = tested.markets
    seeds = ", ".join(map(str, markets.seeds))
    return (
        f"{title}: {', '.join(markets.worlds)}; seeds {seeds}; {markets.days:g} days, "
        f"{markets.warm_up_days:g} of them warm-up; {tested.n_snapshots:,} true books"
    )


def _gains(gains: Sequence[Gain]) -> Table:
    """Return what the search moved, what that was worth, and what was kept of it."""
    table = _table("setting", "before", "found", "gain", "error", "after")
    for gain in gains:
        after = gain.found if gain.kept else gain.start
        values = (f"{gain.start:g}", f"{gain.found:g}", _signed(gain.gain), _text(gain.error))
        table.add_row(gain.name, *values, f"{after:g}")
    return table


def _losses(matters: Sequence[Sensitivity]) -> Table:
    table = _table("setting", "value", "lower", "loss", "higher", "loss")
    for row in matters:
        lower = f"{row.lower:g}", _signed(row.lower_loss)
        higher = f"{row.higher:g}", _signed(row.higher_loss)
        table.add_row(row.name, f"{row.value:g}", *lower, *higher)
    return table


def _overall(rows: Sequence[Comparison]) -> Table:
    table = _table("measure", "before", "after", "change")
    for row in rows:
        table.add_row(_LABELS[row.measure], *map(cell_text, (row.before, row.after, row.change)))
    return table


def _worlds(tested: Tested) -> Table:
    """Return the objective and the level ratios; all figures by world stand in the file."""
    heads = [f"{measure}\n{when}" for measure in _BY_WORLD.values() for when in _WHEN]
    table = _table("world", *heads)
    for world, rows in tested.worlds.items():
        cells: list[str] = []
        for row in (row for row in rows if row.measure in _BY_WORLD):
            after = cell_text(row.after) if row.measure == OBJECTIVE else _text(row.after.value)
            cells += [_text(row.before.value), after]
        table.add_row(world, *cells)
    return table


def _recorded(scores: Sequence[HeldOutScore]) -> Table:
    table = _table("data", "measure", "before", "after")
    table.columns[0].no_wrap = False
    for score in scores:
        low, high = (math.nan if bound is None else bound for bound in (score.low, score.high))
        after = cell_text(Figure(score.value, low, high, score.n))
        table.add_row(score.data, score.measure, _text(score.before), after)
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first, no_wrap=True)
    for label in others:
        table.add_column(label, justify="right", no_wrap=True)
    return table


def _text(value: float | None) -> str:
    return NOTHING if value is None or math.isnan(value) else number_text(value)


def _signed(value: float) -> str:
    return f"{round(value, 4) + 0.0:+.4f}"  # never -0.0000
