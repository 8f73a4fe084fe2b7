"""Liquidations without names: each counts once, equal ones and repeated ones told apart."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from liqbands_server.feeds.liquidation_counts import LiquidationCounts
from liqbands_server.feeds.records import LiquidationEvent
from liqbands_server.store.liquidations import NumberedEvent

EVENTS = st.lists(
    st.builds(
        LiquidationEvent,
        st.integers(0, 3),
        st.sampled_from([1, -1]),
        st.sampled_from([100.0, 101.0]),
        st.sampled_from([1.0, 2.0]),
        st.booleans(),
    )
)


def counted(*connections: list[LiquidationEvent]) -> list[NumberedEvent]:
    counts = LiquidationCounts()
    numbered = [
        counts.number(event, by) for by, events in enumerate(connections) for event in events
    ]
    return [event for event in numbered if event is not None]


def keys(events: list[LiquidationEvent]) -> Counter[tuple[int, int, float, float]]:
    return Counter((one.time_ms, one.side, one.price, one.quantity) for one in events)


@given(EVENTS)
def test_every_event_of_a_connection_is_new_equal_or_not(events: list[LiquidationEvent]) -> None:
    found = counted(events)
    assert Counter(event[:4] for event in found) == keys(events)
    assert len(set(found)) == len(events)


@given(EVENTS, st.data())
def test_what_a_venue_says_again_after_a_reconnect_is_not_new(
    events: list[LiquidationEvent], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(events)))
    assert counted(events, events[first:]) == counted(events)


@given(EVENTS, EVENTS)
def test_after_a_reconnect_more_equal_events_than_before_are_new(
    before: list[LiquidationEvent], after: list[LiquidationEvent]
) -> None:
    found = Counter(event[:4] for event in counted(before, after))
    assert found == keys(before) | keys(after)


def test_old_events_are_forgotten_so_that_memory_is_bounded() -> None:
    counts = LiquidationCounts()
    for k in range(20_000):
        assert counts.number(LiquidationEvent(k * 1_000, 1, 100.0, 1.0, False), 0) is not None
    assert len(counts._ever) < 10_000
