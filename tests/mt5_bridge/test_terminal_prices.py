"""A broker's minutes through the package MetaTrader5, played by a terminal in memory."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.mt5_bridge.scenes import NOW, SUMMER

from liqbands_mt5.candle_push import read_push
from liqbands_mt5.terminal_prices import BrokerCandles, TerminalError, connect

# As the package documents them.
RATES = np.dtype(
    [
        ("time", "<i8"),
        ("open", "<f8"),
        ("high", "<f8"),
        ("low", "<f8"),
        ("close", "<f8"),
        ("tick_volume", "<u8"),
        ("spread", "<i4"),
        ("real_volume", "<u8"),
    ]
)


@dataclass
class FakeQuote:
    time: int
    time_msc: int


@dataclass
class FakeSymbol:
    digits: int = 5


class FakeTerminal:
    """The functions of the package that are used, with what they return."""

    TIMEFRAME_M1 = 1

    def __init__(self, n_bars: int = 3000) -> None:
        self.utc = NOW
        self.n_bars = n_bars
        self.is_open = True
        self.is_running = True

    def initialize(self) -> bool:
        return self.is_running

    def last_error(self) -> tuple[int, str]:
        return (1, "Success") if self.is_running else (-10005, "IPC timeout")

    def symbol_select(self, symbol: str, enable: bool, /) -> bool:
        return enable and symbol == "EURUSD.r"

    def symbol_info(self, symbol: str, /) -> FakeSymbol | None:
        return FakeSymbol() if symbol == "EURUSD.r" else None

    def symbol_info_tick(self, symbol: str, /) -> FakeQuote | None:
        moment = self.utc if self.is_open else NOW - 40_000
        shown = moment + SUMMER
        return FakeQuote(shown, 1000 * shown) if symbol == "EURUSD.r" else None

    def copy_rates_from_pos(
        self, symbol: str, timeframe: int, start_pos: int, count: int, /
    ) -> NDArray[np.void] | None:
        if not self.is_running or symbol != "EURUSD.r" or timeframe != 1:
            return None
        newest = self.utc // 60 * 60 + SUMMER - 60 * start_pos
        n = min(count, self.n_bars)
        rows = np.zeros(n, RATES)
        rows["time"] = newest - 60 * np.arange(n)[::-1]
        rows["open"] = rows["close"] = 1.1
        rows["high"], rows["low"], rows["tick_volume"] = 1.2, 1.0, 57
        return rows


class Inbox:
    """The server's side."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.answer: tuple[int, bytes] = (204, b"")

    def __call__(self, path: str, text: str) -> tuple[int, bytes]:
        assert path == "/mt5/v1/candles"
        self.texts.append(text)
        return self.answer

    @property
    def times(self) -> list[int]:
        return [bar.open_time_s for text in self.texts for bar in read_push(text).bars]


@pytest.fixture
def terminal() -> FakeTerminal:
    return FakeTerminal()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def steps(
    candles: BrokerCandles, terminal: FakeTerminal, inbox: Inbox, n: int, by: int = 1
) -> list[str]:
    said = []
    for _ in range(n):
        said.append(candles.step(terminal.utc, inbox))
        terminal.utc += by
    return [line for line in said if line]


def test_a_day_is_sent_in_parts_each_minute_once(terminal: FakeTerminal, inbox: Inbox) -> None:
    candles = BrokerCandles(terminal, "EURUSD.r", "EURUSD", days=1)
    assert steps(candles, terminal, inbox, 10) == []
    assert [text.count("\n") for text in inbox.texts] == [501, 501, 440]
    assert inbox.times == list(range(NOW - 86_400 + 60, NOW, 60))
    assert inbox.texts[0].splitlines()[:2] == [
        "# mt5 v1 symbol=EURUSD.r feed=EURUSD server_std_offset=7200 dst=us timeframe=1m",
        f"{NOW - 86_400 + 60},1.10000,1.20000,1.00000,1.10000,57",
    ]


def test_later_every_closed_minute_is_sent(terminal: FakeTerminal, inbox: Inbox) -> None:
    candles = BrokerCandles(terminal, "EURUSD.r", "EURUSD", days=1)
    steps(candles, terminal, inbox, 300, by=1)
    assert inbox.times[-4:] == [NOW + 60 * minute for minute in range(4)]
    assert len(inbox.texts) == 3 + 4


def test_nothing_is_sent_before_a_quote_moves(terminal: FakeTerminal, inbox: Inbox) -> None:
    """A closed market shows the last quote of Friday: it says nothing about the clock."""
    terminal.is_open = False
    candles = BrokerCandles(terminal, "EURUSD.r", "EURUSD")
    steps(candles, terminal, inbox, 5)
    assert inbox.texts == []
    terminal.is_open = True
    steps(candles, terminal, inbox, 2)
    assert len(inbox.texts) == 2


def test_refused_minutes_are_sent_again(terminal: FakeTerminal, inbox: Inbox) -> None:
    candles = BrokerCandles(terminal, "EURUSD.r", "EURUSD", days=1)
    inbox.answer = (503, b"busy")
    assert steps(candles, terminal, inbox, 60) == ["candles of EURUSD.r: HTTP 503 busy"]
    inbox.texts.clear()
    inbox.answer = (200, b"line 3: bad\n")
    assert steps(candles, terminal, inbox, 2) == ["candles of EURUSD.r: line 3: bad"]
    assert inbox.times[0] == NOW - 86_400 + 120


def test_a_short_history_is_enough(inbox: Inbox) -> None:
    terminal = FakeTerminal(n_bars=10)
    steps(BrokerCandles(terminal, "EURUSD.r", "EURUSD"), terminal, inbox, 4)
    assert inbox.times == list(range(NOW - 600, NOW, 60))


def test_a_terminal_that_goes_away_is_told(terminal: FakeTerminal, inbox: Inbox) -> None:
    candles = BrokerCandles(terminal, "EURUSD.r", "EURUSD")
    steps(candles, terminal, inbox, 2)
    terminal.is_running = False
    with pytest.raises(TerminalError, match=r"no bars of EURUSD\.r: IPC timeout"):
        candles.step(terminal.utc, inbox)


def test_connecting_needs_a_terminal_and_its_symbols(terminal: FakeTerminal) -> None:
    connect(terminal, ["EURUSD.r"])
    with pytest.raises(TerminalError, match="this broker has no symbol 'GOLD'"):
        connect(terminal, ["GOLD"])
    terminal.is_running = False
    with pytest.raises(TerminalError, match="start MetaTrader 5 and log in"):
        connect(terminal, [])
