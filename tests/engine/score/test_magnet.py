"""The magnet test on maps and markets in which the answer is known."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray
from liqbands.score.magnet import (
    DailyLevels,
    MarkBars,
    Trials,
    band_pairs,
    choose_pair,
    pair_distances,
    run_trials,
)
from liqbands.score.magnet_result import effective_trials_needed, magnet_test
from liqbands.timeframes import DAY_MS, HOUR_MS

GRID = PriceGrid(5e-4)
SEEDS = st.integers(0, 10_000)
N_DISTANCES = 14  # 1.0, 1.3, ... 4.9 %


def random_walk(seed: int, n_days: int) -> MarkBars:
    """Make hourly bars of a walk that moves 4 % a day and knows nothing of any map."""
    rng = np.random.default_rng(seed)
    ticks = rng.normal(0, 0.04 / np.sqrt(24 * 6), (n_days * 24, 6))
    path = np.cumsum(ticks).reshape(ticks.shape)
    start = np.concatenate([[0.0], path[:-1, -1]])
    high = np.maximum(path.max(axis=1), start)
    low = np.minimum(path.min(axis=1), start)
    times = np.arange(len(path), dtype=np.int64) * HOUR_MS
    high, low, close = (100 * np.exp(line) for line in (high, low, path[:, -1]))
    return MarkBars(times, high, low, close, HOUR_MS)


def levels_of(bars: MarkBars, contrast: FloatArray, distance: float = 0.02) -> DailyLevels:
    """Draw a map at each midnight from the third on."""
    time_ms = (3 + np.arange(len(contrast), dtype=np.int64)) * DAY_MS
    mark = bars.close[time_ms // HOUR_MS - 1]
    return DailyLevels(time_ms, mark, np.full(len(contrast), distance), contrast)


def bars_by_hand(highs: list[float], lows: list[float]) -> MarkBars:
    """Make hours after 72 quiet ones at 100."""
    high, low = np.array([100.0] * 72 + highs), np.array([100.0] * 72 + lows)
    times = np.arange(len(high), dtype=np.int64) * HOUR_MS
    return MarkBars(times, high, low, (high + low) / 2, HOUR_MS)


def one_trial(highs: list[float], lows: list[float], contrast: float = 1.0) -> Trials:
    """Ask at hour 72, with mark at 100 and levels at 102.02 and 98.02; quiet after."""
    quiet = [100.0] * (72 - len(highs))
    bars = bars_by_hand(highs + quiet, lows + quiet)
    at = np.array([72 * HOUR_MS])
    levels = DailyLevels(at, np.array([100.0]), np.array([0.02]), np.array([contrast]))
    return run_trials(levels, bars)


def many_trials(won: FloatArray, with_trend: FloatArray, per_week: int = 1) -> Trials:
    n = len(won)
    week = np.arange(n, dtype=np.int64) // per_week * 7 * DAY_MS
    return Trials(week, np.zeros(n, np.int64), won, np.arange(1.0, n + 1), with_trend, 0, 0, 0)


@given(st.floats(1, 1e5))
def test_bands_hold_what_stands_at_their_distance(mark: float) -> None:
    """Every bin holds its own distance: six neighbours add up to six times the middle."""

    def distances(first: int, n_bins: int) -> FloatArray:
        centre = (first + np.arange(n_bins) + 0.5) * GRID.step - math.log(mark)
        return np.stack([np.maximum(-centre, 0), np.maximum(centre, 0)])

    for held in band_pairs(distances, mark, GRID):
        np.testing.assert_allclose(held, 6 * pair_distances(), atol=6 * GRID.step / 2 + 1e-9)
    assert len(pair_distances()) == N_DISTANCES


@given(SEEDS, st.floats(1, 1e5))
def test_a_mirrored_map_gives_the_mirrored_pairs(seed: int, mark: float) -> None:
    shape = np.random.default_rng(seed).gamma(0.5, size=200)

    def outward(first: int, n_bins: int, mark: float) -> FloatArray:
        away = (first + np.arange(n_bins) + 0.5) * GRID.step - math.log(mark)
        held = np.interp(np.abs(away), np.arange(200) * GRID.step, shape)
        return np.stack([held * (away < 0), 2 * held * (away > 0)])

    above, below = band_pairs(lambda a, n: outward(a, n, mark), mark, GRID)
    up, down = band_pairs(lambda a, n: outward(a, n, 1 / mark), 1 / mark, GRID)
    np.testing.assert_allclose(above, 2 * down, rtol=1e-6)
    np.testing.assert_allclose(below, up / 2, rtol=1e-6)


def test_the_pair_is_chosen_by_hand() -> None:
    """Pairs 9:1, 50:30 and 3:0.  c = 8 / 10.45 = .766, 20 / 82.5 = .242, 3 / 3.15 = .952;

    times the root of the larger: .766 x 3 = 2.30, .242 x 7.07 = 1.71, .952 x 1.73 = 1.65.
    """
    above, below = np.zeros((2, N_DISTANCES)), np.zeros((2, N_DISTANCES))
    above[0, [2, 5, 8]], below[0, [2, 5, 8]] = (9.0, 50.0, 3.0), (1.0, 30.0, 0.0)
    above[1], below[1] = below[0], above[0]
    distance, contrast = choose_pair(above, below)
    np.testing.assert_allclose(distance, 0.01 + 2 * 0.003)
    np.testing.assert_allclose(contrast, [8 / 10.45, -8 / 10.45])


def test_an_empty_map_names_no_side() -> None:
    nothing = np.zeros((1, N_DISTANCES))
    assert choose_pair(nothing, nothing)[1] == 0
    assert one_trial([103.0], [100.0], contrast=0.0).n_even == 1


def test_the_side_that_is_touched_first_wins() -> None:
    up_first = one_trial([101.0, 102.1, 102.0], [99.0, 99.0, 97.0])
    np.testing.assert_array_equal(up_first.won, [1])
    np.testing.assert_array_equal(one_trial([101.0], [98.0]).won, [0])
    np.testing.assert_array_equal(one_trial([101.0], [98.0], contrast=-0.5).won, [1])


def test_ties_and_days_without_a_touch_are_dropped_and_counted() -> None:
    tie, never = one_trial([103.0], [97.0]), one_trial([102.0], [98.1])
    assert (len(tie.won), tie.n_ties, tie.n_untouched) == (0, 1, 0)
    assert (len(never.won), never.n_ties, never.n_untouched) == (0, 0, 1)
    together = Trials.join([tie, never, one_trial([103.0], [100.0])])
    assert (len(together.won), together.n_ties, together.n_untouched) == (1, 1, 1)


def test_a_touch_after_72_hours_or_before_the_map_does_not_count() -> None:
    bars = bars_by_hand([100.0] * 72 + [110.0], [100.0] * 73)
    bars.high[71] = 105.0
    at = np.array([72 * HOUR_MS])
    levels = DailyLevels(at, np.array([100.0]), np.array([0.02]), np.array([1.0]))
    assert run_trials(levels, bars).n_untouched == 1


def test_days_that_the_bars_do_not_cover_are_no_trials() -> None:
    bars = bars_by_hand([103.0] * 71, [100.0] * 71)
    at = np.array([72 * HOUR_MS])
    levels = DailyLevels(at, np.array([100.0]), np.array([0.02]), np.array([1.0]))
    trials = run_trials(levels, bars)
    assert len(trials.won) + trials.n_untouched + trials.n_ties == 0


def test_the_trend_is_that_of_the_past() -> None:
    """The first map has no 72 hours before it; later ones compare with the close then."""
    bars = random_walk(1, 20)
    trials = run_trials(levels_of(bars, np.ones(12)), bars)
    day = trials.time_ms // DAY_MS
    rose = bars.close[day * 24 - 1] > bars.close[np.maximum(day * 24 - 73, 0)]
    expected = np.where(day < 4, np.nan, rose.astype(np.float64))
    np.testing.assert_array_equal(trials.with_trend[day > 3], expected[day > 3])
    assert np.isnan(trials.with_trend[day < 4]).all()


@given(SEEDS)
def test_mirroring_market_and_map_changes_nothing(seed: int) -> None:
    bars = random_walk(seed, 40)
    contrast = np.random.default_rng(seed).uniform(-1, 1, 30)
    mirror = replace(bars, high=1e4 / bars.low, low=1e4 / bars.high, close=1e4 / bars.close)
    one = run_trials(levels_of(bars, contrast), bars)
    other = run_trials(levels_of(mirror, -contrast), mirror)
    np.testing.assert_array_equal(one.won, other.won)
    np.testing.assert_array_equal(one.with_trend, other.with_trend)


def test_a_market_without_attraction_is_found_to_have_none() -> None:
    bars = random_walk(11, 1_200)
    contrast = np.random.default_rng(12).uniform(-1, 1, 1_190)
    result = magnet_test(run_trials(levels_of(bars, contrast), bars))
    for figure in (result.probability, result.strong_half, result.trend_balanced):
        assert figure.low < 0.5 < figure.high
    assert result.strong_half.n == pytest.approx(result.probability.n / 2, abs=1)


def test_a_map_that_knows_the_future_is_caught_winning() -> None:
    bars = random_walk(13, 400)
    ahead = np.arange(3, 393) * 24 + 12
    came = np.sign(bars.close[ahead] - bars.close[ahead - 13])
    result = magnet_test(run_trials(levels_of(bars, came), bars))
    assert result.probability.low > 0.6
    backwards = magnet_test(run_trials(levels_of(bars, -came), bars))
    assert backwards.probability.high < 0.4


def test_the_balance_takes_out_the_trend_by_hand() -> None:
    """60 days with the trend win 48, 20 against it win 6: .675 overall, (.8 + .3) / 2 balanced."""
    won = np.array([1.0] * 48 + [0.0] * 12 + [1.0] * 6 + [0.0] * 14)
    result = magnet_test(many_trials(won, np.array([1.0] * 60 + [0.0] * 20)))
    assert result.probability.value == pytest.approx(0.675)
    assert result.trend_balanced.value == pytest.approx(0.55)
    assert result.trend_share == pytest.approx(0.75)


def test_the_strong_half_is_that_with_the_stronger_contrast() -> None:
    """Contrasts 1 to 80: the upper 40 won 30 times."""
    won = np.array([0.0] * 40 + [1.0] * 30 + [0.0] * 10)
    result = magnet_test(many_trials(won, np.ones(80)))
    assert result.strong_half.value == pytest.approx(30 / 40)
    assert (result.strong_half.n, result.strong_half.left_out) == (40, 40)


def test_independent_weeks_count_fully_and_twins_do_not() -> None:
    won = np.random.default_rng(3).integers(0, 2, 400).astype(np.float64)
    single = magnet_test(many_trials(won, np.ones(400)))
    twins = magnet_test(many_trials(np.repeat(won, 2), np.ones(800), per_week=2))
    assert single.effective_trials == pytest.approx(400, rel=0.15)
    assert twins.effective_trials == pytest.approx(single.effective_trials)
    assert twins.trials_needed == pytest.approx(2 * single.trials_needed)


def test_the_days_of_a_week_count_together() -> None:
    """Seven equal days a week are as sure as one."""
    won = np.random.default_rng(4).integers(0, 2, 300).astype(np.float64)
    single = magnet_test(many_trials(won, np.ones(300)))
    daily = many_trials(np.repeat(won, 7), np.ones(2_100), per_week=7)
    spread = replace(daily, time_ms=daily.time_ms + np.tile(np.arange(7), 300) * DAY_MS)
    assert magnet_test(spread).effective_trials == pytest.approx(single.effective_trials)
    apart = replace(spread, cluster=np.tile(np.arange(7), 300))
    assert magnet_test(apart).effective_trials > 3 * single.effective_trials


def test_three_points_need_about_2200_trials() -> None:
    """(1.95996 + 0.84162)^2 / (4 x 0.03^2) = 7.8489 / 0.0036 = 2180."""
    assert effective_trials_needed() == pytest.approx(7.8489 / 0.0036, rel=1e-4)
    won = np.tile([0.0, 1.0], 1_090)
    result = magnet_test(many_trials(won, np.ones(2_180)))
    assert result.detectable_effect == pytest.approx(0.03, rel=0.1)


def test_no_trials_say_nothing() -> None:
    result = magnet_test(many_trials(np.array([]), np.array([])))
    assert np.isnan([result.probability.value, result.effective_trials, result.trend_share]).all()
    assert result.probability.n == 0
