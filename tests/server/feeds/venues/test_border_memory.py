"""What borders keep in mind: bars that may still change, trades that have been told."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.server.feeds.venues.wire_markets import BITGET, DYDX

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews
from liqbands_server.feeds.venues.closed_bars import BarSuccession, bars_inside
from liqbands_server.feeds.venues.numbers import time_of_seconds, time_of_text
from liqbands_server.feeds.venues.told_trades import KEPT, ToldTrades

MINUTE = 60_000
NOW = 1_739_502_300_000


def bar(number: int, close: float = 1.0) -> BarNews:
    return BarNews(NOW + number * MINUTE, 1.0, 9.0, 0.5, close, 1.0, False)


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0.5, 9.0)), min_size=1, max_size=30))
def test_each_bar_is_closed_once_as_it_was_last_seen(steps: list[tuple[int, float]]) -> None:
    succession, number, seen, told = BarSuccession(), 0, dict[int, float](), list[BarNews]()
    for step, close in steps:
        number += step
        seen[NOW + number * MINUTE] = close
        news = succession.take(BITGET, bar(number, close))
        told += [entry.record for entry in news if isinstance(entry.record, BarNews)]
    closed = {one.open_time_ms: one.close for one in told if one.is_closed}
    del seen[max(seen)]
    assert closed == seen
    assert sum(one.is_closed for one in told) == len(seen)


def test_markets_do_not_close_each_other_s_bars() -> None:
    succession = BarSuccession()
    succession.take(BITGET, bar(0))
    assert len(succession.take(DYDX, bar(1))) == 1


def test_what_arrives_of_an_earlier_bar_is_a_correction() -> None:
    succession = BarSuccession()
    succession.take(BITGET, bar(1))
    (news,) = succession.take(BITGET, bar(0))
    assert isinstance(news.record, BarNews)
    assert news.record.is_closed


@pytest.mark.parametrize(
    ("later_ms", "closed"), [(5 * MINUTE, [True, False]), (20 * MINUTE, [True, True])]
)
def test_where_no_bar_follows_the_clock_tells_of_a_halt(later_ms: int, closed: list[bool]) -> None:
    async def clock() -> int:
        return NOW + later_ms

    found = asyncio.run(bars_inside([bar(1), bar(0)], NOW, NOW + 9 * MINUTE, clock))
    assert [one.is_closed for one in found] == closed


def test_no_clock_is_asked_where_a_bar_follows_or_there_is_none() -> None:
    async def clock() -> int:
        raise AssertionError("nobody has to know")

    until = NOW + MINUTE
    found = asyncio.run(bars_inside([bar(1), bar(0)], NOW, until, clock))
    assert [(one.open_time_ms, one.is_closed) for one in found] == [(NOW, True)]
    assert asyncio.run(bars_inside([], NOW, until, clock)) == []


def test_the_names_of_trades_are_bounded_and_each_market_has_its_own() -> None:
    told = ToldTrades()
    trades = [(str(number), number) for number in range(KEPT + 10)]
    assert len(told.new_ones(BITGET, trades)) == KEPT + 10
    assert told.new_ones(BITGET, trades[10:]) == []
    assert told.new_ones(BITGET, trades[:1]) == [0]
    assert told.new_ones(DYDX, trades[-1:]) == [KEPT + 9]


@pytest.mark.parametrize("text", ["", "now", "2025-12-08T16:11:30", "1999-01-01T00:00:00Z", 5])
def test_a_text_that_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(WireError, match="at must be a time"):
        time_of_text({"at": text}, "at")


@pytest.mark.parametrize("seconds", [0, -1, 1_700_000_000_000, "soon", True, None])
def test_what_is_no_time_in_seconds_is_refused(seconds: object) -> None:
    with pytest.raises(WireError, match="t must be"):
        time_of_seconds({"t": seconds}, "t")
