"""What the loops read: the bars as bare arrays and the rules as bare numbers."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray


class Bars(NamedTuple):
    """Columns of `liqbands.market_data.Candles`, in contracts; missing is NaN."""

    open_time_ms: NDArray[np.int64]
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    quote_volume: FloatArray
    taker_buy_volume: FloatArray
    open_interest: FloatArray
    mark_high: FloatArray
    mark_low: FloatArray
    mark_close: FloatArray
    long_liquidated: FloatArray
    short_liquidated: FloatArray


class BarValues(NamedTuple):
    """One bar of `Bars`, as plain numbers."""

    open_time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    quote_volume: float
    taker_buy_volume: float
    open_interest: float
    mark_high: float
    mark_low: float
    mark_close: float
    long_liquidated: float
    short_liquidated: float


class Rules(NamedTuple):
    """`liqbands.parameters.Parameters` as the loops read them."""

    step: float
    bar_ms: int
    participation: float
    taker_weight: float
    candle_weight: float
    wick_retention: float
    gross_flow: bool
    taker_split: bool
    three_points: bool
    in_bar: bool
    sweep: bool
    mark_sweep: bool
    realised: bool
    closing: bool
    conserving: bool
    near_bins: int
    clock_per_bar: float
    volume_decay: float


class StopLevels(NamedTuple):
    """Where stops gather, for markets without open interest; empty arrays otherwise."""

    level: FloatArray  # (n_bars, 2, n_pools), log price of the low (longs) and high (shorts)
    hour_range: FloatArray  # (n_bars,), average true range of an hour, log

    def within(self, part: slice) -> "StopLevels":
        """Return the levels of a stretch of bars; empty levels stay empty."""
        if not len(self.level):
            return self
        return StopLevels(self.level[part], self.hour_range[part])
