"""Tables into files that others see whole or not at all."""

import os
from pathlib import Path
from typing import Final

import pandas as pd

from liqbands_server.errors import ExportError

SUFFIXES: Final = (".csv", ".parquet")


def check_output(path: Path) -> None:
    """Refuse a file that cannot be written, before anything is computed for it.

    Parameters
    ----------
    path : Path
        Where the table is to go.

    Raises
    ------
    ExportError
        If its name ends otherwise, or it is a folder.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ExportError(f"output must end in {' or '.join(SUFFIXES)}, was {path.name!r}")
    if path.is_dir():
        raise ExportError(f"output must be a file, {path} is a folder")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV or Parquet, as the name ends; numbers come back bit by bit.

    Parameters
    ----------
    table : pandas.DataFrame
        Its index is left out.
    path : Path
        Where to; an existing file is replaced once the new one is whole.

    Raises
    ------
    ExportError
        If the name ends otherwise.
    OSError
        If the disk or its rights do not allow it.
    """
    check_output(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.suffix.lower() == ".csv":
            table.to_csv(part, index=False)
        else:
            table.to_parquet(part, index=False)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
