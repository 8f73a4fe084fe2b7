"""Whole files in the place of others, while indicators may be reading them."""

import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from liqbands.errors import LiqbandsError

TRIES: Final = 40
WAIT_S: Final = 0.005
LEFTOVER_S: Final = 60.0


class PublishError(LiqbandsError, OSError):
    """A file could not be put in its place; the old one stays."""


def publish(
    path: Path,
    data: bytes,
    *,
    replace: Callable[[Path, Path], None] = os.replace,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Put a file in its place at once: readers see the old one or the new one.

    Parameters
    ----------
    path : Path
        Where to; its folder is made.
    data : bytes
        The whole content.
    replace : callable
        Renames over; Windows refuses that while a program has the old file open.
    sleep : callable
        Waits so many seconds between the tries.

    Raises
    ------
    PublishError
        If the file cannot be written, or stayed open for 40 tries.
    """
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        _replace(temporary, path, replace, sleep)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise PublishError(f"{path} cannot be written: {error}") from error


def _replace(
    source: Path,
    target: Path,
    replace: Callable[[Path, Path], None],
    sleep: Callable[[float], None],
) -> None:
    for _ in range(TRIES - 1):
        try:
            replace(source, target)
        except PermissionError:
            sleep(WAIT_S)
        else:
            return
    replace(source, target)


def delete_leftovers(folder: Path, now_s: float) -> None:
    """Delete temporary files that nobody is writing any more.

    Parameters
    ----------
    folder : Path
        Where frames lie.
    now_s : float
        Unix seconds.
    """
    for path in folder.glob("*.tmp"):
        if now_s - path.stat().st_mtime > LEFTOVER_S:
            path.unlink(missing_ok=True)
