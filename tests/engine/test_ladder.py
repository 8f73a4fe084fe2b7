"""The ladder: distances, weights, hazards and layers, against arithmetic by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.markets import BINANCE, BYBIT, PRIOR

from liqbands.instrument import ContractKind, Instrument, MarketKind, Side
from liqbands.ladder import (
    LEVERAGE_GROUPS,
    RANGE_GROUPS,
    Ladder,
    leverage_ladder,
    rule_changes,
    stop_ladder,
)
from liqbands.parameters import Parameters
from liqbands.placement import mean_hazard

HYPERLIQUID = Instrument("hyperliquid", "BTC/USDC:USDC")
INVERSE = Instrument("binance", "BTC/USD:BTC", ContractKind.INVERSE, 100.0)
NOMINAL = (3, 5, 10, 20, 25, 50, 75, 100, 125)
SETTINGS = st.builds(
    Parameters,
    ladder_share=st.floats(0, 1),
    ladder_median=st.floats(0.005, 0.8),
    ladder_spread=st.floats(0.3, 3),
    unlevered_share=st.floats(0, 0.9),
)
INSTRUMENTS = st.sampled_from([BINANCE, BYBIT, HYPERLIQUID, INVERSE])


def ladder_of(instrument: Instrument, parameters: Parameters | None = None) -> Ladder:
    return leverage_ladder(instrument, parameters or PRIOR, None)


@given(INSTRUMENTS, SETTINGS)
def test_weights_add_up_to_one(instrument: Instrument, parameters: Parameters) -> None:
    ladder = ladder_of(instrument, parameters)
    assert ladder.weight.sum() == pytest.approx(1.0)
    assert (ladder.weight >= 0).all()


@given(INSTRUMENTS, SETTINGS)
def test_every_tier_has_a_layer_a_hazard_and_a_distance(
    instrument: Instrument, parameters: Parameters
) -> None:
    ladder = ladder_of(instrument, parameters)
    assert set(ladder.group.tolist()) <= set(range(len(ladder.groups)))
    assert (ladder.hazard > 0).all()
    assert (ladder.distance > 0).all()
    assert ladder.n_entry == ladder.n_tiers


@pytest.mark.parametrize(
    ("side", "percent"),
    [
        (Side.LONG, (40.1, 21.9, 10.1, 4.73, 3.68, 1.62, 0.94, 0.60, 0.40)),
        (Side.SHORT, (28.4, 17.8, 9.13, 4.48, 3.52, 1.58, 0.93, 0.60, 0.40)),
    ],
)
def test_spikes_stand_where_the_model_says_at_a_margin_of_point_four_per_cent(
    side: Side, percent: tuple[float, ...]
) -> None:
    """Binance BTC: m = 0.4 % up to 125x, 0.5 % is not reached by the first tier's leverage."""
    spikes = ladder_of(BINANCE).distance[0 if side is Side.LONG else 1, -9:]
    assert 100 * spikes == pytest.approx(percent, abs=0.05)


@pytest.mark.parametrize("leverage", NOMINAL)
def test_a_spike_is_the_linear_formula(leverage: int) -> None:
    """P = E (1 - s/L) / (1 - s m) with m = 0.004; d = |ln(P/E)|."""
    spikes = ladder_of(BINANCE).distance[:, -9:][:, NOMINAL.index(leverage)]
    assert spikes[0] == pytest.approx(-math.log((1 - 1 / leverage) / (1 - 0.004)))
    assert spikes[1] == pytest.approx(math.log((1 + 1 / leverage) / (1 + 0.004)))


def test_inverse_contracts_mirror_the_two_sides() -> None:
    """P = E (1 + s m) / (1 + s/L): a 10x long of m = 0.4 % stands at ln(1.1 / 1.004) = 9.13 %."""
    linear, inverse = ladder_of(BINANCE), ladder_of(INVERSE)
    ten = NOMINAL.index(10)
    assert inverse.distance[0, -9:][ten] == pytest.approx(linear.distance[1, -9:][ten], abs=2e-3)
    assert inverse.distance[1, -9:][ten] == pytest.approx(linear.distance[0, -9:][ten], abs=2e-3)
    assert inverse.distance[0, -9:][ten] < inverse.distance[1, -9:][ten]


def test_spikes_above_the_venues_leverage_are_cut() -> None:
    """Hyperliquid BTC stops at 40x: 3, 5, 10, 20 and 25x are left of nine."""
    spikes = ladder_of(HYPERLIQUID).ratio == 1
    assert spikes.sum() == 5
    shares = np.array([0.06, 0.14, 0.24, 0.15, 0.10])
    assert ladder_of(HYPERLIQUID).weight[spikes] == pytest.approx(0.4 * shares / shares.sum())


def test_hats_nearer_than_the_venue_allows_are_cut() -> None:
    """At 40x about 1.25 % are left; hats of 0.4, 0.57 and 0.82 % lie below, 1.18 % reaches it."""
    hats = ladder_of(HYPERLIQUID).distance[0][ladder_of(HYPERLIQUID).ratio > 1]
    ratio = (0.9 / 0.004) ** (1 / 15)
    assert hats[0] == pytest.approx(0.004 * ratio**3)
    assert len(hats) == 13
    assert np.diff(np.log(hats)) == pytest.approx([math.log(ratio)] * 12)


def test_hat_weights_are_a_bell_around_the_median() -> None:
    """exp(-(ln(d / 10 %) / 1.2)^2 / 2), scaled to 60 % of the flow."""
    ladder = ladder_of(BINANCE)
    hats = ladder.ratio > 1
    bell = np.exp(-0.5 * (np.log(ladder.distance[0, hats] / 0.1) / 1.2) ** 2)
    assert ladder.weight[hats] == pytest.approx(0.6 * bell / bell.sum())


def test_near_tiers_close_faster() -> None:
    """h = clip(d / 10 %, 0.05, 5)^-0.8: 10x at 10.1 % about 1, far tiers at most 5^-0.8."""
    ladder = ladder_of(BINANCE)
    ten = ladder.hazard[0, -9:][NOMINAL.index(10)]
    assert ten == pytest.approx((math.log(0.996 / 0.9) / 0.1) ** -0.8)
    assert ladder.hazard.min() == pytest.approx(5**-0.8)
    assert ladder.hazard.max() <= 0.05**-0.8 * (1 + 1e-12)


def test_the_stationary_mean_hazard_is_the_models() -> None:
    """h-bar = 1 / sum(weight / hazard), 0.89 for the default prior."""
    assert mean_hazard(ladder_of(BINANCE)) == pytest.approx([0.89, 0.90], abs=0.03)


@pytest.mark.parametrize("hazards", ["flat", "off"])
def test_without_tier_hazards_all_close_alike(hazards: str) -> None:
    parameters = replace(PRIOR, hazards=hazards)  # type: ignore[arg-type]  # one of its literals
    assert (ladder_of(BYBIT, parameters).hazard == 1).all()


def test_the_unlevered_have_no_distance_and_close_slowest() -> None:
    ladder = ladder_of(BYBIT, replace(PRIOR, unlevered_share=0.3))
    assert ladder.weight[-1] == pytest.approx(0.3)
    assert np.isinf(ladder.distance[:, -1]).all()
    assert (ladder.hazard[:, -1] == ladder.hazard.min(axis=1)).all()


def test_layers_run_from_low_to_high_leverage() -> None:
    """100x stands in 100x+, 50x in 50-100x, 3x in 1-5x, 10x in 10-25x."""
    group = ladder_of(BINANCE).group[-9:]
    named = dict(zip(NOMINAL, (LEVERAGE_GROUPS[g] for g in group), strict=True))
    assert named[3] == "1-5x"
    assert (named[5], named[10], named[25]) == ("5-10x", "10-25x", "25-50x")
    assert (named[50], named[100], named[125]) == ("50-100x", "100x+", "100x+")


def test_bybit_changed_its_rule_once_and_binance_never() -> None:
    assert rule_changes(BYBIT) == [1_756_771_200_000]  # 2025-09-02
    assert rule_changes(BINANCE) == []


def test_bybits_old_rule_takes_the_margin_on_the_entry_value() -> None:
    """P = E (1 - 1/L + m), with m = 0.5 %: 10x long at ln 0.905, new rule ln(0.9 / 0.995)."""
    ten = -8 + 2
    old = leverage_ladder(BYBIT, PRIOR, 1_700_000_000_000).distance[0, ten]
    new = ladder_of(BYBIT).distance[0, ten]
    assert old == pytest.approx(-math.log(0.905))
    assert new == pytest.approx(-math.log(0.9 / 0.995))


@pytest.mark.parametrize("market", [MarketKind.SPOT, MarketKind.FOREX, MarketKind.STOCK])
def test_stop_ladders_keep_thirty_per_cent_for_the_pools(market: MarketKind) -> None:
    ladder = stop_ladder(market, 0.01, PRIOR)
    assert ladder.weight.sum() == pytest.approx(1.0)
    assert ladder.weight[ladder.n_entry :] == pytest.approx([0.3 / 4] * 4)
    assert ladder.hazard[0, ladder.n_entry :].tolist() == [6.0, 3.0, 1.0, 0.4]
    assert {ladder.groups[g] for g in ladder.group[ladder.n_entry :]} == {"extremes"}


@given(st.floats(1e-3, 0.1), st.floats(0.5, 4))
def test_forex_stops_scale_with_the_daily_range(daily_range: float, factor: float) -> None:
    one = stop_ladder(MarketKind.FOREX, daily_range, PRIOR)
    other = stop_ladder(MarketKind.FOREX, daily_range * factor, PRIOR)
    np.testing.assert_allclose(other.distance[:, :16], factor * one.distance[:, :16])
    np.testing.assert_array_equal(other.hazard, one.hazard)


def test_forex_layers_count_daily_ranges() -> None:
    """Distances 0.1 to 20 ranges; the first hats lie below half a range, the last above five."""
    ladder = stop_ladder(MarketKind.FOREX, 0.01, PRIOR)
    assert ladder.distance[0, [0, 15]] == pytest.approx([0.001, 0.2])
    assert ladder.groups[: len(RANGE_GROUPS)] == RANGE_GROUPS
    assert ladder.group[[0, 15]].tolist() == [0, 4]


def test_crypto_without_open_interest_has_fixed_distances() -> None:
    ladder = stop_ladder(MarketKind.SPOT, 0.05, PRIOR)
    assert ladder.distance[0, [0, 15]] == pytest.approx([0.002, 0.4])
