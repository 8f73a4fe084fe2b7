"""What venues publish, made from full records."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.candles import Candles
from liqbands.market_data import Liquidations
from liqbands.sim import (
    Recording,
    coarse_open_interest,
    open_interest_at_open,
    order_of_arrival,
    throttled,
    two_sided,
    with_gaps,
    with_liquidations,
    without_mark,
    without_taker_flow,
)

MINUTE = 60_000
TIMES = st.lists(st.integers(0, 20_000), max_size=60).map(sorted)


def feed(times: list[int]) -> Liquidations:
    """Make a feed whose sizes tell the rows apart."""
    n = len(times)
    return Liquidations(
        np.array(times, dtype=np.int64),
        np.where(np.arange(n) % 3 == 0, 1, -1).astype(np.int8),
        np.arange(100.0, 100.0 + n),
        np.arange(1.0, 1.0 + n),
    )


@pytest.fixture
def candles(recording: Recording) -> Candles:
    return recording.venues[0].candles


def unchanged(before: Candles, after: Candles, *names: str) -> None:
    """See to it that only the columns of these names differ."""
    for name, values in vars(before).items():
        if isinstance(values, np.ndarray) and name not in names:
            np.testing.assert_array_equal(getattr(after, name), values, err_msg=name)
    assert after.timeframe_ms == before.timeframe_ms


@given(TIMES, st.sampled_from([1, 250, 1_000, 5_000]))
def test_a_throttled_feed_has_one_order_per_period(times: list[int], every_ms: int) -> None:
    kept = throttled(feed(times), every_ms)
    periods = kept.time_ms // every_ms
    assert len(np.unique(periods)) == len(periods)
    assert set(periods.tolist()) == {time // every_ms for time in times}


@given(TIMES)
def test_a_throttled_feed_keeps_the_last_of_each_second(times: list[int]) -> None:
    """Sizes are row numbers from 1, so the last row of a second has the largest."""
    full, kept = feed(times), throttled(feed(times))
    last = {int(time) // 1_000: i + 1.0 for i, time in enumerate(full.time_ms)}
    np.testing.assert_array_equal(kept.contracts, list(last.values()))


@given(TIMES)
def test_throttling_twice_is_throttling_once(times: list[int]) -> None:
    once = throttled(feed(times))
    np.testing.assert_array_equal(throttled(once).contracts, once.contracts)


def test_reported_liquidations_fill_the_bars(recording: Recording, candles: Candles) -> None:
    full = recording.venues[0].closings.liquidations()
    bars = with_liquidations(candles, full)
    assert bars.long_liquidated.sum() == pytest.approx(full.contracts[full.side > 0].sum())
    assert bars.short_liquidated.sum() == pytest.approx(full.contracts[full.side < 0].sum())
    first = full.time_ms < candles.open_time_ms[0] + MINUTE
    assert bars.long_liquidated[0] == full.contracts[first & (full.side > 0)].sum()
    unchanged(candles, bars, "long_liquidated", "short_liquidated")


def test_a_throttled_feed_fills_less(recording: Recording, candles: Candles) -> None:
    full = recording.venues[0].closings.liquidations()
    all_of_it, part = (with_liquidations(candles, f) for f in (full, throttled(full)))
    assert (part.long_liquidated <= all_of_it.long_liquidated + 1e-9).all()
    assert 0 < part.long_liquidated.sum() < all_of_it.long_liquidated.sum()


def test_coarse_open_interest_is_known_every_five_minutes(candles: Candles) -> None:
    coarse = coarse_open_interest(candles)
    known = np.isfinite(coarse.open_interest)
    minute = (candles.open_time_ms + MINUTE) // MINUTE
    np.testing.assert_array_equal(known, minute % 5 == 0)
    np.testing.assert_array_equal(coarse.open_interest[known], candles.open_interest[known])
    unchanged(candles, coarse, "open_interest")


def test_open_interest_stamped_at_the_open_is_a_bar_late(candles: Candles) -> None:
    late = open_interest_at_open(candles)
    assert np.isnan(late.open_interest[0])
    np.testing.assert_array_equal(late.open_interest[1:], candles.open_interest[:-1])
    unchanged(candles, late, "open_interest")
    holes = with_gaps(candles, 0.2, seed=1)
    after_a_gap = np.flatnonzero(np.diff(holes.open_time_ms) > MINUTE) + 1
    assert np.isnan(open_interest_at_open(holes).open_interest[after_a_gap]).all()


def test_two_sided_open_interest_is_twice_as_much(candles: Candles) -> None:
    both = two_sided(candles)
    np.testing.assert_array_equal(both.open_interest, 2 * candles.open_interest)
    unchanged(candles, both, "open_interest")


def test_marks_and_taker_flow_can_be_missing(candles: Candles) -> None:
    marks = ("mark_high", "mark_low", "mark_close")
    without = without_mark(candles)
    assert all(np.isnan(getattr(without, name)).all() for name in marks)
    unchanged(candles, without, *marks)
    without = without_taker_flow(candles)
    assert np.isnan(without.taker_buy_volume).all()
    unchanged(candles, without, "taker_buy_volume")


@given(st.floats(0, 0.9), st.integers(0, 5), st.sampled_from([1, 2, 5, 30]))
def test_gaps_take_whole_bars(share: float, seed: int, n_bars: int) -> None:
    n = 300
    row = np.arange(1.0, n + 1)
    full = Candles.from_arrays(
        MINUTE * np.arange(n), open=row, high=row, low=row, close=row, timeframe_ms=MINUTE
    )
    rest = with_gaps(full, share, seed, n_bars)
    assert abs(len(rest) - (1 - share) * n) <= n_bars
    np.testing.assert_array_equal(rest.close, 1 + rest.open_time_ms / MINUTE)
    assert sum(missing for _, missing in rest.gaps) <= n - len(rest)
    assert all(missing % n_bars == 0 for _, missing in rest.gaps)


def test_gaps_repeat_with_their_seed(candles: Candles) -> None:
    first, second, other = (with_gaps(candles, 0.3, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.open_time_ms, second.open_time_ms)
    assert not np.array_equal(first.open_time_ms, other.open_time_ms)


@given(st.floats(0, 1), st.integers(0, 5), st.integers(1, 5))
def test_late_rows_come_after_the_bars_that_overtake_them(
    share: float, seed: int, most_bars: int
) -> None:
    n = 80
    one = np.ones(n)
    bars = Candles.from_arrays(MINUTE * np.arange(n), open=one, high=one, low=one, close=one)
    order = order_of_arrival(bars, share, seed, most_bars)
    np.testing.assert_array_equal(np.sort(order), np.arange(n))
    place = np.argsort(order)
    assert (np.abs(place - np.arange(n)) <= most_bars).all()
    if share == 0:
        np.testing.assert_array_equal(order, np.arange(n))


def test_nothing_is_late_or_missing_by_impossible_shares(candles: Candles) -> None:
    for share in (-0.1, 1.0):
        with pytest.raises(ValueError, match="share must be"):
            with_gaps(candles, share, seed=1)
    with pytest.raises(ValueError, match="at least one bar"):
        with_gaps(candles, 0.1, seed=1, n_bars=0)
    with pytest.raises(ValueError, match="share must be"):
        order_of_arrival(candles, 1.1, seed=1)
    with pytest.raises(ValueError, match="at least 1"):
        order_of_arrival(candles, 0.1, seed=1, most_bars=0)
    with pytest.raises(ValueError, match="every_ms must be positive"):
        throttled(feed([1]), 0)
    with pytest.raises(ValueError, match="every_ms must be positive"):
        coarse_open_interest(candles, 0)
