"""Minutes put together: from any order of what is heard comes the same bar."""

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.grid import PriceGrid
from liqbands.timeframes import MINUTE_MS
from liqbands_server.feeds.bar_assembly import KEPT_MINUTES, BarAssembly, Heard, Values
from liqbands_server.feeds.records import BarNews, LiquidationEvent, MarkPrice, Trade

GRID = PriceGrid(5e-4)
ALL = Heard(True, True, True)
OPEN = 100 * MINUTE_MS
CLOSED = BarNews(OPEN, 100.0, 120.0, 80.0, 110.0, 1_000.0, True, 99_000.0)

Event = Trade | BarNews | MarkPrice | LiquidationEvent
TIMES = st.integers(OPEN, OPEN + MINUTE_MS - 1)
PRICES = st.floats(80.0, 120.0)
SIZES = st.floats(0.01, 10.0)
EVENTS = st.one_of(
    st.builds(Trade, TIMES, PRICES, SIZES, st.booleans()),
    st.builds(LiquidationEvent, TIMES, st.sampled_from([1, -1]), PRICES, SIZES, st.booleans()),
)
MARKS = st.lists(st.builds(MarkPrice, TIMES, PRICES), unique_by=lambda mark: mark.time_ms)


def assembled(events: Sequence[Event]) -> BarAssembly:
    assembly = BarAssembly(GRID)
    for event in events:
        match event:
            case Trade():
                assembly.add_trade(event)
            case BarNews():
                assembly.add_bar(event)
            case MarkPrice():
                assembly.add_mark(event)
            case LiquidationEvent():
                assembly.add_liquidation(event)
    return assembly


def values(events: Sequence[Event], heard: Heard = ALL) -> Values:
    found = assembled(events).values(OPEN, heard)
    assert found is not None
    return found


@given(st.lists(EVENTS, min_size=1), MARKS, st.integers(0))
def test_any_order_of_frames_gives_the_same_bar(
    events: list[Event], marks: list[MarkPrice], seed: int
) -> None:
    growing = CLOSED._replace(volume=500.0, is_closed=False, high=115.0)
    heard: list[Event] = [*events, *marks, CLOSED, growing]
    other = list(heard)
    random.Random(seed).shuffle(other)  # noqa: S311 - no secret
    assert values(other) == pytest.approx(values(heard), rel=1e-12)


@given(st.lists(EVENTS))
def test_prices_and_volume_are_the_venues_own(events: list[Event]) -> None:
    found = values([*events, CLOSED])
    for name in ("open", "high", "low", "close", "volume", "quote_volume"):
        assert found[name] == getattr(CLOSED, name)


@given(st.lists(EVENTS))
def test_the_profile_adds_up_to_the_trades(events: list[Event]) -> None:
    trades = [event for event in events if isinstance(event, Trade)]
    profile = assembled(events).profile(OPEN)
    bought = sum(trade.quantity for trade in trades if trade.taker_is_buyer)
    sold = sum(trade.quantity for trade in trades if not trade.taker_is_buyer)
    found = (0.0, 0.0) if profile is None else (
        profile.bought_or_ask.sum(), profile.sold_or_bid.sum()
    )  # fmt: skip
    assert found == pytest.approx((bought, sold))


@given(st.lists(EVENTS, min_size=1), MARKS)
def test_a_forming_bar_encloses_all_that_was_traded(
    events: list[Event], marks: list[MarkPrice]
) -> None:
    forming = BarNews(OPEN, 100.0, 101.0, 99.0, 100.0, 1.0, False)
    found = values([forming, *events, *marks])
    prices = [event.price for event in events if isinstance(event, Trade)]
    assert found["low"] <= min([99.0, *prices]) <= max([101.0, *prices]) <= found["high"]
    assert found["low"] <= found["close"] <= found["high"]
    assert not found.get("taker_buy_volume", 0) > found["volume"]


def test_what_was_not_heard_for_the_whole_minute_is_missing() -> None:
    events: list[Event] = [
        CLOSED,
        Trade(OPEN, 100.0, CLOSED.volume, True),
        MarkPrice(OPEN, 100.0),
        LiquidationEvent(OPEN, 1, 100.0, 1.0, False),
    ]
    missing = {"taker_buy_volume", "mark_high", "mark_low", "mark_close"}
    missing |= {"long_liquidated", "short_liquidated"}
    assert not missing & values(events, Heard(False, False, False)).keys()
    assert missing <= values(events).keys()


def test_a_minute_without_liquidations_that_was_listened_to_has_none() -> None:
    assert values([CLOSED])["long_liquidated"] == 0


def test_the_venues_own_taker_volume_counts_before_trades() -> None:
    said = CLOSED._replace(taker_buy_volume=400.0)
    assert values([said, Trade(OPEN, 100.0, 1.0, False)])["taker_buy_volume"] == 400.0


def test_trades_that_add_up_to_the_volume_tell_what_takers_bought() -> None:
    trades = [Trade(OPEN, 100.0, 748.0, True), Trade(OPEN + 1, 100.0, 250.0, False)]
    assert values([CLOSED, *trades])["taker_buy_volume"] == 748.0


def test_trades_that_do_not_add_up_to_the_volume_tell_nothing() -> None:
    trades = [Trade(OPEN, 100.0, 748.0, True), Trade(OPEN + 1, 100.0, 200.0, False)]
    assert "taker_buy_volume" not in values([CLOSED, *trades])


def test_a_minute_without_trades_has_the_bar_that_the_venue_says() -> None:
    quiet = BarNews(OPEN, 100.0, 100.0, 100.0, 100.0, 0.0, True, 0.0)
    assert values([quiet])["volume"] == 0
    assert values([quiet])["taker_buy_volume"] == 0


def test_a_closed_bar_is_not_taken_back_by_one_that_is_late() -> None:
    late = CLOSED._replace(close=90.0, is_closed=False, volume=2_000.0)
    assert values([CLOSED, late])["close"] == CLOSED.close


def test_a_closed_bar_that_the_venue_changes_is_changed() -> None:
    assert values([CLOSED, CLOSED._replace(close=90.0)])["close"] == 90.0


def test_a_minute_that_is_long_over_takes_in_nothing_more() -> None:
    assembly = assembled([CLOSED])
    assembly.add_bar(CLOSED._replace(open_time_ms=OPEN + KEPT_MINUTES * MINUTE_MS))
    assert assembly.add_trade(Trade(OPEN, 100.0, 1.0, True)) is None
    assert assembly.minute(OPEN) is None


def test_mark_prices_are_a_range_and_the_last_one() -> None:
    marks = [MarkPrice(OPEN + k, price) for k, price in enumerate((3.0, 5.0, 2.0, 4.0))]
    found = values([CLOSED, *marks])
    assert [found[f"mark_{name}"] for name in ("high", "low", "close")] == [5.0, 2.0, 4.0]
    assert not math.isnan(found["mark_high"])
