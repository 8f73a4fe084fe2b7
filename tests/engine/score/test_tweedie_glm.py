"""The regression: known coefficients, a search that knows no calculus, and its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liqbands.instrument import FloatArray
from liqbands.score import tweedie_glm
from liqbands.score.tweedie_glm import fit_tweedie

SEEDS = st.integers(0, 10_000)
TRUE = np.array([0.8, -0.5, 0.0])


def compound_poisson(seed: int, n: int) -> tuple[FloatArray, FloatArray]:
    """Draw sums of Poisson many Gamma sizes: zero mostly, Tweedie of power 1.5 exactly.

    With mean m and dispersion 1 that power means rate 2 sqrt(m) and sizes of shape 1 and
    scale sqrt(m) / 2.
    """
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(n, len(TRUE)))
    mean = np.exp(columns @ TRUE - 0.5)
    number = rng.poisson(2 * np.sqrt(mean))
    sizes = np.where(number > 0, rng.gamma(np.maximum(number, 1)), 0.0)
    return columns, sizes * np.sqrt(mean) / 2


def penalised(columns: FloatArray, y: FloatArray, at: FloatArray, penalty: float) -> float:
    """Return the objective written out: half the mean deviance and the penalty."""
    standard = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    mean, y = np.exp(at[0] + standard @ at[1:]), y / y.mean()
    # The Tweedie deviance for any power p, here 1.5; 1 - p = -0.5, 2 - p = 0.5.
    deviance = 2 * (y**0.5 / (-0.5 * 0.5) - y * mean**-0.5 / -0.5 + mean**0.5 / 0.5)
    return float(deviance.mean() / 2 + penalty / 2 * (at[1:] ** 2).sum())


def searched(columns: FloatArray, y: FloatArray, penalty: float) -> FloatArray:
    """Walk along the axes, halving the step whenever no neighbour is lower."""
    at, step = np.zeros(columns.shape[1] + 1), 0.5
    best = penalised(columns, y, at, penalty)
    while step > 1e-6:
        around = [at + sign * step * axis for axis in np.eye(len(at)) for sign in (1, -1)]
        values = [penalised(columns, y, there, penalty) for there in around]
        if min(values) < best:
            at, best = around[int(np.argmin(values))], min(values)
        else:
            step /= 2
    return at


def test_known_coefficients_come_back() -> None:
    """40,000 rows: standard errors are about 1 / sqrt(40,000) = 0.005 to 0.01."""
    columns, y = compound_poisson(1, 40_000)
    fit = fit_tweedie(columns, y, penalty=0.0)
    np.testing.assert_allclose(fit.coefficients[1:] / fit.spread, TRUE, atol=0.03)
    row = np.array([[0.3, -0.2, 1.0]])
    assert fit.predict(row)[0] == pytest.approx(np.exp(0.3 * 0.8 + 0.2 * 0.5 - 0.5), rel=0.05)


@settings(max_examples=5)
@given(SEEDS, st.sampled_from([0.0, 1e-3, 0.3]))
def test_a_search_without_calculus_ends_at_the_same_place(seed: int, penalty: float) -> None:
    columns, y = compound_poisson(seed, 60)
    fit = fit_tweedie(columns, y, penalty)
    np.testing.assert_allclose(fit.coefficients, searched(columns, y, penalty), atol=1e-4)


@given(SEEDS, st.sampled_from([1e-6, 1e-2, 1e3, 1e8]))
def test_the_unit_of_the_outcome_does_not_matter(seed: int, unit: float) -> None:
    columns, y = compound_poisson(seed, 80)
    one, other = fit_tweedie(columns, y), fit_tweedie(columns, unit * y)
    np.testing.assert_allclose(other.predict(columns), unit * one.predict(columns), rtol=1e-6)


@given(SEEDS, st.floats(0.1, 10), st.floats(-5, 5))
def test_units_of_the_columns_do_not_matter(seed: int, factor: float, shift: float) -> None:
    columns, y = compound_poisson(seed, 80)
    one, other = fit_tweedie(columns, y), fit_tweedie(factor * columns + shift, y)
    predicted = other.predict(factor * columns + shift)
    np.testing.assert_allclose(predicted, one.predict(columns), rtol=1e-6)


def test_a_column_that_does_not_vary_changes_nothing() -> None:
    columns, y = compound_poisson(2, 200)
    more = np.column_stack([columns, np.full(200, 7.3)])
    for penalty in (0.0, 1e-3):
        one, other = fit_tweedie(columns, y, penalty), fit_tweedie(more, y, penalty)
        elsewhere = more + np.array([0.0, 0.0, 0.0, 5.0])
        np.testing.assert_allclose(other.predict(elsewhere), one.predict(columns), rtol=1e-6)


def test_a_strong_penalty_leaves_only_the_mean() -> None:
    columns, y = compound_poisson(3, 200)
    predicted = fit_tweedie(columns, y, penalty=1e6).predict(columns)
    np.testing.assert_allclose(predicted, y.mean(), rtol=1e-3)


def test_huge_outliers_do_not_stop_it() -> None:
    columns, y = compound_poisson(4, 300)
    y[7], columns[7] = 1e9, 40.0
    fit = fit_tweedie(columns, y)
    assert np.isfinite(fit.predict(columns)).all()
    assert fit.steps < 60


def test_a_fit_without_outcomes_is_refused() -> None:
    with pytest.raises(ValueError, match="something was realised"):
        fit_tweedie(np.ones((3, 1)), np.zeros(3))
    with pytest.raises(ValueError, match="something was realised"):
        fit_tweedie(np.ones((0, 1)), np.zeros(0))


def test_a_fit_that_does_not_converge_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tweedie_glm, "MAX_STEPS", 1)
    with pytest.raises(ArithmeticError, match="did not converge: after 1 steps"):
        fit_tweedie(*compound_poisson(5, 100))
