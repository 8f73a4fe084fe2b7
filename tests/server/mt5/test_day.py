"""A day of a terminal and the application, fast-forwarded: minutes go, pictures come back."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from flask import Flask
from numpy.typing import NDArray
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.host.terminal import Terminal, WebAnswer
from tests.mt5_bridge.scenes import NOW, SUMMER, chart, start
from tests.server.conftest import close_app
from tests.server.running.servers import until

from liqbands_mt5.decode import decode
from liqbands_mt5.frame import Frame
from liqbands_server.settings import Settings
from liqbands_server.web.app import create_app
from liqbands_server.web.context import context_of

STEP_S = 1_800
STEPS = 48
FIRST_S = NOW // STEP_S * STEP_S
HISTORY_MINUTES = 400
FILE = "Liqbands/MT5_EURUSD_15m.lhm"


class Day:
    """The application, and a broker whose minutes go on with every look at the table of names."""

    def __init__(self, store: Path) -> None:
        self.now_s = FIRST_S
        self.app: Flask = create_app(Settings(store=str(store)), now_ms=lambda: 1_000 * self.now_s)
        self.client = self.app.test_client()
        self.terminal: Terminal | None = None
        self.numbers: list[int] = []

    def web(self, method: str, url: str, _: str, body: bytes) -> WebAnswer:
        """Answer the terminal; time passes between its rounds."""
        parts = urlsplit(url)
        if parts.path.endswith("index") and self.terminal is not None:
            self.now_s += STEP_S
            self.terminal.rates("EURUSD.r", self.minutes())
        context_of(self.app).markets.refresh()  # a tenth of a second has passed
        answer = self.client.open(
            parts.path, method=method, query_string=parts.query, data=body or None,
            content_type="text/csv" if method == "POST" else None,
        )  # fmt: skip
        if answer.status_code == 200 and parts.path.endswith("frame"):
            self.numbers.append(decode(answer.data).seq)
        return answer.status_code, answer.data

    def minutes(self) -> NDArray[np.float64]:
        """Return the broker's minutes; the newest has just begun."""
        first = FIRST_S - 60 * HISTORY_MINUTES
        times = np.arange(first, self.now_s + 60, 60)
        price = 1.1 + 0.002 * np.sin(times / 3_000) + 0.0005 * np.sin(times / 199)
        return np.column_stack(
            [times + SUMMER, price, price + 2e-4, price - 2e-4, price, np.full(len(times), 9)]
        )

    @property
    def stored(self) -> list[int]:
        """Return when the stored minutes open, UTC seconds."""
        query = "symbol=MT5:EURUSD&timeframe=1m&countback=20000"
        found = self.client.get(f"/api/v1/candles?{query}").json
        assert found is not None
        return [bar["t"] // 1_000 for bar in found["bars"]]


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    made = Day(tmp_path / "day.db")
    yield made
    close_app(made.app)


def test_a_day_of_minutes_and_pictures(day: Day, open_terminal: OpenTerminal) -> None:
    service = open_terminal("LiqBridge")
    day.terminal = service
    service.clock(NOW, SUMMER)
    service.inputs(Candles="EURUSD.r=EURUSD", Feeds="EURUSD:15m", PollMs=60_000)
    service.web(day.web)
    service.run(60_000 * STEPS)
    until(lambda: day.stored[-1] == day.now_s - 60)
    assert day.stored == list(range(FIRST_S - 60 * HISTORY_MINUTES, day.now_s, 60))
    assert day.now_s - FIRST_S >= 86_400
    assert len(day.numbers) == len(set(day.numbers)) > STEPS - 5
    assert day.numbers == sorted(day.numbers)
    assert service.state["violations"] == []
    shown = decode((service.common / FILE).read_bytes())
    check_last(shown, day)
    words = drawn(open_terminal("LiqHeatmap", "other", service.common), shown).words
    assert words[0] == "Liqbands  live  0 s"
    assert "of the book" in words[2]


def check_last(shown: Frame, day: Day) -> None:
    """Check that the last picture shows the last but one round: it is fetched before candles go."""
    assert shown.relative
    assert shown.data_ms == 1_000 * (day.now_s - STEP_S)
    assert shown.grid is not None
    first_s, last_s = FIRST_S - 60 * HISTORY_MINUTES, day.now_s - STEP_S - 60
    assert shown.grid.levels.shape[1] == last_s // 900 - first_s // 900 + 1


def drawn(indicator: Terminal, shown: Frame) -> Terminal:
    """Return the indicator on the broker's chart at that moment."""
    price, moment = shown.reference_price, shown.data_ms // 1_000
    chart(indicator, price)
    indicator.symbol("EURUSD.r", 15, 5)
    indicator.clock(moment, SUMMER)
    indicator.tick("EURUSD.r", moment + SUMMER, price, price)
    indicator.bars(moment // 900 * 900 + SUMMER + 900 * (np.arange(400) - 399), price)
    indicator.window((300, 200), (0.99 * price, 1.01 * price), 200, 2)
    return start(indicator)
