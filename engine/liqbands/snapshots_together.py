"""Books of several venues as one, each aligned to the reference price first.

The rule is that of `liqbands.venues_together`: a venue is moved by ``ln(reference mark / mark)``,
in whole bins and a linear split of the rest, and added in the quote currency; nothing crosses
the mark.  A venue that cannot be added is left out and named.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from liqbands.instrument import FloatArray, Instrument
from liqbands.results import IntArray, Snapshot
from liqbands.timeframes import HOUR_MS
from liqbands.venues_together import COMBINED

_LONG, _SHORT = 0, 1  # axis 0 of every two-sided array


@dataclass(frozen=True, eq=False)
class CombinedSnapshot(Snapshot):
    """The sum of several books, and what each contributed.

    Contracts are base units.  Ages and the seed's share are weighted by notional; a bin has been
    dense for as long as it was at any venue, and is unswept since its last sweep at any.

    Parameters
    ----------
    share : dict of str to float
        Share of each venue in the sum, the reference first.
    left_out : tuple of str
        Venues that could not be added, with the reason.
    """

    share: dict[str, float]
    left_out: tuple[str, ...]


def combine_snapshots(snapshots: Sequence[Snapshot], max_lag_ms: int = HOUR_MS) -> CombinedSnapshot:
    """Add venues' books after aligning each to the mark of the first that can be added.

    Parameters
    ----------
    snapshots : sequence of Snapshot
        The reference first; on the same grid.
    max_lag_ms : int
        A book that is older than the newest one by more is left out.

    Returns
    -------
    CombinedSnapshot
        What `liqbands.bands`, `liqbands.liquidation_map` and `liqbands.summary` read.

    Raises
    ------
    ValueError
        If none can be added, or standing and expected books are mixed.
    GridMismatchError
        If grids differ.

    Examples
    --------
    The sum of one venue is that venue.

    >>> from liqbands import Candles, snapshot
    >>> price = np.full(30, 100.0)
    >>> candles = Candles.from_arrays(np.arange(30) * 3_600_000, open=price, high=price * 1.01,
    ...     low=price * 0.99, close=price, volume=price, open_interest=price)
    >>> one = snapshot(candles, Instrument("bybit", "BTC/USDT:USDT"))
    >>> bool(np.isclose(combine_snapshots([one]).notional.sum(), one.notional.sum()))
    True
    """
    used, left_out = _usable(snapshots, max_lag_ms)
    reference = used[0]
    for one in used:
        reference.grid.require_same(one.grid)
        if one.quantity != reference.quantity:
            raise ValueError(f"books must all be {reference.quantity}, one was {one.quantity}")
    return _sum(used, _place_of(used), left_out)


@dataclass(frozen=True, slots=True)
class _Place:
    """The bins and layers of the sum."""

    reference: Snapshot
    first_bin: int
    n_bins: int
    groups: tuple[str, ...]

    @property
    def split(self) -> int:
        """Return the place of the mark's bin, the highest whose centre lies below the mark."""
        mark_bin = math.ceil(math.log(self.reference.mark) / self.reference.grid.step - 0.5) - 1
        return min(max(mark_bin - self.first_bin, 0), self.n_bins - 1)

    def offset(self, one: Snapshot) -> float:
        """Return by how many bins what stands in a book's arrays moves up in the sum's."""
        log_price = math.log(self.reference.mark / one.mark)
        return log_price / one.grid.step + one.first_bin - self.first_bin

    def moved(self, one: Snapshot, values: FloatArray) -> FloatArray:
        """Return values per bin, split linearly between the two bins they come to lie in."""
        whole = math.floor(self.offset(one))
        upper = self.offset(one) - whole
        out = np.zeros((*values.shape[:-1], self.n_bins))
        for place, part in ((whole, 1 - upper), (whole + 1, upper)):
            out[..., place : place + one.n_bins] += part * values
        return out

    def nearest(self, one: Snapshot, times: IntArray, outside: int) -> IntArray:
        """Return times per bin, each in the bin nearest to where it comes to lie."""
        place = round(self.offset(one))
        out = np.full((2, self.n_bins), outside, dtype=np.int64)
        out[:, place : place + one.n_bins] = times
        return out


def _usable(
    snapshots: Sequence[Snapshot], max_lag_ms: int
) -> tuple[list[Snapshot], tuple[str, ...]]:
    newest_ms = max((one.time_ms for one in snapshots), default=0)
    used, left_out = [], []
    for one in snapshots:
        venue = one.instrument.venue
        if one.unit != "quote":
            left_out.append(f"{venue}: no open interest")
        elif one.time_ms < newest_ms - max_lag_ms:
            left_out.append(f"{venue}: no recent bars")
        else:
            used.append(one)
    if not used:
        raise ValueError(
            f"at least one book must be in quote, left out: {left_out or 'none given'}"
        )
    return used, tuple(left_out)


def _place_of(used: Sequence[Snapshot]) -> _Place:
    reference = used[0]
    wide = _Place(reference, 0, 0, ())
    first = [math.floor(wide.offset(one)) for one in used]
    stop = [start + one.n_bins + 1 for start, one in zip(first, used, strict=True)]
    groups = dict.fromkeys(name for one in used for name in one.leverage_groups)
    return _Place(reference, min(first), max(stop) - min(first), tuple(groups))


def _sum(used: Sequence[Snapshot], place: _Place, left_out: tuple[str, ...]) -> CombinedSnapshot:
    reference = place.reference
    parts = [_within_sides(_layers(one, place), place.split) for one in used]
    share = _shares(parts)
    # What a contract of the sum, a base unit, is worth in each bin.
    value = reference.grid.centers(place.first_bin, place.n_bins)
    earlier_ms, earlier = _earlier(used, place)
    return CombinedSnapshot(
        instrument=_instrument(reference.instrument),
        grid=reference.grid,
        time_ms=reference.time_ms,
        mark=reference.mark,
        average_true_range=reference.average_true_range,
        day_range=reference.day_range,
        first_bin=place.first_bin,
        leverage_groups=place.groups,
        contracts=sum(parts, start=np.zeros(())) / value,
        mean_age_ms=_mean_age(used, place),
        unswept_since_ms=_unswept_since(used, place),
        dense_since_ms=_dense_since(used, place),
        earlier_contracts=earlier / value,
        earlier_age_ms=earlier_ms,
        off_grid=_off_grid(used) / reference.mark,
        seed_share=float(share @ [one.seed_share for one in used]),
        unit="quote",
        quantity=reference.quantity,
        share={one.instrument.venue: float(part) for one, part in zip(used, share, strict=True)},
        left_out=left_out,
    )


def _instrument(reference: Instrument) -> Instrument:
    return Instrument(
        COMBINED,
        reference.symbol,
        tick_size=reference.tick_size,
        market=reference.market,
    )


def _shares(parts: Sequence[FloatArray]) -> FloatArray:
    totals = np.array([part.sum() for part in parts])
    return totals / totals.sum() if totals.sum() > 0 else np.zeros(len(parts))


def _layers(one: Snapshot, place: _Place) -> FloatArray:
    """Return a book's notional on the bins and layers of the sum."""
    moved = place.moved(one, one.notional)
    out = np.zeros((2, len(place.groups), place.n_bins))
    out[:, [place.groups.index(name) for name in one.leverage_groups]] = moved
    return out


def _within_sides(notional: FloatArray, split: int) -> FloatArray:
    """Put what the linear split has carried over the mark into the bin of the mark."""
    over = notional[_LONG, :, split + 1 :].sum(axis=1), notional[_SHORT, :, :split].sum(axis=1)
    notional[_LONG, :, split] += over[_LONG]
    notional[_SHORT, :, split] += over[_SHORT]
    notional[_LONG, :, split + 1 :] = 0
    notional[_SHORT, :, :split] = 0
    return notional


def _mean_age(used: Sequence[Snapshot], place: _Place) -> FloatArray:
    weight, moment = np.zeros((2, place.n_bins)), np.zeros((2, place.n_bins))
    for one in used:
        notional = np.where(np.isfinite(one.mean_age_ms), one.notional.sum(axis=1), 0.0)
        weight += place.moved(one, notional)
        moment += place.moved(one, notional * np.nan_to_num(one.mean_age_ms))
    with np.errstate(invalid="ignore"):
        return np.where(weight > 0, moment / weight, np.nan)


def _unswept_since(used: Sequence[Snapshot], place: _Place) -> IntArray:
    """Return the last sweep at any venue; a venue that holds nothing in a bin has no say."""
    since = np.stack([place.nearest(one, one.unswept_since_ms, 0) for one in used]).max(axis=0)
    return np.where(since > 0, since, place.reference.time_ms)


def _dense_since(used: Sequence[Snapshot], place: _Place) -> IntArray:
    """Return since when any venue has been dense, 0 where none is."""
    never = np.iinfo(np.int64).max
    dense = [place.nearest(one, one.dense_since_ms, 0) for one in used]
    first = np.stack([np.where(since > 0, since, never) for since in dense]).min(axis=0)
    return np.where(first < never, first, 0)


def _earlier(used: Sequence[Snapshot], place: _Place) -> tuple[int, FloatArray]:
    """Return the sum of the earlier copies, in quote; NaN unless every venue has one."""
    if any(one.earlier_age_ms == 0 for one in used):
        return 0, np.full((2, place.n_bins), np.nan)
    notional = [place.moved(one, one.earlier_contracts * one.contract_value) for one in used]
    return place.reference.earlier_age_ms, sum(notional, start=np.zeros(()))


def _off_grid(used: Sequence[Snapshot]) -> FloatArray:
    """Return what stands off the grid, in quote at each venue's mark."""
    marks = [float(one.instrument.notional_per_contract(np.array(one.mark))) for one in used]
    return sum(
        (one.off_grid * mark for one, mark in zip(used, marks, strict=True)), start=np.zeros(2)
    )
