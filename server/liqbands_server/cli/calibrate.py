"""`liqbands calibrate`: the settings fitted to simulated markets, and scored on others."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from liqbands_server.cli import options
from liqbands_server.cli.parameter_choice import parameter_file_chosen
from liqbands_server.cli.score_choice import (
    check_folder,
    check_jobs,
    check_lengths,
    check_seeds,
    check_worlds,
    split_words,
)
from liqbands_server.cli.selection import InputError, user_values
from liqbands_server.cli.stages import Stages, stages

if TYPE_CHECKING:
    from liqbands.fit.fitting import FitPlan  # slow: numba; so is what else it needs
    from liqbands.fit.search import SearchPlan
    from liqbands.parameter_history import SimulatedMarkets
    from liqbands.parameters import Parameters

_Worlds = Annotated[str, typer.Option("--worlds", help="Simulated worlds to fit on.")]
_Seeds = Annotated[str, typer.Option(help="Seeds to fit on, e.g. 1-3 or 1,5.")]
_HeldOutWorlds = Annotated[str, typer.Option(help="Worlds to score on afterwards.")]
_HeldOutSeeds = Annotated[str, typer.Option(help="Seeds to score on; none of those to fit on.")]
_Days = Annotated[float, typer.Option(help="Length of each market, warm-up included.")]
_WarmUp = Annotated[float, typer.Option(help="Days at the start that do not count.")]
_Free = Annotated[str, typer.Option(help="Settings to fit, between commas; default: the usual.")]
_Evaluations = Annotated[int, typer.Option(help="At most so many settings are tried.")]
_Minutes = Annotated[float, typer.Option(help="At most so long is searched.")]
_Seed = Annotated[int, typer.Option("--search-seed", help="Order of the search's first steps.")]
_Jobs = Annotated[int, typer.Option(help="Processes; 0 is one per core, at most four.")]
_Real = Annotated[
    Path | None,
    typer.Option("--real", metavar="FOLDER", help="Recorded markets to score on as well."),
]
_Date = Annotated[str, typer.Option(help="Date written into the file; default: today.")]
_Edition = Annotated[str, typer.Option(help="Version written into the file; default: the date.")]
_Output = Annotated[Path, typer.Option("--output", "-o", metavar="JSON", help="Where to write.")]


def calibrate(  # noqa: PLR0913 - one parameter per option
    *,
    worlds: _Worlds = "training",
    seeds: _Seeds = "1-3",
    held_out_worlds: _HeldOutWorlds = "held-out",
    held_out_seeds: _HeldOutSeeds = "11,12",
    days: _Days = 40.0,
    warm_up: _WarmUp = 15.0,
    free: _Free = "",
    parameters: options.ParametersChoice = "",
    evaluations: _Evaluations = 300,
    minutes: _Minutes = 15.0,
    search_seed: _Seed = 0,
    jobs: _Jobs = 1,
    real: _Real = None,
    date: _Date = "",
    edition: _Edition = "",
    output: _Output = Path("out/parameters.json"),
) -> None:
    """Fit the model's settings to simulated markets whose every position is known.

    What is made as large as it can be: how near maps come to the true books in shape (earth
    mover's skill, rank correlation and recall, within 5 and 20 % of mark), less 0.05 for every
    factor of e by which the level in either window is wrong; the mean over all markets.  A
    setting stays where it was unless moving it pays more than one standard error.  Held-out
    worlds are simulated when the fit is done.  The file is for --parameters of other commands.

    \f

    Parameters
    ----------
    worlds, seeds, held_out_worlds, held_out_seeds : str
        Markets to fit on, and markets to score on.
    days, warm_up : float
        Length of each market, and what of it does not count.
    free : str
        Settings to fit.
    parameters : str
        Where the fit begins: a shipped name such as ``"prior"``, or a JSON file.
    evaluations, minutes, search_seed : int or float
        How long and in which order to search; the same numbers give the same settings unless
        time runs out.
    jobs : int
        Processes.
    real : Path, optional
        Recorded markets to score on.
    date, edition : str
        Written into the file.
    output : Path
        Where the file goes.

    Raises
    ------
    InputError
        If a value is not possible.
    """  # noqa: D301 - the escape ends the help text
    from liqbands.fit.search import SearchPlan  # slow: numba
    from liqbands.parameter_files import ParameterFile, write_parameters
    from liqbands_server.cli.calibrate_tables import print_report
    from liqbands_server.fitting.fit_run import FitRun
    from liqbands_server.fitting.fitted_file import fitted_file
    from liqbands_server.fitting.market_pool import MarketPool
    from liqbands_server.scorecard.runs import write_whole

    start = parameter_file_chosen(parameters or "default").parameters
    day = date or datetime.now(UTC).date().isoformat()
    folder = check_folder("real", real) if real is not None else None
    in_time, n_processes = _time_limit(minutes), check_jobs(jobs)
    with user_values():
        # Whatever would be refused at the end is refused before the work.
        header = ParameterFile(edition or day, day, start)
        search = SearchPlan(evaluations, seed=search_seed)
        training = _markets(worlds, seeds, days, warm_up)
        held_out = _markets(held_out_worlds, held_out_seeds, days, warm_up)
        plan = _plan(training, held_out, free, search, start)
    _check_output(output)
    with MarketPool(n_processes) as pool, ExitStack() as shown:
        report = FitRun(pool, _Phases(shown).begin, in_time, folder).run(plan, start)
    write_whole(output, write_parameters(fitted_file(report, header)))
    print_report(Console(highlight=False), report)
    typer.echo(output)


class _Phases:
    """Shows one phase of the work after the other."""

    def __init__(self, shown: ExitStack) -> None:
        self._shown = shown

    def begin(self, n_steps: int) -> Stages:
        """End the phase before and begin one of so many steps."""
        self._shown.close()
        return self._shown.enter_context(stages(n_steps, counted=True))


def _markets(worlds: str, seeds: str, days: float, warm_up: float) -> "SimulatedMarkets":
    from liqbands.parameter_history import SimulatedMarkets

    check_lengths(days, warm_up)
    return SimulatedMarkets(check_worlds(worlds), check_seeds(seeds), days, warm_up)


def _plan(
    training: "SimulatedMarkets",
    held_out: "SimulatedMarkets",
    free: str,
    search: "SearchPlan",
    start: "Parameters",
) -> "FitPlan":
    from liqbands.fit.fitting import FitPlan
    from liqbands.fit.space import USUALLY_FREE, Space

    names = tuple(split_words("free", free)) if free else USUALLY_FREE
    return FitPlan(training, held_out, Space.of(start, names).names, search)


def _time_limit(minutes: float) -> Callable[[], bool]:
    """Return a question that is answered no when so long has gone by since it was first asked."""
    if not minutes > 0:
        raise InputError(f"minutes must be more than 0, was {minutes:g}")
    ends: list[float] = []

    def in_time() -> bool:
        now = time.monotonic()
        if not ends:
            ends.append(now + 60 * minutes)
        return now < ends[0]

    return in_time


def _check_output(output: Path) -> None:
    if output.is_dir():
        raise InputError(f"output must be a file, {str(output)!r} is a folder")
    output.parent.mkdir(parents=True, exist_ok=True)
