"""`liqbands plot`: the heatmap of a file as a PNG."""

from pathlib import Path
from typing import Literal, cast

import typer

from liqbands_server.cli import options
from liqbands_server.cli.parameter_choice import parameters_chosen, settings_remark
from liqbands_server.cli.selection import (
    FileChoice,
    moment_ms,
    refuse_late_start,
    side_named,
    user_values,
)
from liqbands_server.cli.stages import stages


def plot(  # noqa: PLR0913 - one parameter per option
    file: options.File,
    *,
    venue: options.Venue = "",
    symbol: options.Symbol = "",
    timeframe: options.Timeframe = "",
    start: options.From = "",
    to: options.To = "",
    window: options.Window = "1M",
    mode: options.Mode = "raw",
    side: options.SideShown = "both",
    leverage: options.Leverage = "",
    palette: options.PaletteName = "classic",
    output: options.Output = Path("out/heatmap.png"),
    time_zone: options.TimeZone = "",
    open_interest_at: options.OpenInterestAt = "",
    parameters: options.ParametersChoice = "",
) -> None:
    """Draw the liquidation heatmap of a file of candles.

    \f

    Parameters
    ----------
    file : Path
        Candles, CSV or Parquet.
    venue, symbol, timeframe, time_zone, open_interest_at : str
        What the file leaves unsaid; see `FileChoice`.
    start, to : str
        First bar shown, and moment after which nothing is used; ISO dates.
    window : str
        Time shown before the end, unless `start` says it.
    mode : str
        ``"raw"`` or ``"smoothed"``.
    side, leverage : str
        Show one side or one leverage layer only.
    palette : str
        ``"classic"``, ``"safe"``, ``"monochrome"`` or ``"light"``.
    output : Path
        Where the PNG goes.
    parameters : str
        The model's settings: a shipped name such as ``"prior"``, or a JSON file.
    """  # noqa: D301 - the escape ends the help text
    from liqbands import heatmap, liquidation_map, snapshot, summary
    from liqbands_server.pictures.canvas import PictureOptions
    from liqbands_server.pictures.heatmap_picture import draw_heatmap
    from liqbands_server.pictures.palette import find_palette

    choice = FileChoice(file, venue, symbol, timeframe, to, time_zone, open_interest_at)
    start_ms, shown_side = moment_ms("from", start), side_named(side)
    settings = parameters_chosen(parameters)
    with stages(3) as progress, user_values():
        look = PictureOptions(find_palette(palette), note=_remark(side, leverage, parameters))
        progress.next(f"Reading {file.name}")
        candles, instrument = choice.load()
        refuse_late_start(start_ms, candles)
        progress.next(f"Building the book of {instrument.ticker} from {len(candles):,} bars")
        result = heatmap(
            candles,
            instrument,
            settings,
            window=None if start_ms is not None else window,
            start_ms=start_ms,
            side=shown_side,
            leverage=leverage or None,
            mode=cast('Literal["raw", "smoothed"]', mode),  # checked by the engine
        )
        book = snapshot(candles, instrument, settings)
        low, high = float(result.edges[0]), float(result.edges[-1])
        beside = liquidation_map(book, low=low, high=high, max_rows=150)
        progress.next("Drawing")
        draw_heatmap(result, candles, output, book=(beside, summary(book)), options=look)
    typer.echo(output)


def _remark(side: str, leverage: str, parameters: str) -> str:
    """Return the remark on a picture whose heat is not the whole book, or of other settings."""
    chosen = [f"{side} side"] if side != "both" else []
    chosen += [leverage] if leverage else []
    remarks = [f"heat: {', '.join(chosen)} only"] if chosen else []
    return "; ".join(remarks + settings_remark(parameters))
