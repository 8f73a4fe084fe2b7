"""Longer bars: nothing is lost, nothing invented."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.candles import Candles
from liqbands.score.longer_bars import longer_bars

MINUTE = 60_000


def random_minutes(seed: int, n: int, first: int = 0) -> Candles:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, n)))
    return Candles.from_arrays(
        (first + np.arange(n)) * MINUTE,
        open=close * 0.999,
        high=close * 1.01,
        low=close * 0.99,
        close=close,
        volume=rng.uniform(1, 2, n),
        open_interest=rng.uniform(50, 60, n),
    )


@given(st.integers(0, 1_000), st.integers(0, 9))
def test_volume_and_extremes_survive(seed: int, first: int) -> None:
    minutes = random_minutes(seed, 60, first)
    bars = longer_bars(minutes, 5 * MINUTE)
    inside = (minutes.open_time_ms >= bars.open_time_ms[0]) & (
        minutes.open_time_ms < bars.open_time_ms[-1] + 5 * MINUTE
    )
    assert bars.volume.sum() == pytest.approx(minutes.volume[inside].sum())
    assert bars.high.max() == minutes.high[inside].max()
    assert bars.low.min() == minutes.low[inside].min()
    assert inside.sum() == 5 * len(bars)


def test_a_bar_by_hand() -> None:
    """Minutes 3 to 8 hold one whole bar of five, 5 to 9; minute 9 is missing, so 0 to 4 too."""
    minutes = random_minutes(1, 7, first=3)  # minutes 3 to 9
    bars = longer_bars(minutes, 5 * MINUTE)
    assert bars.open_time_ms.tolist() == [5 * MINUTE]
    assert bars.open[0] == minutes.open[2]
    assert bars.close[0] == minutes.close[6]
    assert bars.open_interest[0] == minutes.open_interest[6]
    assert np.isnan(bars.mark_close).all()


def test_the_same_length_is_the_same_bars() -> None:
    minutes = random_minutes(1, 10)
    assert longer_bars(minutes, MINUTE) is minutes


@pytest.mark.parametrize("length", [90_000, 0, 20 * MINUTE])
def test_what_cannot_be_put_together_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r"multiples|no complete bar"):
        longer_bars(random_minutes(1, 10), length)
