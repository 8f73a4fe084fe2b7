"""The level: what reported liquidations say about how much stands on the map."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.markets import PRIOR, random_market

from liqbands.book import Book
from liqbands.heatmaps import snapshot
from liqbands.instrument import Instrument
from liqbands.level import HALF_LIFE_MS, HIGHEST, LOWEST, Level
from liqbands.results import Snapshot
from liqbands.timeframes import HOUR_MS

BYBIT = Instrument("bybit", "BTC/USDT:USDT")
DAY = 86_400_000


def _learnt(ratio: float, *, days: int = 60) -> Level:
    level = Level()
    for _ in range(days):
        level.update(swept=30.0, realised=30.0 * ratio, open_interest=10.0, elapsed_ms=DAY)
    return level


def _snapshot() -> Snapshot:
    book = Book(BYBIT, timeframe_ms=HOUR_MS)
    book.extend(random_market(3, n_bars=400))
    return book.snapshot()


@given(st.floats(0, 50), st.floats(0, 50))
def test_more_liquidations_never_mean_a_lower_level(less: float, more: float) -> None:
    low, high = sorted((less, more))
    assert LOWEST <= _learnt(low).factor <= _learnt(high).factor <= HIGHEST


def test_nothing_reported_is_not_the_same_as_no_report() -> None:
    silent, blind = Level(), Level()
    for _ in range(30):
        silent.update(30.0, 0.0, 1_000.0, DAY)
        blind.update(30.0, np.nan, 1_000.0, DAY)
    assert silent.factor < 0.5
    assert blind.factor == 1.0


@pytest.mark.parametrize(
    ("ratio", "factor"),
    [
        (0.6, 1.0),  # what the prior expects
        (2.4, 2.0),  # four times: the square root
        (0.15, 0.5),  # a quarter
    ],
)
def test_half_of_the_deviation_is_credited_to_the_level(ratio: float, factor: float) -> None:
    assert _learnt(ratio).factor == pytest.approx(factor, rel=0.01)  # the prior weighs 0.5 of 449


def test_evidence_is_forgotten_by_half_in_ten_days() -> None:
    level = Level()
    level.update(swept=100.0, realised=0.0, open_interest=1_000.0, elapsed_ms=0)
    level.update(swept=0.0, realised=0.0, open_interest=1_000.0, elapsed_ms=HALF_LIFE_MS)
    # The prior weighs 5 % of 1000 = 50 contracts at 0.6: 30 / (50 left of 100 + 50) = 0.3.
    assert level.factor == pytest.approx((0.3 / 0.6) ** 0.5)


def test_following_a_book_counts_each_sweep_once() -> None:
    candles = random_market(5, n_bars=300)
    book, parts, whole = Book(BYBIT, timeframe_ms=HOUR_MS), Level(), Level()
    for start in range(0, 300, 50):
        book.extend(candles[start : start + 50])
        parts.follow(book, 0.0, 1_000.0, 0)
    whole.follow(book, 0.0, 1_000.0, 0)
    assert parts.factor == pytest.approx(whole.factor, rel=1e-12)


@pytest.mark.parametrize("ratio", [0.05, 0.6, 40.0])
def test_contracts_move_between_map_and_off_grid_only(ratio: float) -> None:
    before = _snapshot()
    after = _learnt(ratio).apply(before)
    whole = before.contracts.sum(axis=(1, 2)) + before.off_grid
    assert after.contracts.sum(axis=(1, 2)) + after.off_grid == pytest.approx(whole, rel=1e-12)
    assert (after.off_grid >= -1e-9 * whole).all()


def test_the_shape_stays() -> None:
    before = _snapshot()
    after = _learnt(0.15).apply(before)
    assert after.contracts / after.contracts.sum() == pytest.approx(
        before.contracts / before.contracts.sum()
    )
    assert replace(after, contracts=before.contracts, off_grid=before.off_grid).mark == before.mark


def test_an_unknown_feed_is_refused() -> None:
    with pytest.raises(ValueError, match="feed must be full or throttled, was 'partial'"):
        Level("partial")  # type: ignore[arg-type]


def test_a_snapshot_at_the_learnt_level_has_the_same_open_interest() -> None:
    silent = replace(
        random_market(7, n_bars=600), long_liquidated=np.zeros(600), short_liquidated=np.zeros(600)
    )
    plain = snapshot(silent, BYBIT)
    levelled = snapshot(silent, BYBIT, feed="full")
    assert levelled.contracts.sum() == pytest.approx(0.2 * plain.contracts.sum(), rel=0.5)
    assert levelled.contracts.sum(axis=(1, 2)) + levelled.off_grid == pytest.approx(
        plain.contracts.sum(axis=(1, 2)) + plain.off_grid, rel=1e-12
    )


def test_later_reports_do_not_move_an_earlier_level() -> None:
    candles = random_market(8, n_bars=600, liquidations=True)
    early, late = Level(), Level()
    early.walk(Book(BYBIT, PRIOR, timeframe_ms=HOUR_MS), candles[:240])
    book = Book(BYBIT, PRIOR, timeframe_ms=HOUR_MS)
    late.walk(book, candles[:240])
    then = late.factor
    late.walk(book, candles[240:])
    assert early.factor == then != late.factor


def test_a_level_needs_open_interest() -> None:
    candles = random_market(9, n_bars=100, open_interest=False)
    with pytest.raises(ValueError, match="feed needs candles with open interest"):
        snapshot(candles, BYBIT, feed="full")
