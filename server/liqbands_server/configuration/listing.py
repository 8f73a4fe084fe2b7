"""The effective configuration as TOML, each value with where it comes from."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from liqbands_server.settings import SECRETS, Configuration


def configuration_lines(configuration: Configuration) -> list[str]:
    """Return every setting as a line of TOML.

    Parameters
    ----------
    configuration : Configuration
        The effective one.

    Returns
    -------
    list of str
        ``name = value  # origin``; passwords are masked, and what is not set is a comment.

    Examples
    --------
    >>> from liqbands_server.settings import load_configuration
    >>> configuration_lines(load_configuration(environment={"LIQBANDS_PORT": "9000"}))[2]
    'port = 9000  # LIQBANDS_PORT'
    """
    settings, origins = configuration.settings, configuration.origins
    values = {item.name: getattr(settings, item.name) for item in fields(settings)}
    values["store"] = settings.store_name
    values |= {name: "***" for name in SECRETS if values[name]}
    return [
        f"{_assignment(name, value)}  # {origins.get(name, 'default')}"
        for name, value in values.items()
    ]


def _assignment(name: str, value: Any) -> str:
    if value is None:
        return f"# {name} ="
    plain = list(value) if isinstance(value, tuple) else value
    return f"{name} = {json.dumps(str(plain) if isinstance(plain, Path) else plain)}"
