"""Bands through time: each keeps its slot while it lives, and its sweep is reported once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.levels import Band


@dataclass(frozen=True, slots=True)
class Slot:
    """What a slot shows after an update.

    Parameters
    ----------
    band : Band
        The band that holds it.
    since_ms : int
        Time of the update in which the band took it; so it names the owner.
    is_swept : bool
        Whether the last update swept the band, which shows for the last time then.
    """

    band: Band
    since_ms: int
    is_swept: bool = False


class BandTracker:
    """Give bands of successive snapshots stable slots.

    A slot that has lost its band stays empty for at least one update before another band takes
    it, because a chart would join the two; the new band waits.  What is swept still shows in its
    slot in that update, so the empty one is the next.

    Parameters
    ----------
    n_slots : int
        Most bands at a time; the strongest are kept.
    slots : sequence of Slot or None, optional
        Slots of an earlier tracker, to go on from there; of the bands in them only side, edges
        and peak price count.

    Raises
    ------
    ValueError
        If there is no slot, or the earlier tracker had another number of them.

    Examples
    --------
    >>> BandTracker(4).update([], low=99.0, high=101.0)
    []
    """

    def __init__(self, n_slots: int, slots: Sequence[Slot | None] | None = None) -> None:
        if n_slots < 1:
            raise ValueError(f"n_slots must be at least 1, was {n_slots}")
        if slots is not None and len(slots) != n_slots:
            raise ValueError(f"slots must be {n_slots}, were {len(slots)}")
        self._slots: list[Slot | None] = [None] * n_slots if slots is None else list(slots)

    @property
    def slots(self) -> tuple[Slot | None, ...]:
        """Return what each slot shows since the last update; None is empty."""
        return tuple(self._slots)

    def update(
        self, bands: Sequence[Band], low: float, high: float, time_ms: int = 0
    ) -> list[Band]:
        """Take the bands at the close of the next bar.

        Parameters
        ----------
        bands : sequence of Band
            All bands, strongest first.
        low, high : float
            Extremes of the mark price in the bar, quote per base.
        time_ms : int
            When that is, later with every update; only `Slot.since_ms` needs it.

        Returns
        -------
        list of Band
            At most `n_slots` living bands in slot order, then those that this bar swept,
            each with the slot it had and the state ``"swept"``.  A slot has another band than
            one update earlier only if that band continues the earlier one.
        """
        self.follow(bands, low, high, time_ms)
        shown = [(slot, one) for slot, one in enumerate(self._slots) if one is not None]
        alive = [replace(one.band, slot=slot) for slot, one in shown if not one.is_swept]
        swept = [replace(one.band, state="swept", slot=slot) for slot, one in shown if one.is_swept]
        return alive + swept

    def follow(self, bands: Sequence[Band], low: float, high: float, time_ms: int) -> None:
        """Do as `update`, for those who read `slots` afterwards.

        Parameters
        ----------
        bands : sequence of Band
            All bands, strongest first.
        low, high : float
            Extremes of the mark price in the bar, quote per base.
        time_ms : int
            When that is, later with every update.
        """
        before = self._slots
        waiting = list(bands[: len(before)])
        heirs = _heirs(
            [old.band for old in before if old is not None and not old.is_swept], waiting
        )
        places = iter(heirs)
        self._slots = [
            None if old is None or old.is_swept else _next(old, next(places), waiting, low, high)
            for old in before
        ]
        inherited = set(heirs)
        free = [band for place, band in enumerate(waiting) if place not in inherited]
        empty = [slot for slot, old in enumerate(before) if old is None]
        for band, slot in zip(free, empty, strict=False):
            self._slots[slot] = Slot(band, time_ms)


def _next(
    old: Slot, heir: int | None, bands: Sequence[Band], low: float, high: float
) -> Slot | None:
    """Return what follows on a living band."""
    if heir is not None:
        return Slot(bands[heir], old.since_ms)
    if low <= old.band.peak_price <= high:
        return replace(old, is_swept=True)
    return None


def _heirs(old: Sequence[Band], new: Sequence[Band]) -> list[int | None]:
    """Return which new band continues each old one: same side, most overlap, one heir each."""
    if not new:
        return [None] * len(old)
    was, now = _sides_and_edges(old), _sides_and_edges(new)
    low = np.maximum(was[:, None, 1], now[:, 1])
    high = np.minimum(was[:, None, 2], now[:, 2])
    overlap = np.where(was[:, None, 0] == now[:, 0], high - low, 0.0)
    heirs: list[int | None] = []
    for row in overlap:
        place = int(row.argmax())
        heirs.append(place if row[place] > 0 else None)
        if row[place] > 0:
            overlap[:, place] = 0.0
    return heirs


def _sides_and_edges(bands: Sequence[Band]) -> FloatArray:
    rows = [(band.side, band.low, band.high) for band in bands]
    return np.array(rows, dtype=np.float64).reshape(len(bands), 3)
