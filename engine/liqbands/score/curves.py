"""Curves for a report: what the densest bins catch, and whether predicted amounts come true."""

from dataclasses import dataclass

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.ranks import Ranking


@dataclass(frozen=True, eq=False)
class LiftCurve:
    """How much of all that was realised lies in the densest bins.

    Parameters
    ----------
    share : ndarray, shape (n_points,)
        Share of the bins taken, densest first, 0 to 1.
    caught : ndarray, shape (n_points,)
        Share of the realised notional in them; a map that does not tell has `share`.
    """

    share: FloatArray
    caught: FloatArray


@dataclass(frozen=True, eq=False)
class CalibrationCurve:
    """Predicted and realised means in classes of equal size.

    Parameters
    ----------
    predicted, realised : ndarray, shape (n_classes,)
        Means per class, lowest prediction first; equal when calibrated.
    rows_per_class : float
        Rows in each class; a fraction where tied rows are shared between classes.
    """

    predicted: FloatArray
    realised: FloatArray
    rows_per_class: float


def lift_curve(predicted: FloatArray, realised: FloatArray, n_points: int = 21) -> LiftCurve:
    """Return how much of all that was realised the densest bins hold.

    Parameters
    ----------
    predicted : ndarray, shape (n,)
        The map in each reached bin.
    realised : ndarray, shape (n,)
        Notional liquidated in it.
    n_points : int
        Points of the curve, both ends included.

    Returns
    -------
    LiftCurve
        NaN where nothing was realised at all; ties are averaged over.

    Examples
    --------
    >>> lift_curve(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 0.0, 2.0, 6.0]), 5).caught
    array([0.  , 0.75, 1.  , 1.  , 1.  ])
    """
    ranking, once = Ranking.of(predicted), np.ones(len(predicted))
    share = np.linspace(0.0, 1.0, n_points)
    amounts, total = ranking.sums(realised), float(realised.sum())
    caught = np.array([float(ranking.top(s, once) @ amounts) for s in share])
    return LiftCurve(share, caught / total if total > 0 else np.full(n_points, np.nan))


def calibration_curve(
    predicted: FloatArray, realised: FloatArray, n_classes: int = 10
) -> CalibrationCurve:
    """Return predicted and realised means by decile of the prediction.

    Parameters
    ----------
    predicted : ndarray, shape (n,)
        Predicted means in the unit of `realised`, e.g. `Link.mean` of the scored rows.
    realised : ndarray, shape (n,)
        Notional liquidated.
    n_classes : int
        Classes of equal size.

    Returns
    -------
    CalibrationCurve
        Rows that are tied across a limit count partly in both classes.

    Raises
    ------
    ValueError
        If there is no row.

    Examples
    --------
    >>> curve = calibration_curve(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 1.0, 3.0, 9.0]), 2)
    >>> curve.predicted, curve.realised
    (array([1.5, 3.5]), array([0.5, 6. ]))
    """
    if len(predicted) == 0:
        raise ValueError("a calibration curve needs at least one row, there was none")
    ranking, once = Ranking.of(predicted), np.ones(len(predicted))
    share = np.arange(n_classes + 1) / n_classes
    above = np.stack([ranking.top(s, once) for s in share])
    member = np.diff(above, axis=0)[::-1]
    size = len(predicted) / n_classes
    return CalibrationCurve(
        member @ ranking.sums(predicted) / size, member @ ranking.sums(realised) / size, size
    )
