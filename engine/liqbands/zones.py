"""Bands: contiguous zones of dense liquidations, per side.

A zone is a run of bins clearly denser than the bins around them, cut in two where a valley lies
clearly below both its peaks.  Zones never overlap, so bands plus the rest are the book.  The
density of any book grows with the distance from the price, so neither its height nor the sum of
a zone says that the zone stands out: it is compared with its own neighbourhood, and counts by what
of it is within reach.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.density import CONTRAST, Place, cut_at_valleys, is_dense
from liqbands.instrument import FloatArray, Side
from liqbands.levels import Band
from liqbands.reach import NearPart, near_part, reach_probability
from liqbands.results import BandState, Snapshot
from liqbands.uncertainty import effective_size, interval

CHANGE: Final = 1.15
"""A band that grew by this factor since the earlier copy is building; shrunk by it, fading."""


def bands(
    snapshot: Snapshot,
    contrast: float = CONTRAST,
    side: Side | None = None,
    limit: int | None = None,
) -> list[Band]:
    """Return the dense zones of a book, strongest first.

    Parameters
    ----------
    snapshot : Snapshot
        The book at one moment.
    contrast : float
        How many times denser than its neighbourhood a bin of a band is, at least 1.
    side : Side, optional
        One side only.
    limit : int, optional
        At most so many.

    Returns
    -------
    list of Band
        Zones ``[low, high)`` of whole grid bins that do not overlap.

    Raises
    ------
    ValueError
        If the contrast or the limit is below 1.
    """
    if not 1 <= contrast < math.inf:
        raise ValueError(f"contrast must be at least 1, was {contrast}")
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1, was {limit}")
    near = near_part(snapshot)
    found = [
        (one, zone)
        for one in Side
        if side in (None, one)
        for zone in zones_of(near, one, contrast)
        if near.notional[_axis(one), :, zone].any()
    ]
    weight = reach_probability(near.centers, near.book.mark, near.book.day_range)
    reached = near.notional.sum(axis=1) * weight
    total = [float(reached[_axis(one), zone].sum()) for one, zone in found]
    order = np.argsort(total)[::-1]
    strength = {int(i): 1 - rank / max(len(order) - 1, 1) for rank, i in enumerate(order)}
    return [
        make_band(near, found[i][0], found[i][1], total[i], strength[int(i)])
        for i in order[:limit].tolist()
    ]


def zones_of(near: NearPart, side: Side, contrast: float) -> list[slice]:
    """Return the bins of each zone of one side, from low to high price.

    Parameters
    ----------
    near : NearPart
        The book at one moment.
    side : Side
        Long or short.
    contrast : float
        At least 1.

    Returns
    -------
    list of slice
        Non-overlapping runs of bins.
    """
    book = near.book
    place = Place(near.centers, book.mark, book.day_range, book.grid.step)
    density = place.averaged(near.notional[_axis(side)].sum(axis=0), side)
    above = is_dense(density, side, place, contrast)
    steps = np.diff(np.concatenate([[0], above.astype(np.int8), [0]]))
    runs = zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True)
    return [zone for start, stop in runs for zone in cut_at_valleys(density, int(start), int(stop))]


def make_band(near: NearPart, side: Side, zone: slice, reached: float, strength: float) -> Band:
    """Describe one zone.

    Parameters
    ----------
    near : NearPart
        The book at one moment.
    side : Side
        Side of the zone.
    zone : slice
        Its bins.
    reached : float
        What of its notional is within reach.
    strength : float
        Its rank, 0 to 1.

    Returns
    -------
    Band
        What adapters draw.
    """
    snapshot, axis = near.book, _axis(side)
    notional = near.notional[axis, :, zone]
    layers = notional.sum(axis=1)
    per_bin = notional.sum(axis=0)
    total = float(layers.sum())
    peak = zone.start + int(np.argmax(per_bin))
    peak_price = float(near.centers[peak])
    low, high = interval(total, effective_size(snapshot.unit))
    atr = snapshot.average_true_range
    return Band(
        side=side,
        low=float(near.edges[zone.start]),
        high=float(near.edges[zone.stop]),
        peak_price=peak_price,
        notional=total,
        notional_low=low,
        notional_high=high,
        leverage_notional=dict(zip(snapshot.leverage_groups, layers.tolist(), strict=True)),
        mean_age_ms=_mean_age(snapshot.mean_age_ms[axis, zone], per_bin),
        distance=peak_price / snapshot.mark - 1,
        distance_atr=abs(peak_price - snapshot.mark) / atr if atr > 0 else math.nan,
        reach_probability=reached / total if total > 0 else 0.0,
        strength=strength,
        first_seen_ms=first_seen(snapshot, axis, peak),
        state=state_of(snapshot, axis, zone),
        unit=snapshot.unit,
    )


def first_seen(snapshot: Snapshot, axis: int, peak: int) -> int:
    """Return since when a band has been there.

    Parameters
    ----------
    snapshot : Snapshot
        The book at one moment.
    axis : int
        0 long, 1 short.
    peak : int
        The band's densest bin.

    Returns
    -------
    int
        The half day since which the peak has been dense and unswept, UTC milliseconds; the
        snapshot's own time for a band younger than that.
    """
    dense_ms = int(snapshot.dense_since_ms[axis, peak])
    if dense_ms == 0:
        return snapshot.time_ms
    return max(dense_ms, int(snapshot.unswept_since_ms[axis, peak]))


def state_of(snapshot: Snapshot, axis: int, zone: slice) -> BandState:
    """Return whether a zone grew or shrank since the earlier copy of the book.

    Parameters
    ----------
    snapshot : Snapshot
        The book at one moment.
    axis : int
        0 long, 1 short.
    zone : slice
        Bins.

    Returns
    -------
    {"building", "steady", "fading"}
        Steady also while there is no earlier copy.
    """
    if snapshot.earlier_age_ms == 0:
        return "steady"
    now = float(snapshot.contracts[axis, :, zone].sum())
    before = float(snapshot.earlier_contracts[axis, zone].sum())
    if now > CHANGE * before:
        return "building"
    return "fading" if now * CHANGE < before else "steady"


def _axis(side: Side) -> int:
    return 0 if side is Side.LONG else 1


def _mean_age(age_ms: FloatArray, weight: FloatArray) -> float:
    known: NDArray[np.bool_] = np.isfinite(age_ms) & (weight > 0)
    if not known.any():
        return math.nan
    return float(np.average(age_ms[known], weights=weight[known]))
