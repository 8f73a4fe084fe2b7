"""Recorded files beside the simulated market: few, real, and imported once."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liqbands_server.running.found_files import MOST_FILES, PREFERRED, found_files, import_found
from liqbands_server.settings import Settings
from liqbands_server.store.changes import last_change
from liqbands_server.store.instruments import read_instruments
from liqbands_server.store.store import Store


def write_candles(path: Path) -> None:
    """Write two days of hours."""
    close = 100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0, 0.004, 48)))
    times = pd.date_range("2026-01-01", periods=48, freq="h", tz="UTC")
    columns = {"time": times, "open": close, "high": close, "low": close, "close": close}
    pd.DataFrame(columns).to_csv(path, index=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a file that can be used and one that cannot."""
    (tmp_path / "data").mkdir()
    write_candles(tmp_path / "data" / "bybit_ETHUSDT_1h.csv")
    (tmp_path / "data" / "broken.csv").write_text("neither,time\nnor,prices\n")
    return tmp_path / "data"


def tickers(store: Store) -> list[str]:
    with store.reading() as connection:
        return [stored.ticker for stored in read_instruments(connection)]


def n_changes(store: Store) -> int:
    with store.reading() as connection:
        return last_change(connection)


def test_what_can_be_used_is_imported_once(folder: Path, tmp_path: Path) -> None:
    settings = Settings(store=str(tmp_path / "store.db"), data=folder, log_format="json")
    import_found(settings)
    store = Store(settings.store)
    assert [ticker.split(":")[1] for ticker in tickers(store)] == ["ETHUSDT.P"]
    before = n_changes(store)
    import_found(settings)
    assert n_changes(store) == before > 0
    store.close()


def test_known_files_come_before_others_and_never_many(folder: Path) -> None:
    for i in range(MOST_FILES + 1):
        write_candles(folder / f"bybit_A{i}USDT_1h.csv")
    assert len(found_files(folder)) == MOST_FILES
    known = folder / PREFERRED[0]
    known.parent.mkdir()
    known.touch()
    assert found_files(folder) == [known]


def test_the_recorded_markets_are_found(market_folder: Path) -> None:
    assert [path.relative_to(market_folder).as_posix() for path in found_files(market_folder)] == [
        *PREFERRED
    ]
