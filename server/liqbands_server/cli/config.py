"""`liqbands config`: the effective configuration, and where each value comes from."""

import typer


def config() -> None:
    """Print every setting with its value and where it comes from, as TOML."""
    from liqbands_server.configuration.listing import configuration_lines
    from liqbands_server.settings import load_configuration

    for line in configuration_lines(load_configuration()):
        typer.echo(line)
