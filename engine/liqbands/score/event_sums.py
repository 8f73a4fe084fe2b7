"""The panel of reached rows, added up by day, and its curves.

Ranks, deciles and links are those of the whole run and stay as they are when days are drawn
again; only sums are drawn.  On the days as they are, metrics made of these sums are exactly those
of `ReachMetrics`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.grid import IntArray
from liqbands.instrument import FloatArray
from liqbands.score.curves import calibration_curve, lift_curve
from liqbands.score.day_sums import DaySums
from liqbands.score.deviance import poisson_deviance, tweedie_deviance
from liqbands.score.panel import Link, Panel, prequential_link
from liqbands.score.ranks import Ranking
from liqbands.score.reach_metrics import TOP_SHARE

N_CLASSES: Final = 10


@dataclass(frozen=True, eq=False)
class EventScore:
    """What a map says about liquidations, given which rows the price reached.

    Parameters
    ----------
    sums : DaySums
        What the metrics are made of.
    lift : ndarray, shape (21,)
        Share of the notional in the densest 0, 5, ... 100 % of the rows.
    predicted, realised : ndarray, shape (10,)
        Means by decile of the prediction, over the mean of all that was realised.
    """

    sums: DaySums
    lift: FloatArray
    predicted: FloatArray
    realised: FloatArray


def score_events(panel: Panel, time_ms: IntArray) -> EventScore:
    """Score a map on the rows that the price reached.

    Parameters
    ----------
    panel : Panel
        Of one run, with counts.
    time_ms : ndarray of int64, shape (n,)
        Time of each row's snapshot, UTC milliseconds.

    Returns
    -------
    EventScore
        Sums by day, and curves of the whole run.
    """
    link = prequential_link(panel, panel.realised)
    ranking = Ranking.of(panel.predicted)
    columns = _rank_columns(ranking, panel) | _top_columns(ranking, panel)
    columns |= _deviance_columns(link, panel)
    sums = DaySums.of(time_ms, columns)
    return EventScore(
        sums, lift_curve(panel.predicted, panel.realised).caught, *_calibration(link, panel)
    )


def _rank_columns(ranking: Ranking, panel: Panel) -> dict[str, FloatArray]:
    once = np.ones(len(panel.predicted))
    other = Ranking.of(panel.realised)
    a = (ranking.below(once) - len(once) / 2)[ranking.group]
    b = (other.below(once) - len(once) / 2)[other.group]
    hit = (panel.realised > 0).astype(np.float64)
    hits, misses = ranking.sums(hit), ranking.sums(1 - hit)
    # The share of all rows without a liquidation that a row with one beats, and the reverse.
    beats = _share(np.cumsum(misses) - misses / 2, misses.sum())[ranking.group]
    beaten = _share(hits.sum() - np.cumsum(hits) + hits / 2, hits.sum())[ranking.group]
    return {
        "rows": once,
        "rank of map": a,
        "rank of realised": b,
        "rank of map squared": a**2,
        "rank of realised squared": b**2,
        "product of ranks": a * b,
        "hits": hit,
        "misses": 1 - hit,
        "beaten by hits": beats * hit,
        "beating misses": beaten * (1 - hit),
    }


def _top_columns(ranking: Ranking, panel: Panel) -> dict[str, FloatArray]:
    chosen = ranking.top(TOP_SHARE, np.ones(len(panel.predicted)))[ranking.group]
    return {
        "realised": panel.realised,
        "top rows": chosen,
        "top realised": chosen * panel.realised,
        "top hits": chosen * (panel.realised > 0),
    }


def _deviance_columns(link: Link, panel: Panel) -> dict[str, FloatArray]:
    counts = panel.realised if panel.counts is None else panel.counts
    count_link = prequential_link(panel, counts)
    columns = {}
    for name, outcome, means, deviance in (
        ("Tweedie", panel.realised, link, tweedie_deviance),
        ("Poisson", counts, count_link, poisson_deviance),
    ):
        rows = means.scored
        for what, mean in (("of map", means.mean), ("of mean so far", means.constant)):
            column = np.zeros(len(outcome))
            column[rows] = deviance(outcome[rows], mean[rows])
            columns[f"{name} {what}"] = column
    return columns


def _calibration(link: Link, panel: Panel) -> tuple[FloatArray, FloatArray]:
    rows = link.scored
    whole = float(panel.realised[rows].mean()) if rows.any() else 0.0
    if whole <= 0:
        return np.full(N_CLASSES, np.nan), np.full(N_CLASSES, np.nan)
    curve = calibration_curve(link.mean[rows], panel.realised[rows], N_CLASSES)
    return curve.predicted / whole, curve.realised / whole


def _share(part: FloatArray, whole: float) -> FloatArray:
    return part / whole if whole > 0 else np.zeros(len(part))
