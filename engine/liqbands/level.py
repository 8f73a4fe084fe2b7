"""The level: how much of open interest stands where the map says, learnt from liquidations.

The shape of a map comes from prices and flow; how many dollars belong on it is a prior, because
makers, hedgers and the barely levered are part of open interest too.  Where liquidations are
reported, what was really closed by force over what was swept says how far the prior is off.
"""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from liqbands.candles import Candles
from liqbands.kernel.state import SWEPT
from liqbands.results import Snapshot
from liqbands.timeframes import DAY_MS

if TYPE_CHECKING:
    from liqbands.book import Book

Feed = Literal["full", "throttled"]

HALF_LIFE_MS: Final = 10 * DAY_MS
PRIOR_SHARE: Final = 0.05
"""The prior weighs as much as this share of open interest, swept."""

USUAL: Final[dict[Feed, float]] = {"full": 0.60, "throttled": 0.25}
"""Realised over swept contracts at which the prior level is right, by completeness of the feed;
fitted on the simulated training worlds."""

LOWEST: Final = 0.2
HIGHEST: Final = 4.0


class Level:
    """Learn the factor on standing notional bar by bar, with forgetting.

    Parameters
    ----------
    feed : {"full", "throttled"}
        Whether every liquidation is reported, or at most one order per second.

    Raises
    ------
    ValueError
        If the feed is neither.

    Notes
    -----
    Events identify only the product of what stood and what survived to be liquidated: "less was
    there" and "less survived" look the same.  Without knowing more, the logarithm of the
    deviation is split evenly between the two, hence ``factor = sqrt(realised / swept / usual)``.
    The book does not change, and what was answered earlier does not either.

    Examples
    --------
    Four times the usual share of what is swept is liquidated: half of it is credited to level.

    >>> level = Level()
    >>> for _ in range(5_000):
    ...     level.update(swept=1.0, realised=2.4, open_interest=1_000.0, elapsed_ms=60_000)
    >>> round(level.factor, 2)
    1.99
    """

    def __init__(self, feed: Feed = "full") -> None:
        if feed not in USUAL:
            raise ValueError(f"feed must be full or throttled, was {feed!r}")
        self._usual = USUAL[feed]
        self._swept = 0.0
        self._realised = 0.0
        self._prior = 0.0
        self._seen = 0.0

    @property
    def factor(self) -> float:
        """Return the factor on standing contracts; 1 before anything was swept."""
        weight = self._swept + self._prior
        if weight <= 0:
            return 1.0
        amplitude = (self._realised + self._prior * self._usual) / weight
        return min(max(math.sqrt(amplitude / self._usual), LOWEST), HIGHEST)

    def update(self, swept: float, realised: float, open_interest: float, elapsed_ms: int) -> None:
        """Learn from a stretch of bars.

        Parameters
        ----------
        swept : float
            Contracts that the map lost to the price, both sides, in weights of the ladder.
        realised : float
            Contracts reported as liquidated, both sides; NaN (no report) teaches nothing.
        open_interest : float
            Contracts; sets how much evidence moves the prior.
        elapsed_ms : int
            Length of the stretch, milliseconds.
        """
        if not (realised >= 0 and swept >= 0 and open_interest > 0):
            return
        keep = 2 ** (-elapsed_ms / HALF_LIFE_MS)
        self._swept = keep * self._swept + swept
        self._realised = keep * self._realised + realised
        self._prior = PRIOR_SHARE * open_interest

    def follow(self, book: "Book", realised: float, open_interest: float, elapsed_ms: int) -> None:
        """Learn from what a book has swept since the last call.

        Parameters
        ----------
        book : Book
            The same book every time, after it has advanced.
        realised : float
            Contracts reported as liquidated since then, both sides.
        open_interest : float
            Contracts now.
        elapsed_ms : int
            Time since then, milliseconds.
        """
        swept = float(book.state.ledger[:2, SWEPT].sum())
        self.update(swept - self._seen, realised, open_interest, elapsed_ms)
        self._seen = swept

    def walk(self, book: "Book", candles: Candles) -> None:
        """Advance a book day by day, learning from the liquidations that the bars report.

        Parameters
        ----------
        book : Book
            The same book every time; best with `Parameters.realised` off, so that reports are
            not also taken out of its zones.
        candles : Candles
            The next closed bars.
        """
        per_day = max(1, DAY_MS // candles.timeframe_ms)
        for start in range(0, len(candles), per_day):
            part = candles[start : start + per_day]
            book.extend(part)
            reported = part.long_liquidated + part.short_liquidated
            known = np.isfinite(reported)
            realised = float(reported[known].sum()) if known.any() else math.nan
            open_interest = part.open_interest[np.isfinite(part.open_interest)]
            last = float(open_interest[-1]) if len(open_interest) else math.nan
            self.follow(book, realised, last, len(part) * part.timeframe_ms)

    def apply(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot at the learnt level.

        Parameters
        ----------
        snapshot : Snapshot
            A book at the prior level, of contracts (not relative).

        Returns
        -------
        Snapshot
            What leaves the map goes off the grid and the reverse, so that standing and off-grid
            contracts still add up to open interest; no side holds more than that.
        """
        on_map = snapshot.contracts.sum(axis=(1, 2))
        whole = on_map + snapshot.off_grid
        factor = min(self.factor, *(whole[on_map > 0] / on_map[on_map > 0]), HIGHEST)
        return replace(
            snapshot,
            contracts=snapshot.contracts * factor,
            earlier_contracts=snapshot.earlier_contracts * factor,
            off_grid=whole - on_map * factor,
        )
