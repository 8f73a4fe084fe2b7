"""The fit: it finds what is there, takes back what does not pay, and keeps out of held-out data."""

import numpy as np
import pytest
from tests.engine.markets import BYBIT, DAY, HOUR, random_market

from liqbands.fit.fitting import FitPlan, fit, sensitivities
from liqbands.fit.markets import FitMarket, Stretch
from liqbands.fit.objective import market_objectives, score_market
from liqbands.fit.search import SearchPlan
from liqbands.fit.space import SEARCHABLE, Space, with_values
from liqbands.instrument import FloatArray
from liqbands.parameter_files import load_parameters
from liqbands.parameter_history import SimulatedMarkets
from liqbands.parameters import Parameters
from liqbands.score.known_books import far_bins
from liqbands.score.models import EngineModel

PRIOR = load_parameters("prior")
TRAINING = SimulatedMarkets(("base", "calm"), (1, 2), 40, 15)


def hill(parameters: Parameters) -> FloatArray:
    """Four markets that agree on the median and the share, and pull apart over the rest."""
    shape = -(np.log(parameters.ladder_median / 0.3) ** 2) - (parameters.ladder_share - 0.8) ** 2
    pull = parameters.hazard_exponent - 0.8
    return np.asarray(shape + pull * np.array([0.5, -0.4, 0.5, -0.4]))


def test_known_settings_are_found_and_the_others_stay() -> None:
    space = Space.of(PRIOR, ["ladder_median", "ladder_share", "hazard_exponent", "participation"])
    found = fit(hill, space, SearchPlan(evaluations=400))
    assert found.parameters.ladder_median == pytest.approx(0.3, rel=0.03)
    assert found.parameters.ladder_share == pytest.approx(0.8, abs=0.02)
    # The markets' mean gains .05 per unit of the exponent, far less than their standard error.
    assert found.parameters.hazard_exponent == PRIOR.hazard_exponent
    assert found.parameters.participation == PRIOR.participation
    assert {gain.name for gain in found.gains if gain.kept} == {"ladder_median", "ladder_share"}


def test_a_gain_is_what_is_lost_without_it() -> None:
    space = Space.of(PRIOR, ["ladder_median"])
    found = fit(hill, space, SearchPlan(evaluations=100))
    (gain,) = found.gains
    # From 0.1 to 0.3: ln(3) squared is 1.2069; all markets agree.
    assert gain.gain == pytest.approx(np.log(3) ** 2, abs=1e-3)
    assert gain.error == pytest.approx(0, abs=1e-12)
    assert found.after - found.before == pytest.approx(gain.gain)
    assert (gain.start, gain.found) == (0.1, found.parameters.ladder_median)


def test_sensitivities_are_losses_either_way() -> None:
    rows = {row.name: row for row in sensitivities(hill, with_values(PRIOR, {"ladder_share": 0.8}))}
    assert set(rows) == {free.name for free in SEARCHABLE}
    # 15 % of the range 0 to 1, off the top of a square: .15 squared.
    share = rows["ladder_share"]
    assert (share.lower, share.higher) == (0.65, 0.95)
    assert share.lower_loss == pytest.approx(0.0225)
    assert share.higher_loss == pytest.approx(0.0225)
    assert rows["participation"].lower_loss == rows["participation"].higher_loss == 0
    # The exponent moves by .3 of its range of 2, and the markets' mean by .05 of that.
    assert rows["hazard_exponent"].lower_loss == pytest.approx(0.3 * 0.05)


def planted_market(planted: Parameters, seed: int) -> FitMarket:
    """Return a market whose truth is what an engine with other settings shows."""
    candles = random_market(seed, 24 * 14, HOUR, 0.01, extras=True)
    model = EngineModel(BYBIT, HOUR, planted)
    stretches, walked = [], 0
    for until in range(24 * 4, len(candles) + 1, 24):
        bars = candles[walked:until]
        model.extend(bars)
        mark = float(bars.mark_close[-1])
        first_bin, n_bins = far_bins(model.book.grid, mark)
        sides = model.standing(first_bin, n_bins)
        time_ms = int(bars.open_time_ms[-1]) + HOUR
        stretches.append(Stretch(bars, time_ms, mark, first_bin, sides))
        walked = until
    return FitMarket(f"planted {seed}", seed, BYBIT, tuple(stretches))


def test_planted_settings_are_recovered() -> None:
    values = {"ladder_median": 0.2, "hazard_exponent": 0.5, "unlevered_share": 0.3}
    market = planted_market(with_values(PRIOR, values), 1)

    def judge(parameters: Parameters) -> FloatArray:
        return market_objectives([score_market(market, parameters)])

    found = fit(judge, Space.of(PRIOR, list(values)), SearchPlan(evaluations=200))
    assert found.before < 0.85 < 0.99 < found.after
    assert found.parameters.ladder_median == pytest.approx(0.2, rel=0.1)
    assert found.parameters.hazard_exponent == pytest.approx(0.5, abs=0.05)
    assert found.parameters.unlevered_share == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("world", ["crash", "patient", "no-impact", "three-venues", "mars"])
def test_only_training_worlds_may_be_fitted_on(world: str) -> None:
    wanted = SimulatedMarkets(("base", world), (1,), 40, 15)
    with pytest.raises(ValueError, match=f"must be among base, .*; was '{world}'"):
        FitPlan(wanted, SimulatedMarkets(("crash",), (11,), 40, 15))


def test_seeds_must_differ() -> None:
    with pytest.raises(ValueError, match="must differ, both had 2"):
        FitPlan(TRAINING, SimulatedMarkets(("crash",), (11, 2), 40, 15))


def test_a_planted_market_is_as_long_as_it_says() -> None:
    market = planted_market(PRIOR, 3)
    ends = [stretch.time_ms for stretch in market.stretches]
    assert np.diff(ends).tolist() == [DAY] * 10
    assert sum(len(stretch.bars) for stretch in market.stretches) == 24 * 14
