"""`liqbands up`: a live market, and the server, in one command."""

import typer

from liqbands_server.cli.server_options import (
    DataOption,
    PortOption,
    StoreOption,
    SymbolsOption,
    VenuesOption,
    as_variables,
)


def up(
    *,
    store: StoreOption = None,
    port: PortOption = None,
    files: DataOption = None,
    venues: VenuesOption = None,
    symbols: SymbolsOption = None,
) -> None:
    """Start everything: live venues, or a simulated market and recorded files, and the server.

    \f

    Parameters
    ----------
    store : str, optional
        In place of the setting `store`.
    port : int, optional
        In place of the setting `port`.
    files : Path, optional
        In place of the setting `data`.
    venues, symbols : str, optional
        In place of the settings `venues` and `symbols`.
    """  # noqa: D301 - the escape ends the help text
    from liqbands_server.running.everything import run_everything
    from liqbands_server.settings import load_settings

    chosen = as_variables(store=store, port=port, data=files, venues=venues, symbols=symbols)
    run_everything(load_settings(chosen), lambda url: typer.echo(f"liqbands is running at {url}"))
