"""Runs put together: means over runs, draws within runs, paired differences, all by hand."""

import math

import numpy as np
import pytest

from liqbands.instrument import FloatArray
from liqbands.score.day_sums import COUNT, DaySums
from liqbands.score.pooling import ALL_WORLDS, PooledModel, pool
from liqbands.score.run_score import ModelScore, RunScore

RHO = "rank_correlation_5"
DAYS = 6


def model_score(key: str, rho: list[float], level: list[float] | None = None) -> ModelScore:
    """Make a model with one correlation a day and side, and one level a day."""
    per_day = np.array(rho)
    columns: dict[str, FloatArray] = {}
    for side in ("long", "short"):
        columns[f"{RHO} {side}"] = per_day
        columns[f"{COUNT}{RHO} {side}"] = np.ones(len(per_day))
    days = np.arange(len(per_day))
    values = np.full(len(per_day), np.nan) if level is None else np.array(level)
    curves = {"lift": np.linspace(0, float(per_day[0]), 3)}
    return ModelScore(key, DaySums(days, columns), days, values, curves)


def run_score(world: str, seed: int, *models: ModelScore) -> RunScore:
    return RunScore(world, seed, 1, 1, 1, 1, 0.0, models)


def find(pooled: list[PooledModel], world: str, model: str) -> PooledModel:
    return next(each for each in pooled if (each.world, each.model) == (world, model))


def test_every_run_counts_alike() -> None:
    """Means .4 over 6 days and .8 over 3 days: .6, not the mean of all days, .533."""
    runs = [
        run_score("base", 1, model_score("engine", [0.4] * 6)),
        run_score("base", 2, model_score("engine", [0.8] * 3)),
    ]
    figure = pool(runs, 50)[0].figures[RHO]
    assert figure.value == pytest.approx(0.6)
    # Nothing varies within a run, so drawing days again changes nothing.
    assert [figure.low, figure.high] == pytest.approx([0.6, 0.6])
    assert figure.n == 9


def test_curves_are_means_over_runs_that_have_them() -> None:
    """Curves to .2 and .6 make one to .4; a run without a curve has no say."""
    runs = [
        run_score("base", k, model_score("engine", [value] * DAYS))
        for k, value in enumerate((0.2, 0.6, math.nan))
    ]
    assert pool(runs, 10)[0].curves["lift"] == pytest.approx([0.0, 0.2, 0.4])


def test_the_standard_error_is_that_of_runs() -> None:
    """Values .4, .6, .8: standard deviation .2, over the root of 3."""
    runs = [
        run_score("base", k, model_score("engine", [value] * DAYS))
        for k, value in enumerate((0.4, 0.6, 0.8))
    ]
    assert pool(runs, 10)[0].standard_errors[RHO] == pytest.approx(0.2 / math.sqrt(3))
    assert math.isnan(pool(runs[:1], 10)[0].standard_errors[RHO])


def test_worlds_stand_alone_and_together() -> None:
    runs = [
        run_score("base", 1, model_score("engine", [0.2] * DAYS)),
        run_score("crash", 1, model_score("engine", [0.6] * DAYS)),
    ]
    pooled = pool(runs, 10)
    assert [each.world for each in pooled] == [ALL_WORLDS, "base", "crash"]
    values = [each.figures[RHO].value for each in pooled]
    assert values == pytest.approx([0.4, 0.2, 0.6])
    assert [each.world for each in pool(runs[:1], 10)] == ["base"]


def test_a_difference_is_paired() -> None:
    """The rival is .1 worse on every day: whatever days are drawn, the difference is .1."""
    rho = [0.1, 0.9, 0.3, 0.7, 0.5, 0.2]
    rival = [value - 0.1 for value in rho]
    run = run_score("base", 1, model_score("engine", rho), model_score("rival", rival))
    pooled = pool([run], 200)
    behind = find(pooled, "base", "rival").behind[RHO]
    assert (behind.low, behind.value, behind.high) == pytest.approx((0.1, 0.1, 0.1))
    own = find(pooled, "base", "engine").figures[RHO]
    assert own.high - own.low > 0.2


def test_bounds_hold_the_value_and_need_five_days() -> None:
    rho = [0.1, 0.9, 0.3, 0.7, 0.5, 0.2]
    figure = pool([run_score("base", 1, model_score("engine", rho))], 500)[0].figures[RHO]
    assert figure.value == pytest.approx(0.45)
    assert figure.low < 0.45 < figure.high
    short = pool([run_score("base", 1, model_score("engine", rho[:4]))], 500)[0].figures[RHO]
    assert math.isnan(short.low)
    assert math.isnan(short.high)


def test_the_level_is_a_median_of_snapshots() -> None:
    """Logs 0, ln 2 and ln 8: the median is ln 2, so twice too much."""
    level = [0.0, math.log(2), math.log(8)]
    pooled = pool([run_score("base", 1, model_score("engine", [0.5] * 3, level))], 10)[0]
    assert pooled.figures["level_ratio"].value == pytest.approx(2.0)
    # Mean ln 16 / 3, squares (0, 1, 9) ln2^2: variance (10/3 - 16/9) ln2^2 = 14/9 ln2^2.
    expected = math.log(2) * math.sqrt(14 / 9)
    assert pooled.figures["level_spread"].value == pytest.approx(expected)


def test_two_middle_snapshots_share_the_median() -> None:
    level = [0.0, math.log(4), math.log(2), math.log(8)]
    pooled = pool([run_score("base", 1, model_score("engine", [0.5] * 4, level))], 10)[0]
    assert pooled.figures["level_ratio"].value == pytest.approx(math.sqrt(8))


def test_what_a_model_cannot_say_is_left_out_and_counted() -> None:
    silent = model_score("engine", [math.nan] * DAYS)
    runs = [run_score("base", 1, model_score("engine", [0.4] * DAYS)), run_score("base", 2, silent)]
    pooled = pool(runs, 20)[0]
    assert pooled.figures[RHO].value == pytest.approx(0.4)
    assert pooled.figures[RHO].left_out == 1
    assert "event_auc" not in pooled.figures


def test_a_run_survives_its_file() -> None:
    level = [0.25, math.nan, 0.5, 0.75, 1.0, 1.25]
    run = run_score("base", 7, model_score("engine", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], level))
    again = RunScore.from_dict(run.to_dict())
    assert (again.world, again.seed) == ("base", 7)
    first, second = pool([run], 100)[0], pool([again], 100)[0]
    assert first.figures == second.figures
    np.testing.assert_array_equal(again.models[0].level, run.models[0].level)
