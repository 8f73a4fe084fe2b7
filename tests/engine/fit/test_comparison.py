"""Before and after: figures by hand, paired bounds, markets that count alike."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.fit.comparison import FIGURES, by_world, compare_scores
from liqbands.fit.objective import MarketScore, objective
from liqbands.timeframes import DAY_MS

SEEDS = st.integers(0, 10**6)


def scores_of(seed: int, n_markets: int = 3, n_days: int = 10) -> list[MarketScore]:
    random = np.random.default_rng(seed)
    times = np.repeat(DAY_MS * np.arange(n_days), 2)
    return [
        MarketScore(f"world {k % 2}", k, times, random.normal(0.5, 0.2, (2 * n_days, 8)))
        for k in range(n_markets)
    ]


def shifted(scores: list[MarketScore], by: float) -> list[MarketScore]:
    shift = np.array([by] * 6 + [0.0, 0.0])
    return [replace(score, values=score.values + shift) for score in scores]


@given(SEEDS)
def test_nothing_changed_is_no_change(seed: int) -> None:
    scores = scores_of(seed)
    for row in compare_scores(scores, scores, n_resamples=40):
        assert (row.change.value, row.change.low, row.change.high) == (0, 0, 0)
        assert row.before == row.after


@given(SEEDS, st.floats(-0.5, 0.5))
def test_what_moves_all_alike_has_no_width(seed: int, by: float) -> None:
    scores = scores_of(seed)
    rows = {row.measure: row for row in compare_scores(scores, shifted(scores, by), 40)}
    assert list(rows) == list(FIGURES)
    for name in ("objective", "band_recall_20"):
        change = rows[name].change
        np.testing.assert_allclose([change.value, change.low, change.high], by, atol=1e-9)
        assert rows[name].before.low < rows[name].before.value < rows[name].before.high
    assert rows["level_ratio_5"].change.value == 0


def test_figures_by_hand() -> None:
    times = DAY_MS * np.arange(1)
    one = MarketScore("base", 1, times, np.array([[0.6] * 6 + [np.log(2), np.log(4)]]))
    two = MarketScore("calm", 1, times, np.array([[0.8] * 6 + [-np.log(2), 0.0]]))
    rows = {row.measure: row.before.value for row in compare_scores([one, two], [one, two])}
    assert rows["rank_correlation_5"] == pytest.approx(0.7)
    # Twice too much and half as much: right on average, wrong by ln 2 each.
    assert rows["level_error_5"] == pytest.approx(np.log(2))
    assert rows["level_ratio_5"] == pytest.approx(1)
    assert rows["level_ratio_20"] == pytest.approx(2)
    assert rows["objective"] == pytest.approx(objective([one, two]))
    assert rows["objective"] == pytest.approx(0.7 - 0.05 * (np.log(2) + np.log(4) / 2))


def test_a_long_market_counts_no_more_than_a_short_one() -> None:
    (short,), (long,) = scores_of(1, 1, 5), scores_of(2, 1, 50)
    both = compare_scores([short, long], [short, long], 40)[0].before.value
    alone = [compare_scores([each], [each], 40)[0].before.value for each in (short, long)]
    assert both == pytest.approx(np.mean(alone))


def test_only_the_same_markets_can_be_compared() -> None:
    one, two, three = scores_of(1)
    for before, after in (([one, two], [two, one]), ([one], [one, two]), ([], [])):
        with pytest.raises(ValueError, match="on the same markets, at least one"):
            compare_scores(before, after)
    assert by_world([one, two, three]) == {"world 0": [one, three], "world 1": [two]}
