"""Rows that price reached and what maps said about them, counted again one by one."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from tests.engine.markets import BYBIT, DAY, HOUR, MARKETS, SEEDS, book_of, random_market

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import ContractKind, FloatArray, Instrument
from liqbands.market_data import Liquidations
from liqbands.score.baselines import SweptPineBands, Uniform
from liqbands.score.models import EngineModel
from liqbands.score.reach_metrics import ReachMetrics
from liqbands.score.reach_panel import predicted_totals, reach_panel, swept_totals
from liqbands.score.reached_rows import ReachedRows, ReachPlan, find_reached
from liqbands.score.withheld import with_other_future

STEP = 5e-4
GRID = PriceGrid(STEP)
ROW = 2 * STEP
HOURS_4 = ReachPlan(every_ms=2 * HOUR, horizon_ms=4 * HOUR)
PLANS = (ReachPlan(), HOURS_4, ReachPlan(HOUR, 3 * HOUR, bins_per_row=5, from_ms=DAY))
NO_EVENTS = Liquidations(np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0), np.zeros(0))


class Asked(Uniform):
    """Remembers which bins it was asked for."""

    def __init__(self, asked: list[tuple[int, int]], of: Instrument, timeframe_ms: int) -> None:
        super().__init__(of, timeframe_ms)
        self._asked = asked

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        self._asked.append((first_bin, n_bins))
        return super().standing(first_bin, n_bins)


def bars(*rows: tuple[float, float, float], **columns: list[float]) -> Candles:
    """Make hourly bars of (low, high, close) from 1970 on."""
    low, high, close = np.array(rows).T
    return Candles.from_arrays(
        HOUR * np.arange(len(rows)),
        timeframe_ms=HOUR,
        open=close,
        low=low,
        high=high,
        close=close,
        **dict[str, Any](columns),
    )


def events(*rows: tuple[int, int, float, float]) -> Liquidations:
    """Make liquidations of (time, side, price, contracts)."""
    time, side, price, contracts = (np.array(column) for column in zip(*rows, strict=True))
    return Liquidations(
        time.astype(np.int64), side.astype(np.int8), price.astype(float), contracts.astype(float)
    )


def random_events(candles: Candles, seed: int) -> Liquidations:
    random = np.random.default_rng(seed)
    bar = np.sort(random.integers(0, len(candles), 200))
    low, high = candles.low[bar], candles.high[bar]
    return Liquidations(
        candles.open_time_ms[bar] + candles.timeframe_ms // 2,
        random.choice(np.array([-1, 1], dtype=np.int8), 200),
        low * (high / low) ** random.uniform(-0.1, 1.1, 200),
        random.lognormal(0, 1, 200),
    )


def mark_of(candles: Candles, name: str) -> FloatArray:
    mark: FloatArray = getattr(candles, f"mark_{name}")
    last: FloatArray = getattr(candles, name)
    return np.where(np.isnan(mark), last, mark)


def rows_one_by_one(candles: Candles, plan: ReachPlan) -> list[tuple[int, int, int, int]]:
    """Return (snapshot, time, side, row) of every reached row, price by price."""
    width, length = plan.bins_per_row * STEP, candles.timeframe_ms
    found = []
    closes = candles.open_time_ms + length
    times = [
        t
        for t in range(0, int(closes[-1]) + 1, plan.every_ms)
        if t >= max(closes[0], plan.from_ms) and t + plan.horizon_ms <= closes[-1]
    ]
    for k, t in enumerate(times):
        mark = mark_of(candles, "close")[closes <= t][-1]
        ahead = (candles.open_time_ms < t + plan.horizon_ms) & (closes > t)
        middle = int(np.log(mark) // width)
        reach = round(0.5 / width)
        rows = range(middle - reach, middle + reach)
        price = {row: np.exp((row + 0.5) * width) for row in rows}
        for side in (1, -1):
            for row in rows:
                if side > 0:
                    hit = price[row] < mark and (mark_of(candles, "low")[ahead] <= price[row]).any()
                else:
                    hit = (
                        price[row] > mark and (mark_of(candles, "high")[ahead] >= price[row]).any()
                    )
                if hit:
                    found.append((k, t, side, row))
    return found


def short_market(seed: int, **more: bool) -> Candles:
    """Make 60 hours that begin in 1970, so that times can be counted up."""
    return random_market(seed, n_bars=60, start_ms=7 * HOUR, gaps=True, **more)


@given(SEEDS)
@settings(max_examples=8)
def test_rows_are_those_between_mark_and_its_extremes(seed: int) -> None:
    candles = short_market(seed, extras=True)
    for plan in PLANS:
        reached = find_reached(candles, random_events(candles, seed), BYBIT, plan)
        columns = (reached.snapshot, reached.time_ms, reached.side, reached.row)
        found = list(zip(*(column.tolist() for column in columns), strict=True))
        assert found == rows_one_by_one(candles, plan)


@given(SEEDS)
@settings(max_examples=8)
def test_outcomes_are_the_liquidations_of_the_row_within_the_horizon(seed: int) -> None:
    candles = short_market(seed)
    feed = random_events(candles, seed)
    for plan in PLANS:
        reached = find_reached(candles, feed, BYBIT, plan)
        row_of = np.floor(np.log(feed.price) / (plan.bins_per_row * STEP))
        for i in range(len(reached.row)):
            t = reached.time_ms[i]
            inside = (feed.time_ms > t) & (feed.time_ms <= t + plan.horizon_ms)
            inside &= (feed.side == reached.side[i]) & (row_of == reached.row[i])
            assert reached.counts[i] == inside.sum()
            notional = (feed.price * feed.contracts)[inside].sum()
            assert reached.notional[i] == pytest.approx(notional)


def test_a_panel_by_hand() -> None:
    """Mark 100 at 01:00; the next hour falls to 99.75 and rises to 100.1.

    Rows are .1 % wide; ln 100 / .001 = 4605.17.  Longs: centres 4604.5 and 4603.5 are below it,
    and ln 99.75 = 4602.67, so down to the row 4603 (4602.5 is not reached).  Shorts: centre
    4605.5 up to ln 100.1 = 4606.17.
    """
    candles = bars((100, 100, 100), (99.75, 100.1, 100))
    low_row, high_row = np.exp(ROW * np.array([4_603.2, 4_605.9]))
    feed = events(
        (HOUR, 1, low_row, 9.0),  # at the snapshot: not later than it
        (HOUR + 1, 1, low_row, 2.0),
        (HOUR + 2, -1, low_row, 4.0),  # a short below mark is missed
        (2 * HOUR, 1, low_row, 3.0),
        (2 * HOUR, -1, high_row, 5.0),
        (2 * HOUR + 1, -1, high_row, 7.0),  # after the horizon
    )
    reached = find_reached(candles, feed, BYBIT)
    assert reached.row.tolist() == [4_603, 4_604, 4_605]
    assert reached.side.tolist() == [1, 1, -1]
    assert (reached.snapshot == 0).all()
    assert (reached.time_ms == HOUR).all()
    np.testing.assert_array_equal(reached.counts, [2, 0, 1])
    np.testing.assert_allclose(reached.notional, [5 * low_row, 0, 5 * high_row])
    np.testing.assert_allclose(reached.distance, [0.00167, 0.00067, 0.00033], atol=1e-5)
    missed, placed = 4 * low_row, 5 * low_row + 5 * high_row
    assert reached.missed == pytest.approx(missed / (missed + placed))
    assert reached.lag == 1


def test_inverse_contracts_count_at_face_value() -> None:
    inverse = replace(BYBIT, contract_kind=ContractKind.INVERSE, contract_size=100.0)
    candles = bars((100, 100, 100), (99.75, 100, 100))
    feed = events((HOUR + 1, 1, float(np.exp(4_603.5 * ROW)), 2.0))
    assert find_reached(candles, feed, inverse).notional.sum() == pytest.approx(200)


def test_overlapping_horizons_count_an_event_in_each() -> None:
    candles = bars((100, 100, 100), *[(99.75, 100.1, 100)] * 4)
    feed = events((3 * HOUR - 1, 1, float(np.exp(4_603.5 * ROW)), 2.0))
    plan = ReachPlan(every_ms=HOUR, horizon_ms=2 * HOUR)
    reached = find_reached(candles, feed, BYBIT, plan)
    assert reached.lag == 2
    assert reached.snapshot[reached.counts > 0].tolist() == [0, 1]
    assert reached.snapshot.max() == 2  # the fourth would look beyond the last bar


@given(SEEDS)
@settings(max_examples=8)
def test_a_map_is_summed_over_the_bins_of_each_row(seed: int) -> None:
    candles = short_market(seed)
    for plan in PLANS:
        reached = find_reached(candles, NO_EVENTS, BYBIT, plan)
        panel = reach_panel(SweptPineBands, BYBIT, candles, reached, run=3)
        for i in range(0, len(reached.row), 29):
            model = SweptPineBands(BYBIT, HOUR)
            model.extend(candles[: int(reached.n_seen[reached.snapshot[i]])])
            first = int(reached.row[i]) * plan.bins_per_row
            side = 0 if reached.side[i] > 0 else 1
            expected = model.standing(first, plan.bins_per_row)[side].sum()
            assert panel.predicted[i] == pytest.approx(expected)
        assert panel.run is not None
        assert (panel.run == 3).all()
        assert panel.lag == reached.lag


def test_a_panel_is_ready_to_be_scored() -> None:
    candles = random_market(7, n_bars=300)
    reached = find_reached(candles, random_events(candles, 7), BYBIT)
    metrics = ReachMetrics(reach_panel(Uniform, BYBIT, candles, reached))
    once = np.ones(len(reached.row))
    assert metrics.lift10(once) == pytest.approx(1, abs=0.3)  # rows at mark are cut in half
    assert metrics.base_rate(once) > 0
    assert np.isfinite(metrics.tweedie_skill(once))


@given(MARKETS)
@settings(max_examples=15)
def test_totals_of_a_uniform_map_count_the_bins_that_were_reached(candles: Candles) -> None:
    totals = predicted_totals(Uniform, BYBIT, candles)
    low, high, close = (np.log(mark_of(candles, name)) for name in ("low", "high", "close"))
    assert totals.shape == (2, len(candles))
    assert not totals[:, 0].any()
    for i in range(1, len(candles)):
        center = STEP * (np.floor(close[i - 1] / STEP) + np.arange(-1_000, 1_000) + 0.5)
        longs = (center < close[i - 1]) & (center >= low[i])
        shorts = (center > close[i - 1]) & (center <= high[i])
        np.testing.assert_array_equal(totals[:, i], [longs.sum(), shorts.sum()])


def test_totals_of_steps_use_the_map_before_the_step() -> None:
    """Bars 2 and 3 reach 97 and then 103; the map is that of bar 1: 98 and 99, 101 and 102."""
    flat = (100.0, 100.0, 100.0)
    candles = bars(
        flat, flat, (97, 100, 100), (100, 103, 100), flat, volume=[5.0, 0.0, 0.0, 0.0, 1.0]
    )
    totals = predicted_totals(SweptPineBands, BYBIT, candles, bars_per_step=2)
    np.testing.assert_allclose(totals, [[0, 10, 0], [0, 10, 0]])
    assert predicted_totals(SweptPineBands, BYBIT, candles).shape == (2, 5)
    with pytest.raises(ValueError, match="bars_per_step must be at least 1, was 0"):
        predicted_totals(SweptPineBands, BYBIT, candles, bars_per_step=0)


def test_no_question_tells_a_map_what_comes() -> None:
    candles = random_market(2, n_bars=120)
    reached = find_reached(candles, NO_EVENTS, BYBIT)
    other = with_other_future(candles, 60)
    other_reached = find_reached(other, NO_EVENTS, BYBIT)
    asked: list[list[tuple[int, int]]] = [[], [], [], []]
    for rows, tape, k in ((reached, candles, 0), (other_reached, other, 1)):
        reach_panel(partial(Asked, asked[k]), BYBIT, tape, rows)
        predicted_totals(partial(Asked, asked[k + 2]), BYBIT, tape)
    assert asked[0][:60] == asked[1][:60]
    assert asked[2][:60] == asked[3][:60]
    assert asked[0] != asked[1]


@given(SEEDS)
@settings(max_examples=8)
def test_swept_totals_are_what_the_book_swept(seed: int) -> None:
    candles = random_market(seed)
    totals = swept_totals(EngineModel, BYBIT, candles)
    for i in (0, 1, 60, 119):
        swept = [book_of(candles[: i + 1]).state.ledger[s, 1] for s in range(2)]
        np.testing.assert_allclose(totals[:, : i + 1].sum(axis=1), swept)
    by_seven = swept_totals(EngineModel, BYBIT, candles, bars_per_step=7)
    assert by_seven.shape == (2, 18)
    np.testing.assert_allclose(by_seven[:, 3], totals[:, 21:28].sum(axis=1))


def test_without_in_bar_deaths_the_book_sweeps_what_its_map_predicted() -> None:
    """Minutes: nothing dies inside the bar, so the two ways to count agree."""
    candles = random_market(4, n_bars=400, timeframe_ms=60_000, volatility=0.002)
    predicted = predicted_totals(EngineModel, BYBIT, candles)
    swept = swept_totals(EngineModel, BYBIT, candles)
    np.testing.assert_allclose(predicted[:, 1:].sum(), swept[:, 1:].sum(), rtol=0.02)


def test_plans_that_do_not_fit_are_refused() -> None:
    candles = random_market(1, n_bars=30)
    refused: list[tuple[Candles, ReachPlan, str]] = [
        (candles, ReachPlan(every_ms=HOUR // 2), "whole bars of 3600000 ms"),
        (candles, ReachPlan(horizon_ms=HOUR + 1), "whole bars of 3600000 ms"),
        (candles, ReachPlan(horizon_ms=30 * HOUR), "reached no row"),
        (replace(candles, last_is_forming=True), ReachPlan(), "the last bar must be closed"),
    ]
    for bad, plan, message in refused:
        with pytest.raises(ValueError, match=message):
            find_reached(bad, NO_EVENTS, BYBIT, plan)
    with pytest.raises(ValueError, match="bins_per_row must be positive, was 0"):
        ReachPlan(bins_per_row=0)


def test_without_events_nothing_was_missed() -> None:
    reached: ReachedRows = find_reached(random_market(1), NO_EVENTS, BYBIT)
    assert np.isnan(reached.missed)
    assert not reached.notional.any()
