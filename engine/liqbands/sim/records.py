"""What a simulated exchange gives out: what venues publish, and what none does.

Contracts have size 1, prices are quote per base, times UTC milliseconds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liqbands.candles import Candles, freeze_arrays
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.market_data import IntArray, Liquidations
from liqbands.sim.world import World


@dataclass(frozen=True, eq=False)
class TrueBook:
    """Where every open position would be liquidated, at one moment.

    Parameters
    ----------
    time_ms : int
        The moment, the close of a bar.
    mark : float
        Mark price then.
    first_bin : int
        First bin of the price grid in the arrays.
    leverage_groups : tuple of str
        Names of the layers, by the leverage that the distance from entry amounts to.
    contracts : ndarray of float32, shape (2, n_groups, n_bins)
        Contracts at their liquidation price, longs and shorts.
    stops : ndarray of float32, shape (2, n_bins)
        Contracts at their stop price, where it comes before the liquidation.
    stopped_first : ndarray of float32, shape (2, n_bins)
        Of `contracts` (all layers) the part that has a stop in front of it.
    off_grid : ndarray, shape (2,)
        Contracts of traders whose liquidation price is outside of the arrays, or absent.
    unlevered : ndarray, shape (2,)
        Contracts of market makers and hedgers; with the others they make open interest.
    """

    time_ms: int
    mark: float
    first_bin: int
    leverage_groups: tuple[str, ...]
    contracts: NDArray[np.float32]
    stops: NDArray[np.float32]
    stopped_first: NDArray[np.float32]
    off_grid: FloatArray
    unlevered: FloatArray

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return contracts per side and bin, all leverages together.

        Parameters
        ----------
        first_bin, n_bins : int
            The bins that are wanted; those outside of the arrays are 0.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts.
        """
        out = np.zeros((2, n_bins))
        low = max(first_bin, self.first_bin)
        high = min(first_bin + n_bins, self.first_bin + self.contracts.shape[2])
        if low < high:
            part = self.contracts[:, :, low - self.first_bin : high - self.first_bin]
            out[:, low - first_bin : high - first_bin] = part.sum(axis=1, dtype=np.float64)
        return out


@dataclass(frozen=True, eq=False)
class Closings:
    """Every position that ended, one row each, in order of time.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (n,)
        When.
    kind : ndarray of int8, shape (n,)
        `LIQUIDATED`, `STOPPED`, `TOOK_PROFIT`, `EXPIRED` or `DELEVERAGED` of
        `liqbands.sim.kernel.layout`.
    side : ndarray of int8, shape (n,)
        +1 long, -1 short.
    price, level : ndarray, shape (n,)
        Price of the trade, and of the trigger (NaN without one).
    contracts, leverage : ndarray, shape (n,)
        Size, and notional at entry over what backed it.
    age_ms : ndarray, shape (n,)
        How long it was open.
    mark, last : ndarray, shape (n,)
        The venue's prices then.
    """

    time_ms: IntArray
    kind: NDArray[np.int8]
    side: NDArray[np.int8]
    price: FloatArray
    level: FloatArray
    contracts: FloatArray
    leverage: FloatArray
    age_ms: FloatArray
    mark: FloatArray
    last: FloatArray

    def __post_init__(self) -> None:
        freeze_arrays(self)

    def liquidations(self) -> Liquidations:
        """Return the forced ones as a complete feed would report them.

        Returns
        -------
        Liquidations
            Priced at the trade.
        """
        forced = self.kind == 0
        return Liquidations(
            self.time_ms[forced], self.side[forced], self.price[forced], self.contracts[forced]
        )


@dataclass(frozen=True, eq=False)
class VenueRecord:
    """One venue over a stretch of time.

    Parameters
    ----------
    instrument : Instrument
        What it lists.
    candles : Candles
        One-minute bars with everything that a venue publishes but liquidations.
    closings : Closings
        Every position that ended.
    books : tuple of TrueBook
        The truth at regular moments.
    """

    instrument: Instrument
    candles: Candles
    closings: Closings
    books: tuple[TrueBook, ...]

    @property
    def grid(self) -> PriceGrid:
        """Return the price grid of the books."""
        return PriceGrid.of(self.instrument.market)


@dataclass(frozen=True, eq=False)
class Recording:
    """A simulated market over a stretch of time.

    Parameters
    ----------
    world : World
        What was simulated.
    seed : int
        Of all its chance.
    venues : tuple of VenueRecord
        In the order of the world's venues.
    """

    world: World
    seed: int
    venues: tuple[VenueRecord, ...]
