"""Bands keep their slot while they live, and a sweep is reported once."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.instrument import Side
from liqbands.levels import Band
from liqbands.tracker import BandTracker


def band(low: float, high: float, side: Side = Side.LONG) -> Band:
    return Band(
        side=side,
        low=low,
        high=high,
        peak_price=(low + high) / 2,
        notional=1.0,
        notional_low=0.5,
        notional_high=1.6,
        leverage_notional={"1-5x": 1.0},
        mean_age_ms=0.0,
        distance=0.0,
        distance_atr=0.0,
        reach_probability=1.0,
        strength=1.0,
        first_seen_ms=0,
        state="steady",
        unit="quote",
    )


def test_a_band_keeps_its_slot_when_stronger_ones_appear() -> None:
    tracker = BandTracker(3)
    (first,) = tracker.update([band(90, 92)], 99, 101)
    later = tracker.update([band(80, 82), band(90, 93)], 99, 101)
    assert [(one.slot, one.low) for one in later] == [(0, 90), (1, 80)]
    assert first.slot == 0


def test_at_most_so_many_bands_live_at_once() -> None:
    alive = BandTracker(2).update([band(low, low + 1) for low in (90, 80, 70)], 99, 101)
    assert [one.low for one in alive] == [90, 80]


def test_a_swept_band_is_reported_once_and_frees_its_slot() -> None:
    tracker = BandTracker(2)
    tracker.update([band(90, 92), band(80, 82)], 99, 101)
    at_sweep = tracker.update([band(80, 82)], 89, 101)
    assert [(one.state, one.slot) for one in at_sweep] == [("steady", 1), ("swept", 0)]
    both = [band(80, 82), band(85, 86)]
    assert [one.slot for one in tracker.update(both, 89, 95)] == [1]
    assert [one.slot for one in tracker.update(both, 89, 95)] == [0, 1]


def test_a_band_that_fades_without_a_touch_is_not_called_swept() -> None:
    tracker = BandTracker(2)
    tracker.update([band(90, 92)], 99, 101)
    assert tracker.update([], 99, 101) == []


def test_sides_do_not_inherit_from_each_other() -> None:
    tracker = BandTracker(2)
    tracker.update([band(90, 92)], 99, 101)
    (short,) = tracker.update([band(90, 92, Side.SHORT)], 99, 101)
    assert short.slot == 1
    assert short.side is Side.SHORT


History = list[tuple[list[Band], tuple[int, int]]]
"""Bands of each update, and the lowest mark price with what the highest is above it."""

BANDS = st.builds(
    lambda low, width, side: band(low, low + width, side),
    st.integers(80, 110),
    st.integers(1, 4),
    st.sampled_from(Side),
)
MARKS = st.tuples(st.integers(80, 110), st.integers(0, 5))
HISTORIES = st.lists(st.tuples(st.lists(BANDS, max_size=5), MARKS), min_size=2, max_size=12)


def tracked(n_slots: int, history: History) -> list[list[Band]]:
    tracker = BandTracker(n_slots)
    return [tracker.update(bands, low, low + more) for bands, (low, more) in history]


@given(st.integers(1, 4), HISTORIES)
def test_a_slot_stays_empty_between_unrelated_bands(n_slots: int, history: History) -> None:
    updates = tracked(n_slots, history)
    for before, after in pairwise(updates):
        old = {one.slot: one for one in before}
        for new in after:
            assert new.slot not in old or overlap(old[new.slot], new)


def overlap(old: Band, new: Band) -> bool:
    return old.side is new.side and old.low < new.high and new.low < old.high


@given(st.integers(1, 4), HISTORIES)
def test_a_slot_holds_one_band_at_a_time(n_slots: int, history: History) -> None:
    for shown in tracked(n_slots, history):
        slots = [one.slot for one in shown]
        assert len(set(slots)) == len(slots)
        assert set(slots) <= set(range(n_slots))


@given(HISTORIES)
def test_a_band_waits_at_most_two_updates(history: History) -> None:
    lasting = [band(low, low + 1) for low in (50, 60, 70)]
    quiet = (lasting, (99, 0))
    assert len(tracked(3, [*history, quiet, quiet, quiet])[-1]) == 3


@given(st.integers(1, 4), HISTORIES)
def test_a_slot_knows_since_when_its_owner_holds_it(n_slots: int, history: History) -> None:
    tracker = BandTracker(n_slots)
    before = tracker.slots
    for time_ms, (bands, (low, more)) in enumerate(history, 1):
        tracker.update(bands, low, low + more, time_ms)
        for old, new in zip(before, tracker.slots, strict=True):
            if new is not None:
                assert new.since_ms == (time_ms if old is None else old.since_ms)
        before = tracker.slots


@given(st.integers(1, 4), HISTORIES, st.integers(0, 11))
def test_a_tracker_made_from_slots_goes_on_like_the_one_before(
    n_slots: int, history: History, n_before: int
) -> None:
    whole = tracked(n_slots, history)
    tracker = BandTracker(n_slots)
    for i, (bands, (low, more)) in enumerate(history):
        if i == n_before:
            tracker = BandTracker(n_slots, tracker.slots)
        assert tracker.update(bands, low, low + more) == whole[i]


def test_slots_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="slots must be 3, were 2"):
        BandTracker(3, [None, None])
    with pytest.raises(ValueError, match="n_slots must be at least 1, was 0"):
        BandTracker(0)


def test_the_heir_is_the_band_with_most_overlap() -> None:
    tracker = BandTracker(3)
    tracker.update([band(90, 94)], 99, 101)
    later = tracker.update([band(93, 96), band(89, 92), band(88, 91)], 99, 101)
    assert [(one.slot, one.low) for one in later] == [(0, 89), (1, 93), (2, 88)]
