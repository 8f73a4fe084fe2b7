"""`liqbands map`: the liquidation map of a file's last closed bar as a PNG."""

from pathlib import Path

import typer

from liqbands_server.cli import options
from liqbands_server.cli.parameter_choice import parameters_chosen, settings_remark
from liqbands_server.cli.selection import FileChoice, user_values
from liqbands_server.cli.stages import stages


def draw_book(  # noqa: PLR0913 - one parameter per option
    file: options.File,
    *,
    venue: options.Venue = "",
    symbol: options.Symbol = "",
    timeframe: options.Timeframe = "",
    to: options.To = "",
    palette: options.PaletteName = "classic",
    output: options.Output = Path("out/map.png"),
    time_zone: options.TimeZone = "",
    open_interest_at: options.OpenInterestAt = "",
    parameters: options.ParametersChoice = "",
) -> None:
    """Draw notional per price, stacked by leverage, at the last closed bar.

    \f

    Parameters
    ----------
    file : Path
        Candles, CSV or Parquet.
    venue, symbol, timeframe, time_zone, open_interest_at : str
        What the file leaves unsaid; see `FileChoice`.
    to : str
        Moment after which nothing is used; ISO date.
    palette : str
        ``"classic"``, ``"safe"``, ``"monochrome"`` or ``"light"``.
    output : Path
        Where the PNG goes.
    parameters : str
        The model's settings: a shipped name such as ``"prior"``, or a JSON file.
    """  # noqa: D301 - the escape ends the help text
    from liqbands import liquidation_map, summary
    from liqbands.heatmaps import snapshot
    from liqbands_server.pictures.canvas import PictureOptions
    from liqbands_server.pictures.map_picture import draw_map
    from liqbands_server.pictures.palette import find_palette

    choice = FileChoice(file, venue, symbol, timeframe, to, time_zone, open_interest_at)
    settings = parameters_chosen(parameters)
    with stages(3) as progress, user_values():
        note = "; ".join(settings_remark(parameters))
        look = PictureOptions(palette=find_palette(palette), note=note)
        progress.next(f"Reading {file.name}")
        candles, instrument = choice.load()
        progress.next(f"Building the book of {instrument.ticker} from {len(candles):,} bars")
        book = snapshot(candles, instrument, settings)
        progress.next("Drawing")
        draw_map(liquidation_map(book), summary(book), output, options=look)
    typer.echo(output)
