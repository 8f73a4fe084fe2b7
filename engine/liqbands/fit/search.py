"""Finds the highest point of a function within the unit cube without its derivatives.

Rosenbrock's method (The Computer Journal 3, 1960): steps along the axes first; after every round
the axes turn so that the first one follows what the round moved.  So it also climbs ridges on
which settings make up for each other, where steps along the settings themselves get stuck.  Once
steps are fine they are made long again, until that gains nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray

Function = Callable[[FloatArray], float]

_GROW: Final = 1.6
_SHRINK: Final = 0.5
_LONGEST: Final = 0.4


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """How long and how finely to search.

    Parameters
    ----------
    evaluations : int
        At most so many values of the function.
    first_step, last_step : float
        Length of the first steps, and below which a direction is done.
    least_gain : float
        A step counts only if it gains more.
    seed : int
        Chooses the order and the sign of the first steps.

    Raises
    ------
    ValueError
        If a number is not possible.
    """

    evaluations: int = 300
    first_step: float = 0.12
    last_step: float = 0.006
    least_gain: float = 1e-5
    seed: int = 0

    def __post_init__(self) -> None:
        if self.evaluations < 1:
            raise ValueError(f"evaluations must be at least 1, was {self.evaluations}")
        if not 0 < self.last_step <= self.first_step <= _LONGEST:
            raise ValueError(
                f"steps must shrink within 0 to {_LONGEST}, "
                f"were {self.first_step} and {self.last_step}"
            )


@dataclass(frozen=True, eq=False)
class Found:
    """The highest point that a search has found so far.

    Parameters
    ----------
    point : ndarray, shape (n,)
        Where.
    value : float
        How high.
    evaluations : int
        Values of the function that were asked for.
    """

    point: FloatArray
    value: float
    evaluations: int


Watch = Callable[[Found], bool]
"""Is shown the best point after every evaluation; False ends the search."""


def go_on(found: Found) -> bool:  # noqa: ARG001 - whatever was found
    """Never end a search early.

    Parameters
    ----------
    found : Found
        The best point so far.

    Returns
    -------
    bool
        True.
    """
    return True


def search(
    function: Function, start: FloatArray, plan: SearchPlan | None = None, watch: Watch = go_on
) -> Found:
    """Climb from a point.

    Parameters
    ----------
    function : callable
        Takes a point of the unit cube; the higher the better.
    start : ndarray, shape (n,)
        Where to begin, each coordinate 0 to 1.
    plan : SearchPlan, optional
        How long and how finely.
    watch : callable, optional
        Is shown every step, and may end the search.

    Returns
    -------
    Found
        Never lower than the start.

    Examples
    --------
    >>> top = search(lambda x: -float((x[0] - x[1] - 0.2) ** 2 + (x[0] - 0.7) ** 2), np.zeros(2))
    >>> top.point.round(1)
    array([0.7, 0.5])
    """
    climb = _Climb(function, np.clip(start, 0.0, 1.0), plan or SearchPlan(), watch)
    climb.climb()
    return Found(climb.best, climb.value, climb.evaluations)


class _Climb:
    """The state of a search: the best point, and the directions with their step lengths."""

    def __init__(
        self, function: Function, start: FloatArray, plan: SearchPlan, watch: Watch
    ) -> None:
        self._function, self._plan, self._watch = function, plan, watch
        n = len(start)
        self._random = np.random.default_rng(plan.seed)
        signs = self._random.choice([-1.0, 1.0], size=n)
        self._directions: FloatArray = np.eye(n)[self._random.permutation(n)] * signs[:, None]
        self._steps = np.full(n, plan.first_step)
        self.best, self.value, self.evaluations = start, float(function(start)), 1
        self._open = watch(Found(start, self.value, 1))

    def _may_go_on(self) -> bool:
        return self._open and self.evaluations < self._plan.evaluations

    def climb(self) -> None:
        """Go up until the steps are fine, and again from there until that gains nothing."""
        foot = -np.inf
        while self._may_go_on() and self.value > foot:
            foot = self.value
            self._steps[:] = self._plan.first_step
            while self._may_go_on() and self._steps.max() > self._plan.last_step:
                self._round()

    def _round(self) -> None:
        """Step along every direction, then as far as the whole round led, then turn.

        Where no direction leads up, others are drawn: a ridge may run between them.
        """
        origin = self.best
        for k in range(len(self._steps)):
            if self._steps[k] > self._plan.last_step:
                self._step_along(k)
        moved = self.best - origin
        if moved.any():
            leap = moved
            while self._try(self.best + leap):
                leap = 2 * leap
            self._turn(moved)
        else:
            drawn = self._random.standard_normal(self._directions.shape)
            self._directions = np.linalg.qr(drawn)[0]

    def _step_along(self, k: int) -> None:
        move = self._steps[k] * self._directions[k]
        if self._try(self.best + move):
            self._steps[k] = min(_GROW * self._steps[k], _LONGEST)
        elif self._try(self.best - move):
            self._directions[k] *= -1.0
            self._steps[k] = min(_GROW * self._steps[k], _LONGEST)
        else:
            self._steps[k] *= _SHRINK

    def _try(self, point: FloatArray) -> bool:
        point = np.clip(point, 0.0, 1.0)
        if not self._may_go_on() or np.allclose(point, self.best, rtol=0, atol=1e-9):
            return False
        value = float(self._function(point))
        self.evaluations += 1
        better = value > self.value + self._plan.least_gain
        if better:
            self.best, self.value = point, value
        self._open = self._watch(Found(self.best, self.value, self.evaluations))
        return better

    def _turn(self, moved: FloatArray) -> None:
        """Turn the directions so that the first follows the move; steps keep their reach."""
        reach = self._directions * self._steps[:, None]
        turned, _ = np.linalg.qr(np.column_stack([moved, *self._directions]))
        self._directions = turned.T
        self._directions[0] *= np.sign(self._directions[0] @ moved)
        self._steps = np.linalg.norm(self._directions @ reach.T, axis=1)
        self._steps[0] = max(self._steps[0], float(np.linalg.norm(moved)) / 2)
        self._steps = np.clip(self._steps, self._steps.mean() / 2, _LONGEST)
