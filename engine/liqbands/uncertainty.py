"""How sure a band's notional is: compound Poisson arrivals plus the model's own error."""

import math
from typing import Final

from liqbands.results import Unit

MODEL_ERROR: Final = 0.55
"""With `EFFECTIVE_SIZE_QUOTE` so that 50/80/90 % intervals of 50 bp bands within 10 % of the mark
held .50/.80/.90 of the truths of the simulated training worlds."""
POISSON: Final = 0.32
EFFECTIVE_SIZE_QUOTE: Final = 300_000.0
"""``E[q^2]/E[q]`` of liquidation sizes, quote currency, where none were observed."""


def effective_size(unit: Unit) -> float:
    """Return ``E[q^2]/E[q]`` of liquidation sizes to assume where none were observed.

    Parameters
    ----------
    unit : {"quote", "relative"}
        Unit of the notional; a share of the book has no sizes.

    Returns
    -------
    float
        In that unit.
    """
    return EFFECTIVE_SIZE_QUOTE if unit == "quote" else 0.0


def interval(notional: float, effective_size: float, z: float = 1.2816) -> tuple[float, float]:
    """Return the central interval of a band's notional.

    Parameters
    ----------
    notional : float
        The band's mean, quote or relative.
    effective_size : float
        ``E[q^2]/E[q]`` of liquidation sizes, in the same unit.
    z : float
        Normal quantile of the upper bound; 1.2816 makes an 80 % interval.

    Returns
    -------
    tuple of float
        Lower and upper bound.

    Notes
    -----
    Compound Poisson plus model error: Gamma with mean m and variance
    ``0.32 m E[q^2]/E[q] + (0.55 m)^2``; its quantiles by Wilson and Hilferty's cube.

    Examples
    --------
    >>> [round(bound, 2) for bound in interval(1.0, 0.0)]
    [0.39, 1.73]
    """
    if notional <= 0:
        return 0.0, 0.0
    # A ninth of variance over the mean squared, divided first: the square of a tiny mean is 0.
    part = min(POISSON * (effective_size / notional) + MODEL_ERROR**2, 1e12) / 9
    low = notional * max(1 - part - z * math.sqrt(part), 0.0) ** 3
    high = notional * max(1 - part + z * math.sqrt(part), 0.0) ** 3
    # A band smaller than one typical liquidation is mostly empty: its mean tops the quantile.
    return min(low, notional), max(high, notional)
