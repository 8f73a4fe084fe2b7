"""Deviance: what a wrong mean costs when the outcome is zero mostly and huge sometimes.

Squared error would be ruled by a few cascades.  The Tweedie deviance of power 1.5 (compound
Poisson with gamma sizes) weighs an amount by the root of its mean, the Poisson deviance counts.
"""

import numpy as np

from liqbands.instrument import FloatArray


def tweedie_deviance(realised: FloatArray, mean: FloatArray) -> FloatArray:
    """Return the Tweedie deviance of power 1.5 row by row.

    Parameters
    ----------
    realised : ndarray, shape (n,)
        Amounts, not negative.
    mean : ndarray, shape (n,)
        Predicted means, positive, in the same unit.

    Returns
    -------
    ndarray, shape (n,)
        0 where the prediction was exact; in the root of the unit.

    Notes
    -----
    Formula: ``4 (sqrt(y) - sqrt(m))^2 / sqrt(m)``.

    Examples
    --------
    >>> tweedie_deviance(np.array([0.0, 4.0, 9.0]), np.array([4.0, 4.0, 4.0]))
    array([8., 0., 2.])
    """
    root = np.sqrt(mean)
    deviance: FloatArray = 4 * (np.sqrt(realised) - root) ** 2 / root
    return deviance


def poisson_deviance(counts: FloatArray, mean: FloatArray) -> FloatArray:
    """Return the Poisson deviance row by row.

    Parameters
    ----------
    counts : ndarray, shape (n,)
        How often something happened.
    mean : ndarray, shape (n,)
        Predicted means, positive.

    Returns
    -------
    ndarray, shape (n,)
        0 where the prediction was exact.

    Notes
    -----
    Formula: ``2 (y ln(y/m) - y + m)``, with ``0 ln 0 = 0``.

    Examples
    --------
    >>> poisson_deviance(np.array([0.0, 3.0]), np.array([1.0, 3.0]))
    array([2., 0.])
    """
    ratio = np.divide(counts, mean, out=np.ones_like(mean), where=counts > 0)
    deviance: FloatArray = 2 * (counts * np.log(ratio) - counts + mean)
    return deviance


def deviance_skill(model: FloatArray, base: FloatArray, weights: FloatArray) -> float:
    """Return by which share a model's deviance is below that of a base.

    Parameters
    ----------
    model, base : ndarray, shape (n,)
        Deviances of the same rows.
    weights : ndarray, shape (n,)
        How often each row counts.

    Returns
    -------
    float
        1 is exact, 0 no better than the base, negative worse; NaN where the base is exact.
    """
    whole = float(weights @ base)
    return 1 - float(weights @ model) / whole if whole > 0 else float("nan")
