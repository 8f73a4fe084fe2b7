"""Which bins of a book are denser than their neighbourhood, and where runs of them are cut."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray, Side
from liqbands.reach import REACH

CONTRAST: Final = 1.1
"""Bands are denser than so many times the average around them."""

FINENESS: Final = 45
"""Densities are averaged over a day's range divided by so much on each side: what lies closer
together is one zone to whoever trades it."""

_FEWEST_AROUND: Final = 10
"""Bins on each side that make a neighbourhood at least; a day's range of them otherwise."""

VALLEY: Final = 0.85
"""A zone is cut where density falls below this share of the lower of the two peaks."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where bins lie, and how far price moves there.

    Parameters
    ----------
    centers : ndarray, shape (n_bins,)
        Middle of each bin, quote per base.
    mark : float
        Mark price, quote per base.
    day_range : float
        Log range of a day of trading; NaN when unknown.
    step : float
        Log width of a bin.
    """

    centers: FloatArray
    mark: float
    day_range: float
    step: float

    def inside(self, side: Side) -> NDArray[np.bool_]:
        """Return which bins lie on a side of the mark and within reach."""
        away = np.log(self.centers / self.mark) * -side
        return (away > 0) & (away <= REACH)

    def averaged(self, density: FloatArray, side: Side) -> FloatArray:
        """Return densities as a trader sees them: averaged over what lies close together."""
        return _mean_around(density, self.inside(side), self._bins(self.day_range / FINENESS, 0))

    def around(self, density: FloatArray, side: Side) -> FloatArray:
        """Return the average density of each bin's neighbourhood.

        It ends at the mark.  Outwards it goes as far as inwards: otherwise whatever rises up to
        the end of reach would stand out there.
        """
        inside = self.inside(side)
        bins = np.flatnonzero(inside)
        if not len(bins):
            return np.zeros(len(density))
        outermost = bins[0] if side is Side.LONG else bins[-1]
        to_end = np.abs(np.arange(len(density)) - outermost)
        width = self._bins(self.day_range, _FEWEST_AROUND)
        return _mean_around(density, inside, np.minimum(width, to_end))

    def _bins(self, log_range: float, fewest: int) -> int:
        return max(fewest, round(log_range / self.step)) if log_range > 0 else fewest


def is_dense(
    density: FloatArray, side: Side, place: Place, contrast: float = CONTRAST
) -> NDArray[np.bool_]:
    """Return which bins of a side are clearly denser than the bins around them.

    Parameters
    ----------
    density : ndarray, shape (n_bins,)
        Notional per bin of one side.
    side : Side
        Which one.
    place : Place
        Where the bins lie.
    contrast : float
        How many times denser, at least 1.

    Returns
    -------
    ndarray of bool, shape (n_bins,)
        False beyond reach.
    """
    dense: NDArray[np.bool_] = place.inside(side) & (
        density > contrast * place.around(density, side)
    )
    return dense


def _mean_around(
    density: FloatArray, inside: NDArray[np.bool_], width: int | NDArray[np.int64]
) -> FloatArray:
    """Return the mean of the bins inside that are no further away than `width` bins."""
    bins = np.arange(len(density))
    first, last = np.maximum(bins - width, 0), np.minimum(bins + width + 1, len(density))
    sums, counts = (
        np.concatenate([[0.0], np.cumsum(values)])
        for values in (np.where(inside, density, 0.0), inside.astype(np.float64))
    )
    mean: FloatArray = (sums[last] - sums[first]) / np.maximum(counts[last] - counts[first], 1.0)
    return mean


def cut_at_valleys(density: FloatArray, start: int, stop: int) -> list[slice]:
    """Split a run of bins where a valley lies clearly below both its peaks.

    Parameters
    ----------
    density : ndarray, shape (n_bins,)
        Notional per bin.
    start, stop : int
        The run.

    Returns
    -------
    list of slice
        Consecutive parts that add up to the run.

    Examples
    --------
    >>> cut_at_valleys(np.array([4.0, 9.0, 3.0, 8.0, 7.5, 8.0]), 0, 6)
    [slice(0, 2, None), slice(2, 6, None)]
    """
    cuts = [start]
    values = density[start:stop].tolist()
    peak = valley = values[0]
    place = start
    for i, value in enumerate(values[1:], start + 1):
        if value < valley:
            valley, place = value, i
        if valley < VALLEY * peak and valley < VALLEY * value:
            cuts.append(place)
            peak = valley = value
        elif value > peak:
            peak = valley = value
    cuts.append(stop)
    return [slice(a, b) for a, b in pairwise(cuts)]
