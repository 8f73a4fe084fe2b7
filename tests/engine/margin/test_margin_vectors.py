"""Published and recorded liquidation prices and margins; see `source` in each vector.

The vectors in ``vectors.json`` always run.  More may lie in the folder that LIQBANDS_DATA names
(default ``../shared/data`` beside the repository): then those run too.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from liqbands.instrument import ContractKind, Instrument, Side
from liqbands.margin import (
    LiquidationPrices,
    MarginMode,
    Positions,
    find_table,
    initial_margin,
    liquidation_price,
    load_tables,
    maintenance_margin,
    tier_table,
)

Vector = dict[str, Any]

HERE = Path(__file__).parent
DATA = Path(os.environ.get("LIQBANDS_DATA", HERE.parents[2].parent / "shared" / "data"))
OWN: dict[str, list[Vector]] = json.loads((HERE / "vectors.json").read_text(encoding="utf-8"))
NOT_POSITION_FIELDS = {"quantity_unit", "contract_size", "max_leverage", "margin_unit", "quantity"}


def _id(vector: Vector) -> str:
    return str(vector["id"])


def _price(vector: Vector) -> LiquidationPrices:
    inputs = {name: value for name, value in vector["inputs"].items() if value is not None}
    columns = {name: inputs[name] for name in inputs if name not in NOT_POSITION_FIELDS}
    if "quantity" in inputs:
        columns["quantity"] = inputs["quantity"] * inputs.get("contract_size", 1)
    kind = ContractKind(vector["contract"])
    return liquidation_price(
        Instrument(vector["venue"], vector.get("asset") or "", kind),
        Positions.from_arrays(side=float(Side[vector["side"].upper()]), **columns),
        margin_mode=MarginMode(vector["margin_mode"]),
        formula=vector["formula"],
    )


def _assert_price(vector: Vector) -> None:
    result, expected = _price(vector), vector["expected"]
    tolerance = vector["tolerance"]
    assert result.price[0] == pytest.approx(expected["liquidation_price"], rel=0, abs=tolerance)
    bankrupt = expected.get("bankruptcy_price")
    if bankrupt is not None:
        assert result.bankruptcy_price[0] == pytest.approx(bankrupt, rel=0, abs=tolerance)


def _assert_margin(vector: Vector) -> None:
    table = find_table(vector["venue"], vector["instrument"], ContractKind.LINEAR)
    assert table is not None
    size, price = np.array([float(vector["size"])]), np.array([float(vector["price"])])
    expected, tolerance = vector["expected"], vector["tolerance"]
    for name, function in (("initial", initial_margin), ("maintenance", maintenance_margin)):
        assert function(table, size, price)[0] == pytest.approx(
            expected[f"{name}_margin"], rel=0, abs=tolerance
        )


@cache
def _folder(name: str) -> Any:
    if not (DATA / name).exists():
        pytest.skip(f"no folder {DATA / name}; set LIQBANDS_DATA to run the vectors in it")
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((DATA / name).glob("*.json"))
    }


@pytest.mark.parametrize("vector", OWN["vectors"], ids=_id)
def test_liquidation_price_of_a_published_example(vector: Vector) -> None:
    _assert_price(vector)


@pytest.mark.parametrize("vector", OWN["margin"], ids=_id)
def test_margin_of_a_published_example(vector: Vector) -> None:
    _assert_margin(vector)


def test_every_liquidation_price_in_the_data_folder() -> None:
    for vector in _folder("vectors")["liquidation_prices"]["vectors"]:
        _assert_price(vector)


def test_every_margin_in_the_data_folder() -> None:
    for vector in _folder("vectors")["margin_requirements"]["vectors"]:
        _assert_margin(vector)


def test_the_tiers_of_the_package_are_those_of_the_data_folder() -> None:
    for file, content in _folder("tiers").items():
        assert set(load_tables(file)) == set(content["symbols"])
        for symbol, entry in content["symbols"].items():
            table = tier_table(file, symbol)
            for row, tier in enumerate(entry["tiers"]):
                assert table.number[row] == tier["tier"]
                assert table.maintenance_margin_rate[row] == tier["maintenance_margin_rate"]
                assert table.deduction[row] == tier["deduction"]
                assert table.upper[row] == (tier["max"] or np.inf)
