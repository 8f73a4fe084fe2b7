"""What a scorecard was made with: version, a hash of the engine's source, settings."""

import hashlib
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import liqbands
from liqbands.parameter_files import ParameterFile, parameter_digest

HASH_LENGTH: Final = 12


@cache
def engine_hash() -> str:
    """Return a hash of the engine's source.

    Returns
    -------
    str
        Twelve digits that change with every edit, whether the version does or not.
    """
    folder = Path(liqbands.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:HASH_LENGTH]


def hash_of(content: object) -> str:
    """Return a hash of plain data.

    Parameters
    ----------
    content : object
        What JSON can hold; anything else counts by how it is printed.

    Returns
    -------
    str
        Twelve digits.

    Examples
    --------
    >>> hash_of({"a": 1, "b": 2}) == hash_of({"b": 2, "a": 1}) != hash_of({"a": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def software() -> dict[str, str]:
    """Return which program made a scorecard.

    Returns
    -------
    dict
        Package, its version, and the engine's hash.
    """
    return {"package": "liqbands", "version": liqbands.__version__, "engine_hash": engine_hash()}


def settings_of(settings: ParameterFile) -> dict[str, Any]:
    """Return settings of the model ready for JSON.

    Parameters
    ----------
    settings : ParameterFile
        The settings with their history.

    Returns
    -------
    dict
        Version, date, digest, and all values by name.
    """
    return {
        "version": settings.version,
        "date": settings.date,
        "digest": parameter_digest(settings.parameters),
        "values": asdict(settings.parameters),
    }
