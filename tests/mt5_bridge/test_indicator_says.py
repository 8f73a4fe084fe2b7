"""What the corner says: state, feed, totals, basis, clock, venues, and why nothing is drawn."""

from dataclasses import replace

import numpy as np
import pytest
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.host.terminal import TOOLTIP, Terminal
from tests.mt5_bridge.scenes import BANDS, NOW, SUMMER, SYMBOL, at, chart, frame, grid, put, start

from liqbands_mt5.frame import Honesty


@pytest.fixture
def indicator(open_terminal: OpenTerminal) -> Terminal:
    return chart(open_terminal("LiqHeatmap"))


def is_empty(terminal: Terminal) -> bool:
    has_bands = any(name.startswith("band") for name in terminal.objects)
    return bool((terminal.pixels() == 0).all()) and not has_bands


def test_a_good_picture_is_described(indicator: Terminal) -> None:
    """Five cells of level 255 are 6.55M each; price 60060 over 60000 is +0.10 %."""
    cells = np.zeros((2, 60, 200), np.uint8)
    cells[0, -1, :5], cells[1, -1, 150:160] = 255, 255
    put(indicator, frame(grid=grid(levels=cells), honesty=Honesty(5, 6, 0.34, 1000 * (NOW - 12))))
    assert start(indicator).words == [
        "Liqbands  live  0 s",
        "BTCUSD  1m",
        "longs 32.8M  shorts 65.5M  ratio 0.50",
        "basis +0.10%  clock UTC+3.0 h",
        "venues 5 of 6  observed 34%  oldest 12 s",
    ]


def test_without_open_interest_amounts_are_shares(indicator: Terminal) -> None:
    """Cells of level 255 are a sixteenth of the book each."""
    cells = np.zeros((2, 60, 200), np.uint8)
    cells[0, -1, :4], cells[1, -1, 150:160] = 255, 255
    shares = replace(grid(levels=cells), min_value=2.0**-20, max_value=2.0**-4)
    one = replace(BANDS[0], notional=0.25, notional_low=0.0625, notional_high=0.5)
    put(indicator, frame(grid=shares, bands=(one,), relative=True))
    assert start(indicator).words[2] == "longs 25.0%  shorts 62.5% of the book  ratio 0.40"
    assert "25.0% (80%: 6.25% - 50.0%)" in indicator.objects["band0"].texts[TOOLTIP]


def test_flags_come_before_the_name(indicator: Terminal) -> None:
    put(indicator, frame(simulated=True, degraded=True))
    assert start(indicator).words[1] == "DEGRADED  SIMULATED  BTCUSD  1m"


def test_no_file_is_said(indicator: Terminal) -> None:
    assert start(indicator).words[0] == "Liqbands  no data yet: start the liqbands writer"
    assert is_empty(indicator)


def test_old_data_are_called_stale_and_stay(indicator: Terminal) -> None:
    put(indicator, frame())
    before = start(indicator).pixels()
    at(indicator, 60)
    assert indicator.words[0] == "Liqbands  live  60 s"
    at(indicator, 95)
    assert indicator.words[0] == "Liqbands  STALE 95 s: writer or server stopped"
    np.testing.assert_array_equal(indicator.pixels(), before)
    at(indicator, 7300)
    assert indicator.words[0] == "Liqbands  STALE 2 h: writer or server stopped"


def test_new_data_are_live_again(indicator: Terminal) -> None:
    put(indicator, frame())
    start(indicator)
    at(indicator, 95)
    put(indicator, frame(2, data_ms=1000 * (NOW + 95)))
    at(indicator, 96)
    assert indicator.words[0] == "Liqbands  live  1 s"


def test_data_of_the_future_blame_the_clock(indicator: Terminal) -> None:
    put(indicator, frame(data_ms=1000 * (NOW + 12)))
    assert start(indicator).words[0] == "Liqbands  PC clock is 12 s behind the feed"
    put(indicator, frame(2, data_ms=1000 * (NOW + 14)))
    at(indicator, 9)
    assert indicator.words[0] == "Liqbands  live  0 s"


def test_nothing_is_drawn_before_the_clock_is_known(indicator: Terminal) -> None:
    indicator.clock(NOW, SUMMER, connected=False)
    put(indicator, frame())
    assert start(indicator).words[0] == "Liqbands  waiting for the broker's clock: is it connected?"
    assert is_empty(indicator)
    at(indicator, 1)
    assert indicator.words[0] == "Liqbands  live  1 s"
    assert not is_empty(indicator)


def test_a_wrong_feed_is_asked_about(open_terminal: OpenTerminal) -> None:
    """3000 / 60000 - 1 = -95 %."""
    terminal = chart(open_terminal("LiqHeatmap"), price=3_000.0)
    put(terminal, frame())
    assert start(terminal).words[0] == "Liqbands  off by -95.0%: is BTCUSD the right feed?"
    assert is_empty(terminal)


def quote_and_frame(terminal: Terminal, seq: int, price: float) -> None:
    terminal.tick(SYMBOL, NOW + SUMMER + seq, price - 1, price + 1)
    put(terminal, frame(seq, data_ms=1000 * (NOW + seq)))
    at(terminal, seq)


def test_one_wild_quote_hides_nothing_three_do(indicator: Terminal) -> None:
    put(indicator, frame())
    start(indicator)
    for seq, shown in ((2, True), (3, True), (4, False)):
        quote_and_frame(indicator, seq, 66_000.0)
        assert is_empty(indicator) is not shown
    assert indicator.words[0] == "Liqbands  off by +10.0%: is BTCUSD the right feed?"
    quote_and_frame(indicator, 5, 60_060.0)
    assert not is_empty(indicator)


def test_the_basis_moves_slowly(indicator: Terminal) -> None:
    """A fifth of the way for every frame: 0.1 + 0.2 (1.1 - 0.1) = 0.30 %."""
    put(indicator, frame())
    start(indicator)
    quote_and_frame(indicator, 2, 60_660.0)
    assert indicator.words[3] == "basis +0.30%  clock UTC+3.0 h"
    box = indicator.objects["band0"]
    assert box.price == pytest.approx((60_500 * 1.003, 60_560.5 * 1.003))


def test_a_ratio_of_the_same_moment_is_needed(indicator: Terminal) -> None:
    """The quote is 31 s older than the data, then of the same moment."""
    indicator.tick(SYMBOL, NOW + SUMMER - 31, 60_059, 60_061)
    put(indicator, frame())
    assert start(indicator).words[0] == "Liqbands  market closed: drawn with its next quote"
    indicator.tick(SYMBOL, NOW + SUMMER - 29, 60_059, 60_061)
    indicator.timer()
    assert indicator.words[0] == "Liqbands  live  0 s"


def test_a_closed_market_uses_the_last_ratio(indicator: Terminal) -> None:
    put(indicator, frame())
    indicator.library.host_set_global(b"Liqbands BTCUSD.r BTCUSD", 1.002)
    indicator.tick(SYMBOL, NOW + SUMMER - 86_400, 60_059, 60_061)
    assert not is_empty(start(indicator))
    assert indicator.words[3] == "basis +0.20% (earlier session)  market closed  clock UTC+3.0 h"


def test_a_ratio_is_remembered_for_the_next_session(indicator: Terminal) -> None:
    put(indicator, frame())
    kept = start(indicator).state["globals"]["Liqbands BTCUSD.r BTCUSD"]
    assert kept == pytest.approx(60_060 / 60_000)


@pytest.mark.parametrize("kept", [float("nan"), 0.0, 2.0])
def test_an_impossible_ratio_is_not_remembered(indicator: Terminal, kept: float) -> None:
    indicator.library.host_set_global(b"Liqbands BTCUSD.r BTCUSD", kept)
    put(indicator, frame())
    assert start(indicator).words[3] == "basis +0.10%  clock UTC+3.0 h"


def test_without_a_shift_prices_are_the_feeds(indicator: Terminal) -> None:
    indicator.inputs(Shift=1)
    put(indicator, frame())
    assert start(indicator).objects["band0"].price == pytest.approx((60_500.0, 60_560.5))


def test_a_quote_of_zero_or_nan_does_no_harm(indicator: Terminal) -> None:
    put(indicator, frame())
    start(indicator)
    for seq, price in ((2, 0.0), (3, float("nan")), (4, float("inf"))):
        quote_and_frame(indicator, seq, price)
    assert indicator.words[3].startswith("basis +0.10%")


def test_a_frame_without_anything_says_so(indicator: Terminal) -> None:
    put(indicator, frame(grid=None, bands=()))
    assert start(indicator).words[0] == "Liqbands  nothing stands on this feed"


def test_a_frame_without_a_grid_still_has_bands(indicator: Terminal) -> None:
    put(indicator, frame(grid=None))
    assert "band0" in start(indicator).objects
    assert indicator.words[0] == "Liqbands  live  0 s"


def test_words_can_be_switched_off_but_not_the_reason(indicator: Terminal) -> None:
    indicator.inputs(ShowPanel=False)
    put(indicator, frame())
    assert start(indicator).words == []
    at(indicator, 100)
    assert indicator.words == ["Liqbands  STALE 100 s: writer or server stopped"]
