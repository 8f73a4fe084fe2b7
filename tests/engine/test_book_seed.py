"""The seeded start: open interest from the first bar, and what is left of it later."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.markets import BYBIT, SEEDS, SIDES, book_of, clock, flat_market, random_market
from tests.engine.reference_book import ReferenceBook

from liqbands.heatmaps import heatmap
from liqbands.instrument import Side
from liqbands.parameters import Parameters


@given(st.floats(1e-6, 1e6), st.floats(1.0, 1e9))
@settings(max_examples=15)
def test_the_first_bar_stands_at_open_interest_on_both_sides(
    price: float, open_interest: float
) -> None:
    book = book_of(flat_market(1, price, open_interest=[open_interest]))
    for side in SIDES:
        assert book.ledger(side).open_contracts == pytest.approx(open_interest, rel=1e-9)
        assert book.ledger(side).seeded == open_interest


@given(st.floats(1e-6, 1e6))
@settings(max_examples=15)
def test_the_seed_stands_on_the_grid_at_any_price(price: float) -> None:
    """Scaling all prices changes nothing but the bins: off the grid is what it is at 100."""
    for volatility in (0.02, 0.1):
        parameters = Parameters(seed_volatility=volatility)
        usual, here = (
            book_of(flat_market(1, at), parameters=parameters).ledger(Side.LONG).off_grid
            for at in (100.0, price)
        )
        assert here == pytest.approx(usual, rel=0.05, abs=1e-6)


@pytest.mark.parametrize("price", [1.2, 2.0, 7.5])
def test_a_widely_spread_seed_does_not_leave_the_grid_at_the_top(price: float) -> None:
    """What lies on the wrong side of the mark is dropped, not put off the grid (model 4.3)."""
    parameters = Parameters(seed_volatility=0.1)
    usual, here = (
        book_of(flat_market(1, at), parameters=parameters).ledger(Side.LONG).off_grid
        for at in (100.0, price)
    )
    assert here == pytest.approx(usual, rel=0.05)


@pytest.mark.parametrize("seed", [0, 2])
def test_the_seed_share_is_an_upper_bound(seed: int) -> None:
    """The slow book remembers which contracts the seed brought."""
    candles = random_market(seed, 25, volatility=0.005)
    book = book_of(candles)
    slow = ReferenceBook(
        book.ladder, book.tiers, 5e-4, candles.timeframe_ms, 90.0, 110.0, by_bar=True
    )
    slow.extend(candles)
    seeded = np.einsum("k,sk->s", book.ladder.weight, slow.cohorts[1].sum(axis=2))
    standing = [book.ledger(side).open_contracts for side in SIDES]
    assert book.seed_share >= (seeded / standing).max() - 1e-9


def test_a_book_of_nothing_but_the_seed_says_so() -> None:
    """Open interest falls to a quarter; nothing was opened, so all that stands is seed."""
    book = book_of(flat_market(48, open_interest=np.linspace(1_000.0, 250.0, 48)))
    assert book.ledger(Side.LONG).opened == 1_000.0
    assert book.seed_share == pytest.approx(1.0)


@pytest.mark.parametrize("factor", [10.0, 0.1])
def test_a_change_of_unit_does_not_change_the_seed_share(factor: float) -> None:
    open_interest = np.r_[np.full(5, 1_000.0), np.full(5, 1_000.0 * factor)]
    changed = book_of(flat_market(10, open_interest=open_interest))
    assert changed.seed_share == pytest.approx(1.0)


def test_the_seed_fades_with_turnover() -> None:
    """Measured against the model's closed form: sum(w exp(-tau h / h-bar))."""
    candles = flat_market(240, volume=np.full(240, 150.0))
    book = book_of(candles)
    shares = heatmap(candles, BYBIT).seed_share
    assert (np.diff(shares) <= 1e-12).all()
    hazard, weight = book.ladder.hazard[0], book.ladder.weight
    mean = 1 / (weight / hazard).sum()
    tau = clock(book, 0)
    closed_form = float((weight * mean / hazard) @ np.exp(-tau * hazard / mean))
    assert book.seed_share == pytest.approx(closed_form, abs=0.02)


@given(SEEDS)
@settings(max_examples=6)
def test_the_seeds_volatility_matters_less_every_day(seed: int) -> None:
    candles = random_market(seed, 24 * 40, volatility=0.005)
    shares = heatmap(candles, BYBIT, max_columns=40).seed_share
    assert shares[0] <= 1.0
    assert shares[-1] < 0.2 * shares[0]
