"""The engine as the scorecard sees it: a book behind the protocol of map models."""

import math
from dataclasses import replace
from typing import Final, Literal

import numpy as np

from liqbands.bar import Bar, bars_of
from liqbands.book import Book
from liqbands.calibration import Calibration, evidence_of
from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument
from liqbands.kernel.bars import Bars
from liqbands.kernel.state import LAST_SWEPT, SWEPT
from liqbands.parameters import Parameters
from liqbands.readings import contracts_per_bin
from liqbands.rules import Basis
from liqbands.score.types import MapModel, ModelFactory
from liqbands.timeframes import MINUTE_MS

Feed = Literal["off", "full", "throttled"]

THROTTLED_CAP: Final = 2e5
"""Quote notional per minute above which a feed of one order per second says nothing."""


class EngineModel:
    """A book as a map of what stands.

    Parameters
    ----------
    instrument : Instrument
        Venue, contract and market.
    timeframe_ms : int
        Length of the bars, milliseconds.
    parameters : Parameters, optional
        The model's settings.
    basis : {"open_interest", "volume"}
        What the book follows.

    Examples
    --------
    >>> model = EngineModel(Instrument("bybit", "BTC/USDT:USDT"), 3_600_000)
    >>> one = np.array([100.0])
    >>> model.extend(Candles.from_arrays(
    ...     [0], open=one, high=one, low=one, close=one, open_interest=one,
    ...     timeframe_ms=3_600_000))
    >>> bool(model.standing(9_000, 400).sum() > 0)
    True
    """

    name = "engine"

    def __init__(
        self,
        instrument: Instrument,
        timeframe_ms: int,
        parameters: Parameters | None = None,
        basis: Basis = "open_interest",
    ) -> None:
        self.book = Book(instrument, parameters, timeframe_ms=timeframe_ms, basis=basis, ages=False)

    def extend(self, candles: Candles) -> None:
        """Take in the next closed bars.

        Parameters
        ----------
        candles : Candles
            Later than all before.
        """
        self.book.extend(candles)

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return the contracts that stand after the last bar.

        Parameters
        ----------
        first_bin, n_bins : int
            Bins of the price grid.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts; 0 on the wrong side of the mark price, and before the first bar.
        """
        return contracts_per_bin(self.book, first_bin, n_bins)

    @property
    def swept(self) -> FloatArray:
        """Return the contracts predicted as liquidated in the last bar, shape (2,).

        What died inside the bar that it was opened in is part of it, and that is known from the
        bar itself: no baseline has this advantage.
        """
        return np.array(self.book.state.ledger[:2, LAST_SWEPT])

    @property
    def swept_so_far(self) -> FloatArray:
        """Return the same since the first bar, shape (2,)."""
        return np.array(self.book.state.ledger[:2, SWEPT])


class CalibratedEngine(EngineModel):
    """A book that learns from reported liquidations which share of its zones is force-closed.

    What it shows, also under the protocol's name `standing`, is the expected map; the book
    itself stands as it does in `EngineModel`, and `swept` is the book's own.

    Parameters
    ----------
    instrument : Instrument
        Venue, contract and market.
    timeframe_ms : int
        Length of the bars, milliseconds; a minute or less, or calibration hurts.
    parameters : Parameters, optional
        The model's settings.  Reported liquidations teach survival here, so they are never
        taken out of the zones as well (`Parameters.realised` is off).
    cap : float
        Predicted quote notional per minute above which the feed says nothing; infinite for a
        feed without a throttle.  It becomes contracts at the price of the bar in which open
        interest is first known.

    Notes
    -----
    Evidence of a bar: what each tier lost to the mark price, and the contracts that were
    reported, both sides; bars in which either side is unknown teach nothing.
    """

    name = "engine, calibrated"

    def __init__(
        self,
        instrument: Instrument,
        timeframe_ms: int,
        parameters: Parameters | None = None,
        cap: float = math.inf,
    ) -> None:
        silent = replace(parameters or Parameters(), realised=False)
        super().__init__(instrument, timeframe_ms, silent)
        self.calibration: Calibration | None = None
        self._cap = cap * timeframe_ms / MINUTE_MS

    def extend(self, candles: Candles) -> None:
        """Take in the next closed bars one by one, learning from each.

        Parameters
        ----------
        candles : Candles
            Later than all before.
        """
        columns = bars_of(candles)
        times = columns.open_time_ms.tolist()
        values = [column.tolist() for column in columns[1:]]
        names = Bars._fields[1:]
        for time, row in zip(times, zip(*values, strict=True), strict=True):
            self._learn(Bar(time, **dict(zip(names, row, strict=True))))

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return the expected contracts: what would be force-closed of what stands.

        Parameters
        ----------
        first_bin, n_bins : int
            Bins of the price grid.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts, times the survival of their tiers.
        """
        return self.expected(first_bin, n_bins)

    def expected(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return what `standing` returns, by its own name.

        Parameters
        ----------
        first_bin, n_bins : int
            Bins of the price grid.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts.
        """
        weight = self.book.ladder.weight * self.survival
        return contracts_per_bin(self.book, first_bin, n_bins, weight)

    @property
    def survival(self) -> FloatArray:
        """Return the survival learnt so far per tier, 1 before any evidence."""
        if self.calibration is None:
            return np.ones(self.book.ladder.n_tiers)
        return self.calibration.survival

    def _learn(self, bar: Bar) -> None:
        self.book.update(bar)
        if self.calibration is None and bar.open_interest > 0:
            self.calibration = self._begin(bar.open_interest)
        realised = bar.long_liquidated + bar.short_liquidated
        if self.calibration is not None and math.isfinite(realised):
            self.calibration.update(evidence_of(self.book, realised))

    def _begin(self, open_interest: float) -> Calibration:
        book = self.book
        value = book.instrument.notional_per_contract(np.array([book.last_mark]))
        cap = self._cap / float(value[0])
        return Calibration(book.ladder, open_interest, book.timeframe_ms, cap)


def engine(
    parameters: Parameters | None = None,
    *,
    calibrated: Feed = "off",
    basis: Basis = "open_interest",
) -> ModelFactory:
    """Return the factory of an engine with these settings.

    Parameters
    ----------
    parameters : Parameters, optional
        The model's settings.
    calibrated : {"off", "full", "throttled"}
        Whether survival is learnt, and from what kind of feed.
    basis : {"open_interest", "volume"}
        What the book follows; calibration needs open interest.

    Returns
    -------
    ModelFactory
        Makes `EngineModel` or `CalibratedEngine`.

    Raises
    ------
    ValueError
        If the feed is unknown, or calibration is wanted without open interest.

    Examples
    --------
    >>> engine(calibrated="full")(Instrument("bybit", "BTC/USDT:USDT"), 60_000).name
    'engine, calibrated'
    """
    if calibrated not in ("off", "full", "throttled"):
        raise ValueError(f"calibrated must be off, full or throttled, was {calibrated!r}")
    if calibrated != "off" and basis != "open_interest":
        raise ValueError("calibration needs open interest, the basis was volume")
    cap = THROTTLED_CAP if calibrated == "throttled" else math.inf

    def make(instrument: Instrument, timeframe_ms: int) -> MapModel:
        if calibrated == "off":
            return EngineModel(instrument, timeframe_ms, parameters, basis)
        return CalibratedEngine(instrument, timeframe_ms, parameters, cap)

    return make
