"""Market data that the engine accepts: candles, realised liquidations and the order book.

Times are UTC milliseconds, prices quote per base, sizes contracts.  Everything is checked once,
when it is built, and read-only afterwards.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liqbands.candle_rules import IntArray as IntArray
from liqbands.candles import Candles as Candles
from liqbands.candles import freeze_arrays
from liqbands.errors import MarketDataError
from liqbands.instrument import FloatArray
from liqbands.timeframes import format_time


@dataclass(frozen=True, eq=False)
class Liquidations:
    """Realised liquidations, one row per event.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (n,)
        When the event happened, UTC milliseconds, not decreasing.
    side : ndarray of int8, shape (n,)
        Side of the position that was liquidated: +1 long, -1 short.
    price : ndarray, shape (n,)
        Reported price, quote per base (fill or bankruptcy price, as the venue gives it).
    contracts : ndarray, shape (n,)
        Size, contracts, positive.

    Raises
    ------
    MarketDataError
        If a rule above is broken.
    """

    time_ms: IntArray
    side: NDArray[np.int8]
    price: FloatArray
    contracts: FloatArray

    def __post_init__(self) -> None:
        n = np.size(self.time_ms)
        for name in ("time_ms", "side", "price", "contracts"):
            if getattr(self, name).shape != (n,):
                raise MarketDataError(f"column {name!r} must have {n} rows like time_ms")
        back = np.diff(self.time_ms, prepend=self.time_ms[:1]) < 0
        self._refuse("time_ms", back, "is before the event above it; sort by time")
        self._refuse("side", ~np.isin(self.side, (1, -1)), "must be +1 (long) or -1 (short)")
        for name in ("price", "contracts"):
            values = getattr(self, name)
            self._refuse(name, ~((values > 0) & np.isfinite(values)), "must be positive")
        freeze_arrays(self)

    def per_bar(self, candles: Candles) -> tuple[FloatArray, FloatArray]:
        """Return the contracts liquidated in each bar, long and short.

        Parameters
        ----------
        candles : Candles
            The bars to count into; events outside of every bar are left out.

        Returns
        -------
        tuple of ndarray, each of shape (n_bars,)
            Long and short contracts per bar; 0 where the feed was silent.

        Examples
        --------
        >>> one = [1.0, 1.0]
        >>> bars = Candles.from_arrays([0, 60_000], open=one, high=one, low=one, close=one)
        >>> events = Liquidations(
        ...     np.array([5, 60_000, 60_001]), np.array([1, -1, 1], np.int8),
        ...     np.ones(3), np.array([2.0, 3.0, 4.0]))
        >>> events.per_bar(bars)
        (array([2., 4.]), array([0., 3.]))
        """
        bar = np.searchsorted(candles.open_time_ms, self.time_ms, side="right") - 1
        inside = bar >= 0
        late = self.time_ms >= candles.open_time_ms[np.maximum(bar, 0)] + candles.timeframe_ms
        inside &= ~late
        return (
            self._count(bar, inside & (self.side > 0), len(candles)),
            self._count(bar, inside & (self.side < 0), len(candles)),
        )

    def _count(self, bar: IntArray, chosen: NDArray[np.bool_], n_bars: int) -> FloatArray:
        counts = np.bincount(bar[chosen], weights=self.contracts[chosen], minlength=n_bars)
        return counts.astype(np.float64)

    def _refuse(self, name: str, broken: NDArray[np.bool_], rule: str) -> None:
        rows = np.flatnonzero(broken)
        if len(rows):
            when = format_time(self.time_ms[rows[0]])
            value = getattr(self, name)[rows[0]]
            raise MarketDataError(f"column {name!r}, event {when}: {value} {rule}")


@dataclass(frozen=True, eq=False)
class OrderBook:
    """Resting orders at one moment, best price first on both sides.

    Parameters
    ----------
    time_ms : int
        When the snapshot was taken, UTC milliseconds.
    bids, asks : ndarray, shape (n, 2)
        Price (quote per base) and contracts per level; bids descend, asks ascend.

    Raises
    ------
    MarketDataError
        If a side is out of order, not positive, or the best bid is not below the best ask.
    """

    time_ms: int
    bids: FloatArray
    asks: FloatArray

    def __post_init__(self) -> None:
        for name, rows, outwards in (("bids", self.bids, -1), ("asks", self.asks, 1)):
            if rows.ndim != 2 or rows.shape[1] != 2:
                raise MarketDataError(f"{name} must have two columns, price and contracts")
            bad = np.flatnonzero(~((rows > 0) & np.isfinite(rows)).all(axis=1))
            self._refuse(name, bad, "must be positive")
            steps = np.diff(rows[:, 0], prepend=rows[:1, 0] - outwards) * outwards
            self._refuse(
                name,
                np.flatnonzero(steps <= 0),
                "is out of order; start at the best price",
            )
        if len(self.bids) and len(self.asks) and self.bids[0, 0] >= self.asks[0, 0]:
            raise MarketDataError(f"best bid {self.bids[0, 0]} is not below ask {self.asks[0, 0]}")
        freeze_arrays(self)

    def _refuse(self, name: str, levels: NDArray[np.intp], rule: str) -> None:
        if len(levels):
            price, size = getattr(self, name)[levels[0]]
            raise MarketDataError(f"{name}, level {levels[0]}: {size} at {price} {rule}")
