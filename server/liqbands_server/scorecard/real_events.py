"""The event test: recorded liquidation fills, placed in the map that was there before.

Fills of Hyperliquid have a price.  Every quarter of an hour the maps are read; what counts is
whether the rows that price then reached and that held liquidations were the dense ones.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.market_data import Liquidations
from liqbands.score.blocks import Blocks
from liqbands.score.bootstrap import Statistic, block_bootstrap, paired_difference
from liqbands.score.marks import MarkPrices, highest_to, lowest_from
from liqbands.score.panel import Panel
from liqbands.score.reach_metrics import ReachMetrics
from liqbands.score.reach_panel import reach_panel
from liqbands.score.reached_rows import ReachedRows, ReachPlan, find_reached
from liqbands.score.types import ModelFactory
from liqbands.timeframes import MINUTE_MS
from liqbands_server.scorecard.real_markets import COINS, RecordedEvents, load_events
from liqbands_server.scorecard.real_models import MODELS, RIVALS
from liqbands_server.scorecard.real_rows import Progress, ScoreRow, coins_and_all, silent

INTERVAL_MS: Final = 15 * MINUTE_MS
BINS_PER_ROW: Final = 2

LIFT: Final = "lift10"
AUC: Final = "auc"
SPEARMAN: Final = "spearman"

_Measure = Callable[[ReachMetrics, FloatArray], float]
_Mass = Callable[[Panel, FloatArray], float]


@dataclass(frozen=True, slots=True)
class EventSample:
    """What the figures of one set of fills rest on.

    Parameters
    ----------
    data : str
        A coin, or "BTC + ETH".
    n_intervals : int
        Quarters of an hour.
    n_rows, n_hit : int
        Rows that price reached, and how many of them saw a liquidation.
    n_fills, n_placed : int
        Liquidation fills, and how many of them lie in a reached row.
    """

    data: str
    n_intervals: int
    n_rows: int
    n_hit: int
    n_fills: int
    n_placed: int


@dataclass(frozen=True, slots=True)
class EventScorecard:
    """Figures of all models, and what they rest on.

    Parameters
    ----------
    rows : tuple of ScoreRow
        `LIFT`, `AUC` and `SPEARMAN` of every model, and `AUC` above each rival (`auc_above`).
    samples : tuple of EventSample
        One per coin, and of all coins.
    """

    rows: tuple[ScoreRow, ...]
    samples: tuple[EventSample, ...]


@dataclass(frozen=True, eq=False)
class _Market:
    """A coin's market up to its last liquidation, and the rows that price reached."""

    coin: str
    instrument: Instrument
    candles: Candles
    n_fills: int
    reached: ReachedRows

    def panel(self, factory: ModelFactory) -> Panel:
        """Return what a model held in the rows."""
        return reach_panel(factory, self.instrument, self.candles, self.reached)


def score_recorded_events(
    folder: Path,
    models: Mapping[str, ModelFactory] = MODELS,
    *,
    coins: Sequence[str] = COINS,
    n_resamples: int = 500,
    progress: Progress = silent,
) -> EventScorecard:
    """Score models on the recorded fills of May and June 2025.

    Parameters
    ----------
    folder : Path
        The recorded markets.
    models : mapping of str to ModelFactory
        Maps, by the name under which they are reported.
    coins : sequence of str
        Which coins.
    n_resamples : int
        Size of the bootstrap of intervals.
    progress : callable
        Is told of every model.

    Returns
    -------
    EventScorecard
        Figures per coin and of all coins.

    Raises
    ------
    MarketDataError
        If a recorded file is missing or cannot be used.

    Notes
    -----
    Rows of 10 basis points, read 15 minutes ahead.  Rows are compared within their coin only,
    as the unit of a map need not mean the same for another: of all coins, `LIFT` is the mean by
    realised notional, `AUC` by pairs of rows, `SPEARMAN` by rows.  Bounds draw intervals, as
    there are only a few days: they are narrower than those of days would be.
    """
    markets = [_market(coin, load_events(folder, coin)) for coin in coins]
    scored: dict[str, list[ReachMetrics]] = {}
    for name, factory in models.items():
        progress(f"liquidation fills: {name}")
        scored[name] = [ReachMetrics(market.panel(factory)) for market in markets]
    rows, samples = [], []
    for data, chosen in coins_and_all(coins):
        samples.append(_sample(data, markets[chosen]))
        metrics = {name: own[chosen] for name, own in scored.items()}
        rows += _rows(data, metrics, n_resamples)
    return EventScorecard(tuple(rows), tuple(samples))


def auc_above(rival: str) -> str:
    """Return the name of the metric that compares a model with a rival.

    Parameters
    ----------
    rival : str
        Name of the rival.

    Returns
    -------
    str
        Metric of the paired difference.
    """
    return f"{AUC} above {rival}"


def placed_by_mark(events: Liquidations, candles: Candles, rows: PriceGrid) -> Liquidations:
    """Return liquidations at the price that triggered them rather than that of their fill.

    Parameters
    ----------
    events : Liquidations
        Fills.
    candles : Candles
        Bars of the market whose mark price counts.
    rows : PriceGrid
        The grid whose bins are the rows.

    Returns
    -------
    Liquidations
        A fill beyond what the mark price reached in its own bar is put into the furthest row
        that it did reach.  A forced order slips, and another venue's price is another one; but
        what is liquidated stood where the mark price had come to.
    """
    marks = MarkPrices.of(candles)
    bar = np.searchsorted(candles.open_time_ms, events.time_ms, side="right") - 1
    row = rows.bin_of(events.price)
    lowest, highest = lowest_from(marks.low[bar], rows), highest_to(marks.high[bar], rows)
    reached = np.where(events.side > 0, np.maximum(row, lowest), np.minimum(row, highest))
    centre = np.exp((reached + 0.5) * rows.step)
    return replace(events, price=np.where(reached == row, events.price, centre))


def _market(coin: str, recorded: RecordedEvents) -> _Market:
    events, candles, instrument = recorded.events, recorded.candles, recorded.instrument
    first = int(events.time_ms[0]) // INTERVAL_MS * INTERVAL_MS
    last = -(-int(events.time_ms[-1]) // INTERVAL_MS) * INTERVAL_MS
    plan = ReachPlan(INTERVAL_MS, INTERVAL_MS, BINS_PER_ROW, first)
    placed = placed_by_mark(events, candles, plan.rows_of(instrument))
    closed_at = candles.open_time_ms + candles.timeframe_ms
    candles = candles[: int(np.searchsorted(closed_at, last, side="right"))]
    reached = find_reached(candles, placed, instrument, plan)
    return _Market(coin, instrument, candles, len(events.time_ms), reached)


def _sample(data: str, markets: Sequence[_Market]) -> EventSample:
    return EventSample(
        data,
        n_intervals=sum(len(market.reached.n_seen) for market in markets),
        n_rows=sum(len(market.reached.row) for market in markets),
        n_hit=sum(int((market.reached.notional > 0).sum()) for market in markets),
        n_fills=sum(market.n_fills for market in markets),
        n_placed=sum(int(market.reached.counts.sum()) for market in markets),
    )


def _rows(data: str, scored: Mapping[str, Sequence[ReachMetrics]], n: int) -> list[ScoreRow]:
    rows = []
    for name, own in scored.items():
        intervals = _intervals(own)
        for metric in _METRICS:
            statistic = _within_coins(own, metric)
            rows.append(ScoreRow(name, data, metric, block_bootstrap(statistic, intervals, n)))
        for rival in RIVALS:
            if rival in scored and rival != name:
                auc, other = _within_coins(own, AUC), _within_coins(scored[rival], AUC)
                above = paired_difference(auc, other, intervals, n)
                rows.append(ScoreRow(name, data, auc_above(rival), above))
    return rows


def _intervals(parts: Sequence[ReachMetrics]) -> Blocks:
    snapshots = [part.panel.snapshot for part in parts]
    coin = np.repeat(np.arange(len(parts)), [len(snapshot) for snapshot in snapshots])
    return Blocks.of(coin, np.concatenate(snapshots))


def _within_coins(parts: Sequence[ReachMetrics], metric: str) -> Statistic:
    """Return the mean of a metric over coins, each with the mass that it has in the metric."""
    measure, mass = _METRICS[metric]
    ends = np.cumsum([len(part.panel.snapshot) for part in parts])[:-1]

    def mean(weights: FloatArray) -> float:
        own = list(zip(parts, np.split(weights, ends), strict=True))
        masses = [mass(part.panel, weight) for part, weight in own]
        found = [m * measure(part, w) for (part, w), m in zip(own, masses, strict=True) if m > 0]
        return sum(found) / sum(masses) if found else math.nan

    return mean


def _pairs(panel: Panel, weights: FloatArray) -> float:
    hit = float(weights @ (panel.realised > 0))
    return hit * (float(weights.sum()) - hit)


_METRICS: Final[dict[str, tuple[_Measure, _Mass]]] = {
    LIFT: (ReachMetrics.lift10, lambda panel, weights: float(weights @ panel.realised)),
    AUC: (ReachMetrics.auc, _pairs),
    SPEARMAN: (ReachMetrics.spearman, lambda _, weights: float(weights.sum())),
}
