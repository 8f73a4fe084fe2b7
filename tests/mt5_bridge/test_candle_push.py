"""Candles as text: what terminals write is read; every bad line is answered by itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands_mt5.broker_clock import BrokerClock, Daylight
from liqbands_mt5.candle_push import MOST_LINES, Bar, PushError, push_text, read_push

HEAD = "# mt5 v1 symbol=EURUSD.r feed=EURUSD"
GOOD = "1717200000,1.1,1.2,1.0,1.15,57"
LATER = "1717200060,1.1,1.2,1.0,1.15,57"
START = 1_717_200_000


@st.composite
def bars(draw: st.DrawFn) -> tuple[Bar, ...]:
    minutes = sorted(draw(st.sets(st.integers(0, 20_000_000), max_size=9)))
    made = []
    for minute in minutes:
        four = sorted(draw(st.lists(st.integers(1, 10**7), min_size=4, max_size=4)))
        low, first, last, high = (price / 1e5 for price in four)
        made.append(Bar(60 * minute, first, high, low, last, draw(st.integers(0, 10**6))))
    return tuple(made)


@given(bars(), st.sampled_from(Daylight), st.integers(-24, 28))
def test_what_is_written_is_read(sent: tuple[Bar, ...], rule: Daylight, half_hours: int) -> None:
    clock = BrokerClock(1800 * half_hours, rule)
    push = read_push(push_text("#EUR_USD.r", "EURUSD", clock, sent, 5))
    assert push.bars == sent
    assert (push.symbol, push.feed, push.timeframe) == ("#EUR_USD.r", "EURUSD", "1m")
    assert (push.clock, push.answer) == (clock, (204, ""))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2,3", "must have 6 values, had 3"),
        ("", "must have 6 values, had 1"),
        ("x,1.1,1.2,1.0,1.15,57", "time must be a whole number, was 'x'"),
        ("-60,1.1,1.2,1.0,1.15,57", "time must be a whole number, was '-60'"),
        ("\u0661,1.1,1.2,1.0,1.15,57", "time must be a whole number"),
        ("1717200060,1.1,1.2,1.0,1.15,5.5", "ticks must be a whole number, was '5.5'"),
        ("1717200060,nan,1.2,1.0,1.15,57", "open must be a positive price, was 'nan'"),
        ("1717200060,1.1,1e400,1.0,1.15,57", "high must be a positive price, was '1e400'"),
        ("1717200060,1.1,1.2,0,1.15,57", "low must be a positive price, was '0'"),
        ("1717200060,1.1,1.2,1.0,-1,57", "close must be a positive price, was '-1'"),
        ("1717200060,1.1,1.2,1.12,1.15,57", "low 1.12 must not be above open 1.1 and close 1.15"),
        ("1717200060,1.1,1.12,1.0,1.15,57", "high 1.12 must not be below open 1.1 and close 1.15"),
        ("1717200061,1.1,1.2,1.0,1.15,57", "time must be a whole minute, was 1717200061"),
        (GOOD, "time 1717200000 is not after 1717200000"),
        ("1717200120,1.1,1.2,1.0,1.15,57", "the bar of 1717200120 is not closed yet"),
    ],
)
def test_a_bad_line_is_answered_and_the_others_kept(line: str, reason: str) -> None:
    push = read_push("\n".join([HEAD, GOOD, line, LATER]) + "\n", now_s=START + 120)
    assert [bar.open_time_s for bar in push.bars] == [START, START + 60]
    status, text = push.answer
    assert status == 200
    assert text.startswith(f"line 3: {reason}")
    assert text.count("\n") == 1


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("", "must begin with '# mt5 v1'"),
        ("# mt5 v2 symbol=X", "must begin with"),
        ("# mt5 v1 feed=X", "symbol= is missing"),
        ("# mt5 v1 symbol=A,B", "without commas"),
        (f"{HEAD} timeframe=7m", "timeframe must be one of 1m, 3m"),
        (f"{HEAD} server_std_offset=two", "must be whole seconds, was 'two'"),
        (f"{HEAD} server_std_offset=99999", "the winter offset must be"),
        (f"{HEAD} server_std_offset=0 dst=mars", "dst must be us, eu or fixed, was 'mars'"),
    ],
)
def test_a_bad_first_line_refuses_all(head: str, reason: str) -> None:
    with pytest.raises(PushError, match="line 1: ") as refused:
        read_push(f"{head}\n{GOOD}\n")
    assert reason in str(refused.value)


def test_more_lines_than_agreed_are_refused() -> None:
    with pytest.raises(PushError, match="500 candles at a time, were 501"):
        read_push(HEAD + f"\n{GOOD}" * (MOST_LINES + 1))


def test_unknown_words_are_ignored() -> None:
    push = read_push(f"{HEAD} colour=blue flag\n{GOOD}\n")
    assert (len(push.bars), push.clock) == (1, None)


@given(st.text(min_size=1, max_size=200))
def test_any_text_is_answered(text: str) -> None:
    push = read_push(f"{HEAD}\n{text}")
    assert len(push.bars) + len(push.bad) == len(text.removesuffix("\n").split("\n"))


def test_ticks_are_no_volume() -> None:
    candles = read_push(f"{HEAD}\n{GOOD}\n{LATER}\n").candles
    assert np.isnan(candles.volume).all()
    assert candles.open_time_ms.tolist() == [1000 * START, 1000 * START + 60_000]
    assert candles.timeframe_ms == 60_000
