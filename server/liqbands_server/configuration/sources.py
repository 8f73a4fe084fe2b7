"""Raw settings from the configuration file and the environment; the only reader of either."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import platformdirs

from liqbands_server.errors import ConfigurationError

PREFIX: Final = "LIQBANDS_"
CONFIG_VARIABLE: Final = "LIQBANDS_CONFIG"
"""Names the configuration file."""

FILE_NAME: Final = "liqbands.toml"
_OF_TESTS: Final = ("LIQBANDS_REGENERATE", "LIQBANDS_TEST_POSTGRES")
"""Variables that only the tests read."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value that somebody chose.

    Parameters
    ----------
    value : object
        As it stands there.
    origin : str
        Where, for people: the variable, or the file.
    name : str
        How the setting is called there.
    """

    value: Any
    origin: str
    name: str


def given_values(keys: Iterable[str], environment: Mapping[str, str]) -> dict[str, Given]:
    """Return what the file and the environment say; the environment wins.

    Parameters
    ----------
    keys : iterable of str
        Names of all settings, as they stand in the file.
    environment : mapping of str to str
        E.g. ``os.environ``; empty values say nothing.

    Returns
    -------
    dict of str to Given
        By key; settings that nobody chose are left out.

    Raises
    ------
    ConfigurationError
        If a key or a variable is unknown, or the file cannot be read.
    """
    known = tuple(keys)
    path = config_file(environment)
    from_file = _read_file(path, required=bool(environment.get(CONFIG_VARIABLE)))
    for key in from_file:
        if key not in known:
            raise ConfigurationError(f"unknown setting {key!r} in {path}{_meant(key, known)}")
    given = {key: Given(value, str(path), f"{key} in {path}") for key, value in from_file.items()}
    variables = {f"{PREFIX}{key.upper()}": key for key in known}
    for name, text in environment.items():
        if name in variables and text:
            given[variables[name]] = Given(text, name, name)
        elif name.startswith(PREFIX) and name not in (*variables, CONFIG_VARIABLE, *_OF_TESTS):
            raise ConfigurationError(f"unknown variable {name}{_meant(name, variables)}")
    return given


def config_file(environment: Mapping[str, str]) -> Path:
    """Return where the configuration file is looked for.

    Parameters
    ----------
    environment : mapping of str to str
        E.g. ``os.environ``.

    Returns
    -------
    Path
        What `LIQBANDS_CONFIG` says, else ``liqbands.toml`` in the user's configuration folder.
    """
    chosen = environment.get(CONFIG_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    return platformdirs.user_config_path("liqbands") / FILE_NAME


def this_environment() -> Mapping[str, str]:
    """Return the variables of this process."""
    return os.environ


def _read_file(path: Path, *, required: bool) -> dict[str, Any]:
    if not path.is_file():
        if required:
            raise ConfigurationError(f"{CONFIG_VARIABLE} must name a file, was {str(path)!r}")
        return {}
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is no TOML: {error}") from error


def _meant(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else "; `liqbands config` lists all"
