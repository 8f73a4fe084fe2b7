"""Levels of one contract on the chart of another."""

from typing import Any

import pytest
from tests.pine.offline import HOUR, MINUTE, Chart
from tests.pine.scenes import GIVEN, LONG, NEAR, SHORT, START, THREE, flat, paste, run


def scaled(factor: float) -> list[Any]:
    return [pytest.approx((low * factor, high * factor)) for low, high in sorted(THREE)]


@pytest.mark.parametrize("factor", [0.96, 0.999, 1.0042, 1.049])
def test_prices_are_multiplied_by_what_the_contracts_differ(factor: float) -> None:
    drawn = run(paste(), flat(price=64_000 * factor), shiftIn=True)
    assert sorted(drawn.bands) == scaled(factor)
    assert drawn.panel("Shift") == f"shifted by {factor - 1:+.2%}".replace("%", " %")
    assert drawn.panel("Longs below") == "$12.5M"
    assert drawn.messages == []


@pytest.mark.parametrize("factor", [0.9996, 1.0, 1.0004])
def test_a_difference_within_half_a_thousandth_is_none(factor: float) -> None:
    drawn = run(paste(), flat(price=64_000 * factor), shiftIn=True)
    assert sorted(drawn.bands) == scaled(1)
    assert drawn.panel("Shift") == "none needed"


@pytest.mark.parametrize("factor", [0.94, 1.06, 3.0])
def test_more_than_five_per_cent_is_another_symbol(factor: float) -> None:
    drawn = run(paste(), flat(price=64_000 * factor), shiftIn=True)
    assert drawn.messages == [
        "liqbands: Levels were made at price 64000: is this the right symbol?"
    ]
    assert drawn.boxes == []


@pytest.mark.parametrize(
    ("power", "factor", "says"),
    [(1000, 1.0, "factor 1000, none needed"), (0.001, 1.01, "factor 0.001, shifted by +1.00 %")],
)
def test_contract_units_are_powers_of_ten(power: float, factor: float, says: str) -> None:
    drawn = run(paste(), flat(price=64_000 * power * factor), Chart(tick=1e-4), shiftIn=True)
    assert sorted(drawn.bands) == scaled(power * factor)
    assert drawn.panel("Shift") == says


def test_the_shift_is_measured_at_the_levels_time() -> None:
    moves = {19: (64_640, 64_640, 64_640.0), 20: (64_000, 63_900, 64_000)}
    drawn = run(paste(given=GIVEN), flat(moves=moves), shiftIn=True)
    assert drawn.panel("Shift") == "shifted by +1.00 %"
    later = run(paste(given=GIVEN + HOUR // 2), flat(moves=moves), shiftIn=True)
    assert later.panel("Shift") == "shifted by +1.00 %"


def test_sweeps_use_the_shifted_prices() -> None:
    moves = {25: (64_225 * 1.01, 64_600, 64_640)}
    drawn = run(paste(), flat(price=64_640, moves=moves), shiftIn=True)
    assert len(drawn.boxes) == 2
    unswept = run(
        paste(), flat(price=64_640, moves={25: (64_219 * 1.01, 64_600, 64_640)}), shiftIn=True
    )
    assert len(unswept.boxes) == 3


def test_on_coarse_charts_the_shift_is_not_measured() -> None:
    chart = Chart(minutes=240)
    drawn = run(paste(), flat(10, step=4 * HOUR), chart, shiftIn=True)
    assert sorted(drawn.bands) == scaled(1)
    assert "charts of 1 hour or finer" in drawn.messages[0]
    typed = run(paste(), flat(10, step=4 * HOUR), chart, shiftIn=True, factorIn=1.01)
    assert sorted(typed.bands) == scaled(1.01)
    assert typed.panel("Shift") == "factor 1.01"
    assert typed.messages == []


def test_a_chart_that_begins_after_the_levels_cannot_measure() -> None:
    drawn = run(paste(given=START - HOUR), flat(5, price=64_100), shiftIn=True)
    assert "this chart begins after the levels' time" in drawn.messages[0]
    assert sorted(drawn.bands) == scaled(1)


def test_levels_at_the_very_end_of_the_chart_are_shifted_too() -> None:
    drawn = run(paste(), flat(20, price=64_640), shiftIn=True, now_s=GIVEN + MINUTE)
    assert sorted(drawn.bands) == scaled(1.01)


def test_a_factor_without_the_switch_does_nothing() -> None:
    assert sorted(run(paste([LONG, SHORT, NEAR]), factorIn=1.01).bands) == scaled(1)
    assert run(paste()).panel("Shift") == ""
