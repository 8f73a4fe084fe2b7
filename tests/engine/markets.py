"""Random and hand-made markets for the tests of the book, and short ways to read a book.

Every market comes from a seeded generator: the same arguments, the same bars.
"""

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

from liqbands.bar import Bar
from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument, MarketKind, Side
from liqbands.kernel.bars import Bars
from liqbands.kernel.columns import read_side
from liqbands.kernel.state import (
    AMOUNT,
    CLOCK,
    LAST_SWEPT,
    OFFSET,
    SHIFT,
    SIZE,
    START,
    SWEPT_NOW,
    BookState,
    Tiers,
)
from liqbands.parameter_files import load_parameters
from liqbands.readings import contracts_per_bin

PRIOR = load_parameters("prior")
"""The model description's values, whose arithmetic the tests show."""

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NEW_YEAR_2024 = 1_704_067_200_000

BYBIT = Instrument("bybit", "BTC/USDT:USDT")
BINANCE = Instrument("binance", "BTC/USDT:USDT")
EURUSD = Instrument(
    "otc",
    "EURUSD",
    market=MarketKind.FOREX,
    session="1700-1700:23456",
    time_zone="America/New_York",
)
SPY = Instrument(
    "otc",
    "SPY",
    market=MarketKind.STOCK,
    session="0930-1600:23456",
    time_zone="America/New_York",
)
SIDES = (Side.LONG, Side.SHORT)


def random_market(
    seed: int = 0,
    n_bars: int = 120,
    timeframe_ms: int = HOUR,
    volatility: float = 0.01,
    *,
    price: float = 100.0,
    start_ms: int = NEW_YEAR_2024,
    gaps: bool = False,
    holes: bool = False,
    extras: bool = False,
    liquidations: bool = False,
    open_interest: bool = True,
    volume: bool = True,
) -> Candles:
    """Make a market; `extras` are marks, taker flow, funding and quote volume, `holes` NaN."""
    random = np.random.default_rng(seed)
    times = start_ms + timeframe_ms * np.arange(n_bars)
    if gaps:
        times = start_ms + timeframe_ms * np.cumsum(1 + (random.random(n_bars) < 0.05) * 7)
    columns: dict[str, Any] = _prices(random, n_bars, volatility, price)
    traded = 1_000 * random.lognormal(0, 1, n_bars)
    if volume:
        columns["volume"] = traded
    if open_interest:
        columns["open_interest"] = _open_interest(random, n_bars)
    if extras:
        columns |= _extras(random, columns, traded)
    if liquidations:
        columns["long_liquidated"] = 200 * random.lognormal(-2, 2, n_bars)
        columns["short_liquidated"] = 200 * random.lognormal(-2, 2, n_bars)
    if holes:
        columns = _with_holes(random, columns)
    return Candles.from_arrays(times, timeframe_ms=timeframe_ms, **columns)


def _prices(
    random: np.random.Generator, n_bars: int, volatility: float, price: float
) -> dict[str, FloatArray]:
    path = np.cumsum(volatility * random.standard_t(4, (n_bars, 5)) / math.sqrt(5), axis=None)
    path = np.log(price) + path.reshape(n_bars, 5) - path[0]
    close = path[:, -1]
    opened = np.append(path[0, 0], close[:-1])
    inside = np.column_stack([opened, path])
    logs = {"open": opened, "high": inside.max(axis=1), "low": inside.min(axis=1), "close": close}
    return {name: np.exp(values) for name, values in logs.items()}


def _open_interest(random: np.random.Generator, n_bars: int) -> FloatArray:
    """Return open interest that mostly drifts and now and then loses up to two thirds."""
    steps = 0.01 * random.standard_normal(n_bars)
    crash = random.random(n_bars) < 0.03
    steps[crash] = -random.uniform(0, 1.1, int(crash.sum()))
    level = np.cumsum(steps)
    return np.asarray(10_000 * np.exp(level - np.minimum.accumulate(level) * 0.7))


def _extras(
    random: np.random.Generator, columns: dict[str, FloatArray], traded: FloatArray
) -> dict[str, FloatArray]:
    low, high, close = columns["low"], columns["high"], columns["close"]
    shrink = random.uniform(0, 1, len(low))
    return {
        "mark_low": low ** (1 - shrink / 2) * close ** (shrink / 2),
        "mark_high": high ** (1 - shrink / 2) * close ** (shrink / 2),
        "mark_close": close * 1.0,
        "taker_buy_volume": traded * random.random(len(low)),
        "funding_rate": 5e-4 * random.standard_normal(len(low)),
        "quote_volume": traded * (low + (high - low) * random.random(len(low))),
    }


def _with_holes(
    random: np.random.Generator, columns: dict[str, FloatArray]
) -> dict[str, FloatArray]:
    """Take single values out of every optional column, and stretches out of open interest."""
    columns = {name: values.copy() for name, values in columns.items()}
    marks_missing = random.random(len(columns["open"])) < 0.2
    for name, values in columns.items():
        if name.startswith("mark"):
            values[marks_missing] = np.nan
        elif name not in ("open", "high", "low", "close"):
            values[random.random(len(values)) < 0.1] = np.nan
    if "open_interest" in columns:
        n = len(columns["open_interest"])
        for start in random.integers(0, n, 3):
            columns["open_interest"][start : start + n // 8] = np.nan
        columns["open_interest"][random.integers(0, n)] = 9_000.0
    return columns


SEEDS = st.integers(0, 10**6)
MARKETS = st.builds(
    random_market,
    seed=SEEDS,
    n_bars=st.integers(2, 150),
    timeframe_ms=st.sampled_from([MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR]),
    volatility=st.sampled_from([0.0005, 0.005, 0.03, 0.15]),
    price=st.sampled_from([2e-5, 0.9, 7.5, 100.0, 60_000.0]),
    gaps=st.booleans(),
    holes=st.booleans(),
    extras=st.booleans(),
    liquidations=st.booleans(),
)


def flat_market(
    n_bars: int, price: float = 100.0, timeframe_ms: int = HOUR, **more: Any
) -> Candles:
    """Make bars that all stand at one price, with open interest 1,000 and no volume."""
    fixed = np.full(n_bars, price)
    columns: dict[str, Any] = dict.fromkeys(("open", "high", "low", "close"), fixed)
    columns |= {"volume": np.zeros(n_bars), "open_interest": np.full(n_bars, 1_000.0)} | more
    times = NEW_YEAR_2024 + timeframe_ms * np.arange(n_bars)
    return Candles.from_arrays(times, timeframe_ms=timeframe_ms, **columns)


def single_bars(candles: Candles) -> list[Bar]:
    """Take candles apart."""
    names = Bars._fields[1:]
    rows = zip(*(getattr(candles, name).tolist() for name in names), strict=True)
    times = candles.open_time_ms.tolist()
    return [
        Bar(time, **dict(zip(names, row, strict=True)))
        for time, row in zip(times, rows, strict=True)
    ]


def book_of(candles: Candles, instrument: Instrument = BYBIT, **options: Any) -> Book:
    """Walk a new book over all bars."""
    book = Book(instrument, timeframe_ms=candles.timeframe_ms, **options)
    book.extend(candles)
    return book


def standing(book: Book, first_bin: int, n_bins: int) -> FloatArray:
    """Return contracts per side and bin, shape (2, n_bins)."""
    return contracts_per_bin(book, first_bin, n_bins)


def differences(one: Book, other: Book) -> list[str]:
    """Return the names of the state's arrays that differ in any bit."""
    return [
        name
        for name in BookState._fields
        if getattr(one.state, name).tobytes() != getattr(other.state, name).tobytes()
    ]


# -- how a book's arrays are laid out; nothing else in these tests knows ---------------------


def kernel_of(tiers: Tiers, s: int, k: int) -> tuple[int, FloatArray]:
    """Return the bins from entry to the nearest bin, and the shares from there outwards."""
    start, size = (int(tiers.span[s, row, k]) for row in (START, SIZE))
    return int(tiers.span[s, OFFSET, k]), tiers.kernel[start : start + size][::-1]


def cell_of(tiers: Tiers, k: int) -> int:
    """Return how many entry bins are snapped together."""
    return 1 << int(tiers.span[0, SHIFT, k])


def amounts(book: Book, s: int) -> FloatArray:
    """Return a side's contracts per tier, unit weights, shape (n_tiers,)."""
    return np.array(book.state.tier[s, AMOUNT])


def swept_per_tier(book: Book, s: int) -> FloatArray:
    """Return what the last bar swept per tier, unit weights, shape (n_tiers,)."""
    return np.array(book.state.tier[s, SWEPT_NOW])


def swept_now(book: Book) -> FloatArray:
    """Return what the last bar liquidated, in-bar deaths included, shape (2,)."""
    return np.array(book.state.ledger[:2, LAST_SWEPT])


def clock(book: Book, s: int) -> float:
    """Return a side's turnover so far."""
    return float(book.state.ledger[s, CLOCK])


def is_sound(book: Book) -> bool:
    """Return whether all that is stored is finite and nothing is below zero."""
    stored = (book.state.field[:2], book.state.pending[:2], book.state.tier[:, :4])
    return all(bool((np.isfinite(values) & (values >= 0)).all()) for values in stored)


def unmasked(book: Book, first_bin: int, n_bins: int) -> FloatArray:
    """Return contracts per side and bin, those beyond the mark included, shape (2, n_bins)."""
    out = np.zeros((2, n_bins))
    weight = book.ladder.weight
    read_side(book.state, book.tiers, 0, weight, first_bin, out[0])
    read_side(book.state, book.tiers, 1, weight, -first_bin - n_bins, out[1])
    return np.stack([out[0], out[1, ::-1]])
