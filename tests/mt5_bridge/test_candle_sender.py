"""Several symbols of a terminal that may go away, beside the work for the charts."""

from collections.abc import Sequence

import pytest
from tests.mt5_bridge.scenes import NOW
from tests.mt5_bridge.test_terminal_prices import FakeTerminal, Inbox

from liqbands_mt5.candle_sender import CandleSender
from liqbands_mt5.choices import ChoiceError, Pair, read_pairs, read_wished
from liqbands_mt5.sidecar import ServerAwayError, Together
from liqbands_mt5.terminal_prices import TerminalError, load_package

EURUSD = (Pair("EURUSD.r", "EURUSD"),)


def sender(terminal: FakeTerminal, inbox: Inbox) -> CandleSender:
    return CandleSender(terminal, EURUSD, inbox, days=1)


def run(work: CandleSender, terminal: FakeTerminal, seconds: Sequence[int]) -> list[str]:
    said: list[str] = []
    for second in seconds:
        terminal.utc = NOW + second
        said += work.step(terminal.utc)
    return said


def test_minutes_of_a_terminal_are_sent() -> None:
    terminal, inbox = FakeTerminal(), Inbox()
    assert run(sender(terminal, inbox), terminal, range(10)) == []
    assert inbox.times == list(range(NOW - 86_400 + 60, NOW, 60))


def test_a_terminal_that_went_away_is_looked_for_every_ten_seconds() -> None:
    terminal, inbox = FakeTerminal(), Inbox()
    work = sender(terminal, inbox)
    run(work, terminal, range(10))
    terminal.is_running = False
    said = run(work, terminal, range(60, 95))
    assert said == ["no bars of EURUSD.r: IPC timeout (-10005); trying again"]
    terminal.is_running = True
    assert run(work, terminal, range(95, 130)) == ["the terminal answers again"]
    assert inbox.times == list(range(NOW - 86_400 + 60, NOW + 120, 60))


def test_a_server_that_is_away_stops_the_round() -> None:
    def away(_: str, __: str) -> tuple[int, bytes]:
        raise ServerAwayError("away")

    terminal = FakeTerminal()
    work = CandleSender(terminal, EURUSD, away, days=1)
    work.step(NOW)
    terminal.utc += 1
    with pytest.raises(ServerAwayError):
        work.step(terminal.utc)


def test_parts_are_done_in_turn() -> None:
    class Counting:
        def __init__(self, name: str) -> None:
            self.name = name

        def step(self, now_s: float, /) -> tuple[str, ...]:
            return (f"{self.name} {now_s:.0f}",)

    assert Together((Counting("a"), Counting("b"))).step(7) == ("a 7", "b 7")


@pytest.mark.parametrize("text", ["=X", "A=", "A B", "A=B C", "A,=,B"])
def test_a_pair_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ChoiceError, match="push must be written as"):
        read_pairs(text)


@pytest.mark.parametrize("text", ["A B:5m", ":5m", "A::5m", "A,:"])
def test_a_feed_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ChoiceError, match="symbols must be written as"):
        read_wished(text)


def test_empty_lists_are_none() -> None:
    assert (read_pairs(" , "), read_wished("")) == ((), ())


def test_the_package_is_asked_for_only_when_it_is_needed() -> None:
    with pytest.raises(TerminalError, match="push needs the package MetaTrader5"):
        load_package()
