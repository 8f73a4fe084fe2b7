"""Resolutions: their names, and where their bars begin and end."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.instrument import Instrument, MarketKind
from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS
from liqbands_server.errors import QuestionError
from liqbands_server.service.resolutions import (
    RESOLUTIONS,
    Resolution,
    find_resolution,
    find_timeframe,
    resolutions_from,
    timeframe_of,
)

COIN = Instrument("binance", "BTC/USDT:USDT")
EURO = Instrument(
    "otc", "EURUSD", market=MarketKind.FOREX, session="1700-1700:23456",
    time_zone="America/New_York",
)  # fmt: skip
STOCK = Instrument(
    "nyse", "SPY", market=MarketKind.STOCK, session="0930-1600:23456", time_zone="America/New_York"
)
TIMES = st.integers(0, 60 * 365 * DAY_MS)


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def begin(name: str, instrument: Instrument, text: str) -> str:
    opens = find_resolution(name).opens(np.array([ms(text)]), instrument)
    return datetime.fromtimestamp(int(opens[0]) / 1000, UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("1", "1"), ("0001", "1"), ("D", "1D"), ("1D", "1D"), ("01W", "1W"), ("M", "1M"),
     ("1440", "1D"), ("0240", "240")],
)  # fmt: skip
def test_a_resolution_is_found_by_each_of_its_names(name: str, meant: str) -> None:
    assert find_resolution(name).name == meant


@pytest.mark.parametrize(
    "name",
    ["", "0", "0D", "2", "2D", "1S", "1T", "1h", "d", " 1", "1 ", "\uff11", "12345", "-1", "1.0"],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(QuestionError, match="resolution must be one of 1, 3, 5"):
        find_resolution(name)


def test_our_own_names_and_tradingviews_lead_to_the_same() -> None:
    assert find_timeframe("1h") is find_resolution("60")
    assert find_timeframe("1m") is find_resolution("1")
    assert find_timeframe("1M") is find_resolution("1M")
    assert all(find_timeframe(timeframe_of(one)) is one for one in RESOLUTIONS)
    with pytest.raises(QuestionError, match=r"timeframe must be one of 1m, .*was '60'"):
        find_timeframe("60")


@given(time=TIMES, resolution=st.sampled_from(RESOLUTIONS))
def test_every_moment_lies_in_its_bar(time: int, resolution: Resolution) -> None:
    opened = int(resolution.opens(np.array([time]), COIN)[0])
    assert opened <= time < resolution.close_ms(opened)


@given(time=TIMES, resolution=st.sampled_from(RESOLUTIONS))
def test_a_bar_ends_where_the_next_begins(time: int, resolution: Resolution) -> None:
    opened = int(resolution.opens(np.array([time]), COIN)[0])
    closed = resolution.close_ms(opened)
    assert int(resolution.opens(np.array([closed]), COIN)[0]) == closed


@pytest.mark.parametrize(
    ("name", "instrument", "time", "opened"),
    [
        ("1D", COIN, "2025-01-01 23:59", "2025-01-01 00:00"),
        ("1W", COIN, "2025-01-05 12:00", "2024-12-30 00:00"),  # a Sunday
        ("1M", COIN, "2024-02-29 12:00", "2024-02-01 00:00"),
        ("1D", EURO, "2025-01-05 22:00", "2025-01-06 00:00"),  # Sunday evening is Monday
        ("1W", EURO, "2025-01-05 22:00", "2025-01-06 00:00"),
        ("1D", STOCK, "2025-01-06 20:59", "2025-01-06 00:00"),
        ("240", STOCK, "2025-01-06 18:29", "2025-01-06 14:30"),  # counted from the opening bell
        ("240", STOCK, "2025-07-07 18:29", "2025-07-07 17:30"),  # an hour earlier in summer
        ("240", COIN, "2025-01-06 18:29", "2025-01-06 16:00"),
    ],
)
def test_bars_begin_with_the_trading_day(
    name: str, instrument: Instrument, time: str, opened: str
) -> None:
    assert begin(name, instrument, time) == opened


@pytest.mark.parametrize(
    ("base_ms", "names"),
    [
        (MINUTE_MS, [one.name for one in RESOLUTIONS]),
        (15 * MINUTE_MS, [one.name for one in RESOLUTIONS if one.name not in ("1", "3", "5")]),
        (4 * HOUR_MS, ["240", "480", "720", "1D", "1W", "1M"]),
        (DAY_MS, ["1D", "1W", "1M"]),
        (7 * DAY_MS, ["1W"]),
        (3 * DAY_MS, []),
    ],
)  # fmt: skip
def test_only_whole_multiples_of_the_bars_there_are_can_be_asked(
    base_ms: int, names: list[str]
) -> None:
    assert [one.name for one in resolutions_from(base_ms)] == names
