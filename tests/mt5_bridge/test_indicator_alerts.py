"""Alerts: price reaches a band, sweeps it, data become stale; never anything else on stale data."""

import pytest
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.host.terminal import Terminal
from tests.mt5_bridge.scenes import (
    BANDS,
    NOW,
    RATIO,
    SUMMER,
    SYMBOL,
    at,
    band,
    bar_times,
    chart,
    frame,
    put,
    start,
)  # fmt: skip

from liqbands.instrument import Side

SHORTS, LONGS = 60_500 * RATIO, 59_000 * 1.001 * RATIO
"""The near edges of the strongest bands, at the broker's prices."""


@pytest.fixture
def indicator(open_terminal: OpenTerminal) -> Terminal:
    terminal = chart(open_terminal("LiqHeatmap"))
    terminal.inputs(AlertEnter=True, AlertSweep=True, AlertDistance=0.1)
    put(terminal, frame())
    return start(terminal)


def price(terminal: Terminal, value: float) -> list[str]:
    """Let a price come; return what was said."""
    terminal.forget()
    terminal.bars(bar_times(), value)
    terminal.calculate()
    said: list[str] = terminal.state["alerts"]
    return said


def test_reaching_a_band_is_said_once(indicator: Terminal) -> None:
    assert price(indicator, SHORTS * 0.998) == []
    assert price(indicator, SHORTS * 0.9995) == [
        f"BTCUSD.r: price {SHORTS * 0.9995:.2f} reaches the band of shorts "
        f"at {60_530.25 * RATIO:.2f} (2.5M)"
    ]
    assert price(indicator, SHORTS * 1.0001) == []


def test_coming_back_within_the_pause_is_not_said_again(indicator: Terminal) -> None:
    price(indicator, SHORTS)
    price(indicator, SHORTS * 0.99)
    assert price(indicator, SHORTS) == []


def test_after_the_pause_it_is_said_again(indicator: Terminal) -> None:
    price(indicator, SHORTS)
    for seconds in (899, 900):
        put(indicator, frame(seconds, data_ms=1000 * (NOW + seconds)))
        at(indicator, seconds)
        price(indicator, SHORTS * 0.99)
        assert len(price(indicator, SHORTS)) == (seconds == 900)


@pytest.mark.parametrize(("before", "after"), [(0.999, 1.002), (1.0005, 1.0011)])
def test_a_rise_through_a_band_of_shorts_sweeps_it(
    indicator: Terminal, before: float, after: float
) -> None:
    price(indicator, SHORTS * before)
    assert [text.split(" (")[0] for text in price(indicator, SHORTS * after)] == [
        f"BTCUSD.r: price {SHORTS * after:.2f} swept the band of shorts at {60_530.25 * RATIO:.2f}"
    ]


def test_a_fall_through_a_band_of_longs_sweeps_it(indicator: Terminal) -> None:
    price(indicator, LONGS * 1.01)
    assert "swept the band of longs" in price(indicator, LONGS * 0.99)[0]


def test_the_other_direction_sweeps_nothing(indicator: Terminal) -> None:
    price(indicator, SHORTS * 1.006)
    assert price(indicator, SHORTS * 0.994) == []
    price(indicator, LONGS * 0.994)
    assert price(indicator, LONGS * 1.006) == []


def test_a_price_that_starts_inside_is_no_news(indicator: Terminal) -> None:
    indicator.deinit()
    indicator.bars(bar_times(), SHORTS)
    indicator.forget()
    start(indicator)
    assert indicator.state["alerts"] == []


def test_weak_and_finished_bands_are_left_out(indicator: Terminal) -> None:
    """Strength 50 % is level 127."""
    quiet = (
        band(60_500.0, level=126),
        band(60_600.0, end_s=NOW),
        band(60_700.0, state="swept"),
        band(60_800.0, level=127),
    )
    put(indicator, frame(2, bands=quiet))
    indicator.timer()
    price(indicator, 60_400.0)
    said = price(indicator, 61_500.0)
    assert len(said) == 1
    assert f"at {60_830.4 * RATIO:.2f}" in said[0]


def test_stale_data_say_nothing(indicator: Terminal) -> None:
    price(indicator, SHORTS * 0.99)
    at(indicator, 91)
    assert price(indicator, SHORTS * 1.01) == []


def test_a_refused_feed_says_nothing(indicator: Terminal) -> None:
    for seq in (2, 3, 4):
        indicator.tick(SYMBOL, NOW + SUMMER + seq, 65_999, 66_001)
        put(indicator, frame(seq, data_ms=1000 * (NOW + seq)))
        at(indicator, seq)
    price(indicator, SHORTS * 0.99)
    assert price(indicator, SHORTS * 1.01) == []


def test_becoming_stale_is_said_once(indicator: Terminal) -> None:
    indicator.inputs(AlertStale=True)
    indicator.deinit()
    start(indicator)
    indicator.forget()
    for seconds in (89, 91, 92, 120):
        at(indicator, seconds)
    assert indicator.state["alerts"] == ["BTCUSD.r: the liquidation data of BTCUSD are stale"]


def test_the_user_chooses_the_way(indicator: Terminal) -> None:
    indicator.inputs(AlertTerminal=False, AlertPush=True, AlertMail=True)
    indicator.deinit()
    start(indicator)
    price(indicator, SHORTS * 0.99)
    price(indicator, SHORTS)
    state = indicator.state
    assert (len(state["alerts"]), len(state["pushes"]), len(state["mails"])) == (0, 1, 1)
    assert state["mails"][0].startswith("Liqbands BTCUSD.r: BTCUSD.r: price")


def test_pushes_keep_the_terminals_limits(open_terminal: OpenTerminal) -> None:
    """Thirty bands in one fall: two a second and ten a minute, or pushes are switched off."""
    terminal = chart(open_terminal("LiqHeatmap"))
    terminal.inputs(AlertSweep=True, AlertTerminal=False, AlertPush=True)
    ladder = tuple(band(59_000.0 - 100 * i, side=Side.LONG) for i in range(30))
    put(terminal, frame(bands=(*BANDS[:1], *ladder)))
    start(terminal)
    for i in range(30):
        at(terminal, i)
        price(terminal, 59_100.0 - 100 * i)
    assert terminal.state["violations"] == []


@pytest.mark.parametrize("value", [0.0, float("nan"), float("inf"), -1.0])
def test_impossible_prices_say_nothing(indicator: Terminal, value: float) -> None:
    price(indicator, SHORTS * 0.99)
    assert price(indicator, value) == []
