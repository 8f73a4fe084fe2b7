"""The base world against published figures, on the mean of three seeds of twenty days.

Twenty days of a market with volatility regimes say little about its mean: between seeds daily
volatility differs by a factor of two and liquidations by one of three, so the bands are wide.
Each test names the target that the world was made for.
"""

import numpy as np
from tests.engine.sim.moments import Watched

from liqbands.instrument import FloatArray
from liqbands.sim import throttled
from liqbands.sim.kernel import layout as at


def per_seed(values: list[float]) -> FloatArray:
    return np.array(values, dtype=np.float64)


def test_daily_volatility(usual: list[Watched]) -> None:
    """Target .041 to .049."""
    assert 0.033 < per_seed([watched.volatility for watched in usual]).mean() < 0.075


def test_volume_over_open_interest_per_day(usual: list[Watched]) -> None:
    """Target 3.1 to 3.3; BTC on Binance had 3.4 in summer 2024."""
    turnover = [w.candles.volume.sum() / w.days / w.candles.open_interest.mean() for w in usual]
    assert 2.8 < per_seed(turnover).mean() < 4.3


def test_liquidations_over_open_interest_per_day(usual: list[Watched]) -> None:
    """Target .014 to .023; throttled feeds report .003."""
    assert 0.012 < per_seed([watched.forced_share for watched in usual]).mean() < 0.05


def test_effective_leverage_of_the_liquidated(usual: list[Watched]) -> None:
    """Target 28 to 35, weighted by contracts."""
    means = [
        float(np.average(w.closings.leverage[w.forced], weights=w.closings.contracts[w.forced]))
        for w in usual
    ]
    assert 24 < per_seed(means).mean() < 50


def test_kurtosis_of_minutes(usual: list[Watched]) -> None:
    """Target 43 to 97, 933 in one seed: the tails are fat, so the median of the seeds counts."""
    kurtoses = []
    for watched in usual:
        returns = np.diff(np.log(watched.candles.close))
        deviation = returns - returns.mean()
        kurtoses.append(float((deviation**4).mean() / (deviation**2).mean() ** 2))
    assert 20 < np.median(kurtoses) < 200
    assert min(kurtoses) > 10


def test_liquidations_per_day(usual: list[Watched]) -> None:
    """Target 3,100 to 5,000; Bybit's BTC alone had 2,019 in February 2026."""
    assert 1_800 < per_seed([w.forced.sum() / w.days for w in usual]).mean() < 6_500


def test_median_size_of_a_liquidation(usual: list[Watched]) -> None:
    """Target $1.4 k."""
    assert 1_100 < per_seed([float(np.median(w.forced_quote)) for w in usual]).mean() < 2_100


def test_mean_size_of_a_liquidation(usual: list[Watched]) -> None:
    """Target $5.6 k to 6.2 k."""
    assert 4_500 < per_seed([w.forced_quote.mean() for w in usual]).mean() < 8_500


def test_stops_over_liquidations(usual: list[Watched]) -> None:
    """Target 7 to 9 times the liquidated notional."""
    ratios = []
    for watched in usual:
        stopped = watched.closings.kind == at.STOPPED
        quote = (watched.closings.contracts * watched.closings.price)[stopped]
        ratios.append(quote.sum() / watched.forced_quote.sum())
    assert 4 < per_seed(ratios).mean() < 12


def test_what_a_throttled_feed_keeps(usual: list[Watched]) -> None:
    """Target 25 to 31 % of the notional."""
    shares = []
    for watched in usual:
        kept = throttled(watched.closings.liquidations())
        shares.append((kept.contracts * kept.price).sum() / watched.forced_quote.sum())
    assert 0.22 < per_seed(shares).mean() < 0.50


def test_liquidations_come_in_clusters(usual: list[Watched]) -> None:
    """Published: 77 % come within a second of the previous one (Bybit BTC, February 2026)."""
    near = [(np.diff(w.closings.time_ms[w.forced]) <= 1_000).mean() for w in usual]
    assert 0.55 < per_seed(near).mean() < 0.9


def test_both_sides_are_liquidated(usual: list[Watched]) -> None:
    for watched in usual:
        longs = (watched.closings.side[watched.forced] > 0).mean()
        assert 0.1 < longs < 0.9


def test_large_liquidations_have_a_heavy_tail(usual: list[Watched]) -> None:
    """Published: P95 $29 k and P99 $136 k, that is 3 and 14 times the mean of $9.6 k."""
    for watched in usual:
        high, highest = np.quantile(watched.forced_quote, [0.95, 0.99])
        assert 2 < high / watched.forced_quote.mean() < 5
        assert 7 < highest / watched.forced_quote.mean() < 25


def test_open_interest_has_come_to_its_level(usual: list[Watched]) -> None:
    """The second half holds about as much as the first."""
    ratios = []
    for watched in usual:
        half = len(watched.candles) // 2
        interest = watched.candles.open_interest
        ratios.append(interest[half:].mean() / interest[:half].mean())
        assert watched.days == 20
    assert 0.6 < per_seed(ratios).mean() < 1.6
