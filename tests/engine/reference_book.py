"""The model of section 3 and 4, written down slowly: dense arrays, one deposit after the other.

Nothing is lazy here: no pending rows, no growth factors, no moving window, no frontier.  Only
the tables of tiers (kernels, offsets, cells) are taken from the engine; tests of their own check
them by hand.  Bins are absolute; axis 0 is the side, 0 long and 1 short.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from tests.engine.markets import cell_of, kernel_of

from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands.kernel.state import Tiers
from liqbands.ladder import Ladder
from liqbands.parameter_files import load_parameters
from liqbands.parameters import Parameters

Bins = NDArray[np.bool_]

REACH = 1.6
LONG_BAR_MS = 900_000


@dataclass
class ReferenceBook:
    """A book whose positions are remembered bar by bar."""

    ladder: Ladder
    tiers: Tiers
    step: float
    timeframe_ms: int
    low: float
    high: float
    parameters: Parameters = field(default_factory=lambda: load_parameters("prior"))
    by_bar: bool = False

    def __post_init__(self) -> None:
        self.first_bin = math.floor((math.log(self.low) - REACH) / self.step)
        last = math.ceil((math.log(self.high) + REACH) / self.step)
        self.n_bins = last - self.first_bin
        self.centers = (self.first_bin + np.arange(self.n_bins) + 0.5) * self.step
        self.cohorts = [np.zeros((2, len(self.ladder.weight), self.n_bins))]
        self.off_grid = [np.zeros((2, len(self.ladder.weight)))]
        self.open_interest = math.nan
        self.swept = np.zeros(2)
        self.newton_bars = 0
        self.is_long_bar = self.timeframe_ms >= LONG_BAR_MS

    # -- reading ---------------------------------------------------------------------------

    def contracts(self, from_cohort: int = 0) -> FloatArray:
        """Return weighted contracts per side and bin of the cohorts from one on."""
        total = np.sum(self.cohorts[from_cohort:], axis=0)
        return np.asarray(np.einsum("k,skb->sb", self.ladder.weight, total))

    def totals(self, s: int) -> FloatArray:
        """Return the contracts of a side per tier, unit weights."""
        held = sum(cohort[s].sum(axis=1) for cohort in self.cohorts)
        return np.asarray(held + sum(off[s] for off in self.off_grid))

    # -- one bar ---------------------------------------------------------------------------

    def extend(self, candles: Candles) -> None:
        """Take in all bars."""
        for i in range(len(candles)):
            self.update(candles, i)

    def update(self, c: Candles, i: int) -> None:
        """Sweep, close, open."""
        if self.by_bar:
            self.cohorts.append(np.zeros_like(self.cohorts[0]))
            self.off_grid.append(np.zeros_like(self.off_grid[0]))
        hits = [self._hit(c, i, s) for s in range(2)]
        swept = np.array([self._remove(s, hits[s], 1.0) for s in range(2)])
        after = float(c.open_interest[i])
        if math.isnan(self.open_interest):
            if after > 0:
                self._seed(c, i)
            return
        after = self.open_interest if math.isnan(after) else after
        change = after - self.open_interest
        if after > 5 * self.open_interest or 5 * after < self.open_interest:
            for s in range(2):
                self._scale(s, after / self.open_interest)
            change = 0.0
        self.open_interest = after
        self.swept += swept
        for s in range(2):
            more = self._beyond_predicted(c, i, s, change, float(swept[s]))
            more = self._take_nearest(s, hits[s], more) if more > 0 else 0.0
            self.swept[s] += more
            self._turn_over(c, i, s, change, float(swept[s]) + more)

    def _hit(self, c: Candles, i: int, s: int) -> Bins:
        mark = float((c.mark_low if s == 0 else c.mark_high)[i])
        price = mark if not math.isnan(mark) else float((c.low if s == 0 else c.high)[i])
        hit = self.centers >= math.log(price) if s == 0 else self.centers <= math.log(price)
        return np.asarray(hit)

    def _beyond_predicted(self, c: Candles, i: int, s: int, change: float, swept: float) -> float:
        """Find by bisection what to sweep so that swept and dead in the bar are the reported."""
        reported = float((c.long_liquidated if s == 0 else c.short_liquidated)[i])
        dead = float(self.ladder.weight @ self._in_bar_share(c, i, s))
        offered = self._gross(c, i, change) * self._side_share(c, i, s)

        def liquidated(more: float) -> float:
            gone = swept + more
            closed = max(offered * (1 - dead) - gone - change, 0.0)
            return gone + dead * (change + gone + closed) / (1 - dead)

        if math.isnan(reported) or liquidated(0.0) >= reported:
            return 0.0
        low, high = 0.0, reported
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if liquidated(middle) < reported else (low, middle)
        return high

    def _take_nearest(self, s: int, hit: Bins, wanted: float) -> float:
        """Take what was reported beyond the predicted out of the next 1 %, nearest bins first."""
        near = round(0.01 / self.step)
        edge = int(np.argmax(hit)) if s == 0 else int(np.flatnonzero(hit)[-1])
        taken = 0.0
        for distance in range(1, near + 1):
            b = edge - distance if s == 0 else edge + distance
            here = sum(float(self.ladder.weight @ cohort[s][:, b]) for cohort in self.cohorts)
            if here > 0 and taken < wanted:
                one = np.zeros(self.n_bins, dtype=np.bool_)
                one[b] = True
                taken += self._remove(s, one, min(1.0, (wanted - taken) / here))
        return taken

    def _remove(self, s: int, bins: Bins, share: float) -> float:
        removed = 0.0
        for cohort in self.cohorts:
            removed += share * float(self.ladder.weight @ cohort[s][:, bins].sum(axis=1))
            cohort[s][:, bins] *= 1 - share
        return removed

    def _scale(self, s: int, factor: float | FloatArray) -> None:
        for cohort, off in zip(self.cohorts, self.off_grid, strict=True):
            cohort[s] *= np.reshape(factor, (-1, 1))
            off[s] *= factor

    def _turn_over(self, c: Candles, i: int, s: int, change: float, swept: float) -> None:
        total = float(self.ladder.weight @ self.totals(s))
        in_bar = self._in_bar_share(c, i, s)
        dead = float(self.ladder.weight @ in_bar)
        offered = self._gross(c, i, change) * self._side_share(c, i, s)
        closed = min(max(offered * (1 - dead) - swept - change, 0.0), 0.999 * total)
        self._scale(s, self._survivors(s, closed))
        opened = (change + swept + closed) / (1 - dead)
        for entry_bin, share in self._entries(c, i):
            self._open(s, entry_bin, opened * share * (1 - in_bar))
        self.swept[s] += opened * dead

    # -- the pieces ------------------------------------------------------------------------

    def _gross(self, c: Candles, i: int, change: float) -> float:
        volume = 0.0 if math.isnan(c.volume[i]) else float(c.volume[i])
        return max(self.parameters.participation * volume, abs(change)) + change

    def _side_share(self, c: Candles, i: int, s: int) -> float:
        high, low, close = float(c.high[i]), float(c.low[i]), float(c.close[i])
        if c.taker_buy_volume[i] >= 0 and c.volume[i] > 0:
            tilt = float(c.taker_buy_volume[i] / c.volume[i]) - 0.5
        else:
            tilt = 0.35 * (2 * close - high - low) / (high - low) if high > low else 0.0
        share = 0.5 + self.parameters.taker_weight * tilt
        share = min(max(share, 0.02), 0.98)
        return share if s == 0 else 1 - share

    def _in_bar_share(self, c: Candles, i: int, s: int) -> FloatArray:
        has_mark = not math.isnan(c.mark_high[i])
        high, low = (c.mark_high[i], c.mark_low[i]) if has_mark else (c.high[i], c.low[i])
        log_range = math.log(high / low)
        if not self.is_long_bar or log_range == 0:
            return np.zeros(len(self.ladder.weight))
        return np.asarray(0.5 * np.maximum(0, 1 - self.ladder.distance[s] / log_range) ** 2)

    def _survivors(self, s: int, closed: float) -> FloatArray:
        """Return the share of each tier that stays open when `closed` contracts go."""
        hazard, held = self.ladder.hazard[s], self.ladder.weight * self.totals(s)
        if closed <= 0:
            return np.ones(len(hazard))
        theta = closed / float(held @ hazard)
        if theta * hazard.max() <= 0.5:
            return np.asarray(1 - theta * hazard)
        self.newton_bars += 1
        low, high = 0.0, 1e4
        for _ in range(200):
            middle = (low + high) / 2
            too_little = float(held @ -np.expm1(-middle * hazard)) < closed
            low, high = (middle, high) if too_little else (low, middle)
        return np.asarray(np.exp(-high * hazard))

    def _entries(self, c: Candles, i: int) -> list[tuple[int, float]]:
        low, high = float(c.low[i]), float(c.high[i])
        price = (high + low + float(c.close[i])) / 3
        if c.volume[i] > 0 and low <= c.quote_volume[i] / c.volume[i] <= high:
            price = float(c.quote_volume[i] / c.volume[i])
        if not self.is_long_bar:
            return [(self._bin(price), 1.0)]
        prices = ((low + price) / 2, 0.25), (price, 0.5), ((high + price) / 2, 0.25)
        return [(self._bin(p), share) for p, share in prices]

    def _bin(self, price: float) -> int:
        return math.floor(math.log(price) / self.step)

    def _open(self, s: int, entry_bin: int, amount: FloatArray) -> None:
        for k, contracts in enumerate(amount):
            cell = cell_of(self.tiers, k)
            mirrored = entry_bin if s == 0 else -1 - entry_bin
            snapped = mirrored // cell * cell + cell // 2
            self._stand(s, k, snapped if s == 0 else -1 - snapped, float(contracts))

    def _stand(self, s: int, k: int, entry_bin: int, contracts: float) -> None:
        offset, shares = kernel_of(self.tiers, s, k)
        if not len(shares):
            self.off_grid[-1][s, k] += contracts
            return
        away = offset + np.arange(len(shares))
        place = (entry_bin - away if s == 0 else entry_bin + away) - self.first_bin
        self.cohorts[-1][s, k, place] += contracts * shares

    def _seed(self, c: Candles, i: int) -> None:
        """Fill both sides: amounts ~ 1/hazard, entries Laplace around the mark (model 4.3)."""
        self.open_interest = float(c.open_interest[i])
        mark = float(c.close[i] if math.isnan(c.mark_close[i]) else c.mark_close[i])
        p = self.parameters
        share = (np.arange(65) + 0.5) / 65
        quantile = np.where(share < 0.5, np.log(2 * share), -np.log(2 * (1 - share)))
        for s in range(2):
            hazard = self.ladder.hazard[s]
            mean = 1 / float((self.ladder.weight / hazard).sum())
            rate = p.participation * p.seed_turnover / 2 * hazard / mean
            bins = p.seed_volatility / np.sqrt(2 * rate) / self.step
            for k in range(len(hazard)):
                away = np.array([round(float(bins[k] * q)) for q in quantile])
                self._seed_tier(s, k, mark, away, self.open_interest * mean / float(hazard[k]))

    def _seed_tier(self, s: int, k: int, mark: float, away: FloatArray, amount: float) -> None:
        x = math.log(mark) / self.step
        # The first bin whose centre is not on the side's own side of the mark.
        edge = math.ceil(x - 0.5) if s == 0 else math.floor(x - 0.5)
        for q in away:
            self._stand(s, k, int(edge + q if s == 0 else edge - q), 1.0)
        mine = self.cohorts[-1][s, k]
        mine[self.centers >= x * self.step if s == 0 else self.centers <= x * self.step] = 0
        if mine.sum() > 0:
            mine *= amount / mine.sum()
        else:
            self.off_grid[-1][s, k] = amount
