"""Minutes of one market, put together from what is heard in any order.

The venue's own bar decides prices and volume; trades, mark prices and liquidations add what the
bar does not say.  Whatever was not heard for the whole minute is NaN.  Quantities are our units.
"""

import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from liqbands.grid import PriceGrid
from liqbands.timeframes import MINUTE_MS
from liqbands_server.feeds.records import BarNews, LiquidationEvent, MarkPrice, Trade
from liqbands_server.store.profiles import PriceProfile

KEPT_MINUTES: Final = 10
"""For so long a minute takes in what arrives late."""

_UNHEARD: Final = 0.01
"""Share of a bar's volume that trades may differ by; more, and something was not heard."""

Values = dict[str, float]
"""Columns of `liqbands.Candles` by name."""


class Heard(NamedTuple):
    """What was heard for the whole of a minute, as far as it has gone.

    Parameters
    ----------
    trades, mark, liquidations : bool
        Without a break since it opened.
    """

    trades: bool
    mark: bool
    liquidations: bool


@dataclass(slots=True)
class Minute:
    """What has been heard about one minute.

    Parameters
    ----------
    open_time_ms : int
        When it opened.
    bar : BarNews or None
        The venue's own; a closed one is not replaced by one that is not.
    trades : Counted or None
        Sums over trades.
    mark_high, mark_low, mark_close : float
        Mark price, NaN before any.
    liquidated : dict of int to float
        By side of the position.
    """

    open_time_ms: int
    bar: BarNews | None = None
    trades: "Counted | None" = None
    mark_high: float = math.nan
    mark_low: float = math.nan
    mark_close: float = math.nan
    mark_ms: int = 0
    liquidated: dict[int, float] = field(default_factory=lambda: {1: 0.0, -1: 0.0})

    @property
    def is_closed(self) -> bool:
        """Return whether the venue has said so."""
        return self.bar is not None and self.bar.is_closed


@dataclass(slots=True)
class Counted:
    """Trades of a minute, summed.

    Parameters
    ----------
    open, high, low, close : float
        Prices of the earliest, dearest, cheapest and latest.
    first_ms, last_ms : int
        Times of the earliest and the latest.
    by_bin : dict of int to list of float
        Sold and bought quantity by bin of the engine's grid.
    """

    open: float
    high: float
    low: float
    close: float
    first_ms: int
    last_ms: int
    by_bin: dict[int, list[float]] = field(default_factory=dict)

    @property
    def sold(self) -> float:
        """Return what takers sold."""
        return math.fsum(sold for sold, _ in self.by_bin.values())

    @property
    def bought(self) -> float:
        """Return what takers bought."""
        return math.fsum(bought for _, bought in self.by_bin.values())


class BarAssembly:
    """The last minutes of one market.

    Parameters
    ----------
    grid : PriceGrid
        On which volume is counted by price.

    Examples
    --------
    >>> assembly = BarAssembly(PriceGrid(5e-4))
    >>> assembly.add_bar(BarNews(0, 1.0, 3.0, 1.0, 2.0, 10.0, True))
    0
    >>> assembly.values(0, Heard(False, False, False))["close"]
    2.0
    """

    def __init__(self, grid: PriceGrid) -> None:
        self._step = grid.step
        self._minutes: dict[int, Minute] = {}
        self._newest_ms = -1

    @property
    def newest_ms(self) -> int:
        """Return when the newest minute opened, -1 before any."""
        return self._newest_ms

    def minute(self, open_time_ms: int) -> Minute | None:
        """Return what has been heard about a minute, None for nothing."""
        return self._minutes.get(open_time_ms)

    def add_trade(self, trade: Trade) -> int | None:
        """Take in a trade; return the minute it belongs to, None if that is long over."""
        minute = self._at(trade.time_ms)
        if minute is None:
            return None
        counted, price = minute.trades, trade.price
        if counted is None:
            when = trade.time_ms
            counted = minute.trades = Counted(price, price, price, price, when, when)
        counted.high, counted.low = max(counted.high, price), min(counted.low, price)
        if trade.time_ms >= counted.last_ms:
            counted.close, counted.last_ms = price, trade.time_ms
        if trade.time_ms < counted.first_ms:
            counted.open, counted.first_ms = price, trade.time_ms
        place = math.floor(math.log(price) / self._step)
        sums = counted.by_bin.setdefault(place, [0.0, 0.0])
        sums[trade.taker_is_buyer] += trade.quantity
        return minute.open_time_ms

    def add_bar(self, bar: BarNews) -> int | None:
        """Take in the venue's own bar; return its minute, None if that is long over."""
        minute = self._at(bar.open_time_ms)
        if minute is None:
            return None
        if bar.is_closed or (not minute.is_closed and _is_later(bar, minute.bar)):
            minute.bar = bar
        return minute.open_time_ms

    def add_mark(self, mark: MarkPrice) -> int | None:
        """Take in a mark price; return the minute it belongs to, None if that is long over."""
        minute = self._at(mark.time_ms)
        if minute is None:
            return None
        price = mark.price
        minute.mark_high = price if math.isnan(minute.mark_high) else max(minute.mark_high, price)
        minute.mark_low = price if math.isnan(minute.mark_low) else min(minute.mark_low, price)
        if mark.time_ms >= minute.mark_ms:
            minute.mark_close, minute.mark_ms = price, mark.time_ms
        return minute.open_time_ms

    def add_liquidation(self, event: LiquidationEvent) -> int | None:
        """Take in a liquidation; return the minute it belongs to, None if that is long over."""
        minute = self._at(event.time_ms)
        if minute is None:
            return None
        minute.liquidated[event.side] += event.quantity
        return minute.open_time_ms

    def values(self, open_time_ms: int, heard: Heard) -> Values | None:
        """Return what is known of a minute, as columns of candles.

        Parameters
        ----------
        open_time_ms : int
            When it opened.
        heard : Heard
            What was heard of it as a whole.

        Returns
        -------
        dict of str to float, or None
            Prices and whatever else is known; None while no price is.
        """
        minute = self._minutes.get(open_time_ms)
        if minute is None:
            return None
        counted = minute.trades if heard.trades else None
        prices = _prices(minute, counted)
        if prices is None:
            return None
        return {**prices, **_additions(minute, heard, prices)}

    def profile(self, open_time_ms: int) -> PriceProfile | None:
        """Return the volume of a minute by price; None without trades."""
        minute = self._minutes.get(open_time_ms)
        if minute is None or minute.trades is None:
            return None
        by_bin = minute.trades.by_bin
        first, last = min(by_bin), max(by_bin)
        both = np.zeros((2, last - first + 1))
        for place, sums in by_bin.items():
            both[:, place - first] = sums
        return PriceProfile(first, both[0], both[1])

    def _at(self, time_ms: int) -> Minute | None:
        open_ms = time_ms - time_ms % MINUTE_MS
        minute = self._minutes.get(open_ms)
        if minute is None and open_ms > self._newest_ms - KEPT_MINUTES * MINUTE_MS:
            minute = self._minutes[open_ms] = Minute(open_ms)
            if open_ms > self._newest_ms:
                self._newest_ms = open_ms
                self._drop_old()
        return minute

    def _drop_old(self) -> None:
        for open_ms in list(self._minutes):
            if open_ms <= self._newest_ms - KEPT_MINUTES * MINUTE_MS:
                del self._minutes[open_ms]


def _is_later(bar: BarNews, known: BarNews | None) -> bool:
    """Return whether a bar that grows is a later state of one that is known."""
    return known is None or bar.volume >= known.volume


def _prices(minute: Minute, counted: Counted | None) -> Values | None:
    """Return prices and volume: the venue's bar, with trades that it does not hold yet."""
    bar = minute.bar
    if bar is None:
        return None if counted is None else _traded(counted)
    found = {name: getattr(bar, name) for name in ("open", "high", "low", "close", "volume")}
    found["quote_volume"] = bar.quote_volume
    if not bar.is_closed and counted is not None:
        found["high"] = max(bar.high, counted.high)
        found["low"] = min(bar.low, counted.low)
        volume = counted.sold + counted.bought
        if volume > bar.volume:
            found |= {"close": counted.close, "volume": volume, "quote_volume": math.nan}
    return found


def _traded(counted: Counted) -> Values:
    volume = counted.sold + counted.bought
    names = ("open", "high", "low", "close")
    return {**{name: getattr(counted, name) for name in names}, "volume": volume}


def _additions(minute: Minute, heard: Heard, prices: Values) -> Values:
    found = {}
    if heard.mark and not math.isnan(minute.mark_high):
        names = ("mark_high", "mark_low", "mark_close")
        found = {name: getattr(minute, name) for name in names}
    if heard.liquidations:
        found["long_liquidated"] = minute.liquidated[1]
        found["short_liquidated"] = minute.liquidated[-1]
    taker = _taker_buy_volume(minute, heard, prices["volume"])
    return found if math.isnan(taker) else {**found, "taker_buy_volume": taker}


def _taker_buy_volume(minute: Minute, heard: Heard, volume: float) -> float:
    """Return the venue's own figure, else what trades tell if they add up to the volume."""
    said = math.nan if minute.bar is None else minute.bar.taker_buy_volume
    if not math.isnan(said):
        return min(said, volume)
    if not heard.trades:
        return math.nan
    sold, bought = (
        (0.0, 0.0) if minute.trades is None else (minute.trades.sold, minute.trades.bought)
    )
    if not minute.is_closed and sold + bought > 0:  # one of the two is ahead of the other
        return volume * (bought / (sold + bought))
    adds_up = math.isclose(sold + bought, volume, rel_tol=_UNHEARD)
    return min(bought, volume) if adds_up else math.nan
