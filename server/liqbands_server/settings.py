"""What the environment says; the only module that reads it."""

import os
from pathlib import Path

from liqbands.errors import LiqbandsError

_PROJECT = Path(__file__).resolve().parents[2]
_MARKET = "market"


def data_folder() -> Path | None:
    """Return the folder with recorded markets, if there is one.

    Returns
    -------
    Path or None
        `LIQBANDS_DATA`, else ``../shared/data`` beside the project when it exists; in either
        case its subfolder ``market`` when there is one.  None when there is no such folder.

    Raises
    ------
    LiqbandsError
        If `LIQBANDS_DATA` is set and names no folder.
    """
    chosen = os.environ.get("LIQBANDS_DATA", "")
    folder = Path(chosen).expanduser() if chosen else _PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        if chosen:
            raise LiqbandsError(f"LIQBANDS_DATA must name a folder, was {chosen!r}")
        return None
    market = folder / _MARKET
    return market if market.is_dir() else folder
