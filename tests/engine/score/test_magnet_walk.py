"""The magnet test's trials on markets whose answer is known."""

import numpy as np
import pytest

from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.baselines import Uniform
from liqbands.score.magnet_walk import daily_levels, magnet_trials, mark_bars

HOUR = 3_600_000
DAY = 24 * HOUR
BYBIT = Instrument("bybit", "BTC/USDT:USDT")


class AllAbove(Uniform):
    """A map that holds shorts only, all of them above the price."""

    def _draw(self, first_bin: int, n_bins: int) -> FloatArray:
        sides = super()._draw(first_bin, n_bins)
        sides[0] = 0
        return sides


def trend(per_hour: float, n_days: int = 12) -> Candles:
    close = 100 * np.exp(per_hour * np.arange(24 * n_days))
    return Candles.from_arrays(
        np.arange(24 * n_days) * HOUR, open=close, high=close, low=close, close=close
    )


def test_every_midnight_after_the_warm_up_has_a_pair() -> None:
    levels = daily_levels(AllAbove, BYBIT, trend(0.001), 3 * DAY)
    assert levels.time_ms.tolist() == [day * DAY for day in range(3, 13)]
    # Up only: c = up / (up + .05 up) = 1 / 1.05.
    assert levels.contrast == pytest.approx(np.full(10, 1 / 1.05))
    assert levels.mark[0] == pytest.approx(100 * np.exp(0.001 * 71))


@pytest.mark.parametrize(("per_hour", "won"), [(0.001, 1.0), (-0.001, 0.0)])
def test_the_denser_side_wins_where_the_price_goes_there(per_hour: float, won: float) -> None:
    """At .1 % an hour, 1 % is reached after 10 hours; 72 hours before the end is the last day."""
    trials = magnet_trials(AllAbove, BYBIT, trend(per_hour), 3 * DAY, cluster=4)
    assert trials.won.tolist() == [won] * 7  # days 3 to 9 of 12
    assert set(trials.cluster.tolist()) == {4}


def test_an_even_map_makes_no_trial() -> None:
    trials = magnet_trials(Uniform, BYBIT, trend(0.001), 3 * DAY)
    assert len(trials.won) == 0
    assert trials.n_even == 7


def test_the_last_price_stands_in_for_the_mark_price() -> None:
    bars = mark_bars(trend(0.001, 1))
    assert bars.high.tolist() == trend(0.001, 1).high.tolist()


def test_without_a_midnight_there_is_no_test() -> None:
    with pytest.raises(ValueError, match="midnight"):
        daily_levels(Uniform, BYBIT, trend(0.001), 99 * DAY)
