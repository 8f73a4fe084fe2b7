"""One bar for live use, and candles as the bare arrays that the compiled loops read."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.kernel.bars import Bars
from liqbands.market_data import Candles

_NAN: Final = math.nan
_NOT_NEGATIVE: Final = (
    "volume",
    "taker_buy_volume",
    "open_interest",
    "long_liquidated",
    "short_liquidated",
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, as `Candles` has many; missing is NaN.

    Parameters
    ----------
    open_time_ms : int
        When the bar opens, UTC milliseconds.
    open, high, low, close : float
        Last prices, quote per base.
    volume, quote_volume, taker_buy_volume : float
        Contracts, quote currency, contracts.
    open_interest : float
        Contracts open when the bar closes.
    mark_high, mark_low, mark_close : float
        Mark price, quote per base.
    long_liquidated, short_liquidated : float
        Contracts force-closed in the bar, as far as reported.

    Raises
    ------
    ValueError
        If a price is not positive or lies outside of low and high.
    """

    open_time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float = _NAN
    quote_volume: float = _NAN
    taker_buy_volume: float = _NAN
    open_interest: float = _NAN
    mark_high: float = _NAN
    mark_low: float = _NAN
    mark_close: float = _NAN
    long_liquidated: float = _NAN
    short_liquidated: float = _NAN

    def __post_init__(self) -> None:
        if not 0 < self.low <= min(self.open, self.close) <= max(self.open, self.close):
            raise ValueError(f"low must be positive and the lowest price, was {self.low}")
        if not max(self.open, self.close) <= self.high < math.inf:
            raise ValueError(f"high must be finite and the highest price, was {self.high}")
        for name in _NOT_NEGATIVE:
            value = getattr(self, name)
            if value < 0 or value == math.inf:
                raise ValueError(f"{name} must not be negative or infinite, was {value}")
        if self.mark_low <= 0 or self.mark_high < self.mark_low:
            raise ValueError(f"mark_low must be positive and below mark_high, was {self.mark_low}")
        if self.taker_buy_volume > self.volume:
            raise ValueError(
                f"taker_buy_volume must not exceed volume, was {self.taker_buy_volume}"
            )


def bars_of(candles: Candles) -> Bars:
    """Return candles as bare arrays, without copying.

    Parameters
    ----------
    candles : Candles
        Checked candles.

    Returns
    -------
    Bars
        The same read-only arrays.
    """
    return Bars._make(getattr(candles, name) for name in Bars._fields)


def part_of(bars: Bars, part: slice) -> Bars:
    """Return a stretch of bars.

    Parameters
    ----------
    bars : Bars
        The bars.
    part : slice
        Which of them.

    Returns
    -------
    Bars
        Views of the same arrays.
    """
    return Bars._make(column[part] for column in bars)


class OneBar:
    """Room for one bar, used again for each so that nothing is allocated while live."""

    def __init__(self) -> None:
        self._time = np.zeros(1, dtype=np.int64)
        self._values = np.zeros((len(Bars._fields) - 1, 1))
        views = [self._time.view(), *(row.view() for row in self._values)]
        for view in views:
            view.flags.writeable = False
        self._bars = Bars._make(views)

    def hold(self, bar: Bar) -> Bars:
        """Return one bar as arrays of length 1, valid until the next call.

        Parameters
        ----------
        bar : Bar
            The bar.

        Returns
        -------
        Bars
            Read-only views.
        """
        self._time[0] = bar.open_time_ms
        self._values[:, 0] = (
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.volume,
            bar.quote_volume,
            bar.taker_buy_volume,
            bar.open_interest,
            bar.mark_high,
            bar.mark_low,
            bar.mark_close,
            bar.long_liquidated,
            bar.short_liquidated,
        )
        return self._bars
