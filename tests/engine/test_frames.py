"""Candles from frames: columns by any spelling, times in any clock, open interest at the close."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.candle_rules import OPTIONAL, PRICES
from liqbands.errors import MarketDataError
from liqbands.frames import candles_from_frame, frame_from_candles, open_times
from liqbands.market_data import Candles

HOUR = 3_600_000
NEW_YEAR_2024 = 1_704_067_200_000  # 19,723 days after 1970-01-01
QUANTITY = st.one_of(st.just(np.nan), st.floats(0, 1e9))


def frame(n_bars: int = 3, **columns: Any) -> pd.DataFrame:
    hours = NEW_YEAR_2024 + np.arange(n_bars) * HOUR
    one = np.ones(n_bars)
    return pd.DataFrame({"ts": hours, "open": one, "high": one, "low": one, "close": one} | columns)


def test_a_frame_is_read_column_by_column() -> None:
    candles = candles_from_frame(frame(volume=[1, 2, 3], turnover=[4, 5, 6], funding_rate=0.01))
    assert candles.open_time_ms.tolist() == [NEW_YEAR_2024 + i * HOUR for i in range(3)]
    assert candles.volume.tolist() == [1, 2, 3]
    assert candles.quote_volume.tolist() == [4, 5, 6]
    assert candles.funding_rate.tolist() == [0.01] * 3
    assert np.isnan(candles.open_interest).all()
    assert (candles.timeframe_ms, candles.last_is_forming) == (HOUR, False)


@given(st.lists(st.tuples(*[QUANTITY] * 4), min_size=2, max_size=10))
def test_candles_survive_a_frame(rows: list[tuple[float, ...]]) -> None:
    quote, interest, long, short = np.array(rows).T
    columns: dict[str, Any] = {name: np.ones(len(rows)) for name in PRICES}
    candles = Candles.from_arrays(
        np.arange(len(rows)) * HOUR, **columns, quote_volume=quote, open_interest=interest,
        long_liquidated=long, short_liquidated=short,
    )  # fmt: skip
    back = candles_from_frame(frame_from_candles(candles))
    for name in ("open_time_ms", *PRICES, *OPTIONAL):
        np.testing.assert_array_equal(getattr(back, name), getattr(candles, name))
    assert back.timeframe_ms == candles.timeframe_ms


@pytest.mark.parametrize("time", ["ts", "Timestamp", "OpenTime", "open_time_ms", "<DATE>", "UNIX"])
@pytest.mark.parametrize(
    ("open_", "volume"), [("Open", "Vol"), ("<OPEN>", "<TICKVOL>"), ("o", "v")]
)
def test_columns_are_known_in_any_spelling(time: str, open_: str, volume: str) -> None:
    named = frame(volume=[1, 2, 3]).rename(columns={"ts": time, "open": open_, "volume": volume})
    candles = candles_from_frame(named, time_zone="UTC")
    assert candles.open_time_ms[0] == NEW_YEAR_2024
    assert candles.volume.tolist() == [1, 2, 3]


@pytest.mark.parametrize("unit", [1e-3, 1, 1e3, 1e6])
def test_numbers_are_read_by_their_size(unit: float) -> None:
    times = pd.DataFrame({"time": [NEW_YEAR_2024 * unit, (NEW_YEAR_2024 + HOUR) * unit]})
    assert open_times(times).tolist() == [NEW_YEAR_2024, NEW_YEAR_2024 + HOUR]


TEXTS = [
    "2024-01-01",
    "2024-01-01T00:00:00Z",
    "2024-01-01 00:00:00 UTC",
    "2024-01-01T01:00:00+01:00",
    "2023-12-31 19:00-0500",
    "2024.01.01 00:00:00",
    "2024/01/01 00:00",
    "20240101",
    "1704067200",
    "1704067200000",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_read_as_iso_or_numbers(text: str) -> None:
    assert open_times(pd.DataFrame({"date": [text]})).tolist() == [NEW_YEAR_2024]


def test_eight_digits_are_a_calendar_day() -> None:
    assert open_times(pd.DataFrame({"date": [20_240_101]})).tolist() == [NEW_YEAR_2024]


def test_the_index_may_hold_the_time() -> None:
    dated = frame().set_index(pd.date_range("2024-01-01", periods=3, freq="h")).drop(columns="ts")
    assert candles_from_frame(dated).open_time_ms[0] == NEW_YEAR_2024
    assert candles_from_frame(frame().set_index("ts")).open_time_ms[0] == NEW_YEAR_2024


def test_a_date_that_names_its_zone_needs_no_other() -> None:
    dates = pd.date_range("2024-01-01 05:30", periods=3, freq="h", tz="Asia/Kolkata")
    assert open_times(pd.DataFrame({"ts": dates}), time_zone="broker")[0] == NEW_YEAR_2024


def test_a_date_without_a_zone_is_on_the_given_clock() -> None:
    # Midnight in New York is 05:00 UTC in winter.
    midnight = pd.DataFrame({"ts": ["2024-01-01"]})
    assert open_times(midnight, time_zone="America/New_York")[0] == NEW_YEAR_2024 + 5 * HOUR


@pytest.mark.parametrize(("month", "ahead"), [("01", 2), ("07", 3)])
def test_the_brokers_clock_is_two_hours_ahead_in_winter_and_three_in_summer(
    month: str, ahead: int
) -> None:
    broker = open_times(pd.DataFrame({"ts_broker": [f"2024-{month}-15T12:00"]}))
    utc = open_times(pd.DataFrame({"ts": [f"2024-{month}-15T12:00"]}))
    assert (utc - broker).tolist() == [ahead * HOUR]


def test_metatraders_columns_are_read_as_it_exports_them() -> None:
    exported = pd.DataFrame(
        {"<DATE>": ["2024.01.15"] * 2, "<TIME>": ["00:00:00", "01:00:00"], "<OPEN>": 1.0,
         "<HIGH>": 1.0, "<LOW>": 1.0, "<CLOSE>": 1.0, "<TICKVOL>": [7, 8], "<VOL>": 0,
         "<SPREAD>": 12}
    )  # fmt: skip
    candles = candles_from_frame(exported)
    # 00:00 on the broker's clock is 22:00 UTC of the day before, 13 days after New Year.
    assert candles.open_time_ms[0] == NEW_YEAR_2024 + 14 * 24 * HOUR - 2 * HOUR
    assert candles.volume.tolist() == [7, 8]


@pytest.mark.parametrize("name", ["open_interest", "OI", "oi_open"])
def test_open_interest_of_the_open_is_known_at_the_close_before(name: str) -> None:
    columns: dict[str, Any] = {name: [10, 11, 12]}
    candles = candles_from_frame(frame(**columns), open_interest_at="open")
    np.testing.assert_array_equal(candles.open_interest, [11, 12, np.nan])
    assert candles.last_is_forming


@pytest.mark.parametrize("at", ["open", "close"])
def test_open_interest_of_the_close_stays(at: Any) -> None:
    both = frame(oi_open=[1, 2, 3], oi_close=[10, 11, 12])
    candles = candles_from_frame(both, open_interest_at=at)
    assert candles.open_interest.tolist() == [10, 11, 12]
    assert not candles.last_is_forming


def test_open_interest_before_a_gap_is_unknown() -> None:
    gap = frame(ts=NEW_YEAR_2024 + np.array([0, 1, 2, 4]) * HOUR, n_bars=4, oi=[1, 2, 3, 4])
    candles = candles_from_frame(gap, open_interest_at="open")
    np.testing.assert_array_equal(candles.open_interest, [2, 3, np.nan, np.nan])


@given(st.integers(1, 6), st.permutations(range(6)))
def test_no_row_after_the_end_matters(n_bars: int, interest: list[int]) -> None:
    end_ms = NEW_YEAR_2024 + n_bars * HOUR
    whole = frame(6, oi=interest, close=[1.0] * n_bars + [-1.0] * (6 - n_bars))
    seen = candles_from_frame(whole, timeframe="1h", open_interest_at="open", end_ms=end_ms)
    known = [float(value) for value in interest[1:n_bars]]
    np.testing.assert_array_equal(seen.open_interest, [*known, np.nan])


def test_a_bar_that_is_not_closed_at_the_end_is_left_out() -> None:
    cut = candles_from_frame(
        frame(), start_ms=NEW_YEAR_2024 + 1, end_ms=NEW_YEAR_2024 + 3 * HOUR - 1
    )
    assert cut.open_time_ms.tolist() == [NEW_YEAR_2024 + HOUR]
    assert cut.timeframe_ms == HOUR


def test_no_bar_in_the_chosen_time_says_what_there_is() -> None:
    with pytest.raises(MarketDataError, match="reach from 2024-01-01T00:00:00Z to 2024-01-01T03"):
        candles_from_frame(frame(), end_ms=0)


def test_the_frame_stays_as_it_is() -> None:
    mine = frame(oi=[1, 2, 3], liq_long=[np.nan, 0, 1])
    before = mine.copy()
    candles = candles_from_frame(mine, open_interest_at="open")
    pd.testing.assert_frame_equal(mine, before)
    np.testing.assert_array_equal(candles.long_liquidated, [np.nan, 0, 1])


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"Vol": [1, -2, 3]}, "column 'Vol', bar 2024-01-01T01:00:00Z: -2.0 must not be negative"),
    ({"low": [1, 2, 1]}, "column 'high', bar 2024-01-01T01:00:00Z: 1.0 is below low"),
    ({"open": [1, np.nan, 1]}, "column 'open', .*: nan is not a number"),
    ({"close": [1, "n/a", 1]}, "column 'close', bar 2024-01-01T01:00:00Z: 'n/a' is not a number"),
    ({"ts": [0, HOUR, HOUR]}, "column 'ts', .*: the bar is there twice"),
    ({"ts": [2, 1, 0]}, "column 'ts', .*: the bar comes after a later one; sort by time"),
    ({"ts": ["2024-01-01", "31.12.2024", "2024-01-03"]}, "row 2: 31.12.2024 is no time; write it"),
    ({"ts": ["2024-01-01 00:00Z", "2024-01-01 01:00", "2024-01-03"]}, "row 2: .* names no time z"),
    ({"ts": [0, None, 2]}, "column 'ts', row 2: nan is no time"),
]


@pytest.mark.parametrize(("columns", "message"), BROKEN, ids=[text for _, text in BROKEN])
def test_bad_data_is_refused_under_the_frames_own_name(
    columns: dict[str, Any], message: str
) -> None:
    with pytest.raises(MarketDataError, match=message):
        candles_from_frame(frame(**columns))


def test_a_time_that_the_clock_skips_is_refused() -> None:
    skipped = pd.DataFrame({"ts": ["2024-03-10 02:30"]})
    with pytest.raises(MarketDataError, match="02:30 is skipped by the clock of America/New_York"):
        open_times(skipped, time_zone="America/New_York")


@pytest.mark.parametrize(
    ("renamed", "message"),
    [
        ({"ts": "times"}, r"no column 'time' \(did you mean 'times'\?\): found times, open, high"),
        ({"close": "closing"}, r"no column 'close' \(did you mean 'closing'\?\): found ts, open"),
        (
            {"low": "x"},
            "no column 'low': found .*, x, close; needed are time, open, high, low, clo",
        ),
    ],
)
def test_a_missing_column_names_what_is_there(renamed: dict[str, str], message: str) -> None:
    with pytest.raises(MarketDataError, match=message):
        candles_from_frame(frame().rename(columns=renamed))


def test_a_frame_without_rows_is_refused() -> None:
    with pytest.raises(MarketDataError, match="there are no rows"):
        candles_from_frame(frame(0))


def test_an_unknown_timeframe_or_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="timeframe must be one of"):
        candles_from_frame(frame(), timeframe="61m")
    with pytest.raises(ValueError, match="time_zone must be an IANA name"):
        candles_from_frame(frame(), time_zone="Nowhere")
