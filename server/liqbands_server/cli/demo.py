"""`liqbands demo`: a month of a market as pictures and a table; what ``make run`` runs."""

import time
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from liqbands.instrument import Instrument
from liqbands.market_data import Candles
from liqbands_server.cli.selection import FileChoice
from liqbands_server.cli.stages import stages

RECORDED: Final = "bybit_1h/BTCUSDT.parquet"
SHOWN_UNTIL: Final = "2025-10-14"
"""Four days after the largest day of liquidations on record."""

SIMULATED_NOTE: Final = "SIMULATED MARKET"
_N_BANDS: Final = 10


def demo(
    *,
    folder: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the PNGs go.")
    ] = Path("out"),
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Generated market, even if there is a recorded one.")
    ] = False,
) -> None:
    """Draw a month of Bitcoin, or of a simulated market where no data are at hand.

    \f

    Parameters
    ----------
    folder : Path
        Where ``heatmap.png`` and ``map.png`` go.
    simulated : bool
        Use the generated market in any case.
    """  # noqa: D301 - the escape ends the help text
    from liqbands import bands, heatmap, liquidation_map, summary
    from liqbands.heatmaps import snapshot
    from liqbands_server.cli.bands_table import print_bands
    from liqbands_server.pictures.canvas import PictureOptions
    from liqbands_server.pictures.heatmap_picture import draw_heatmap
    from liqbands_server.pictures.map_picture import draw_map

    with stages(3) as progress:
        progress.next("Loading a market")
        candles, instrument, note = demo_candles(simulated)
        progress.next(f"Building the book of {instrument.ticker} (compiles once, on first use)")
        heat = heatmap(candles, instrument, window="1M")
        book = snapshot(candles, instrument)
        totals = summary(book)
        progress.next("Drawing")
        look = PictureOptions(note=note)
        low, high = float(heat.edges[0]), float(heat.edges[-1])
        beside = liquidation_map(book, low=low, high=high, max_rows=150)
        pictures = [
            draw_heatmap(
                heat, candles, folder / "heatmap.png", book=(beside, totals), options=look
            ),
            draw_map(liquidation_map(book), totals, folder / "map.png", options=look),
        ]
    if note:
        typer.echo(f"{note}: generated, not recorded; set LIQBANDS_DATA for real candles")
    found = bands(book, limit=_N_BANDS)
    print_bands(Console(highlight=False), book, totals, found, time.time_ns() // 1_000_000)
    for picture in pictures:
        typer.echo(picture)


def demo_candles(simulated: bool) -> tuple[Candles, Instrument, str]:
    """Return the market that the demonstration shows.

    Parameters
    ----------
    simulated : bool
        Whether to pass over recorded data.

    Returns
    -------
    tuple of Candles, Instrument and str
        The market, and the note that its pictures carry; empty for recorded data.
    """
    from liqbands_server.demo_market import demo_market
    from liqbands_server.settings import data_folder

    folder = None if simulated else data_folder()
    if folder is not None and (folder / RECORDED).is_file():
        return *FileChoice(folder / RECORDED, to=SHOWN_UNTIL).load(), ""
    return *demo_market(), SIMULATED_NOTE
