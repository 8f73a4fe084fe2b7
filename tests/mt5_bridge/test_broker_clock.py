"""A broker's clock and UTC."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands_mt5.broker_clock import BrokerClock, BrokerClockError, Daylight, learn_clock

CLOCKS = st.builds(
    BrokerClock, st.integers(-24, 28).map(lambda half: 1800 * half), st.sampled_from(Daylight)
)
MOMENTS = st.integers(1_000_000_000, 2_000_000_000)


def seconds(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]  # date parts


@given(CLOCKS, MOMENTS)
def test_the_way_back_ends_where_it_began(clock: BrokerClock, utc: int) -> None:
    """Or an hour before, in the hour that comes twice."""
    back = int(clock.utc_seconds(clock.broker_seconds(np.array([utc])))[0])
    assert back in (utc, utc - 3600)
    assert clock.broker_seconds(np.array([back])) == clock.broker_seconds(np.array([utc]))


@pytest.mark.parametrize(
    ("rule", "moment", "hours"),
    [
        (Daylight.US, (2024, 3, 10, 6, 59), 2),
        (Daylight.US, (2024, 3, 10, 7, 0), 3),
        (Daylight.US, (2024, 11, 3, 5, 59), 3),
        (Daylight.US, (2024, 11, 3, 6, 0), 2),
        (Daylight.EU, (2024, 3, 31, 0, 59), 2),
        (Daylight.EU, (2024, 3, 31, 1, 0), 3),
        (Daylight.EU, (2024, 10, 27, 1, 0), 2),
        (Daylight.FIXED, (2024, 7, 1, 0, 0), 2),
    ],
)
def test_it_switches_when_the_law_says(rule: Daylight, moment: tuple[int, ...], hours: int) -> None:
    utc = seconds(*moment)
    shown = BrokerClock(7200, rule).broker_seconds(np.array([utc]))
    assert shown.tolist() == [utc + 3600 * hours]


@given(CLOCKS, MOMENTS, st.floats(-850, 850))
def test_it_is_learnt_from_one_quote(clock: BrokerClock, utc: int, late: float) -> None:
    shown = int(clock.broker_seconds(np.array([utc]))[0])
    if -12 * 3600 <= clock.winter_offset_s <= 14 * 3600:
        assert learn_clock(shown, utc + late, clock.daylight) == clock


@pytest.mark.parametrize("hours", [-13, 16, 1000])
def test_an_impossible_clock_is_refused(hours: int) -> None:
    with pytest.raises(BrokerClockError, match="winter offset must be"):
        learn_clock(1_705_000_000 + 3600 * hours, 1_705_000_000, Daylight.US)
