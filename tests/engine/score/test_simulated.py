"""Scores on a simulated market: the truth is perfect, a flat map is nothing, sums are means."""

from collections.abc import Mapping

import numpy as np
import pytest

from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.readings import contracts_per_bin
from liqbands.score.baselines import Uniform
from liqbands.score.blocks import Blocks
from liqbands.score.book_score import score_book
from liqbands.score.book_summary import BookSummary, summarise_books
from liqbands.score.model_sets import NamedModel, Reports, find_models
from liqbands.score.pooling import PooledModel, pool
from liqbands.score.run_score import RunScore
from liqbands.score.simulated import ScorePlan, score_recording, triggers
from liqbands.score.types import MapModel
from liqbands.score.watched import watch
from liqbands.sim import START_MS, Recording, find_world, record
from liqbands.timeframes import DAY_MS, HOUR_MS

PLAN = ScorePlan(warm_up_ms=DAY_MS)


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Return five days of a market, its truth known every hour."""
    return record(find_world("calm"), seed=3, days=5, every_ms=HOUR_MS)


@pytest.fixture(scope="module")
def run(recording: Recording) -> RunScore:
    return score_recording(recording, find_models(["uniform", "no-in-bar"]), PLAN)


@pytest.fixture(scope="module")
def pooled(run: RunScore) -> Mapping[str, PooledModel]:
    return {each.model: each for each in pool([run], 50)}


def figures(pooled: PooledModel, *keys: str) -> list[float]:
    return [pooled.figures[key].value for key in keys]


def engine_books(recording: Recording) -> BookSummary:
    """Score the engine without the harness: a plain book, stopped every six hours."""
    venue = recording.venues[0]
    grid, times = PriceGrid.of(venue.instrument.market), venue.candles.open_time_ms
    book = Book(venue.instrument, timeframe_ms=60_000)
    start, seen, scores, days = int(times[0]), 0, [], []
    for truth in venue.books:
        since = truth.time_ms - start
        if since % (6 * HOUR_MS) or not DAY_MS <= since <= 5 * DAY_MS - HOUR_MS:
            continue
        stop = since // 60_000
        book.extend(venue.candles[seen:stop])
        seen = stop
        first, n_bins = truth.first_bin, truth.contracts.shape[2]
        shown = contracts_per_bin(book, first, n_bins)
        true = truth.standing(first, n_bins)
        scores.append(score_book(shown, true, truth.mark, grid, first, 0.05))
        days.append(truth.time_ms // DAY_MS)
    return summarise_books(scores, Blocks.of(np.array(days)), 10)


def test_the_truth_as_a_map_is_perfect(pooled: Mapping[str, PooledModel]) -> None:
    ceiling = pooled["ceiling"]
    shapes = [
        f"{metric}_{ending}"
        for metric in ("earth_movers_skill", "rank_correlation", "band_recall", "overlap")
        for ending in ("5", "20")
    ]
    assert figures(ceiling, *shapes) == pytest.approx([1.0] * 8)
    assert figures(ceiling, "imbalance_correlation", "level_ratio") == pytest.approx([1.0, 1.0])
    errors = [f"distance_{k}_error" for k in range(5)]
    assert figures(ceiling, "imbalance_error", "level_spread", *errors) == pytest.approx([0.0] * 7)
    assert all(behind.value <= 0 for key, behind in ceiling.behind.items() if key in shapes)


def test_a_flat_map_has_no_skill(pooled: Mapping[str, PooledModel]) -> None:
    flat = pooled["uniform"]
    skills = figures(flat, "earth_movers_skill_5", "rank_correlation_5", "rank_correlation_20")
    assert skills == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert flat.figures["event_lift10"].value == pytest.approx(1.0, abs=0.15)
    # Its unit is no contract: neither level nor intervals can be said.
    assert not {"level_ratio", "coverage_80", "leverage_0_error"} & set(flat.figures)


def test_the_engine_is_scored_like_a_plain_book(
    recording: Recording, pooled: Mapping[str, PooledModel]
) -> None:
    expected, found = engine_books(recording), pooled["engine"].figures
    for metric in ("earth_movers_skill", "rank_correlation", "band_recall", "overlap"):
        assert found[f"{metric}_5"].value == pytest.approx(getattr(expected, metric).value), metric


def test_the_engine_beats_the_flat_map(pooled: Mapping[str, PooledModel]) -> None:
    keys = ("rank_correlation_5", "event_tweedie", "event_lift10", "event_auc")
    assert all(pooled["uniform"].behind[key].value > 0 for key in keys)


def test_leverage_shares_add_up(pooled: Mapping[str, PooledModel]) -> None:
    for kind in ("share", "truth"):
        shares = figures(pooled["engine"], *(f"leverage_{k}_{kind}" for k in range(6)))
        assert sum(shares) == pytest.approx(1.0)


def test_switches_without_effect_on_minutes_are_left_out(run: RunScore) -> None:
    assert [model.model for model in run.models] == ["engine", "uniform", "ceiling"]


def test_what_it_rests_on_is_counted(recording: Recording, run: RunScore) -> None:
    """Day 1 to 5, the last hour without a future: 96 snapshots from hour 24 to 119."""
    assert run.n_snapshots == 96
    assert run.n_books == 16  # hours 24, 30, ... 114
    times = triggers(recording.venues[0].closings).time_ms
    start = int(recording.venues[0].candles.open_time_ms[0])
    assert run.n_liquidations == int((times >= start + DAY_MS).sum())
    assert run.missed < 0.05  # a row that mark entered, but not to its centre, is not reached


class Eavesdropper(Uniform):
    """A flat map that adds up the liquidations it is shown."""

    heard: list[FloatArray]

    def extend(self, candles: Candles) -> None:
        self.heard.append(candles.long_liquidated + candles.short_liquidated)
        super().extend(candles)


def heard(recording: Recording, reports: Reports) -> float:
    heard: list[FloatArray] = []

    def make(instrument: Instrument, timeframe_ms: int) -> MapModel:
        model = Eavesdropper(instrument, timeframe_ms)
        model.heard = heard
        return model

    score_recording(recording, [NamedModel("ear", "ear", make, reports)], PLAN)
    return float(np.concatenate(heard).sum())


def test_models_hear_as_much_of_liquidations_as_they_should(recording: Recording) -> None:
    forced = triggers(recording.venues[0].closings)
    until = int(recording.venues[0].candles.open_time_ms[0]) + 5 * DAY_MS - HOUR_MS
    whole = float(forced.contracts[forced.time_ms < until].sum())
    assert np.isnan(heard(recording, "none"))
    assert heard(recording, "full") == pytest.approx(whole)
    assert 0.1 * whole < heard(recording, "throttled") < 0.9 * whole


def test_hours_are_scored_like_minutes_are(recording: Recording) -> None:
    hourly = ScorePlan(warm_up_ms=DAY_MS, bar_ms=HOUR_MS)
    run = score_recording(recording, find_models(["no-in-bar"]), hourly)
    assert [model.model for model in run.models] == ["engine", "no-in-bar", "ceiling"]
    found = {each.model: each.figures["rank_correlation_5"].value for each in pool([run], 10)}
    assert found["ceiling"] == pytest.approx(1.0)
    assert found["engine"] > 0.3


def test_a_run_too_short_is_refused(recording: Recording) -> None:
    with pytest.raises(ValueError, match=r"nothing to score|no row"):
        score_recording(recording, find_models([]), ScorePlan(warm_up_ms=6 * DAY_MS))


def test_truth_recorded_too_seldom_is_refused() -> None:
    coarse = record(find_world("calm"), seed=3, days=0.5, every_ms=6 * HOUR_MS)
    with pytest.raises(ValueError, match="record it more often"):
        score_recording(coarse, [], ScorePlan(warm_up_ms=0))


@pytest.mark.parametrize(
    "wrong", [{"warm_up_ms": -1}, {"bar_ms": 90_000}, {"bar_ms": 0}, {"books_every_ms": 90}]
)
def test_a_plan_that_cannot_be_kept_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"must"):
        ScorePlan(**wrong)


def test_watching_is_recording(recording: Recording) -> None:
    """The same bars and closings bit for bit, and what stands as the true books have it."""
    watched = watch(find_world("calm"), 3, 5, PLAN.watch)
    ours, plain = watched.recording.venues[0], recording.venues[0]
    np.testing.assert_array_equal(ours.candles.mark_close, plain.candles.mark_close)
    np.testing.assert_array_equal(ours.closings.level, plain.closings.level)
    books = {book.time_ms: book for book in plain.books}
    assert set(watched.truths) == {time for time in books if time >= START_MS + DAY_MS}
    for time, truth in watched.truths.items():
        first, n_bins = books[time].first_bin - 7, 2_500
        expected = books[time].standing(first, n_bins)
        np.testing.assert_allclose(truth.standing(first, n_bins), expected, rtol=1e-6)
    assert [book.time_ms for book in ours.books] == [
        time for time in books if time >= START_MS + DAY_MS and time % (6 * HOUR_MS) == 0
    ]


def test_a_watched_market_scores_like_a_recorded_one(pooled: Mapping[str, PooledModel]) -> None:
    watched = watch(find_world("calm"), 3, 5, PLAN.watch)
    run = score_recording(watched, find_models(["uniform"]), PLAN)
    for each in pool([run], 10):
        for key, figure in each.figures.items():
            expected = pooled[each.model].figures[key].value
            assert figure.value == pytest.approx(expected, rel=1e-5, abs=1e-6), (each.model, key)
