"""`liqbands import` and `liqbands export`: reports, refusals, and files that come back the same."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liqbands.instrument import Instrument, MarketKind
from liqbands_server.cli.main import run
from liqbands_server.importing import import_candles
from liqbands_server.importing.candle_import import How
from liqbands_server.store.candles import Written, read_candles
from liqbands_server.store.instruments import find_instrument
from liqbands_server.store.liquidations import read_liquidations
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

Command = Callable[..., tuple[int, str, str]]
TICKER = "BINANCE:BTCUSDT.P"
HOUR = 3_600_000
FIRST = pd.Timestamp("2025-01-01", tz="UTC")


def market(n_bars: int = 120, first_hour: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    close = 60_000 * np.exp(np.cumsum(rng.normal(0, 0.004, first_hour + n_bars)))[first_hour:]
    columns = {"open": close, "high": close * 1.003, "low": close * 0.997, "close": close}
    times = pd.date_range(FIRST + pd.Timedelta(hours=first_hour), periods=n_bars, freq="h")
    table = pd.DataFrame({"time": times, **columns, "volume": rng.uniform(500, 1500, n_bars)})
    return table.assign(oi_close=40_000 + np.cumsum(rng.normal(0, 100, n_bars)))


def events() -> pd.DataFrame:
    times = FIRST + pd.to_timedelta([1, 5, 5, 9_000_123], unit="ms")
    columns = {"side": ["long", "short", "short", "long"], "price": [1.1, 2.2, 2.2, 3.3]}
    return pd.DataFrame({"time": times, **columns, "contracts": [0.1, 0.2, 0.2, 0.3]})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of files, with a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIQBANDS_STORE", str(tmp_path / "store.db"))
    (tmp_path / "binance").mkdir()
    market().to_csv(tmp_path / "binance" / "BTCUSDT.csv", index=False)
    return tmp_path


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    def run_words(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            run(words)
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run_words


def stored(folder: Path) -> Store:
    return open_store(str(folder / "store.db"))


@pytest.mark.usefixtures("folder")
def test_an_import_tells_what_became_of_the_rows(command: Command) -> None:
    told = f"BTCUSDT.csv: {TICKER} 1h: 120 new, 0 same, 0 corrected, 0 refused\n"
    assert command("import", "binance/BTCUSDT.csv") == (0, told, "")
    again = f"BTCUSDT.csv: {TICKER} 1h: 0 new, 120 same, 0 corrected, 0 refused\n"
    assert command("import", "binance/BTCUSDT.csv", "--no-bands") == (0, again, "")


def test_corrections_and_refusals_are_counted(folder: Path, command: Command) -> None:
    command("import", "binance/BTCUSDT.csv", "--no-bands")
    table = market()
    table.loc[7, "volume"] = 1.0
    table.loc[8:30, "high"] = 2.0
    table.to_csv(folder / "binance" / "BTCUSDT.csv", index=False)
    _, told, _ = command("import", "binance/BTCUSDT.csv", "--no-bands")
    assert f"{TICKER} 1h: 0 new, 96 same, 1 corrected, 23 refused" in told
    assert re.search(r"  row 9 refused: column 'high', .*: 2\.0 is below low\n", told)
    assert told.endswith("  and 13 more rows\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "import needs at least one FILE"),
        (["nope.csv"], "nope.csv: there is no such file"),
        (["binance/BTCUSDT.csv", "--timeframe", "61"], "timeframe must be one of"),
        (["binance/BTCUSDT.csv", "--known-at", "dawn"], "known-at must be close or now"),
        (["binance/BTCUSDT.csv", "--open-interest-at", "x"], "open-interest-at must be open or"),
        (["binance/BTCUSDT.csv", "--store", "mysql://x"], "must be a file or postgresql://"),
        (["--liquidations", "binance/BTCUSDT.csv"], "no column for the price"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_imported_is_one_line(
    words: list[str], message: str, command: Command
) -> None:
    code, _, said = command("import", *words)
    assert code == 2
    assert said.startswith("error: ")
    assert message in said
    assert said.count("\n") == 1


def test_one_bad_file_does_not_stop_the_others(folder: Path, command: Command) -> None:
    (folder / "empty.csv").write_text("")
    code, told, said = command("import", "empty.csv", "binance/BTCUSDT.csv", "--no-bands")
    assert (code, "120 new" in told) == (2, True)
    assert said == "error: empty.csv: the file is empty\n"


def test_months_in_several_files_are_one_first_load(folder: Path, command: Command) -> None:
    files = []
    for month in (48, 0, 24):  # in the order of a careless shell
        files.append(str(folder / "binance" / f"BTCUSDT-{month}.parquet"))
        market(24, month).to_parquet(files[-1])
    command("import", *files, "--no-bands")
    store = stored(folder)
    with store.reading() as connection:
        found = find_instrument(connection, TICKER)
        rows = read_candles(connection, found.id, HOUR, 0, 2**62)
    store.close()
    assert found.base.anchor_ms == FIRST.value // 10**6
    assert found.base.first_load_done
    assert (rows.learnt_ms == rows.open_time_ms + HOUR).all()


@pytest.mark.parametrize(("known_at", "at_close"), [("close", True), ("now", False)])
def test_later_files_are_known_when_the_user_says(
    known_at: str, at_close: bool, folder: Path, command: Command
) -> None:
    command("import", "binance/BTCUSDT.csv", "--no-bands")
    market(1, 120).to_csv(folder / "binance" / "BTCUSDT.csv", index=False)
    words = ["binance/BTCUSDT.csv", "--timeframe", "1h", "--known-at", known_at]
    command("import", *words, "--no-bands")
    store = stored(folder)
    with store.reading() as connection:
        found = find_instrument(connection, TICKER)
        rows = read_candles(connection, found.id, HOUR, 0, 2**62)
    store.close()
    assert rows.open_time_ms[-1] == FIRST.value // 10**6 + 120 * HOUR
    assert (rows.learnt_ms[-1] == rows.open_time_ms[-1] + HOUR) == at_close


def test_hours_of_trading_come_with_the_market(folder: Path, command: Command) -> None:
    market(48).drop(columns="oi_close").to_csv(folder / "eurusd_1h.csv", index=False)
    command("import", "eurusd_1h.csv", "--no-bands")
    store = stored(folder)
    with store.reading() as connection:
        found = find_instrument(connection, "OTC:EURUSD").instrument
    store.close()
    assert (found.market, found.session) == (MarketKind.FOREX, "1700-1700:23456")
    assert found.time_zone == "America/New_York"


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_exported_candles_come_back_the_same(suffix: str, folder: Path, command: Command) -> None:
    command("import", "binance/BTCUSDT.csv", "--no-bands")
    name = str(folder / "out" / f"anything.{suffix}")
    assert command("export", "candles", TICKER, name) == (0, f"{name}: 120 rows\n", "")
    _, told, _ = command("import", name, "--no-bands")
    assert f"{TICKER} 1h: 0 new, 120 same, 0 corrected, 0 refused" in told
    assert [path.name for path in (folder / "out").iterdir()] == [f"anything.{suffix}"]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_exported_liquidations_come_back_the_same(
    suffix: str, folder: Path, command: Command
) -> None:
    command("import", "binance/BTCUSDT.csv", "--no-bands")
    events().to_csv(folder / "binance" / "BTCUSDT-events.csv", index=False)
    _, told, _ = command("import", "--liquidations", "binance/BTCUSDT-events.csv")
    assert f"{TICKER} liquidations: 4 new, 0 same" in told
    name = f"binance/BTCUSDT-again.{suffix}"
    command("export", "liquidations", TICKER, name)
    _, told, _ = command("import", "--liquidations", name)
    assert f"{TICKER} liquidations: 0 new, 4 same" in told


def test_imported_liquidations_count_as_known_at_once(folder: Path, command: Command) -> None:
    command("import", "binance/BTCUSDT.csv", "--no-bands")
    events().to_csv(folder / "binance" / "BTCUSDT-events.csv", index=False)
    command("import", "--liquidations", "binance/BTCUSDT-events.csv")
    store, start = stored(folder), FIRST.value // 10**6
    with store.reading() as connection:
        found = find_instrument(connection, TICKER)
        known = read_liquidations(connection, found.id, 0, 2**62, start + 5)
    store.close()
    assert (known.time_ms - start).tolist() == [1, 5, 5]
    assert known.side.tolist() == [1, -1, -1]


def test_longer_bars_are_built_and_open_ones_left_out(folder: Path, command: Command) -> None:
    market(60).to_csv(folder / "binance" / "BTCUSDT.csv", index=False)
    command("import", "binance/BTCUSDT.csv", "--no-bands")
    command("export", "candles", TICKER, "days.csv", "--timeframe", "1d")
    days, hours = pd.read_csv("days.csv"), market(60)
    assert days["close"].tolist() == hours["close"].iloc[[23, 47]].tolist()
    assert days["high"].iloc[1] == hours["high"].iloc[24:48].max()


@pytest.mark.usefixtures("folder")
def test_an_export_keeps_to_its_period_and_time(command: Command) -> None:
    command("import", "binance/BTCUSDT.csv", "--no-bands")
    period = ["--from", "2025-01-02", "--to", "2025-01-03"]
    command("export", "candles", TICKER, "day.csv", *period)
    assert pd.read_csv("day.csv")["close"].tolist() == market()["close"].iloc[24:48].tolist()
    command("export", "candles", TICKER, "day.csv", *period, "--as-of", "2025-01-02T06:00")
    assert len(pd.read_csv("day.csv")) == 6


@pytest.mark.usefixtures("folder")
def test_heatmap_and_bands_are_exported(command: Command) -> None:
    command("import", "binance/BTCUSDT.csv")
    assert command("export", "heatmap", TICKER, "heat.parquet")[0] == 0
    heat = pd.read_parquet("heat.parquet")
    assert heat["open_time_ms"].nunique() == 120
    assert ((heat["long_notional"] + heat["short_notional"]) > 0).all()
    assert command("export", "bands", TICKER, "bands.csv")[0] == 0
    bands = pd.read_csv("bands.csv")
    assert (bands["low"] < bands["high"]).all()
    assert bands.duplicated(["open_time_ms", "slot"]).sum() == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["candels", TICKER, "x.csv"], "what must be one of candles, liquidations, heatmap, bands"),
        (["candles", TICKER, "x.txt"], "output must end in .csv or .parquet"),
        (["candles", "BINANCE:NOPE", "x.csv"], "unknown symbol 'BINANCE:NOPE'"),
        (["candles", TICKER, "x.csv", "--from", "2030-01-01"], "has no bar of 1h"),
        (["candles", TICKER, "x.csv", "--timeframe", "5m"], "must be one of 1h"),
        (["candles", TICKER, "x.csv", "--as-of", "2100-01-01"], "must not lie in the future"),
        (["candles", TICKER, "x.csv", "--from", "y"], "from must be a date"),
        (["liquidations", TICKER, "x.csv"], "there is no liquidation"),
        (["bands", TICKER, "x.csv"], "there is no band"),
    ],
)
def test_what_cannot_be_exported_is_one_line(
    words: list[str], message: str, folder: Path, command: Command
) -> None:
    command("import", "binance/BTCUSDT.csv", "--no-bands")
    (folder / "x.csv").write_text("kept")
    code, _, said = command("export", *words)
    assert code == 2
    assert said.startswith("error: ")
    assert message in said
    assert said.count("\n") == 1
    assert (folder / "x.csv").read_text() == "kept"


def test_bars_are_imported_without_a_file(folder: Path) -> None:
    store = stored(folder)
    path = folder / "binance" / "BTCUSDT.csv"
    bybit = Instrument("bybit", "BTC/USDT:USDT")
    report = import_candles(store, path, bybit, how=How(bands=False))
    store.close()
    assert (report.ticker, report.written) == ("BYBIT:BTCUSDT.P", Written(new=120))
