"""`liqbands price`: one position in words, a batch as JSON, and clear refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from liqbands.errors import LiqbandsError
from liqbands_server.cli.price import price

APP = typer.Typer()
APP.command("price")(price)

LONG = ("--venue", "bybit", "--symbol", "BTC/USDT:USDT", "--side", "long", "--entry", "20000")
POSITION = {
    "id": "long-50x",
    "venue": "bybit_linear",
    "asset": "BTC",
    "contract": "linear",
    "margin_mode": "isolated",
    "side": "long",
    "inputs": {"quantity": 1, "entry_price": 20_000, "leverage": 50, "margin": None},
}


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner(env={"COLUMNS": "120"}).invoke(APP, arguments, input=text)


def batch(*positions: Any) -> list[dict[str, Any]]:
    result = run("--batch", "-", text=json.dumps(positions))
    assert result.exit_code == 0, result.output
    answer: list[dict[str, Any]] = json.loads(result.stdout)
    return answer


def refusal(*arguments: str, text: str | None = None) -> str:
    result = run(*arguments, text=text)
    assert isinstance(result.exception, LiqbandsError)
    assert result.stdout == ""
    assert "\n" not in str(result.exception)
    return str(result.exception)


def with_input(**inputs: Any) -> dict[str, Any]:
    return POSITION | {"inputs": {"entry_price": 20_000, "leverage": 50} | inputs}


def test_one_position_is_explained() -> None:
    output = run(*LONG, "--leverage", "50", "--quantity", "1").stdout
    assert "19,698.49  (-1.51 % from entry)" in output  # 19600 / 0.995
    assert "19,600.00" in output
    assert "bybit_linear" in output
    assert "1 of 7; maintenance margin 0.5 %, deduction 0" in output
    assert "dated (as of 2026-02-27)" in output


def test_one_position_as_json() -> None:
    answer = json.loads(run(*LONG, "--leverage", "50", "--json").stdout)
    assert answer["liquidation_price"] == pytest.approx(19_600 / 0.995)
    assert (answer["rule"], answer["tier"], answer["is_generic"]) == ("bybit_linear", 1, False)


def test_the_date_chooses_the_rule() -> None:
    answer = json.loads(run(*LONG, "--leverage", "50", "--at", "2025-09-01", "--json").stdout)
    assert answer["liquidation_price"] == pytest.approx(19_700)


def test_the_contract_is_read_from_the_symbol() -> None:
    answer = json.loads(
        run(*LONG[:3], "BTC/USD:BTC", *LONG[4:], "--leverage", "10", "--json").stdout
    )
    assert answer["rule"] == "bybit_inverse"


def test_an_unknown_venue_is_said_to_be_generic() -> None:
    output = run("--venue", "x", "--side", "short", "--entry", "1.1", "--leverage", "30").stdout
    assert "generic" in output


def test_a_position_without_a_price_says_none() -> None:
    assert "none" in run(*LONG, "--leverage", "1").stdout


def test_the_help_ends_before_the_sections_for_programmers() -> None:
    output = run("--help").stdout
    assert "Print where a position is liquidated" in output
    assert "Raises" not in output


def test_a_batch_keeps_each_position_and_adds_price_rule_and_tier() -> None:
    (answer,) = batch(POSITION)
    assert answer["liquidation_price"] == pytest.approx(19_600 / 0.995)
    assert (answer["rule"], answer["tier"]) == ("bybit_linear", 1)
    assert {name: answer[name] for name in POSITION} == POSITION


def test_a_batch_may_stand_in_a_file_under_vectors(tmp_path: Path) -> None:
    file = tmp_path / "positions.json"
    file.write_text(json.dumps({"vectors": [POSITION]}), encoding="utf-8")
    assert len(json.loads(run("--batch", str(file)).stdout)) == 1


def test_a_batch_answers_the_same_twice() -> None:
    text = json.dumps([POSITION, POSITION | {"venue": "gate"}])
    assert run("--batch", "-", text=text).stdout == run("--batch", "-", text=text).stdout


def test_a_rate_that_is_in_no_tier_has_no_tier() -> None:
    in_tier_2, nowhere = batch(
        with_input(maintenance_margin_rate=0.01, maintenance_deduction=10_000, quantity=50),
        with_input(maintenance_margin_rate=0.01, maintenance_deduction=11_000, quantity=50),
    )
    assert (in_tier_2["tier"], nowhere["tier"]) == (2, None)


def test_where_there_is_no_price_it_is_null() -> None:
    (answer,) = batch(with_input(leverage=1))
    assert answer["liquidation_price"] is None
    assert any("no liquidation price" in note for note in answer["notes"])


def test_a_superseded_position_without_formula_takes_the_rule_of_its_time() -> None:
    (answer,) = batch(POSITION | {"status": "superseded"})
    assert answer["liquidation_price"] == pytest.approx(19_700)


def test_contracts_are_counted_by_their_size() -> None:
    # 100 contracts of 100 USD at 50,000 and 5x: 10000 * (0.004 - 1) / (0.04 - 0.2)
    (answer,) = batch(
        {
            "venue": "binancecoinm",
            "asset": "BTC",
            "contract": "inverse",
            "side": "short",
            "inputs": {
                "quantity": 100,
                "quantity_unit": "contracts",
                "entry_price": 50_000,
                "leverage": 5,
            },
        }
    )
    assert answer["liquidation_price"] == pytest.approx(62_250)


def test_hyperliquids_rate_is_half_of_one_over_the_highest_leverage() -> None:
    # the rate is 0.05, hence (25 - 125) / (0.5 * (0.05 - 1))
    inputs = {"quantity": 0.5, "entry_price": 250, "margin": 25, "max_leverage": 10}
    (answer,) = batch(POSITION | {"venue": "hyperliquid", "asset": None, "inputs": inputs})
    assert answer["liquidation_price"] == pytest.approx(100 / 0.475)


@pytest.mark.parametrize(
    ("position", "message"),
    [
        (POSITION | {"side": "up"}, "position long-50x: side must be long or short, was 'up'"),
        (with_input(entry_price=-1), "position long-50x: entry_price must be positive, was -1"),
        (with_input(leverage=0.5), "leverage must be at least 1, was 0.5"),
        (with_input(leverage=None), "margin is missing, it must be given, or leverage"),
        (with_input(leverage="10"), "leverage must be a number or null, was '10'"),
        (with_input(leverage=10**400), "leverage must be finite"),
        (with_input(leverage=True), "leverage must be a number or null, was True"),
        (with_input(entry_price=None), "entry_price is missing; give one per position"),
        (with_input(margin_unit="base"), "margin_unit must be quote for linear contracts"),
        (with_input(quantity=1, quantity_unit="lots"), "quantity_unit must be base, quote or"),
        (POSITION | {"venue": None}, "venue is missing"),
        (POSITION | {"contract": "quanto"}, "contract must be linear or inverse, was 'quanto'"),
        (POSITION | {"contract": None}, "contract is missing; give linear or inverse"),
        (POSITION | {"margin_mode": "both"}, "margin_mode must be isolated or cross, was 'both'"),
        (POSITION | {"formula": "fee_liner"}, "did you mean 'fee_linear'?"),
        (POSITION | {"inputs": None}, "inputs must be an object, was missing or null"),
        (POSITION | {"at": "soon"}, "at must be a date such as 2025-09-02, was 'soon'"),
        ({"id": 7}, "position 7: contract is missing"),
        ("long", "position 1 must be an object, was text"),
    ],
)
def test_a_wrong_position_is_named_with_field_value_and_remedy(position: Any, message: str) -> None:
    assert message in refusal("--batch", "-", text=json.dumps([position]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1", "the batch must be JSON, was not"),
        ("3", "the batch must be a JSON list of positions"),
        ('{"vectors": {}}', "the batch must be a JSON list of positions"),
        ("[NaN]", "strict JSON without NaN"),
        ("[1e999]", "strict JSON without 1e999"),
        ("[" * 100_000, "the batch must be JSON, was not"),
    ],
)
def test_a_batch_that_is_no_list_is_refused(text: str, message: str) -> None:
    assert message in refusal("--batch", "-", text=text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--batch", "/nowhere.json"), "--batch /nowhere.json cannot be read"),
        (("--batch", "-", *LONG), "--venue does not go with --batch"),
        (LONG, "margin is missing, it must be given, or leverage"),
        ((), "--venue is missing"),
        (("--venue", "bybit"), "--entry is missing"),
        ((*LONG, "--leverage", "0.5"), "leverage must be at least 1, was 0.5"),
    ],
)
def test_wrong_options_are_refused(arguments: tuple[str, ...], message: str) -> None:
    assert message in refusal(*arguments)
