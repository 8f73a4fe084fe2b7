"""The emulator plays recorded files and the simulated exchange, and ends with its parent."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.emulator.market_clock import MarketClock
from tests.emulator.minutes import CoinMinutes
from tests.emulator.recorded_market import recorded_market
from tests.emulator.simulated_market import simulated_market

ROOT = Path(__file__).parents[3]
START_MS = 1_735_689_600_000
LAUNCH = """
import subprocess, sys
emulator = subprocess.Popen([sys.executable, "-m", "tests.emulator", "--history-days=1"],
                            stdout=subprocess.PIPE)
emulator.stdout.readline()
print(emulator.pid)
"""


def _bars(minutes: CoinMinutes, n: int) -> np.ndarray:
    """Return open, high, low, close, volume of bars of n minutes."""
    opened, high, low, close, volume = (
        getattr(minutes, name).reshape(-1, n) for name in ("open", "high", "low", "close", "volume")
    )
    columns = [opened[:, 0], high.max(1), low.min(1), close[:, -1], volume.sum(1)]
    return np.stack(columns, axis=1)


@pytest.mark.parametrize(
    ("folder", "n"),
    [("binance_1h_2024_liquidations", 60), ("binance_5m_2025-12", 5), ("binance_1m_2025-05", 1)],
)
def test_recorded_bars_are_kept_whole(market_folder: Path, folder: str, n: int) -> None:
    frame = pd.read_parquet(market_folder / folder / "BTCUSDT.parquet")
    played = _bars(recorded_market(market_folder / folder, ["BTC"])["BTC"], n)
    recorded = frame[["open", "high", "low", "close", "volume"]].to_numpy()
    times = frame["ts"].astype("datetime64[ms, UTC]").astype("int64").to_numpy()
    rows = (times - times[0]) // (n * 60_000)
    np.testing.assert_allclose(played[rows], recorded, rtol=1e-12)


def test_recorded_liquidations_are_kept(market_folder: Path) -> None:
    folder = market_folder / "binance_1h_2024_liquidations"
    frame = pd.read_parquet(folder / "ETHUSDT.parquet")
    minutes = recorded_market(folder, ["ETH"])["ETH"]
    assert minutes.long_liquidated.sum() == pytest.approx(frame["liq_long"].sum())
    assert minutes.short_liquidated.sum() == pytest.approx(frame["liq_short"].sum())


def test_the_simulated_crash_comes_soon_after_the_start() -> None:
    minutes = simulated_market("crash", ["BTC"], 1, START_MS, (0.5, 1))["BTC"]
    before, after = minutes.close[: 12 * 60], minutes.close[13 * 60 : 14 * 60]
    assert after.min() < 0.95 * before[-1]
    assert minutes.long_liquidated[13 * 60 :].sum() > minutes.long_liquidated[: 12 * 60].sum()


def test_time_stands_still_until_it_is_let_go() -> None:
    clock = MarketClock(START_MS, 0)
    time.sleep(0.02)
    assert clock.now_ms() == START_MS
    clock.run_at(1_000)
    time.sleep(0.02)
    assert clock.now_ms() >= START_MS + 20_000


def test_it_ends_with_its_parent() -> None:
    command = [sys.executable, "-c", LAUNCH]
    paths = os.pathsep.join(str(ROOT / name) for name in (".", "engine", "server"))
    said = subprocess.run(  # noqa: S603 - our own program
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        timeout=30,
        check=True,
    )
    process_id, until = int(said.stdout), time.monotonic() + 10
    while _runs(process_id):
        assert time.monotonic() < until
        time.sleep(0.1)


def _runs(process_id: int) -> bool:
    """Return whether a process is there and is not merely waiting to be buried."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return False
    return fields[0] != "Z"
