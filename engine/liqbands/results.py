"""What the engine hands out: the heatmap through time and the snapshot of one book.

Every result names its unit: ``"quote"`` (notional in the quote currency) or ``"relative"``
(there is no open interest, so only shares have a meaning), and its quantity: ``"standing"``
(what is open) or ``"expected"`` (what would really be force-closed, only where calibrated).
Longs are liquidated below the mark price, shorts above it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument

IntArray = NDArray[np.int64]
Unit = Literal["quote", "relative"]
Quantity = Literal["standing", "expected"]
BandState = Literal["building", "steady", "fading", "swept"]


@dataclass(frozen=True, eq=False)
class Heatmap:
    """Notional per time and price row, both sides.

    A row below the mark holds longs, a row above it shorts; only the row that the mark is in
    can hold both, so one array and the long part of that row say everything.

    Parameters
    ----------
    instrument : Instrument
        What the numbers are about.
    grid : PriceGrid
        The absolute grid.
    first_bin, bins_per_row : int
        Lowest bin of row 0, and whole bins per row.
    open_time_ms : ndarray of int64, shape (n_bars,)
        Open time of each column; the column is the state at the column's close.
    timeframe_ms : int
        Length of a column.
    notional : ndarray of float32, shape (n_bars, n_bands)
        Notional per row, quote or relative.
    mark : ndarray, shape (n_bars,)
        Mark (or last) price at the close of each column, quote per base.
    split_row : ndarray of int64, shape (n_bars,)
        Row in which the mark lies; -1 or n_bands when it is outside.
    split_long : ndarray of float32, shape (n_bars,)
        Long part of that row.
    is_forming : ndarray of bool, shape (n_bars,)
        Whether the column may still change.
    seed_share : ndarray, shape (n_bars,)
        Upper bound on the share that still comes from the seed; below 0.05 the book is warm.
    unit : {"quote", "relative"}
        Unit of `notional`.
    quantity : {"standing", "expected"}
        What `notional` counts.
    """

    instrument: Instrument
    grid: PriceGrid
    first_bin: int
    bins_per_row: int
    open_time_ms: IntArray
    timeframe_ms: int
    notional: NDArray[np.float32]
    mark: FloatArray
    split_row: IntArray
    split_long: NDArray[np.float32]
    is_forming: NDArray[np.bool_]
    seed_share: FloatArray
    unit: Unit
    quantity: Quantity

    @property
    def n_bars(self) -> int:
        """Return the number of columns."""
        return int(self.notional.shape[0])

    @property
    def n_bands(self) -> int:
        """Return the number of rows."""
        return int(self.notional.shape[1])

    @property
    def edges(self) -> FloatArray:
        """Return the row edges, shape (n_bands + 1,), quote per base."""
        return self.grid.edges(self.first_bin, self.n_bands, self.bins_per_row)

    @property
    def centers(self) -> FloatArray:
        """Return the geometric middle of each row, shape (n_bands,), quote per base."""
        return self.grid.centers(self.first_bin, self.n_bands, self.bins_per_row)

    @property
    def long_notional(self) -> NDArray[np.float32]:
        """Return the longs alone, shape (n_bars, n_bands)."""
        rows = np.arange(self.n_bands)
        longs = np.where(rows < self.split_row[:, None], self.notional, np.float32(0))
        return self._with_split_row(longs, self.split_long)

    @property
    def short_notional(self) -> NDArray[np.float32]:
        """Return the shorts alone, shape (n_bars, n_bands)."""
        rows = np.arange(self.n_bands)
        shorts = np.where(rows > self.split_row[:, None], self.notional, np.float32(0))
        inside = self._inside()
        split_short = np.zeros_like(self.split_long)
        split_short[inside] = (
            self.notional[inside, self.split_row[inside]] - self.split_long[inside]
        )
        return self._with_split_row(shorts, split_short)

    def _inside(self) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = (self.split_row >= 0) & (self.split_row < self.n_bands)
        return inside

    def _with_split_row(
        self, notional: NDArray[np.float32], split: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        inside = self._inside()
        notional[inside, self.split_row[inside]] = split[inside]
        return notional


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The whole book of one instrument at one moment, per grid bin.

    Axis 0 of every two-sided array is the side: 0 long, 1 short.

    Parameters
    ----------
    instrument : Instrument
        What the numbers are about.
    grid : PriceGrid
        The absolute grid.
    time_ms : int
        Close of the last bar that is in the book, UTC milliseconds.
    mark : float
        Mark (or last) price at that close, quote per base.
    average_true_range : float
        Of the bars in the book, quote per base; NaN before the second bar.
    day_range : float
        Log range of a day of trading, by the last two weeks; NaN when unknown.
    first_bin : int
        Lowest bin of the arrays.
    leverage_groups : tuple of str
        Names of the leverage layers, from low to high leverage.
    contracts : ndarray, shape (2, n_groups, n_bins)
        Contracts per side, leverage layer and bin.
    mean_age_ms : ndarray, shape (2, n_bins)
        Contract-weighted age of what stands in the bin; NaN where nothing stands.
    unswept_since_ms : ndarray of int64, shape (2, n_bins)
        When the bin was last swept, or when the book began.
    dense_since_ms : ndarray of int64, shape (2, n_bins)
        Half day since which the bin has been among the dense ones of its side, at most 90 days
        back; 0 where it was not at the last half day.
    earlier_contracts : ndarray, shape (2, n_bins)
        Contracts per bin half a day to a day earlier; NaN while the book is younger.
    earlier_age_ms : int
        How long before `time_ms` that was; 0 while the book is younger.
    off_grid : ndarray, shape (2,)
        Contracts that are open but have no liquidation price on the grid.
    seed_share : float
        Upper bound on the share that still comes from the seed.
    unit : {"quote", "relative"}
        Unit of the notional that follows from the contracts.
    quantity : {"standing", "expected"}
        What the contracts count.
    """

    instrument: Instrument
    grid: PriceGrid
    time_ms: int
    mark: float
    average_true_range: float
    day_range: float
    first_bin: int
    leverage_groups: tuple[str, ...]
    contracts: FloatArray
    mean_age_ms: FloatArray
    unswept_since_ms: IntArray
    dense_since_ms: IntArray
    earlier_contracts: FloatArray
    earlier_age_ms: int
    off_grid: FloatArray
    seed_share: float
    unit: Unit
    quantity: Quantity

    @property
    def n_bins(self) -> int:
        """Return the number of bins."""
        return int(self.contracts.shape[2])

    @property
    def centers(self) -> FloatArray:
        """Return the geometric middle of each bin, shape (n_bins,), quote per base."""
        return self.grid.centers(self.first_bin, self.n_bins)

    @property
    def notional(self) -> FloatArray:
        """Return the notional per side, layer and bin, shape (2, n_groups, n_bins)."""
        return self.contracts * self.contract_value

    @property
    def contract_value(self) -> FloatArray:
        """Return what a contract is worth in each bin, shape (n_bins,); 1 in relative units."""
        if self.unit == "relative":
            return np.ones(self.n_bins)
        return self.instrument.notional_per_contract(self.centers)
