"""What every baseline keeps: one side of mark, one order of bars, no later bar, any input."""

import numpy as np
import pytest
from hypothesis import given, settings
from tests.engine.markets import BYBIT, EURUSD, HOUR, MARKETS, SEEDS, random_market

from liqbands.candle_rules import OPTIONAL, PRICES
from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray
from liqbands.score.baselines import BASELINES
from liqbands.score.types import MapModel
from liqbands.score.withheld import is_causal

GRID = PriceGrid.of(BYBIT.market)
REACH = 2_500  # bins on either side of the last close, 1.25 in log price
NAMES = list(BASELINES)
BY_VOLUME = [name for name in NAMES if name.startswith(("volume", "Pine", "half"))]
BY_AMOUNT = [*BY_VOLUME, "open interest rises"]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def first_bin(candles: Candles) -> int:
    return int(GRID.bin_of(candles.close[-1:])[0]) - REACH


def model_of(name: str, candles: Candles) -> MapModel:
    model = BASELINES[name](BYBIT, candles.timeframe_ms)
    model.extend(candles)
    return model


def map_of(name: str, candles: Candles) -> FloatArray:
    return model_of(name, candles).standing(first_bin(candles), 2 * REACH)


def changed(candles: Candles, **columns: FloatArray) -> Candles:
    kept = {column: getattr(candles, column) for column in PRICES + OPTIONAL} | columns
    return Candles.from_arrays(candles.open_time_ms, timeframe_ms=candles.timeframe_ms, **kept)


@given(MARKETS)
@settings(max_examples=20)
def test_amounts_are_finite_and_on_their_side_of_mark(name: str, candles: Candles) -> None:
    shown = map_of(name, candles)
    mark = candles.mark_close[-1]
    mark = mark if np.isfinite(mark) else candles.close[-1]
    centers = GRID.centers(first_bin(candles), 2 * REACH)
    assert (np.isfinite(shown) & (shown >= 0)).all()
    assert not shown[0, centers >= mark].any()
    assert not shown[1, centers <= mark].any()


@given(MARKETS)
@settings(max_examples=15)
def test_bar_by_bar_is_all_at_once(name: str, candles: Candles) -> None:
    model = BASELINES[name](BYBIT, candles.timeframe_ms)
    for i in range(len(candles)):
        model.extend(candles[i : i + 1])
    one_by_one = model.standing(first_bin(candles), 2 * REACH)
    assert one_by_one.tobytes() == map_of(name, candles).tobytes()


@given(SEEDS)
@settings(max_examples=10)
def test_a_part_of_the_map_is_that_part(name: str, seed: int) -> None:
    candles = random_market(seed, extras=True)
    model, first = model_of(name, candles), first_bin(candles)
    whole = model.standing(first, 2 * REACH)
    near = slice(REACH - 300, REACH + 200)
    np.testing.assert_allclose(model.standing(first + near.start, 500), whole[:, near], atol=1e-6)


@pytest.mark.parametrize("extras", [False, True])
def test_a_map_never_knows_a_later_bar(name: str, extras: bool) -> None:
    candles = random_market(3, n_bars=400, extras=extras, holes=extras)
    assert is_causal(BASELINES[name], BYBIT, candles, (1, 50, 399))


@pytest.mark.parametrize("name", BY_AMOUNT)
@given(seed=SEEDS)
@settings(max_examples=10)
def test_twice_the_amounts_are_twice_the_map(name: str, seed: int) -> None:
    candles = random_market(seed)
    twice = changed(candles, volume=2 * candles.volume, open_interest=2 * candles.open_interest)
    np.testing.assert_array_equal(map_of(name, twice), 2 * map_of(name, candles))


def test_prices_alone_are_enough_to_draw(name: str) -> None:
    candles = random_market(5, n_bars=300, volume=False, open_interest=False)
    assert (map_of(name, candles).sum(axis=1) > 0).all()


@pytest.mark.parametrize("name", BY_VOLUME)
def test_without_volume_every_bar_counts_one(name: str) -> None:
    candles = random_market(5, n_bars=60, volume=False)
    with_ones = changed(candles, volume=np.ones(60))
    np.testing.assert_array_equal(map_of(name, candles), map_of(name, with_ones))


def test_a_model_without_bars_shows_nothing(name: str) -> None:
    assert not BASELINES[name](BYBIT, HOUR).standing(9_000, 400).any()


def test_bars_of_another_length_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="bars must be 60000 ms long, were 3600000"):
        BASELINES[name](BYBIT, 60_000).extend(random_market(1))
    with pytest.raises(ValueError, match="timeframe_ms must be positive, was 0"):
        BASELINES[name](BYBIT, 0)


def test_other_markets_have_their_own_grid(name: str) -> None:
    model = BASELINES[name](EURUSD, HOUR)
    model.extend(random_market(2, price=1.1, volume=False, open_interest=False))
    middle = round(np.log(1.1) / 1e-4)
    assert model.standing(middle - 12_000, 24_000).sum() > 0
