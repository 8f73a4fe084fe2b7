"""Candles and instruments from files: made up ones, and the recorded markets where present."""

import csv
import gzip
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from liqbands.errors import LiqbandsError, MarketDataError
from liqbands.instrument import ContractKind, Instrument, MarketKind
from liqbands_server.files import guess_instrument, guess_venue, read_candles
from liqbands_server.settings import data_folder

HOUR = 3_600_000
NEW_YEAR_2024 = 1_704_067_200_000
YEAR_2015 = 1_420_070_400_000
HEADER = "time,open,high,low,close,volume,open_interest\n"
ROWS = "2024-01-01 00:00,1,2,1,2,5,10\n2024-01-01 01:00,2,3,2,3,6,11\n"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def assert_two_bars(path: Path, **options: Any) -> None:
    candles = read_candles(path, **options)
    assert candles.open_time_ms.tolist() == [NEW_YEAR_2024, NEW_YEAR_2024 + HOUR]
    assert candles.close.tolist() == [2, 3]
    assert candles.volume.tolist() == [5, 6]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_text_is_read_whatever_separates_its_columns(tmp_path: Path, separator: str) -> None:
    assert_two_bars(write(tmp_path, "a.csv", (HEADER + ROWS).replace(",", separator)))


def test_a_packed_text_is_read_whatever_its_name(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + ROWS).encode())
    assert_two_bars(write(tmp_path, "a.csv.gz", packed))
    assert_two_bars(write(tmp_path, "b.csv", packed))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_text_of_windows_is_read(tmp_path: Path, encoding: str) -> None:
    text = (HEADER + ROWS).replace("\n", "\r\n")
    assert_two_bars(write(tmp_path, "a.csv", text.encode(encoding)))


def test_parquet_is_read(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"ts": [NEW_YEAR_2024, NEW_YEAR_2024 + HOUR], "open": [1, 2], "high": [2, 3],
         "low": [1, 2], "close": [2, 3], "volume": [5, 6]}
    )  # fmt: skip
    table.to_parquet(tmp_path / "a.parquet")
    assert_two_bars(tmp_path / "a.parquet")


def test_an_export_of_metatrader_5_is_read(tmp_path: Path) -> None:
    text = (
        "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
        "2024.01.01\t02:00:00\t1\t2\t1\t2\t5\t0\t9\n2024.01.01\t03:00:00\t2\t3\t2\t3\t6\t0\t9\n"
    )
    assert_two_bars(write(tmp_path, "EURUSD_H1.csv", text))


def test_an_export_of_metatrader_4_needs_no_header(tmp_path: Path) -> None:
    text = "2024.01.01,02:00,1,2,1,2,5\n2024.01.01,03:00,2,3,2,3,6\n"
    assert_two_bars(write(tmp_path, "EURUSD60.csv", text))


def test_an_archive_of_binance_needs_no_header(tmp_path: Path) -> None:
    rows = [f"{NEW_YEAR_2024 + i * HOUR},{1 + i},{2 + i},{1 + i},{2 + i},{5 + i},0,9,3,2,8,0"
            for i in range(2)]  # fmt: skip
    path = write(tmp_path, "BTCUSDT-1h-2024-01.csv", "\n".join(rows))
    assert_two_bars(path)
    assert read_candles(path).taker_buy_volume.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [10, 11]),
        ({"venue": "bybit"}, [11, np.nan]),
        ({"venue": "Binance"}, [11, np.nan]),
        ({"venue": "bybit", "open_interest_at": "close"}, [10, 11]),
        ({"open_interest_at": "open"}, [11, np.nan]),
    ],
)
def test_open_interest_is_taken_when_the_venue_takes_it(
    tmp_path: Path, options: dict[str, Any], expected: list[float]
) -> None:
    candles = read_candles(write(tmp_path, "a.csv", HEADER + ROWS), **options)
    np.testing.assert_array_equal(candles.open_interest, expected)


def test_the_folders_name_tells_the_venue_too(tmp_path: Path) -> None:
    folder = tmp_path / "bybit_1h"
    folder.mkdir()
    assert np.isnan(read_candles(write(folder, "a.csv", HEADER + ROWS)).open_interest[-1])


def test_no_row_after_the_end_is_used(tmp_path: Path) -> None:
    bad_later = HEADER + ROWS + "2024-01-01 02:00,-1,0,0,0,0,99\n"
    candles = read_candles(
        write(tmp_path, "a.csv", bad_later), venue="bybit", end_ms=NEW_YEAR_2024 + 2 * HOUR
    )
    np.testing.assert_array_equal(candles.open_interest, [11, np.nan])
    assert candles.last_is_forming


SEVERAL = (
    "ts,venue,symbol,open,high,low,close\n0,okx,BTC-USDT-SWAP,1,1,1,1\n0,okx,ETH-USDT-SWAP,2,2,2,2\n"
    "0,bybit,BTCUSDT,3,3,3,3\n"
)


@pytest.mark.parametrize("symbol", ["BTC", "BTCUSDT", "BTC/USDT:USDT", "btc-usdt-swap"])
def test_one_market_of_several_is_chosen(tmp_path: Path, symbol: str) -> None:
    path = write(tmp_path, "a.csv", SEVERAL)
    assert read_candles(path, venue="OKX", symbol=symbol).close.tolist() == [1]
    assert read_candles(path, venue="bybit").close.tolist() == [3]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "a.csv: venue must be one of bybit, okx$"),
        ({"venue": "okex"}, r"bybit, okx, was 'okex'; did you mean 'okx'\?"),
        ({"venue": "okx"}, "a.csv: symbol must be one of BTC-USDT-SWAP, ETH-USDT-SWAP$"),
        ({"venue": "bybit", "symbol": "ETH"}, "symbol must be one of BTCUSDT, was 'ETH'"),
    ],
)
def test_a_choice_not_made_lists_the_markets(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(MarketDataError, match=message):
        read_candles(write(tmp_path, "a.csv", SEVERAL), **options)


UNUSABLE: list[tuple[str, str | bytes, str]] = [
    ("empty.csv", "", "empty.csv: the file is empty"),
    ("header.csv", HEADER, "header.csv: the table has no rows"),
    ("one.csv", "open high low\n1 2 3\n", "one column only, 'open high low'; separate the col"),
    ("bare.csv", "1,2,3\n4,5,6\n", "bare.csv: the first line must name the columns"),
    ("long.csv", HEADER + ROWS.replace("\n", ",1\n"), "long.csv: is no CSV table"),
    ("bytes.csv", bytes(range(128, 256)), "bytes.csv: is no CSV table"),
    ("bad.parquet", b"PAR1 and no more", "bad.parquet: the Parquet file is damaged"),
    ("text.parquet", HEADER + ROWS, "text.parquet: is no Parquet file, whatever its name"),
    ("cut.csv.gz", gzip.compress((HEADER + ROWS).encode())[:-12], "the gzip file is damaged"),
    ("a.zip", b"PK\x03\x04rest", "a.zip: unpack it first"),
    ("no_time.csv", "day,open,high,low,close\n1,1,1,1,1\n", "no column 'time'.*found day, open"),
    ("word.csv", HEADER + ROWS.replace("6,11", "x,11"), "word.csv: column 'volume', bar .*'x' is"),
]


@pytest.mark.parametrize(("name", "content", "message"), UNUSABLE, ids=[u[0] for u in UNUSABLE])
def test_a_file_that_cannot_be_used_says_why(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(MarketDataError, match=message) as caught:
        read_candles(write(tmp_path, name, content))
    assert "\n" not in str(caught.value)


def test_a_missing_file_names_the_near_one(tmp_path: Path) -> None:
    write(tmp_path, "BTCUSDT.csv", HEADER)
    with pytest.raises(MarketDataError, match=r"no such file; did you mean 'BTCUSDT.csv'\?"):
        read_candles(tmp_path / "BTCUSD.csv")
    with pytest.raises(MarketDataError, match=r"nowhere/a.csv: there is no such file$"):
        read_candles("nowhere/a.csv")


def test_a_folder_lists_its_files(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER)
    with pytest.raises(MarketDataError, match=r"is a folder; name one of its files: a.csv"):
        read_candles(tmp_path)


@pytest.mark.parametrize(
    ("path", "symbol", "market"),
    [
        ("bybit_1h/BTCUSDT.parquet", "BTC/USDT:USDT", MarketKind.PERPETUAL),
        ("BTCUSDT/1h.csv", "BTC/USDT:USDT", MarketKind.PERPETUAL),
        ("BTC-USDT-1h.csv.gz", "BTC/USDT:USDT", MarketKind.PERPETUAL),
        ("hyperliquid/HYPE_1h.csv", "HYPE/USDC:USDC", MarketKind.PERPETUAL),
        ("binance_spot/ETHUSDC_5m.csv", "ETH/USDC", MarketKind.SPOT),
        ("eurusd_1h.parquet", "EURUSD", MarketKind.FOREX),
        ("GBPJPY_M15_2024.csv", "GBPJPY", MarketKind.FOREX),
        ("spy_1h.parquet", "SPY", MarketKind.STOCK),
        ("stocks/ibm_1d.csv", "IBM", MarketKind.STOCK),
        ("stocks/btc_1d.csv", "BTC/USDT:USDT", MarketKind.PERPETUAL),
    ],
)
def test_a_files_name_tells_the_instrument(path: str, symbol: str, market: MarketKind) -> None:
    guess = guess_instrument(path)
    assert (guess.symbol, guess.market) == (symbol, market)


@pytest.mark.parametrize(
    ("venue", "symbol", "kind", "size"),
    [
        ("okx", "BTC", ContractKind.LINEAR, 0.01),
        ("okx", "DOGE/USDT:USDT", ContractKind.LINEAR, 1000),
        ("bybit", "BTCUSD", ContractKind.INVERSE, 1),
        ("binance", "BTC/USD:BTC", ContractKind.INVERSE, 100),
        ("kraken", "BTCUSD", ContractKind.LINEAR, 1),
    ],
)
def test_the_venue_gives_the_contract(
    venue: str, symbol: str, kind: ContractKind, size: float
) -> None:
    guess = guess_instrument("a.csv", venue, symbol)
    assert (guess.contract_kind, guess.contract_size) == (kind, size)


def test_what_nothing_is_known_of_is_a_perpetual_that_never_closes() -> None:
    assert guess_instrument("data.csv") == Instrument("generic", "UNKNOWN/USDT:USDT")
    assert guess_venue("data.csv") is None


def test_forex_opens_on_sunday_evening_and_stocks_in_the_morning() -> None:
    assert guess_instrument("eurusd.csv").session == "1700-1700:23456"
    assert guess_instrument("spy.csv").session == "0930-1600:23456"
    assert guess_instrument("spy.csv").time_zone == "America/New_York"


def test_the_data_folder_may_be_named_with_or_without_market(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIQBANDS_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    (tmp_path / "market").mkdir()
    assert data_folder() == tmp_path / "market"


def test_a_data_folder_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIQBANDS_DATA", "/no/such/folder")
    with pytest.raises(LiqbandsError, match="LIQBANDS_DATA must name a folder, was '/no/such"):
        data_folder()


CANDLE_FOLDERS = (
    "bybit_1h",
    "binance_1m",
    "binance_5m",
    "binance_1h",
    "forex_stock/eur",
    "forex_stock/spy",
)


def catalog(market_folder: Path) -> list[dict[str, str]]:
    with (market_folder / "catalog.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["file"].startswith(CANDLE_FOLDERS)]


def test_every_recorded_market_is_read_as_the_catalog_says(market_folder: Path) -> None:
    rows = catalog(market_folder)
    assert len(rows) >= 15
    for row in rows:
        candles = read_candles(market_folder / row["file"])
        first, last = (datetime.fromisoformat(row[key]).timestamp() for key in ("first", "last"))
        seen = (len(candles), *(candles.open_time_ms[[0, -1]] / 1000))
        assert seen == (int(row["rows"]), first, last), row["file"]


def test_recorded_open_interest_is_moved_to_the_close(market_folder: Path) -> None:
    path = market_folder / "bybit_1h" / "BTCUSDT.parquet"
    published = pd.read_parquet(path)["open_interest"].to_numpy()
    np.testing.assert_array_equal(read_candles(path).open_interest[:-1], published[1:])


def test_a_recorded_gap_leaves_the_open_interest_unknown(market_folder: Path) -> None:
    candles = read_candles(market_folder / "binance_5m_2025-12" / "BTCUSDT.parquet")
    unknown = np.flatnonzero(np.isnan(candles.open_interest))
    assert len(unknown) == len(candles.gaps) + 1  # before each gap, and in the last bar


def test_recorded_liquidations_stay_unknown_where_the_file_is_silent(market_folder: Path) -> None:
    candles = read_candles(market_folder / "binance_1h_2024_liquidations" / "BTCUSDT.parquet")
    assert np.isnan(candles.long_liquidated).sum() == 19
    assert candles.long_liquidated[0] == pytest.approx(0.013)
    assert candles.open_interest[0] == pytest.approx(75_286.992)  # oi_close, not oi_open
    assert not candles.last_is_forming


def test_every_venue_of_the_recorded_file_can_be_chosen(market_folder: Path) -> None:
    path = market_folder / "multi_venue" / "candles_1h_multi_venue.parquet"
    table = pd.read_parquet(path)
    counted = table.groupby(["venue", "coin"]).size()
    for venue, coin in (("okx", "BTC"), ("binance", "HYPE"), ("dydx", "DOGE")):
        assert len(read_candles(path, venue=venue, symbol=coin)) == counted[venue, coin]


def weekend_share(market_folder: Path, zone: str, bar: int, weekday: int, hour: int) -> float:
    """Return how many weekends since 2015 have the bar before (0) or after (1) at that hour."""
    candles = read_candles(
        market_folder / "forex_stock" / "gbpusd_1h.parquet", time_zone=zone, start_ms=YEAR_2015
    )
    weekends = np.flatnonzero(np.diff(candles.open_time_ms) > 40 * HOUR)
    moments = [
        datetime.fromtimestamp(time_ms / 1000, ZoneInfo("America/New_York"))
        for time_ms in candles.open_time_ms[weekends + bar].tolist()
    ]
    return float(np.mean([(m.isoweekday(), m.hour) == (weekday, hour) for m in moments]))


def test_on_the_brokers_clock_the_week_opens_on_sunday_at_five(market_folder: Path) -> None:
    assert weekend_share(market_folder, "broker", bar=1, weekday=7, hour=17) > 0.99


def test_the_recorded_broker_keeps_european_summer_time(market_folder: Path) -> None:
    # Forex closes on Friday at 17:00 in New York: the last hour opens at 16:00 all year.  Read
    # on the usual broker's clock it is an hour off while only one side has changed its clocks.
    assert weekend_share(market_folder, "Europe/Athens", bar=0, weekday=5, hour=16) > 0.97
    assert weekend_share(market_folder, "broker", bar=0, weekday=5, hour=16) < 0.95
