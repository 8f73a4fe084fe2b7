"""The objective: what it is made of, by hand, and what a perfect and a doubled map score."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.markets import SEEDS, flat_market

from liqbands.fit.markets import Stretch, market_of
from liqbands.fit.objective import (
    LEVEL_WEIGHT,
    MEASURES,
    SHAPES,
    MarketScore,
    combine_measures,
    compare,
    market_means,
    market_objectives,
    objective,
    score_market,
)
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, MarketKind
from liqbands.parameters import Parameters
from liqbands.score.book_score import FAR_WINDOW, NEAR_WINDOW, score_book
from liqbands.score.known_books import far_bins
from liqbands.sim import find_world, record
from liqbands.timeframes import DAY_MS

GRID = PriceGrid.of(MarketKind.PERPETUAL)
MARK = 100.0


def random_books(seed: int) -> tuple[FloatArray, Stretch]:
    """Return a random map and a random truth around the same mark."""
    random = np.random.default_rng(seed)
    first_bin, n_bins = far_bins(GRID, MARK)
    ours, true = random.lognormal(0, 1, (2, 2, n_bins))
    return ours, Stretch(flat_market(2), 0, MARK, first_bin, true)


@given(SEEDS)
def test_measures_are_those_of_the_scorecard(seed: int) -> None:
    ours, truth = random_books(seed)
    values = dict(zip(MEASURES, compare(ours, truth, GRID), strict=True))
    for ending, window in (("5", NEAR_WINDOW), ("20", FAR_WINDOW)):
        score = score_book(ours, truth.sides, MARK, GRID, truth.first_bin, window)
        for name in ("earth_movers_skill", "rank_correlation", "band_recall"):
            assert values[f"{name}_{ending}"] == pytest.approx(getattr(score, name).mean())


@given(SEEDS, st.floats(0.01, 100))
def test_a_perfect_map_at_another_level(seed: int, factor: float) -> None:
    _, truth = random_books(seed)
    values = compare(factor * truth.sides, truth, GRID)
    np.testing.assert_allclose(values[: len(SHAPES)], 1, atol=1e-9)
    np.testing.assert_allclose(values[len(SHAPES) :], np.log(factor), atol=1e-9)


def test_an_empty_map_has_a_bad_level_and_an_empty_truth_none() -> None:
    ours, truth = random_books(1)
    empty = compare(0 * ours, truth, GRID)
    # An empty map counts as uniform, and as a thousandth of the truth.
    np.testing.assert_allclose(empty[-2:], np.log(1e-3))
    assert empty[0] == pytest.approx(0)
    nothing = Stretch(truth.bars, 0, MARK, truth.first_bin, 0 * truth.sides)
    assert np.isnan(compare(ours, nothing, GRID)).all()


def score_of(world: str, rows: list[list[float]]) -> MarketScore:
    times = DAY_MS * np.arange(len(rows))
    return MarketScore(world, 1, times, np.array(rows))


def test_the_objective_by_hand() -> None:
    nan = float("nan")
    score = score_of(
        "base",
        [
            [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 1.0, -0.2],
            [0.7, 0.8, 0.7, 0.6, 0.5, 0.4, 3.0, -0.4],
            [nan, 0.8, 0.7, 0.6, 0.5, 0.4, 0.5, -0.9],
        ],
    )
    # Means .8 .8 .7 .6 .5 .4, of which the mean is 3.8 / 6; medians 1 and -.4.
    (means,) = market_means(score, np.ones((1, 3)))
    np.testing.assert_allclose(means, [0.8, 0.8, 0.7, 0.6, 0.5, 0.4, 1.0, -0.4])
    expected = 3.8 / 6 - 0.05 * (1.0 + 0.4)
    assert LEVEL_WEIGHT == 0.05
    assert combine_measures(means) == pytest.approx(expected)
    perfect = score_of("calm", [[1, 1, 1, 1, 1, 1, 0, 0]])
    np.testing.assert_allclose(market_objectives([score, perfect]), [expected, 1])
    assert objective([score, perfect]) == pytest.approx((expected + 1) / 2)


def test_a_snapshot_that_counts_twice_counts_twice() -> None:
    low, high = [0.2] * 6 + [1.0, 1.0], [0.8] * 6 + [2.0, 2.0]
    one, two = score_of("base", [low, high]), score_of("base", [low, high, high])
    weighted = market_means(one, np.array([[1.0, 2.0], [1.0, 1.0], [0.0, 0.0]]))
    np.testing.assert_allclose(weighted[0], market_means(two, np.ones((1, 3)))[0])
    # With equal weights the median of two lies half way; without any there is none.
    np.testing.assert_allclose(weighted[1], [0.5] * 6 + [1.5, 1.5])
    assert np.isnan(weighted[2]).all()


def test_a_recording_becomes_a_market() -> None:
    recording = record(find_world("base"), seed=1, days=1)
    market = market_of(recording, DAY_MS // 2)
    # A book every six hours: at 12, 18 and 24 h.
    ends = [stretch.time_ms for stretch in market.stretches]
    start = int(recording.venues[0].candles.open_time_ms[0])
    assert [(end - start) // 3_600_000 for end in ends] == [12, 18, 24]
    assert [len(stretch.bars) for stretch in market.stretches] == [720, 360, 360]
    score = score_market(market, Parameters())
    assert score.values.shape == (3, 8)
    assert score.time_ms.tolist() == ends
    # The second call sees the same, whatever the first one did.
    np.testing.assert_array_equal(score_market(market, Parameters()).values, score.values)


def test_a_warm_up_must_leave_something() -> None:
    recording = record(find_world("base"), seed=1, days=0.5)
    with pytest.raises(ValueError, match="no true book is left after the warm-up"):
        market_of(recording, DAY_MS)
