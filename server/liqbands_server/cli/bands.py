"""`liqbands bands`: the dense zones of a file's last closed bar, as a table or as JSON."""

import json
import time

import typer
from rich.console import Console

from liqbands_server.cli import options
from liqbands_server.cli.parameter_choice import parameters_chosen
from liqbands_server.cli.selection import FileChoice, InputError, side_named, user_values
from liqbands_server.cli.stages import stages


def bands(  # noqa: PLR0913 - one parameter per option
    file: options.File,
    *,
    venue: options.Venue = "",
    symbol: options.Symbol = "",
    timeframe: options.Timeframe = "",
    to: options.To = "",
    side: options.SideShown = "both",
    limit: options.Limit = 20,
    as_json: options.AsJson = False,
    time_zone: options.TimeZone = "",
    open_interest_at: options.OpenInterestAt = "",
    parameters: options.ParametersChoice = "",
) -> None:
    """Rank the zones where liquidations stand densest, at the last closed bar.

    \f

    Parameters
    ----------
    file : Path
        Candles, CSV or Parquet.
    venue, symbol, timeframe, time_zone, open_interest_at : str
        What the file leaves unsaid; see `FileChoice`.
    to : str
        Moment after which nothing is used; ISO date.
    side : str
        ``"long"``, ``"short"`` or ``"both"``.
    limit : int
        At most so many bands.
    as_json : bool
        Print JSON instead; see `liqbands_server.cli.bands_json`.
    parameters : str
        The model's settings: a shipped name such as ``"prior"``, or a JSON file.

    Raises
    ------
    InputError
        If a value is not possible.
    """  # noqa: D301 - the escape ends the help text
    from liqbands import bands as find_bands
    from liqbands import summary
    from liqbands.heatmaps import snapshot
    from liqbands_server.cli.bands_json import bands_document
    from liqbands_server.cli.bands_table import print_bands

    if limit < 1:
        raise InputError(f"limit must be at least 1, was {limit}")
    choice = FileChoice(file, venue, symbol, timeframe, to, time_zone, open_interest_at)
    chosen_side, settings = side_named(side), parameters_chosen(parameters)
    with stages(2) as progress, user_values():
        progress.next(f"Reading {file.name}")
        candles, instrument = choice.load()
        progress.next(f"Building the book of {instrument.ticker} from {len(candles):,} bars")
        book = snapshot(candles, instrument, settings)
        totals, found = summary(book), find_bands(book, side=chosen_side, limit=limit)
    now_ms = time.time_ns() // 1_000_000
    if as_json:
        document = bands_document(book, totals, found, now_ms)
        typer.echo(json.dumps(document, indent=2, allow_nan=False))
    else:
        print_bands(Console(highlight=False), book, totals, found, now_ms)
