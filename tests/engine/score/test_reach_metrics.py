"""Metrics given reach: against counting, against loops over the past, and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.bootstrap import block_bootstrap, paired_difference
from liqbands.score.curves import calibration_curve, lift_curve
from liqbands.score.deviance import deviance_skill, poisson_deviance, tweedie_deviance
from liqbands.score.panel import Panel, prequential_link
from liqbands.score.precision import fill_ratio, top_zones, wilson_bounds
from liqbands.score.reach_metrics import ReachMetrics

SEEDS = st.integers(0, 10_000)
LAGS = st.integers(1, 4)


def random_panel(seed: int, n: int = 400, lag: int = 1) -> Panel:
    """Make bins whose liquidations follow a hidden intensity that the map sees with noise."""
    rng = np.random.default_rng(seed)
    intensity = rng.gamma(0.5, size=n)
    counts = rng.poisson(intensity).astype(np.float64)
    return Panel(
        predicted=np.round(intensity * rng.lognormal(0, 0.5, n), 1),  # rounded, so that ties exist
        realised=counts * rng.gamma(2.0, size=n),
        snapshot=np.sort(rng.integers(0, 120, n)),
        run=rng.integers(0, 2, n),
        counts=counts,
        lag=lag,
    )


def ones(panel: Panel) -> FloatArray:
    return np.ones(len(panel.predicted))


def looped_link(panel: Panel, i: int) -> tuple[float, float]:
    """Return map mean and constant of row i by adding up what was known at its snapshot."""
    assert panel.run is not None
    past = (panel.run == panel.run[i]) & (panel.snapshot <= panel.snapshot[i] - panel.lag)
    if not past.any():
        return 0.0, 0.0
    x, y = panel.predicted[past].sum(), panel.realised[past].sum()
    constant = y / past.sum()
    return 0.95 * (y / x if x else 0.0) * panel.predicted[i] + 0.05 * constant, constant


def general_deviance(y: float, mean: float, power: float = 1.5) -> float:
    """Return the Tweedie deviance as written for any power between 1 and 2."""
    first = y ** (2 - power) / ((1 - power) * (2 - power))
    second = y * mean ** (1 - power) / (1 - power)
    return float(2 * (first - second + mean ** (2 - power) / (2 - power)))


@given(st.floats(0, 1e6), st.floats(1e-3, 1e6))
def test_the_deviance_is_that_of_power_one_and_a_half(y: float, mean: float) -> None:
    deviance = tweedie_deviance(np.array([y]), np.array([mean]))[0]
    assert deviance == pytest.approx(general_deviance(y, mean), rel=1e-6, abs=1e-6 * mean**0.5)
    assert deviance >= 0


def test_the_poisson_deviance_by_hand() -> None:
    """2 (4 ln(4/2) - 4 + 2) = 8 ln 2 - 4 = 1.545."""
    assert poisson_deviance(np.array([4.0]), np.array([2.0]))[0] == pytest.approx(1.5451774)


@given(SEEDS, LAGS)
def test_the_link_knows_the_past_of_its_own_run(seed: int, lag: int) -> None:
    panel = random_panel(seed, lag=lag)
    link = prequential_link(panel, panel.realised)
    for i in range(0, len(panel.predicted), 37):
        assert (link.mean[i], link.constant[i]) == pytest.approx(looped_link(panel, i))
        assert link.scored[i] == (panel.snapshot[i] >= 72 and link.constant[i] > 0)


@given(SEEDS, LAGS, st.integers(80, 110))
def test_what_is_realised_later_changes_no_mean(seed: int, lag: int, now: int) -> None:
    panel = random_panel(seed, lag=lag)
    open_yet = panel.snapshot > now - lag
    other = replace(panel, realised=np.where(open_yet, 1e6, panel.realised))
    a, b = (prequential_link(p, p.realised) for p in (panel, other))
    upto = panel.snapshot <= now
    np.testing.assert_array_equal(a.mean[upto], b.mean[upto])
    np.testing.assert_array_equal(a.constant[upto], b.constant[upto])


@given(SEEDS)
def test_a_uniform_map_has_no_skill_and_no_lift(seed: int) -> None:
    panel = random_panel(seed)
    metrics = ReachMetrics(replace(panel, predicted=np.full(400, 3.0)))
    once = ones(panel)
    assert metrics.tweedie_skill(once) == pytest.approx(0, abs=1e-12)
    assert metrics.poisson_skill(once) == pytest.approx(0, abs=1e-12)
    assert (metrics.spearman(once), metrics.auc(once)) == (0, 0.5)
    assert (metrics.lift10(once), metrics.recall(once)) == pytest.approx((1, 0.1))
    assert metrics.precision(once) == pytest.approx(metrics.base_rate(once))


@given(SEEDS)
def test_a_weight_counts_like_repeated_rows(seed: int) -> None:
    panel = random_panel(seed)
    weights = np.random.default_rng(seed + 1).integers(0, 3, 400)
    again = np.repeat(np.arange(400), weights)
    rows = {"predicted", "realised", "snapshot", "run", "counts"}
    repeated = Panel(**{name: getattr(panel, name)[again] for name in rows})
    one, more = ReachMetrics(panel), ReachMetrics(repeated)
    for name in ("spearman", "auc", "lift10", "recall", "precision", "base_rate"):
        weighted = getattr(one, name)(weights.astype(np.float64))
        assert weighted == pytest.approx(getattr(more, name)(ones(repeated)))


@given(SEEDS)
def test_the_unit_of_the_map_does_not_matter(seed: int) -> None:
    panel = random_panel(seed)
    one, other = ReachMetrics(panel), ReachMetrics(replace(panel, predicted=panel.predicted * 4))
    for name in ("spearman", "auc", "lift10", "tweedie_skill", "poisson_skill"):
        value = getattr(one, name)(ones(panel))
        assert getattr(other, name)(ones(panel)) == pytest.approx(value)


def test_lift_precision_and_recall_by_hand() -> None:
    """Of 20 bins the top tenth are 2: bin 19, and one of bins 17 and 18, which tie.

    Realised: 6 in bin 19, 2 in bin 18, 4 in bin 0.  Averaged over the tie the top holds
    6 + (2 + 0) / 2 = 7 of 12, so the lift is 7 / 12 / 0.1 = 5.83; it holds 1 + 1/2 of 3 hits.
    """
    predicted, realised = np.arange(20.0), np.zeros(20)
    predicted[17] = 18.0
    realised[[19, 18, 0]] = 6.0, 2.0, 4.0
    metrics = ReachMetrics(Panel(predicted, realised, np.arange(20)))
    once = np.ones(20)
    assert metrics.lift10(once) == pytest.approx(7 / 12 / 0.1)
    assert metrics.recall(once) == pytest.approx(1.5 / 3)
    assert metrics.precision(once) == pytest.approx(1.5 / 2)
    zones = top_zones(metrics)
    assert (zones.precision.value, zones.precision.n) == pytest.approx((0.75, 2))
    assert (zones.base_rate, zones.recall) == pytest.approx((3 / 20, 0.5))


def test_the_skill_by_hand() -> None:
    """Snapshots 0 to 71 teach: one bin each, x = 1, y = 4, so c = 4 and the mean is 4.

    Snapshot 72: x = 0 y = 0 gives m = 0.2, D = 4 x 0.2^0.5; x = 2 y = 9 gives m = 7.8.
    The constant 4 has D = 8 for y = 0 and 4 (3 - 2)^2 / 2 = 2 for y = 9.
    """
    predicted = np.append(np.ones(72), [0.0, 2.0])
    realised = np.append(np.full(72, 4.0), [0.0, 9.0])
    snapshot = np.append(np.arange(72), [72, 72])
    model = 4 * 0.2**0.5 + 4 * (3 - 7.8**0.5) ** 2 / 7.8**0.5
    metrics = ReachMetrics(Panel(predicted, realised, snapshot))
    assert metrics.tweedie_skill(np.ones(74)) == pytest.approx(1 - model / 10)


def test_the_skill_for_counts_by_hand() -> None:
    """As above with one liquidation each: c = 1, so x = 2 has m = 0.95 x 2 + 0.05 = 1.95.

    Counts 0 and 3 at x = 0 and 2: the constant 1 has D = 2 and 2 (3 ln 3 - 2).
    """
    predicted, realised = np.append(np.ones(72), [0.0, 2.0]), np.full(74, 5.0)
    counts, snapshot = np.append(np.ones(72), [0.0, 3.0]), np.append(np.arange(72), [72, 72])
    constant = 2 + 2 * (3 * np.log(3) - 2)
    model = 2 * 0.05 + 2 * (3 * np.log(3 / 1.95) - 3 + 1.95)
    metrics = ReachMetrics(Panel(predicted, realised, snapshot, counts=counts))
    assert metrics.poisson_skill(np.ones(74)) == pytest.approx(1 - model / constant)


def test_nothing_is_scored_before_anything_was_realised() -> None:
    """The first liquidation comes in snapshot 80: bins are scored from 81 on."""
    realised = np.where(np.arange(100) >= 80, 2.0, 0.0)
    panel = Panel(np.ones(100), realised, np.arange(100))
    link = prequential_link(panel, panel.realised)
    np.testing.assert_array_equal(np.flatnonzero(link.scored), np.arange(81, 100))
    assert np.isfinite(ReachMetrics(panel).tweedie_skill(ones(panel)))


def test_the_better_map_is_found_better_and_by_the_bootstrap_too() -> None:
    panel = random_panel(5, n=4_000)
    shuffled = np.random.default_rng(0).permutation(panel.predicted)
    good, bad = ReachMetrics(panel), ReachMetrics(replace(panel, predicted=shuffled))
    blocks = Blocks.of(panel.snapshot // 4)
    for name in ("spearman", "auc", "lift10", "tweedie_skill", "poisson_skill"):
        lead = paired_difference(getattr(good, name), getattr(bad, name), blocks)
        assert lead.low > 0
    figure = block_bootstrap(good.auc, blocks)
    assert figure.low < figure.value < figure.high


def test_counts_are_needed_for_their_skill() -> None:
    panel = replace(random_panel(1), counts=None)
    with pytest.raises(ValueError, match="the panel has no counts"):
        ReachMetrics(panel).poisson_skill(ones(panel))


def test_a_panel_without_anything_scored_has_no_skill() -> None:
    panel = random_panel(1)
    early = replace(panel, snapshot=panel.snapshot % 50)
    assert np.isnan(ReachMetrics(early).tweedie_skill(ones(early)))
    assert np.isnan(deviance_skill(np.zeros(2), np.zeros(2), np.ones(2)))


def test_a_panel_checks_its_columns() -> None:
    panel = random_panel(1)
    with pytest.raises(ValueError, match="realised must have 400 rows"):
        replace(panel, realised=np.ones(3))
    with pytest.raises(ValueError, match="predicted must be finite and not negative"):
        replace(panel, predicted=-panel.predicted - 1)
    with pytest.raises(ValueError, match="lag must be at least 1 snapshot, was 0"):
        replace(panel, lag=0)


@given(st.integers(1, 500), st.floats(0, 1))
def test_wilson_bounds_solve_the_score_equation(n: int, share: float) -> None:
    """At either bound the observed share is 1.96 standard errors away."""
    for bound in wilson_bounds(share * n, n):
        distance = (share - bound) ** 2
        assert distance == pytest.approx(1.959964**2 * bound * (1 - bound) / n, abs=1e-12)


def test_without_a_trial_there_are_no_bounds() -> None:
    assert np.isnan(wilson_bounds(0, 0)).all()


def test_the_fill_ratio_is_nan_where_nothing_was_expected() -> None:
    ratio = fill_ratio(np.array([2.0, 0.0, 1.0]), np.array([4.0, 1.0, 0.0]))
    np.testing.assert_array_equal(ratio, [0.5, 0.0, np.nan])


@given(SEEDS)
def test_the_lift_curve_ends_at_all_and_passes_through_the_lift(seed: int) -> None:
    panel = random_panel(seed)
    curve = lift_curve(panel.predicted, panel.realised)
    assert (curve.caught[0], curve.caught[-1]) == pytest.approx((0, 1))
    assert (np.diff(curve.caught) >= -1e-12).all()
    lift = ReachMetrics(panel).lift10(ones(panel))
    assert curve.caught[2] / curve.share[2] == pytest.approx(lift)


def test_nothing_realised_has_no_lift_curve() -> None:
    assert np.isnan(lift_curve(np.arange(5.0), np.zeros(5)).caught).all()


@given(SEEDS)
def test_calibration_classes_hold_everything_once(seed: int) -> None:
    panel = random_panel(seed)
    curve = calibration_curve(panel.predicted, panel.realised)
    assert curve.rows_per_class * curve.realised.sum() == pytest.approx(panel.realised.sum())
    assert curve.rows_per_class * curve.predicted.sum() == pytest.approx(panel.predicted.sum())
    assert (np.diff(curve.predicted) >= -1e-12).all()


def test_calibration_shares_ties_between_classes() -> None:
    """Predictions 1 2 2 2 in two classes: 1 and a third of the 2s below, two thirds above."""
    curve = calibration_curve(np.array([1.0, 2, 2, 2]), np.array([0.0, 3, 6, 0]), 2)
    np.testing.assert_allclose(curve.predicted, [1.5, 2])
    np.testing.assert_allclose(curve.realised, [1.5, 3])
    with pytest.raises(ValueError, match="at least one row"):
        calibration_curve(np.array([]), np.array([]))
