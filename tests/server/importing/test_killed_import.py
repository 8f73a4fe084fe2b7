"""An import killed at any moment loses nothing, and the next one completes it."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from liqbands_server.importing import import_candles
from liqbands_server.importing.candle_import import BATCH, How
from liqbands_server.store.candles import CandleRows, read_candles
from liqbands_server.store.changes import last_change
from liqbands_server.store.instruments import read_instruments
from liqbands_server.store.opening import open_store

N_BARS = 45_000
MINUTE = 60_000
COMMAND = "from liqbands_server.cli.main import run; run()"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store.db")
    return str(request.getfixturevalue("postgres_address"))


@pytest.fixture(scope="module")
def candle_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(5)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.001, N_BARS)))
    columns = {"open": close, "high": close * 1.01, "low": close * 0.99, "close": close}
    columns |= {"volume": rng.uniform(0, 9, N_BARS), "oi_close": rng.uniform(5, 9, N_BARS)}
    times = pd.date_range("2025-01-01", periods=N_BARS, freq="min", tz="UTC")
    path = tmp_path_factory.mktemp("killed") / "BTCUSDT.parquet"
    pd.DataFrame({"time": times, **columns}).to_parquet(path)
    return path


@pytest.fixture(scope="module")
def undisturbed(candle_file: Path, tmp_path_factory: pytest.TempPathFactory) -> CandleRows:
    address = str(tmp_path_factory.mktemp("undisturbed") / "store.db")
    store = open_store(address)
    import_candles(store, candle_file, how=How(bands=False))
    store.close()
    return stored_rows(address)


def stored_rows(address: str) -> CandleRows:
    store = open_store(address)
    try:
        with store.reading() as connection:
            if store.is_file:
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            (stored,) = read_instruments(connection)
            return read_candles(connection, stored.id, MINUTE, 0, 2**62)
    finally:
        store.close()


def start_import(candle_file: Path, address: str) -> subprocess.Popen[str]:
    words = ["import", str(candle_file), "--store", address, "--no-bands"]
    return subprocess.Popen(  # noqa: S603 - this Python
        [sys.executable, "-c", COMMAND, *words], stdout=subprocess.PIPE, text=True
    )


def kill_after(process: subprocess.Popen[str], address: str, n_batches: int, rest: float) -> int:
    """Kill once so many batches are committed and some seconds have passed; count them."""
    until = time.monotonic() + 20
    n_committed = 0
    store = open_store(address)
    while time.monotonic() < until and process.poll() is None and n_committed < n_batches:
        with store.reading() as connection:
            n_committed = last_change(connection)
        time.sleep(0.005)
    time.sleep(rest)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)
    store.close()
    return n_committed


def assert_equal(rows: CandleRows, expected: CandleRows) -> None:
    for name in ("open_time_ms", "revision", "learnt_ms", "values"):
        wanted = getattr(expected, name)[: len(rows)]
        assert np.ascontiguousarray(getattr(rows, name)).tobytes() == wanted.tobytes()


def test_an_import_killed_several_times_ends_as_an_undisturbed_one(
    candle_file: Path, address: str, undisturbed: CandleRows
) -> None:
    chance = random.Random(address.partition(":")[0])  # noqa: S311 - moments of a test
    for n_batches in (1, 2) if address.endswith(".db") else (1,):
        killed = start_import(candle_file, address)
        n_committed = kill_after(killed, address, n_batches, chance.uniform(0, 0.2))
        rows = stored_rows(address)
        assert len(rows) >= min(n_committed * BATCH, N_BARS)
        assert_equal(rows, undisturbed)
    last = start_import(candle_file, address)
    assert f"{N_BARS - len(rows):,} new, {len(rows):,} same" in last.communicate(timeout=60)[0]
    assert_equal(stored_rows(address), undisturbed)
    assert len(stored_rows(address)) == N_BARS
