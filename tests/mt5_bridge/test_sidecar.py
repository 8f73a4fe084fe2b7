"""The writer beside the terminals, against a server in memory and a real folder."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.scenes import NOW, at, chart, frame, start

from liqbands_mt5.encode import encode
from liqbands_mt5.sidecar import ServerAwayError, Sidecar, follow
from liqbands_mt5.wishes import Wish

Answer = tuple[int, bytes]


class Server:
    """Remembers what it was asked; frames and names are its content."""

    def __init__(self) -> None:
        self.frames = {"BTCUSD": encode(frame(7))}
        self.index: Answer = (200, b"BTCUSD,BTCUSD\n")
        self.asked: list[dict[str, str]] = []
        self.n_index = 0
        self.is_away = False

    def __call__(self, path: str, query: Mapping[str, str]) -> Answer:
        if self.is_away:
            raise ServerAwayError("127.0.0.1:8765 was not reached")
        if path.endswith("index"):
            self.n_index += 1
            return self.index
        self.asked.append(dict(query))
        data = self.frames.get(query["symbol"], b"")
        if not data:
            return 404, b"no such\nsymbol"
        is_same = len(data) > 20 and query["since"] == str(int.from_bytes(data[16:20], "little"))
        return (204, b"") if is_same else (200, data)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def sidecar(server: Server, tmp_path: Path) -> Sidecar:
    return Sidecar(server, tmp_path)


def wish(sidecar: Sidecar, feed: str, timeframe: str = "1m", time: int = NOW) -> None:
    want = sidecar.folder / "want"
    want.mkdir(parents=True, exist_ok=True)
    (want / feed).write_text(f"{time} {feed} {timeframe} x\n")


def test_what_a_chart_wants_is_there_after_one_step(sidecar: Sidecar, server: Server) -> None:
    wish(sidecar, "BTCUSD")
    assert sidecar.step(NOW) == ()
    assert (sidecar.folder / "BTCUSD_1m.lhm").read_bytes() == server.frames["BTCUSD"]
    assert (sidecar.folder / "index.csv").read_bytes() == server.index[1]


def test_the_indicator_draws_it(
    sidecar: Sidecar, tmp_path: Path, open_terminal: OpenTerminal
) -> None:
    """It asks by its file of wishes, and shows the answer at the next tick of its timer."""
    indicator = start(chart(open_terminal("LiqHeatmap", common=tmp_path)))
    assert (indicator.pixels() == 0).all()
    sidecar.step(NOW)
    at(indicator, 1)
    assert (indicator.pixels() != 0).any()


def test_only_news_are_fetched(sidecar: Sidecar, server: Server) -> None:
    wish(sidecar, "BTCUSD", "5m")
    for second in range(3):
        sidecar.step(NOW + second)
    server.frames["BTCUSD"] = encode(frame(8))
    sidecar.step(NOW + 3)
    sidecar.step(NOW + 4)
    assert [query["since"] for query in server.asked] == ["0", "7", "7", "7", "8"]
    assert {query["timeframe"] for query in server.asked} == {"5m"}


def test_names_are_fetched_once_a_minute(sidecar: Sidecar, server: Server) -> None:
    for second in (0, 1, 59, 60, 61, 120):
        sidecar.step(NOW + second)
    assert server.n_index == 3


def test_listed_feeds_need_no_chart(server: Server, tmp_path: Path) -> None:
    Sidecar(server, tmp_path, (Wish("BTCUSD", "1h"),)).step(NOW)
    assert (tmp_path / "Liqbands/BTCUSD_1h.lhm").exists()


def test_a_file_has_the_name_of_its_content(sidecar: Sidecar, server: Server) -> None:
    """The server knows other names for a feed; the table leads the indicator to this one."""
    server.frames["BITCOIN"] = encode(frame(3, symbol="BYBIT:BTCUSDT.P"))
    wish(sidecar, "BITCOIN")
    sidecar.step(NOW)
    assert (sidecar.folder / "BYBIT_BTCUSDT.P_1m.lhm").exists()


def test_a_file_that_was_deleted_comes_again(sidecar: Sidecar) -> None:
    wish(sidecar, "BTCUSD")
    sidecar.step(NOW)
    (sidecar.folder / "BTCUSD_1m.lhm").unlink()
    sidecar.step(NOW + 1)
    assert (sidecar.folder / "BTCUSD_1m.lhm").exists()


def test_an_unknown_feed_is_told_once_and_starves_no_other(
    sidecar: Sidecar, server: Server
) -> None:
    said: list[str] = []
    for second in range(100):
        for feed in ("AAA", "BTCUSD", "ZZZ"):
            wish(sidecar, feed, time=NOW + second)
        said += sidecar.step(NOW + second)
    assert said == ["AAA 1m: HTTP 404 no such symbol", "ZZZ 1m: HTTP 404 no such symbol"]
    asked = [query["symbol"] for query in server.asked]
    assert asked.count("BTCUSD") == 100
    assert asked.count("AAA") == 5  # after 5, 10, 20, 40 seconds


def test_a_feed_that_comes_back_is_used(sidecar: Sidecar, server: Server) -> None:
    wish(sidecar, "ETHUSD")
    sidecar.step(NOW)
    server.frames["ETHUSD"] = encode(frame(1, symbol="ETHUSD"))
    for second in range(6):
        assert sidecar.step(NOW + second) == ()
    assert (sidecar.folder / "ETHUSD_1m.lhm").exists()


@pytest.mark.parametrize("data", [b"x", encode(frame(9))[:-1]])
def test_a_bad_frame_is_told_and_not_written(sidecar: Sidecar, server: Server, data: bytes) -> None:
    server.frames["BTCUSD"] = data
    wish(sidecar, "BTCUSD")
    assert sidecar.step(NOW)[0].startswith("BTCUSD 1m: ")
    assert not (sidecar.folder / "BTCUSD_1m.lhm").exists()


def test_a_table_that_is_refused_keeps_the_old_one(sidecar: Sidecar, server: Server) -> None:
    sidecar.step(NOW)
    server.index = (503, b"")
    assert sidecar.step(NOW + 60) == ("table of names: HTTP 503",)
    assert (sidecar.folder / "index.csv").read_bytes() == b"BTCUSD,BTCUSD\n"


class Days:
    """A clock that moves only when somebody waits, and stops after a while."""

    def __init__(self, seconds: float) -> None:
        self.time = float(NOW)
        self.end = NOW + seconds
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.time += seconds
        return self.time >= self.end


def run(sidecar: Sidecar, days: Days, then: Callable[[], None] = lambda: None) -> list[str]:
    said: list[str] = []

    def wait(seconds: float) -> bool:
        then()
        return days.wait(seconds)

    follow(sidecar, now=days.now, wait=wait, tell=said.append)
    return said


def test_a_server_that_is_away_is_asked_less_and_less(sidecar: Sidecar, server: Server) -> None:
    server.is_away = True
    days = Days(90)
    assert run(sidecar, days) == ["127.0.0.1:8765 was not reached; trying again"]
    assert days.waits == [1, 2, 4, 8, 16, 30, 30]


def test_after_a_restart_of_the_server_it_goes_on(sidecar: Sidecar, server: Server) -> None:
    wish(sidecar, "BTCUSD")
    days = Days(30)

    def restart() -> None:
        server.is_away = NOW + 5 < days.time < NOW + 10
        server.frames["BTCUSD"] = encode(frame(int(days.time) - NOW + 10))

    assert run(sidecar, days, restart) == [
        "127.0.0.1:8765 was not reached; trying again",
        "the server answers again",
    ]
    assert days.waits[-5:] == [1, 1, 1, 1, 1]
    assert (sidecar.folder / "BTCUSD_1m.lhm").read_bytes()[16] > 30


def test_a_day_leaves_two_files(sidecar: Sidecar, server: Server) -> None:
    days = Days(86_400)
    frames = [encode(frame(seq)) for seq in range(1, 5)]

    def wait(_: float) -> bool:
        server.frames["BTCUSD"] = frames[int(days.time) // 60 % 4]
        wish(sidecar, "BTCUSD", time=int(days.time))
        return days.wait(60)

    follow(sidecar, now=days.now, wait=wait, tell=pytest.fail)
    assert sorted(path.name for path in sidecar.folder.iterdir()) == [
        "BTCUSD_1m.lhm", "index.csv", "want",
    ]  # fmt: skip
