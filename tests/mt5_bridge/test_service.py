"""The service: frames from a server into files, the broker's closed minutes to the server."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.fake_server import FakeServer
from tests.mt5_bridge.host.terminal import NEW_FRAME, Terminal, WebAnswer
from tests.mt5_bridge.scenes import NOW, SUMMER, chart, frame, start

from liqbands_mt5.encode import encode

BROKER = "EURUSD.r"
TOKEN = "a-b_c"  # noqa: S105  # of a server in memory
NOT_REACHED: WebAnswer = (-1, b"", 5201)
NOT_ALLOWED: WebAnswer = (-1, b"", 4014)


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def service(open_terminal: OpenTerminal, server: FakeServer) -> Terminal:
    terminal = open_terminal("LiqBridge")
    terminal.clock(NOW, SUMMER)
    terminal.symbol("EURUSD", digits=5)
    terminal.charts([11, 12, 13])
    terminal.web(server)
    return terminal


def wish(terminal: Terminal, feed: str, timeframe: str = "1m", at: int = NOW) -> None:
    folder = terminal.common / "Liqbands" / "want"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{feed}_{timeframe}").write_text(f"{at} {feed} {timeframe} {feed}.r\n")


def minutes(n: int, end: int = NOW) -> NDArray[np.float64]:
    """Return so many minutes in the broker's time; the newest, at `end` - 60, is still open."""
    times = end + SUMMER + 60 * (np.arange(n) - n)
    price = 1.1 + 0.0001 * np.arange(n)
    return np.column_stack(
        [times, price, price + 0.0005, price - 0.0005, price, np.arange(n) + 100]
    )


def test_what_a_chart_wants_is_fetched(service: Terminal, server: FakeServer) -> None:
    wish(service, "BTCUSD")
    service.run(5000)
    assert (service.common / "Liqbands/BTCUSD_1m.lhm").read_bytes() == server.frames["BTCUSD"]
    assert (service.common / "Liqbands/index.csv").read_bytes() == server.index[1]
    state = service.state
    assert state["events"] == [[chart_id, NEW_FRAME, 7, "BTCUSD"] for chart_id in (11, 12, 13)]
    assert (state["violations"], state["open_files"]) == ([], 0)
    assert not list(service.common.rglob("*.tmp"))


def test_only_news_are_asked_for(service: Terminal, server: FakeServer) -> None:
    wish(service, "BTCUSD", "5m")
    service.run(5000)
    asked = [query for _, path, query in server.asked if path == "/mt5/v1/frame"]
    assert [query["since"] for query in asked] == ["0", "7", "7", "7", "7"]
    assert {query["timeframe"] for query in asked} == {"5m"}
    assert server.count("/mt5/v1/index") == 1


def test_a_file_that_was_deleted_is_fetched_again(service: Terminal, server: FakeServer) -> None:
    wish(service, "BTCUSD")
    path = service.common / "Liqbands/BTCUSD_1m.lhm"

    def delete(question: str) -> None:
        if "since=7" in question and path.exists():
            path.unlink()

    server.answer = delete
    service.run(5000)
    assert path.exists()


def test_an_old_wish_is_forgotten(service: Terminal, server: FakeServer) -> None:
    wish(service, "BTCUSD", at=NOW - 175)
    wish(service, "ETHUSD", at=NOW - 181)
    service.run(20_000)
    assert {query["symbol"] for _, _, query in server.asked if query} == {"BTCUSD"}
    assert server.count("/mt5/v1/frame") < 8


def test_the_user_lists_feeds(service: Terminal, server: FakeServer) -> None:
    server.frames["BYBIT:BTCUSDT.P"] = encode(frame(8, symbol="BYBIT:BTCUSDT.P"))
    service.inputs(Feeds=" BTCUSD:5m, BYBIT:BTCUSDT.P:1h,nonsense", Token=TOKEN, Url="http://a:1/")
    service.run(1000)
    assert (service.common / "Liqbands/BTCUSD_5m.lhm").exists()
    assert (service.common / "Liqbands/BYBIT_BTCUSDT.P_1h.lhm").exists()
    assert f"Authorization: Bearer {TOKEN}\r\n" in server.headers
    assert "not nonsense" in service.state["log"][0]


def test_an_unknown_feed_starves_no_other(service: Terminal, server: FakeServer) -> None:
    for feed in ("AAA", "BTCUSD", "ZZZ"):
        wish(service, feed)
    service.run(20_000)
    assert (service.common / "Liqbands/BTCUSD_1m.lhm").exists()
    asked = [query["symbol"] for _, _, query in server.asked if query]
    assert asked.count("BTCUSD") >= 19
    assert 2 <= asked.count("AAA") <= 4  # 5, 10, 20 seconds between
    assert "AAA 1m: HTTP 404" in service.state["log"][0]


def test_a_server_that_is_away_is_asked_less_and_less(
    service: Terminal, server: FakeServer
) -> None:
    """1 + 2 + 4 + 8 + 16 + 30 = 61 seconds."""
    for feed in ("BTCUSD", "ETHUSD"):
        wish(service, feed)
    server.answer = lambda _: NOT_REACHED
    service.run(60_000)
    assert len(server.asked) == 6
    assert service.state["log"] == [
        "LiqBridge: http://127.0.0.1:8765 was not reached, error 5201; trying again"
    ]


def test_a_server_that_comes_back_is_used_at_once(service: Terminal, server: FakeServer) -> None:
    wish(service, "BTCUSD")
    server.answer = lambda _: NOT_REACHED if len(server.asked) <= 4 else None
    service.run(20_000)
    assert (service.common / "Liqbands/BTCUSD_1m.lhm").exists()
    assert server.count("/mt5/v1/frame") >= 4


def test_a_missing_permission_names_menu_and_address(service: Terminal, server: FakeServer) -> None:
    server.answer = lambda _: NOT_ALLOWED
    service.run(5000)
    assert service.state["log"] == [
        "LiqBridge: add http://127.0.0.1:8765 at Tools > Options > Expert Advisors > "
        "Allow WebRequest for listed URL"
    ]


@pytest.mark.parametrize("bad", [b"", b"nonsense", encode(frame(9))[:-5]])
def test_a_bad_frame_is_not_published(service: Terminal, server: FakeServer, bad: bytes) -> None:
    wish(service, "BTCUSD")
    server.frames["BTCUSD"] = bad
    server.answer = lambda question: (200, bad) if "frame" in question else None
    service.run(3000)
    assert not (service.common / "Liqbands/BTCUSD_1m.lhm").exists()
    assert "bad frame of BTCUSD" in service.state["log"][0]


def test_a_busy_file_is_waited_for(service: Terminal) -> None:
    wish(service, "BTCUSD")
    service.run(3000, failing_moves=10)
    assert (service.common / "Liqbands/BTCUSD_1m.lhm").exists()
    assert not list(service.common.rglob("*.tmp"))


def test_a_file_that_stays_busy_is_told_and_leaves_nothing(service: Terminal) -> None:
    wish(service, "BTCUSD")
    service.run(3000, failing_moves=1000)
    assert any("cannot be written" in line for line in service.state["log"])
    assert not list(service.common.rglob("*.tmp"))


@pytest.fixture
def ending(open_terminal: OpenTerminal, tmp_path: Path) -> Callable[[str], str]:
    """Return what a terminal with this data folder puts at the end of temporary names."""

    def run(data_path: str) -> str:
        terminal = open_terminal("LiqBridge", data_path[3:], tmp_path / "shared")
        terminal.library.host_set_data_path(data_path.encode())
        terminal.clock(NOW)
        wish(terminal, "BTCUSD")
        terminal.web(FakeServer())
        terminal.run(300)
        return terminal.moved()[-1].split(".", 3)[-1]

    return run


def test_terminals_have_temporary_names_of_their_own(
    ending: Callable[[str], str], tmp_path: Path
) -> None:
    """What another terminal is writing is not deleted, what this one left behind is."""
    (tmp_path / "shared").mkdir()
    left = {}
    for path in ("C:\\one", "C:\\two"):
        left[path] = tmp_path / "shared/Liqbands" / f"X.lhm.1.{ending(path)}"
        left[path].write_bytes(b"half")
    ending("C:\\two")
    assert [path.exists() for path in left.values()] == [True, False]


def test_closed_minutes_are_sent_once_in_utc(service: Terminal, server: FakeServer) -> None:
    service.inputs(Candles=f" {BROKER} = EURUSD ")
    service.rates(BROKER, minutes(4))
    service.run(5000)
    first = NOW - 4 * 60
    assert server.pushed == [
        "# mt5 v1 symbol=EURUSD.r feed=EURUSD server_std_offset=7200 dst=us timeframe=1m\n"
        f"{first},1.10000,1.10050,1.09950,1.10000,100\n"
        f"{first + 60},1.10010,1.10060,1.09960,1.10010,101\n"
        f"{first + 120},1.10020,1.10070,1.09970,1.10020,102\n"
    ]


def times_of(texts: list[str]) -> list[int]:
    lines = [line for text in texts for line in text.splitlines() if line[0] != "#"]
    return [int(line.split(",")[0]) for line in lines]


def test_a_long_history_comes_in_parts_of_500(service: Terminal, server: FakeServer) -> None:
    service.inputs(Candles=f"{BROKER}=EURUSD", Days=1)
    service.rates(BROKER, minutes(3000))
    service.run(5000)
    assert [len(text.splitlines()) for text in server.pushed] == [501, 501, 442]
    assert times_of(server.pushed) == list(range(NOW - 60 * 1442, NOW - 60, 60))


def test_after_an_outage_the_rest_is_sent(service: Terminal, server: FakeServer) -> None:
    service.inputs(Candles=f"{BROKER}=EURUSD", Days=1)
    service.rates(BROKER, minutes(1200))
    failing = iter([None, (503, b"{}"), None, NOT_REACHED])
    server.answer = lambda question: next(failing, None) if "POST" in question else None
    service.run(90_000)
    assert times_of(server.pushed) == list(range(NOW - 60 * 1200, NOW - 60, 60))


def test_refused_candles_wait_a_minute(service: Terminal, server: FakeServer) -> None:
    service.inputs(Candles=f"{BROKER}=EURUSD")
    service.rates(BROKER, minutes(4))
    server.answer = lambda question: (400, b"line 1: no feed") if "POST" in question else None
    service.run(59_000)
    assert server.count("/mt5/v1/candles") == 1
    assert service.state["log"] == ["LiqBridge: candles of EURUSD.r: HTTP 400 line 1: no feed"]


def test_no_candle_is_sent_before_the_clock_is_known(service: Terminal, server: FakeServer) -> None:
    service.inputs(Candles=f"{BROKER}=EURUSD")
    service.rates(BROKER, minutes(4))
    service.clock(NOW, SUMMER, connected=False)
    service.run(5000)
    assert server.pushed == []


def test_an_unknown_symbol_is_told(service: Terminal) -> None:
    service.inputs(Candles="NOSUCH=EURUSD,odd")
    service.run(1000)
    assert service.state["log"] == [
        "LiqBridge: want broker=feed, e.g. EURUSD.r=EURUSD, not odd",
        "LiqBridge: this broker has no symbol NOSUCH",
    ]


def test_the_indicator_draws_what_the_service_wrote(
    service: Terminal, open_terminal: OpenTerminal
) -> None:
    indicator = chart(open_terminal("LiqHeatmap", "other", service.common))
    start(indicator)
    assert (indicator.pixels() == 0).all()
    service.run(1000)
    indicator.event(NEW_FRAME, "BTCUSD")
    assert (indicator.pixels() != 0).any()


def test_a_day_of_new_frames_ends_with_the_last(service: Terminal, server: FakeServer) -> None:
    """Asked every 10 seconds for 24 hours; another frame every 100 questions."""
    service.inputs(Feeds="BTCUSD:1m", PollMs=10_000)
    frames = [encode(frame(seq)) for seq in range(1, 9)]

    def renew(_: str) -> None:
        server.frames["BTCUSD"] = frames[len(server.asked) // 100 % 8]

    server.answer = renew
    service.run(86_400_000)
    state = service.state
    written = (service.common / "Liqbands/BTCUSD_1m.lhm").read_bytes()
    assert server.frames["BTCUSD"] == written
    assert len(state["events"]) > 3 * 90
    assert (state["open_files"], state["violations"]) == (0, [])


def test_the_self_test_passes(open_terminal: OpenTerminal) -> None:
    script = open_terminal("TestLiqbands")
    script.run(0)
    log = script.state["log"]
    assert log[-1].startswith("Liqbands self test: ")
    assert log[-1].endswith(" passed, 0 failed"), log
    assert len(log) == 1
