"""`liqbands up`: the simulated market, recorded files and the server, in one command."""

import typer

from liqbands_server.cli.server_options import DataOption, PortOption, StoreOption, as_variables


def up(*, store: StoreOption = None, port: PortOption = None, files: DataOption = None) -> None:
    """Start everything: a live simulated market, recorded files and the server.

    \f

    Parameters
    ----------
    store : str, optional
        In place of the setting `store`.
    port : int, optional
        In place of the setting `port`.
    files : Path, optional
        In place of the setting `data`.
    """  # noqa: D301 - the escape ends the help text
    from liqbands_server.running.everything import run_everything
    from liqbands_server.settings import load_settings

    settings = load_settings(as_variables(store=store, port=port, data=files))
    run_everything(settings, lambda url: typer.echo(f"liqbands is running at {url}"))
