"""What one LHM1 file holds: the heatmap and the bands of one feed at one moment.

Prices are the feed's, quote per base; notional is in the quote currency, or a share of the book.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.errors import LiqbandsError
from liqbands.instrument import FloatArray, Side
from liqbands.results import BandState
from liqbands_mt5.layout import LATEST_MS, MOST_BANDS, MOST_CELLS, MOST_SYMBOL

Levels = NDArray[np.uint8]

STATES: Final[tuple[BandState, ...]] = ("building", "steady", "fading", "swept")
TOP_LEVEL: Final = 255
MOST_REACH: Final = 709.0
"""The largest ln that a float holds."""


class FrameError(LiqbandsError, ValueError):
    """A frame cannot be written or read; the message says which part and why."""


def _positive(name: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise FrameError(f"{name} must be positive, was {value}")


def _time(name: str, value: int) -> None:
    if not 0 <= value <= LATEST_MS:
        raise FrameError(f"{name} must be 0 to {LATEST_MS}, was {value}")


@dataclass(frozen=True, eq=False)
class Grid:
    """The heatmap: two planes of levels over columns of equal length and geometric rows.

    Parameters
    ----------
    t0_ms, column_ms : int
        Left edge of column 0 and length of a column, milliseconds.
    price_min : float
        Lower edge of row 0.
    row_step : float
        Height of a row in ln(price): row r is ``[price_min e^(r step), price_min e^((r+1) step))``.
    levels : ndarray of uint8, shape (2, n_columns, n_rows)
        Longs and shorts; 0 is nothing.
    min_value, max_value : float
        Notional of level 1 and of level 255; between them levels are logarithmic.
    last_is_forming : bool
        Whether the last column may still change.

    Raises
    ------
    FrameError
        If a value is outside of its bounds.
    """

    t0_ms: int
    column_ms: int
    price_min: float
    row_step: float
    levels: Levels
    min_value: float
    max_value: float
    last_is_forming: bool = False

    def __post_init__(self) -> None:
        if self.levels.ndim != 3 or self.levels.shape[0] != 2 or self.levels.dtype != np.uint8:
            raise FrameError(
                f"levels must be uint8 of shape (2, columns, rows), was {self.levels.dtype} "
                f"of shape {self.levels.shape}"
            )
        if not 0 < self.levels[0].size <= MOST_CELLS:
            raise FrameError(f"a grid must have 1 to {MOST_CELLS} cells, had {self.levels[0].size}")
        for name in ("price_min", "row_step", "min_value", "max_value"):
            _positive(name, getattr(self, name))
        if self.max_value < self.min_value:
            raise FrameError(
                f"max_value must be at least min_value {self.min_value}, was {self.max_value}"
            )
        _time("t0_ms", self.t0_ms)
        reach = self.row_step * self.n_rows
        if reach > MOST_REACH or not math.isfinite(self.price_min * math.exp(reach)):
            raise FrameError(f"the rows reach beyond any price: row_step was {self.row_step}")
        if not 0 < self.column_ms < 2**32:
            raise FrameError(f"column_ms must be positive and below 2^32, was {self.column_ms}")

    @property
    def n_rows(self) -> int:
        """Return the number of rows."""
        return int(self.levels.shape[2])

    @property
    def notional(self) -> FloatArray:
        """Return what the levels say, quote, shape (2, n_columns, n_rows)."""
        place = (self.levels.astype(np.float64) - 1) / (TOP_LEVEL - 1)
        value = self.min_value * (self.max_value / self.min_value) ** place
        return np.where(self.levels > 0, value, 0.0)


@dataclass(frozen=True, slots=True)
class FrameBand:
    """One band of a frame.

    Parameters
    ----------
    side : Side
        Whose positions would be liquidated.
    low, high, peak_price : float
        Edges and densest price.
    start_s, end_s : int
        Unix seconds since when and until when; an end of 0 is still open.
    notional, notional_low, notional_high : float
        Sum and its 80 % interval.
    level : int
        0 to 255, for colour and filters.
    leverage : int
        The dominant one, 0 when mixed.
    strength : int
        0 to 100.
    state : {"building", "steady", "fading", "swept"}
        As in `liqbands.Band`.

    Raises
    ------
    FrameError
        If a value is outside of its bounds.
    """

    side: Side
    low: float
    high: float
    peak_price: float
    start_s: int
    notional: float
    notional_low: float
    notional_high: float
    level: int
    strength: int
    state: BandState = "steady"
    end_s: int = 0
    leverage: int = 0

    def __post_init__(self) -> None:
        for name in ("low", "high", "peak_price"):
            _positive(name, getattr(self, name))
        if not self.low < self.high:
            raise FrameError(f"low must be below high, was {self.low} to {self.high}")
        bounds = {"level": 255, "strength": 100, "leverage": 65_535}
        bounds |= {"start_s": 2**32 - 1, "end_s": 2**32 - 1}
        for name, most in bounds.items():
            if not 0 <= getattr(self, name) <= most:
                raise FrameError(f"{name} must be 0 to {most}, was {getattr(self, name)}")
        for name in ("notional", "notional_low", "notional_high"):
            if not 0 <= getattr(self, name) < math.inf:
                raise FrameError(f"{name} must not be negative, was {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class Honesty:
    """What the numbers rest on.

    Parameters
    ----------
    venues_live, venues_total : int
        Venues that are up to date, and all that should be in the sum.
    observed_share : float
        Share that was reported, the rest is modelled; 0 to 1.
    oldest_venue_ms : int
        Time of the newest data of the venue that is furthest behind.

    Raises
    ------
    FrameError
        If a value is outside of its bounds.
    """

    venues_live: int = 0
    venues_total: int = 0
    observed_share: float = 0.0
    oldest_venue_ms: int = 0

    def __post_init__(self) -> None:
        _time("oldest_venue_ms", self.oldest_venue_ms)
        if not math.isfinite(self.observed_share):
            raise FrameError(f"observed_share must be a number, was {self.observed_share}")


@dataclass(frozen=True, eq=False)
class Frame:
    """All that an indicator needs for one feed.

    Parameters
    ----------
    symbol : str
        The feed's, ASCII, at most 23 characters.
    seq : int
        Number of the content, at least 1; another content has another number.
    generated_ms, data_ms : int
        When it was made, and the newest market event in it.
    reference_price : float
        The feed's price at `data_ms`.
    grid : Grid or None
        The heatmap.
    bands : tuple of FrameBand
        Strongest first.
    honesty : Honesty
        What the numbers rest on.
    simulated, degraded, relative : bool
        No real market; a venue is missing or late; notional is a share of the book.

    Raises
    ------
    FrameError
        If a value is outside of its bounds.
    """

    symbol: str
    seq: int
    generated_ms: int
    data_ms: int
    reference_price: float
    grid: Grid | None = None
    bands: tuple[FrameBand, ...] = ()
    honesty: Honesty = Honesty()
    simulated: bool = False
    degraded: bool = False
    relative: bool = False

    def __post_init__(self) -> None:
        if not (self.symbol.isascii() and self.symbol.isprintable()) or self.symbol == "":
            raise FrameError(f"symbol must be printable ASCII, was {self.symbol!r}")
        if len(self.symbol) > MOST_SYMBOL:
            raise FrameError(f"symbol must have at most {MOST_SYMBOL} letters, was {self.symbol!r}")
        if not 1 <= self.seq < 2**32:
            raise FrameError(f"seq must be 1 to 2^32 - 1, was {self.seq}")
        if len(self.bands) > MOST_BANDS:
            raise FrameError(f"there may be {MOST_BANDS} bands, were {len(self.bands)}")
        _time("generated_ms", self.generated_ms)
        _time("data_ms", self.data_ms)
        _positive("reference_price", self.reference_price)


def levels_of(notional: FloatArray, min_value: float, max_value: float) -> Levels:
    """Return notional as levels 1 to 255, rounded to the nearest; 0 below half of level 1.

    Parameters
    ----------
    notional : ndarray
        Quote, not negative.
    min_value, max_value : float
        Notional of level 1 and of level 255, positive.

    Returns
    -------
    ndarray of uint8
        Of the same shape.

    Examples
    --------
    >>> levels_of(np.array([0.0, 1.0, 10.0, 100.0]), 1.0, 100.0)
    array([  0,   1, 128, 255], dtype=uint8)
    """
    shown = notional >= min_value / 2
    span = math.log(max_value / min_value) or 1.0
    place = np.log(np.where(shown, notional, min_value) / min_value) / span
    level = 1 + np.rint(np.clip(place, 0.0, 1.0) * (TOP_LEVEL - 1))
    return np.where(shown, level, 0).astype(np.uint8)
