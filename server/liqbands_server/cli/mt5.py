"""`liqbands mt5`: heatmaps into MetaTrader's folder, and its broker's candles to the server."""

import os
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liqbands_server.cli.selection import InputError

if TYPE_CHECKING:
    from liqbands_mt5.broker_clock import Daylight
    from liqbands_mt5.candle_sender import CandleSender
    from liqbands_mt5.sidecar import Sidecar
    from liqbands_server.mt5.server_link import ServerLink

Common = Annotated[
    Path | None,
    typer.Option(
        "--terminal-common",
        metavar="FOLDER",
        help=r"MetaTrader's Common\Files; found by itself on Windows and under Wine.",
    ),
]
Symbols = Annotated[
    str, typer.Option(metavar="LIST", help="Beside what charts want: BTCUSD:5m,ETHUSD:1h.")
]
Push = Annotated[
    str,
    typer.Option(
        metavar="LIST", help="Send the broker's minutes of: EURUSD,GOLD=XAUUSD. Windows only."
    ),
]
Server = Annotated[
    str, typer.Option(metavar="URL", help="The server; http://127.0.0.1:8765 unless set.")
]
DaylightOption = Annotated[
    str,
    typer.Option("--daylight", metavar="us|eu|fixed", help="Whose summer time the broker keeps."),
]
Days = Annotated[int, typer.Option(min=1, max=60, help="How far back to begin to send.")]
Once = Annotated[bool, typer.Option("--once", help="Fetch what is wanted now, and end.")]
Terminal = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="What File > Open Data Folder opens; default: all found."),
]

app = typer.Typer(invoke_without_command=True)


@app.callback()
def write_frames(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    *,
    terminal_common: Common = None,
    symbols: Symbols = "",
    push: Push = "",
    server: Server = "",
    daylight: DaylightOption = "us",
    days: Days = 5,
    once: Once = False,
) -> None:
    """Bring heatmaps to MetaTrader's charts, until Ctrl-C. `mt5 install` comes first.

    \f

    Parameters
    ----------
    context : Context
        Says whether a command of its own follows.
    terminal_common : Path, optional
        The folder that terminals share.
    symbols, push : str
        What to fetch and what to send.
    server : str
        Its address; empty takes that of the settings.
    daylight : str
        ``"us"``, ``"eu"`` or ``"fixed"``.
    days : int
        How far back to begin to send.
    once : bool
        Whether to end after one round.

    Raises
    ------
    InputError
        If a value is not possible, or there is no terminal.
    """  # noqa: D301 - the escape ends the help text
    if context.invoked_subcommand is not None:
        return
    from liqbands_mt5.choices import read_wished
    from liqbands_mt5.sidecar import Sidecar

    with closing(_link(server)) as link:
        sidecar = Sidecar(link.fetch, _common_folder(terminal_common), read_wished(symbols))
        sender = _sender(push, link, _daylight(daylight), days)
        typer.echo(f"from {link.url} into {sidecar.folder}")
        if once:
            _write_once(sidecar)
        else:
            _follow(sidecar, sender)


@app.command("install")
def install_sources(*, terminal: Terminal = None) -> None:
    """Copy indicator, service and self test into MetaTrader's folder.

    \f

    Parameters
    ----------
    terminal : Path, optional
        A terminal's data folder.

    Raises
    ------
    InputError
        If no terminal is found.
    """  # noqa: D301 - the escape ends the help text
    from liqbands_mt5.installing import PROGRAMS, install
    from liqbands_mt5.terminal_folders import DataFolder, data_folders

    chosen = [DataFolder(terminal, "")] if terminal else data_folders(os.environ, Path.home())
    if not chosen:
        raise InputError(
            "no MetaTrader 5 was found: start it once, choose File > Open Data Folder in it, and "
            "give that folder with --terminal"
        )
    for found in chosen:
        done = install(found.path)
        where = f" ({found.program})" if found.program else ""
        typer.echo(f"{done.n_changed} of {done.n_files} files are new in {done.folder}{where}")
    typer.echo("Now in MetaTrader: F4, and there for each of these a double click and F7:")
    for program in PROGRAMS:
        typer.echo(f"  {program}")


class _Announcing:
    """Tells each file when it is there for the first time."""

    def __init__(self, sidecar: "Sidecar") -> None:
        self._sidecar = sidecar
        self._told: set[Path] = set()

    def step(self, _: float, /) -> tuple[str, ...]:
        """Return what is new."""
        new = [path for path in self._sidecar.files if path not in self._told]
        self._told.update(new)
        return tuple(f"{path.name} is there" for path in new)


def _follow(sidecar: "Sidecar", sender: "CandleSender | None") -> None:
    from liqbands_mt5.sidecar import Step, Together, follow

    parts: list[Step] = [sidecar, _Announcing(sidecar)]
    if sender is not None:
        parts.append(sender)
    follow(Together(tuple(parts)), now=time.time, wait=_wait, tell=_tell)


def _link(server: str) -> "ServerLink":
    from liqbands_server.mt5.server_link import ServerLink
    from liqbands_server.running.address import base_url
    from liqbands_server.settings import load_settings

    settings = load_settings()
    return ServerLink(server or base_url(settings), settings.push_key)


def _common_folder(chosen: Path | None) -> Path:
    from liqbands_mt5.terminal_folders import common_folders

    if chosen is not None:
        folder = chosen / "Files" if chosen.name == "Common" else chosen
        if not chosen.is_dir():
            raise InputError(
                f"terminal-common must be MetaTrader's folder Common\\Files, was {chosen}: "
                "there is no such folder"
            )
        return folder
    found = common_folders(os.environ, Path.home())
    if not found:
        raise InputError(
            "no MetaTrader 5 was found: start it once, or give its folder Common\\Files with "
            "--terminal-common (File > Open Data Folder, two folders up, Common, Files)"
        )
    if len(found) > 1:
        others = ", ".join(str(folder) for folder in found[1:])
        typer.echo(f"there are others, which --terminal-common chooses: {others}")
    return found[0]


def _daylight(name: str) -> "Daylight":
    from liqbands_mt5.broker_clock import Daylight

    if name not in set(Daylight):
        raise InputError(f"daylight must be us, eu or fixed, was {name!r}")
    return Daylight(name)


def _sender(
    push: str, link: "ServerLink", daylight: "Daylight", days: int
) -> "CandleSender | None":
    from liqbands_mt5.candle_sender import CandleSender
    from liqbands_mt5.choices import read_pairs
    from liqbands_mt5.terminal_prices import connect, load_package

    pairs = read_pairs(push)
    if not pairs:
        return None
    terminal = load_package()
    connect(terminal, [pair.broker for pair in pairs])
    return CandleSender(terminal, pairs, link.post, daylight, days)


def _write_once(sidecar: "Sidecar") -> None:
    troubles = sidecar.step(time.time())
    for path in sidecar.files:
        typer.echo(f"{path.name}: {path.stat().st_size:,} bytes")
    if troubles:
        raise InputError("; ".join(troubles))


def _wait(seconds: float) -> bool:
    time.sleep(seconds)  # on Windows, Ctrl-C ends this but no waiting for an event
    return False


def _tell(line: str) -> None:
    typer.echo(f"{time.strftime('%H:%M:%S')} {line}")
