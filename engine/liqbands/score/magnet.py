"""The magnet test: whether the denser of two opposite levels is touched first.

Each day the map names one distance at which its two sides differ most; then the market is
watched for 72 hours.  If dense levels attracted price, the denser side would come first more
than half of the time.  Up to now it does not, with perfect knowledge of the book too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from liqbands.grid import IntArray, PriceGrid
from liqbands.instrument import FloatArray
from liqbands.timeframes import HOUR_MS

NEAREST: Final = 0.01
FARTHEST: Final = 0.05
BAND_WIDTH: Final = 0.003
HORIZON_MS: Final = 72 * HOUR_MS
EVEN: Final = 0.05
"""Keeps the contrast of nearly empty pairs finite."""

_NEVER: Final = 2**62


@dataclass(frozen=True, eq=False)
class DailyLevels:
    """The level pair that a map named at each snapshot of one market.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (n_days,)
        When the map was drawn, UTC milliseconds: the close of its last bar.
    mark : ndarray, shape (n_days,)
        Mark price at that time, quote per base.
    distance : ndarray, shape (n_days,)
        Log distance of both levels from mark.
    contrast : ndarray, shape (n_days,)
        1: all of the pair's mass above mark, -1: all below, 0: no pair stands out.
    """

    time_ms: IntArray
    mark: FloatArray
    distance: FloatArray
    contrast: FloatArray


@dataclass(frozen=True, eq=False)
class MarkBars:
    """Bars of the mark price of one market.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens, UTC milliseconds, increasing.
    high, low, close : ndarray, shape (n_bars,)
        Mark price, quote per base.
    timeframe_ms : int
        Length of a bar.
    """

    open_time_ms: IntArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    timeframe_ms: int


@dataclass(frozen=True, eq=False)
class Trials:
    """Days on which one of the two levels was touched first.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (n,)
        When the map was drawn.
    cluster : ndarray of int64, shape (n,)
        Which market path; coins of one market have the same, simulated seeds each their own.
    won : ndarray, shape (n,)
        1 where the denser side's level came first, else 0.
    contrast : ndarray, shape (n,)
        Absolute contrast of the pair.
    with_trend : ndarray, shape (n,)
        1 where the dense side was the side of the past 72 hours' move, 0 where not, NaN where
        that move is not known or nil.
    n_ties, n_untouched, n_even : int
        Days dropped: both levels in one bar, neither within 72 hours, no pair stood out.
    """

    time_ms: IntArray
    cluster: IntArray
    won: FloatArray
    contrast: FloatArray
    with_trend: FloatArray
    n_ties: int
    n_untouched: int
    n_even: int

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Put the trials of several markets together.

        Parameters
        ----------
        parts : sequence of Trials
            At least one.

        Returns
        -------
        Trials
            All rows; dropped days are added up.
        """
        return cls(
            time_ms=np.concatenate([part.time_ms for part in parts]),
            cluster=np.concatenate([part.cluster for part in parts]),
            won=np.concatenate([part.won for part in parts]),
            contrast=np.concatenate([part.contrast for part in parts]),
            with_trend=np.concatenate([part.with_trend for part in parts]),
            n_ties=sum(part.n_ties for part in parts),
            n_untouched=sum(part.n_untouched for part in parts),
            n_even=sum(part.n_even for part in parts),
        )


def pair_distances() -> FloatArray:
    """Return the distances at which pairs of bands are compared.

    Returns
    -------
    ndarray, shape (n_distances,)
        Log distances of the bands' middles, 1 to 5 %, one band apart.
    """
    count = int((FARTHEST - NEAREST) / BAND_WIDTH + 1e-9) + 1
    return NEAREST + BAND_WIDTH * np.arange(count, dtype=np.float64)


def band_pairs(
    standing: Callable[[int, int], FloatArray], mark: float, grid: PriceGrid
) -> tuple[FloatArray, FloatArray]:
    """Return what a map holds in the bands above and below mark.

    Parameters
    ----------
    standing : callable
        Longs and shorts, shape (2, n_bins), for a first bin and a number of bins: the method
        of any `MapModel`, or a cut of an array.
    mark : float
        Mark price, quote per base.
    grid : PriceGrid
        The map's grid.

    Returns
    -------
    tuple of ndarray, each of shape (n_distances,)
        Shorts in the bands above, longs in the bands below.
    """
    width = max(round(BAND_WIDTH / grid.step), 1)
    inner = (pair_distances() - BAND_WIDTH / 2) / grid.step
    at = np.log(mark) / grid.step
    # Bands hold `width` bins each: above from the first centre beyond the inner edge, below to it.
    above = np.ceil(at + inner - 0.5).astype(np.int64)
    below = np.floor(at - inner - 0.5).astype(np.int64) + 1 - width
    first = int(below.min())
    long, short = standing(first, int(above.max()) + width - first)
    return _band_sums(short, above - first, width), _band_sums(long, below - first, width)


def choose_pair(above: FloatArray, below: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the distance and contrast of the pair that stands out most on each day.

    Parameters
    ----------
    above, below : ndarray, shape (n_days, n_distances)
        What stands in the bands, as `band_pairs` gives it.

    Returns
    -------
    tuple of ndarray, each of shape (n_days,)
        Distance and contrast; the nearest of equal ones.

    Notes
    -----
    Formula: ``c = (up - dn) / (up + dn + 0.05 max)`` with ``max`` the larger of the two; chosen
    where ``|c| sqrt(max)`` is largest (model description, 8.4).
    """
    larger = np.maximum(above, below)
    whole = above + below + EVEN * larger
    contrast = np.divide(above - below, whole, out=np.zeros_like(whole), where=whole > 0)
    best = np.argmax(np.abs(contrast) * np.sqrt(larger), axis=1)
    days = np.arange(len(best))
    return pair_distances()[best], contrast[days, best]


def run_trials(levels: DailyLevels, bars: MarkBars, cluster: int = 0) -> Trials:
    """Watch which level of each pair is touched first within 72 hours.

    Parameters
    ----------
    levels : DailyLevels
        The pairs of one market.
    bars : MarkBars
        Its mark price, before and after.
    cluster : int
        Which market path the market belongs to.

    Returns
    -------
    Trials
        Days whose 72 hours are not covered by the bars are not among them.
    """
    ends = bars.open_time_ms + bars.timeframe_ms
    covered = levels.time_ms + HORIZON_MS <= (ends[-1] if len(ends) else 0)
    start = np.searchsorted(bars.open_time_ms, levels.time_ms)
    stop = np.searchsorted(bars.open_time_ms, levels.time_ms + HORIZON_MS)
    up, down = _touches(levels, bars, start, stop)
    even = levels.contrast == 0
    touched = np.minimum(up, down) < _NEVER
    scored = covered & ~even & (up != down)
    dense_first = np.where(levels.contrast > 0, up < down, down < up)
    return Trials(
        time_ms=levels.time_ms[scored],
        cluster=np.full(int(scored.sum()), cluster, dtype=np.int64),
        won=dense_first[scored].astype(np.float64),
        contrast=np.abs(levels.contrast[scored]),
        with_trend=_with_trend(levels, bars, ends)[scored],
        n_ties=int((covered & ~even & touched & (up == down)).sum()),
        n_untouched=int((covered & ~even & ~touched).sum()),
        n_even=int((covered & even).sum()),
    )


def _band_sums(amounts: FloatArray, start: IntArray, width: int) -> FloatArray:
    total = np.concatenate([[0.0], np.cumsum(amounts)])
    sums: FloatArray = np.maximum(total[start + width] - total[start], 0.0)
    return sums


def _touches(
    levels: DailyLevels, bars: MarkBars, start: IntArray, stop: IntArray
) -> tuple[IntArray, IntArray]:
    """Return the bar that first touched the level above and below, or _NEVER."""
    top = levels.mark * np.exp(levels.distance)
    bottom = levels.mark * np.exp(-levels.distance)
    up = np.full(len(top), _NEVER, dtype=np.int64)
    down = up.copy()
    for day, (a, b) in enumerate(zip(start, stop, strict=True)):
        up[day] = _first(bars.high[a:b] >= top[day])
        down[day] = _first(bars.low[a:b] <= bottom[day])
    return up, down


def _first(touched: NDArray[np.bool_]) -> int:
    return int(touched.argmax()) if touched.any() else _NEVER


def _with_trend(levels: DailyLevels, bars: MarkBars, ends: IntArray) -> FloatArray:
    before = np.searchsorted(ends, levels.time_ms - HORIZON_MS, side="right") - 1
    earlier = np.where(before >= 0, bars.close[np.maximum(before, 0)], np.nan)
    move = np.sign(np.log(levels.mark / earlier))
    known = np.isfinite(move) & (move != 0)
    return np.where(known, (move == np.sign(levels.contrast)).astype(np.float64), np.nan)
