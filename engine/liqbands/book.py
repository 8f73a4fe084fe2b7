"""The book: standing positions of one instrument by side, leverage tier and price bin.

A book advances bar by bar; whether bars come one by one or all at once makes no difference to
a single bit.  It never looks at a clock and never at later bars.
"""

import copy
import math
from typing import NamedTuple, Self

import numpy as np

from liqbands.bar import Bar, OneBar, bars_of, part_of
from liqbands.earlier import EarlierCopies
from liqbands.errors import MarketDataError
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument, Side
from liqbands.kernel.bars import Bars, StopLevels
from liqbands.kernel.field import flush_all
from liqbands.kernel.state import (
    BookState,
    Tiers,
    copy_state,
    new_state,
)
from liqbands.kernel.walk import Columns, seed_left, walk
from liqbands.ladder import Ladder
from liqbands.ledger import Ledger, read_ledger
from liqbands.market_data import Candles
from liqbands.parameters import Parameters
from liqbands.placement import mean_hazard
from liqbands.readings import no_columns, read_snapshot
from liqbands.results import Snapshot, Unit
from liqbands.rules import Basis, make_rules
from liqbands.shelf import LadderShelf
from liqbands.stops import NO_STOPS, StopLevelFeed
from liqbands.timeframes import format_time


class Book:
    """Standing leveraged positions of one instrument, advanced bar by bar.

    Parameters
    ----------
    instrument : Instrument
        Venue, contract and market; they choose ladder, liquidation rule and grid.
    parameters : Parameters, optional
        The model's settings.
    timeframe_ms : int
        Length of the bars, milliseconds.
    basis : {"open_interest", "volume"}
        Whether the book is tied to open interest (its units are contracts) or only follows
        volume (its units are relative).
    ages : bool
        Whether to remember ages, which bands show; amounts are the same either way.

    Raises
    ------
    ValueError
        If the bar length is not positive.

    Examples
    --------
    >>> book = Book(Instrument("bybit", "BTC/USDT:USDT"), timeframe_ms=3_600_000)
    >>> book.update(Bar(0, 100.0, 101.0, 99.0, 100.0, volume=50.0, open_interest=1_000.0))
    >>> round(book.ledger(Side.LONG).open_contracts, 6)
    1000.0
    """

    def __init__(
        self,
        instrument: Instrument,
        parameters: Parameters | None = None,
        *,
        timeframe_ms: int,
        basis: Basis = "open_interest",
        ages: bool = True,
    ) -> None:
        if timeframe_ms <= 0:
            raise ValueError(f"timeframe_ms must be positive, was {timeframe_ms}")
        self.instrument = instrument
        self.parameters = parameters or Parameters()
        self.timeframe_ms = timeframe_ms
        self.basis = basis
        self.grid = PriceGrid.of(instrument.market)
        self.last_open_ms: int | None = None
        self.last_mark = math.nan
        self._day_range = math.nan
        self.earlier = EarlierCopies()
        self._ages = ages
        self._ladders = LadderShelf(instrument, self.parameters, self.grid, basis)
        self._level = 0
        self._ranges = StopLevelFeed(instrument, timeframe_ms)
        self._one = OneBar()
        mean = mean_hazard(self.ladder)
        self.rules = make_rules(instrument, self.parameters, self.grid, timeframe_ms, mean)
        self._nothing = no_columns(self.ladder.n_tiers)
        self.state: BookState = new_state(self.ladder.n_tiers, self._ladders.n_bins, 0, ages=ages)

    @property
    def ladder(self) -> Ladder:
        """Return the tiers in force."""
        return self._ladders.at(self._level).ladder

    @property
    def tiers(self) -> Tiers:
        """Return the tiers in force, on the grid."""
        return self._ladders.at(self._level).tiers

    @property
    def unit(self) -> Unit:
        """Return ``"quote"`` where open interest is known, else ``"relative"``."""
        return "quote" if self.basis == "open_interest" else "relative"

    @property
    def average_true_range(self) -> float:
        """Return Wilder's average over 14 bars, quote per base; NaN before the first bar."""
        return self._ranges.average_true_range

    @property
    def day_range(self) -> float:
        """Return the log range of a day of trading, by the last two weeks; NaN at first."""
        return self._day_range

    @property
    def seed_share(self) -> float:
        """Return the largest share that can still come from the seed; below 0.05 is warm."""
        return max(float(seed_left(self.state, self.tiers, s)) for s in range(2))

    def update(self, bar: Bar) -> None:
        """Advance the book by one closed bar.

        Parameters
        ----------
        bar : Bar
            The next bar; later than all before.

        Raises
        ------
        MarketDataError
            If the bar does not come after the last one.
        """
        self._expect(bar.open_time_ms)
        bars = self._one.hold(bar)
        if self.basis == "volume":
            self._advance(bars, self._nothing)
            return
        self._use_level(self._ladders.rule_level(bar.open_time_ms))
        day_range = self._ranges.daily_range(self._ranges.follow(bars))
        walk(self.state, self.tiers, self.rules, bars, NO_STOPS, self._nothing)
        self._note(bars, day_range, 0)
        if self._ages and self.earlier.is_due(bar.open_time_ms + self.timeframe_ms):
            self.earlier.keep(self)

    def extend(self, candles: Candles, columns: Columns | None = None) -> None:
        """Advance the book by many closed bars.

        Parameters
        ----------
        candles : Candles
            The next bars; later than all before, of the book's own length.
        columns : Columns, optional
            Where to write heatmap columns on the way.

        Raises
        ------
        MarketDataError
            If the bars do not come after the last one or have another length.
        """
        if candles.timeframe_ms != self.timeframe_ms:
            raise MarketDataError(
                f"bars must be {self.timeframe_ms} ms long, were {candles.timeframe_ms} ms"
            )
        self._expect(int(candles.open_time_ms[0]))
        self._advance(bars_of(candles), columns or self._nothing)

    def copy(self) -> Self:
        """Return an independent copy, e.g. to see a forming bar without depositing it.

        Returns
        -------
        Book
            Equal to this one, sharing nothing that changes.
        """
        twin = copy.copy(self)
        twin.state = copy_state(self.state)
        twin.earlier = self.earlier.copy()
        twin._ranges = self._ranges.copy()
        twin._one = OneBar()
        return twin

    def ledger(self, side: Side) -> Ledger:
        """Return where every contract of a side went.

        Parameters
        ----------
        side : Side
            Long or short.

        Returns
        -------
        Ledger
            Contracts (or relative units) since the book began.
        """
        return read_ledger(self.state, self.tiers, side)

    def snapshot(self, survival: FloatArray | None = None) -> Snapshot:
        """Return the book at the close of its last bar.

        Parameters
        ----------
        survival : ndarray, shape (n_tiers,), optional
            Calibrated survival per tier; makes the quantity ``"expected"``.

        Returns
        -------
        Snapshot
            Contracts per side, leverage layer and bin.

        Raises
        ------
        ValueError
            If there has been no bar yet, or the book does not remember ages.
        """
        if self.last_open_ms is None:
            raise ValueError("the book has no bar yet; update it first")
        if not self._ages:
            raise ValueError("the book does not remember ages; make it with ages=True")
        return read_snapshot(self, survival)

    def _expect(self, open_time_ms: int) -> None:
        if self.last_open_ms is None:
            self.state.times[:] = open_time_ms
        elif open_time_ms <= self.last_open_ms:
            raise MarketDataError(
                f"bar {format_time(open_time_ms)} must come after the last one, "
                f"{format_time(self.last_open_ms)}"
            )

    def _advance(self, bars: Bars, columns: Columns) -> None:
        """Walk in stretches of equal ladder."""
        stops = NO_STOPS
        if self.basis == "volume":
            stops, bar_range = self._ranges.levels(bars)
            day_range = self._ranges.daily_range(bar_range)
            levels = self._ladders.range_levels(day_range)
        else:
            day_range = self._ranges.daily_range(self._ranges.follow(bars))
            levels = self._ladders.rule_levels(bars.open_time_ms)
        starts = np.flatnonzero(np.diff(levels, prepend=levels[0] - 1))
        for start, stop in zip(starts, [*starts[1:], len(day_range)], strict=True):
            part = slice(int(start), int(stop))
            self._use_level(int(levels[start]))
            some = _Stretch(part_of(bars, part), stops.within(part), day_range[part])
            self._walk(some, columns.within(part))

    def _note(self, bars: Bars, day_range: FloatArray, i: int) -> None:
        self.last_open_ms = int(bars.open_time_ms[i])
        self._day_range = float(day_range[i])
        mark = float(bars.mark_close[i])
        use_mark = self.parameters.mark_sweep and math.isfinite(mark)
        self.last_mark = mark if use_mark else float(bars.close[i])

    def _use_level(self, level: int) -> None:
        if level == self._level:
            return
        for s in range(2):
            flush_all(self.state, self.tiers, s)
        self._level = level

    def _walk(self, stretch: "_Stretch", columns: Columns) -> None:
        """Walk bars of one ladder, pausing where the book has to remember itself."""
        bars = stretch.bars
        pauses = self.earlier.pauses(bars.open_time_ms, self.rules.bar_ms) if self._ages else []
        start = 0
        for stop in sorted({*pauses, len(bars.open_time_ms)}):
            part = slice(start, stop)
            some = part_of(bars, part)
            stops = stretch.stops.within(part)
            walk(self.state, self.tiers, self.rules, some, stops, columns.within(part))
            self._note(bars, stretch.day_range, stop - 1)
            if stop in pauses:
                self.earlier.keep(self)
            start = stop


class _Stretch(NamedTuple):
    """Bars of one ladder, where stops gather after each, and the range of a day by then."""

    bars: Bars
    stops: StopLevels
    day_range: FloatArray
