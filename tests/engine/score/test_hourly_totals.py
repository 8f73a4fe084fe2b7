"""Liquidations per hour: no look at the future, and only what a map adds counts."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands.score.hourly_columns import HourlyRows, lagged_mean, log_above_floor
from liqbands.score.hourly_totals import HourlyScore, score_hours, skill_difference
from liqbands.timeframes import DAY_MS, HOUR_MS
from liqbands_server.files.candle_files import read_candles

SEEDS = st.integers(0, 1_000)
N_HOURS = 40 * 24


def hidden_hours(seed: int, n: int = N_HOURS) -> tuple[Candles, FloatArray]:
    """Make hours whose liquidations follow the range times a hidden density per side."""
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.006, n)))
    start = np.concatenate([[100.0], close[:-1]])
    high = np.maximum(start, close) * np.exp(rng.exponential(0.003, n))
    low = np.minimum(start, close) * np.exp(-rng.exponential(0.003, n))
    density = rng.lognormal(0, 1.2, (2, n))
    reach = np.stack([np.log(start / low), np.log(high / start)])
    mean = 1_000 * reach * density
    number = rng.poisson(2 * np.sqrt(mean))
    realised = rng.gamma(np.maximum(number, 1)) * (number > 0) * np.sqrt(mean) / 2
    columns = {"open": start, "high": high, "low": low, "close": close}
    candles = Candles.from_arrays(
        np.arange(n) * HOUR_MS,
        **columns,
        volume=rng.lognormal(5, 0.5, n),
        long_liquidated=realised[0],
        short_liquidated=realised[1],
    )
    return candles, mean


def with_later(candles: Candles, hour: int) -> Candles:
    """Change everything that happens from an hour on."""
    later = np.arange(len(candles)) >= hour
    changed = {
        name: np.where(later, factor * getattr(candles, name), getattr(candles, name))
        for name, factor in (("volume", 9.0), ("long_liquidated", 50.0), ("short_liquidated", 0.0))
    }
    return replace(candles, **changed)


def rows_until(score: HourlyScore, hour: int) -> FloatArray:
    kept = score.time_ms < hour * HOUR_MS
    return np.stack([score.constant, score.base, score.model])[:, kept]


@settings(max_examples=5)
@given(SEEDS, st.sampled_from([20 * 24, 28 * 24, 33 * 24 + 5]))
def test_what_comes_later_changes_no_earlier_prediction(seed: int, hour: int) -> None:
    candles, x = hidden_hours(seed)
    other = np.where(np.arange(N_HOURS) >= hour, 1e4 * x, x)
    one, changed = score_hours(candles, x), score_hours(with_later(candles, hour), other)
    np.testing.assert_array_equal(rows_until(one, hour), rows_until(changed, hour))
    shorter = score_hours(candles[:hour], x[:, :hour])
    np.testing.assert_array_equal(rows_until(one, hour), rows_until(shorter, hour))


def test_the_true_means_add_a_lot_and_noise_adds_nothing() -> None:
    candles, mean = hidden_hours(1)
    noise = np.random.default_rng(2).lognormal(0, 1, mean.shape)
    right, wrong = score_hours(candles, mean), score_hours(candles, noise)
    assert right.over_base().low > 0.1
    assert wrong.over_base().high < 0.02
    lead = skill_difference(right, wrong)
    assert lead.low > 0.1
    assert lead.value == pytest.approx(right.over_base().value - wrong.over_base().value)


def test_the_range_explains_before_any_map_does() -> None:
    candles, mean = hidden_hours(3)
    assert score_hours(candles, mean).base_over_constant().low > 0.1


@settings(max_examples=3)
@given(SEEDS, st.sampled_from([0.0, 5.0]))
def test_a_map_that_says_the_same_of_every_hour_adds_exactly_nothing(
    seed: int, level: float
) -> None:
    candles, x = hidden_hours(seed)
    score = score_hours(candles, np.full_like(x, level))
    np.testing.assert_allclose(score.model, score.base, rtol=1e-6)


@settings(max_examples=3)
@given(SEEDS, st.sampled_from([1e-3, 1e6]))
def test_the_unit_of_the_map_does_not_matter(seed: int, unit: float) -> None:
    candles, x = hidden_hours(seed)
    one, other = score_hours(candles, x), score_hours(candles, unit * x)
    np.testing.assert_allclose(other.model, one.model, rtol=1e-5, atol=1e-8)


def test_the_first_fourteen_days_teach_and_all_later_hours_are_scored() -> None:
    candles, x = hidden_hours(4)
    score = score_hours(candles, x)
    hours = np.arange(14 * 24, N_HOURS) * HOUR_MS
    np.testing.assert_array_equal(score.time_ms, np.tile(hours, 2))


def test_hours_without_a_report_are_left_out_of_both() -> None:
    candles, x = hidden_hours(4)
    silent = candles.long_liquidated.copy()
    silent[500:510] = np.nan
    score = score_hours(replace(candles, long_liquidated=silent), x)
    assert len(score.time_ms) == 2 * (N_HOURS - 14 * 24) - 10
    assert np.isfinite([score.constant, score.base, score.model]).all()


def test_the_constant_is_the_mean_of_the_training_part() -> None:
    """Week 3 is judged by days 1 (full day of means) to 14: y against m, 4 (vy - vm)^2 / vm."""
    candles, x = hidden_hours(5)
    score = score_hours(candles, x)
    learnt = slice(24, 14 * 24)
    both = np.concatenate([candles.long_liquidated[learnt], candles.short_liquidated[learnt]])
    root = math.sqrt(both.mean())
    expected = 4 * (math.sqrt(candles.long_liquidated[14 * 24]) - root) ** 2 / root
    assert score.constant[0] == pytest.approx(expected)


def three_hours() -> Candles:
    """Make hours 100 to 102, back to 101, down to 99."""
    return Candles.from_arrays(
        np.arange(3) * 12 * HOUR_MS,  # two bars a day, so that past means need two
        open=[100.0, 102.0, 101.0],
        high=[102.0, 103.0, 101.0],
        low=[100.0, 101.0, 98.0],
        close=[102.0, 101.0, 99.0],
        volume=[10.0, 20.0, 40.0],
        long_liquidated=[1.0, 3.0, 5.0],
        short_liquidated=[2.0, 0.0, 0.0],
    )


def test_the_columns_by_hand() -> None:
    """Last bar: range ln(101/98), return ln(99/101), longs fell ln(101/98), shorts rose 0."""
    rows = HourlyRows.of(three_hours())
    assert rows.usable.tolist() == [False, False, True] * 2
    spread, move = math.log(101 / 98), math.log(99 / 101)
    past = math.log(abs(math.log(101 / 102)) + 2e-4)  # the one return known before
    for row, adverse, side in ((2, spread, 1), (5, 0.0, -1)):
        log_adverse, log_spread = math.log(adverse + 2e-4), math.log(spread + 2e-4)
        expected = [log_spread, -move, log_adverse, log_adverse**2, -side, side, past]
        np.testing.assert_allclose(rows.moves[row], expected)
    np.testing.assert_allclose(rows.amounts[[2, 5]], [[40, 15, 2], [40, 15, 1]])
    np.testing.assert_allclose(rows.realised, [1, 3, 5, 2, 0, 0])


def test_the_base_has_the_logs_and_the_product_of_range_and_volume() -> None:
    rows = HourlyRows.of(three_hours())
    columns = rows.base_columns(rows.usable)
    log_volume = math.log(40 + 0.001 * 40)
    np.testing.assert_allclose(columns[2, 7], log_volume)
    np.testing.assert_allclose(columns[2, 10], rows.moves[2, 0] * log_volume)
    assert columns.shape == (6, 11)


def test_mark_prices_count_where_they_are_known() -> None:
    last = three_hours()
    marked = replace(last, mark_low=np.array([np.nan, np.nan, 99.0]))
    spread = math.log(math.log(101 / 99) + 2e-4)
    assert HourlyRows.of(marked).moves[2, 0] == pytest.approx(spread)
    np.testing.assert_array_equal(HourlyRows.of(marked).moves[:2], HourlyRows.of(last).moves[:2])


def test_past_means_leave_out_the_bar_itself_and_what_is_not_known() -> None:
    values = np.array([1.0, np.nan, 5.0, 7.0, np.nan])
    np.testing.assert_array_equal(lagged_mean(values, 2), [np.nan, np.nan, 1, 5, 6])
    assert np.isnan(lagged_mean(np.full(4, np.nan), 2)).all()


def test_the_floor_is_taken_from_the_training_part_alone() -> None:
    training = np.array([True, True, False])
    logs = log_above_floor(np.array([0.0, 2.0, 1e9]), training)
    np.testing.assert_allclose(logs[:2], np.log([0.001, 2.001]))
    np.testing.assert_array_equal(log_above_floor(np.array([0.0, 0.0, 5.0]), training), 0)


def test_predictions_of_the_wrong_kind_and_too_few_days_are_refused() -> None:
    candles, x = hidden_hours(6)
    with pytest.raises(ValueError, match=r"shape \(2, 960\), was \(2, 959\)"):
        score_hours(candles, x[:, 1:])
    with pytest.raises(ValueError, match="finite and not negative"):
        score_hours(candles, -x)
    with pytest.raises(ValueError, match="more than 14 days"):
        score_hours(candles[:300], x[:, :300])
    with pytest.raises(ValueError, match="on the same bars"):
        skill_difference(score_hours(candles, x), score_hours(candles[:900], x[:, :900]))


@pytest.mark.parametrize("coin", ["BTC", "ETH"])
def test_the_base_explains_most_of_the_recorded_hours(market_folder: Path, coin: str) -> None:
    """Published: .638 and .659 of the constant's deviance over 47 days; here .62 and .61."""
    path = market_folder / "binance_1h_2024_liquidations" / f"{coin}USDT.parquet"
    candles = read_candles(path)
    score = score_hours(candles, np.ones((2, len(candles))))
    assert len(np.unique(score.time_ms // DAY_MS)) == 48  # 47 whole days in 48 dates
    assert 0.55 < score.base_over_constant().value < 0.70
    assert score.over_base().value == pytest.approx(0, abs=1e-6)
