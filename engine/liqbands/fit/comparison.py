"""Scores before and after a fit, with bounds from whole days drawn again.

Both see the same draws, so that the difference is paired.  Every market counts alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.fit.objective import (
    LEVELS,
    MEASURES,
    SHAPES,
    MarketScore,
    combine_measures,
    market_means,
)
from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.bootstrap import figure_of
from liqbands.score.types import Figure

OBJECTIVE: Final = "objective"
LEVEL_ERRORS: Final = tuple(f"{name.replace('_', '_error_')}" for name in LEVELS)
"""Mean over markets of the size of ln(standing / truth)."""

LEVEL_RATIOS: Final = tuple(f"{name.replace('_', '_ratio_')}" for name in LEVELS)
"""standing / truth: 1 is right, 2 twice too much; the geometric mean over markets."""

FIGURES: Final = (OBJECTIVE, *SHAPES, *LEVEL_ERRORS, *LEVEL_RATIOS)
N_RESAMPLES: Final = 400

_FIRST_LEVEL: Final = len(SHAPES)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure before and after.

    Parameters
    ----------
    measure : str
        One of `FIGURES`.
    before, after : Figure
        Value and bounds under either settings.
    change : Figure
        After less before, paired.
    """

    measure: str
    before: Figure
    after: Figure
    change: Figure


def compare_scores(
    before: Sequence[MarketScore],
    after: Sequence[MarketScore],
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> tuple[Comparison, ...]:
    """Compare two settings on the same markets.

    Parameters
    ----------
    before, after : sequence of MarketScore
        The same markets in the same order, at least one.
    n_resamples, seed : int
        Size and seed of the bootstrap.

    Returns
    -------
    tuple of Comparison
        `FIGURES` in their order.

    Raises
    ------
    ValueError
        If the markets differ.
    """
    keys = [[(score.world, score.seed, len(score.values)) for score in side]
            for side in (before, after)]  # fmt: skip
    if keys[0] != keys[1] or not keys[0]:
        raise ValueError("scores can only be compared on the same markets, at least one")
    blocks = _blocks(before)
    drawn = blocks.draw(n_resamples, seed)
    weights = np.concatenate([np.ones((1, blocks.n_blocks)), drawn])[:, blocks.index]
    old, new = (_figures(scores, weights) for scores in (before, after))
    return tuple(
        Comparison(name, *(figure_of(float(x[0]), x[1:], blocks) for x in (was, now, now - was)))
        for name, was, now in zip(FIGURES, old.T, new.T, strict=True)
    )


def by_world(scores: Sequence[MarketScore]) -> dict[str, list[MarketScore]]:
    """Return scores world by world.

    Parameters
    ----------
    scores : sequence of MarketScore
        Of several worlds.

    Returns
    -------
    dict of str to list of MarketScore
        Worlds in the order in which they first appear.
    """
    worlds: dict[str, list[MarketScore]] = {}
    for score in scores:
        worlds.setdefault(score.world, []).append(score)
    return worlds


def _blocks(scores: Sequence[MarketScore]) -> Blocks:
    market = np.repeat(np.arange(len(scores)), [len(score.values) for score in scores])
    return Blocks.of_time(np.concatenate([score.time_ms for score in scores]), market)


def _figures(scores: Sequence[MarketScore], weights: FloatArray) -> FloatArray:
    """Return `FIGURES` for each row of weights, shape (n_rows, n_figures)."""
    ends = np.cumsum([len(score.values) for score in scores])[:-1]
    parts = np.split(weights, ends, axis=1)
    pairs = zip(scores, parts, strict=True)
    means = np.array([market_means(score, part) for score, part in pairs])
    levels = means[..., _FIRST_LEVEL : len(MEASURES)]
    return np.concatenate(
        [
            combine_measures(means).mean(axis=0)[:, None],
            means[..., :_FIRST_LEVEL].mean(axis=0),
            np.abs(levels).mean(axis=0),
            np.exp(levels.mean(axis=0)),
        ],
        axis=1,
    )
