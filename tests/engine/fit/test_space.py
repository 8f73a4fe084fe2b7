"""The settings that can be fitted: places and values, and what may move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.fit.space import SEARCHABLE, USUALLY_FREE, FreeParameter, Space, with_values
from liqbands.parameter_files import load_parameters
from liqbands.parameters import BOUNDS, Parameters

PRIOR = load_parameters("prior")
FREE = st.sampled_from(SEARCHABLE)


@given(FREE, st.floats(0, 1))
def test_a_value_lies_within_its_limits_and_keeps_its_place(
    free: FreeParameter, place: float
) -> None:
    value = free.at(place)
    assert free.low <= value <= free.high
    # Four digits of the value: at most 5e-4 of it, which is more of a place near 0.
    assert free.place(value) == pytest.approx(place, abs=1e-3)
    assert free.at(free.place(value)) == value


@given(FREE, st.floats(-3, 4))
def test_beyond_the_limits_counts_as_the_limit(free: FreeParameter, place: float) -> None:
    assert free.at(place) == free.at(min(max(place, 0.0), 1.0))


def test_equal_factors_and_equal_differences() -> None:
    # Half way from 0.01 to 1 by factors is 0.1; by differences 0.505.
    assert FreeParameter("x", 0.01, 1.0, by_factor=True).at(0.5) == 0.1
    assert FreeParameter("x", 0.01, 1.0).at(0.5) == 0.505


def test_limits_are_within_what_the_engine_accepts() -> None:
    for free in SEARCHABLE:
        low, high = BOUNDS[free.name]
        assert low <= free.low < free.high <= high


@pytest.mark.parametrize("start", [PRIOR, Parameters(), Parameters(unlevered_share=0.1234)])
def test_the_start_is_a_point_of_its_space(start: Parameters) -> None:
    space = Space.of(start, [free.name for free in SEARCHABLE])
    assert space.at(space.places(start)) == start


@given(st.floats(0, 1))
def test_only_free_settings_move(place: float) -> None:
    space = Space.of(PRIOR, ["hazard_exponent"])
    moved = space.at(space.places(PRIOR) * 0 + place)
    assert with_values(moved, {"hazard_exponent": PRIOR.hazard_exponent}) == PRIOR
    assert moved.hazard_exponent == pytest.approx(2 * place, abs=1e-3)


def test_names_stand_once_and_in_order() -> None:
    assert Space.of(PRIOR, ["participation", "ladder_share", "participation"]).names == (
        "participation",
        "ladder_share",
    )
    assert Space.of(PRIOR).names == USUALLY_FREE


@pytest.mark.parametrize(
    ("start", "names", "message"),
    [
        (PRIOR, ["ladder_medien"], "did you mean 'ladder_median'"),
        (PRIOR, ["sweep"], "free has an unknown name 'sweep'; known are ladder_median"),
        (PRIOR, [], "free must name at least one setting"),
        (
            Parameters(unlevered_share=0.9),
            ["unlevered_share"],
            r"unlevered_share must start in \[0, 0.7\], was 0.9",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    start: Parameters, names: list[str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Space.of(start, names)
