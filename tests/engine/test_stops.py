"""Stop levels of markets without open interest, against a plain search through the bars."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import (
    DAY,
    EURUSD,
    HOUR,
    NEW_YEAR_2024,
    SEEDS,
    SPY,
    random_market,
    swept_per_tier,
)

from liqbands.bar import bars_of
from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument, MarketKind
from liqbands.kernel.bars import StopLevels
from liqbands.readings import contracts_per_bin
from liqbands.sessions import trading_day, trading_week
from liqbands.stops import StopLevelFeed

SPOT = Instrument("generic", "BTC/USDT", market=MarketKind.SPOT)
MONDAY = NEW_YEAR_2024  # 2024-01-01 was one


def levels_of(candles: Candles, instrument: Instrument) -> StopLevels:
    return StopLevelFeed(instrument, candles.timeframe_ms).levels(bars_of(candles))[0]


def daily(low: list[float], **more: Any) -> Candles:
    """Make one bar a day at 100, from Monday 2024-01-01, that dips to its low."""
    fixed = np.full(len(low), 100.0)
    columns = {"open": fixed, "high": fixed, "close": fixed, "low": np.array(low)} | more
    return Candles.from_arrays(MONDAY + DAY * np.arange(len(low)), timeframe_ms=DAY, **columns)


def week_of(day: int) -> int:
    return day // 7


@settings(max_examples=10)
@given(SEEDS, st.integers(1, 300))
def test_rolling_levels_are_the_extremes_of_hour_4_hours_day_and_week(
    seed: int, n_bars: int
) -> None:
    candles = random_market(seed, n_bars, open_interest=False)
    levels = levels_of(candles, SPOT).level
    for pool, n in enumerate((1, 4, 24, 168)):
        for i in range(n_bars):
            part = slice(max(0, i - n + 1), i + 1)
            assert levels[i, 0, pool] == np.log(candles.low[part]).min()
            assert levels[i, 1, pool] == np.log(candles.high[part]).max()


@settings(max_examples=10)
@given(SEEDS, st.sampled_from([EURUSD, SPY]))
def test_the_first_two_pools_are_this_and_the_previous_session(
    seed: int, instrument: Instrument
) -> None:
    candles = random_market(seed, 150, volatility=0.003, open_interest=False)
    levels = levels_of(candles, instrument).level
    place = (candles.open_time_ms, instrument.session, instrument.time_zone)
    day = trading_day(*place)
    for i in range(len(candles)):
        so_far = log_low(candles, (day == day[i]) & (np.arange(150) <= i))
        before = [d for d in day[:i] if d != day[i]]
        previous = log_low(candles, day == before[-1]) if before else so_far
        assert levels[i, 0, 0] == so_far
        assert levels[i, 0, 1] == min(previous, so_far)


def log_low(candles: Candles, chosen: FloatArray) -> float:
    return float(np.log(candles.low[chosen]).min())


@settings(max_examples=10)
@given(SEEDS)
def test_the_third_pool_never_lies_inside_the_sessions_range(seed: int) -> None:
    candles = random_market(seed, 400, volatility=0.003, open_interest=False)
    levels = levels_of(candles, EURUSD).level
    week = trading_week(candles.open_time_ms, EURUSD.session, EURUSD.time_zone)
    later = week > week[0]
    assert (levels[:, 0, 2] <= levels[:, 0, 0]).all()
    assert (levels[:, 1, 2] >= levels[:, 1, 0]).all()
    assert later.any()


def test_last_weeks_low_stands_until_it_is_broken() -> None:
    """Days 0 to 6 dip to 90 at the lowest; from day 7 on the third pool is that low."""
    low = [95.0, 90.0, 96.0, 97.0, 95.0, 98.0, 98.0, 99.0, 99.0]
    session = Instrument("otc", "X", market=MarketKind.STOCK, session="0000-2400")
    level = levels_of(daily(low), session).level
    assert np.exp(level[7:, 0, 2]) == pytest.approx([90.0, 90.0])


def test_a_level_that_was_broken_earlier_this_week_is_gone() -> None:
    """Last week's low of 90 breaks on day 8 (to 85); on day 9 its stops do not exist any more."""
    low = [95.0, 90.0, 96.0, 97.0, 95.0, 98.0, 98.0, 99.0, 85.0, 99.0]
    session = Instrument("otc", "X", market=MarketKind.STOCK, session="0000-2400")
    level = levels_of(daily(low), session).level
    assert np.exp(level[9, 0, 2]) != pytest.approx(90.0)


def test_a_swing_point_is_known_five_bars_later() -> None:
    """The dip of bar 7 is the lowest of bars 2 to 12, so bar 12 is the first to know it."""
    low = [98.0 + 0.1 * i for i in range(7)] + [95.0] + [97.0 + 0.1 * i for i in range(7)]
    times = MONDAY + HOUR * np.arange(15)
    fixed = np.full(15, 100.0)
    candles = Candles.from_arrays(times, open=fixed, high=fixed, close=fixed, low=low)
    swing = np.exp(levels_of(candles, SPY).level[:, 0, 3])
    session_low = np.exp(levels_of(candles, SPY).level[:, 0, 0])
    assert swing[7:] == pytest.approx([95.0] * 8)  # the session's own low, then the swing
    assert session_low[12] == pytest.approx(95.0)


def test_the_fourth_pool_remembers_the_swing_in_the_next_session() -> None:
    low = [99.0, 98.5, 99.0, 99.1, 99.2, 99.3, 95.0, 97.0, 97.1, 97.2, 97.3, 97.4, 98.0]
    session = Instrument("otc", "X", market=MarketKind.STOCK, session="0000-2400")
    swing = np.exp(levels_of(daily(low), session).level[:, 0, 3])
    assert swing[11] == pytest.approx(95.0)  # bars 1 to 11 surround bar 6
    assert swing[12] == pytest.approx(95.0)
    assert swing[10] == pytest.approx(97.3)  # not known yet: the session's own low


@settings(max_examples=10)
@given(SEEDS, st.integers(1, 149), st.sampled_from([SPOT, EURUSD, SPY]))
def test_levels_do_not_look_ahead(seed: int, n_bars: int, instrument: Instrument) -> None:
    candles = random_market(seed, 150, gaps=True, open_interest=False)
    part = levels_of(candles[:n_bars], instrument)
    whole = levels_of(candles, instrument)
    np.testing.assert_array_equal(part.level, whole.level[:n_bars])
    np.testing.assert_array_equal(part.hour_range, whole.hour_range[:n_bars])


@settings(max_examples=10)
@given(SEEDS, st.sampled_from([SPOT, EURUSD, SPY]))
def test_levels_never_lie_inside_the_bar(seed: int, instrument: Instrument) -> None:
    candles = random_market(seed, 150, gaps=True, open_interest=False)
    level = levels_of(candles, instrument).level
    assert (level[:, 0] <= np.log(candles.low)[:, None]).all()
    assert (level[:, 1] >= np.log(candles.high)[:, None]).all()


def test_stops_gather_beyond_the_low_at_five_offsets() -> None:
    """One hourly bar from 99 to 101: range ln(101/99) = 2.0001 %.

    All four pools are that bar's low, and each fifth of 30 % of the longs stands at
    ln 99 - {.05, .15, .25, .4, .6} x 2.0001 %; longs are half of a volume of 1,000.
    """
    one: dict[str, Any] = {
        "open": [100.0],
        "high": [101.0],
        "low": [99.0],
        "close": [100.0],
        "volume": [1e3],
    }
    candles = Candles.from_arrays([MONDAY], timeframe_ms=HOUR, **one)
    book = Book(SPOT, timeframe_ms=HOUR, basis="volume")
    book.extend(candles)
    only_pools = np.where(np.arange(20) >= 16, book.ladder.weight, 0.0)
    first = math.floor(math.log(90.0) / 5e-4)
    pools = contracts_per_bin(book, first, 400, only_pools)[0]
    at = np.flatnonzero(pools) + first
    offsets = np.array([0.6, 0.4, 0.25, 0.15, 0.05]) * np.log(101 / 99)
    assert at.tolist() == np.floor((np.log(99) - offsets) / 5e-4).tolist()
    assert pools[pools > 0] == pytest.approx([500 * 0.3 / 5] * 5)


def test_a_touched_pool_is_swept() -> None:
    low, volume = [99.0, 97.0], [1e3, 0.0]
    columns: dict[str, Any] = {
        "open": [100.0, 100.0],
        "high": [101.0, 100.0],
        "close": [100.0, 100.0],
    }
    candles = Candles.from_arrays(
        MONDAY + HOUR * np.arange(2), low=low, volume=volume, timeframe_ms=HOUR, **columns
    )
    book = Book(SPOT, timeframe_ms=HOUR, basis="volume")
    book.extend(candles)
    assert swept_per_tier(book, 0)[16:] == pytest.approx([500.0] * 4)
    assert swept_per_tier(book, 1)[16:] == pytest.approx([0.0] * 4)


@given(SEEDS)
@settings(max_examples=5)
def test_the_true_range_is_wilders(seed: int) -> None:
    """Mean of the true ranges up to 14 bars, then a fourteenth of each new one."""
    candles = random_market(seed, 40)
    feed = StopLevelFeed(SPOT, HOUR)
    feed.follow(bars_of(candles))
    high = np.maximum(candles.high, np.r_[candles.high[0], candles.close[:-1]])
    low = np.minimum(candles.low, np.r_[candles.low[0], candles.close[:-1]])
    expected = float((high - low)[:14].mean())
    for one in (high - low)[14:]:
        expected += (one - expected) / 14
    assert feed.average_true_range == pytest.approx(expected)
