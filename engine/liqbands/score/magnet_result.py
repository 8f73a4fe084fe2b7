"""What the magnet test says: the chance with its bounds, and what it could have detected."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.blocks import WEEK_MS, Blocks
from liqbands.score.bootstrap import (
    MIN_BLOCKS,
    Statistic,
    block_bootstrap,
    figure_of,
    resampled,
)
from liqbands.score.magnet import Trials
from liqbands.score.types import Figure

POWER: Final = 0.8
TWO_SIDED: Final = 0.05
THREE_POINTS: Final = 0.03


@dataclass(frozen=True, slots=True)
class MagnetResult:
    """How often the denser side's level was touched first.

    Parameters
    ----------
    probability : Figure
        Over all trials; one half means no attraction.
    strong_half : Figure
        Over the half of the trials with the stronger contrast.
    trend_balanced : Figure
        Mean of the chances with and against the past trend, so that a market that trends
        proves nothing.
    trend_share : float
        Share of the trials whose dense side was the side of the trend.
    effective_trials : float
        Independent trials that would be as uncertain; fewer than `probability.n` where days
        overlap and coins fall together.
    detectable_effect : float
        Smallest distance from one half that would be found with a power of 80 %.
    trials_needed : float
        Trials like these with which three points would be found.
    """

    probability: Figure
    strong_half: Figure
    trend_balanced: Figure
    trend_share: float
    effective_trials: float
    detectable_effect: float
    trials_needed: float


def magnet_test(trials: Trials, n_resamples: int = 1_000, seed: int = 0) -> MagnetResult:
    """Judge the trials of the magnet test.

    Parameters
    ----------
    trials : Trials
        Of one or several markets.
    n_resamples, seed : int
        Size and seed of the bootstrap.

    Returns
    -------
    MagnetResult
        Bounds by a bootstrap of whole weeks, all markets of a cluster together.
    """
    weeks = Blocks.of_time(trials.time_ms, trials.cluster, length_ms=WEEK_MS)
    draws = resampled(_mean(trials.won), weeks, n_resamples, seed)
    chance = float(trials.won.mean()) if len(trials.won) else math.nan
    error = float(draws.std()) if weeks.n_blocks >= MIN_BLOCKS else math.nan
    effective = chance * (1 - chance) / error**2 if error > 0 else math.nan
    middle = np.median(trials.contrast) if len(trials.contrast) else 0.0
    strong = weeks.only(trials.contrast >= middle)
    trend = weeks.only(np.isfinite(trials.with_trend))
    return MagnetResult(
        probability=figure_of(chance, draws, weeks),
        strong_half=block_bootstrap(_mean(trials.won), strong, n_resamples, seed),
        trend_balanced=block_bootstrap(_balanced(trials), trend, n_resamples, seed),
        trend_share=float(np.mean(trials.with_trend[trend.kept])) if trend.n_blocks else math.nan,
        effective_trials=effective,
        detectable_effect=_reach() * error,
        trials_needed=effective_trials_needed() * len(trials.won) / effective,
    )


def effective_trials_needed(effect: float = THREE_POINTS) -> float:
    """Return how many independent trials find a chance that far from one half.

    Parameters
    ----------
    effect : float
        Distance from one half.

    Returns
    -------
    float
        At a two-sided 5 % and a power of 80 %.

    Notes
    -----
    Formula: ``(z_0.975 + z_0.8)^2 / (4 effect^2)``.

    Examples
    --------
    >>> round(effective_trials_needed())
    2180
    """
    return (_reach() / (2 * effect)) ** 2


def _reach() -> float:
    """Return how many standard errors apart the null and a detectable effect are."""
    normal = NormalDist()
    return normal.inv_cdf(1 - TWO_SIDED / 2) + normal.inv_cdf(POWER)


def _mean(values: FloatArray) -> Statistic:
    def mean(weights: FloatArray) -> float:
        total = float(weights.sum())
        return float(weights @ values) / total if total > 0 else math.nan

    return mean


def _balanced(trials: Trials) -> Statistic:
    won = _mean(trials.won)
    with_trend, against = trials.with_trend == 1, trials.with_trend == 0

    def balanced(weights: FloatArray) -> float:
        return (won(weights * with_trend) + won(weights * against)) / 2

    return balanced
