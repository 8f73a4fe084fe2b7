"""How long the work takes; no timing here can fail, see the table at the end of the run."""

import resource
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from tests.bench.references import OFFSETS, dense, inputs, minutes, ten_spikes

from liqbands import Bar, Book, Candles, Instrument, heatmap
from liqbands.book import Book as BookType

MONTH = 44_640
YEAR = 525_600
BTC = Instrument("binance", "BTC/USDT:USDT")

pytestmark = pytest.mark.benchmark(disable_gc=True)


@pytest.fixture(scope="module")
def month() -> Candles:
    return minutes(MONTH)


@pytest.fixture(scope="module")
def year() -> Candles:
    return minutes(YEAR)


def last_map(candles: Candles) -> None:
    """One column of 2,000 bins at the end of all bars."""
    price = float(candles.close[-1])
    result = heatmap(
        candles,
        BTC,
        start_ms=int(candles.open_time_ms[-1]),
        low=price * np.exp(-0.5),
        high=price * np.exp(0.4985),
        max_rows=2_000,
    )
    assert result.bins_per_row == 1
    assert result.notional[0].sum() > 0


def test_reference_ten_spikes(benchmark: Any, month: Candles) -> None:
    given = inputs(month)
    benchmark.extra_info["bars"] = MONTH
    benchmark.pedantic(ten_spikes, (*given, OFFSETS), rounds=15, warmup_rounds=1)


def test_reference_dense(benchmark: Any, month: Candles) -> None:
    given = inputs(month[:2_000])
    benchmark.extra_info["bars"] = 2_000
    benchmark.pedantic(dense, (*given, OFFSETS), rounds=5, warmup_rounds=1)


def test_last_map_of_a_month_of_minutes(benchmark: Any, month: Candles) -> None:
    benchmark.extra_info.update(bound_s=0.010, bars=MONTH)
    benchmark.pedantic(last_map, (month,), rounds=25, warmup_rounds=2)


def test_last_map_of_a_year_of_minutes(benchmark: Any, year: Candles) -> None:
    benchmark.extra_info.update(bound_s=0.130, bars=YEAR)
    benchmark.pedantic(last_map, (year,), rounds=9, warmup_rounds=1)


def test_walk_of_a_month_without_columns(benchmark: Any, month: Candles) -> None:
    """What the two heatmaps below cost on top of."""

    def walk() -> None:
        Book(BTC, timeframe_ms=60_000, ages=False).extend(month)

    benchmark.extra_info["bars"] = MONTH
    benchmark.pedantic(walk, rounds=15, warmup_rounds=1)


def test_a_thousand_columns_of_2000_bins(benchmark: Any, month: Candles) -> None:
    price = float(month.close[-1])
    view = {"low": price * np.exp(-0.5), "high": price * np.exp(0.4985), "max_rows": 2_000}
    shape = heatmap(month, BTC, max_columns=1_000, **view).notional.shape
    benchmark.extra_info.update(bound_s=0.050, shape=str(shape), note="less the walk above")
    benchmark.pedantic(
        heatmap, (month, BTC), {"max_columns": 1_000, **view}, rounds=9, warmup_rounds=1
    )


def test_the_full_history_of_1100_bins(benchmark: Any, month: Candles) -> None:
    price = float(month.close[-1])
    view = {
        "low": price * np.exp(-0.275),
        "high": price * np.exp(0.2745),
        "max_rows": 1_100,
        "max_columns": MONTH,
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = heatmap(month, BTC, **view)
    benchmark.extra_info.update(
        bound_s=0.5,
        shape=str(result.notional.shape),
        result_MB=round(result.notional.nbytes / 1e6),
        peak_MB_added=round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3),
    )
    del result
    benchmark.pedantic(heatmap, (month, BTC), view, rounds=5)


@pytest.mark.parametrize("n_before", [1_000, MONTH - 10_000])
def test_one_live_bar(benchmark: Any, month: Candles, n_before: int) -> None:
    book = Book(BTC, timeframe_ms=60_000)
    book.extend(month[:n_before])
    bars = iter(one_by_one(month, n_before))
    benchmark.extra_info["bound_s"] = 20e-6
    benchmark.pedantic(feed, setup=lambda: ((book, next(bars)), {}), rounds=9_000)


def feed(book: BookType, bar: Bar) -> None:
    book.update(bar)


def one_by_one(candles: Candles, start: int) -> list[Bar]:
    names = ("open", "high", "low", "close", "volume", "open_interest", "taker_buy_volume")
    columns = [getattr(candles, name)[start:].tolist() for name in names]
    times = candles.open_time_ms[start:].tolist()
    return [
        Bar(time, **dict(zip(names, row, strict=True)))
        for time, row in zip(times, zip(*columns, strict=True), strict=True)
    ]


def test_importing_the_library(benchmark: Any) -> None:
    code = "import time; t = time.perf_counter(); import liqbands; print(time.perf_counter() - t)"

    def start() -> float:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", code], capture_output=True, check=True, text=True
        )
        return float(done.stdout)

    benchmark.extra_info["import_alone_ms"] = round(1e3 * min(start() for _ in range(3)), 1)
    benchmark.extra_info["bound_s"] = 0.5
    benchmark.pedantic(start, rounds=5)
