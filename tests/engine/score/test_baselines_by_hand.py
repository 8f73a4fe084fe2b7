"""Each baseline against its definition, worked out position by position."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from tests.engine.markets import BYBIT, DAY, HOUR, MARKETS, SEEDS, random_market

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray
from liqbands.score.baselines import (
    FreshTerritory,
    HalfLifeLadder,
    OpenInterestRises,
    PineBands,
    SweptPineBands,
    Uniform,
    VolumeProfile,
)
from liqbands.score.baselines.baseline import Baseline
from liqbands.score.baselines.field import SweptField

STEP = 5e-4
GRID = PriceGrid(STEP)
FIRST = int(GRID.bin_of(np.array([50.0]))[0])
N_BINS = int(GRID.bin_of(np.array([200.0]))[0]) - FIRST


def bars(*rows: tuple[float, float, float], times: Any = None, **columns: Any) -> Candles:
    """Make hourly bars of (low, high, close) that open at their close."""
    low, high, close = np.array(rows).T
    when = HOUR * np.arange(len(rows)) if times is None else times
    return Candles.from_arrays(
        when, timeframe_ms=HOUR, open=close, low=low, high=high, close=close, **columns
    )


def shown(model: type[Baseline], candles: Candles) -> FloatArray:
    made = model(BYBIT, candles.timeframe_ms)
    made.extend(candles)
    return made.standing(FIRST, N_BINS)


def at(*levels: tuple[float, float]) -> FloatArray:
    """Return a side with an amount in the bin of each price."""
    side = np.zeros(N_BINS)
    for price, amount in levels:
        side[int(np.floor(np.log(price) / STEP)) - FIRST] += amount
    return side


def near_price(sides: FloatArray, price: float) -> FloatArray:
    place = int(np.floor(np.log(price) / STEP)) - FIRST
    return sides[:, place]


def test_uniform_is_one_on_either_side_of_mark() -> None:
    sides = shown(Uniform, bars((99, 101, 100)))
    centers = GRID.centers(FIRST, N_BINS)
    np.testing.assert_array_equal(sides, [centers < 100, centers > 100])


def test_a_profile_spreads_volume_from_low_to_high() -> None:
    """From the middle of bin 9000 to that of 9003 are four bins: 8 / 4 in each."""
    low, high, close = np.exp(STEP * np.array([9_000.5, 9_003.5, 9_001.9]))
    sides = shown(VolumeProfile, bars((low, high, close), volume=[8.0]))
    expected = np.zeros((2, N_BINS))
    expected[0, 9_000 - FIRST : 9_002 - FIRST] = 2.0  # their centres are below 9001.9
    expected[1, 9_002 - FIRST : 9_004 - FIRST] = 2.0
    np.testing.assert_allclose(sides, expected)


def test_a_profile_of_a_week_forgets_older_bars() -> None:
    rows = [(100.0, 100.0, 100.0), (110.0, 110.0, 110.0)]
    kept = shown(VolumeProfile, bars(*rows, times=[0, 7 * DAY - HOUR], volume=[3.0, 4.0]))
    gone = shown(VolumeProfile, bars(*rows, times=[0, 7 * DAY], volume=[3.0, 4.0]))
    np.testing.assert_allclose(kept - gone, [at((100, 3)), np.zeros(N_BINS)])


def test_fresh_territory_grows_beyond_both_extremes() -> None:
    """Mark 100; the last day reached 95 to 104, the week 90 to 107.

    A long at 88 is ln(95/88) beyond the day and ln(90/88) beyond the week, one at 93 only
    ln(95/93) beyond the day, one at 97 beyond neither.
    """
    candles = bars((90, 107, 100), (95, 104, 100), times=[0, 3 * DAY])
    sides = shown(FreshTerritory, candles)
    for price, beyond in ((88.0, np.log(95 / 88) + np.log(90 / 88)), (93.0, np.log(95 / 93))):
        assert near_price(sides, price)[0] == pytest.approx(beyond, abs=2 * STEP)
    for price, beyond in (
        (110.0, np.log(110 / 104) + np.log(110 / 107)),
        (105.0, np.log(105 / 104)),
    ):
        assert near_price(sides, price)[1] == pytest.approx(beyond, abs=2 * STEP)
    assert not near_price(sides, 97.0).any()
    assert not near_price(sides, 103.0).any()


def test_old_extremes_are_forgotten_after_their_time() -> None:
    candles = bars((50, 190, 100), (99, 101, 100), times=[0, 7 * DAY])
    sides = shown(FreshTerritory, candles)
    assert near_price(sides, 90.0)[0] == pytest.approx(2 * np.log(99 / 90), abs=3 * STEP)


def test_pine_bands_of_one_bar() -> None:
    """Middle of 99 and 101: longs at 90, 96, 98, 99 and shorts at 110, 104, 102, 101."""
    for model in (PineBands, SweptPineBands):
        sides = shown(model, bars((99, 101, 100.2), volume=[5.0]))
        np.testing.assert_allclose(sides[0], at((90, 5), (96, 5), (98, 5), (99, 5)))
        np.testing.assert_allclose(sides[1], at((110, 5), (104, 5), (102, 5), (101, 5)))


def test_swept_bands_lose_what_a_later_bar_reaches() -> None:
    candles = bars((99, 101, 100.2), (97.5, 102.5, 100.2), volume=[5.0, 0.0])
    sides = shown(SweptPineBands, candles)
    np.testing.assert_allclose(sides[0], at((90, 5), (96, 5)))
    np.testing.assert_allclose(sides[1], at((110, 5), (104, 5)))
    assert shown(PineBands, candles).sum() == 8 * 5


def test_marks_sweep_where_they_are_known() -> None:
    rows = [(99.0, 101.0, 100.2), (97.5, 101.0, 100.2)]
    marks = {"mark_low": [99.0, 98.5], "mark_high": [101.0, 101.0]}
    candles = bars(*rows, volume=[5.0, 0.0], **marks)
    longs = shown(SweptPineBands, candles)[0]
    np.testing.assert_allclose(longs, at((90, 5), (96, 5), (98, 5)))  # 98 < 98.5 stays


def one_sided(sides: FloatArray, first: int, mark: float) -> FloatArray:
    """Leave out what the last bar opened beyond its closing mark."""
    centers = np.exp((first + np.arange(sides.shape[1]) + 0.5) * STEP)
    return np.where([centers < mark, centers > mark], sides, 0.0)


def reached(level: int, later: Candles, side: int) -> bool:
    """Return whether the mark price came to the centre of a bin."""
    center = np.exp((level + 0.5) * STEP)
    if side == 0:
        return bool((np.where(np.isnan(m := later.mark_low), later.low, m) <= center).any())
    return bool((np.where(np.isnan(m := later.mark_high), later.high, m) >= center).any())


@given(SEEDS)
@settings(max_examples=10)
def test_swept_bands_are_those_that_no_later_bar_reached(seed: int) -> None:
    candles = random_market(seed, n_bars=40, extras=True)
    sides = np.zeros((2, N_BINS))
    for i in range(40):
        middle = (candles.low[i] + candles.high[i]) / 2
        for side, sign in ((0, -1), (1, 1)):
            for leverage in (10, 25, 50, 100):
                level = int(np.floor(np.log(middle * (1 + sign / leverage)) / STEP))
                if i == 39 or not reached(level, candles[i + 1 :], side):
                    sides[side, level - FIRST] += candles.volume[i]
    expected = one_sided(sides, FIRST, candles.mark_close[-1])
    np.testing.assert_allclose(shown(SweptPineBands, candles), expected)


def test_a_rise_of_open_interest_opens_half_on_each_side() -> None:
    """1000 to 1100 at 100: 5x longs, .15 of 50, at 100 (1 - .2) / .996 = 80.32, and so on."""
    candles = bars(*[(100, 100, 100)] * 2, open_interest=[1_000.0, 1_100.0])
    longs, shorts = shown(OpenInterestRises, candles)
    expected = at((80.3213, 7.5), (90.3614, 15), (96.3855, 12.5), (98.3936, 10), (99.3976, 5))
    np.testing.assert_allclose(longs, expected)
    expected = at((119.5219, 7.5), (109.5618, 15), (103.5857, 12.5), (101.5936, 10), (100.5976, 5))
    np.testing.assert_allclose(shorts, expected)


def test_a_fall_keeps_the_same_share_of_everything() -> None:
    rows = [(100.0, 100.0, 100.0)] * 4
    candles = bars(*rows, open_interest=[1_000.0, 1_100.0, np.nan, 880.0])
    before = shown(OpenInterestRises, candles[:3])
    np.testing.assert_allclose(shown(OpenInterestRises, candles), 0.8 * before)
    assert before.sum() == pytest.approx(100)


def test_volume_opens_until_open_interest_is_known() -> None:
    rows = [(100.0, 100.0, 100.0)] * 3
    candles = bars(*rows, volume=[6.0, 6.0, 6.0], open_interest=[np.nan, 50.0, 60.0])
    assert shown(OpenInterestRises, candles[:1]).sum() == pytest.approx(6)
    assert shown(OpenInterestRises, candles[:2]).sum() == 0
    assert shown(OpenInterestRises, candles).sum() == pytest.approx(10)


@given(MARKETS)
@settings(max_examples=20)
def test_open_interest_rises_position_by_position(candles: Candles) -> None:
    positions: list[list[float]] = []  # side, bin, amount
    known = np.nan
    for i in range(len(candles)):
        bar, now = candles[i : i + 1], candles.open_interest[i]
        positions = [p for p in positions if not reached(int(p[1]), bar, int(p[0]))]
        if now < known:
            positions = [[s, level, amount * now / known] for s, level, amount in positions]
        elif now > known:
            entry = (bar.high[0] + bar.low[0] + bar.close[0]) / 3
            for leverage, share in ((5, 0.15), (10, 0.3), (25, 0.25), (50, 0.2), (100, 0.1)):
                for side, sign in ((0, 1), (1, -1)):
                    price = entry * (1 - sign / leverage) / (1 - sign * 0.004)
                    level = int(np.floor(np.log(price) / STEP))
                    positions.append([side, level, (now - known) * share / 2])
        known = known if np.isnan(now) else now
    model = OpenInterestRises(BYBIT, candles.timeframe_ms)
    model.extend(candles)
    first = int(GRID.bin_of(candles.low.min(keepdims=True))[0]) - 1_000
    n_bins = int(GRID.bin_of(candles.high.max(keepdims=True))[0]) + 1_000 - first
    expected = np.zeros((2, n_bins))
    for position in positions:
        expected[int(position[0]), int(position[1]) - first] += position[2]
    mark = candles.mark_close[-1]
    expected = one_sided(expected, first, candles.close[-1] if np.isnan(mark) else mark)
    np.testing.assert_allclose(model.standing(first, n_bins), expected, atol=1e-9)


def test_the_ladder_holds_the_volume_on_either_side() -> None:
    """Nearest .4 % is 8 bins from the bin of the entry, furthest 90 % are 1,800."""
    model = HalfLifeLadder(BYBIT, HOUR)
    model.extend(bars((100, 100, 100), volume=[6.0]))
    entry = int(GRID.bin_of(np.array([100.0]))[0])
    sides = model.standing(entry - 2_000, 4_001)
    np.testing.assert_allclose(sides.sum(axis=1), 6.0)
    for side, outwards in ((0, -1), (1, 1)):
        distance = outwards * (np.flatnonzero(sides[side]) - 2_000)
        assert (distance.min(), distance.max()) == (8, 1_800)
    # Densities at 1 % and 10 %: exp(-(ln .1 / 1.2)^2 / 2) / .01 against 1 / .1 = 1.5861.
    assert sides[0, 2_000 - 20] / sides[0, 2_000 - 200] == pytest.approx(1.5861, rel=1e-3)


def test_half_of_the_ladder_is_forgotten_in_a_day_whether_bars_came_or_not() -> None:
    rows = [(100.0, 100.0, 100.0)] * 2
    with_gap = bars(*rows, times=[0, DAY], volume=[6.0, 0.0])
    np.testing.assert_allclose(
        shown(HalfLifeLadder, with_gap), shown(HalfLifeLadder, with_gap[:1]) / 2
    )
    no_gap = bars(*[(100.0, 100.0, 100.0)] * 25, volume=[6.0] + [0.0] * 24)
    np.testing.assert_allclose(shown(HalfLifeLadder, no_gap), shown(HalfLifeLadder, with_gap))


def test_the_ladder_is_swept_up_to_where_price_was() -> None:
    candles = bars((100, 100, 100), (95, 103, 100), volume=[6.0, 0.0])
    before, after = shown(HalfLifeLadder, candles[:1]), shown(HalfLifeLadder, candles)
    centers = GRID.centers(FIRST, N_BINS)
    stays = np.stack([centers < 95, centers > 103])
    np.testing.assert_allclose(after, np.where(stays, before, 0) * 2 ** (-1 / 24))


def test_a_field_makes_room_and_forgets_nothing() -> None:
    field = SweptField()
    for first in (0, 90_000, -90_000):
        field.add(1, first, np.array([1.0, 2.0]))
        field.fade(0.5)
    held = [field.read(first, 2)[1].sum() for first in (0, 90_000, -90_000)]
    np.testing.assert_allclose(held, [3 / 8, 3 / 4, 3 / 2])
    assert field.total() == pytest.approx(3 * 7 / 8)
    assert not field.read(10**6, 5).any()


@given(SEEDS)
@settings(max_examples=10)
def test_a_field_that_fades_many_times_keeps_its_digits(seed: int) -> None:
    random = np.random.default_rng(seed)
    field, expected = SweptField(), np.zeros(3)
    for _ in range(300):
        share, bins = random.uniform(0.5, 1), np.array([4, 6])
        amounts = random.random(2)
        field.fade(share)
        field.add_at(0, bins, amounts)
        expected = expected * share
        expected[[0, 2]] += amounts
    np.testing.assert_allclose(field.read(4, 3)[0], expected)
