"""Several venues as one heatmap, each book aligned to the reference price first.

Every venue keeps its own book.  A column of a venue is moved by ``ln(reference mark / mark)``,
in whole bins and a linear split of the rest, so that distances from the mark stay what they
are and every dollar stays in the sum.  A venue without a column at a time is left out of that
column and named; it is never zero and never carried on.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.errors import GridMismatchError
from liqbands.instrument import FloatArray, Instrument
from liqbands.results import Heatmap

IntArray = NDArray[np.int64]

COMBINED: Final = "combined"
"""Venue of the sum's instrument."""


@dataclass(frozen=True, eq=False)
class CombinedHeatmap:
    """The sum of several venues, and what each contributed.

    Parameters
    ----------
    heatmap : Heatmap
        The sum, on the rows and columns of the reference venue.
    venues : tuple of str
        Venues in the order given, the reference first.
    quotes : tuple of str
        Quote currency of each; they are added at par and named here.
    is_present : ndarray of bool, shape (n_venues, n_bars)
        Whether a venue is in a column.
    shift : ndarray, shape (n_venues, n_bars)
        Log price by which a venue's column was moved; NaN where it is absent.
    last_share : dict of str to float
        Share of the sum in the last column in which each venue was present.
    """

    heatmap: Heatmap
    venues: tuple[str, ...]
    quotes: tuple[str, ...]
    is_present: NDArray[np.bool_]
    shift: FloatArray
    last_share: dict[str, float]


def combine(heatmaps: Sequence[Heatmap]) -> CombinedHeatmap:
    """Add venues' heatmaps after aligning each to the first one's mark.

    Parameters
    ----------
    heatmaps : sequence of Heatmap
        The reference first; same grid, rows of one bin each, same column length, in quote.

    Returns
    -------
    CombinedHeatmap
        The sum on the reference's rows and columns.

    Raises
    ------
    ValueError
        If there is none, or one is in relative units.
    GridMismatchError
        If grids, row heights or column lengths differ.

    Examples
    --------
    The sum of one venue is that venue.

    >>> from liqbands import Candles, Instrument, heatmap
    >>> price = np.full(30, 100.0)
    >>> candles = Candles.from_arrays(np.arange(30) * 3_600_000, open=price, high=price * 1.01,
    ...     low=price * 0.99, close=price, volume=price, open_interest=price)
    >>> one = heatmap(candles, Instrument("bybit", "BTC/USDT:USDT"), max_rows=100_000)
    >>> bool(np.allclose(combine([one]).heatmap.notional, one.notional))
    True
    """
    _check(heatmaps)
    reference = heatmaps[0]
    placed = [_place(one, reference) for one in heatmaps]
    longs = sum(part[0] for part in placed)
    shorts = sum(part[1] for part in placed)
    shift = np.stack([part[2] for part in placed])
    totals = np.stack([(part[0] + part[1]).sum(axis=1) for part in placed])
    venues = tuple(one.instrument.venue for one in heatmaps)
    return CombinedHeatmap(
        heatmap=_sum(reference, np.asarray(longs), np.asarray(shorts)),
        venues=venues,
        quotes=tuple(one.instrument.quote for one in heatmaps),
        is_present=np.isfinite(shift),
        shift=shift,
        last_share=_last_share(venues, totals, np.isfinite(shift)),
    )


def coarser(heatmap: Heatmap, max_rows: int) -> Heatmap:
    """Return the same heatmap on fewer rows, each a sum of whole rows.

    Parameters
    ----------
    heatmap : Heatmap
        Rows of one bin.
    max_rows : int
        Bound on the rows.

    Returns
    -------
    Heatmap
        Rows counted from bin 0; the outermost may cover bins that were not given.
    """
    per_row = max(1, math.ceil(heatmap.n_bands / max_rows))
    first = heatmap.first_bin // per_row
    before = heatmap.first_bin - first * per_row
    n_rows = -(-(before + heatmap.n_bands) // per_row)
    after = n_rows * per_row - before - heatmap.n_bands
    longs, shorts = (
        np.pad(side, ((0, 0), (before, after))).reshape(heatmap.n_bars, n_rows, per_row).sum(axis=2)
        for side in (heatmap.long_notional, heatmap.short_notional)
    )
    split = np.clip((heatmap.split_row + before) // per_row, -1, n_rows)
    result = replace(
        heatmap,
        first_bin=first * per_row,
        bins_per_row=per_row,
        split_row=split,
        notional=longs + shorts,
    )
    return replace(result, split_long=_at(longs, split))


def _check(heatmaps: Sequence[Heatmap]) -> None:
    if not heatmaps:
        raise ValueError("combine needs at least one heatmap, there was none")
    reference = heatmaps[0]
    for one in heatmaps:
        reference.grid.require_same(one.grid)
        if one.bins_per_row != 1:
            raise GridMismatchError(
                f"{one.instrument.venue}: rows must be one bin high, were {one.bins_per_row}; "
                "make the heatmap with a larger max_rows"
            )
        if one.timeframe_ms != reference.timeframe_ms:
            raise GridMismatchError(
                f"{one.instrument.venue}: columns must be {reference.timeframe_ms} ms long, "
                f"were {one.timeframe_ms}"
            )
        if one.unit != "quote":
            raise ValueError(
                f"{one.instrument.venue}: only notional in quote can be added, was {one.unit}"
            )


def _place(one: Heatmap, reference: Heatmap) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return a venue's longs and shorts on the reference's cells, and the shifts."""
    shape = (reference.n_bars, reference.n_bands)
    longs, shorts = np.zeros(shape), np.zeros(shape)
    shift = np.full(reference.n_bars, np.nan)
    column_at = {int(time): column for column, time in enumerate(one.open_time_ms)}
    own_longs, own_shorts = one.long_notional, one.short_notional
    for column, time in enumerate(reference.open_time_ms):
        own = column_at.get(int(time))
        if own is None:
            continue
        shift[column] = math.log(reference.mark[column] / one.mark[own])
        bins = shift[column] / reference.grid.step + one.first_bin - reference.first_bin
        split = int(reference.split_row[column])
        _move(own_longs[own], bins, longs[column, : max(split + 1, 0)])
        _move(
            own_shorts[own][::-1],
            reference.n_bands - one.n_bands - bins,
            shorts[column, ::-1][: reference.n_bands - max(split, 0)],
        )
    return longs, shorts, shift


def _move(side: NDArray[np.float32], bins: float, target: FloatArray) -> None:
    """Add a side, moved up by `bins`, to rows that end at the mark.

    What the split would carry over the mark stays in the row of the mark; what leaves at the
    far end is not shown.
    """
    whole = math.floor(bins)
    upper = bins - whole
    for offset, share in ((whole, 1 - upper), (whole + 1, upper)):
        place = np.arange(len(side)) + offset
        place = np.minimum(place, len(target) - 1)
        shown = place >= 0
        np.add.at(target, place[shown], share * side[shown])


def _sum(reference: Heatmap, longs: FloatArray, shorts: FloatArray) -> Heatmap:
    instrument = reference.instrument
    return replace(
        reference,
        instrument=Instrument(
            COMBINED,
            instrument.symbol,
            tick_size=instrument.tick_size,
            market=instrument.market,
        ),
        notional=(longs + shorts).astype(np.float32),
        split_long=_at(longs.astype(np.float32), reference.split_row),
    )


def _at(side: NDArray[np.float32], split_row: IntArray) -> NDArray[np.float32]:
    """Return a side's value in each column's row of the mark, 0 where it is outside."""
    inside = (split_row >= 0) & (split_row < side.shape[1])
    values = np.zeros(len(side), dtype=np.float32)
    values[inside] = side[inside, split_row[inside]]
    return values


def _last_share(
    venues: tuple[str, ...], totals: FloatArray, is_present: NDArray[np.bool_]
) -> dict[str, float]:
    share = {}
    for venue, total, present in zip(venues, totals, is_present, strict=True):
        columns = np.flatnonzero(present)
        if len(columns):
            whole = totals[:, columns[-1]].sum()
            share[venue] = float(total[columns[-1]] / whole) if whole > 0 else 0.0
    return share
