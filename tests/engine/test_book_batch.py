"""Batch equals incremental to the last bit, however the bars are split."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import (
    BINANCE,
    BYBIT,
    DAY,
    EURUSD,
    HOUR,
    MARKETS,
    MINUTE,
    SEEDS,
    SPY,
    book_of,
    differences,
    random_market,
    single_bars,
)

from liqbands.bar import Bar
from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.errors import MarketDataError
from liqbands.heatmaps import basis_of, heatmap, make_columns
from liqbands.instrument import Instrument, MarketKind, Side
from liqbands.time_columns import time_columns
from liqbands.view import View

CUTS = st.lists(st.floats(0, 1), max_size=5)
BYBIT_RULE_CHANGE = 1_756_771_200_000  # 2025-09-02
SPOT = Instrument("binance", "BTC/USDT", market=MarketKind.SPOT)


def pieces(candles: Candles, cuts: Sequence[float]) -> list[Candles]:
    places = sorted({0, len(candles), *(round(cut * len(candles)) for cut in cuts)})
    return [candles[a:b] for a, b in pairwise(places)]


def in_pieces(candles: Candles, instrument: Instrument, cuts: Sequence[float]) -> Book:
    book = Book(instrument, timeframe_ms=candles.timeframe_ms, basis=basis_of(candles))
    for piece in pieces(candles, cuts):
        book.extend(piece)
    return book


def bar_by_bar(candles: Candles, instrument: Instrument) -> Book:
    book = Book(instrument, timeframe_ms=candles.timeframe_ms, basis=basis_of(candles))
    for bar in single_bars(candles):
        book.update(bar)
    return book


def at_once(candles: Candles, instrument: Instrument) -> Book:
    return book_of(candles, instrument, basis=basis_of(candles))


@settings(max_examples=20)
@given(MARKETS, CUTS)
def test_any_split_gives_the_same_bits(candles: Candles, cuts: list[float]) -> None:
    assert not differences(in_pieces(candles, BINANCE, cuts), at_once(candles, BINANCE))


@settings(max_examples=20)
@given(MARKETS)
def test_bar_by_bar_gives_the_same_bits(candles: Candles) -> None:
    assert not differences(bar_by_bar(candles, BINANCE), at_once(candles, BINANCE))


@settings(max_examples=15)
@given(SEEDS, st.sampled_from([EURUSD, SPY, SPOT, BYBIT]), st.sampled_from([5 * MINUTE, HOUR]))
def test_volume_books_do_not_depend_on_the_split(
    seed: int, instrument: Instrument, timeframe_ms: int
) -> None:
    candles = random_market(
        seed, 200, timeframe_ms, 0.004, gaps=True, holes=True, open_interest=False
    )
    whole = at_once(candles, instrument)
    assert not differences(in_pieces(candles, instrument, [0.1, 0.33, 0.9]), whole)
    assert not differences(bar_by_bar(candles, instrument), whole)


@settings(max_examples=8)
@given(SEEDS, CUTS)
def test_the_change_of_bybits_rule_does_not_depend_on_the_split(
    seed: int, cuts: list[float]
) -> None:
    candles = random_market(seed, 96, start_ms=BYBIT_RULE_CHANGE - 2 * DAY)
    whole = at_once(candles, BYBIT)
    assert not differences(in_pieces(candles, BYBIT, cuts), whole)
    assert not differences(bar_by_bar(candles, BYBIT), whole)


@pytest.mark.parametrize(("n_before", "is_same"), [(48, True), (47, False)])
def test_bybits_new_rule_holds_from_the_second_of_september(n_before: int, is_same: bool) -> None:
    """A bar that opens at midnight is the first one of the new rule, which Binance-like m has."""
    candles = random_market(1, n_before, start_ms=BYBIT_RULE_CHANGE - 47 * HOUR)
    much_later = replace(candles, open_time_ms=candles.open_time_ms + 100 * DAY)
    book, later = at_once(candles, BYBIT), at_once(much_later, BYBIT)
    assert bool((book.ladder.distance == later.ladder.distance).all()) is is_same


@settings(max_examples=10)
@given(MARKETS, CUTS)
def test_columns_written_on_the_way_do_not_depend_on_the_split(
    candles: Candles, cuts: list[float]
) -> None:
    book = Book(BYBIT, timeframe_ms=candles.timeframe_ms, ages=False)
    columns = make_columns(book, candles, View(), time_columns(candles, View()))
    first = 0
    for piece in pieces(candles, cuts):
        book.extend(piece, columns.within(slice(first, first + len(piece))))
        first += len(piece)
    np.testing.assert_array_equal(columns.notional, heatmap(candles, BYBIT).notional)


@settings(max_examples=10)
@given(MARKETS)
def test_remembering_ages_changes_no_amount(candles: Candles) -> None:
    with_ages, without = book_of(candles), book_of(candles, ages=False)
    assert set(differences(with_ages, without)) <= {"field", "pending"}
    for name in ("field", "pending"):
        amounts, same = getattr(with_ages.state, name)[:2], getattr(without.state, name)
        np.testing.assert_array_equal(amounts, same)


@settings(max_examples=10)
@given(MARKETS)
def test_a_copy_is_equal_and_shares_nothing(candles: Candles) -> None:
    book = book_of(candles[:-1]) if len(candles) > 1 else book_of(candles)
    twin, untouched = book.copy(), book.copy()
    twin.update(replace_time(single_bars(candles)[-1], candles))
    assert not differences(book, untouched)
    book.update(replace_time(single_bars(candles)[-1], candles))
    assert not differences(book, twin)


def replace_time(bar: Bar, candles: Candles) -> Bar:
    after = int(candles.open_time_ms[-1]) + candles.timeframe_ms
    return replace(bar, open_time_ms=after)


@settings(max_examples=8)
@given(SEEDS)
def test_a_snapshot_does_not_depend_on_the_split(seed: int) -> None:
    candles = random_market(seed, 100)
    one, other = at_once(candles, BYBIT).snapshot(), bar_by_bar(candles, BYBIT).snapshot()
    for name in ("contracts", "mean_age_ms", "earlier_contracts", "unswept_since_ms"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.average_true_range == other.average_true_range


def test_reading_a_book_does_not_change_it() -> None:
    book = book_of(random_market(2, 100))
    before = book.copy()
    book.snapshot()
    book.ledger(Side.LONG)
    assert not differences(book, before)


def test_the_callers_bars_are_not_changed() -> None:
    candles = random_market(2, 50, extras=True)
    before = {name: getattr(candles, name).copy() for name in ("open", "volume", "mark_low")}
    heatmap(candles, BYBIT, max_age="12h", mode="smoothed")
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(candles, name), values)


def test_a_bar_that_is_not_later_is_refused() -> None:
    book = book_of(random_market(0, 3))
    with pytest.raises(MarketDataError, match="must come after the last one"):
        book.update(Bar(book.last_open_ms or 0, 100.0, 100.0, 100.0, 100.0))


def test_bars_of_another_length_are_refused() -> None:
    with pytest.raises(MarketDataError, match="bars must be 3600000 ms long, were 60000 ms"):
        Book(BYBIT, timeframe_ms=HOUR).extend(random_market(0, 3, MINUTE))
