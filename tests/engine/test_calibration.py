"""Survival per tier, learnt from what was swept and what was reported."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.markets import PRIOR

from liqbands.bar import Bar
from liqbands.book import Book
from liqbands.calibration import Calibration, Evidence, evidence_of
from liqbands.instrument import Instrument, Side
from liqbands.ladder import leverage_ladder

LADDER = leverage_ladder(Instrument("bybit", "BTC/USDT:USDT"), PRIOR, None)
N_TIERS = LADDER.n_tiers


def calibration(cap: float = np.inf) -> Calibration:
    return Calibration(LADDER, open_interest=1_000.0, timeframe_ms=60_000, cap=cap)


def test_before_any_evidence_everything_survives() -> None:
    np.testing.assert_array_equal(calibration().survival, np.ones(N_TIERS))


@given(st.floats(0.05, 3.0))
def test_a_feed_that_reports_a_constant_share_is_learnt(share: float) -> None:
    learnt = calibration()
    for _ in range(400):
        swept = np.full(N_TIERS, 50.0)
        learnt.update(Evidence(swept, realised=share * 50.0))  # weights sum to 1
    assert LADDER.weight @ learnt.survival == pytest.approx(share, rel=0.02)


def test_tiers_that_were_never_swept_move_with_the_rest() -> None:
    learnt = calibration()
    near = np.where(LADDER.distance.mean(axis=0) < 0.02, 50.0, 0.0)
    for _ in range(400):
        learnt.update(Evidence(near, realised=0.25 * float(LADDER.weight @ near)))
    far = LADDER.distance.mean(axis=0) > 0.5
    assert (learnt.survival[far] < 0.5).all()


def test_bars_above_the_cap_teach_nothing() -> None:
    learnt = calibration(cap=10.0)
    learnt.update(Evidence(np.full(N_TIERS, 50.0), realised=0.0))
    np.testing.assert_array_equal(learnt.survival, np.ones(N_TIERS))


def test_the_gate_opens_when_the_prior_is_wrong_and_stays_shut_when_it_is_right() -> None:
    wrong, right = calibration(), calibration()
    for _ in range(200):
        swept = np.full(N_TIERS, 50.0)
        wrong.update(Evidence(swept, realised=10.0))
        right.update(Evidence(swept, realised=50.0))
    assert wrong.gate > 0.9
    assert right.gate == pytest.approx(0.5, abs=0.01)


def test_open_interest_must_be_positive() -> None:
    with pytest.raises(ValueError, match="open_interest must be positive, was 0"):
        Calibration(LADDER, open_interest=0.0, timeframe_ms=60_000)


def test_a_book_tells_what_its_last_bar_swept() -> None:
    """The first bar seeds; the second falls by 20 % and sweeps all that stood on the way."""
    book = Book(
        Instrument("bybit", "BTC/USDT:USDT"), replace(PRIOR, in_bar=False), timeframe_ms=60_000
    )
    book.update(Bar(0, 100.0, 100.0, 100.0, 100.0, volume=1.0, open_interest=1_000.0))
    before = book.ledger(Side.LONG).swept
    book.update(Bar(60_000, 100.0, 100.0, 80.0, 80.0, volume=1.0, open_interest=1_000.0))
    evidence = evidence_of(book, realised=7.0)
    swept = book.ledger(Side.LONG).swept - before
    assert swept > 0
    assert book.ladder.weight @ evidence.swept == pytest.approx(swept)
    assert evidence.realised == 7.0
