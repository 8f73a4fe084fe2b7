"""Margin tiers as documents."""

import json
import math
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.server.feeds.venues.wire_markets import BYBIT

from liqbands.margin import read_table
from liqbands_server.errors import WireError
from liqbands_server.feeds.venues.wire_tiers import COLUMNS, Tier, tier_document

AS_OF = 1_709_891_640_000
GROWING = st.lists(st.floats(0.001, 0.1), min_size=1, max_size=8)


def tier(upper: float, rate: float, deduction: float = math.nan) -> Tier:
    return Tier(upper, rate, 2 * rate, 1 / (2 * rate), deduction)


def rows(*tiers: Tier) -> list[dict[str, float]]:
    table = json.loads(tier_document(BYBIT, tiers, "quote", AS_OF))["symbols"]["BTC/USDT:USDT"]
    return [dict(zip(COLUMNS, row, strict=True)) for row in table["rows"]]


@given(GROWING)
def test_where_the_venue_does_not_say_deductions_make_the_margin_continuous(
    steps: list[float],
) -> None:
    tiers = [tier(1000.0 * (n + 1), sum(steps[: n + 1])) for n in range(len(steps))]
    found = rows(*tiers)
    for below, above in pairwise(found):
        bound = below["max"]
        margins = [
            bound * row["maintenance_margin_rate"] - row["deduction"] for row in (below, above)
        ]
        assert margins[0] == pytest.approx(margins[1])


def test_a_tier_begins_where_the_one_below_it_ends() -> None:
    found = rows(tier(100.0, 0.01), tier(200.0, 0.02), tier(300.0, 0.03))
    assert [(row["tier"], row["min"], row["max"]) for row in found] == [
        (1, 0.0, 100.0), (2, 100.0, 200.0), (3, 200.0, 300.0),
    ]  # fmt: skip


@pytest.mark.parametrize("unit", ["quote", "base", "contracts"])
def test_the_engine_reads_what_is_written(unit: Literal["quote", "base", "contracts"]) -> None:
    tiers = [tier(100.0, 0.01, 0.0), tier(math.inf, 0.02)]
    table = read_table(tier_document(BYBIT, tiers, unit, AS_OF))
    assert (table.symbol, table.venue_symbol, table.bound_unit) == (BYBIT.symbol, "BTCUSDT", unit)
    assert table.upper.tolist() == [100.0, math.inf]
    assert table.maintenance_margin_rate.tolist() == [0.01, 0.02]
    assert table.deduction.tolist() == [0.0, 0.0 if unit == "contracts" else 1.0]
    assert table.as_of == "2024-03-08"


def test_a_tier_without_an_end_has_no_upper_bound() -> None:
    assert rows(tier(100.0, 0.01), tier(math.inf, 0.02))[1]["max"] is None


def test_the_venue_s_own_deduction_is_kept() -> None:
    assert rows(tier(100.0, 0.01, 0.0), tier(200.0, 0.02, 1.5))[1]["deduction"] == 1.5


@pytest.mark.parametrize(
    "tiers",
    [[], [tier(0.0, 0.01)], [tier(100.0, 1.5)], [tier(100.0, 0.01), tier(100.0, 0.02)],
     [tier(100.0, 0.02), tier(200.0, 0.01)]],
    ids=["none", "no width", "rate above 1", "no growth", "rate falls"],
)  # fmt: skip
def test_tiers_that_cannot_be_true_are_refused(tiers: list[Tier]) -> None:
    with pytest.raises(WireError, match="tier"):
        tier_document(BYBIT, tiers, "quote", AS_OF)
