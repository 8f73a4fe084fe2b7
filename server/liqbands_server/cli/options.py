"""The options that several commands share: which market, which part of it, which look."""

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(metavar="FILE", help="Candles, CSV or Parquet.")]
Venue = Annotated[str, typer.Option(help="Venue, e.g. bybit; default: as the file's path says.")]
Symbol = Annotated[
    str, typer.Option(help="Symbol, e.g. BTC/USDT:USDT; default: as the file's name says.")
]
Timeframe = Annotated[str, typer.Option(help="Bar length, e.g. 1h; default: the usual step.")]
From = Annotated[
    str, typer.Option("--from", metavar="DATE", help="First bar shown; earlier ones warm up.")
]
To = Annotated[
    str, typer.Option("--to", metavar="DATE", help="Use nothing after; UTC unless it says more.")
]
Window = Annotated[str, typer.Option(help="Time shown: 12h, 1d, 3d, 1w, 1M, 3M or 1y.")]
Mode = Annotated[str, typer.Option(help="raw or smoothed rows.")]
SideShown = Annotated[str, typer.Option("--side", help="long, short or both.")]
Leverage = Annotated[str, typer.Option(help="One leverage layer only, e.g. 50-100x.")]
PaletteName = Annotated[str, typer.Option("--palette", help="classic, safe, monochrome or light.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="PNG", help="Where to write.")]
TimeZone = Annotated[
    str, typer.Option(help="Clock of times without a zone, e.g. Europe/Athens; default: UTC.")
]
OpenInterestAt = Annotated[
    str, typer.Option(help="When open interest was taken, open or close; default: by venue.")
]
Limit = Annotated[int, typer.Option(help="At most so many bands, strongest first.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ParametersChoice = Annotated[
    str,
    typer.Option("--parameters", metavar="NAME|FILE", help="Settings: default, prior, or a file."),
]
