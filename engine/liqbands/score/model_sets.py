"""Named sets of models to be scored side by side.

``standard`` is the engine and everything that it has to beat, ``ablation`` the engine with one
switch at a time thrown, ``feeds`` the engine with more and less known about liquidations.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from liqbands.parameters import Parameters
from liqbands.score.baselines import BASELINES
from liqbands.score.levelled import levelled
from liqbands.score.models import engine
from liqbands.score.types import ModelFactory
from liqbands.timeframes import MINUTE_MS

Reports = Literal["none", "full", "throttled"]

ENGINE: Final = "engine"
"""Key of the model that all sets begin with and all others are compared to."""

LONG_BAR_MS: Final = 15 * MINUTE_MS

_IN_CONTRACTS: Final = frozenset({"open interest rises"})


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model that can be asked for by name.

    Parameters
    ----------
    key : str
        What the user types, e.g. ``"pine-bands"``.
    label : str
        What tables say.
    factory : ModelFactory
        Makes it.
    reports : {"none", "full", "throttled"}
        Which reported liquidations it is shown.
    has_level : bool
        Whether its unit is contracts, so that its total can be compared with the truth.
    parameters : Parameters or None
        Settings of the engine behind it, None for a baseline.
    shortest_bar_ms : int
        With shorter bars it would be the same as the engine, and is left out.
    """

    key: str
    label: str
    factory: ModelFactory
    reports: Reports = "none"
    has_level: bool = False
    parameters: Parameters | None = None
    shortest_bar_ms: int = 0


def standard_set(parameters: Parameters | None = None) -> tuple[NamedModel, ...]:
    """Return the engine and all baselines.

    Parameters
    ----------
    parameters : Parameters, optional
        Settings of the engine.

    Returns
    -------
    tuple of NamedModel
        The engine first.
    """
    return (_plain(parameters or Parameters()), *baseline_models())


def baseline_models() -> tuple[NamedModel, ...]:
    """Return all baselines.

    Returns
    -------
    tuple of NamedModel
        From the plainest to the closest rival.
    """
    return tuple(
        NamedModel(_key_of(name), name, factory, has_level=name in _IN_CONTRACTS)
        for name, factory in BASELINES.items()
    )


def ablation_set(parameters: Parameters | None = None) -> tuple[NamedModel, ...]:
    """Return the engine, and the engine with each switch thrown, one at a time.

    Parameters
    ----------
    parameters : Parameters, optional
        Settings of the engine.

    Returns
    -------
    tuple of NamedModel
        Without switches that already stand like this in `parameters`.
    """
    usual = parameters or Parameters()
    thrown = {
        label: (replace(usual, **setting), long_bars) for label, setting, long_bars in _SWITCHES
    }
    switched = [
        NamedModel(
            _key_of(label),
            label,
            engine(other),
            has_level=True,
            parameters=other,
            shortest_bar_ms=LONG_BAR_MS if long_bars else 0,
        )
        for label, (other, long_bars) in thrown.items()
        if other != usual
    ]
    by_volume = NamedModel(
        "no-open-interest", "no open interest", engine(usual, basis="volume"), parameters=usual
    )
    return (_plain(usual), *switched, by_volume)


def feeds_set(parameters: Parameters | None = None) -> tuple[NamedModel, ...]:
    """Return the engine without reported liquidations, and with each use of them.

    Parameters
    ----------
    parameters : Parameters, optional
        Settings of the engine.

    Returns
    -------
    tuple of NamedModel
        Calibrated: survival per tier is learnt and the map is what would be force-closed.
        Reported: what is reported beyond the prediction leaves the nearest zones.  Levelled: the
        level of the whole map is learnt.
    """
    usual = parameters or Parameters()
    reporting = replace(usual, realised=True)
    silent = replace(usual, realised=False)
    models = [_plain(usual)]
    feeds: tuple[Literal["full", "throttled"], ...] = ("full", "throttled")
    for feed in feeds:
        for use, settings, factory in (
            ("calibrated", silent, engine(silent, calibrated=feed)),
            ("reported", reporting, engine(reporting)),
            ("levelled", silent, levelled(silent, feed)),
        ):
            label = f"{use}, {feed} feed"
            key = f"{use}-{feed}"
            models.append(NamedModel(key, label, factory, feed, True, settings))
    return tuple(models)


SETS: Final = {"standard": standard_set, "ablation": ablation_set, "feeds": feeds_set}
"""What makes each set."""


def find_models(
    names: Iterable[str], parameters: Parameters | None = None
) -> tuple[NamedModel, ...]:
    """Return models by the names of sets or by their own.

    Parameters
    ----------
    names : iterable of str
        Keys of `SETS` or of models; the engine is always among them.
    parameters : Parameters, optional
        Settings of the engine.

    Returns
    -------
    tuple of NamedModel
        Each once, the engine first.

    Raises
    ------
    ValueError
        If there is no such set or model.

    Examples
    --------
    >>> [model.key for model in find_models(["uniform", "no-sweep"])]
    ['engine', 'uniform', 'no-sweep']
    """
    sets = {name: make(parameters) for name, make in SETS.items()}
    every = {model.key: model for models in sets.values() for model in models}
    chosen = {ENGINE: every[ENGINE]}
    for name in names:
        if name not in sets and name not in every:
            known = ", ".join([*sets, *every])
            raise ValueError(f"models must be among {known}; was {name!r}")
        chosen |= {model.key: model for model in sets.get(name, (every.get(name),)) if model}
    return tuple(chosen.values())


def find_silent_models(
    names: Iterable[str], parameters: Parameters | None = None
) -> tuple[NamedModel, ...]:
    """Return models by name, for data whose reported liquidations are what is to be predicted.

    Parameters
    ----------
    names : iterable of str
        Keys of `SETS` or of models.
    parameters : Parameters, optional
        Settings of the engine.

    Returns
    -------
    tuple of NamedModel
        Each once, the engine first.

    Raises
    ------
    ValueError
        If there is no such set or model, or one that has to be shown reports.
    """
    models = find_models(names, parameters)
    for model in models:
        if model.reports != "none":
            raise ValueError(
                f"{model.key} learns from reported liquidations, which are what is predicted "
                "here; choose other models"
            )
    return models


def _plain(parameters: Parameters) -> NamedModel:
    return NamedModel(ENGINE, "engine", engine(parameters), has_level=True, parameters=parameters)


def _key_of(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


_SWITCHES: Final[tuple[tuple[str, dict[str, Any], bool], ...]] = (
    ("no sweep", {"sweep": False}, False),
    ("no mark sweep", {"mark_sweep": False}, False),
    ("flat hazards", {"hazards": "flat"}, False),
    ("no closing", {"hazards": "off"}, False),
    ("ladder alone", {"ladder_share": 1.0}, False),
    ("spikes alone", {"ladder_share": 0.0}, False),
    ("no gross flow", {"gross_flow": False}, False),
    ("all volume", {"participation": 1.0}, False),
    ("no taker split", {"taker_split": False}, False),
    ("not conserving", {"conserving": False}, False),
    ("all levered", {"unlevered_share": 0.0}, False),
    ("no in-bar", {"in_bar": False}, True),
    ("one-point entry", {"three_point_entry": False}, True),
)
"""Label, what is set, and whether it matters from 15 minutes up only."""
