"""A simulated market recorded to be scored: true books now and then, what stands more often.

A true book with all its layers takes as long as minutes of market; the panel needs only what
stands per side and bin, which is quick.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, MarketKind
from liqbands.sim.exchange import START_MS, Exchange
from liqbands.sim.kernel import layout as at
from liqbands.sim.kernel.layout import Market
from liqbands.sim.recording import BURN_IN_DAYS
from liqbands.sim.records import Recording, TrueBook, VenueRecord
from liqbands.sim.truth import HALF_WINDOW
from liqbands.sim.world import World
from liqbands.timeframes import DAY_MS


class Truth(Protocol):
    """Anything that knows what stands at one moment."""

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return contracts per side and bin, shape (2, n_bins)."""


@dataclass(frozen=True, eq=False)
class TrueStanding:
    """What stands in truth at one moment, all leverages together.

    Parameters
    ----------
    first_bin : int
        First bin of the price grid in the array.
    contracts : ndarray of float32, shape (2, n_bins)
        Longs and shorts at their liquidation price.
    """

    first_bin: int
    contracts: NDArray[np.float32]

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return contracts per side and bin.

        Parameters
        ----------
        first_bin, n_bins : int
            The bins that are wanted; those outside of the array are 0.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts.
        """
        out = np.zeros((2, n_bins))
        low = max(first_bin, self.first_bin)
        high = min(first_bin + n_bins, self.first_bin + self.contracts.shape[1])
        if low < high:
            held = self.contracts[:, low - self.first_bin : high - self.first_bin]
            out[:, low - first_bin : high - first_bin] = held
        return out


@dataclass(frozen=True, eq=False)
class Watched:
    """A recording of one venue with what stood at many moments.

    Parameters
    ----------
    recording : Recording
        The first venue of the world.
    truths : mapping of int to Truth
        By time, UTC milliseconds.
    """

    recording: Recording
    truths: Mapping[int, Truth]


@dataclass(frozen=True, slots=True)
class Watch:
    """When a market is looked at.

    Parameters
    ----------
    from_ms : int
        Nothing is looked at before, milliseconds from the start of the recording.
    every_ms : int
        Time between looks at what stands.
    books_every_ms : int
        Time between true books, a multiple of `every_ms`.
    """

    from_ms: int
    every_ms: int
    books_every_ms: int


def watch(
    world: World,
    seed: int,
    days: float,
    plan: Watch,
    progress: Callable[[float], None] | None = None,
) -> Watched:
    """Simulate a world and look at it.

    Parameters
    ----------
    world : World
        What to simulate; its scripted event counts from the start of the recording.
    seed : int
        Of all its chance.
    days : float
        Length of the recording, after the burn-in.
    plan : Watch
        When to look.
    progress : callable, optional
        Told the finished share now and then.

    Returns
    -------
    Watched
        The same bars and closings as those of `liqbands.sim.record`.

    Raises
    ------
    ValueError
        If the recording is shorter than a minute.
    """
    later = replace(world, event=replace(world.event, day=world.event.day + BURN_IN_DAYS))
    exchange = Exchange(later, seed, START_MS - BURN_IN_DAYS * DAY_MS)
    exchange.advance_to(START_MS)
    exchange.take_candles(0)
    exchange.take_closings(0)
    truths: dict[int, Truth] = {}
    books: list[TrueBook] = []
    length = int(days * DAY_MS)
    for since in range(0, length + 1, plan.every_ms):
        exchange.advance_to(START_MS + since)
        if since < max(plan.from_ms, 1):
            continue
        truths[START_MS + since] = true_standing(exchange.market, 0)
        if since % plan.books_every_ms == 0:
            books.append(exchange.true_book(0))
        if progress is not None:
            progress(since / length)
    exchange.advance_to(START_MS + length)
    candles = exchange.take_candles(0)
    if candles is None:
        raise ValueError("a recording must last at least a minute")
    venue = VenueRecord(exchange.instrument(0), candles, exchange.take_closings(0), tuple(books))
    return Watched(Recording(world, seed, (venue,)), truths)


_N_HALF: Final = round(HALF_WINDOW / PriceGrid.of(MarketKind.PERPETUAL).step)


def true_standing(market: Market, v: int) -> TrueStanding:
    """Return what stands at a venue now.

    Parameters
    ----------
    market : Market
        A running exchange.
    v : int
        Number of the venue.

    Returns
    -------
    TrueStanding
        What `liqbands.sim.truth.true_book` has, all layers together.
    """
    grid = PriceGrid.of(MarketKind.PERPETUAL)
    first_bin = int(np.floor(np.log(float(market.venue[v, at.MARK])) / grid.step)) - _N_HALF
    side = market.label[:, at.SIDE]
    rows = np.flatnonzero((side != 0) & (market.label[:, at.VENUE] == v))
    level, size = market.number[rows, at.LIQUIDATION], market.number[rows, at.SIZE]
    s = (side[rows] < 0).astype(np.int64)
    # A position that cannot be liquidated has no price; its bin is far outside.
    priced = np.where(level > 0, level, 1e-300)
    place = grid.bin_of(priced) - first_bin
    inside = (place >= 0) & (place < 2 * _N_HALF)
    flat = s[inside] * (2 * _N_HALF) + place[inside]
    sums = np.bincount(flat, size[inside], minlength=4 * _N_HALF)
    return TrueStanding(first_bin, sums.reshape(2, 2 * _N_HALF).astype(np.float32))
