"""`liqbands export`: candles, liquidations, heatmap or bands of the store into a file."""

import time
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from liqbands_server.cli.selection import InputError, moment_ms, user_values
from liqbands_server.cli.server_options import StoreOption, as_variables
from liqbands_server.cli.stages import stages

if TYPE_CHECKING:
    import pandas as pd

    from liqbands_server.importing.tables_out import Wanted
    from liqbands_server.service.markets import Markets
    from liqbands_server.store.store import Store

KINDS: Final = ("candles", "liquidations", "heatmap", "bands")

What = Annotated[
    str, typer.Argument(metavar="WHAT", help="candles, liquidations, heatmap or bands.")
]
Ticker = Annotated[str, typer.Argument(metavar="TICKER", help="E.g. BINANCE:BTCUSDT.P.")]
Output = Annotated[Path, typer.Argument(metavar="OUTPUT", help="File ending in .csv or .parquet.")]
From = Annotated[str, typer.Option("--from", metavar="DATE", help="First bar or event.")]
To = Annotated[str, typer.Option("--to", metavar="DATE", help="Nothing from then on.")]
Timeframe = Annotated[str, typer.Option(help="Bar length, e.g. 1h; default: as stored.")]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="Only what was known then; default: now.")
]
_END_OF_TIME: Final = 2**62


def export(  # noqa: PLR0913 - one parameter per option
    what: What,
    ticker: Ticker,
    output: Output,
    *,
    start: From = "",
    to: To = "",
    timeframe: Timeframe = "",
    as_of: AsOf = "",
    store: StoreOption = None,
) -> None:
    """Write what the store knows of a market as CSV or Parquet.

    \f

    Parameters
    ----------
    what : str
        One of `KINDS`.
    ticker : str
        Of what.
    output : Path
        Where to; replaced once the new file is whole.
    start, to : str
        Bars and events in ``[start, to)``; ISO dates.
    timeframe : str
        Length of a bar.
    as_of : str
        Nothing that was learnt later; ISO date.
    store : str, optional
        In place of the setting `store`.

    Raises
    ------
    InputError
        If a value is not possible.
    """  # noqa: D301 - the escape ends the help text
    if what not in KINDS:
        near = get_close_matches(what, KINDS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise InputError(f"what must be one of {', '.join(KINDS)}, was {what!r}{hint}")
    from liqbands_server.importing.whole_files import check_output, write_table
    from liqbands_server.settings import load_settings
    from liqbands_server.store.opening import open_store

    check_output(output)
    opened = open_store(load_settings(as_variables(store=store)).store)
    try:
        with stages(2) as progress, user_values():
            progress.next(f"Reading {ticker}")
            table = _table(opened, what, ticker, (start, to, timeframe, as_of))
            progress.next(f"Writing {output.name}")
            write_table(table, output)
    finally:
        opened.close()
    typer.echo(f"{output}: {len(table):,} rows")


def _table(
    store: "Store", what: str, ticker: str, choices: tuple[str, str, str, str]
) -> "pd.DataFrame":
    from liqbands_server.importing import tables_out
    from liqbands_server.service.markets import Markets

    makers = {
        "candles": tables_out.candle_table,
        "liquidations": tables_out.liquidation_table,
        "heatmap": tables_out.heatmap_table,
        "bands": tables_out.band_table,
    }
    markets = Markets(store)
    return makers[what](markets, _wanted(markets, ticker, choices))


def _wanted(markets: "Markets", ticker: str, choices: tuple[str, str, str, str]) -> "Wanted":
    from liqbands_server.importing.tables_out import Wanted
    from liqbands_server.service.provenance import resolve_as_of
    from liqbands_server.service.resolutions import find_timeframe

    start, to, timeframe, as_of = choices
    listing = markets.find(ticker)
    from_ms, to_ms = moment_ms("from", start), moment_ms("to", to)
    if from_ms is not None and to_ms is not None and from_ms >= to_ms:
        raise InputError(f"from must be before to, was {start} with to {to}")
    now_ms = time.time_ns() // 1_000_000
    return Wanted(
        listing,
        find_timeframe(timeframe) if timeframe else None,
        from_ms,
        _END_OF_TIME if to_ms is None else to_ms,
        resolve_as_of(markets, listing, moment_ms("as-of", as_of), now_ms),
    )
