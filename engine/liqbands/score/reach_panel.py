"""What a map said about the rows that the mark price reached, and about every bar.

A map is always asked for the same distance around the mark price, so that the question does not
tell how far price will go.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.marks import MarkPrices, highest_to, lowest_from
from liqbands.score.panel import Panel
from liqbands.score.reached_rows import FURTHEST, ReachedRows, half_width
from liqbands.score.types import MapModel, ModelFactory
from liqbands.score.withheld import walk_forward


class SweepingModel(MapModel, Protocol):
    """A map that itself counts what it removed because price arrived."""

    @property
    def swept_so_far(self) -> FloatArray:
        """Return the contracts swept since the first bar, shape (2,)."""


SweepingFactory = Callable[[Instrument, int], SweepingModel]


def reach_panel(
    factory: ModelFactory,
    instrument: Instrument,
    candles: Candles,
    reached: ReachedRows,
    run: int = 0,
) -> Panel:
    """Return what a map held in the rows that the mark price then reached.

    Parameters
    ----------
    factory : ModelFactory
        Makes the model; it walks over the tape once and is read at each snapshot.
    instrument : Instrument
        What the bars are of.
    candles : Candles
        The bars that `reached` was found in.
    reached : ReachedRows
        Snapshots and rows.
    run : int
        Number of the world, seed or coin, for panels that are put together.

    Returns
    -------
    Panel
        One row per reached row, in the same order; side, time and distance are in `reached`.
    """
    rows = reached.plan.rows_of(instrument)
    per_row, half = reached.plan.bins_per_row, half_width(rows)
    predicted = np.zeros(len(reached.row))
    ends = np.searchsorted(reached.snapshot, np.arange(len(reached.n_seen) + 1))
    seen, which = np.unique(reached.n_seen, return_inverse=True)
    snapshots = [np.flatnonzero(which == k) for k in range(len(seen))]
    for (_, model), same in zip(
        walk_forward(factory, instrument, candles, seen.tolist()), snapshots, strict=True
    ):
        near = int(reached.near_row[same[0]])
        shown = model.standing((near - half) * per_row, 2 * half * per_row)
        held = shown.reshape(2, 2 * half, per_row).sum(axis=2)
        part = slice(ends[same[0]], ends[same[-1] + 1])
        s = (reached.side[part] < 0).astype(np.int64)
        predicted[part] = held[s, reached.row[part] - (near - half)]
    return Panel(
        predicted=predicted,
        realised=reached.notional,
        snapshot=reached.snapshot,
        run=np.full(len(predicted), run),
        counts=reached.counts,
        lag=reached.lag,
    )


def predicted_totals(
    factory: ModelFactory, instrument: Instrument, candles: Candles, bars_per_step: int = 1
) -> FloatArray:
    """Return what a map held where the mark price then came, bar by bar.

    Parameters
    ----------
    factory : ModelFactory
        Makes the model; it walks over the tape once.
    instrument : Instrument
        What the bars are of.
    candles : Candles
        The tape.
    bars_per_step : int
        Bars that are taken together: the map before the first is summed over what any of them
        reached.  60 makes hours of minutes, and reading a map every minute takes long.

    Returns
    -------
    ndarray, shape (2, n_steps)
        Longs and shorts; 0 in the first step, before which there was no map.

    Raises
    ------
    ValueError
        If `bars_per_step` is not positive.

    Notes
    -----
    ``sum of map(t - 1) over bins whose centre the mark price of bar t reached`` (model
    description, 8.3, "Hourly totals"), bins up to `FURTHEST` from the last mark price.
    """
    steps = _steps(candles, bars_per_step)
    totals = np.zeros((2, len(steps) - 1))
    grid, marks = PriceGrid.of(instrument.market), MarkPrices.of(candles)
    reach = round(FURTHEST / grid.step)
    near = grid.bin_of(marks.close)
    reached = (
        lowest_from(np.minimum.reduceat(marks.low, steps[:-1]), grid),
        highest_to(np.maximum.reduceat(marks.high, steps[:-1]), grid),
    )
    for k, (n, model) in enumerate(walk_forward(factory, instrument, candles, steps[1:-1]), 1):
        first = int(near[n - 1]) - reach
        longs, shorts = model.standing(first, 2 * reach)
        totals[0, k] = longs[max(int(reached[0][k]) - first, 0) :].sum()
        totals[1, k] = shorts[: max(int(reached[1][k]) + 1 - first, 0)].sum()
    return totals


def swept_totals(
    factory: SweepingFactory, instrument: Instrument, candles: Candles, bars_per_step: int = 1
) -> FloatArray:
    """Return what a model itself says was liquidated, bar by bar.

    Unlike `predicted_totals` it moves with the map inside of a step, and it counts what was
    opened and liquidated inside of a bar, for which the bar's own volume is used.

    Parameters
    ----------
    factory : callable
        Makes an `EngineModel` or another model that counts.
    instrument : Instrument
        What the bars are of.
    candles : Candles
        The tape.
    bars_per_step : int
        Bars that are taken together.

    Returns
    -------
    ndarray, shape (2, n_steps)
        Longs and shorts, contracts.

    Raises
    ------
    ValueError
        If `bars_per_step` is not positive.
    """
    steps = _steps(candles, bars_per_step)
    walk = walk_forward(factory, instrument, candles, steps[1:])
    so_far = [np.zeros(2), *(model.swept_so_far for _, model in walk)]
    totals: FloatArray = np.diff(np.stack(so_far, axis=1), axis=1)
    return totals


def _steps(candles: Candles, bars_per_step: int) -> list[int]:
    """Return the first bar of each step, and the number of bars."""
    if bars_per_step < 1:
        raise ValueError(f"bars_per_step must be at least 1, was {bars_per_step}")
    return [*range(0, len(candles), bars_per_step), len(candles)]
