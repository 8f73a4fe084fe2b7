"""What the simulated exchange publishes: closed minutes with their liquidations, the forming one.

The same seed and start give the same bars, however the time between is cut into pieces.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import Instrument
from liqbands.market_data import Liquidations
from liqbands.sim import Exchange, find_world, with_liquidations
from liqbands.sim.birth import instrument_of
from liqbands.timeframes import DAY_MS, MINUTE_MS

WORLD: Final = "live"
STEP_MS: Final = 1_000
BURN_IN_DAYS: Final = 5
"""Days before the first bar, in which the exchange fills with positions."""


@dataclass(frozen=True, eq=False)
class ClosedBars:
    """Consecutive minutes that have closed.

    Parameters
    ----------
    candles : Candles
        With the contracts liquidated in each.
    liquidations : Liquidations
        The events themselves.
    """

    candles: Candles
    liquidations: Liquidations

    def after(self, open_time_ms: int) -> "ClosedBars | None":
        """Return the bars that open later than a time.

        Parameters
        ----------
        open_time_ms : int
            UTC milliseconds.

        Returns
        -------
        ClosedBars or None
            With their own events; None when there are no such bars.
        """
        first = int(np.searchsorted(self.candles.open_time_ms, open_time_ms, side="right"))
        if first == len(self.candles):
            return None
        bars = self.candles[first : len(self.candles)]
        since = self.liquidations.time_ms >= bars.open_time_ms[0]
        return ClosedBars(bars, chosen(self.liquidations, since))


class SimulatedMarket:
    """A simulated exchange from its first bar on.

    Parameters
    ----------
    seed : int
        Of all its chance.
    start_ms : int
        Open time of its first bar, a whole UTC day.

    Examples
    --------
    >>> market = SimulatedMarket(seed=1, start_ms=1_735_689_600_000)
    >>> closed = market.advance_to(1_735_689_600_000 + 150_000)
    >>> len(closed.candles), len(market.forming())
    (2, 1)
    """

    def __init__(self, seed: int, start_ms: int) -> None:
        self._exchange = Exchange(find_world(WORLD), seed, start_ms - BURN_IN_DAYS * DAY_MS)
        self._exchange.advance_to(start_ms)
        self._exchange.take_candles(0)
        events = self._exchange.take_closings(0).liquidations()
        self._pending = chosen(events, events.time_ms >= start_ms)

    @property
    def time_ms(self) -> int:
        """Return the exchange's own time."""
        return self._exchange.time_ms

    def advance_to(self, time_ms: int) -> ClosedBars | None:
        """Go on until a time.

        Parameters
        ----------
        time_ms : int
            UTC milliseconds; rounded down to a whole step, ignored when past.

        Returns
        -------
        ClosedBars or None
            The minutes closed on the way; None when there are none.
        """
        self._exchange.advance_to(time_ms // STEP_MS * STEP_MS)
        events = _joined(self._pending, self._exchange.take_closings(0).liquidations())
        candles = self._exchange.take_candles(0)
        if candles is None:
            self._pending = events
            return None
        # An event on the minute belongs to the bar that opens then.
        is_in = events.time_ms < candles.open_time_ms[-1] + MINUTE_MS
        self._pending = chosen(events, ~is_in)
        mine = chosen(events, is_in)
        return ClosedBars(with_liquidations(candles, mine), mine)

    def forming(self) -> Candles | None:
        """Return the bar that has not closed yet, None on a whole minute."""
        return self._exchange.forming_candle(0)


def listing() -> Instrument:
    """Return what the simulated exchange lists."""
    return instrument_of(find_world(WORLD).venues[0])


def chosen(events: Liquidations, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Liquidations:
    """Return some of the events.

    Parameters
    ----------
    events : Liquidations
        Any.
    rows : ndarray of bool, shape (n,)
        Which to keep.

    Returns
    -------
    Liquidations
        In the same order.
    """
    return Liquidations(
        events.time_ms[rows], events.side[rows], events.price[rows], events.contracts[rows]
    )


def _joined(first: Liquidations, second: Liquidations) -> Liquidations:
    return Liquidations(
        np.concatenate([first.time_ms, second.time_ms]),
        np.concatenate([first.side, second.side]),
        np.concatenate([first.price, second.price]),
        np.concatenate([first.contracts, second.contracts]),
    )
