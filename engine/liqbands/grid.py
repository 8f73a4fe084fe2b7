"""The absolute logarithmic price grid on which every book, heatmap and surface stands.

Bin ``i`` covers the prices ``[exp(i * step), exp((i + 1) * step))``.  No reference price enters,
so a bin means the same prices for every symbol, venue, window and day.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.errors import GridMismatchError
from liqbands.instrument import FloatArray, MarketKind

IntArray = NDArray[np.int64]

GRID_STEPS: Final[dict[MarketKind, float]] = {
    MarketKind.PERPETUAL: 5e-4,
    MarketKind.SPOT: 5e-4,
    MarketKind.STOCK: 2e-4,
    MarketKind.FOREX: 1e-4,
}
"""Log width of a bin per kind of market; all are whole multiples of one basis point."""


@dataclass(frozen=True, slots=True)
class PriceGrid:
    """Map prices to integer bins and back.

    Parameters
    ----------
    step : float
        Log width of a bin, positive, e.g. 0.0005 for 5 basis points.

    Raises
    ------
    ValueError
        If the step is not positive.
    """

    step: float

    def __post_init__(self) -> None:
        if not 0 < self.step < 1:
            raise ValueError(f"grid step must be in (0, 1), was {self.step}")

    @classmethod
    def of(cls, market: MarketKind) -> "PriceGrid":
        """Return the grid that all instruments of a kind of market share.

        Parameters
        ----------
        market : MarketKind
            Perpetual, spot, forex or stock.

        Returns
        -------
        PriceGrid
            The shared grid.

        Examples
        --------
        >>> PriceGrid.of(MarketKind.PERPETUAL)
        PriceGrid(step=0.0005)
        """
        return cls(GRID_STEPS[market])

    def bin_of(self, price: FloatArray) -> IntArray:
        """Return the bin in which each price lies.

        Parameters
        ----------
        price : ndarray, shape (n,)
            Prices, quote per base, positive.

        Returns
        -------
        ndarray of int64, shape (n,)
            ``floor(ln(price) / step)``.

        Examples
        --------
        >>> PriceGrid(0.5).bin_of(np.array([1.0, 2.0, 0.9]))
        array([ 0,  1, -1])
        """
        return np.floor(np.log(price) / self.step).astype(np.int64)

    def edges(self, first_bin: int, n_rows: int, bins_per_row: int = 1) -> FloatArray:
        """Return the edges of consecutive rows of whole bins.

        Parameters
        ----------
        first_bin : int
            Lowest bin of the lowest row.
        n_rows : int
            How many rows.
        bins_per_row : int
            Bins in each row.

        Returns
        -------
        ndarray, shape (n_rows + 1,)
            Prices, quote per base, strictly increasing.

        Examples
        --------
        >>> PriceGrid(0.5).edges(0, 2)
        array([1.        , 1.64872127, 2.71828183])
        """
        edges: FloatArray = np.exp((first_bin + np.arange(n_rows + 1) * bins_per_row) * self.step)
        return edges

    def centers(self, first_bin: int, n_rows: int, bins_per_row: int = 1) -> FloatArray:
        """Return the geometric middle of consecutive rows of whole bins.

        Parameters
        ----------
        first_bin : int
            Lowest bin of the lowest row.
        n_rows : int
            How many rows.
        bins_per_row : int
            Bins in each row.

        Returns
        -------
        ndarray, shape (n_rows,)
            Prices, quote per base.

        Examples
        --------
        >>> PriceGrid(0.5).centers(-1, 2)
        array([0.77880078, 1.28402542])
        """
        middle = first_bin + (np.arange(n_rows) + 0.5) * bins_per_row
        centers: FloatArray = np.exp(middle * self.step)
        return centers

    def require_same(self, other: "PriceGrid") -> None:
        """Raise unless two grids are the same.

        Parameters
        ----------
        other : PriceGrid
            The grid of the other result.

        Raises
        ------
        GridMismatchError
            If the steps differ.
        """
        if self.step != other.step:
            raise GridMismatchError(
                f"grids must have the same step, were {self.step} and {other.step}"
            )
