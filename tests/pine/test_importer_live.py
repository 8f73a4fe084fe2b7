"""Ticks of the open bar: what it sweeps goes at once, what rollback undoes comes back, alerts."""

from typing import Any

import pytest
from tests.pine.offline import HOUR, MINUTE, Bar, Drawn
from tests.pine.scenes import (
    GIVEN,
    LONG,
    NEAR,
    SHORT,
    START,
    THREE,
    flat,
    importer,
    paste,
    run,
)

LEFT = {(63250.0, 63300.0), (65100.0, 65150.0)}


def tick(bar: int, high: float, low: float, close: float, closes: bool = False) -> Bar:
    return Bar(START + bar * HOUR, 64_000, high, low, close, closes)


SWEEPING = [
    tick(30, 64_000, 64_000, 64_000),
    tick(30, 64_210, 64_000, 64_210),
    tick(30, 64_230, 64_000, 64_225),
    tick(30, 64_230, 63_990, 64_005),
    tick(30, 64_230, 63_990, 64_005, closes=True),
    tick(31, 64_006, 64_000, 64_001),
]


def run_live(text: str, ticks: list[Bar], **inputs: Any) -> list[Drawn]:
    return importer().run_live(flat(), ticks, {"paste1In": text} | inputs)


def test_a_sweep_inside_the_open_bar_stays() -> None:
    states = run_live(paste(), SWEEPING)
    assert [state.bands for state in states] == [THREE, THREE, THREE, LEFT, LEFT, LEFT, LEFT]


def test_a_faded_band_ends_inside_the_open_bar() -> None:
    states = run_live(paste([NEAR]), SWEEPING, sweptIn="Fade")
    assert [state.boxes[0]["extend"] for state in states] == ["right"] * 3 + ["none"] * 4
    assert {state.boxes[0]["right"] for state in states[3:]} == {(START + 30 * HOUR) * 1000}


def test_labels_magnets_and_profile_follow_a_sweep_at_once() -> None:
    states = run_live(paste(), SWEEPING, profileIn=True)
    before, after = states[1], states[3]
    assert sorted(line["y1"] for line in before.lines) == [63_300, 64_200]
    assert sorted(line["y1"] for line in after.lines) == [63_300, 65_100]
    assert not any("$30M" in label["text"] for label in after.labels)
    assert len(before.polylines) == len(after.polylines) + 1 == 3


def test_the_live_chart_ends_as_the_reloaded_one() -> None:
    live = run_live(paste(), SWEEPING[:5], profileIn=True, sweptIn="Fade")[-1]
    bars = [*flat(), SWEEPING[4]]
    reloaded = run(paste(), bars, profileIn=True, sweptIn="Fade")
    for one, other in ((live.boxes, reloaded.boxes), (live.labels, reloaded.labels)):
        assert [shape | {"id": 0} for shape in one] == [shape | {"id": 0} for shape in other]
    assert [line["points"] for line in live.polylines] == [
        line["points"] for line in reloaded.polylines
    ]


def test_only_what_is_swept_changes_within_a_bar() -> None:
    states = run_live(paste(), SWEEPING)
    ids = [[box["id"] for box in state.boxes] for state in states]
    assert ids[0] == ids[1] == ids[2]
    assert set(ids[3]) == set(ids[4]) < set(ids[0])
    assert not set(ids[5]) & set(ids[0])  # drawn anew at the bar's close


def test_the_bar_open_at_the_levels_time_gives_a_band_back() -> None:
    text = paste(given=START + 30 * HOUR + 10 * MINUTE)
    ticks = [
        tick(30, 64_300, 64_000, 64_300),
        tick(30, 64_300, 64_000, 64_000),
        tick(30, 64_300, 64_000, 64_000, closes=True),
        tick(31, 64_300, 64_000, 64_000),
    ]
    clock = [START + 30 * HOUR + 20 * MINUTE] * 9
    states = importer().run_live(flat(), ticks, {"paste1In": text}, clock_s=clock)
    assert [state.bands for state in states[1:]] == [LEFT, THREE, THREE, LEFT]


def test_a_second_band_of_a_bar_is_told_too_and_none_twice() -> None:
    ticks = [
        tick(30, 64_201, 64_000, 64_201),
        tick(30, 64_201, 64_000, 64_100),
        tick(30, 65_100, 64_000, 65_100),
        tick(30, 65_100, 63_280, 63_280),
        tick(30, 65_100, 63_280, 63_280, closes=True),
        tick(31, 65_100, 63_260, 63_280),
    ]
    states = run_live(paste(), ticks)
    told = [[text for _, text in state.alerts] for state in states]
    assert [len(texts) for texts in told] == [0, 1, 1, 2, 3, 3, 3]
    assert "entered a short-liquidation band at 64200.0, $30M in this bar" in told[-1][0]
    assert "entered a short-liquidation band at 65100.0, $38.2M in this bar" in told[-1][1]
    assert "entered a long-liquidation band at 63300.0, $12.5M in this bar" in told[-1][2]
    assert all(text.startswith("BTCUSDT.P 6") for text in told[-1])


@pytest.mark.parametrize("wanted", [True, False])
def test_sweeps_and_magnets_are_told_if_wanted(wanted: bool) -> None:
    states = run_live(paste(), SWEEPING, tellInIn=False, tellGoneIn=wanted, tellMagIn=wanted)
    assert [text for _, text in states[-1].alerts] == wanted * [
        "BTCUSDT.P 64225.0: 1 liquidation band swept in this bar, $30M",
        "BTCUSDT.P 64005.0: nearest strong bands are now 65100.0 above and 63300.0 below",
    ]
    assert {title for _, title in states[-1].conditions} == {
        "Price enters a short band",
        "Price enters any band",
        "A band is swept",
        "Nearest magnet changed",
    }


def test_a_long_band_has_its_own_condition() -> None:
    states = run_live(paste([LONG]), [tick(30, 64_000, 63_290, 63_290, closes=True)])
    assert {title for _, title in states[-1].conditions} == {
        "Price enters a long band",
        "Price enters any band",
        "Nearest magnet changed",
    }


@pytest.mark.parametrize("wanted", [True, False])
def test_old_levels_are_told_once(wanted: bool) -> None:
    ticks = [tick(30, 64_001, 64_000, 64_000) for _ in range(3)]
    ticks += [tick(30, 64_001, 64_000, 64_000, closes=True), tick(31, 64_001, 64_000, 64_000)]
    ends = GIVEN + 630 * MINUTE
    clock = [ends - MINUTE, ends - MINUTE, ends + MINUTE, ends + 2 * MINUTE] + [ends + HOUR] * 3
    inputs = {"paste1In": paste([SHORT], valid=630), "tellOldIn": wanted}
    states = importer().run_live(flat(), ticks, inputs, clock_s=clock)
    assert [bool(state.messages) for state in states] == [False] * 3 + [True] * 3
    assert len(states[-1].alerts) == wanted
    assert states[-1].conditions[0] == (30, "Levels are old")
    if wanted:
        assert "delete this alert and create it again" in states[-1].alerts[0][1]


def test_levels_that_were_old_from_the_start_are_not_told() -> None:
    states = run_live(paste([SHORT], valid=1), SWEEPING[:1])
    assert "OLD LEVELS" in states[-1].messages[0]
    assert states[-1].alerts == []
    assert states[-1].conditions == []


def test_levels_of_the_open_bar_are_drawn_before_its_first_tick_closes() -> None:
    text = paste(given=START + 30 * HOUR)
    clock = [START + 30 * HOUR + MINUTE] * 9
    states = importer().run_live(flat(), SWEEPING, {"paste1In": text}, clock_s=clock)
    assert [state.bands for state in states] == [THREE, THREE, THREE, LEFT, LEFT, LEFT, LEFT]


def test_a_wrong_price_within_a_bar_takes_the_drawing_away_and_back() -> None:
    ticks = [
        tick(30, 64_000, 64_000, 64_000),
        tick(30, 130_000, 64_000, 130_000),
        tick(30, 130_000, 64_000, 64_000),
        tick(30, 130_000, 64_000, 64_000, closes=True),
    ]
    states = run_live(paste(), ticks)
    assert states[2].boxes == states[2].labels == states[2].lines == []
    assert "is this the right symbol?" in states[2].messages[0]
    assert states[-1].bands == {(63250.0, 63300.0)}
