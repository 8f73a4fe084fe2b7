"""Questions to a venue: what fails is one of our errors, and pauses that it asks for are kept."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import ccxt  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands_server.errors import FeedError, WireError
from liqbands_server.feeds.asking import Asking, RefusedError
from liqbands_server.feeds.patience import Patience, Pauses
from liqbands_server.feeds.throttle import Throttle
from liqbands_server.feeds.venue_clock import VenueClock
from liqbands_server.feeds.venue_frames import VenueFrames
from liqbands_server.feeds.venues.registry import find_border
from liqbands_server.feeds.wire import Wire

PATIENCE = Patience(first_pause=0.001, longest_pause=0.01, throttled=0.05, banned=0.2)


def make_wire(throttle: Throttle) -> Wire:
    return Wire(VenueFrames(find_border("okx"), VenueClock()), throttle, PATIENCE)


def ask(answer: Callable[[], Awaitable[str]], throttle: Throttle | None = None) -> str:
    throttle = throttle or Throttle()
    asking = Asking("okx", make_wire(throttle), throttle, PATIENCE)
    return asyncio.run(asking.once(answer))


def failing(error: Exception) -> Callable[[], Awaitable[str]]:
    async def answer() -> str:
        raise error

    return answer


@pytest.mark.parametrize(
    "error",
    [
        ccxt.NetworkError("reset"),
        ccxt.RequestTimeout("late"),
        ccxt.ExchangeNotAvailable("okx GET https://www.okx.com/x?a=1 503 <html>"),
        ccxt.ExchangeError("odd"),
        ccxt.RateLimitExceeded("too many"),
        WireError("price must be positive, was '-1'"),
        TypeError("string indices must be integers"),
        KeyError("result"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_fails_is_a_feed_error_that_names_the_venue(error: Exception) -> None:
    with pytest.raises(FeedError, match="okx") as raised:
        ask(failing(error))
    assert not isinstance(raised.value, RefusedError)
    assert "?a=1" not in str(raised.value)


def test_a_market_that_is_not_listed_need_not_be_asked_about_again() -> None:
    with pytest.raises(RefusedError):
        ask(failing(ccxt.BadSymbol("okx does not have market symbol X")))


def test_a_venue_that_says_too_many_requests_is_left_alone() -> None:
    throttle = Throttle()
    with pytest.raises(FeedError, match="asks to wait"):
        ask(failing(ccxt.RateLimitExceeded("too many")), throttle)
    assert 0 < throttle.seconds_left <= PATIENCE.throttled
    began = time.monotonic()

    async def answer() -> str:
        return "yes"

    assert ask(answer, throttle) == "yes"
    assert time.monotonic() - began >= PATIENCE.throttled / 2


@pytest.mark.parametrize("name", ["Retry-After", "retry-after"])
def test_the_pause_that_a_venue_names_is_the_one_that_is_made(name: str) -> None:
    throttle = Throttle()
    make_wire(throttle).answered(429, {name: "7"})
    assert 6 < throttle.seconds_left <= 7


def test_a_ban_is_waited_for_longer_than_a_refusal() -> None:
    throttle = Throttle()
    make_wire(throttle).answered(418, {})
    assert throttle.seconds_left > PATIENCE.throttled


def test_it_is_asked_again_until_there_is_an_answer() -> None:
    left = [ccxt.NetworkError("a"), TypeError("b"), WireError("c")]
    told: list[FeedError] = []

    async def answer() -> str:
        if left:
            raise left.pop()
        return "at last"

    throttle = Throttle()
    asking = Asking("okx", make_wire(throttle), throttle, PATIENCE)
    assert asyncio.run(asking.until_answered(answer, told.append)) == "at last"
    assert len(told) == 3


@given(st.floats(0.001, 1.0), st.integers(1, 60))
def test_pauses_stay_within_a_bound_that_doubles_up_to_the_longest(first: float, n: int) -> None:
    pauses = Pauses(Patience(first_pause=first, longest_pause=60.0))
    for attempt in range(n):
        assert 0 <= pauses.next() <= min(first * 2.0**attempt, 60.0)
    pauses.begin_again()
    assert pauses.next() <= first
