"""`liqbands pine`: levels of the store as text for TradingView.com, or as a finished script."""

import time
from pathlib import Path
from typing import Annotated

import typer

from liqbands_server.cli.selection import moment_ms, user_values
from liqbands_server.cli.server_options import StoreOption, as_variables

Symbols = Annotated[list[str], typer.Argument(metavar="SYMBOLS...", help="Tickers of the store.")]
Bands = Annotated[int, typer.Option(help="At most so many bands of a symbol.")]
Window = Annotated[str, typer.Option(help="Only bands that formed within it, e.g. 1d.")]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="Only what was known then; default: now.")
]
Script = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a script that carries the levels.")
]


def pine(
    symbols: Symbols,
    *,
    bands: Bands = 150,
    window: Window = "",
    as_of: AsOf = "",
    script: Script = None,
    store: StoreOption = None,
) -> None:
    """Print levels to be pasted into the indicator on TradingView.com.

    \f

    Parameters
    ----------
    symbols : list of str
        Tickers of the store.
    bands : int
        Bound on the bands of a symbol.
    window : str
        Only bands that formed within it.
    as_of : str
        Nothing that was learnt later; ISO date.
    script : Path, optional
        Where to write a finished script instead.
    store : str, optional
        In place of the setting `store`.
    """  # noqa: D301 - the escape ends the help text
    from liqbands.parameters import Parameters
    from liqbands_pine.encode import encode
    from liqbands_pine.script import MOST_BAKED_CHARACTERS, finished_script, script_title
    from liqbands_server.pine.sections import LevelsQuestion, sections_of
    from liqbands_server.service.books import Books
    from liqbands_server.service.markets import Markets
    from liqbands_server.settings import load_settings
    from liqbands_server.store.opening import open_store

    opened = open_store(load_settings(as_variables(store=store)).store)
    try:
        with user_values():
            question = LevelsQuestion(
                tuple(symbols), moment_ms("as-of", as_of), bands, window=window or None
            )
            now_ms = time.time_ns() // 1_000_000
            sections = sections_of(Markets(opened), Books(Parameters()), question, now_ms)
            if script is None:
                typer.echo("\n".join(encode(sections, bands).texts))
                return
            text = encode(sections, bands, MOST_BAKED_CHARACTERS).texts[0]
            script.write_text(finished_script(text, script_title(sections)), encoding="utf-8")
            typer.echo(str(script))
    finally:
        opened.close()
