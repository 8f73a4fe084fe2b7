"""Scores models on a file of candles and the liquidations that go with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands.errors import MarketDataError
from liqbands.instrument import Instrument
from liqbands.market_data import Liquidations
from liqbands.score.blocks import Blocks
from liqbands.score.bootstrap import block_bootstrap
from liqbands.score.hourly_totals import score_hours
from liqbands.score.measures import Better
from liqbands.score.precision import top_zones
from liqbands.score.reach_metrics import ReachMetrics
from liqbands.score.reach_panel import predicted_totals, reach_panel, swept_totals
from liqbands.score.reached_rows import ReachedRows, ReachPlan, find_reached
from liqbands.timeframes import DAY_MS, HOUR_MS
from liqbands_server.scorecard.contestants import Contestants
from liqbands_server.scorecard.real_events import placed_by_mark
from liqbands_server.scorecard.real_hours import IN_BAR
from liqbands_server.scorecard.real_rows import Progress, ScoreRow, silent

N_RESAMPLES: Final = 200

SKILL: Final = "skill over base"

MEANINGS: Final[Mapping[str, Mapping[str, tuple[str, Better]]]] = {
    "events": {
        "Spearman": ("rank correlation of map and realised notional", "higher"),
        "lift10": ("notional in the densest tenth over the usual, at most 10", "higher"),
        "AUC": ("chance that a row with a liquidation was denser than one without", "higher"),
        "Tweedie skill": ("deviance below that of the mean so far", "higher"),
        "Poisson skill": ("the same for counts", "higher"),
        "precision10": ("densest tenth that saw a liquidation, Wilson's bounds", "higher"),
        "base rate": ("the same for rows chosen at random", "neither"),
    },
    "totals": {
        SKILL: ("deviance taken off a model that knows how far price went", "higher"),
    },
}
"""What the metrics mean and which way is better, by test."""


@dataclass(frozen=True, eq=False)
class MarketFile:
    """A market of the user's and what was liquidated in it.

    Parameters
    ----------
    instrument : Instrument
        What the bars are of.
    candles : Candles
        Closed bars.
    events : Liquidations or None
        Event by event; None where only totals per bar are known, which the candles carry.
    """

    instrument: Instrument
    candles: Candles
    events: Liquidations | None

    def blind(self) -> Candles:
        """Return the bars without what is to be predicted."""
        unknown = np.full(len(self.candles), np.nan)
        return replace(self.candles, long_liquidated=unknown, short_liquidated=unknown)


def score_events_of_file(
    market: MarketFile,
    contestants: Contestants,
    warm_up_ms: int,
    progress: Progress = silent,
) -> tuple[tuple[ScoreRow, ...], ReachedRows]:
    """Score models on liquidations that have a time and a price.

    Parameters
    ----------
    market : MarketFile
        With events.
    contestants : Contestants
        The models.
    warm_up_ms : int
        Nothing is scored before, milliseconds from the first bar.
    progress : callable
        Is told of every model.

    Returns
    -------
    tuple of rows and ReachedRows
        Figures, and what they rest on.

    Raises
    ------
    MarketDataError
        If no event lies in the scored bars, or bars do not fit into an hour.

    Notes
    -----
    Scored is the span of the events: before the first and after the last one nobody knows
    whether there were none or they were not recorded.
    """
    candles = market.blind()
    span = max(HOUR_MS, candles.timeframe_ms)
    if span % candles.timeframe_ms:
        raise MarketDataError("bars must divide an hour, or be hours; use another timeframe")
    events = _within(market, int(candles.open_time_ms[0]) + warm_up_ms)
    start, end = int(events.time_ms[0]) // span * span, -(-int(events.time_ms[-1]) // span) * span
    closes = candles.open_time_ms + candles.timeframe_ms
    candles = candles[: int(np.searchsorted(closes, end, side="right"))]
    plan = ReachPlan(span, span, from_ms=max(start, int(candles.open_time_ms[0]) + warm_up_ms))
    placed = placed_by_mark(events, candles, plan.rows_of(market.instrument))
    reached = find_reached(candles, placed, market.instrument, plan)
    days = Blocks.of_time(reached.time_ms)
    rows = []
    for name, factory in contestants.maps.items():
        progress(name)
        metrics = ReachMetrics(reach_panel(factory, market.instrument, candles, reached))
        rows += _event_rows(name, market.instrument.ticker, metrics, days)
    return tuple(rows), reached


def score_totals_of_file(
    market: MarketFile, contestants: Contestants, progress: Progress = silent
) -> tuple[ScoreRow, ...]:
    """Score models on totals per bar.

    Parameters
    ----------
    market : MarketFile
        Its candles carry what was liquidated.
    contestants : Contestants
        The models.
    progress : callable
        Is told of every model.

    Returns
    -------
    tuple of ScoreRow
        Skill over the base, bounds from days drawn again.

    Raises
    ------
    ValueError
        If there are less than 14 days, or nothing was liquidated in them.
    """
    candles, instrument = market.blind(), market.instrument
    rows = []
    for name, factory in contestants.maps.items():
        progress(name)
        rows.append((name, predicted_totals(factory, instrument, candles)))
    for name, counting in contestants.engines.items():
        progress(name + IN_BAR)
        rows.append((name + IN_BAR, swept_totals(counting, instrument, candles)))
    return tuple(
        ScoreRow(
            name,
            instrument.ticker,
            SKILL,
            score_hours(market.candles, predicted).over_base(N_RESAMPLES),
        )
        for name, predicted in rows
    )


def _within(market: MarketFile, from_ms: int) -> Liquidations:
    """Return the events that lie in bars after the warm-up."""
    events, candles = market.events, market.candles
    if events is None:
        raise MarketDataError("there are no liquidations with a time and a price")
    first = int(candles.open_time_ms[0])
    last = int(candles.open_time_ms[-1]) + candles.timeframe_ms
    inside = (events.time_ms >= from_ms) & (events.time_ms < last)
    if not inside.any():
        raise MarketDataError(
            f"no liquidation lies in the candles more than {(from_ms - first) / DAY_MS:g} days "
            "after their start; use candles of the same time, or a shorter warm-up"
        )
    return Liquidations(
        events.time_ms[inside], events.side[inside], events.price[inside], events.contracts[inside]
    )


def _event_rows(name: str, data: str, metrics: ReachMetrics, days: Blocks) -> list[ScoreRow]:
    zones = top_zones(metrics)
    statistics = {
        "Spearman": metrics.spearman,
        "lift10": metrics.lift10,
        "AUC": metrics.auc,
        "Tweedie skill": metrics.tweedie_skill,
        "Poisson skill": metrics.poisson_skill,
    }
    rows = [
        ScoreRow(name, data, metric, block_bootstrap(statistic, days, N_RESAMPLES))
        for metric, statistic in statistics.items()
    ]
    base = block_bootstrap(metrics.base_rate, days, N_RESAMPLES)
    return [
        *rows,
        ScoreRow(name, data, "precision10", zones.precision),
        ScoreRow(name, data, "base rate", base),
    ]
