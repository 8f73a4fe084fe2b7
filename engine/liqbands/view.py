"""What part of a book to show: window, rows, side, leverage layer, age, smoothing."""

from dataclasses import dataclass
from typing import Final, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import Side
from liqbands.market_data import Candles
from liqbands.timeframes import WINDOWS, window_ms

Rows = NDArray[np.float32]
IntArray = NDArray[np.int64]
Mode = Literal["raw", "smoothed"]

SHOWN_BEYOND: Final = 0.6
"""Price rows reach this share of the window's log range beyond its low and high."""


class ViewOptions(TypedDict, total=False):
    """Keyword arguments that make a `View`."""

    window: str | None
    start_ms: int | None
    end_ms: int | None
    low: float | None
    high: float | None
    max_columns: int
    max_rows: int
    column_edges_ms: tuple[int, ...] | None
    side: Side | None
    leverage: str | None
    max_age: str | None
    mode: Mode
    survival: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class View:
    """A choice of columns and rows; it never changes what a cell says.

    Parameters
    ----------
    window : str, optional
        Length of time to show, one of 12h, 1d, 3d, 1w, 1M, 3M, 1y; None is everything.
    start_ms, end_ms : int, optional
        First open time shown, and close after which nothing is used, UTC milliseconds.
    low, high : float, optional
        Prices to show, quote per base; None follows the window's range.
    max_columns, max_rows : int
        Bounds; columns then stand for several bars, rows for several bins.
    column_edges_ms : tuple of int, optional
        Where columns begin and, last, where the last one ends, UTC milliseconds, increasing;
        for columns of calendar length.  They take the place of window, start and `max_columns`.
    side : Side, optional
        Show one side only.
    leverage : str, optional
        Show one leverage layer only, e.g. ``"50-100x"``.
    max_age : str, optional
        Show only what was opened within that time, one of the window names.
    mode : {"raw", "smoothed"}
        Smoothing moves notional to neighbouring rows and keeps each side's sum.
    survival : tuple of float, optional
        Calibrated survival per tier, fixed before the bars shown; makes the quantity
        ``"expected"``.  None shows what stands.

    Raises
    ------
    ValueError
        If a value is none of those allowed.
    """

    window: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    low: float | None = None
    high: float | None = None
    max_columns: int = 1000
    max_rows: int = 400
    column_edges_ms: tuple[int, ...] | None = None
    side: Side | None = None
    leverage: str | None = None
    max_age: str | None = None
    mode: Mode = "raw"
    survival: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("window", "max_age"):
            value = getattr(self, name)
            if value is not None and value not in WINDOWS:
                raise ValueError(f"{name} must be one of {', '.join(WINDOWS)}, was {value!r}")
        if self.mode not in ("raw", "smoothed"):
            raise ValueError(f"mode must be raw or smoothed, was {self.mode!r}")
        for name in ("max_columns", "max_rows"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, was {getattr(self, name)}")
        edges = self.column_edges_ms
        if edges is not None and (len(edges) < 2 or any(np.diff(edges) <= 0)):
            raise ValueError("column_edges_ms must be at least two increasing times")
        self._check_prices()

    def _check_prices(self) -> None:
        for name in ("low", "high"):
            value = getattr(self, name)
            if value is not None and not 0 < value < np.inf:
                raise ValueError(f"{name} must be a positive price, was {value}")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low must be below high, was {self.low} with high {self.high}")

    def until(self, candles: Candles) -> Candles:
        """Return the bars that close at or before `end_ms`.

        Parameters
        ----------
        candles : Candles
            All bars.

        Returns
        -------
        Candles
            What may be used.

        Raises
        ------
        ValueError
            If no bar is left.
        """
        if self.end_ms is None:
            return candles
        closes = candles.open_time_ms + candles.timeframe_ms
        n_bars = int(np.searchsorted(closes, self.end_ms, side="right"))
        if n_bars == 0:
            raise ValueError("end_ms must come after the first bar's close; no bar is left")
        return candles[:n_bars]

    def first_shown_ms(self, candles: Candles) -> int:
        """Return the open time from which columns are shown.

        Parameters
        ----------
        candles : Candles
            The bars that may be used.

        Returns
        -------
        int
            UTC milliseconds.
        """
        first = int(candles.open_time_ms[0])
        if self.window is not None:
            end = int(candles.open_time_ms[-1]) + candles.timeframe_ms
            first = max(first, end - window_ms(self.window))
        return first if self.start_ms is None else max(first, self.start_ms)

    def price_range(self, candles: Candles, first_ms: int) -> tuple[float, float]:
        """Return the lowest and highest price shown.

        Parameters
        ----------
        candles : Candles
            The bars that may be used.
        first_ms : int
            Open time of the first column.

        Returns
        -------
        tuple of float
            Quote per base.
        """
        shown = candles.open_time_ms >= first_ms
        low = float(np.min(candles.low[shown]))
        high = float(np.max(candles.high[shown]))
        beyond = float(np.exp(SHOWN_BEYOND * max(np.log(high / low), 1e-3)))
        low = low / beyond if self.low is None else self.low
        high = high * beyond if self.high is None else self.high
        if not low < high:
            raise ValueError(f"low must be below high, was {low:g} with high {high:g}")
        return low, high


def whole_rows(first_bin: int, last_bin: int, max_rows: int) -> tuple[int, int, int]:
    """Return rows of whole bins, counted from bin 0, that cover a range of bins.

    Parameters
    ----------
    first_bin, last_bin : int
        The range, both ends included.
    max_rows : int
        Bound on the rows.

    Returns
    -------
    tuple of int
        Bins per row, number of the first row, and how many rows.

    Examples
    --------
    >>> whole_rows(9, 30, 3)  # 8 bins a row would need rows 1 to 3; 7 would need 1 to 4
    (8, 1, 3)
    """
    per_row = max(1, -(-(last_bin - first_bin + 1) // max_rows))
    while last_bin // per_row - first_bin // per_row + 1 > max_rows:
        per_row += 1
        if max_rows == 1 and first_bin < 0 <= last_bin:
            raise ValueError("max_rows must be at least 2 where the price 1 lies inside")
    return per_row, first_bin // per_row, last_bin // per_row - first_bin // per_row + 1


def smooth(notional: Rows, split_row: IntArray, sign: int) -> Rows:
    """Spread a side over neighbouring rows, (1, 2, 1) / 4, keeping each column's sum.

    Parameters
    ----------
    notional : ndarray of float32, shape (n_bars, n_bands)
        One side.
    split_row : ndarray of int64, shape (n_bars,)
        Row of the mark, which a side must not cross.
    sign : int
        +1 for longs (rows up to the mark), -1 for shorts (rows from it).

    Returns
    -------
    ndarray of float32, shape (n_bars, n_bands)
        The smoothed side; what would leave the rows or cross the mark stays where it was.

    Examples
    --------
    >>> side = np.array([[0.0, 4.0, 0.0, 0.0]], dtype=np.float32)
    >>> smooth(side, np.array([3]), 1)
    array([[1., 2., 1., 0.]], dtype=float32)
    >>> smooth(side, np.array([1]), 1)
    array([[1., 3., 0., 0.]], dtype=float32)
    """
    rows = np.arange(notional.shape[1])
    may_rise = rows < (split_row[:, None] if sign > 0 else len(rows) - 1)
    may_fall = rows > (0 if sign > 0 else split_row[:, None])
    up = np.where(may_rise & (rows < len(rows) - 1), notional / 4, np.float32(0))
    down = np.where(may_fall & (rows > 0), notional / 4, np.float32(0))
    result: Rows = notional - up - down
    result[:, 1:] += up[:, :-1]
    result[:, :-1] += down[:, 1:]
    return result
