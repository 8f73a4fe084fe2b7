"""The ladders that a book uses in the course of time, laid on its grid.

A venue changes its margin rule at a date; forex and stock distances follow the daily range.
Both are *levels*: whole numbers that depend on the bar alone, never on what was loaded before.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument, MarketKind
from liqbands.kernel.state import IntArray, Tiers
from liqbands.ladder import Ladder, leverage_ladder, rule_changes, stop_ladder
from liqbands.parameters import Parameters
from liqbands.placement import REACH, lay_on_grid
from liqbands.rules import Basis

SLACK_BINS: Final = 1536
"""Bins stored beyond the longest kernel, so that the window seldom moves."""

RANGE_QUANTUM: Final = 0.1
"""Ranges that scale stop distances are rounded to 10 %."""

SCALED_MARKETS: Final = (MarketKind.FOREX, MarketKind.STOCK)
"""Markets whose stop distances follow the daily range."""


@dataclass(frozen=True, slots=True)
class LaidLadder:
    """A ladder, and the same ladder on the grid."""

    ladder: Ladder
    tiers: Tiers


@lru_cache(maxsize=256)
def lay_ladder(
    instrument: Instrument, parameters: Parameters, grid: PriceGrid, basis: Basis, level: int
) -> LaidLadder:
    """Make a level's ladder and lay it on the grid; the same arguments give the same object.

    Parameters
    ----------
    instrument : Instrument
        Venue, contract and market.
    parameters : Parameters
        The model's settings.
    grid : PriceGrid
        The grid to lay it on.
    basis : {"open_interest", "volume"}
        Leverage ladder or stop ladder.
    level : int
        Number of the venue's rule, or of the rounded daily range.

    Returns
    -------
    LaidLadder
        Read it, do not change it.
    """
    market = instrument.market
    if basis == "open_interest":
        changes = rule_changes(instrument)
        held_at = changes[level] - 1 if level < len(changes) else None
        ladder = leverage_ladder(instrument, parameters, held_at)
    else:
        ladder = stop_ladder(market, math.exp(level * RANGE_QUANTUM), parameters)
    return LaidLadder(ladder, lay_on_grid(ladder, grid, parameters, REACH[market]))


class LadderShelf:
    """Make each level's ladder once.

    Parameters
    ----------
    instrument : Instrument
        Venue, contract and market.
    parameters : Parameters
        The model's settings.
    grid : PriceGrid
        The grid to lay ladders on.
    basis : {"open_interest", "volume"}
        Leverage ladder or stop ladder.
    """

    def __init__(
        self,
        instrument: Instrument,
        parameters: Parameters,
        grid: PriceGrid,
        basis: Basis,
    ) -> None:
        self._instrument = instrument
        self._parameters = parameters
        self._grid = grid
        self._basis = basis
        self._change_list = rule_changes(instrument)
        self._changes = np.array(self._change_list, dtype=np.int64)
        self._made: dict[int, LaidLadder] = {}

    @property
    def n_bins(self) -> int:
        """Return how many bins a side has to store."""
        first = self.at(0)
        furthest = first.tiers.furthest
        if self._is_scaled:
            ratio = float(first.ladder.ratio.max())
            furthest = math.ceil(REACH[self._instrument.market] * ratio / self._grid.step)
        return furthest + SLACK_BINS

    @property
    def _is_scaled(self) -> bool:
        return self._basis == "volume" and self._instrument.market in SCALED_MARKETS

    def at(self, level: int) -> LaidLadder:
        """Return the ladder of a level.

        Parameters
        ----------
        level : int
            From `rule_levels` or `range_levels`.

        Returns
        -------
        LaidLadder
            The same object every time.
        """
        if level not in self._made:
            self._made[level] = lay_ladder(
                self._instrument, self._parameters, self._grid, self._basis, level
            )
        return self._made[level]

    def rule_level(self, open_time_ms: int) -> int:
        """Return which of the venue's rules holds in one bar.

        Parameters
        ----------
        open_time_ms : int
            When the bar opens, UTC milliseconds.

        Returns
        -------
        int
            Level.
        """
        return bisect_right(self._change_list, open_time_ms)

    def rule_levels(self, open_time_ms: IntArray) -> IntArray:
        """Return which of the venue's rules holds in each bar.

        Parameters
        ----------
        open_time_ms : ndarray of int64, shape (n_bars,)
            Ascending.

        Returns
        -------
        ndarray of int64, shape (n_bars,) or (2,)
            Levels; of the first and the last bar only when all are equal.
        """
        ends = np.searchsorted(self._changes, open_time_ms[[0, -1]], "right")
        if ends[0] == ends[1]:
            return ends
        return np.searchsorted(self._changes, open_time_ms, "right")

    def range_levels(self, daily_range: FloatArray) -> IntArray:
        """Return the rounded daily range of each bar, for markets that scale with it.

        Parameters
        ----------
        daily_range : ndarray, shape (n_bars,)
            Average true range of a day, log.

        Returns
        -------
        ndarray of int64, shape (n_bars,) or (1,)
            Levels; a single 0 for markets with fixed distances.
        """
        if not self._is_scaled:
            return np.zeros(1, dtype=np.int64)
        rounded = np.rint(np.log(np.maximum(daily_range, 1e-6)) / RANGE_QUANTUM)
        return rounded.astype(np.int64)
