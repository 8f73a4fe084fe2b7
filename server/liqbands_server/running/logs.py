"""The log of every process: one line per event on standard error, JSON unless a person reads."""

import logging
import sys
from typing import Final

from pythonjsonlogger.json import JsonFormatter

from liqbands_server.settings import Settings

_LOUD: Final = ("alembic", "matplotlib", "numba")
"""Libraries whose progress is nobody's business."""

_FIELDS: Final = ("levelname", "name", "process", "message")
_NAMES: Final = {"levelname": "level", "name": "logger"}


def set_up_logging(settings: Settings, part: str) -> None:
    """Send the log of this process to standard error.

    Parameters
    ----------
    settings : Settings
        Level and format.
    part : str
        Which process this is, e.g. ``"feed"``.
    """
    as_text = settings.log_format == "text"
    if settings.log_format == "auto":
        as_text = sys.stderr.isatty()
    handler = logging.StreamHandler()
    handler.setFormatter(_text(part) if as_text else _json(part))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


def _text(part: str) -> logging.Formatter:
    return logging.Formatter(f"%(asctime)s {part:<4} %(levelname)-7s %(message)s", "%H:%M:%S")


def _json(part: str) -> logging.Formatter:
    return JsonFormatter(
        _FIELDS, timestamp="time", rename_fields=_NAMES, static_fields={"part": part}
    )
