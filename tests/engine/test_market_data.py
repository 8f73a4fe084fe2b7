"""Candles, liquidations and order books: what they accept, keep and refuse."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from liqbands.errors import MarketDataError
from liqbands.market_data import Candles, Liquidations, OrderBook

MINUTE = 60_000
STEPS = st.lists(st.integers(1, 4), min_size=1, max_size=30)


def candles(n_bars: int = 3, **columns: Any) -> Candles:
    one = np.ones(n_bars)
    given = {"open": one, "high": 2 * one, "low": one, "close": one} | columns
    times = given.pop("times", np.arange(n_bars) * MINUTE)
    return Candles.from_arrays(times, **given)


@given(STEPS)
def test_gaps_and_bars_together_cover_the_whole_time(steps: list[int]) -> None:
    times = np.cumsum([0, *steps]) * MINUTE
    bars = candles(len(times), times=times, timeframe_ms=MINUTE)
    missing = sum(count for _, count in bars.gaps)
    assert missing + len(bars) == (times[-1] - times[0]) // MINUTE + 1
    assert not {first for first, _ in bars.gaps} & set(times.tolist())


@given(STEPS, st.integers(0, 30))
def test_a_cut_in_two_keeps_every_bar_once(steps: list[int], cut: int) -> None:
    times = np.cumsum([0, *steps]) * MINUTE
    bars = candles(len(times), times=times, timeframe_ms=MINUTE, last_is_forming=True)
    where = min(max(cut, 1), len(bars) - 1)
    first, second = bars[:where], bars[where:]
    assert [*first.open_time_ms, *second.open_time_ms] == times.tolist()
    assert (first.last_is_forming, second.last_is_forming) == (False, True)
    assert first.timeframe_ms == second.timeframe_ms == MINUTE


def test_a_missing_column_is_unknown_not_zero() -> None:
    bars = candles()
    assert np.isnan(bars.volume).all()
    assert not bars.has_open_interest


def test_the_callers_arrays_stay_as_they_are() -> None:
    mine = np.ones(3)
    bars = candles(close=mine)
    mine[0] = 1.5
    assert bars.close[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        bars.close[0] = 3.0


def test_candles_built_directly_do_not_freeze_the_callers_arrays() -> None:
    whole = candles()
    columns = {name: getattr(whole, name).copy() for name in whole.__dataclass_fields__
               if isinstance(getattr(whole, name), np.ndarray)}  # fmt: skip
    direct = Candles(**columns)
    columns["close"][0] = 1.5
    assert direct.close[0] == 1.0


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"low": [1, 3, 1]}, "column 'high', bar 1970-01-01T00:01:00Z: 2.0 is below low"),
    ({"open": [1, 1, 0.5]}, "column 'open', bar 1970-01-01T00:02:00Z: 0.5 is below low"),
    ({"close": [9, 1, 1]}, "column 'close', bar 1970-01-01T00:00:00Z: 9.0 is above high"),
    ({"open": [1, np.nan, 1]}, "column 'open', bar 1970-01-01T00:01:00Z: nan is not a number"),
    ({"low": [1, -1, 1]}, "column 'low', bar 1970-01-01T00:01:00Z: -1.0 must be positive"),
    ({"volume": [0, 0, -5]}, "column 'volume', bar 1970-01-01T00:02:00Z: -5.0 must not be neg"),
    ({"open_interest": [np.inf, 1, 1]}, "column 'open_interest', .*: inf must be finite or miss"),
    ({"mark_low": [0, 1, 1]}, "column 'mark_low', .*: 0.0 must be positive or missing"),
    ({"mark_high": [1, 1, 1], "mark_low": [1, 2, 1]}, "'mark_high', .*01:00Z: 1.0 is below mark"),
    ({"funding_rate": [0, 1.5, 0]}, "'funding_rate', .*: 1.5 is no fraction; divide per cent"),
    ({"volume": [1, 1, 1], "taker_buy_volume": [1, 2, 1]}, "'taker_buy_volume', .*exceeds volume"),
    ({"times": [0, 0, MINUTE]}, "'open_time_ms', bar 1970-01-01T00:00:00Z: the bar is there twice"),
    ({"times": [0, 2, 1]}, "comes after a later one; sort by time"),
    ({"times": [0.5, 1, 2]}, "row 0: 0.5 is no whole millisecond"),
    ({"times": [0, 1, np.nan]}, "row 2: nan is no whole millisecond"),
    ({"times": [10**15, 2 * 10**15, 3 * 10**15]}, "the time is not in milliseconds"),
    ({"times": np.array(["2024-01-01"] * 3, "M8[D]")}, "candles_from_frame reads dates"),
    ({"volume": [1]}, r"column 'volume' must have 3 rows like open_time_ms, had shape \(1,\)"),
    ({"price": [1, 1, 1]}, "unknown column 'price'; columns are open, high, low, close, volume"),
    ({"timeframe_ms": -1}, "timeframe_ms must not be negative, was -1"),
    ({"timeframe_ms": 3_600_000}, "most bars are 1m apart, so the timeframe cannot be 1h"),
]


@pytest.mark.parametrize(("columns", "message"), BROKEN, ids=[text for _, text in BROKEN])
def test_bad_data_is_refused_by_name_time_and_value(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(MarketDataError, match=message):
        candles(**columns)


def test_a_price_column_cannot_be_left_out() -> None:
    with pytest.raises(MarketDataError, match="column 'low' is required"):
        Candles.from_arrays([0], open=[1], high=[1], close=[1])


def test_no_bar_is_refused() -> None:
    with pytest.raises(MarketDataError, match="at least one bar"):
        candles(0)


def test_every_second_bar_is_no_slice() -> None:
    with pytest.raises(ValueError, match="step 1, was 2"):
        candles()[::2]


def liquidations(time_ms: list[int], side: list[int], contracts: list[float]) -> Liquidations:
    size = np.array(contracts, dtype=np.float64)
    times = np.array(time_ms, dtype=np.int64)
    return Liquidations(times, np.array(side, np.int8), np.ones(len(size)), size)


@given(st.lists(st.tuples(st.integers(-MINUTE, 6 * MINUTE), st.sampled_from([1, -1]))))
def test_every_event_inside_a_bar_is_counted_once(rows: list[tuple[int, int]]) -> None:
    rows = sorted(rows)
    events = liquidations([t for t, _ in rows], [s for _, s in rows], [1.0] * len(rows))
    bars = candles(4, times=np.array([0, 1, 3, 4]) * MINUTE, timeframe_ms=MINUTE)
    long, short = events.per_bar(bars)
    inside = [s for t, s in rows if 0 <= t < 5 * MINUTE and t // MINUTE != 2]
    assert (long.sum(), short.sum()) == (inside.count(1), inside.count(-1))


def test_events_are_counted_by_bar_and_side() -> None:
    events = liquidations([0, 59_999, 60_000, 179_999, 180_000], [1, 1, -1, 1, 1], [1, 2, 4, 8, 16])
    long, short = events.per_bar(candles())
    # [0, 60 s): 1 + 2 long; [60 s, 120 s): 4 short; [120 s, 180 s): 8 long; 180 s is outside.
    assert (long.tolist(), short.tolist()) == ([3, 0, 8], [0, 4, 0])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (([5, 4], [1, 1], [1, 1]), "'time_ms', event 1970-01-01T00:00:00Z: 4 is before the event"),
        (([1000], [0], [1]), r"'side', event 1970-01-01T00:00:01Z: 0 must be \+1 \(long\) or -1"),
        (([0], [1], [np.nan]), "'contracts', .*: nan must be positive"),
        (([0, 1], [1], [1]), "column 'side' must have 2 rows like time_ms"),
    ],
)
def test_bad_liquidations_are_refused(rows: Any, message: str) -> None:
    with pytest.raises(MarketDataError, match=message):
        liquidations(*rows)


def levels(*rows: tuple[float, float]) -> NDArray[np.float64]:
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def test_an_order_book_may_lack_a_side() -> None:
    book = OrderBook(0, levels((9, 1), (8, 2)), levels())
    assert book.bids.tolist() == [[9, 1], [8, 2]]
    assert not book.bids.flags.writeable


@pytest.mark.parametrize(
    ("bids", "asks", "message"),
    [
        (levels((8, 1), (9, 1)), levels(), "bids, level 1: 1.0 at 9.0 is out of order"),
        (levels(), levels((9, 1), (8, 1)), "asks, level 1: 1.0 at 8.0 is out of order"),
        (levels((9, 1)), levels((9, 1)), "best bid 9.0 is not below ask 9.0"),
        (levels((9, 0)), levels(), "bids, level 0: 0.0 at 9.0 must be positive"),
        (np.ones(3), levels(), "bids must have two columns, price and contracts"),
    ],
)
def test_a_bad_order_book_is_refused(bids: Any, asks: Any, message: str) -> None:
    with pytest.raises(MarketDataError, match=message):
        OrderBook(0, bids, asks)
