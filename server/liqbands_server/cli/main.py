"""The console entry point: the commands, and how what goes wrong is answered.

A mistake of the user's is one line on standard error and exit code 2.
"""

import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from liqbands import __version__
from liqbands.errors import LiqbandsError
from liqbands_server.cli.bands import bands
from liqbands_server.cli.calibrate import calibrate
from liqbands_server.cli.config import config
from liqbands_server.cli.demo import demo
from liqbands_server.cli.export import export
from liqbands_server.cli.feed import feed
from liqbands_server.cli.import_files import import_files
from liqbands_server.cli.map import draw_book
from liqbands_server.cli.mt5 import app as mt5
from liqbands_server.cli.pine import pine
from liqbands_server.cli.plot import plot
from liqbands_server.cli.price import price
from liqbands_server.cli.score import score
from liqbands_server.cli.serve import serve
from liqbands_server.cli.up import up

USAGE_ERROR: Final = 2
INTERRUPTED: Final = 130

app = typer.Typer(
    name="liqbands", add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)
app.command("up")(up)
app.command("serve")(serve)
app.command("feed")(feed)
app.command("import")(import_files)
app.command("export")(export)
app.command("pine")(pine)
app.add_typer(mt5, name="mt5")
app.command("config")(config)
app.command("demo")(demo)
app.command("plot")(plot)
app.command("map")(draw_book)
app.command("bands")(bands)
app.command("price")(price)
app.command("score")(score)
app.command("calibrate")(calibrate)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"liqbands {__version__}")
        raise typer.Exit


@app.callback()
def _about(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print it."),
    ] = False,
) -> None:
    """Estimate where leveraged positions are force-closed, and draw it."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; None takes the process's own.

    Raises
    ------
    SystemExit
        Always: 0 when all went well, 2 for a mistake of the user's, 130 when interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        code = app(words, standalone_mode=False)
    except LiqbandsError as error:
        _end(str(error))
    except OSError as error:
        _end(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except typer.TyperException as error:
        _end(error.format_message())
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(INTERRUPTED)
    sys.exit(code if isinstance(code, int) else 0)


def _end(message: str) -> None:
    sys.stderr.write(f"error: {' '.join(message.split())}\n")
    sys.exit(USAGE_ERROR)
