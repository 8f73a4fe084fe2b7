"""What a fit makes as large as it can: how near maps come to known books, in shape and level.

Objective: the mean over markets of ``shape - 0.05 (|level_5| + |level_20|)``, where *shape* is
the mean of six figures (earth mover's skill, rank correlation and band recall, each within 5 %
and within 20 % of mark, each the mean over snapshots and sides) and a *level* is the median over
snapshots of ``ln(standing / truth)`` in the window, both sides together.  Formulas of the figures:
model description, 8.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.fit.markets import FitMarket, Stretch
from liqbands.grid import IntArray, PriceGrid
from liqbands.instrument import FloatArray
from liqbands.parameters import Parameters
from liqbands.score.book_metrics import band_recall, earth_movers_skill, rank_correlation
from liqbands.score.book_score import (
    FAR_WINDOW,
    NEAR_WINDOW,
    ROW_WIDTH,
    cut_window,
    first_long_bin,
)
from liqbands.score.models import EngineModel

SHAPES: Final = (
    "earth_movers_skill_5",
    "rank_correlation_5",
    "band_recall_5",
    "earth_movers_skill_20",
    "rank_correlation_20",
    "band_recall_20",
)
LEVELS: Final = ("level_5", "level_20")
MEASURES: Final = SHAPES + LEVELS
"""Columns of `MarketScore.values`; a level is ln(standing / truth)."""

LEVEL_WEIGHT: Final = 0.05
"""Shape that a level wrong by a factor of e costs, per window."""

_N_SHAPES: Final = len(SHAPES)
_WINDOWS: Final = (NEAR_WINDOW, FAR_WINDOW)
_LEAST: Final = 1e-3
"""Share of the truth that an empty map counts as having, so that its level stays finite."""


@dataclass(frozen=True, eq=False)
class MarketScore:
    """How near the maps of one market came to the truth.

    Parameters
    ----------
    world : str
        Name of the simulated world.
    seed : int
        Of all its chance.
    time_ms : ndarray of int64, shape (n_snapshots,)
        When.
    values : ndarray, shape (n_snapshots, 8)
        `MEASURES` of each snapshot; NaN where the truth is empty or flat.
    """

    world: str
    seed: int
    time_ms: IntArray
    values: FloatArray


def score_market(market: FitMarket, parameters: Parameters) -> MarketScore:
    """Walk the engine over a market and compare its map with every truth.

    Parameters
    ----------
    market : FitMarket
        The market.
    parameters : Parameters
        The engine's settings.

    Returns
    -------
    MarketScore
        `MEASURES` of every snapshot.
    """
    timeframe_ms = market.stretches[0].bars.timeframe_ms
    model = EngineModel(market.instrument, timeframe_ms, parameters)
    rows = []
    for stretch in market.stretches:
        model.extend(stretch.bars)
        standing = model.standing(stretch.first_bin, stretch.sides.shape[1])
        rows.append(compare(standing, stretch, market.grid))
    times = np.array([stretch.time_ms for stretch in market.stretches], dtype=np.int64)
    return MarketScore(market.world, market.seed, times, np.array(rows))


def compare(standing: FloatArray, truth: Stretch, grid: PriceGrid) -> FloatArray:
    """Compare one map with the truth.

    Parameters
    ----------
    standing : ndarray, shape (2, n_bins)
        The map in the truth's bins.
    truth : Stretch
        What stood at its end.
    grid : PriceGrid
        The grid of both.

    Returns
    -------
    ndarray, shape (8,)
        `MEASURES`; NaN where the truth is empty or flat.
    """
    n_bins = max(round(ROW_WIDTH / grid.step), 1)
    tie_seed = abs(first_long_bin(truth.mark, grid))
    shapes: list[float] = []
    levels: list[float] = []
    for window in _WINDOWS:
        p, g = (
            cut_window(sides, truth.mark, grid, truth.first_bin, window)
            for sides in (standing, truth.sides)
        )
        of_sides = (earth_movers_skill(p, g), rank_correlation(p, g, n_bins))
        shapes += [_mean(values) for values in (*of_sides, band_recall(p, g, tie_seed))]
        levels.append(_level(float(p.sum()), float(g.sum())))
    return np.array(shapes + levels)


def objective(scores: Sequence[MarketScore]) -> float:
    """Return the objective of a fit.

    Parameters
    ----------
    scores : sequence of MarketScore
        One per market; every market counts alike.

    Returns
    -------
    float
        1 at best; see the module for the formula.
    """
    return float(np.mean(market_objectives(scores)))


def market_objectives(scores: Sequence[MarketScore]) -> FloatArray:
    """Return the objective of each market.

    Parameters
    ----------
    scores : sequence of MarketScore
        One per market.

    Returns
    -------
    ndarray, shape (n_markets,)
        Their mean is the objective.
    """
    means = [market_means(score, np.ones((1, len(score.values))))[0] for score in scores]
    return combine_measures(np.array(means))


def market_means(score: MarketScore, weights: FloatArray) -> FloatArray:
    """Return each measure of a market over its snapshots, once for each row of weights.

    Parameters
    ----------
    score : MarketScore
        The market.
    weights : ndarray, shape (n_rows, n_snapshots)
        How much each snapshot counts.

    Returns
    -------
    ndarray, shape (n_rows, 8)
        Means of the shapes, medians of the levels; NaN where no snapshot has the measure.
    """
    shapes, levels = score.values[:, :_N_SHAPES], score.values[:, _N_SHAPES:]
    medians = [_weighted_medians(column, weights)[:, None] for column in levels.T]
    return np.concatenate([_weighted_means(shapes, weights), *medians], axis=1)


def combine_measures(means: FloatArray) -> FloatArray:
    """Return the objective of markets whose measures are known.

    Parameters
    ----------
    means : ndarray, shape (..., 8)
        `MEASURES` of each market.

    Returns
    -------
    ndarray, shape (...)
        Shape less the cost of the level.
    """
    cost = LEVEL_WEIGHT * np.abs(means[..., _N_SHAPES:]).sum(axis=-1)
    value: FloatArray = means[..., :_N_SHAPES].mean(axis=-1) - cost
    return value


def _mean(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _level(ours: float, true: float) -> float:
    return float(np.log(max(ours / true, _LEAST))) if true > 0 else float("nan")


def _weighted_means(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the mean of each column, shape (n_rows, n_columns)."""
    known = np.isfinite(values)
    total = weights @ known
    means = np.full(total.shape, np.nan)
    np.divide(weights @ np.where(known, values, 0.0), total, out=means, where=total > 0)
    return means


def _weighted_medians(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the median of one column, shape (n_rows,)."""
    known = np.isfinite(values)
    order = np.argsort(values[known], kind="stable")
    ascending, running = values[known][order], np.cumsum(weights[:, known][:, order], axis=1)
    if not len(ascending):
        return np.full(len(weights), np.nan)
    whole = running[:, -1:]
    # Half of the weight may end exactly on a value: then the median lies half way to the next.
    low, high = (
        ascending[np.minimum((running < share * whole).sum(axis=1), len(ascending) - 1)]
        for share in (0.5 - 1e-12, 0.5 + 1e-12)
    )
    return np.where(whole[:, 0] > 0, (low + high) / 2, np.nan)
