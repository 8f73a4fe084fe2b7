"""A scorecard: tables of figures with what they mean and where they come from.

Everything that is printed, drawn or written is one `Card`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from liqbands.parameter_files import ParameterFile
from liqbands.parameters import Parameters
from liqbands.score.measures import Better
from liqbands.score.pooling import PooledModel
from liqbands.score.types import Figure
from liqbands_server.scorecard.fingerprint import settings_of, software

SCHEMA: Final = "liqbands-scorecard"
SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """When and with which settings a scorecard is made.

    Parameters
    ----------
    made_at : str
        ISO date and time.
    settings : ParameterFile
        Of the engine.
    """

    made_at: str
    settings: ParameterFile

    @property
    def parameters(self) -> Parameters:
        """Return the settings themselves."""
        return self.settings.parameters


@dataclass(frozen=True, slots=True)
class Column:
    """One metric of a table.

    Parameters
    ----------
    label : str
        Heading.
    meaning : str
        One line for people.
    better : {"higher", "lower", "neither"}
        Which way is better.
    """

    label: str
    meaning: str
    better: Better = "higher"


@dataclass(frozen=True, slots=True)
class Row:
    """One model of a table.

    Parameters
    ----------
    label : str
        The model.
    figures : tuple of Figure or None
        One per column; None where the metric cannot be had.
    stands_out : bool
        Whether it is the engine.
    """

    label: str
    figures: tuple[Figure | None, ...]
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One table.

    Parameters
    ----------
    title : str
        Heading.
    note : str
        What has to be known to read it; may be empty.
    columns : tuple of Column
        Metrics.
    rows : tuple of Row
        Models.
    main : bool
        Whether it is printed on the terminal; all are in the report.
    """

    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    main: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard.

    Parameters
    ----------
    title : str
        Heading.
    facts : tuple of tuple of str
        Name and text: data, seeds, versions.
    sections : tuple of Section
        Tables.
    document : dict
        The same for programs.
    pooled : tuple of PooledModel
        What pictures are drawn of; empty where there is no known book.
    labels : dict of str to str
        Labels of the models by key.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    document: dict[str, Any]
    pooled: tuple[PooledModel, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


def document_of(
    origin: Origin, data: Mapping[str, Any], results: Sequence[Any], **more: Any
) -> dict[str, Any]:
    """Return what all scorecards have in common as JSON.

    Parameters
    ----------
    origin : Origin
        When and with which settings.
    data : mapping
        What was scored on.
    results : sequence
        Figures.
    **more
        Further keys.

    Returns
    -------
    dict
        Ready for strict JSON.
    """
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "made_at": origin.made_at,
        "software": software(),
        "parameters": settings_of(origin.settings),
        "data": dict(data),
        **more,
        "results": list(results),
    }


def version_facts(origin: Origin) -> tuple[tuple[str, str], ...]:
    """Return the lines that say what made a scorecard, and when.

    Parameters
    ----------
    origin : Origin
        When and with which settings.

    Returns
    -------
    tuple of tuple of str
        Name and text.
    """
    made_with, settings = software(), settings_of(origin.settings)
    return (
        ("made", origin.made_at),
        ("program", f"liqbands {made_with['version']}, engine {made_with['engine_hash']}"),
        (
            "parameters",
            f"version {settings['version']} of {settings['date']}, {settings['digest']}",
        ),
    )


def figure_to_dict(figure: Figure) -> dict[str, Any]:
    """Return a figure ready for strict JSON.

    Parameters
    ----------
    figure : Figure
        Value and bounds.

    Returns
    -------
    dict
        None for what is not known.
    """
    return {
        "value": known(figure.value),
        "low": known(figure.low),
        "high": known(figure.high),
        "n": figure.n,
        "left_out": figure.left_out,
    }


def known(value: float) -> float | None:
    """Return a number, or None for one that JSON cannot hold.

    Parameters
    ----------
    value : float
        Any number.

    Returns
    -------
    float or None
        Six significant digits.

    Examples
    --------
    >>> known(float("nan")), known(1 / 3)
    (None, 0.333333)
    """
    return float(f"{value:.6g}") if math.isfinite(value) else None
