"""Versioned files of the model's settings: what they are, where they come from, what they scored.

A file is JSON.  It names every setting, so that it means the same whatever the defaults of a
later version are.  Text comes in and goes out; reading and writing the disk is for others, but
the files that ship with the package can be had by name.
"""

import dataclasses
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from liqbands.errors import ParameterFileError
from liqbands.parameter_history import HeldOutScore, SimulatedMarkets
from liqbands.parameters import PARAMETER_DATA, Parameters
from liqbands.plain_data import from_plain, parse_object, refuse_others

SCHEMA: Final = "liqbands-parameters-1"

DIGEST_LENGTH: Final = 12

_NAMES: Final = tuple(field.name for field in dataclasses.fields(Parameters))


@dataclass(frozen=True, slots=True)
class ParameterFile:
    """Settings with their history.

    Parameters
    ----------
    version : str
        Which edition this is.
    date : str
        Day on which it was made, e.g. ``"2026-11-21"``.
    parameters : Parameters
        The settings, all of them.
    made_with : str
        Program and version.
    note : str
        One sentence for people.
    fitted : tuple of str
        Names of the settings that were free; the others were given.
    fitted_on, held_out : SimulatedMarkets or None
        What they were fitted on, and what they were scored on; None for a prior.
    score : tuple of HeldOutScore
        Figures on held-out data.

    Raises
    ------
    ParameterFileError
        If there is no version, the date is no day, or a fitted setting does not exist.
    """

    version: str
    date: str
    parameters: Parameters
    made_with: str = ""
    note: str = ""
    fitted: tuple[str, ...] = ()
    fitted_on: SimulatedMarkets | None = None
    held_out: SimulatedMarkets | None = None
    score: tuple[HeldOutScore, ...] = ()

    def __post_init__(self) -> None:
        if not self.version:
            raise ParameterFileError("version must name the edition, e.g. '1'; was empty")
        if not _is_day(self.date):
            raise ParameterFileError(f"date must be a day such as 2026-11-21, was {self.date!r}")
        refuse_others("fitted", self.fitted, _NAMES)


def shipped_parameters() -> tuple[str, ...]:
    """Return the names of the files that ship with the package.

    Returns
    -------
    tuple of str
        For `load_parameters` and `load_parameter_file`.

    Examples
    --------
    >>> shipped_parameters()
    ('default', 'prior')
    """
    names = (entry.name for entry in PARAMETER_DATA.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def load_parameters(name: str = "default") -> Parameters:
    """Return settings that ship with the package.

    Parameters
    ----------
    name : str
        ``"default"`` is what ``Parameters()`` is; ``"prior"`` are the values of the model
        description, evidence and judgement without any fit.

    Returns
    -------
    settings : Parameters
        Checked.

    Raises
    ------
    ParameterFileError
        If there are none of that name.

    Examples
    --------
    >>> load_parameters() == Parameters()
    True
    >>> load_parameters("prior").ladder_median
    0.1
    """
    return load_parameter_file(name).parameters


def load_parameter_file(name: str = "default") -> ParameterFile:
    """Return a whole file that ships with the package.

    Parameters
    ----------
    name : str
        One of `shipped_parameters`.

    Returns
    -------
    ParameterFile
        Settings with their history.

    Raises
    ------
    ParameterFileError
        If there is none of that name.
    """
    known = shipped_parameters()
    if name not in known:
        raise ParameterFileError(f"parameters must be one of {', '.join(known)}, was {name!r}")
    return read_parameters((PARAMETER_DATA / f"{name}.json").read_text(encoding="utf-8"))


def read_parameters(text: str) -> ParameterFile:
    """Read the text of a parameter file.

    Parameters
    ----------
    text : str
        JSON as `write_parameters` makes it.

    Returns
    -------
    ParameterFile
        Checked.

    Raises
    ------
    ParameterFileError
        If the text is no JSON, has another schema, or a field that is missing, unknown, of the
        wrong kind or out of bounds; the message names the field, the value and what would do.

    Examples
    --------
    >>> text = write_parameters(load_parameter_file("prior"))
    >>> read_parameters(text) == load_parameter_file("prior")
    True
    >>> read_parameters(text.replace("ladder_median", "ladder_medien"))
    Traceback (most recent call last):
    ...
    liqbands.errors.ParameterFileError: parameters has an unknown name 'ladder_medien'; \
did you mean 'ladder_median'?
    """
    content = parse_object(text)
    schema = content.pop("schema", None)
    if schema != SCHEMA:
        raise ParameterFileError(
            f"schema must be {SCHEMA!r}, was {schema!r}; is this a parameter file?"
        )
    return from_plain(ParameterFile, content)


def write_parameters(file: ParameterFile) -> str:
    """Write a parameter file.

    Parameters
    ----------
    file : ParameterFile
        Settings with their history.

    Returns
    -------
    str
        Strict JSON, fields always in the same order; `read_parameters` gives an equal file.
    """
    content = {"schema": SCHEMA} | asdict(file) | {"parameters": _plain(file.parameters)}
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def parameter_digest(parameters: Parameters) -> str:
    """Return a short hash of settings.

    Parameters
    ----------
    parameters : Parameters
        The settings.

    Returns
    -------
    str
        Twelve hexadecimal digits: equal settings, equal digits, whatever file they came from.

    Examples
    --------
    >>> parameter_digest(Parameters(participation=1)) == parameter_digest(
    ...     Parameters(participation=1.0))
    True
    """
    text = json.dumps(_plain(parameters), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def _plain(parameters: Parameters) -> dict[str, Any]:
    """Return the settings, whole numbers written like the other numbers."""
    return {
        name: value if isinstance(value, bool | str) else float(value)
        for name, value in asdict(parameters).items()
    }


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
