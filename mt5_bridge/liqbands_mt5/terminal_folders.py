"""Where MetaTrader terminals keep the files that all of them share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

_SHARED: Final = "MetaQuotes/Terminal/Common/Files"
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
