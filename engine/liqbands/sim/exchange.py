"""A simulated exchange that runs step by step, with a book that is known.

One seed makes everything; the same world, seed and start give the same bytes.
"""

import copy
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument
from liqbands.market_data import OrderBook
from liqbands.sim.birth import empty_market, instrument_of, settings_of, with_more_rows
from liqbands.sim.depth import order_book
from liqbands.sim.kernel import layout as at
from liqbands.sim.kernel.chance import seeded
from liqbands.sim.kernel.entries import MOST_ORDERS
from liqbands.sim.kernel.layout import Market
from liqbands.sim.kernel.step import run
from liqbands.sim.readings import candles_of, closings_of
from liqbands.sim.records import Closings, TrueBook
from liqbands.sim.truth import true_book
from liqbands.sim.world import World
from liqbands.timeframes import DAY_MS

START_MS: Final = 1_735_689_600_000
"""2025-01-01, as round as any."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What a venue's ticker says.

    Parameters
    ----------
    time_ms : int
        When, UTC milliseconds.
    last, mark, index : float
        Prices, quote per base.
    open_interest : float
        Contracts.
    funding_rate : float
        Of the next settlement, a fraction.
    """

    time_ms: int
    last: float
    mark: float
    index: float
    open_interest: float
    funding_rate: float


class Exchange:
    """A running simulated market.

    Parameters
    ----------
    world : World
        What to simulate.
    seed : int
        Of all its chance.
    start_ms : int
        When it begins, UTC milliseconds, a whole day.

    Raises
    ------
    ValueError
        If the start is no whole day.

    Examples
    --------
    >>> from liqbands.sim import find_world
    >>> exchange = Exchange(find_world("calm"), seed=1)
    >>> exchange.advance(12)
    >>> len(exchange.take_candles(0)), exchange.quote(0).open_interest > 0
    (2, True)
    """

    def __init__(self, world: World, seed: int, start_ms: int = START_MS) -> None:
        if start_ms % DAY_MS:
            raise ValueError(f"start_ms must be a whole UTC day, was {start_ms}")
        self.world = world
        self.seed = seed
        self.start_ms = start_ms
        self._chance = seeded(seed)
        self._settings = settings_of(world, start_ms)
        self._market: Market = empty_market(world, start_ms)
        n_venues = len(world.venues)
        self._bars: list[list[FloatArray]] = [[] for _ in range(n_venues)]
        self._events: list[list[FloatArray]] = [[] for _ in range(n_venues)]

    @property
    def time_ms(self) -> int:
        """Return the exchange's own time, UTC milliseconds."""
        return int(self._market.counter[at.TIME_MS])

    @property
    def market(self) -> Market:
        """Return the arrays behind it, for those who check them."""
        return self._market

    def instrument(self, venue: int) -> Instrument:
        """Return what a venue lists.

        Parameters
        ----------
        venue : int
            Its number in the world.

        Returns
        -------
        Instrument
            With contracts of size 1.
        """
        return instrument_of(self.world.venues[venue])

    def step(self) -> None:
        """Advance by one step."""
        self.advance(1)

    def advance(self, n_steps: int) -> None:
        """Advance by many steps.

        Parameters
        ----------
        n_steps : int
            How many.
        """
        while n_steps > 0:
            done = run(self._market, self._settings, self._chance, n_steps)
            n_steps -= done
            if n_steps > 0:
                self._make_room()

    def advance_to(self, time_ms: int) -> None:
        """Advance until a time.

        Parameters
        ----------
        time_ms : int
            UTC milliseconds; rounded up to a whole step, ignored when past.
        """
        self.advance(max(0, -((self.time_ms - time_ms) // self.world.step_ms)))

    def take_candles(self, venue: int) -> Candles | None:
        """Hand over the bars of a venue that have closed since the last call.

        Parameters
        ----------
        venue : int
            Its number in the world.

        Returns
        -------
        Candles or None
            One-minute bars; None when no minute has closed.
        """
        self._drain()
        parts, self._bars[venue] = self._bars[venue], []
        rows = np.concatenate(parts) if parts else np.zeros((0, at.N_BAR))
        last_close = self.time_ms // at.MINUTE * at.MINUTE
        return candles_of(rows, last_close) if len(rows) else None

    def forming_candle(self, venue: int) -> Candles | None:
        """Return the bar that has not closed yet.

        Parameters
        ----------
        venue : int
            Its number in the world.

        Returns
        -------
        Candles or None
            One bar marked as forming; None on a whole minute.
        """
        left = -self.time_ms % at.MINUTE
        if left == 0:
            return None
        return candles_of(
            self._market.bar[[venue]].copy(), self.time_ms + left, last_is_forming=True
        )

    def take_closings(self, venue: int) -> Closings:
        """Hand over the positions of a venue that have ended since the last call.

        Parameters
        ----------
        venue : int
            Its number in the world.

        Returns
        -------
        Closings
            Liquidations, stops, targets, expiries, deleveragings.
        """
        self._drain()
        parts, self._events[venue] = self._events[venue], []
        return closings_of(np.concatenate(parts) if parts else np.zeros((0, at.N_EVENT)))

    def quote(self, venue: int) -> Quote:
        """Return a venue's ticker.

        Parameters
        ----------
        venue : int
            Its number in the world.

        Returns
        -------
        Quote
            As of the last step.
        """
        row = self._market.venue[venue]
        return Quote(
            time_ms=self.time_ms,
            last=float(row[at.LAST]),
            mark=float(row[at.MARK]),
            index=float(np.exp(self._market.common[at.SPOT])),
            open_interest=float(row[[at.OPEN_LONG, at.OPEN_SHORT]].max() + row[at.HEDGED]),
            funding_rate=float(row[at.FUNDING]),
        )

    def true_book(self, venue: int) -> TrueBook:
        """Return where every position of a venue would be liquidated now.

        Parameters
        ----------
        venue : int
            Its number in the world.

        Returns
        -------
        TrueBook
            What no venue publishes.
        """
        return true_book(self._market, venue)

    def order_book(self, venue: int, n_levels: int = 50) -> OrderBook:
        """Return a venue's resting orders now.

        Parameters
        ----------
        venue : int
            Its number in the world.
        n_levels : int
            Prices per side.

        Returns
        -------
        OrderBook
            In keeping with the depth that orders meet.
        """
        return order_book(self._market, self._settings, venue, n_levels)

    def copy(self) -> Self:
        """Return an exchange that goes on alike and shares nothing.

        Returns
        -------
        Exchange
            With the same chance to come.
        """
        return copy.deepcopy(self)

    def _drain(self) -> None:
        count, n_venues = self._market.counter, len(self.world.venues)
        bars = self._market.bars[:, : count[at.N_BARS]]
        events = self._market.event[: count[at.N_EVENTS]]
        for v in range(n_venues):
            if len(bars[v]):
                self._bars[v].append(bars[v].copy())
            mine = events[events[:, at.E_VENUE] == v]
            if len(mine):
                self._events[v].append(mine)
        count[[at.N_BARS, at.N_EVENTS]] = 0

    def _make_room(self) -> None:
        self._drain()
        if self._market.counter[at.N_FREE] <= MOST_ORDERS * len(self.world.venues):
            self._market = with_more_rows(self._market)
