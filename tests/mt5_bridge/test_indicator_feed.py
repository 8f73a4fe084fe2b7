"""Which file a chart shows: by the user, by the server's table, by its own symbol and timeframe."""

from dataclasses import replace

import numpy as np
import pytest
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.host.terminal import Terminal
from tests.mt5_bridge.scenes import FEED, NOW, SUMMER, SYMBOL, at, chart, frame, put, start

from liqbands_mt5.encode import encode


@pytest.fixture
def indicator(open_terminal: OpenTerminal) -> Terminal:
    return chart(open_terminal("LiqHeatmap"))


def test_the_chart_says_what_it_wants_once_a_minute(indicator: Terminal) -> None:
    start(indicator)
    wish = indicator.common / "Liqbands" / "want" / f"{FEED}_1m"
    assert wish.read_text() == f"{NOW} BTCUSD 1m {SYMBOL}\n"
    at(indicator, 59)
    assert wish.read_text().startswith(f"{NOW} ")
    at(indicator, 60)
    assert wish.read_text().startswith(f"{NOW + 60} ")


def ticks(indicator: Terminal, n: int) -> None:
    for _ in range(n):
        indicator.timer()


@pytest.mark.parametrize(
    ("there", "shown"), [("1m 5m 15m", "5m"), ("1m 15m", "1m"), ("15m 1h", "15m")]
)
def test_the_nearest_timeframe_that_is_not_coarser_is_shown(
    indicator: Terminal, there: str, shown: str
) -> None:
    """On a chart of five minutes; a coarser one only where there is nothing else."""
    indicator.symbol(SYMBOL, period=5)
    for timeframe in there.split():
        put(indicator, frame(1 if timeframe == shown else 2), timeframe)
    first = start(indicator).pixels()
    put(indicator, frame(7), shown)
    indicator.timer()
    assert not np.array_equal(indicator.pixels(), first)


@pytest.mark.parametrize(
    ("period", "timeframe"),
    [(1, "1m"), (2, "1m"), (10, "5m"), (30, "30m"), (16388, "4h"), (32769, "1d"), (49153, "1d")],
)
def test_every_period_has_its_timeframe(indicator: Terminal, period: int, timeframe: str) -> None:
    indicator.symbol(SYMBOL, period)
    start(indicator)
    assert [path.name for path in (indicator.common / "Liqbands/want").iterdir()] == [
        f"BTCUSD_{timeframe}"
    ]


def test_the_servers_table_names_the_feed(indicator: Terminal) -> None:
    folder = indicator.common / "Liqbands"
    folder.mkdir()
    (folder / "index.csv").write_text("# names\nbtcusd,BYBIT:BTCUSDT.P,Bitcoin\n")
    named = replace(frame(1), symbol="BYBIT:BTCUSDT.P")
    (folder / "BYBIT_BTCUSDT.P_1m.lhm").write_bytes(encode(named))
    assert start(indicator).words[1] == "BYBIT:BTCUSDT.P  1m  Bitcoin"
    assert (folder / "want" / "BYBIT_BTCUSDT.P_1m").read_text().split()[1] == "BYBIT:BTCUSDT.P"


def test_a_brokers_own_word_may_stand_in_the_table(indicator: Terminal) -> None:
    """Without the table, Bitcoin would end at its seventh letter."""
    indicator.symbol("Bitcoin")
    indicator.tick("Bitcoin", NOW + SUMMER, 60_059, 60_061)
    put(indicator, frame(1))
    (indicator.common / "Liqbands" / "index.csv").write_text("BITCOIN,BTCUSD,Bitcoin\n")
    assert start(indicator).words[:2] == ["Liqbands  live  0 s", "BTCUSD  1m  Bitcoin"]


def test_a_table_that_comes_later_is_used(indicator: Terminal) -> None:
    put(indicator, frame(1))
    start(indicator)
    (indicator.common / "Liqbands" / "index.csv").write_text("BTCUSD,XBTUSD\n")
    ticks(indicator, 20)
    assert indicator.words[:2] == ["Liqbands  no data yet: start the liqbands writer", "XBTUSD  1m"]
    assert (indicator.pixels() == 0).all()


def test_the_user_names_the_feed(indicator: Terminal) -> None:
    indicator.symbol("BITCOIN")
    indicator.tick("BITCOIN", NOW + SUMMER, 60_059, 60_061)
    indicator.inputs(Feed=" BTCUSD ")
    put(indicator, frame(1))
    assert start(indicator).words[0] == "Liqbands  live  0 s"
