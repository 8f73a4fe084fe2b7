"""Bands through time: each keeps its slot while it lives, and its sweep is reported once."""

from collections.abc import Sequence
from dataclasses import replace

from liqbands.levels import Band


class BandTracker:
    """Give bands of successive snapshots stable slots.

    A slot that has lost its band stays empty for at least one update before another band takes
    it, because a chart would join the two; the new band waits.  What is swept still shows in its
    slot in that update, so the empty one is the next.

    Parameters
    ----------
    n_slots : int
        Most bands at a time; the strongest are kept.

    Raises
    ------
    ValueError
        If there is no slot.

    Examples
    --------
    >>> BandTracker(4).update([], low=99.0, high=101.0)
    []
    """

    def __init__(self, n_slots: int) -> None:
        if n_slots < 1:
            raise ValueError(f"n_slots must be at least 1, was {n_slots}")
        self._alive: list[Band | None] = [None] * n_slots
        self._shown: frozenset[int] = frozenset()

    def update(self, bands: Sequence[Band], low: float, high: float) -> list[Band]:
        """Take the bands at the close of the next bar.

        Parameters
        ----------
        bands : sequence of Band
            All bands, strongest first.
        low, high : float
            Extremes of the mark price in the bar, quote per base.

        Returns
        -------
        list of Band
            At most `n_slots` living bands in slot order, then those that this bar swept,
            each with the slot it had and the state ``"swept"``.  A slot has another band than
            one update earlier only if that band continues the earlier one.
        """
        before = self._alive
        kept = list(bands[: len(before)])
        self._alive = [None] * len(before)
        for slot, old in enumerate(before):
            heir = _heir(old, kept) if old is not None else None
            if heir is not None:
                kept.remove(heir)
                self._alive[slot] = replace(heir, slot=slot)
        gone = [
            replace(old, state="swept", slot=slot)
            for slot, old in enumerate(before)
            if old is not None and self._alive[slot] is None and low <= old.peak_price <= high
        ]
        empty = [slot for slot in range(len(before)) if slot not in self._shown]
        for band, slot in zip(kept, empty, strict=False):
            self._alive[slot] = replace(band, slot=slot)
        shown = [band for band in self._alive if band is not None] + gone
        self._shown = frozenset(band.slot for band in shown)
        return shown


def _heir(old: Band, bands: Sequence[Band]) -> Band | None:
    """Return the band that continues an old one: same side, most overlap."""
    best, most = None, 0.0
    for band in bands:
        overlap = min(band.high, old.high) - max(band.low, old.low)
        if band.side is old.side and overlap > most:
            best, most = band, overlap
    return best
