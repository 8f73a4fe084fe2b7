"""A Tweedie regression of power 1.5 with a log link, fitted by Newton's method.

With that power and link half the deviance, ``2 sqrt(m) + 2 y / sqrt(m)`` up to a constant with
``m = exp(b0 + b x)``, is convex in the coefficients: there is one optimum and Newton finds it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray

PENALTY: Final = 1e-3
TOLERANCE: Final = 1e-9
MAX_STEPS: Final = 100
MAX_HALVINGS: Final = 40
LARGEST_LOG: Final = 30.0
"""Predictions stay within e^30 of the training mean, whatever a new bar brings."""


@dataclass(frozen=True, eq=False)
class TweedieFit:
    """A fitted regression.

    Parameters
    ----------
    scale : float
        Mean outcome of the training part; coefficients are those of the outcome over it.
    center, spread : ndarray, shape (n_columns,)
        Mean and standard deviation of the columns in the training part.
    coefficients : ndarray, shape (n_columns + 1,)
        Intercept, then one per standardised column.
    steps : int
        Newton steps taken.
    """

    scale: float
    center: FloatArray
    spread: FloatArray
    coefficients: FloatArray
    steps: int

    def predict(self, columns: FloatArray) -> FloatArray:
        """Return predicted means.

        Parameters
        ----------
        columns : ndarray, shape (..., n_columns)
            The columns of the rows to predict, not standardised.

        Returns
        -------
        ndarray, shape (...)
            Positive, in the unit of the outcome.
        """
        log_mean = (
            self.coefficients[0] + (columns - self.center) / self.spread @ (self.coefficients[1:])
        )
        mean: FloatArray = self.scale * np.exp(np.clip(log_mean, -LARGEST_LOG, LARGEST_LOG))
        return mean


def fit_tweedie(columns: FloatArray, realised: FloatArray, penalty: float = PENALTY) -> TweedieFit:
    """Fit a Tweedie regression of power 1.5 with a log link.

    Parameters
    ----------
    columns : ndarray, shape (n, n_columns)
        Finite; standardised here, a column that does not vary is ignored.
    realised : ndarray, shape (n,)
        Outcomes, not negative and not all 0.
    penalty : float
        Weight of the squared coefficients (not of the intercept).

    Returns
    -------
    TweedieFit
        At the optimum.

    Raises
    ------
    ValueError
        If there is no row, or nothing was realised.
    ArithmeticError
        If the gradient does not vanish within 100 steps.

    Notes
    -----
    Minimises ``mean(deviance) / 2 + penalty |b|^2 / 2`` for outcomes divided by their mean, so
    that the penalty means the same in every unit.

    Examples
    --------
    >>> columns = np.array([[0.0], [0.0], [1.0], [1.0]])
    >>> fit = fit_tweedie(columns, np.array([1.0, 3.0, 6.0, 10.0]), penalty=0.0)
    >>> fit.predict(np.array([[0.0], [1.0]])).round(6)
    array([2., 8.])
    """
    scale = float(realised.mean()) if len(realised) else 0.0
    if not scale > 0:
        raise ValueError("a fit needs rows in which something was realised, there were none")
    center, spread = columns.mean(axis=0), columns.std(axis=0)
    spread = np.where(spread > 1e-12 * np.maximum(np.abs(center), 1.0), spread, np.inf)
    design = np.column_stack([np.ones(len(realised)), (columns - center) / spread])
    ridge = np.full(design.shape[1], penalty)
    ridge[0] = 0.0
    coefficients, steps = _newton(_Objective(design, realised / scale, ridge))
    return TweedieFit(scale, center, spread, coefficients, steps)


@dataclass(frozen=True, eq=False)
class _Objective:
    design: FloatArray
    outcome: FloatArray
    ridge: FloatArray

    def value(self, at: FloatArray) -> float:
        root = self._root(at)
        return float(2 * np.mean(root + self.outcome / root) + self.ridge @ at**2 / 2)

    def slope(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return gradient and Hessian."""
        root, n = self._root(at), len(self.outcome)
        gradient = self.design.T @ (root - self.outcome / root) / n + self.ridge * at
        curvature = (root + self.outcome / root) / 2
        hessian = (self.design * curvature[:, None]).T @ self.design / n + np.diag(self.ridge)
        return gradient, hessian

    def _root(self, at: FloatArray) -> FloatArray:
        root: FloatArray = np.exp(np.clip(self.design @ at, -LARGEST_LOG, LARGEST_LOG) / 2)
        return root


def _newton(objective: _Objective) -> tuple[FloatArray, int]:
    at = np.zeros(objective.design.shape[1])
    for step in range(MAX_STEPS):
        gradient, hessian = objective.slope(at)
        if np.abs(gradient).max() <= TOLERANCE:
            return at, step
        # A column that does not vary leaves the Hessian singular; least squares keeps it at 0.
        direction = np.linalg.lstsq(hessian, gradient)[0].astype(np.float64)
        at = _downhill(objective, at, direction)
    largest = float(np.abs(objective.slope(at)[0]).max())
    raise ArithmeticError(
        f"the fit did not converge: after {MAX_STEPS} steps the gradient was {largest:.1e}"
    )


def _downhill(objective: _Objective, at: FloatArray, direction: FloatArray) -> FloatArray:
    """Return the first of a full, half, quarter ... step that does not lead uphill."""
    start = objective.value(at)
    for halving in range(MAX_HALVINGS):
        there: FloatArray = at - direction / 2**halving
        if objective.value(there) <= start + 1e-12 * abs(start):
            return there
    return at
