"""Minutes of a coin in base units (floats), and of one contract in ticks and lots (integers)."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tests.emulator.contracts import Contract, VenueFacts

MINUTE_MS: Final = 60_000
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LOTS_PER_TRADE: Final = 4
"""So many lots a minute's volume holds at least for each of its trades."""


@dataclass(frozen=True, eq=False)
class CoinMinutes:
    """Consecutive minutes of a coin: quote per base, base units; open interest at the close."""

    start_ms: int
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    taker_share: Floats
    open_interest: Floats
    long_liquidated: Floats
    short_liquidated: Floats
    funding: dict[int, float]


class Bar(NamedTuple):
    """A bar in ticks and lots."""

    open_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    taker_buy: int
    is_closed: bool

    @property
    def mean_ticks(self) -> float:
        """Return the price at which its turnover is reckoned."""
        return (self.open + self.high + self.low + self.close) / 4


@dataclass(eq=False)
class Minutes:
    """Consecutive minutes of one contract; corrections and bursts change them in place."""

    start_ms: int
    prices: Integers
    """Shape (4, n): open, high, low, close in ticks."""
    marked: Integers
    """What the mark price follows: the prices before any correction."""
    volume: Integers
    taker_buy: Integers
    open_interest: Integers
    long_liquidated: Integers
    short_liquidated: Integers
    funding: dict[int, float]

    def __len__(self) -> int:
        return len(self.volume)

    @property
    def end_ms(self) -> int:
        """Return where they end."""
        return self.start_ms + len(self) * MINUTE_MS

    def index(self, time_ms: int) -> int:
        """Return the number of the minute that holds a time."""
        return (time_ms - self.start_ms) // MINUTE_MS

    def open_ms(self, index: int) -> int:
        """Return when a minute opens."""
        return self.start_ms + index * MINUTE_MS

    def bar(self, index: int) -> Bar:
        """Return a closed minute."""
        opened, high, low, close = self.prices[:, index].tolist()
        volume, bought = int(self.volume[index]), int(self.taker_buy[index])
        return Bar(self.open_ms(index), opened, high, low, close, volume, bought, True)


def minutes_of(coin: CoinMinutes, contract: Contract, venue: VenueFacts, trades: int) -> Minutes:
    """Return what a coin's minutes look like on a venue, where each holds so many trades."""
    tick, lot = float(contract.tick), float(contract.lot)
    stacked = np.stack([coin.open, coin.high, coin.low, coin.close]) * (1 + venue.basis)
    volume = np.maximum(_whole(coin.volume * venue.share, lot), trades * LOTS_PER_TRADE)
    share = np.clip(coin.taker_share, 0.3, 0.7)
    prices = np.maximum(_whole(stacked, tick), 1)
    return Minutes(
        coin.start_ms,
        prices,
        prices.copy(),
        volume,
        (volume * share).astype(np.int64),
        np.maximum(_whole(coin.open_interest * venue.share, lot), 1),
        _whole(coin.long_liquidated * venue.share, lot),
        _whole(coin.short_liquidated * venue.share, lot),
        coin.funding,
    )


def _whole(values: Floats, unit: float) -> Integers:
    return np.rint(values / unit).astype(np.int64)
