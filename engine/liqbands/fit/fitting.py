"""Fits settings: searches, takes back what does not pay, and says what matters.

A setting leaves its start only where that pays on the markets together by more than one
standard error; so settings that the markets cannot tell apart keep the values of the prior.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from liqbands.fit.search import Found, SearchPlan, Watch, go_on, search
from liqbands.fit.space import SEARCHABLE, USUALLY_FREE, Space, with_values
from liqbands.instrument import FloatArray
from liqbands.parameter_history import SimulatedMarkets
from liqbands.parameters import Parameters
from liqbands.sim.worlds import TRAINING

Judge = Callable[[Parameters], FloatArray]
"""Gives the objective of every market, shape (n_markets,), under some settings."""

LEAST_GAIN: Final = 5e-4
"""What a setting has to gain even where all markets agree."""

SENSITIVITY_STEP: Final = 0.15
"""Share of its range by which a setting is moved to see whether it matters."""


@dataclass(frozen=True, slots=True)
class FitPlan:
    """What is fitted, on what, and on what it is scored.

    Parameters
    ----------
    training : SimulatedMarkets
        Worlds and seeds to fit on.
    held_out : SimulatedMarkets
        Worlds and seeds to score on afterwards.
    free : tuple of str
        Settings that move.
    search : SearchPlan
        How long and how finely to search.

    Raises
    ------
    ValueError
        If a world may not be fitted on, or a seed stands on both sides.
    """

    training: SimulatedMarkets
    held_out: SimulatedMarkets
    free: tuple[str, ...] = USUALLY_FREE
    search: SearchPlan = field(default_factory=SearchPlan)

    def __post_init__(self) -> None:
        allowed = [world.name for world in TRAINING]
        for world in self.training.worlds:
            if world not in allowed:
                known = ", ".join(allowed)
                raise ValueError(f"worlds to fit on must be among {known}; was {world!r}")
        both = sorted(set(self.training.seeds) & set(self.held_out.seeds))
        if both:
            raise ValueError(f"seeds to fit on and to score on must differ, both had {both[0]}")


@dataclass(frozen=True, slots=True)
class Gain:
    """What a setting's new value is worth.

    Parameters
    ----------
    name : str
        The setting.
    start, found : float
        Its values before and after the search.
    gain, error : float
        Objective above that with the start's value, all else as found: mean over markets, and
        its standard error (NaN for one market).
    kept : bool
        Whether the found value stays; else the setting went back to its start.
    """

    name: str
    start: float
    found: float
    gain: float
    error: float
    kept: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """The outcome of a fit.

    Parameters
    ----------
    start, parameters : Parameters
        Settings before and after.
    before, after : float
        The objective on the training markets.
    evaluations : int
        Settings that were judged in the search.
    gains : tuple of Gain
        What each free setting's move was worth.
    """

    start: Parameters
    parameters: Parameters
    before: float
    after: float
    evaluations: int
    gains: tuple[Gain, ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What moving one setting costs.

    Parameters
    ----------
    name : str
        The setting.
    value : float
        Where it stands.
    lower, higher : float
        Where it was moved to, `SENSITIVITY_STEP` of its range down and up, at most to a limit.
    lower_loss, higher_loss : float
        Objective lost by it, all else equal; negative is a gain, 0 means that it does not matter.
    """

    name: str
    value: float
    lower: float
    higher: float
    lower_loss: float
    higher_loss: float


def fit(judge: Judge, space: Space, plan: SearchPlan, watch: Watch = go_on) -> Fit:
    """Fit the free settings of a space.

    Parameters
    ----------
    judge : Judge
        The objective of every market.
    space : Space
        Where the fit begins, and what may move.
    plan : SearchPlan
        How long and how finely to search.
    watch : callable, optional
        Is shown every step of the search, and may end it.

    Returns
    -------
    Fit
        The best settings found, less what does not pay.
    """
    known: dict[Parameters, FloatArray] = {}

    def judged(parameters: Parameters) -> FloatArray:
        if parameters not in known:
            known[parameters] = judge(parameters)
        return known[parameters]

    def height(places: FloatArray) -> float:
        return float(judged(space.at(places)).mean())

    found: Found = search(height, space.places(space.start), plan, watch)
    parameters, gains = _take_back(judged, space, space.at(found.point))
    return Fit(
        start=space.start,
        parameters=parameters,
        before=float(judged(space.start).mean()),
        after=float(judged(parameters).mean()),
        evaluations=found.evaluations,
        gains=gains,
    )


def sensitivities(judge: Judge, parameters: Parameters) -> tuple[Sensitivity, ...]:
    """Say how much each setting matters.

    Parameters
    ----------
    judge : Judge
        The objective of every market.
    parameters : Parameters
        Around which settings.

    Returns
    -------
    tuple of Sensitivity
        Every setting that can be fitted, whether it was or not.
    """
    usual = float(judge(parameters).mean())
    rows = []
    for free in SEARCHABLE:
        value = getattr(parameters, free.name)
        place = free.place(value)
        ends = [free.at(place + sign * SENSITIVITY_STEP) for sign in (-1, 1)]
        losses = [
            usual - float(judge(with_values(parameters, {free.name: end})).mean()) for end in ends
        ]
        rows.append(Sensitivity(free.name, value, *ends, *losses))
    return tuple(rows)


def _take_back(
    judge: Judge, space: Space, found: Parameters
) -> tuple[Parameters, tuple[Gain, ...]]:
    """Put settings back to their start, the least worth first, until each left one pays."""
    moved = [name for name in space.names if getattr(found, name) != getattr(space.start, name)]
    taken: dict[str, Gain] = {}
    parameters = found
    while True:
        gains = [_gain(judge, space.start, parameters, name) for name in moved]
        idle = [gain for gain in gains if not gain.kept]
        if not idle:
            by_name = taken | {gain.name: gain for gain in gains}
            return parameters, tuple(by_name[name] for name in space.names if name in by_name)
        least = min(idle, key=lambda gain: gain.gain)
        taken[least.name] = least
        moved.remove(least.name)
        parameters = with_values(parameters, {least.name: least.start})


def _gain(judge: Judge, start: Parameters, found: Parameters, name: str) -> Gain:
    before, after = getattr(start, name), getattr(found, name)
    differences = judge(found) - judge(with_values(found, {name: before}))
    gain, error = float(differences.mean()), _standard_error(differences)
    enough = max(LEAST_GAIN, 0.0 if np.isnan(error) else error)
    return Gain(name, before, after, gain, error, kept=gain > enough)


def _standard_error(values: FloatArray) -> float:
    n = len(values)
    return float(values.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
