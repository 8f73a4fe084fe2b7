"""Small functions of the MQL5 sources, asked one by one."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.mt5_bridge.conftest import OpenTerminal

from liqbands_mt5.broker_clock import BrokerClock, Daylight
from liqbands_mt5.symbols import Alias, frame_file, index_text, normalize_symbol

Ask = Callable[[list[str]], list[str]]


@pytest.fixture
def ask(open_terminal: OpenTerminal) -> Ask:
    """Return what answers questions, words of a question separated by tabs."""

    def answers(questions: list[str]) -> list[str]:
        probe = open_terminal("Probe")
        (probe.common / "Liqbands").mkdir(exist_ok=True)
        (probe.common / "Liqbands" / "questions.txt").write_text("\n".join(questions))
        probe.run(0)
        log: list[str] = probe.state["log"]
        return log

    return answers


SYMBOLS = {
    "BTCUSD.r": "BTCUSD", "XAUUSDm": "XAUUSD", "#BTCUSD": "BTCUSD", "btcusd_i": "BTCUSD",
    "EURUSDpro": "EURUSD", "ETHUSD-ECN": "ETHUSD", "US500.cash": "US500", "BTCUSDT": "BTCUSDT",
    "..EURUSD": "EURUSD", "GOLD": "GOLD", "eurusd": "EURUSD", "": "", "#": "", "_.-": "",
}  # fmt: skip


def test_broker_symbols_become_names(ask: Ask) -> None:
    assert ask([f"symbol\t{symbol}" for symbol in SYMBOLS]) == list(SYMBOLS.values())


LETTERS = "aBc1#._- xYz9"


def test_python_and_mql5_agree_on_names(ask: Ask) -> None:
    drawn = np.random.default_rng(3).integers(0, len(LETTERS), (400, 9))
    names = ["".join(LETTERS[i] for i in row) for row in drawn] + list(SYMBOLS)
    assert ask([f"symbol\t{name}" for name in names]) == [normalize_symbol(n) for n in names]
    files = [frame_file(name, "5m").removesuffix("_5m.lhm") for name in names]
    assert ask([f"file\t{name}" for name in names]) == files


def test_the_servers_table_is_read(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "terminal" / "Common" / "Liqbands"
    folder.mkdir(parents=True)
    table = index_text(
        [Alias("gold", "XAUUSD", "Gold, spot"), Alias("Gold", "OTHER"), Alias("X", "Y")]
    )
    (folder / "index.csv").write_text(table)
    wanted = ["XAUUSD|Gold  spot", "Y|", "none|"]
    assert ask(["feed\tGOLD", "feed\tx", "feed\t#"]) == wanted


@pytest.mark.parametrize("rule", ["us", "eu", "fixed"])
def test_python_and_mql5_agree_on_the_clock(ask: Ask, rule: str) -> None:
    """Also where the clock skips an hour; the hour that comes twice is checked elsewhere."""
    clock = BrokerClock(7200, Daylight(rule))
    times = clock.broker_seconds(HOURS)
    found = ask([f"to_utc\t{rule}\t7200\t{time}" for time in times.tolist()])
    assert clock.utc_seconds(times).tolist() == list(map(int, found))


def test_feeds_become_file_names(ask: Ask) -> None:
    feeds = ["BYBIT:BTCUSDT.P", "btc/usd", "A_B-C.1", "..\\x"]
    wanted = ["BYBIT_BTCUSDT.P", "BTC_USD", "A_B-C.1", ".._X"]
    assert ask([f"file\t{feed}" for feed in feeds]) == wanted


def test_amounts_are_short(ask: Ask) -> None:
    amounts = {"0": "0", "999": "999", "1000": "1K", "999499": "999K", "999500": "1.0M"}
    amounts |= {"1.25e6": "1.2M", "999.6e6": "1.00B", "2.5e12": "2500.00B", "nan": "-"}
    assert ask([f"money\t{amount}" for amount in amounts]) == list(amounts.values())


def test_the_check_sum_is_zlibs(ask: Ask) -> None:
    """Of the text with the terminating zero."""
    words = ["123456789", "a", "Liqbands"]
    sums = [str(zlib.crc32(word.encode() + b"\0")) for word in words]
    assert ask([f"crc\t{word}" for word in words]) == sums


HOURS = np.arange(0, 4 * 365 * 24, 7) * 3600 + int(datetime(2023, 1, 1, tzinfo=UTC).timestamp())
SWITCHES = [
    int(datetime(*day, tzinfo=UTC).timestamp()) + offset
    for day in ((2024, 3, 10, 7), (2024, 11, 3, 6), (2025, 3, 30, 1), (2025, 10, 26, 1))
    for offset in (-3600, -1, 0, 1, 3600)
]
ZONES = {"us": "America/New_York", "eu": "Europe/Athens"}


def broker_time(utc: int, rule: str) -> int:
    """Return the clock of a broker at UTC+2 in winter, from the operating system's time zones."""
    if rule == "fixed":
        return utc + 7200
    offset = datetime.fromtimestamp(utc, ZoneInfo(ZONES[rule])).utcoffset()
    assert offset is not None
    shift = offset + (timedelta(hours=7) if rule == "us" else timedelta())
    return utc + int(shift.total_seconds())


@pytest.mark.parametrize("rule", ["us", "eu", "fixed"])
def test_the_brokers_clock_keeps_the_daylight_rule(ask: Ask, rule: str) -> None:
    times = [*HOURS.tolist(), *SWITCHES]
    wanted = [str(broker_time(utc, rule)) for utc in times]
    assert ask([f"to_broker\t{rule}\t7200\t{utc}" for utc in times]) == wanted


@pytest.mark.parametrize("rule", ["us", "eu", "fixed"])
def test_the_way_back_ends_where_it_began(ask: Ask, rule: str) -> None:
    """Except in the hour that comes twice, which is taken as its first, summer, half."""
    times = [*HOURS.tolist(), *SWITCHES]
    back = ask([f"to_utc\t{rule}\t7200\t{broker_time(utc, rule)}" for utc in times])
    for utc, found in zip(times, back, strict=True):
        twice = broker_time(utc - 3600, rule) == broker_time(utc, rule)
        assert int(found) == utc - 3600 * twice
