"""Names of bar lengths and windows, and times as text."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.timeframes import (
    format_time,
    infer_timeframe_ms,
    timeframe_ms,
    timeframe_name,
    window_ms,
)

SECONDS = {"1m": 60, "15m": 900, "1h": 3600, "4h": 14_400, "1d": 86_400, "1w": 604_800}


@pytest.mark.parametrize(("name", "seconds"), SECONDS.items())
def test_a_timeframe_is_as_long_as_it_says(name: str, seconds: int) -> None:
    assert timeframe_ms(name) == seconds * 1000
    assert timeframe_name(seconds * 1000) == name


@pytest.mark.parametrize(("name", "days"), [("1d", 1), ("1w", 7), ("1M", 30), ("1y", 365)])
def test_a_window_is_as_long_as_it_says(name: str, days: int) -> None:
    assert window_ms(name) == days * 86_400_000


def test_a_length_without_a_name_is_written_in_its_largest_unit() -> None:
    names = [timeframe_name(ms) for ms in (2 * 86_400_000, 90 * 60_000, 1500, 45_000)]
    assert names == ["2d", "90m", "1500ms", "45s"]


def test_an_unknown_timeframe_names_the_near_one() -> None:
    with pytest.raises(ValueError, match=r"must be one of 1m, .*, was '1H'; did you mean '1h'\?"):
        timeframe_ms("1H")


def test_an_unknown_window_names_all_of_them() -> None:
    with pytest.raises(ValueError, match="window must be one of 12h, 1d, 3d, 1w, 1M, 3M, 1y"):
        window_ms("fortnight")


def test_a_bar_without_length_has_no_name() -> None:
    with pytest.raises(ValueError, match="must be positive, was 0 ms"):
        timeframe_name(0)


@given(st.integers(1, 10**7), st.lists(st.integers(2, 5), max_size=3))
def test_the_most_frequent_step_is_found_in_spite_of_gaps(step: int, gaps: list[int]) -> None:
    times = np.cumsum([0, *[step] * 5, *[step * gap for gap in gaps]])
    assert infer_timeframe_ms(times) == step


def test_one_bar_is_taken_for_a_minute() -> None:
    assert infer_timeframe_ms(np.array([5])) == 60_000


@given(st.integers(-(10**13), 10**14))
def test_a_time_is_written_as_the_calendar_says(time_ms: int) -> None:
    moment = datetime.fromtimestamp(time_ms // 1000, tz=UTC)
    assert format_time(time_ms) == moment.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("time_ms", [2**63 - 1, -(2**63)])
def test_even_an_absurd_time_can_be_written(time_ms: int) -> None:
    assert format_time(time_ms).endswith("Z")
