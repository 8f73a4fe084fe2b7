"""Many snapshots against the true book, put together with their bounds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.book_score import BookScore
from liqbands.score.bootstrap import Statistic, block_bootstrap, block_means
from liqbands.score.types import Figure


@dataclass(frozen=True, slots=True)
class BookSummary:
    """What a map scored over many snapshots in one window.

    Parameters
    ----------
    earth_movers_skill, rank_correlation, band_recall, overlap : Figure
        Means over snapshots and sides; sides without a truth are left out and counted.
    bias, dispersion : Figure
        Median and standard deviation of ln(map / truth) over snapshots and sides.
    imbalance_correlation, imbalance_error : Figure
        Correlation with the true imbalance, and mean absolute error, over snapshots.
    """

    earth_movers_skill: Figure
    rank_correlation: Figure
    band_recall: Figure
    overlap: Figure
    bias: Figure
    dispersion: Figure
    imbalance_correlation: Figure
    imbalance_error: Figure


def summarise_books(
    scores: Sequence[BookScore], blocks: Blocks, n_resamples: int = 1_000, seed: int = 0
) -> BookSummary:
    """Put the scores of many snapshots together.

    Parameters
    ----------
    scores : sequence of BookScore
        One per snapshot, all of the same window.
    blocks : Blocks
        Which snapshots are drawn together: days, kept apart by world, seed and coin.
    n_resamples, seed : int
        Size and seed of the bootstrap.

    Returns
    -------
    BookSummary
        Every figure with its 95 % bounds.

    Raises
    ------
    ValueError
        If there is not one block index per snapshot, or the windows differ.
    """
    if len(scores) != len(blocks.index):
        raise ValueError(f"{len(scores)} snapshots need as many blocks, had {len(blocks.index)}")
    if len({score.half_window for score in scores}) > 1:
        raise ValueError("snapshots of different windows cannot be put together")
    both = Blocks(np.tile(blocks.index, 2), blocks.n_blocks)
    of = {
        name: np.concatenate([[getattr(score, name)[side] for score in scores] for side in (0, 1)])
        for name in ("earth_movers_skill", "rank_correlation", "band_recall", "overlap", "log_bias")
    }
    ours = np.array([score.imbalance for score in scores])
    true = np.array([score.true_imbalance for score in scores])
    bias = of.pop("log_bias")
    means = {name: block_means(of[name], both, n_resamples, seed) for name in of}
    known = both.only(np.isfinite(bias))
    paired = blocks.only(np.isfinite(ours) & np.isfinite(true))
    return BookSummary(
        **means,
        bias=block_bootstrap(_median(bias), known, n_resamples, seed),
        dispersion=block_bootstrap(_deviation(bias), known, n_resamples, seed),
        imbalance_correlation=block_bootstrap(_correlation(ours, true), paired, n_resamples, seed),
        imbalance_error=block_means(np.abs(ours - true), blocks, n_resamples, seed),
    )


def _median(values: FloatArray) -> Statistic:
    order = np.argsort(values)

    def median(weights: FloatArray) -> float:
        running = np.cumsum(weights[order])
        if not len(running) or running[-1] <= 0:
            return float("nan")
        # Half of the weight may end exactly on a value: then the median lies half way to the next.
        low, high = np.searchsorted(running, running[-1] / 2 * np.array([1 - 1e-12, 1 + 1e-12]))
        return float(values[order][[low, high]].mean())

    return median


def _deviation(values: FloatArray) -> Statistic:
    known = np.nan_to_num(values)

    def deviation(weights: FloatArray) -> float:
        total = weights.sum()
        if total <= 0:
            return float("nan")
        mean = weights @ known / total
        return float(np.sqrt(weights @ (known - mean) ** 2 / total))

    return deviation


def _correlation(x: FloatArray, y: FloatArray) -> Statistic:
    x, y = np.nan_to_num(x), np.nan_to_num(y)

    def correlation(weights: FloatArray) -> float:
        total = weights.sum()
        if total <= 0:
            return float("nan")
        a, b = x - weights @ x / total, y - weights @ y / total
        spread = float((weights @ a**2) * (weights @ b**2))
        return float(weights @ (a * b) / np.sqrt(spread)) if spread > 0 else float("nan")

    return correlation
