"""The indicator's bitmap equals an independent renderer's, pixel by pixel."""

import numpy as np
import pytest
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.host.terminal import CHART_CHANGE, Terminal
from tests.mt5_bridge.renderer import VIRIDIS, colours, render
from tests.mt5_bridge.scenes import NOW, View, bar_times, chart, frame, grid, put, show, start

VIEWS = {
    "as it opens": View(),
    "scrolled": View(first=140),
    "all in the past": View(first=299, scale=0),
    "zoomed in": View(scale=5, first=19),
    "zoomed out": View(scale=0, first=299),
    "resized": View(size=(1280, 700), first=159),
    "tiny": View(size=(90, 41)),
    "a few rows": View(prices=(59_950.0, 60_050.0)),
    "far out": View(prices=(20_000.0, 110_000.0)),
    "prices below zero": View(prices=(-500.0, 70_000.0)),
    "scrolled into the future": View(first=10, scale=4),
}


@pytest.fixture
def heatmap_alone(open_terminal: OpenTerminal) -> Terminal:
    terminal = chart(open_terminal("LiqHeatmap"))
    terminal.inputs(ProfilePixels=0, ShowBands=False, ShowPanel=False)
    return terminal


def test_every_view_shows_the_cells_where_they_belong(heatmap_alone: Terminal) -> None:
    put(heatmap_alone, frame())
    start(heatmap_alone)
    for name, view in VIEWS.items():
        show(heatmap_alone, view)
        heatmap_alone.event(CHART_CHANGE)
        wanted = render(grid(), bar_times(), view)
        np.testing.assert_array_equal(heatmap_alone.pixels(), wanted, name)
    assert heatmap_alone.state["violations"] == []


def test_the_first_picture_is_not_empty(heatmap_alone: Terminal) -> None:
    put(heatmap_alone, frame())
    assert (start(heatmap_alone).pixels() != 0).mean() > 0.15


@pytest.mark.parametrize("days", [1, 2, 60])
def test_a_weekend_has_no_width(heatmap_alone: Terminal, days: int) -> None:
    column_ms = 86_400_000 if days > 2 else 3_600_000
    whole = grid(column_ms=column_ms, t0_ms=1000 * NOW - 60 * column_ms)
    put(heatmap_alone, frame(grid=whole))
    heatmap_alone.bars(bar_times(gap=days * 86_400), 60_060.0)
    start(heatmap_alone)
    wanted = render(whole, bar_times(gap=days * 86_400), View())
    np.testing.assert_array_equal(heatmap_alone.pixels(), wanted)


def test_a_forming_column_is_fainter(heatmap_alone: Terminal) -> None:
    forming = grid(last_is_forming=True)
    put(heatmap_alone, frame(grid=forming))
    start(heatmap_alone)
    wanted = render(forming, bar_times(), View())
    np.testing.assert_array_equal(heatmap_alone.pixels(), wanted)
    assert not np.array_equal(wanted, render(grid(), bar_times(), View()))


def test_more_rows_than_pixels_hide_no_line(heatmap_alone: Terminal) -> None:
    """One dense row among 20,000 is still on the screen."""
    thin = np.zeros((2, 4, 20_000), np.uint8)
    thin[0, :, 9_137] = 255
    put(heatmap_alone, frame(grid=grid(levels=thin, row_step=0.000005, column_ms=900_000)))
    pixels = start(heatmap_alone).pixels()
    assert (pixels != 0).any(axis=1).sum() == 1


def test_old_data_do_not_reach_into_the_margin(heatmap_alone: Terminal) -> None:
    """The newest column covers the empty space on the right only while it belongs to now."""
    late = grid(t0_ms=grid().t0_ms - 600_000)
    put(heatmap_alone, frame(grid=late))
    start(heatmap_alone)
    show(heatmap_alone, View(first=40))
    heatmap_alone.event(CHART_CHANGE)
    x_of_newest_bar = 40 * 8
    assert (heatmap_alone.pixels()[:, x_of_newest_bar - 40 :] == 0).all()


def test_one_scale_shows_the_sum_of_both_sides(heatmap_alone: Terminal) -> None:
    """Twice level 128 is 2 * 2 ** 8 times the least: 1 + 254 * 9 / 16 = 143.9."""
    heatmap_alone.inputs(Palette=2, Hidden=0)
    equal = np.full((2, 60, 200), 128, np.uint8)
    put(heatmap_alone, frame(grid=grid(levels=equal)))
    pixels = start(heatmap_alone).pixels()
    assert set(np.unique(pixels).tolist()) == {0, int(colours(VIRIDIS, 0, 144, 179)[144])}


def test_an_unchanged_window_is_not_drawn_again(heatmap_alone: Terminal) -> None:
    put(heatmap_alone, frame())
    start(heatmap_alone)
    before = heatmap_alone.updates()
    heatmap_alone.forget()
    for _ in range(40):
        heatmap_alone.timer()
        heatmap_alone.event(CHART_CHANGE)
    assert heatmap_alone.updates() == before
    assert heatmap_alone.state["redraws"] == 0


def test_a_scroll_without_an_event_is_seen_by_the_timer(heatmap_alone: Terminal) -> None:
    put(heatmap_alone, frame())
    start(heatmap_alone)
    show(heatmap_alone, VIEWS["scrolled"])
    heatmap_alone.timer()
    wanted = render(grid(), bar_times(), VIEWS["scrolled"])
    np.testing.assert_array_equal(heatmap_alone.pixels(), wanted)


def test_bars_that_are_not_loaded_yet_are_drawn_later(heatmap_alone: Terminal) -> None:
    put(heatmap_alone, frame())
    heatmap_alone.flags(loaded=False)
    assert (start(heatmap_alone).pixels() == 0).all()
    heatmap_alone.flags(loaded=True)
    heatmap_alone.timer()
    np.testing.assert_array_equal(heatmap_alone.pixels(), render(grid(), bar_times(), View()))
