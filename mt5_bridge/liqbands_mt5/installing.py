"""The MQL5 sources into a terminal's folder, so that nobody has to look for files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liqbands.errors import LiqbandsError
from liqbands_mt5.publishing import publish

SOURCES: Final = "MQL5"
PROGRAMS: Final = (
    r"Indicators\Liqbands\LiqHeatmap",
    r"Services\Liqbands\LiqBridge",
    r"Scripts\Liqbands\TestLiqbands",
)
"""What is to be compiled, as MetaEditor shows it."""

_ENDINGS: Final = (".mq5", ".mqh")


class InstallError(LiqbandsError):
    """The sources cannot be installed; the message names the folder and what would do."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation did.

    Parameters
    ----------
    folder : Path
        The terminal's ``MQL5``.
    n_files : int
        Files of ours.
    n_changed : int
        Those that were not there, or were of another version.
    """

    folder: Path
    n_files: int
    n_changed: int


def source_folder() -> Path:
    """Return where the MQL5 sources lie: in the package, or beside it in the project.

    Raises
    ------
    InstallError
        If they are missing.
    """
    package = Path(__file__).parent
    for folder in (package / SOURCES, package.parent / SOURCES):
        if folder.is_dir():
            return folder
    raise InstallError(f"the MQL5 sources are missing beside {package}; install liqbands again")


def install(terminal: Path, sources: Path | None = None) -> Installed:
    """Copy the sources into a terminal's folder; what is not ours stays as it is.

    Parameters
    ----------
    terminal : Path
        Its data folder (*File > Open Data Folder*), or ``MQL5`` inside of it.
    sources : Path, optional
        Where from; None takes those of this version.

    Returns
    -------
    Installed
        What was done.

    Raises
    ------
    InstallError
        If it is no terminal's folder.
    PublishError
        If a file cannot be written.
    """
    target = terminal if terminal.name.upper() == SOURCES else terminal / SOURCES
    if not target.is_dir():
        raise InstallError(
            f"terminal must be the folder that File > Open Data Folder opens in MetaTrader, with "
            f"a folder MQL5 in it, was {terminal}"
        )
    origin = source_folder() if sources is None else sources
    files = sorted(path for path in origin.rglob("*") if path.suffix in _ENDINGS)
    changed = [path for path in files if _copy(path, target / path.relative_to(origin))]
    return Installed(target, len(files), len(changed))


def _copy(source: Path, target: Path) -> bool:
    content = source.read_bytes()
    if target.is_file() and target.read_bytes() == content:
        return False
    publish(target, content)
    return True
