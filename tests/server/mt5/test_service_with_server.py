"""The MQL5 service against a real gunicorn: frames out, candles in, restarts of either side."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.host.terminal import Terminal, WebAnswer
from tests.mt5_bridge.scenes import SUMMER, chart, start
from tests.server.mt5.real_server import RealServer, stored_minutes
from tests.server.sample_store import BYBIT, END_MS

from liqbands_mt5.decode import decode

NOW = END_MS // 1_000 + 10
FILE = "Liqbands/BYBIT_SIMUSDT.P_5m.lhm"
EURUSD = "MT5:EURUSD"
N_MINUTES = 1_200


def minutes(n: int) -> NDArray[np.float64]:
    """Return minutes in the broker's time, the newest still open."""
    times = NOW // 60 * 60 + SUMMER + 60 * (np.arange(n) - n + 1)
    price = 1.1 + 0.0001 * (np.arange(n) % 13)
    return np.column_stack([times, price, price + 0.0005, price - 0.0005, price, np.ones(n)])


UTC_MINUTES = [NOW // 60 * 60 - 60 * n for n in range(N_MINUTES - 1, 0, -1)]


@pytest.fixture
def open_service(open_terminal: OpenTerminal) -> Callable[..., Terminal]:
    """Return what starts a terminal with the service, asking for a frame and sending minutes."""

    def run(web: Callable[..., WebAnswer], name: str = "one", **inputs: object) -> Terminal:
        terminal = open_terminal("LiqBridge", name)
        terminal.clock(NOW, SUMMER)
        terminal.symbol("EURUSD", digits=5)
        terminal.rates("EURUSD", minutes(N_MINUTES))
        terminal.inputs(Feeds=f"{BYBIT}:5m", Candles="EURUSD=EURUSD", Days=1, **inputs)
        terminal.web(web)
        return terminal

    return run


OpenService = Callable[..., Terminal]


def test_frames_come_and_candles_go(
    real_server: RealServer, open_service: OpenService, open_terminal: OpenTerminal
) -> None:
    service = open_service(real_server.web)
    service.run(8_000)
    assert decode((service.common / FILE).read_bytes()).symbol == BYBIT
    assert stored_minutes(real_server.url, EURUSD) == UTC_MINUTES
    assert service.state["log"] == []
    price = decode((service.common / FILE).read_bytes()).reference_price
    indicator = open_terminal("LiqHeatmap", "two", service.common)
    indicator.inputs(Feed=BYBIT)
    assert (drawn(indicator, price).pixels() != 0).any()


def drawn(indicator: Terminal, price: float) -> Terminal:
    """Return the indicator on a chart around a price."""
    chart(indicator, price)
    indicator.clock(NOW, SUMMER)
    indicator.tick("BTCUSD.r", NOW + SUMMER, price - 0.05, price + 0.05)
    indicator.bars(NOW // 300 * 300 + SUMMER + 300 * (np.arange(400) - 399), price)
    indicator.window((300, 200), (0.8 * price, 1.2 * price), 200, 2)
    return start(indicator)


def test_a_terminal_that_was_restarted_sends_and_fetches_again(
    real_server: RealServer, open_service: OpenService
) -> None:
    first = open_service(real_server.web)
    first.run(8_000)
    (first.common / FILE).unlink()
    again = open_service(real_server.web, "one")
    again.run(8_000)
    assert (again.common / FILE).is_file()
    assert stored_minutes(real_server.url, EURUSD) == UTC_MINUTES
    assert again.state["log"] == []


def test_a_server_that_was_restarted_is_used_on(
    real_server: RealServer, open_service: OpenService
) -> None:
    """Stopped before the fourth question, there again at the tenth."""
    n_asked = 0

    def web(method: str, url: str, headers: str, body: bytes) -> WebAnswer:
        nonlocal n_asked
        n_asked += 1
        if n_asked == 4:
            real_server.stop()
        if n_asked == 10:
            real_server.start()
        return real_server.web(method, url, headers, body)

    service = open_service(web)
    service.run(120_000)
    assert stored_minutes(real_server.url, EURUSD) == UTC_MINUTES
    assert (service.common / FILE).is_file()
    assert service.state["log"] == [
        "LiqBridge: http://127.0.0.1:8765 was not reached, error 5201; trying again"
    ]


def test_what_the_server_refuses_is_said(
    real_server: RealServer, open_service: OpenService
) -> None:
    service = open_service(real_server.web, "other")
    service.inputs(Candles="EURUSD=BYBIT:EURUSD")
    service.run(3_000)
    assert len(service.state["log"]) == 1
    assert "candles of EURUSD: HTTP 400" in service.state["log"][0]
