"""The book on every recorded market: the identity, the tie to open interest, the warm-up."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.engine.markets import DAY, SIDES, book_of, differences, is_sound, single_bars, standing

from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.heatmaps import basis_of, heatmap
from liqbands.instrument import FloatArray, Instrument
from liqbands.readings import stored_range
from liqbands_server.files.candle_files import read_candles
from liqbands_server.files.instrument_names import guess_instrument

EXACT = 1e-9
FILES = [
    *(f"bybit_1h/{coin}USDT.parquet" for coin in ("BTC", "ETH", "SOL", "XRP")),
    *(f"binance_1m_2025-05/{coin}USDT.parquet" for coin in ("BTC", "ETH", "SOL", "XRP")),
    *(f"binance_5m_2025-12/{coin}USDT.parquet" for coin in ("BTC", "ETH", "SOL")),
    *(f"binance_1h_2024_liquidations/{coin}USDT.parquet" for coin in ("BTC", "ETH")),
    *(f"forex_stock/{name}.parquet" for name in ("eurusd_1h", "gbpusd_1h", "spy_1h", "spy_1m")),
]
TIED = [name for name in FILES if name.startswith(("bybit", "binance_5m", "binance_1h"))]
VENUES = ("binance", "bybit", "okx", "hyperliquid")
N_PIECES = 40


def read(folder: Path, name: str) -> tuple[Candles, Instrument]:
    return read_candles(folder / name), guess_instrument(folder / name)


def pieces(candles: Candles, n_pieces: int = N_PIECES) -> list[Candles]:
    places = np.linspace(0, len(candles), n_pieces + 1).astype(int)
    return [candles[a:b] for a, b in pairwise(places.tolist())]


def new_book(candles: Candles, instrument: Instrument) -> Book:
    basis = basis_of(candles)
    return Book(instrument, timeframe_ms=candles.timeframe_ms, basis=basis, ages=False)


def assert_conserved(candles: Candles, instrument: Instrument) -> None:
    book = new_book(candles, instrument)
    for piece in pieces(candles):
        book.extend(piece)
        assert all(abs(book.ledger(side).imbalance) < EXACT for side in SIDES)


@pytest.mark.parametrize("name", FILES)
def test_every_contract_is_accounted_for(market_folder: Path, name: str) -> None:
    assert_conserved(*read(market_folder, name))


@pytest.mark.parametrize("venue", VENUES)
def test_every_contract_of_every_venue_is_accounted_for(market_folder: Path, venue: str) -> None:
    path = market_folder / "multi_venue" / "candles_1h_multi_venue.parquet"
    instrument = guess_instrument(path, venue=venue, symbol="BTC")
    assert_conserved(read_candles(path, venue=venue, symbol="BTC"), instrument)


@pytest.mark.parametrize("name", TIED)
def test_both_sides_stand_at_open_interest(market_folder: Path, name: str) -> None:
    candles, instrument = read(market_folder, name)
    book = new_book(candles, instrument)
    known = np.nan
    for piece in pieces(candles):
        book.extend(piece)
        seen = piece.open_interest[np.isfinite(piece.open_interest)]
        known = seen[-1] if len(seen) else known
        for side in SIDES:
            assert book.ledger(side).open_contracts == pytest.approx(known, rel=EXACT)


def test_the_crash_of_august_2024_is_tied_after_every_bar(market_folder: Path) -> None:
    candles, instrument = read(market_folder, "binance_1h_2024_liquidations/BTCUSDT.parquet")
    crash = candles[1_000:1_200]  # 2024-07-31 to 2024-08-08
    book = new_book(crash, instrument)
    for bar in single_bars(crash):
        book.update(bar)
        for side in SIDES:
            open_contracts = book.ledger(side).open_contracts
            assert open_contracts == pytest.approx(bar.open_interest, rel=EXACT)


@pytest.mark.parametrize("name", FILES)
def test_what_stands_never_turns_negative_or_infinite(market_folder: Path, name: str) -> None:
    candles, instrument = read(market_folder, name)
    assert is_sound(book_of(candles, instrument, basis=basis_of(candles), ages=False))


@pytest.mark.parametrize("name", [FILES[0], FILES[8], FILES[11], FILES[13], FILES[14]])
def test_recorded_bars_one_by_one_give_the_same_bits(market_folder: Path, name: str) -> None:
    candles, instrument = read(market_folder, name)
    some = candles[-600:]
    book = Book(instrument, timeframe_ms=candles.timeframe_ms, basis=basis_of(candles))
    for bar in single_bars(some):
        book.update(bar)
    assert not differences(book, book_of(some, instrument, basis=basis_of(candles)))


def variation(one: Book, other: Book) -> FloatArray:
    """Return the total variation between two books of equal open interest, per side."""
    ranges = [stored_range(book) for book in (one, other)]
    first = min(start for start, _ in ranges)
    n_bins = max(start + n for start, n in ranges) - first
    a, b = (standing(book, first, n_bins) for book in (one, other))
    off_grid = np.abs(a.sum(axis=1) - b.sum(axis=1))
    return np.asarray((np.abs(a - b).sum(axis=1) + off_grid) / (2 * a.sum(axis=1)))


@pytest.mark.parametrize("name", [*FILES[:4], *FILES[8:11]])
def test_a_longer_history_moves_a_warm_book_by_less_than_two_per_cent(
    market_folder: Path, name: str
) -> None:
    """Measured over these files and four starts each: at most 1.3 % (long), .8 % (short)."""
    candles, instrument = read(market_folder, name)
    start, day = 2_000, DAY // candles.timeframe_ms
    long_history, short_history = new_book(candles, instrument), new_book(candles, instrument)
    long_history.extend(candles[:start])
    while short_history.seed_share >= 0.05:
        for book in (long_history, short_history):
            book.extend(candles[start : start + day])
        start += day
    assert start < 2_000 + 60 * day
    assert variation(long_history, short_history).max() < 0.02


def test_the_part_within_five_per_cent_forgets_the_start_in_ten_days(market_folder: Path) -> None:
    """Measured on BTC, ETH and SOL at three moments each: at most 3.4 % of either side."""
    candles, instrument = read(market_folder, FILES[0])
    books = [new_book(candles, instrument) for _ in range(2)]
    books[0].extend(candles[5_000:9_000])
    books[1].extend(candles[9_000 - 10 * 24 : 9_000])
    mark = int(books[0].grid.bin_of(np.array([books[0].last_mark]))[0])
    near = [standing(book, mark - 100, 200) for book in books]
    moved = np.abs(near[0] - near[1]).sum(axis=1) / (2 * near[0].sum(axis=1))
    assert moved.max() < 0.05


def test_realised_liquidations_of_the_crash_stay_in_the_ledger(market_folder: Path) -> None:
    candles, instrument = read(market_folder, "binance_1h_2024_liquidations/BTCUSDT.parquet")
    reported = np.nansum(candles.long_liquidated)
    swept = book_of(candles, instrument).ledger(SIDES[0]).swept
    assert reported > 0
    assert swept >= reported


def test_a_recorded_heatmap_shows_both_sides_of_the_mark(market_folder: Path) -> None:
    shown = heatmap(*read(market_folder, FILES[8]), window="3d")
    longs, shorts = shown.long_notional, shown.short_notional
    assert (longs[:, shown.edges[:-1] > shown.mark.max()] == 0).all()
    assert (shorts[:, shown.edges[1:] < shown.mark.min()] == 0).all()
    assert (longs.sum(axis=1) > 0).all()
    assert (shorts.sum(axis=1) > 0).all()
