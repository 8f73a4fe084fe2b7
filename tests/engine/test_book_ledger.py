"""Conservation: every contract that was opened stands, was swept, closed or re-based."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import (
    BYBIT,
    HOUR,
    MARKETS,
    PRIOR,
    SEEDS,
    SIDES,
    book_of,
    flat_market,
    is_sound,
    random_market,
    single_bars,
)

from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.instrument import Side
from liqbands.parameters import Parameters

EXACT = 1e-9


def last_known(candles: Candles) -> float:
    known = candles.open_interest[np.isfinite(candles.open_interest)]
    return float(known[-1]) if len(known) else 0.0


@settings(max_examples=25)
@given(MARKETS)
def test_opened_is_standing_swept_closed_and_rebased_after_every_bar(candles: Candles) -> None:
    book = Book(BYBIT, timeframe_ms=candles.timeframe_ms)
    for bar in single_bars(candles):
        book.update(bar)
        assert all(abs(book.ledger(side).imbalance) < EXACT for side in SIDES)


@settings(max_examples=25)
@given(MARKETS)
def test_both_sides_stand_at_open_interest_after_every_bar(candles: Candles) -> None:
    book = Book(BYBIT, timeframe_ms=candles.timeframe_ms)
    for i, bar in enumerate(single_bars(candles)):
        book.update(bar)
        known = last_known(candles[: i + 1])
        for side in SIDES:
            assert book.ledger(side).open_contracts == pytest.approx(known, rel=EXACT)


@settings(max_examples=15)
@given(MARKETS)
def test_the_field_never_holds_less_than_nothing(candles: Candles) -> None:
    assert is_sound(book_of(candles))


@settings(max_examples=15)
@given(MARKETS)
def test_no_ledger_line_but_the_rebased_ever_falls(candles: Candles) -> None:
    book = Book(BYBIT, timeframe_ms=candles.timeframe_ms)
    before = [0.0] * 6
    for bar in single_bars(candles):
        book.update(bar)
        ledgers = [book.ledger(side) for side in SIDES]
        now = [getattr(one, name) for one in ledgers for name in ("opened", "swept", "closed")]
        assert all(a >= b for a, b in zip(now, before, strict=True))
        before = now


@settings(max_examples=15)
@given(SEEDS)
def test_volume_alone_keeps_the_same_identity(seed: int) -> None:
    candles = random_market(seed, 150, open_interest=False, holes=True)
    book = Book(BYBIT, timeframe_ms=HOUR, basis="volume")
    for bar in single_bars(candles):
        book.update(bar)
        assert all(abs(book.ledger(side).imbalance) < EXACT for side in SIDES)


@pytest.mark.parametrize(
    "parameters",
    [
        Parameters(hazards="off"),
        Parameters(hazards="flat"),
        Parameters(sweep=False),
        Parameters(wick_retention=0.5),
        Parameters(gross_flow=False),
        Parameters(unlevered_share=0.2),
        Parameters(seed_volatility=0.5),
        Parameters(participation=1.0, taker_weight=0.96),
    ],
    ids=["no closing", "flat", "no sweep", "wick", "net", "unlevered", "wide seed", "all flow"],
)
def test_every_switch_keeps_the_identity_and_the_tie(parameters: Parameters) -> None:
    candles = random_market(11, 300, volatility=0.02, holes=True, liquidations=True)
    book = book_of(candles, parameters=parameters)
    for side in SIDES:
        assert abs(book.ledger(side).imbalance) < EXACT
        assert book.ledger(side).open_contracts == pytest.approx(last_known(candles), rel=EXACT)


def test_a_price_that_rises_and_falls_tenfold_loses_no_contract() -> None:
    path = 100 * np.exp(2.3 * np.sin(np.arange(400) / 20))
    candles = flat_market(400, open=path, high=path, low=path, close=path, volume=path * 10)
    ledgers = [book_of(candles).ledger(side) for side in SIDES]
    assert [one.open_contracts for one in ledgers] == pytest.approx([1_000.0] * 2, rel=EXACT)
    assert max(abs(one.imbalance) for one in ledgers) < EXACT


def test_what_the_window_leaves_behind_is_off_the_grid() -> None:
    path = 100 * np.exp(np.linspace(0, 3, 600))  # 95 % of entries end up over 1.4 away
    quiet = flat_market(600, open=path, high=path, low=path, close=path)
    longs = book_of(quiet).ledger(Side.LONG)
    assert longs.off_grid == pytest.approx(1_000.0, rel=1e-6)
    assert longs.swept == 0


def test_missing_open_interest_lands_in_the_next_observed_bar() -> None:
    open_interest = np.array([1_000.0, 1_000.0, np.nan, np.nan, 1_300.0])
    book = Book(BYBIT, timeframe_ms=HOUR)
    standing = []
    for bar in single_bars(flat_market(5, open_interest=open_interest)):
        book.update(bar)
        standing.append(book.ledger(Side.SHORT).open_contracts)
    assert standing == pytest.approx([1_000.0, 1_000.0, 1_000.0, 1_000.0, 1_300.0])


def test_a_change_of_unit_is_rebased_and_neither_opened_nor_closed() -> None:
    book = book_of(flat_market(3, open_interest=[1_000.0, 1_000.0, 1e6]))
    ledger = book.ledger(Side.LONG)
    assert (ledger.opened, ledger.closed) == (1_000.0, 0.0)
    assert ledger.rebased == pytest.approx(-999_000.0)


def test_open_interest_may_vanish_and_return() -> None:
    book = book_of(flat_market(5, open_interest=[1_000.0, 0.0, 0.0, 500.0, 400.0]))
    assert book.ledger(Side.LONG).open_contracts == pytest.approx(400.0, rel=EXACT)
    assert abs(book.ledger(Side.LONG).imbalance) < EXACT


def test_bars_before_the_first_open_interest_leave_the_book_empty() -> None:
    open_interest = np.r_[np.full(9, np.nan), 700.0]
    candles = flat_market(10, open_interest=open_interest, volume=np.full(10, 50.0))
    assert book_of(candles[:9]).ledger(Side.LONG).opened == 0
    assert book_of(candles).ledger(Side.LONG).seeded == 700.0


def test_opened_and_closed_follow_the_flow_identity() -> None:
    """O_L + O_S = 0.3 V + dOI and C_L + C_S = 0.3 V - dOI where nothing is swept."""
    candles = flat_market(2, volume=[0.0, 1_000.0], open_interest=[1_000.0, 1_100.0])
    ledgers = [book_of(candles, parameters=PRIOR).ledger(side) for side in SIDES]
    assert sum(one.opened - 1_000 for one in ledgers) == pytest.approx(300 + 100)
    assert sum(one.closed for one in ledgers) == pytest.approx(300 - 100)


def test_taker_buyers_turn_the_longs_over_faster() -> None:
    """All takers buy: phi = 1/2 + 0.45 (1 - 1/2) = 0.725 of the 300 opened are long."""
    candles = flat_market(2, volume=[0.0, 1_000.0], taker_buy_volume=[0.0, 1_000.0])
    book = book_of(candles, parameters=PRIOR)
    assert book.ledger(Side.LONG).opened - 1_000 == pytest.approx(0.725 * 300)
    assert book.ledger(Side.SHORT).opened - 1_000 == pytest.approx(0.275 * 300)


def test_a_sweep_beyond_the_flow_raises_openings() -> None:
    low = np.array([100.0, 80.0])
    candles = flat_market(2, timeframe_ms=300_000, open=[100.0, 100.0], low=low)
    longs = book_of(candles).ledger(Side.LONG)
    assert longs.swept > 100
    assert longs.opened - 1_000 == pytest.approx(longs.swept)


@given(st.floats(0.1, 1e9))
@settings(max_examples=10)
def test_scaling_contracts_scales_the_ledger(factor: float) -> None:
    candles = random_market(3, 60)
    more = replace(
        candles,
        volume=candles.volume * factor,
        open_interest=candles.open_interest * factor,
    )
    expected = book_of(candles).ledger(Side.LONG).swept * factor
    assert book_of(more).ledger(Side.LONG).swept == pytest.approx(expected, rel=1e-9)
