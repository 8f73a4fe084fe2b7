"""The engine behind the protocol: what it shows is the book, and nothing but the book."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from tests.engine.markets import (
    BYBIT,
    HOUR,
    MINUTE,
    PRIOR,
    SEEDS,
    SIDES,
    book_of,
    random_market,
    standing,
)

from liqbands.calibration import Calibration, evidence_of
from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument
from liqbands.parameters import Parameters
from liqbands.score.models import THROTTLED_CAP, CalibratedEngine, EngineModel, Feed, engine
from liqbands.score.withheld import is_causal

FIRST, N_BINS = 8_000, 2_500
NO_SWEEP = Parameters(sweep=False, realised=False)


def with_reports(candles: Candles, long: FloatArray, short: FloatArray) -> Candles:
    return replace(candles, long_liquidated=long, short_liquidated=short)


def minutes(seed: int = 0, n_bars: int = 600) -> Candles:
    return random_market(seed, n_bars=n_bars, timeframe_ms=MINUTE, volatility=0.003)


def calibrated(
    candles: Candles,
    cap: float = np.inf,
    instrument: Instrument = BYBIT,
    parameters: Parameters | None = None,
) -> CalibratedEngine:
    model = CalibratedEngine(instrument, candles.timeframe_ms, parameters, cap)
    model.extend(candles)
    return model


@given(SEEDS)
@settings(max_examples=10)
def test_the_map_is_the_book(seed: int) -> None:
    candles = random_market(seed, extras=True)
    model = engine(Parameters(ladder_median=0.2))(BYBIT, HOUR)
    model.extend(candles[:70])
    model.extend(candles[70:])
    book = book_of(candles, parameters=Parameters(ladder_median=0.2))
    np.testing.assert_array_equal(model.standing(FIRST, N_BINS), standing(book, FIRST, N_BINS))


def test_a_model_without_bars_shows_nothing() -> None:
    for make in (engine(), engine(calibrated="full")):
        assert not make(BYBIT, HOUR).standing(FIRST, N_BINS).any()


def test_the_volume_book_needs_no_open_interest() -> None:
    candles = random_market(1, open_interest=False)
    by_volume, by_interest = engine(basis="volume")(BYBIT, HOUR), engine()(BYBIT, HOUR)
    for model in (by_volume, by_interest):
        model.extend(candles)
    assert by_volume.standing(FIRST, N_BINS).sum() > 0
    assert by_interest.standing(FIRST, N_BINS).sum() == 0


@given(SEEDS)
@settings(max_examples=10)
def test_what_was_swept_adds_up_to_the_ledger(seed: int) -> None:
    candles = random_market(seed)
    model, total = EngineModel(BYBIT, HOUR), np.zeros(2)
    for i in range(len(candles)):
        model.extend(candles[i : i + 1])
        total += model.swept
    booked = [book_of(candles).ledger(side).swept for side in SIDES]
    np.testing.assert_allclose(total, booked)
    np.testing.assert_allclose(model.swept_so_far, booked)


def test_a_book_that_does_not_sweep_has_swept_nothing() -> None:
    candles = random_market(1, timeframe_ms=MINUTE)
    model = EngineModel(BYBIT, MINUTE, NO_SWEEP)
    model.extend(candles)
    assert not model.swept_so_far.any()


@given(SEEDS)
@settings(max_examples=5)
def test_without_reports_nothing_is_learnt(seed: int) -> None:
    candles = minutes(seed, n_bars=200)
    model = calibrated(candles)
    assert (model.survival == 1).all()
    book = book_of(candles, parameters=Parameters(realised=False))
    np.testing.assert_array_equal(model.standing(FIRST, N_BINS), standing(book, FIRST, N_BINS))


def test_survival_is_what_the_calibration_learns_bar_by_bar() -> None:
    candles = minutes(3)
    reported = np.random.default_rng(3).random((2, 600))
    reported[0, ::7] = np.nan  # such bars teach nothing
    model = calibrated(with_reports(candles, *reported))
    book = book_of(candles[:1], parameters=Parameters(realised=False))
    learnt = Calibration(book.ladder, float(candles.open_interest[0]), MINUTE)
    for i in range(1, 600):
        book.extend(candles[i : i + 1])
        if not np.isnan(reported[0, i]):
            learnt.update(evidence_of(book, reported[0, i] + reported[1, i]))
    np.testing.assert_allclose(model.survival, learnt.survival)
    assert np.ptp(model.survival) > 0.01


def test_a_feed_that_reports_little_shrinks_the_map_and_never_the_book() -> None:
    candles = minutes(4)
    silent = with_reports(candles, np.zeros(600), np.zeros(600))
    model, plain = calibrated(silent), EngineModel(BYBIT, MINUTE, Parameters(realised=False))
    plain.extend(silent)
    assert model.expected(FIRST, N_BINS).sum() < 0.9 * plain.standing(FIRST, N_BINS).sum()
    np.testing.assert_array_equal(model.standing(FIRST, N_BINS), model.expected(FIRST, N_BINS))
    np.testing.assert_array_equal(
        EngineModel.standing(model, FIRST, N_BINS), plain.standing(FIRST, N_BINS)
    )


def test_above_the_cap_nothing_is_learnt() -> None:
    silent = with_reports(minutes(4), np.zeros(600), np.zeros(600))
    assert (calibrated(silent, cap=0.0).survival == 1).all()
    np.testing.assert_array_equal(
        calibrated(silent, cap=1e12).survival, calibrated(silent).survival
    )


def test_the_cap_counts_quote_at_the_first_price() -> None:
    """A contract of 0.01 is worth a hundredth, so a hundredth of the quote is the same cap.

    Between the two caps lie some of the bars that the prior predicts; else both tell the same.
    """
    silent = with_reports(minutes(4), np.zeros(600), np.zeros(600))
    small = replace(BYBIT, contract_size=0.01)
    for cap in (1e3, 1e4):
        one = calibrated(silent, cap, parameters=PRIOR)
        other = calibrated(silent, 0.01 * cap, small, PRIOR)
        np.testing.assert_allclose(one.survival, other.survival)
    few, more = (calibrated(silent, cap, parameters=PRIOR).survival for cap in (1e3, 1e4))
    assert not np.allclose(few, more)


@pytest.mark.parametrize("feed", ["off", "full", "throttled"])
def test_no_engine_knows_a_later_bar(feed: Feed) -> None:
    candles = with_reports(minutes(5), *np.random.default_rng(5).random((2, 600)))
    assert is_causal(engine(calibrated=feed), BYBIT, candles, (1, 100, 599))


def test_the_factory_makes_what_was_asked_for() -> None:
    assert type(engine()(BYBIT, HOUR)) is EngineModel
    for feed, cap in (("full", np.inf), ("throttled", 60 * THROTTLED_CAP)):
        model = engine(calibrated=feed)(BYBIT, HOUR)  # type: ignore[arg-type]  # of the loop
        assert isinstance(model, CalibratedEngine)
        assert model._cap == cap


def test_impossible_wishes_are_refused() -> None:
    with pytest.raises(ValueError, match="off, full or throttled, was 'maybe'"):
        engine(calibrated="maybe")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(ValueError, match="calibration needs open interest"):
        engine(calibrated="full", basis="volume")
