"""Realised liquidations from files: made up ones, and the recorded feeds where present."""

from pathlib import Path

import numpy as np
import pytest

from liqbands.candles import Candles
from liqbands.errors import MarketDataError
from liqbands.market_data import Liquidations
from liqbands_server.files import read_candles
from liqbands_server.files.liquidation_files import read_liquidations, sides_from_prices
from liqbands_server.files.liquidation_totals import read_liquidation_totals

MINUTE = 60_000
HOUR = 60 * MINUTE
FILLS = "multi_venue/hyperliquid_liquidations_2025-05_06.parquet"
TOTALS = "binance_1h_2024_liquidations/ETHUSDT.parquet"


def write(folder: Path, text: str, name: str = "events.csv") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def falling_market() -> Candles:
    """Return an hour of minutes that falls from 100 by one a minute, close by close."""
    close = 100.0 - np.arange(60)
    return Candles.from_arrays(
        np.arange(60) * MINUTE, open=close, high=close, low=close, close=close
    )


def test_events_are_sorted_and_keep_their_values(tmp_path: Path) -> None:
    path = write(tmp_path, "time,side,price,size\n2000,long,9,2\n1000,short,10,3\n")
    events = read_liquidations(path)
    assert events.time_ms.tolist() == [1_000_000, 2_000_000]  # numbers this small are seconds
    assert events.side.tolist() == [-1, 1]
    assert events.price.tolist() == [10, 9]
    assert events.contracts.tolist() == [3, 2]


@pytest.mark.parametrize(
    ("first", "second"),
    [("buy", "sell"), ("BUY", "SELL"), ("B", "A"), ("b", "s"), ("short", "long"), ("s", "l"),
     ("-1", "1")],
)  # fmt: skip
def test_without_a_venue_the_side_is_that_of_the_closing_order(
    tmp_path: Path, first: str, second: str
) -> None:
    path = write(tmp_path, f"time,side,price,size\n1,{first},9,1\n2,{second},9,1\n")
    assert read_liquidations(path).side.tolist() == [-1, 1]  # a buy closes a short


@pytest.mark.parametrize("venue", ["bybit", "gate"])
def test_some_venues_name_the_position(tmp_path: Path, venue: str) -> None:
    text = "time,side,price,size\n1,buy,9,1\n2,sell,9,1\n"
    assert read_liquidations(write(tmp_path, text), venue=venue).side.tolist() == [1, -1]
    in_folder = write(tmp_path, text, f"{venue}_feed/events.csv")
    assert read_liquidations(in_folder).side.tolist() == [1, -1]
    assert read_liquidations(in_folder, side_means="order").side.tolist() == [-1, 1]


def test_the_positions_own_column_is_preferred(tmp_path: Path) -> None:
    text = "time,side,posSide,bkPx,sz\n1,sell,short,9,1\n2,sell,long,9,1\n"
    assert read_liquidations(write(tmp_path, text)).side.tolist() == [-1, 1]


def test_an_archive_of_binance_gives_fills_not_orders(tmp_path: Path) -> None:
    text = (
        "time,side,order_type,original_quantity,price,average_price,order_status,"
        "last_fill_quantity,accumulated_fill_quantity\n"
        "1,SELL,LIMIT,5,98,99,FILLED,1,4\n2,BUY,LIMIT,5,102,101,FILLED,1,5\n"
    )
    events = read_liquidations(write(tmp_path, text))
    assert events.side.tolist() == [1, -1]
    assert events.price.tolist() == [99, 101]
    assert events.contracts.tolist() == [4, 5]


def test_one_market_of_several_is_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, "time,coin,side,price,size\n1,BTC,long,9,1\n2,ETH,short,8,1\n")
    assert read_liquidations(path, symbol="ETH/USDT:USDT").price.tolist() == [8]
    with pytest.raises(MarketDataError, match=r"events.csv: symbol must be one of BTC, ETH$"):
        read_liquidations(path)


def test_a_few_events_of_one_side_are_believed(tmp_path: Path) -> None:
    path = write(tmp_path, "time,side,price,size\n1,long,9,1\n2,long,9,1\n")
    assert read_liquidations(path).side.tolist() == [1, 1]


def constant(folder: Path, column: str = ",S") -> Path:
    """Write 30 events, from minute 20 on, that all say the same; price as in the market."""
    head = "time_ms,price,size" + (",side" if column else "")
    rows = [f"{1_700_000_000_000 + m * MINUTE},{100 - m},1{column}" for m in range(20, 50)]
    return write(folder, "\n".join([head, *rows]))


@pytest.mark.parametrize("column", [",S", ",long", ""])
def test_a_side_that_never_changes_tells_nothing(tmp_path: Path, column: str) -> None:
    message = "events.csv: (column 'side' says '(S|long)' for all 30|no column for the side)"
    with pytest.raises(MarketDataError, match=message + ".*; give prices of the market"):
        read_liquidations(constant(tmp_path, column))


@pytest.mark.parametrize("column", [",S", ",short", ""])
def test_sides_come_from_the_move_then(tmp_path: Path, column: str) -> None:
    market = falling_market()
    later = Candles.from_arrays(
        market.open_time_ms + 1_700_000_000_000,
        **{name: getattr(market, name) for name in ("open", "high", "low", "close")},
    )
    events = read_liquidations(constant(tmp_path, column), prices=later)
    assert events.side.tolist() == [1] * 30  # falling prices liquidate longs


def test_the_move_is_that_of_a_quarter_of_an_hour() -> None:
    # At minute 20 the last bar closed a quarter of an hour before is that of minutes 4 to 5: 96.
    time = np.array([20 * MINUTE, 20 * MINUTE])
    assert sides_from_prices(time, np.array([95.9, 96.1]), falling_market()).tolist() == [1, -1]


@pytest.mark.parametrize("minute", [10, 120])
def test_prices_must_cover_what_came_before(minute: int) -> None:
    with pytest.raises(MarketDataError, match="do not cover the 15 minutes before event 1970-01"):
        sides_from_prices(np.array([minute * MINUTE]), np.array([1.0]), falling_market())


def test_hours_are_too_coarse_to_infer_sides() -> None:
    one = [1.0, 1.0]
    hours = Candles.from_arrays([0, HOUR], open=one, high=one, low=one, close=one)
    with pytest.raises(MarketDataError, match="15 minutes or shorter"):
        sides_from_prices(np.array([HOUR]), np.array([1.0]), hours)


UNUSABLE = [
    ("when,side,price,size\n1,long,9,1\n", "no column for the time: found when, side, price, size"),
    ("time,side,size\n1,long,9\n", "no column for the price.*it may be called average_price, fi"),
    ("time,side,price\n1,long,9\n", "no column for the size"),
    ("time,side,price,size\n1,up,9,1\n2,long,9,1\n", "'side': 'up' is no side; write long or"),
    ("time,side,price,size\n1,long,x,1\n", "column 'price', row 1970.*'x' is not a number"),
    ("time,side,price,size\n1,long,9,0\n", r"column 'size', row 1970.*0\)? must be positive"),
    ("time,side,price,size\n1,long,-9,1\n", "column 'price'.*-9.* must be positive"),
]


@pytest.mark.parametrize(("text", "message"), UNUSABLE)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MarketDataError, match="events.csv: .*" + message):
        read_liquidations(write(tmp_path, text))


def test_totals_are_read_with_or_without_silence(tmp_path: Path) -> None:
    path = write(tmp_path, f"ts,liq_long,liq_short\n{10 * HOUR},1.5,\n{11 * HOUR},,2\n")
    totals = read_liquidation_totals(path)
    np.testing.assert_array_equal(totals.long_liquidated, [1.5, np.nan])
    np.testing.assert_array_equal(totals.short_liquidated, [np.nan, 2])
    zero = read_liquidation_totals(path, silent_is_zero=True)
    assert (zero.long_liquidated.tolist(), zero.short_liquidated.tolist()) == ([1.5, 0], [0, 2])


def test_totals_find_their_bars(tmp_path: Path) -> None:
    text = f"ts,liq_long,liq_short\n{1_700_000_000_000 + MINUTE},5,6\n"
    market = falling_market()[:3]
    bars = Candles.from_arrays(
        market.open_time_ms + 1_700_000_000_000,
        open=market.open, high=market.high, low=market.low, close=market.close,
    )  # fmt: skip
    carrying = read_liquidation_totals(write(tmp_path, text)).onto(bars)
    np.testing.assert_array_equal(carrying.long_liquidated, [np.nan, 5, np.nan])
    np.testing.assert_array_equal(carrying.short_liquidated, [np.nan, 6, np.nan])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ts,liq_long\n1,2\n", "no column for the short liquidated: found ts, liq_long"),
        ("ts,liq_long,liq_short\n1,2,-3\n", "column 'liq_short', row 1970.*-3.* not be negative"),
        ("ts,liq_long,liq_short\n1,a,3\n", "column 'liq_long', row 1970.*'a' is not a number"),
    ],
)
def test_totals_that_cannot_be_used_say_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MarketDataError, match="events.csv: .*" + message):
        read_liquidation_totals(write(tmp_path, text))


def recorded(market_folder: Path, coin: str) -> tuple[Liquidations, Candles]:
    prices = read_candles(market_folder / f"binance_1m_2025-05/{coin}USDT.parquet")
    return read_liquidations(market_folder / FILLS, symbol=coin, prices=prices), prices


def test_recorded_fills_are_all_read(market_folder: Path) -> None:
    n = [len(recorded(market_folder, coin)[0].time_ms) for coin in ("BTC", "ETH")]
    assert n == [468, 354]  # 822 in the model description


@pytest.mark.parametrize("coin", ["BTC", "ETH"])
def test_recorded_longs_fall_near_the_low_and_shorts_near_the_high(
    market_folder: Path, coin: str
) -> None:
    # The inference uses the close 15 minutes before; the range of four hours is another witness.
    events, prices = recorded(market_folder, coin)
    bar = np.searchsorted(prices.open_time_ms, events.time_ms, side="right") - 1
    window = bar[:, None] - np.arange(240)
    middle = (prices.high[window].max(axis=1) + prices.low[window].min(axis=1)) / 2
    agree = np.where(events.price < middle, 1, -1) == events.side
    assert agree.mean() > 0.98
    assert set(events.side.tolist()) == {1, -1}


def test_recorded_fills_need_prices_to_have_sides(market_folder: Path) -> None:
    with pytest.raises(MarketDataError, match="column 'side' says 'S' for all 468 events"):
        read_liquidations(market_folder / FILLS, symbol="BTC")


def test_recorded_totals_agree_with_the_candles(market_folder: Path) -> None:
    candles = read_candles(market_folder / TOTALS)
    carrying = read_liquidation_totals(market_folder / TOTALS).onto(candles)
    for name in ("long_liquidated", "short_liquidated"):
        np.testing.assert_array_equal(getattr(carrying, name), getattr(candles, name))
