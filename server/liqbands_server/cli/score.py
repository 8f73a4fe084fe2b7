"""`liqbands score`: how right the maps are, beside baselines, with 95 % bounds."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from liqbands_server.cli import options
from liqbands_server.cli.parameter_choice import parameter_file_chosen
from liqbands_server.cli.score_choice import check_jobs, check_models, check_source
from liqbands_server.cli.score_delivery import Delivery, deliver
from liqbands_server.cli.score_recorded import magnet_of_folder, score_file, score_folder
from liqbands_server.cli.score_simulated import (
    SimulatedChoice,
    Work,
    magnet_of_worlds,
    score_worlds,
)
from liqbands_server.cli.selection import FileChoice

_File = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="Candles, CSV or Parquet, of your own.")
]
_Liquidations = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="What was liquidated meanwhile: events, or totals per bar."),
]
_Worlds = Annotated[
    str,
    typer.Option(
        "--sim",
        metavar="WORLDS",
        help="Simulated worlds, e.g. calm,crash; training, held-out or all.",
    ),
]
_Real = Annotated[
    Path | None, typer.Option("--real", metavar="FOLDER", help="Folder of recorded markets.")
]
_Magnet = Annotated[
    bool, typer.Option("--magnet", help="Test instead whether price goes to the denser side.")
]
_Seeds = Annotated[str, typer.Option(help="Seeds of each world, e.g. 1-20 or 1,3,5.")]
_Days = Annotated[float, typer.Option(help="Length of a simulated run, warm-up included.")]
_WarmUp = Annotated[float, typer.Option(help="Days at the start that are not scored.")]
_Bars = Annotated[str, typer.Option(help="Length of simulated bars: 1m, 5m, 15m or 1h.")]
_Models = Annotated[
    str,
    typer.Option(help="standard (engine and baselines), ablation, feeds, or models by name."),
]
_Jobs = Annotated[int, typer.Option(help="Runs at once; 0 is one per core, at most four.")]
_Out = Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where results go.")]
_Html = Annotated[bool, typer.Option("--html/--no-html", help="Write a page with pictures.")]
_Png = Annotated[bool, typer.Option("--png/--no-png", help="Write the pictures as one PNG.")]
_Resume = Annotated[
    bool, typer.Option("--resume/--fresh", help="Keep runs that are done, or do them again.")
]


def score(  # noqa: PLR0913 - one parameter per option
    file: _File = None,
    *,
    liquidations: _Liquidations = None,
    sim: _Worlds = "",
    real: _Real = None,
    magnet: _Magnet = False,
    seeds: _Seeds = "1-5",
    days: _Days = 60.0,
    warm_up: _WarmUp = 15.0,
    bars: _Bars = "1m",
    models: _Models = "",
    venue: options.Venue = "",
    symbol: options.Symbol = "",
    timeframe: options.Timeframe = "",
    time_zone: options.TimeZone = "",
    open_interest_at: options.OpenInterestAt = "",
    parameters: options.ParametersChoice = "",
    jobs: _Jobs = 0,
    out: _Out = Path("out/score"),
    as_json: options.AsJson = False,
    html: _Html = True,
    png: _Png = False,
    resume: _Resume = True,
) -> None:
    """Measure how right the maps are, beside baselines, with 95 % bounds.

    On simulated markets (--sim), where every position is known; on recorded liquidations
    (--real); or on candles and liquidations of your own (FILE).  A simulated run that is
    interrupted goes on where it was.

    \f

    Parameters
    ----------
    file, liquidations : Path, optional
        Candles of the user's, and what was liquidated meanwhile.
    sim, seeds, days, warm_up, bars : str or float
        Simulated markets, and how they are looked at.
    real : Path, optional
        Recorded markets.
    magnet : bool
        The magnet test instead of scores.
    models : str
        Sets or models; empty is the standard set.
    parameters : str
        Settings of the engine: a shipped name such as ``"prior"``, or a JSON file.
    venue, symbol, timeframe, time_zone, open_interest_at : str
        What the file leaves unsaid; see `FileChoice`.
    jobs, out, as_json, html, png, resume : int, Path or bool
        How the work is done and where it goes.

    Raises
    ------
    InputError
        If a value is not possible.
    """  # noqa: D301 - the escape ends the help text
    from liqbands_server.scorecard.card import Origin  # slow: numba

    used = {"FILE": file is not None, "--sim": bool(sim), "--real": real is not None}
    source = check_source(used, magnet)
    delivery = Delivery(out, as_json, html, png)
    names = check_models(models) if models else ()
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    origin = Origin(made_at, parameter_file_chosen(parameters or "default"))
    if source == "FILE" and file is not None:
        chosen = FileChoice(file, venue, symbol, timeframe, "", time_zone, open_interest_at)
        deliver(score_file(chosen, liquidations, names, warm_up, origin), "file", delivery)
    elif source == "--real" and real is not None:
        work = magnet_of_folder if magnet else score_folder
        deliver(work(real, names, origin), "magnet" if magnet else "recorded", delivery)
    else:
        worlds = SimulatedChoice.of(sim, seeds, (days, warm_up), bars, names)
        simulate = magnet_of_worlds if magnet else score_worlds
        card = simulate(worlds, Work(delivery.runs, check_jobs(jobs), not resume), origin)
        deliver(card, "magnet" if magnet else "simulated", delivery)
