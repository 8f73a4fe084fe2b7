"""Trading days and weeks, against the calendar of the standard library."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.clocks import are_calendar_days, epoch_times, local_times, utc_times
from liqbands.sessions import session_bars_per_day, trading_day, trading_week

HOUR = 3_600_000
DAY = 24 * HOUR
FOREX = ("1700-1700:23456", "America/New_York")
STOCK = ("0930-1600", "America/New_York")
ZONES = st.sampled_from(
    ["UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe"]
)
TIMES = st.lists(st.integers(0, 2**41), min_size=1, max_size=20)  # until 2039


def at(zone: str, text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def new_york(*texts: str) -> list[int]:
    return [at("America/New_York", text) for text in texts]


def day(session: tuple[str, str], *time_ms: int) -> list[str]:
    keys = trading_day(np.array(time_ms, dtype=np.int64), *session)
    return [str(date(1970, 1, 1) + timedelta(days=int(key))) for key in keys]


@given(TIMES, ZONES)
def test_a_clock_shows_what_the_standard_library_says(times: list[int], zone: str) -> None:
    shown = local_times(np.array(times), zone)
    for time_ms, local in zip(times, shown.tolist(), strict=True):
        moment = datetime.fromtimestamp(time_ms // 1000, ZoneInfo(zone)).replace(tzinfo=UTC)
        assert local // 1000 == moment.timestamp()


@given(TIMES, ZONES)
def test_a_clock_read_back_gives_the_time(times: list[int], zone: str) -> None:
    for time_ms in times:
        shown = local_times(np.array([time_ms]), zone)
        back, exists = utc_times(shown, zone)
        assert exists.all()
        assert local_times(back, zone) == shown
        assert back[0] <= time_ms  # an hour shown twice is read as its first pass


def test_the_hour_that_a_clock_shows_twice_is_read_in_order() -> None:
    # New York, 2024-11-03: 01:00 EDT is 05:00 UTC, 01:00 EST an hour later.
    shown = np.array([at("UTC", f"2024-11-03T{clock}") for clock in ("00:30", "01:30", "01:30")])
    times, exists = utc_times(shown, "America/New_York")
    assert times.tolist() == [at("UTC", f"2024-11-03T{clock}") for clock in
                              ("04:30", "05:30", "06:30")]  # fmt: skip
    assert exists.all()


def test_the_hour_that_a_clock_skips_does_not_exist() -> None:
    shown = np.array([at("UTC", f"2024-03-10T{clock}") for clock in ("01:59", "02:30", "03:00")])
    assert utc_times(shown, "America/New_York")[1].tolist() == [True, False, True]


def test_the_brokers_midnight_is_five_in_the_afternoon_in_new_york() -> None:
    noon = np.array(new_york("2024-01-15T17:00", "2024-07-15T17:00"))
    assert (local_times(noon, "broker") % DAY).tolist() == [0, 0]
    assert utc_times(local_times(noon, "broker"), "broker")[0].tolist() == noon.tolist()


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"IANA name such as .*, was 'Mars/Olympus'"):
        local_times(np.array([0]), "Mars/Olympus")


def test_the_size_of_a_number_tells_its_unit() -> None:
    # 2024-01-31 00:00 UTC is 19753 days after 1970-01-01.
    days = 19_753.0
    numbers = np.array([days * 86_400 * unit for unit in (1, 1e3, 1e6, 1e9)])
    assert epoch_times(numbers).tolist() == [19_753 * DAY] * 4
    assert not are_calendar_days(numbers)
    assert are_calendar_days(np.array([20_240_131.0, 19_991_231.0]))


@given(TIMES)
def test_around_the_clock_a_day_is_a_day_of_utc(times: list[int]) -> None:
    keys = trading_day(np.array(times), "24x7", "UTC")
    assert keys.tolist() == [time_ms // DAY for time_ms in times]


@given(TIMES, st.sampled_from([FOREX, STOCK, ("24x7", "UTC"), ("0900-0200:23", "Asia/Tokyo")]))
def test_days_never_go_back_and_weeks_hold_their_days(
    times: list[int], session: tuple[str, str]
) -> None:
    ordered = np.array(sorted(times))
    days, weeks = trading_day(ordered, *session), trading_week(ordered, *session)
    assert np.all(np.diff(days) >= 0)
    assert np.all((weeks <= days) & (days < weeks + 7))
    assert {date.fromordinal(719_163 + int(week)).isoweekday() for week in weeks} == {1}


def test_an_evening_session_belongs_to_the_day_it_ends() -> None:
    # 2024-06-03 is a Monday; the week starts on Sunday at 17:00.
    times = new_york("2024-06-02T17:00", "2024-06-03T16:59", "2024-06-03T17:00", "2024-06-07T16:00")
    assert day(FOREX, *times) == ["2024-06-03", "2024-06-03", "2024-06-04", "2024-06-07"]


def test_a_bar_on_the_weekend_counts_to_the_next_trading_day() -> None:
    friday_evening, saturday, sunday = new_york(
        "2024-06-07T17:30", "2024-06-08T12:00", "2024-06-09T10:00"
    )
    assert day(FOREX, friday_evening, saturday, sunday) == ["2024-06-10"] * 3


def test_the_day_keeps_its_start_when_the_clocks_change() -> None:
    # Clocks change on Sunday 2024-03-10: 17:00 is 22:00 UTC on the 8th and 21:00 UTC on the 10th.
    before = [at("UTC", "2024-03-07T21:59"), at("UTC", "2024-03-07T22:00")]
    after = [at("UTC", "2024-03-11T20:59"), at("UTC", "2024-03-11T21:00")]
    assert day(FOREX, *before) == ["2024-03-07", "2024-03-08"]
    assert day(FOREX, *after) == ["2024-03-11", "2024-03-12"]


def test_hours_before_and_after_the_session_count_to_their_own_day() -> None:
    times = new_york("2024-06-03T04:00", "2024-06-03T09:30", "2024-06-03T19:59")
    assert day(STOCK, *times) == ["2024-06-03"] * 3


def test_a_day_session_with_a_break_starts_no_day_early() -> None:
    hong_kong = ("0930-1200,1300-1600:23456", "Asia/Hong_Kong")
    assert day(hong_kong, at("Asia/Hong_Kong", "2024-06-03T23:00")) == ["2024-06-03"]


@pytest.mark.parametrize(
    ("session", "minutes", "bars"),
    [
        ("24x7", 60, 24),
        ("24x7", 1440, 1),
        ("0930-1600", 30, 13),  # 6.5 h
        ("0930-1600", 60, 7),  # the last bar is cut short
        ("1700-1700:23456", 60, 24),
        ("0930-1200,1300-1600", 60, 6),  # 2.5 h and 3 h
        ("0000-2400:23456", 240, 6),
        ("1800-1700", 5, 276),  # 23 h
        ("24x7", 10_080, 1),
    ],
)
def test_bars_per_day_are_those_of_the_hours(session: str, minutes: int, bars: int) -> None:
    assert session_bars_per_day(session, minutes * 60_000) == bars


@pytest.mark.parametrize("session", ["", "9-16", "0930", "0930-2500", "0930-1600:8", "0930-1600:"])
def test_a_session_that_cannot_be_read_is_refused(session: str) -> None:
    with pytest.raises(ValueError, match="session must be '24x7' or hours such as"):
        trading_day(np.array([0]), session, "UTC")


def test_bars_need_a_length() -> None:
    with pytest.raises(ValueError, match="must be positive, was 0 ms"):
        session_bars_per_day("24x7", 0)
