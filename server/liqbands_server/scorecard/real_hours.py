"""The hourly test: what maps add to the explanation of recorded hourly liquidations.

Binance reports totals per hour and side, throttled and without prices.  So each map predicts
a total for every hour, and is worth what it takes off the deviance of a model that already
knows how far price went (`liqbands.score.hourly_totals`).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.bootstrap import Statistic, block_bootstrap, paired_difference
from liqbands.score.deviance import deviance_skill
from liqbands.score.hourly_totals import HourlyScore, score_hours
from liqbands.score.reach_panel import SweepingFactory, predicted_totals, swept_totals
from liqbands.score.types import ModelFactory
from liqbands_server.scorecard.real_markets import COINS, RecordedHours, load_hours
from liqbands_server.scorecard.real_models import ENGINES, MODELS, RIVALS
from liqbands_server.scorecard.real_rows import Progress, ScoreRow, coins_and_all, silent

SKILL: Final = "hourly skill"
"""Share of the base's deviance that the map takes off; 0 adds nothing."""

BASE: Final = "base"
IN_BAR: Final = " + in-bar"
"""Added to the name of an engine that also counts what was opened and liquidated in the bar."""


def score_recorded_hours(
    folder: Path,
    models: Mapping[str, ModelFactory] = MODELS,
    in_bar: Mapping[str, SweepingFactory] = ENGINES,
    *,
    coins: Sequence[str] = COINS,
    n_resamples: int = 1_000,
    progress: Progress = silent,
) -> tuple[ScoreRow, ...]:
    """Score models on the recorded hours of 2024.

    Parameters
    ----------
    folder : Path
        The recorded markets.
    models : mapping of str to ModelFactory
        Maps, by the name under which they are reported.
    in_bar : mapping of str to SweepingFactory
        Models that count for themselves, what was opened and liquidated inside of the hour
        included; reported as name + `IN_BAR`.
    coins : sequence of str
        Which coins.
    n_resamples : int
        Size of the bootstrap of whole days.
    progress : callable
        Is told of every model on every coin.

    Returns
    -------
    tuple of ScoreRow
        `SKILL` of every model on every coin and, as mean of the coins, on "BTC + ETH";
        the same above each of `RIVALS` that is among the models (`skill_above`); and `SKILL` of
        the base over the mean so far.

    Raises
    ------
    MarketDataError
        If a recorded file is missing or cannot be used.

    Notes
    -----
    An hour's own volume and open interest enter the in-bar counts and no map: maps alone are the
    fair comparison with the baselines.
    """
    scores: dict[str, list[HourlyScore]] = {}
    for coin in coins:
        hours = load_hours(folder, coin)
        for name, predicted in _predictions(hours, models, in_bar, coin, progress):
            score = score_hours(hours.realised, predicted[:, hours.n_warm_up :])
            scores.setdefault(name, []).append(score)
    rows = []
    for data, chosen in coins_and_all(coins):
        parts = {name: each[chosen] for name, each in scores.items()}
        rows += _rows(data, parts, n_resamples)
    return tuple(rows)


def skill_above(rival: str) -> str:
    """Return the name of the metric that compares a model with a rival.

    Parameters
    ----------
    rival : str
        Name of the rival.

    Returns
    -------
    str
        Metric of the paired difference of skills.
    """
    return f"{SKILL} above {rival}"


def _predictions(
    hours: RecordedHours,
    models: Mapping[str, ModelFactory],
    in_bar: Mapping[str, SweepingFactory],
    coin: str,
    progress: Progress,
) -> Iterator[tuple[str, FloatArray]]:
    for name, factory in models.items():
        progress(f"hours of {coin}: {name}")
        yield name, predicted_totals(factory, hours.instrument, hours.candles)
    for name, counting in in_bar.items():
        progress(f"hours of {coin}: {name}{IN_BAR}")
        yield name + IN_BAR, swept_totals(counting, hours.instrument, hours.candles)


def _rows(data: str, scores: Mapping[str, Sequence[HourlyScore]], n: int) -> list[ScoreRow]:
    if not scores:
        return []
    any_model = next(iter(scores.values()))
    # Days are drawn together for all coins: they fall together.
    days = Blocks.of_time(np.concatenate([score.time_ms for score in any_model]))
    base = _mean_skill([(score.base, score.constant) for score in any_model])
    rows = [ScoreRow(BASE, data, SKILL, block_bootstrap(base, days, n))]
    skills = {
        name: _mean_skill([(score.model, score.base) for score in own])
        for name, own in scores.items()
    }
    for name, skill in skills.items():
        rows.append(ScoreRow(name, data, SKILL, block_bootstrap(skill, days, n)))
        for rival in RIVALS:
            if rival in skills and rival != name:
                above = paired_difference(skill, skills[rival], days, n)
                rows.append(ScoreRow(name, data, skill_above(rival), above))
    return rows


def _mean_skill(deviances: Sequence[tuple[FloatArray, FloatArray]]) -> Statistic:
    """Return the mean over coins of the share by which the first deviance is below the second."""
    ends = np.cumsum([len(model) for model, _ in deviances])[:-1]

    def mean(weights: FloatArray) -> float:
        parts = zip(deviances, np.split(weights, ends), strict=True)
        return float(np.mean([deviance_skill(model, base, part) for (model, base), part in parts]))

    return mean
