"""The search: it climbs, also along ridges, stays inside, and does the same twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.fit.search import Found, SearchPlan, search
from liqbands.instrument import FloatArray

SEEDS = st.integers(0, 10**6)


class Bowl:
    """A quadratic hill, stretched up to 30 times more one way than the other, and turned."""

    def __init__(self, seed: int, n: int) -> None:
        random = np.random.default_rng(seed)
        self.top = random.uniform(0.2, 0.8, n)
        self.start = random.uniform(0.0, 1.0, n)
        turned = np.linalg.qr(random.standard_normal((n, n)))[0]
        self.shape = turned * np.geomspace(0.1, 3.0, n) @ turned.T
        self.asked: list[FloatArray] = []

    def __call__(self, point: FloatArray) -> float:
        self.asked.append(point.copy())
        away = point - self.top
        return -float(away @ self.shape @ away)


@given(SEEDS, st.integers(1, 6))
def test_the_top_of_a_hill_is_found(seed: int, n: int) -> None:
    hill = Bowl(seed, n)
    found = search(hill, hill.start, SearchPlan(evaluations=800, last_step=0.002))
    # Along the flattest direction 0.05 off costs 0.1 * 0.05**2.
    assert found.value > -0.1 * 0.05**2 * n
    assert found.value == hill(found.point)


@given(SEEDS, st.integers(1, 5), st.integers(1, 80))
def test_a_search_stays_inside_and_within_its_budget(seed: int, n: int, budget: int) -> None:
    hill = Bowl(seed, n)
    found = search(hill, hill.start, SearchPlan(evaluations=budget, seed=seed))
    asked = np.array(hill.asked)
    assert asked.min() >= 0
    assert asked.max() <= 1
    assert len(asked) == found.evaluations <= budget
    # A gain below the least one does not count.
    assert found.value >= max(map(hill, asked)) - SearchPlan().least_gain
    assert found.value >= hill(hill.start)


@given(SEEDS)
def test_the_same_seed_takes_the_same_steps(seed: int) -> None:
    one, two = Bowl(seed, 4), Bowl(seed, 4)
    plan = SearchPlan(evaluations=60, seed=seed)
    search(one, one.start, plan)
    search(two, two.start, plan)
    np.testing.assert_array_equal(one.asked, two.asked)


def test_a_ridge_is_climbed() -> None:
    """Steps along either axis fall off the ridge x + y = 1; the top on it is (0.8, 0.2)."""

    def ridge(point: FloatArray) -> float:
        return -abs(5 * float(point.sum() - 1)) - abs(float(point[0]) - 0.8)

    found = search(ridge, np.array([0.3, 0.7]), SearchPlan(evaluations=400, last_step=0.002))
    np.testing.assert_allclose(found.point, [0.8, 0.2], atol=0.03)


def test_a_top_in_a_corner_is_reached() -> None:
    found = search(lambda point: float(point @ [1.0, -2.0, 0.5]), np.full(3, 0.5))
    np.testing.assert_array_equal(found.point, [1.0, 0.0, 1.0])


def test_where_nothing_matters_nothing_moves() -> None:
    start = np.array([0.3, 0.6])
    found = search(lambda _: 1.0, start)
    np.testing.assert_array_equal(found.point, start)
    # Steps of .12, .06, .03, .015 and .0075, both ways in two directions, and the start.
    assert found.evaluations == 5 * 2 * 2 + 1


def test_gains_too_small_to_count_move_nothing() -> None:
    plan = SearchPlan(least_gain=1.0)
    found = search(lambda point: float(point[0]), np.array([0.5]), plan)
    assert found.point[0] == 0.5


@pytest.mark.parametrize("last", [1, 2, 7])
def test_whoever_watches_sees_every_step_and_may_end_it(last: int) -> None:
    seen: list[Found] = []

    def watch(found: Found) -> bool:
        seen.append(found)
        return len(seen) < last

    found = search(lambda point: -float(point[0] ** 2), np.array([0.9]), watch=watch)
    assert [each.evaluations for each in seen] == list(range(1, last + 1))
    assert found.evaluations == last
    values = [each.value for each in seen]
    assert values == sorted(values)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"evaluations": 0}, "evaluations must be at least 1, was 0"),
        ({"first_step": 0.5}, "steps must shrink within 0 to 0.4"),
        ({"last_step": 0.0}, "steps must shrink"),
        ({"first_step": 0.01, "last_step": 0.02}, "steps must shrink"),
    ],
)
def test_impossible_plans_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SearchPlan(**options)  # type: ignore[arg-type]  # some are whole numbers
