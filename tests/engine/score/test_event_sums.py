"""Sums by day give the same metrics as the rows themselves, and can be drawn by day."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.grid import IntArray
from liqbands.instrument import FloatArray
from liqbands.score.day_sums import DaySums
from liqbands.score.event_sums import score_events
from liqbands.score.measures import MAIN
from liqbands.score.panel import Panel
from liqbands.score.reach_metrics import ReachMetrics
from liqbands.timeframes import DAY_MS, HOUR_MS

SEEDS = st.integers(0, 10_000)
BY_KEY = {measure.key: measure.of for measure in MAIN}


def random_panel(seed: int, n: int = 500) -> tuple[Panel, IntArray]:
    """Make ten days of hourly snapshots whose map sees the truth with noise."""
    rng = np.random.default_rng(seed)
    intensity = rng.gamma(0.4, size=n)
    counts = rng.poisson(intensity).astype(np.float64)
    snapshot = np.sort(rng.integers(0, 240, n))
    panel = Panel(
        predicted=np.round(intensity * rng.lognormal(0, 0.5, n), 1),
        realised=counts * rng.gamma(2.0, size=n),
        snapshot=snapshot,
        counts=counts,
    )
    return panel, snapshot * HOUR_MS


def value(sums: DaySums, key: str, weights: FloatArray | None = None) -> float:
    """Return a metric with the days as they are, or the last of draws that begin with that."""
    once = np.ones((1, len(sums.days)))
    drawn = once if weights is None else np.concatenate([once, weights[None]])
    return float(BY_KEY[key](sums.drawn(drawn))[-1])


@given(SEEDS)
def test_sums_give_what_the_rows_give(seed: int) -> None:
    panel, times = random_panel(seed)
    metrics, sums = ReachMetrics(panel), score_events(panel, times).sums
    once = np.ones(len(times))
    for key, expected in {
        "event_spearman": metrics.spearman(once),
        "event_lift10": metrics.lift10(once),
        "event_auc": metrics.auc(once),
        "event_tweedie": metrics.tweedie_skill(once),
        "event_poisson": metrics.poisson_skill(once),
        "event_precision10": metrics.precision(once),
        "event_base_rate": metrics.base_rate(once),
    }.items():
        assert value(sums, key) == pytest.approx(expected, abs=1e-9), key


@given(SEEDS)
def test_a_drawn_day_counts_like_its_rows(seed: int) -> None:
    """Deviances do not depend on which other days are drawn, so they agree exactly."""
    panel, times = random_panel(seed)
    sums = score_events(panel, times).sums
    weights = np.random.default_rng(seed).integers(0, 3, len(sums.days)).astype(np.float64)
    weights[-1] = 1.0
    per_row = weights[np.searchsorted(sums.days, times // DAY_MS)]
    expected = ReachMetrics(panel).tweedie_skill(per_row)
    assert value(sums, "event_tweedie", weights) == pytest.approx(expected)


@given(SEEDS)
def test_a_redrawn_auc_is_close_to_that_of_the_redrawn_rows(seed: int) -> None:
    """The linear formula leaves out what is of second order in the change of weights."""
    panel, times = random_panel(seed, n=2_000)
    sums = score_events(panel, times).sums
    weights = 1 + 0.2 * np.random.default_rng(seed).uniform(-1, 1, len(sums.days))
    per_row = weights[np.searchsorted(sums.days, times // DAY_MS)]
    expected = ReachMetrics(panel).auc(per_row)
    assert value(sums, "event_auc", weights) == pytest.approx(expected, abs=2e-3)


def test_a_map_without_order_says_nothing() -> None:
    panel, times = random_panel(1)
    flat = Panel(np.ones(500), panel.realised, panel.snapshot, counts=panel.counts)
    sums = score_events(flat, times).sums
    assert value(sums, "event_spearman") == 0
    assert value(sums, "event_auc") == pytest.approx(0.5)
    assert value(sums, "event_lift10") == pytest.approx(1.0)


def test_curves_end_where_they_must() -> None:
    panel, times = random_panel(2)
    score = score_events(panel, times)
    assert score.lift[[0, -1]].tolist() == [0.0, pytest.approx(1.0)]
    assert np.all(np.diff(score.lift) >= -1e-12)
    # Ten classes of equal size, over the mean: what was realised averages to 1.
    assert score.realised.mean() == pytest.approx(1.0)


def test_without_any_liquidation_there_is_no_curve() -> None:
    panel, times = random_panel(3)
    quiet = Panel(panel.predicted, np.zeros(500), panel.snapshot, counts=np.zeros(500))
    score = score_events(quiet, times)
    assert np.isnan(score.lift).all()
    assert np.isnan(score.realised).all()
    assert np.isnan(value(score.sums, "event_auc"))
