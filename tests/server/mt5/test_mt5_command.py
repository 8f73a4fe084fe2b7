"""`liqbands mt5` and `liqbands mt5 install`: as a trader types them."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from tests.server.conftest import close_app
from tests.server.mt5.real_server import stored_minutes
from tests.server.running.servers import until
from tests.server.sample_store import BYBIT
from werkzeug.serving import make_server

from liqbands_mt5.decode import decode
from liqbands_mt5.installing import PROGRAMS, source_folder
from liqbands_server.cli.main import run
from liqbands_server.settings import Settings
from liqbands_server.web.app import create_app

COMMAND = "from liqbands_server.cli.main import run; run()"
N_FILES = sum(1 for path in source_folder().rglob("*") if path.is_file())
WITHOUT_UNIX = (
    "import sys; sys.modules |= dict.fromkeys(('fcntl', 'pwd', 'grp', 'resource', 'termios')); "
)

PACKAGE = """
import time
import numpy as np
TIMEFRAME_M1 = 1
RATES = [(name, "<f8") for name in ("open", "high", "low", "close")]
RATES = np.dtype([("time", "<i8"), *RATES, ("tick_volume", "<u8"), ("spread", "<i4")])
class Info: digits = 5
class Quote:
    def __init__(self):
        self.time = int(time.time()) + 7200
        self.time_msc = time.time_ns() // 1_000_000 + 7_200_000
def initialize(): return True
def last_error(): return (1, "Success")
def symbol_select(symbol, enable): return symbol == "EURUSDm"
def symbol_info(symbol): return Info()
def symbol_info_tick(symbol): return Quote()
def copy_rates_from_pos(symbol, timeframe, start, count):
    rows = np.zeros(min(count, 300), RATES)
    newest = int(time.time()) // 60 * 60 + 7200 - 60 * start
    rows["time"] = newest - 60 * np.arange(len(rows))[::-1]
    for name in ("open", "high", "low", "close"):
        rows[name] = 1.1
    return rows
"""
"""The package's functions that are used, as its documentation has them."""


def code_of(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        run([str(word) for word in words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert code_of(*words) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    return lines[0].removeprefix("error: ")


@pytest.fixture
def common(tmp_path: Path) -> Path:
    folder = tmp_path / "Common" / "Files"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def address(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the application, by the clock, on a store that may be written to."""
    own = shutil.copy(sample_store, tmp_path_factory.mktemp("served") / "own.db")
    app = create_app(Settings(store=str(own)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(10)
    server.server_close()
    close_app(app)


@contextmanager
def following(common: Path, address: str, *words: str, **more: str) -> Iterator[Path]:
    """Run the command until the block ends; give the file with what it says."""
    said = common / "said"
    command = [sys.executable, "-u", "-c", COMMAND, "mt5", "--terminal-common", str(common)]
    with said.open("w") as out:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--server", address, *words],
            stdout=out, stderr=out, env=os.environ | more, start_new_session=True,
        )  # fmt: skip
    try:
        yield said
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    assert "Traceback" not in said.read_text()


def test_one_round_writes_what_is_listed(
    address: str, common: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--symbols", f"{BYBIT}:5m,SIMUSD:1h", "--server", address, "--once")
    assert code_of("mt5", "--terminal-common", common.parent, *words) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"from {address} into {common / 'Liqbands'}"
    files = {path.name for path in (common / "Liqbands").iterdir()}
    assert files == {"BYBIT_SIMUSDT.P_5m.lhm", "ALL_SIMUSD.P_1h.lhm", "index.csv"}
    assert decode((common / "Liqbands/ALL_SIMUSD.P_1h.lhm").read_bytes()).symbol == "ALL:SIMUSD.P"


def test_charts_are_served_until_ctrl_c(address: str, common: Path) -> None:
    with following(common, address) as said:
        until(lambda: (common / "Liqbands/index.csv").is_file())
        want = common / "Liqbands/want"
        want.mkdir()
        now = int(said.stat().st_mtime)
        (want / "x").write_text(f"{now} {BYBIT} 15m SIM\n")
        until(lambda: "BYBIT_SIMUSDT.P_15m.lhm is there" in said.read_text())


def test_minutes_go_from_the_terminal_to_the_server(
    address: str, common: Path, tmp_path: Path
) -> None:
    (tmp_path / "MetaTrader5.py").write_text(PACKAGE)
    path = os.pathsep.join([str(tmp_path), *sys.path])
    with following(common, address, "--push", "EURUSDm=MYBROKER:EURUSD", PYTHONPATH=path):
        until(lambda: len(stored_minutes(address, "MYBROKER:EURUSD")) >= 299)
    times = stored_minutes(address, "MYBROKER:EURUSD")
    assert times == list(range(times[0], times[0] + 60 * len(times), 60))


def test_a_server_that_is_away_is_told(common: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--server", "http://127.0.0.1:9", "--once")
    said = refusal(capsys, "mt5", "--terminal-common", common, *words)
    assert said.startswith("server http://127.0.0.1:9 was not reached: ")


def test_what_the_server_does_not_know_is_told(
    address: str, common: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--symbols", "NOBODY", "--server", address, "--once")
    said = refusal(capsys, "mt5", "--terminal-common", common, *words)
    assert "NOBODY 5m: HTTP 404" in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--server", "ftp://x"], "server must be an address such as http://127.0.0.1:8765"),
        (["--symbols", "BTC USD"], "symbols must be written as BTCUSD:5m,ETHUSD:1h"),
        (["--symbols", ":5m"], "symbols must be written as BTCUSD:5m,ETHUSD:1h"),
        (["--push", "=EURUSD"], "push must be written as EURUSD,GOLD=XAUUSD"),
        (["--push", "EURUSD"], "push needs the package MetaTrader5"),
        (["--daylight", "mars"], "daylight must be us, eu or fixed, was 'mars'"),
        (["--terminal-common", "/no/such"], "terminal-common must be MetaTrader's folder"),
    ],
)
def test_a_mistake_is_answered_with_one_line(
    common: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert message in refusal(capsys, "mt5", "--terminal-common", common, *words)


def test_without_a_terminal_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert "start it once, or give its folder" in refusal(capsys, "mt5")
    assert "start it once, choose File > Open Data" in refusal(capsys, "mt5", "install")


def terminal(folder: Path) -> Path:
    """Make a terminal's data folder as MetaTrader does."""
    (folder / "MQL5/Include").mkdir(parents=True)
    (folder / "MQL5/Include/mine.mqh").write_text("mine")
    (folder / "origin.txt").write_text("C:\\Program Files\\A Broker", encoding="utf-16")
    return folder


@pytest.mark.parametrize("inner", ["", "MQL5"])
def test_the_sources_are_installed_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], inner: str
) -> None:
    folder = terminal(tmp_path / "terminal")
    for n_new in (N_FILES, 0):
        assert code_of("mt5", "install", "--terminal", folder / inner) == 0
        said = capsys.readouterr().out
        assert f"{n_new} of {N_FILES} files are new in {folder / 'MQL5'}" in said
    for program in PROGRAMS:
        path = folder / "MQL5" / (program.replace("\\", "/") + ".mq5")
        assert (
            path.read_bytes() == (source_folder() / path.relative_to(folder / "MQL5")).read_bytes()
        )
        assert program in said
    assert (folder / "MQL5/Include/mine.mqh").read_text() == "mine"


def test_an_older_source_is_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = terminal(tmp_path)
    code_of("mt5", "install", "--terminal", folder)
    (folder / "MQL5/Include/Liqbands/Clock.mqh").write_text("old")
    capsys.readouterr()
    code_of("mt5", "install", "--terminal", folder)
    assert f"1 of {N_FILES} files are new" in capsys.readouterr().out


def test_every_terminal_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    windows = terminal(tmp_path / "Roaming/MetaQuotes/Terminal/D0E8209F77C8CF37")
    roaming = tmp_path / ".wine/drive_c/users/me/AppData/Roaming"
    wine = terminal(roaming / "MetaQuotes/Terminal/A5CD0F2F1B2C3D4E")
    assert code_of("mt5", "install") == 0
    said = capsys.readouterr().out
    for folder in (windows, wine):
        assert (folder / "MQL5/Indicators/Liqbands/LiqHeatmap.mq5").is_file()
        assert f"{folder / 'MQL5'} (C:\\Program Files\\A Broker)" in said


def test_another_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(capsys, "mt5", "install", "--terminal", tmp_path)
    assert "terminal must be the folder that File > Open Data Folder opens" in said


def test_it_runs_where_nothing_of_unix_is(tmp_path: Path) -> None:
    folder = terminal(tmp_path)
    words = ["mt5", "install", "--terminal", str(folder)]
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", WITHOUT_UNIX + COMMAND, *words],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    away = [
        *words[:1],
        "--terminal-common",
        str(folder),
        "--server",
        "http://127.0.0.1:9",
        "--once",
    ]
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", WITHOUT_UNIX + COMMAND, *away],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stderr.startswith("error: server http://127.0.0.1:9 was not reached")
