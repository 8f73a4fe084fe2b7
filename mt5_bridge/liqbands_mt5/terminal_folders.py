"""Where MetaTrader terminals keep their files, and those that all of them share."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TERMINALS: Final = "MetaQuotes/Terminal"
_SHARED: Final = f"{_TERMINALS}/Common/Files"
_ORIGIN: Final = "origin.txt"
_WINE_PREFIXES: Final = (
    ".wine",
    ".mt5",
    "Library/Application Support/net.metaquotes.wine.metatrader5",
)
"""Inside of the home folder: Wine's own, MetaQuotes' installers for Linux and for macOS."""


def common_folders(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return every ``Common/Files`` folder that a terminal of this user may have.

    Parameters
    ----------
    environment : mapping
        Of the process: ``APPDATA`` is where Windows keeps it, ``WINEPREFIX`` names a Wine.
    home : Path
        The user's home folder.

    Returns
    -------
    tuple of Path
        Those whose ``MetaQuotes/Terminal`` exists, the likeliest first; ``Common/Files`` itself
        is made by the first that writes.
    """
    found: list[Path] = []
    for folder in _candidates(environment, home):
        if folder.parents[1].is_dir() and folder not in found:
            found.append(folder)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where one terminal keeps its own files.

    Parameters
    ----------
    path : Path
        With ``MQL5`` in it.
    program : str
        Where the terminal is installed, as it says itself; empty when it does not.
    """

    path: Path
    program: str


def data_folders(environment: Mapping[str, str], home: Path) -> tuple[DataFolder, ...]:
    """Return the folders of every terminal of this user.

    Parameters
    ----------
    environment : mapping
        Of the process, as in `common_folders`.
    home : Path
        The user's home folder.

    Returns
    -------
    tuple of DataFolder
        Terminals that were started in *portable* mode are not found.
    """
    found: dict[Path, DataFolder] = {}
    for shared in common_folders(environment, home):
        for path in sorted(shared.parents[1].glob("*/MQL5")):
            found[path.parent] = DataFolder(path.parent, _program(path.parent / _ORIGIN))
    return tuple(found.values())


def _program(origin: Path) -> str:
    try:
        content = origin.read_bytes()
    except OSError:
        return ""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if is_wide else "utf-8", "replace").strip("\ufeff \r\n")


def _candidates(environment: Mapping[str, str], home: Path) -> list[Path]:
    application_data = environment.get("APPDATA")
    prefix = environment.get("WINEPREFIX")
    folders = [Path(application_data) / _SHARED] if application_data else []
    prefixes = [Path(prefix)] if prefix else []
    prefixes += [home / name for name in _WINE_PREFIXES]
    for wine in prefixes:
        for user in sorted(wine.glob("drive_c/users/*")):
            folders += [user / "AppData/Roaming" / _SHARED, user / "Application Data" / _SHARED]
    return folders
