"""Bands, the strongest ones, the profile, and that nothing is left behind."""

from dataclasses import replace

import numpy as np
import pytest
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.host.terminal import COLOUR, STYLE, TOOLTIP, WIDTH, Terminal
from tests.mt5_bridge.scenes import (
    BANDS,
    N_ROWS,
    NOW,
    RATIO,
    SUMMER,
    View,
    at,
    band,
    bar_times,
    chart,
    frame,
    grid,
    levels,
    put,
    show,
    start,
)  # fmt: skip

from liqbands.instrument import Side

TEAL, ORANGE = 38 | 166 << 8 | 154 << 16, 239 | 108 << 8 | 64 << 16
SOLID, DOTTED = 0, 2


@pytest.fixture
def indicator(open_terminal: OpenTerminal) -> Terminal:
    return chart(open_terminal("LiqHeatmap"))


def boxes(terminal: Terminal) -> list[str]:
    return [name for name, drawn in terminal.objects.items() if drawn.kind == "box"]


def test_a_band_stands_at_its_time_and_the_brokers_price(indicator: Terminal) -> None:
    put(indicator, frame())
    box = start(indicator).objects["band0"]
    newest_bar = NOW + SUMMER - 60
    assert box.kind == "box"
    assert box.time == (BANDS[0].start_s + SUMMER, newest_bar + 20 * 60)
    assert box.price == pytest.approx((60_500 * RATIO, 60_560.5 * RATIO))


def test_colour_width_and_words_say_what_it_is(indicator: Terminal) -> None:
    put(indicator, frame())
    objects = start(indicator).objects
    assert [objects[f"band{i}"].numbers[COLOUR] for i in range(4)] == [ORANGE, TEAL, ORANGE, TEAL]
    assert [objects[f"band{i}"].numbers[WIDTH] for i in range(4)] == [2, 2, 1, 1]
    assert objects["band0"].texts[TOOLTIP] == (
        "shorts would be liquidated: 60560.50 - 60621.06, 2.5M (80%: 1.2M - 5.0M), mostly 25x"
    )
    assert [objects[f"word{i}"].text for i in range(2)] == ["1.8M", "1.0M"]


def test_a_finished_band_ends_and_is_dotted(indicator: Terminal) -> None:
    ended = band(60_500.0, end_s=NOW - 600)
    put(indicator, frame(bands=(ended, band(61_000.0, state="swept"))))
    objects = start(indicator).objects
    assert objects["band0"].time[1] == NOW - 600 + SUMMER
    assert [objects[name].numbers[STYLE] for name in ("band0", "band1")] == [DOTTED, DOTTED]
    assert "word0" not in objects


def test_a_band_of_winter_stands_at_the_winter_clock(indicator: Terminal) -> None:
    winter = 1_705_320_000  # 2024-01-15
    put(indicator, frame(bands=(band(60_500.0, start_s=winter),)))
    assert start(indicator).objects["band0"].time[0] == winter + 2 * 3600


def test_bands_are_used_again_and_trimmed(indicator: Terminal) -> None:
    put(indicator, frame())
    assert len(boxes(start(indicator))) == 4
    put(indicator, frame(2, bands=BANDS[:1]))
    indicator.timer()
    assert boxes(indicator) == ["band0"]
    assert "word0" not in indicator.objects  # the strongest has a line with words
    put(indicator, frame(3))
    indicator.timer()
    assert len(boxes(indicator)) == 4
    assert indicator.state["violations"] == []


def test_the_user_limits_bands_and_labels(indicator: Terminal) -> None:
    indicator.inputs(MostBands=3, MostLabels=1, Weakest=60)
    put(indicator, frame())
    objects = start(indicator).objects
    assert boxes(indicator) == ["band0", "band1", "band2"]
    assert [name for name in objects if name[:4] == "word"] == ["word0"]
    put(indicator, frame(2, bands=(*BANDS, band(61_500.0, level=152))))
    indicator.timer()
    assert len(boxes(indicator)) == 3  # 60 % of 255 is 153


def test_words_do_not_stand_on_each_other(indicator: Terminal) -> None:
    """A line of words has 14 of 320 pixels for 4,000 $: 175 $. Zoomed in there is room."""
    stack = [band(61_000.0 + 100 * i, level=150 - i) for i in range(6)]
    put(indicator, frame(bands=(*BANDS[:2], *stack)))
    start(indicator)
    show(indicator, View(prices=(58_000.0, 62_000.0)))
    assert words_of(indicator) == ["1.5M", "1.5M", "1.5M"]
    show(indicator, View(prices=(60_500.0, 62_000.0)))
    indicator.timer()
    assert len(words_of(indicator)) == 6


def words_of(terminal: Terminal) -> list[str]:
    return [drawn.text for name, drawn in terminal.objects.items() if name[:4] == "word"]


def test_a_scroll_touches_no_band(indicator: Terminal) -> None:
    put(indicator, frame())
    start(indicator)
    indicator.forget()
    indicator.window((640, 320), (58_000.0, 62_000.0), 120, 3)
    indicator.timer()
    assert indicator.state["object_calls"] <= 2


def test_a_new_bar_moves_the_right_end(indicator: Terminal) -> None:
    put(indicator, frame())
    before = start(indicator).objects["band0"].time[1]
    times = np.append(bar_times(), NOW + SUMMER)
    indicator.bars(times, 60_060.0)
    indicator.calculate()
    indicator.timer()
    assert indicator.objects["band0"].time[1] == before + 60


def test_the_strongest_on_each_side_are_marked(indicator: Terminal) -> None:
    """Peaks at 60500 * 1.0004 and 59000 * 1.0004; 60524.2 / 60000 - 1 = +0.87 %."""
    put(indicator, frame())
    objects = start(indicator).objects
    assert objects["above"].price[0] == pytest.approx(60_500 * 1.0004 * RATIO)
    assert objects["below"].price[0] == pytest.approx(59_000 * 1.0004 * RATIO)
    assert objects["above_text"].text == "strongest above  60584.72  2.5M  +0.87%"
    assert objects["below_text"].text.endswith("  2.1M  -1.63%")


def test_what_is_gone_is_not_marked_any_more(indicator: Terminal) -> None:
    put(indicator, frame())
    start(indicator)
    put(indicator, frame(2, bands=(band(60_500.0, state="swept"), band(59_990.0))))
    indicator.timer()
    assert "above" not in indicator.objects
    assert "below_text" not in indicator.objects  # the second lies around the price


def test_the_profile_is_as_long_as_what_stands(indicator: Terminal) -> None:
    """Level 255 is the longest, 90 px; level 128 is 2 ** 8 times less: nothing to see."""
    cells = np.zeros((2, 60, N_ROWS), np.uint8)
    cells[0, -1, 50], cells[1, -1, 120], cells[1, -1, 150] = 255, 255, 128
    indicator.inputs(ShowHeatmap=False, ShowPanel=False)
    put(indicator, frame(grid=grid(levels=cells)))
    pixels = start(indicator).pixels()
    lines = pixels[(pixels != 0).any(axis=1)]
    assert set(map(int, (lines != 0).sum(axis=1))) == {90}
    assert (lines[:, -90:] != 0).all()
    assert set(np.unique(lines[:, -90:]).tolist()) == {0xE626A69A, 0xE6EF6C40}


def test_equal_amounts_of_both_sides_share_a_bar(indicator: Terminal) -> None:
    cells = np.zeros((2, 60, N_ROWS), np.uint8)
    cells[:, -1, 100] = 255
    indicator.inputs(ShowHeatmap=False, ShowPanel=False, ProfilePixels=80)
    put(indicator, frame(grid=grid(levels=cells)))
    line = next(row for row in start(indicator).pixels() if row.any())
    assert line[-80:].tolist() == [0xE6EF6C40] * 40 + [0xE626A69A] * 40


def test_words_stand_on_the_charts_own_ground(indicator: Terminal) -> None:
    """The chart's background, 0x131722, lets a quarter of the heatmap through."""
    put(indicator, frame())
    pixels = start(indicator).pixels()
    assert (pixels[16:104, :400] == 0xBE131722).all()
    indicator.inputs(ShowPanel=False)
    indicator.deinit()
    assert (start(indicator).pixels() != 0xBE131722).all()


def test_the_end_leaves_nothing(indicator: Terminal) -> None:
    put(indicator, frame())
    start(indicator).deinit()
    state = indicator.state
    assert (state["objects"], state["resources"], state["timer_ms"]) == ({}, [], 0)
    assert state["open_files"] == 0


def test_instances_do_not_share_a_name(open_terminal: OpenTerminal) -> None:
    first = start(chart(open_terminal("LiqHeatmap", "one")))
    second = chart(open_terminal("LiqHeatmap", "two"))
    second.library.host_set_global(
        b"Liqbands instance", first.state["globals"]["Liqbands instance"]
    )
    start(second)
    assert not set(first.state["objects"]) & set(second.state["objects"])
    assert not set(first.state["resources"]) & set(second.state["resources"])


@pytest.mark.parametrize(
    ("other", "stands"), [("Liqbands ETHUSD", True), ("Moving Average", False)]
)
def test_leftovers_go_unless_another_instance_lives(
    indicator: Terminal, other: str, stands: bool
) -> None:
    indicator.library.host_set_indicator(other.encode())
    indicator.library.host_add_object(b"Liqbands_77_band0")
    indicator.library.host_add_object(b"My line")
    names = start(indicator).state["objects"]
    assert ("Liqbands_77_band0" in names) is stands
    assert "My line" in names


def test_the_tester_gets_an_idle_indicator(indicator: Terminal) -> None:
    indicator.flags(tester=True)
    assert indicator.init() == 0
    indicator.calculate()
    indicator.deinit()
    assert indicator.state["objects"] == {}


def test_a_broker_without_daylight_saving_is_understood(indicator: Terminal) -> None:
    indicator.inputs(Daylight=2)
    put(indicator, frame(bands=(band(60_500.0, start_s=1_705_320_000, side=Side.LONG),)))
    assert start(indicator).objects["band0"].time[0] == 1_705_320_000 + SUMMER


def test_a_long_day_leaves_nothing_behind(indicator: Terminal) -> None:
    """A frame a minute for 24 hours: no more objects, resources or files than at the start."""
    show(indicator, View(size=(64, 48)))
    put(indicator, frame())
    start(indicator)
    whole = frame(grid=grid(levels=levels(shape=(8, 9))))
    for minute in range(1, 1440):
        now_ms = 1000 * (NOW + 60 * minute)
        put(indicator, replace(whole, seq=minute + 1, data_ms=now_ms, bands=BANDS[: minute % 5]))
        at(indicator, 60 * minute)
    state = indicator.state
    assert len(state["objects"]) < 20
    assert (len(state["resources"]), state["open_files"], state["violations"]) == (1, 0, [])
