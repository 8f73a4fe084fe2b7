"""Markets without open interest: relative units, the clock of volume, sessions."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import (
    BYBIT,
    DAY,
    EURUSD,
    HOUR,
    SEEDS,
    SIDES,
    SPY,
    amounts,
    clock,
    flat_market,
    random_market,
)

from liqbands.book import Book
from liqbands.heatmaps import heatmap, snapshot
from liqbands.instrument import Instrument, MarketKind, Side
from liqbands.maps import summary
from liqbands.parameters import Parameters
from liqbands_server.files.candle_files import read_candles

SPOT = Instrument("generic", "BTC/USDT", market=MarketKind.SPOT)
INSTRUMENTS = st.sampled_from([SPOT, EURUSD, SPY, BYBIT])


@settings(max_examples=10)
@given(SEEDS, INSTRUMENTS, st.booleans())
def test_shares_are_relative_and_add_up_to_one(
    seed: int, instrument: Instrument, volume: bool
) -> None:
    candles = random_market(seed, 150, volatility=0.004, open_interest=False, volume=volume)
    seen = snapshot(candles, instrument)
    assert seen.unit == "relative"
    assert seen.contracts.sum() + seen.off_grid.sum() == pytest.approx(1.0, abs=2e-3)
    assert seen.contracts.sum() + seen.off_grid.sum() <= 1 + 1e-9


@settings(max_examples=10)
@given(SEEDS, INSTRUMENTS)
def test_no_column_shows_more_than_the_whole(seed: int, instrument: Instrument) -> None:
    candles = random_market(seed, 150, volatility=0.004, holes=True, open_interest=False)
    shown = heatmap(candles, instrument)
    assert shown.unit == "relative"
    assert (shown.notional >= 0).all()
    assert (shown.notional.sum(axis=1) <= 1 + 1e-5).all()
    assert (shown.notional[20:].sum(axis=1) > 0.1).all()


@settings(max_examples=10)
@given(SEEDS, st.floats(0.01, 1e6))
def test_the_unit_of_the_volume_does_not_matter(seed: int, factor: float) -> None:
    candles = random_market(seed, 100, open_interest=False)
    columns = {name: getattr(candles, name) for name in ("open", "high", "low", "close")}
    times = candles.open_time_ms
    scaled = type(candles).from_arrays(times, volume=candles.volume * factor, **columns)
    one, other = heatmap(candles, SPOT).notional, heatmap(scaled, SPOT).notional
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-9)


def test_missing_volume_counts_every_bar_alike() -> None:
    columns = random_market(1, 60, open_interest=False, volume=False)
    prices = {name: getattr(columns, name) for name in ("open", "high", "low", "close")}
    ones = type(columns).from_arrays(columns.open_time_ms, volume=np.ones(60), **prices)
    np.testing.assert_array_equal(heatmap(columns, SPOT).notional, heatmap(ones, SPOT).notional)


def test_the_clock_closes_by_hazard_and_half_life() -> None:
    """Equal volume, half-life 1 day: theta = ln 2 / (24 h-bar) an hour.

    A tier of hazard h keeps 1 - theta h each hour and takes half of the volume of 1.
    """
    nothing = np.full(49, np.nan)
    candles = flat_market(49, open_interest=nothing, volume=np.ones(49))
    book = Book(SPOT, timeframe_ms=HOUR, basis="volume")
    book.extend(candles)
    hazard, weight = book.ladder.hazard[0], book.ladder.weight
    theta = math.log(2) / 24 * float((weight / hazard).sum())
    rates = np.where(theta * hazard.max() <= 0.5, 1 - theta * hazard, np.exp(-theta * hazard))
    held = np.zeros(len(weight))
    for _ in range(49):
        held = held * rates + 0.5
    assert amounts(book, 0)[:16] == pytest.approx(held[:16], rel=1e-9)
    assert clock(book, 0) > 0


@pytest.mark.parametrize("hazards", ["tier", "flat", "off"])
def test_every_way_of_closing_keeps_the_identity(hazards: str) -> None:
    parameters = Parameters(hazards=hazards)  # type: ignore[arg-type]  # one of its literals
    candles = random_market(2, 200, volatility=0.004, open_interest=False, gaps=True)
    for instrument in (EURUSD, SPY, SPOT):
        book = Book(instrument, parameters, timeframe_ms=HOUR, basis="volume")
        book.extend(candles)
        assert all(abs(book.ledger(side).imbalance) < 1e-9 for side in SIDES)


def test_forex_distances_follow_the_daily_range() -> None:
    """Ranges ten times as wide put the median of the longs about ten times as far away."""
    reach = []
    for volatility in (0.0004, 0.004):
        seen = snapshot(random_market(1, 300, volatility=volatility, open_interest=False), EURUSD)
        longs = seen.contracts[0].sum(axis=0)
        median = np.searchsorted(np.cumsum(longs[::-1]), longs.sum() / 2)
        reach.append(math.log(seen.mark / seen.centers[::-1][median]))
    assert 6 < reach[1] / reach[0] < 14


def test_longs_stop_below_and_shorts_above() -> None:
    seen = snapshot(random_market(3, 300, volatility=0.002, open_interest=False), EURUSD)
    longs, shorts = seen.contracts.sum(axis=1)
    assert (longs[seen.centers >= seen.mark] == 0).all()
    assert (shorts[seen.centers <= seen.mark] == 0).all()


@pytest.mark.parametrize(
    ("name", "instrument"),
    [
        ("eurusd_1h", EURUSD),  # no volume
        ("gbpusd_1h", EURUSD),  # tick volume, broker clock
        ("spy_1h", SPY),  # sessions
        ("spy_1m", SPY),
    ],
)
def test_recorded_forex_and_stocks_run(
    market_folder: Path, name: str, instrument: Instrument
) -> None:
    candles = read_candles(market_folder / "forex_stock" / f"{name}.parquet")[-5_000:]
    book = Book(instrument, timeframe_ms=candles.timeframe_ms, basis="volume")
    book.extend(candles)
    seen = book.snapshot()
    assert seen.unit == "relative"
    assert all(abs(book.ledger(side).imbalance) < 1e-9 for side in SIDES)
    assert seen.contracts.sum() + seen.off_grid.sum() == pytest.approx(1.0, abs=2e-3)
    assert 0.1 < summary(seen).long_short_ratio < 10


@pytest.mark.parametrize("name", ["eurusd_1h", "gbpusd_1h", "spy_1h"])
def test_recorded_forex_and_stocks_do_not_look_ahead(market_folder: Path, name: str) -> None:
    candles = read_candles(market_folder / "forex_stock" / f"{name}.parquet")[-1_500:]
    instrument = SPY if name.startswith("spy") else EURUSD
    rows: dict[str, Any] = {
        "low": float(candles.low.min()) / 1.1,
        "high": float(candles.high.max()) * 1.1,
    }
    whole = heatmap(candles, instrument, max_columns=10**6, **rows).notional
    part = heatmap(candles[:900], instrument, max_columns=10**6, **rows).notional
    np.testing.assert_array_equal(part, whole[:900])


def test_weekends_do_not_close_positions() -> None:
    """The clock counts bars that trade; two days without bars change nothing."""
    candles = random_market(4, 100, volatility=0.002, open_interest=False)
    shifted = candles.open_time_ms + np.where(np.arange(100) < 50, 0, 2 * DAY)
    books = [Book(SPOT, timeframe_ms=HOUR, basis="volume") for _ in range(2)]
    for book, times in zip(books, (candles.open_time_ms, shifted), strict=True):
        book.extend(replace(candles, open_time_ms=times))
    assert books[0].ledger(Side.LONG) == books[1].ledger(Side.LONG)
