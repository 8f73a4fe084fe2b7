"""Runs put together: means over runs, and bounds from days drawn again within each run.

The block of the bootstrap is a day, the cluster a run (world and seed): days are drawn with
replacement within their own run, and all models see the same draws, so that differences between
two models are paired.
"""

import math
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.bootstrap import MIN_BLOCKS, TAILS
from liqbands.score.day_sums import COUNT, Sums, ratio
from liqbands.score.measures import LEVEL_MEDIAN, LEVEL_SPREAD, MEASURES, Measure
from liqbands.score.model_sets import ENGINE
from liqbands.score.run_score import ModelScore, RunScore
from liqbands.score.types import Figure

ALL_WORLDS: Final = "all worlds"
N_RESAMPLES: Final = 1_000


@dataclass(frozen=True, slots=True)
class PooledModel:
    """What one model scored over several runs.

    Parameters
    ----------
    world : str
        Name of the world, or `ALL_WORLDS`.
    model : str
        Key of the model.
    n_runs : int
        Runs that were put together.
    figures : dict of str to Figure
        By key of the measure: mean over runs, bounds of the block bootstrap; `left_out` counts
        the runs that said nothing.
    standard_errors : dict of str to float
        By key of the measure: standard deviation over runs by the root of their number.
    behind : dict of str to Figure
        By key of the measure: by how much the engine's value exceeds this model's, paired.
    curves : dict of str to ndarray
        Means over runs.
    """

    world: str
    model: str
    n_runs: int
    figures: dict[str, Figure]
    standard_errors: dict[str, float]
    behind: dict[str, Figure]
    curves: dict[str, FloatArray]


def pool(runs: Iterable[RunScore], n_resamples: int = N_RESAMPLES) -> list[PooledModel]:
    """Put runs together, world by world and all at once.

    Parameters
    ----------
    runs : iterable of RunScore
        May be read one by one; every run counts alike.
    n_resamples : int
        Size of the bootstrap.

    Returns
    -------
    list of PooledModel
        All worlds together first (where there are several), then each world, models in the
        order of the runs.
    """
    tallies: dict[tuple[str, str], _Tally] = {}
    for run in runs:
        for model in run.models:
            draws = draw_measures(model, run, n_resamples)
            for world in (ALL_WORLDS, run.world):
                tally = tallies.setdefault((world, model.model), _Tally())
                tally.add(draws, model)
    worlds = list(dict.fromkeys(world for world, _ in tallies))
    if len(worlds) == 2:  # one world, once by its own name
        worlds.remove(ALL_WORLDS)
    keys = list(dict.fromkeys(model for _, model in tallies))
    return [
        _pooled(world, key, tallies) for world in worlds for key in keys if (world, key) in tallies
    ]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One measure of one run, in every draw.

    Parameters
    ----------
    values : ndarray, shape (n_resamples + 1,)
        The days as they are first.
    n : int
        Observations behind it.
    """

    values: FloatArray
    n: int


def draw_measures(model: ModelScore, run: RunScore, n_resamples: int) -> dict[str, Drawn]:
    """Return all measures of a model in one run, days drawn with replacement.

    Parameters
    ----------
    model : ModelScore
        The model.
    run : RunScore
        World and seed choose the draws.
    n_resamples : int
        How many draws.

    Returns
    -------
    dict of str to Drawn
        By key; measures that the model cannot have are left out.
    """
    days = model.sums.days
    seed = zlib.crc32(f"{run.world}/{run.seed}".encode())
    drawn = Blocks.of(days).draw(n_resamples, seed)
    weights = np.concatenate([np.ones((1, len(days))), drawn])
    sums = model.sums.drawn(weights) | _levels(model, weights)
    counts = {name: float(values[0]) for name, values in sums.items()}
    found = {}
    for measure in MEASURES:
        values = _value_of(measure, sums)
        if values is not None:
            found[measure.key] = Drawn(values, round(counts.get(measure.count, 0)))
    return found


def _value_of(measure: Measure, sums: Sums) -> FloatArray | None:
    try:
        values = measure.of(sums)
    except KeyError:
        return None
    return values if np.isfinite(values[0]) else None


def _levels(model: ModelScore, weights: FloatArray) -> dict[str, FloatArray]:
    """Return weighted median and standard deviation of the snapshots' levels."""
    known = np.isfinite(model.level)
    if not known.any():
        return {}
    order = np.argsort(model.level[known])
    level = model.level[known][order]
    day = np.searchsorted(model.sums.days, model.level_day[known][order])
    weight = weights[:, day]
    running = np.cumsum(weight, axis=1)
    whole = running[:, -1:]
    # Half of the weight may end exactly on a value: then the median lies half way to the next.
    middle = [
        level[np.minimum((running < whole * share).sum(axis=1), len(level) - 1)]
        for share in (0.5 - 1e-12, 0.5 + 1e-12)
    ]
    count = np.maximum(whole[:, 0], 1e-300)
    mean = weight @ level / count
    variance = np.maximum(weight @ level**2 / count - mean**2, 0.0)
    empty = whole[:, 0] <= 0
    return {
        LEVEL_MEDIAN: np.where(empty, np.nan, (middle[0] + middle[1]) / 2),
        LEVEL_SPREAD: np.where(empty, np.nan, np.sqrt(variance)),
        f"{COUNT}level": whole[:, 0],
    }


@dataclass(slots=True)
class _Mean:
    """A mean over runs in every draw, added up run by run."""

    total: FloatArray
    count: FloatArray
    square: float = 0.0
    n: int = 0

    def add(self, drawn: Drawn) -> None:
        known = np.isfinite(drawn.values)
        self.total += np.where(known, drawn.values, 0.0)
        self.count += known
        self.square += float(drawn.values[0]) ** 2
        self.n += drawn.n

    @property
    def values(self) -> FloatArray:
        """Return the mean in every draw, NaN where no run said anything."""
        return ratio(self.total, self.count)

    @property
    def standard_error(self) -> float:
        """Return the standard deviation over runs by the root of their number."""
        runs, mean = float(self.count[0]), float(self.values[0])
        if runs < 2:
            return math.nan
        return math.sqrt(max(self.square / runs - mean**2, 0.0) / (runs - 1))


@dataclass(slots=True)
class _Tally:
    """One model in one group of runs."""

    n_runs: int = 0
    n_days: int = 0
    means: dict[str, _Mean] = field(default_factory=dict)
    curves: dict[str, list[FloatArray]] = field(default_factory=dict)

    def add(self, found: Mapping[str, Drawn], model: ModelScore) -> None:
        self.n_runs += 1
        self.n_days += len(model.sums.days)
        for key, drawn in found.items():
            n_draws = len(drawn.values)
            mean = self.means.setdefault(key, _Mean(np.zeros(n_draws), np.zeros(n_draws)))
            mean.add(drawn)
        for name, curve in model.curves.items():
            self.curves.setdefault(name, []).append(curve)

    def figure(self, values: FloatArray, n: int, n_runs: float) -> Figure:
        """Return the first value with the bounds of the others."""
        low = high = math.nan
        known = values[1:][np.isfinite(values[1:])]
        if self.n_days >= MIN_BLOCKS and len(known) > (len(values) - 1) / 2:
            low, high = (float(bound) for bound in np.percentile(known, TAILS))
        return Figure(float(values[0]), low, high, n, self.n_runs - round(n_runs))

    def curve_means(self) -> dict[str, FloatArray]:
        """Return the mean of each curve over the runs that have it."""
        found = {}
        for name, curves in self.curves.items():
            known = [curve for curve in curves if np.isfinite(curve).all()]
            found[name] = np.mean(known, axis=0) if known else np.full(len(curves[0]), np.nan)
        return found


def _pooled(world: str, key: str, tallies: Mapping[tuple[str, str], _Tally]) -> PooledModel:
    tally = tallies[world, key]
    engine = tallies.get((world, ENGINE), tally)
    behind = {}
    for name, mean in tally.means.items():
        ours = engine.means.get(name)
        # Only the same runs can be paired.
        if ours is not None and ours.count[0] == mean.count[0]:
            behind[name] = tally.figure(ours.values - mean.values, mean.n, mean.count[0])
    return PooledModel(
        world=world,
        model=key,
        n_runs=tally.n_runs,
        figures={
            name: tally.figure(mean.values, mean.n, mean.count[0])
            for name, mean in tally.means.items()
        },
        standard_errors={name: mean.standard_error for name, mean in tally.means.items()},
        behind=behind,
        curves=tally.curve_means(),
    )
