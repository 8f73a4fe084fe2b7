"""Rows of a file are refused one by one, each with its reason; the others are all there."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liqbands.errors import MarketDataError
from liqbands_server.importing.file_rows import FileRows, Unsaid, read_rows

HOUR = 3_600_000
NOW = 2 * 10**12
N_ROWS = 24
FIRST = pd.Timestamp("2024-03-01", tz="UTC")

DEFECTS = {
    "text in a price": ("close", "n/c?", "column 'close': 'n/c?' is not a number"),
    "an empty price": ("open", "", "column 'open', bar 2024-03-01T05:00:00Z: nan is not a number"),
    "high below low": ("high", "1", "column 'high', bar 2024-03-01T05:00:00Z: 1.0 is below low"),
    "a negative volume": ("volume", "-3", "-3.0 must not be negative"),
    "an endless volume": ("volume", "inf", "must be finite"),
    "no time": ("time", "", "column 'time': nan is no time"),
    "a word for a time": ("time", "total", "column 'time': total is no time"),
    "a bar again": ("time", "2024-03-01 04:00:00+00:00", "is there already, in row 5"),
    "a bar to come": ("time", "2124-03-01 00:00:00+00:00", "bar 2124-03-01T00:00:00Z has not"),
}


def good_rows() -> pd.DataFrame:
    close = 100 + np.arange(N_ROWS, dtype=float)
    times = pd.date_range(FIRST, periods=N_ROWS, freq="h")
    columns = {"open": close, "high": close + 2, "low": close - 2, "close": close}
    table = pd.DataFrame({"time": times.astype(str), **columns, "volume": close * 2})
    return table.astype(object)


def read(table: pd.DataFrame, folder: Path, **unsaid: str) -> FileRows:
    path = folder / "BTCUSDT.csv"
    table.to_csv(path, index=False)
    return read_rows(path, Unsaid(**unsaid), NOW)  # type: ignore[arg-type]  # words of Unsaid


def hours(rows: FileRows) -> list[int]:
    return [int(time_ms - FIRST.value // 10**6) // HOUR for time_ms in rows.candles.open_time_ms]


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_broken_row_is_refused_alone(defect: str, tmp_path: Path) -> None:
    column, value, reason = DEFECTS[defect]
    table = good_rows()
    table.loc[5, column] = value
    rows = read(table, tmp_path)
    assert [refused.row for refused in rows.refused] == [6]
    assert reason in rows.refused[0].reason
    assert hours(rows) == [hour for hour in range(N_ROWS) if hour != 5]


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.integers(6, N_ROWS - 1), st.sampled_from(sorted(set(DEFECTS) - {"a bar again"}))
    )
)
def test_exactly_the_broken_rows_are_refused(tmp_path: Path, broken: dict[int, str]) -> None:
    table = good_rows()
    for row, defect in broken.items():
        column, value, _ = DEFECTS[defect]
        table.loc[row, column] = value
    rows = read(table, tmp_path)
    assert [refused.row - 1 for refused in rows.refused] == sorted(broken)
    kept = [hour for hour in range(N_ROWS) if hour not in broken]
    assert hours(rows) == kept
    assert rows.candles.close.tolist() == [100.0 + hour for hour in kept]


def test_a_repaired_row_stands_in_for_the_broken_one(tmp_path: Path) -> None:
    table = pd.concat([good_rows(), good_rows().iloc[[5]]], ignore_index=True)
    table.loc[5, "high"] = 1
    rows = read(table, tmp_path)
    assert [refused.row for refused in rows.refused] == [6]
    assert hours(rows) == list(range(N_ROWS))


def test_newest_first_is_read_as_well(tmp_path: Path) -> None:
    rows = read(good_rows().iloc[::-1], tmp_path)
    assert not rows.refused
    assert rows.candles.close.tolist() == [100.0 + hour for hour in range(N_ROWS)]


def test_a_heading_in_the_middle_is_refused_alone(tmp_path: Path) -> None:
    half = good_rows()
    heading = pd.DataFrame([list(half.columns)], columns=half.columns)
    rows = read(pd.concat([half.iloc[:10], heading, half.iloc[10:]]), tmp_path)
    assert [refused.row for refused in rows.refused] == [11]
    assert hours(rows) == list(range(N_ROWS))


def test_open_interest_of_the_next_row_is_waited_for(tmp_path: Path) -> None:
    table = good_rows().assign(oi_open=np.arange(N_ROWS) + 7.0)
    rows = read(table, tmp_path)
    assert [refused.row for refused in rows.refused] == [N_ROWS]
    assert "next row" in rows.refused[0].reason
    assert rows.candles.open_interest.tolist() == [hour + 8.0 for hour in range(N_ROWS - 1)]


def test_the_market_is_found_in_the_columns(tmp_path: Path) -> None:
    rows = read(good_rows().assign(venue="okx", symbol="ETH/USDT:USDT"), tmp_path)
    assert (rows.instrument.venue, rows.instrument.symbol) == ("okx", "ETH/USDT:USDT")


def test_what_the_user_says_wins(tmp_path: Path) -> None:
    rows = read(good_rows(), tmp_path, venue="bybit", symbol="ETHUSD", timeframe="30m")
    assert rows.instrument.ticker == "BYBIT:ETHUSD"
    assert rows.candles.timeframe_ms == HOUR // 2


def test_a_clock_is_believed(tmp_path: Path) -> None:
    table = good_rows().assign(time=lambda rows: rows["time"].str.removesuffix("+00:00"))
    rows = read(table, tmp_path, time_zone="Etc/GMT-2")
    assert hours(rows)[0] == -2


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("time", "BTCUSDT.csv: no column 'time'"),
        ("close", "BTCUSDT.csv: no column 'close'"),
    ],
)
def test_a_file_without_a_column_is_refused(column: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(MarketDataError, match=message):
        read(good_rows().drop(columns=column), tmp_path)


def test_a_file_of_broken_rows_is_refused_with_the_first_reason(tmp_path: Path) -> None:
    with pytest.raises(MarketDataError, match="no row can be used; row 1: column 'low'"):
        read(good_rows().assign(low=-1), tmp_path)


def test_a_timeframe_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MarketDataError, match="timeframe cannot be 1d"):
        read(good_rows(), tmp_path, timeframe="1d")
    with pytest.raises(ValueError, match="timeframe must be one of"):
        read(good_rows(), tmp_path, timeframe="61")


def test_thousands_of_broken_rows_are_told_quickly(tmp_path: Path) -> None:
    table = pd.concat([good_rows()] * 400, ignore_index=True).astype({"close": float})
    table["time"] = pd.date_range(FIRST, periods=len(table), freq="h").astype(str)
    table.loc[::5, "close"] = 10**9
    rows = read(table, tmp_path)
    assert len(rows.refused) == len(table) / 5
