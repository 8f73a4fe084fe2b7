"""Parameter files: what ships, what is read back, and how every mistake is named."""

import dataclasses
import json
import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import liqbands
from liqbands.errors import LiqbandsError, ParameterFileError
from liqbands.parameter_files import (
    ParameterFile,
    load_parameter_file,
    load_parameters,
    parameter_digest,
    read_parameters,
    shipped_parameters,
    write_parameters,
)
from liqbands.parameter_history import HeldOutScore, SimulatedMarkets
from liqbands.parameters import BOUNDS, PARAMETER_DATA, Parameters

NAMES = [field.name for field in dataclasses.fields(Parameters)]


def values_of(name: str) -> st.SearchStrategy[Any]:
    if name == "hazards":
        return st.sampled_from(["tier", "flat", "off"])
    return st.floats(*BOUNDS[name]) if name in BOUNDS else st.booleans()


def parameters_of(values: dict[str, Any]) -> Parameters:
    return Parameters(**values)


PARAMETERS = st.fixed_dictionaries({name: values_of(name) for name in NAMES}).map(parameters_of)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.lists(st.text(), min_size=1, max_size=3, unique=True).map(tuple)
MARKETS = st.builds(
    SimulatedMarkets,
    worlds=WORDS,
    seeds=st.lists(st.integers(0, 10**9), min_size=1, max_size=3, unique=True).map(tuple),
    days=st.floats(1, 1e4),
    warm_up_days=st.floats(0, 0.99),
)
SCORES = st.builds(
    HeldOutScore,
    data=st.text(),
    measure=st.text(),
    value=FINITE,
    low=st.none() | FINITE,
    high=st.none() | FINITE,
    before=st.none() | FINITE,
    n=st.integers(0, 10**9),
)
FILES = st.builds(
    ParameterFile,
    version=st.text(min_size=1),
    date=st.dates().map(lambda day: day.isoformat()),
    parameters=PARAMETERS,
    made_with=st.text(),
    note=st.text(),
    fitted=st.lists(st.sampled_from(NAMES), unique=True).map(tuple),
    fitted_on=st.none() | MARKETS,
    held_out=st.none() | MARKETS,
    score=st.lists(SCORES, max_size=3).map(tuple),
)


@given(FILES)
def test_what_is_written_is_read_back(file: ParameterFile) -> None:
    text = write_parameters(file)
    assert read_parameters(text) == file
    assert write_parameters(read_parameters(text)) == text
    json.loads(text, parse_constant=refuse)  # strict: neither NaN nor infinity


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


@given(FILES)
def test_fields_always_stand_in_the_same_order(file: ParameterFile) -> None:
    content = json.loads(write_parameters(file))
    assert list(content) == ["schema", *(field.name for field in dataclasses.fields(file))]
    assert list(content["parameters"]) == NAMES


@pytest.mark.parametrize("name", shipped_parameters())
def test_shipped_files_are_as_they_would_be_written(name: str) -> None:
    text = (PARAMETER_DATA / f"{name}.json").read_text(encoding="utf-8")
    assert write_parameters(read_parameters(text)) == text


def test_the_default_is_the_shipped_file() -> None:
    text = (PARAMETER_DATA / "default.json").read_text(encoding="utf-8")
    assert dataclasses.asdict(Parameters()) == json.loads(text)["parameters"]
    assert load_parameters() == Parameters() == load_parameter_file("default").parameters
    assert liqbands.load_parameters is load_parameters


def test_the_prior_is_that_of_the_model_description() -> None:
    prior = load_parameters("prior")
    # Sections 2.3, 3 and 4.3: shares of flow, participation, tilts, hazards, seed.
    assert (prior.ladder_share, prior.ladder_median, prior.ladder_spread) == (0.6, 0.10, 1.2)
    assert (prior.participation, prior.taker_weight, prior.candle_weight) == (0.3, 0.45, 0.35)
    assert (prior.hazards, prior.hazard_exponent, prior.wick_retention) == ("tier", 0.8, 0.0)
    assert (prior.unlevered_share, prior.seed_volatility, prior.seed_turnover) == (0, 0.02, 3)
    assert (prior.half_life_days, prior.extremes_share) == (1.0, 0.3)
    assert load_parameter_file("prior").fitted_on is None


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(ParameterFileError, match="one of default, prior, was 'priors'"):
        load_parameters("priors")


def test_importing_liqbands_reads_no_parameters() -> None:
    code = "import sys, liqbands; print('liqbands.parameters' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    assert done.stdout.strip() == "False"


@given(PARAMETERS, st.sampled_from(sorted(BOUNDS)), st.data())
def test_the_digest_is_that_of_the_values(
    parameters: Parameters, name: str, data: st.DataObject
) -> None:
    other = data.draw(st.floats(*BOUNDS[name]))
    values: dict[str, Any] = {name: other}
    changed = dataclasses.replace(parameters, **values)
    # -0.0 and 0.0 are the same setting but not the same text.
    same = getattr(parameters, name) == other and str(other) == str(getattr(parameters, name))
    assert (parameter_digest(changed) == parameter_digest(parameters)) is same
    assert len(parameter_digest(changed)) == 12


Change = Callable[[dict[str, Any]], None]


def setting(name: str, value: Any) -> Change:
    return lambda content: content["parameters"].update({name: value})


def top(name: str, value: Any) -> Change:
    return lambda content: content.update({name: value})


MISTAKES: list[tuple[Change, str]] = [
    (top("schema", "liqbands-parameters-2"), "schema must be 'liqbands-parameters-1'"),
    (lambda c: c.pop("schema"), "schema must be 'liqbands-parameters-1', was None"),
    (top("parameter", {}), "unknown name 'parameter'; did you mean 'parameters'"),
    (lambda c: c.pop("version"), "version is missing; add it"),
    (top("version", ""), "version must name the edition, e.g. '1'; was empty"),
    (top("version", 2), "version must be a text, was 2"),
    (top("date", "21.11.2026"), "date must be a day such as 2026-11-21, was '21.11.2026'"),
    (top("date", "20261121"), "date must be a day"),
    (top("parameters", [1]), r"parameters must be an object, was \[1\]"),
    (
        top("fitted", ["ladder_medien"]),
        "fitted has .*'ladder_medien'; did you mean 'ladder_median'",
    ),
    (top("fitted", "sweep"), 'fitted must be a list, was "sweep"'),
    (top("fitted", [3]), r"fitted\[0\] must be a text, was 3"),
    (top("fitted_on", {"worlds": ["base"]}), "fitted_on.seeds is missing; add it"),
    (
        top("fitted_on", {"worlds": ["a"], "seeds": [1, 1], "days": 4, "warm_up_days": 1}),
        "fitted_on: seeds must be at least one, none twice; were 1, 1",
    ),
    (
        top("held_out", {"worlds": ["a"], "seeds": [1], "days": 4, "warm_up_days": 4}),
        "held_out: days must be more than the warm-up of 4, were 4",
    ),
    (top("score", [{"data": "x"}]), r"score\[0\].measure is missing"),
    (setting("ladder_medien", 0.1), "parameters has an unknown name 'ladder_medien'; did you mean"),
    (setting("pools", False), "parameters has an unknown name 'pools'; known are participation, "),
    (setting("colour", 1), "unknown name 'colour'; known are participation, "),
    (
        lambda c: c["parameters"].pop("hazard_exponent"),
        r"parameters.hazard_exponent is missing; add it, e.g. [\d.]+, the default",
    ),
    (setting("participation", 2.0), r"parameters: participation must be in \[1e-06, 1\], was 2.0"),
    (setting("participation", "0.3"), 'parameters.participation must be a number, was "0.3"'),
    (setting("participation", True), "parameters.participation must be a number, was true"),
    (setting("participation", None), "parameters.participation must be a number, was null"),
    (setting("participation", math.nan), "participation must be a finite number, was nan"),
    (setting("half_life_days", math.inf), "half_life_days must be a finite number, was inf"),
    (setting("half_life_days", 10**400), "half_life_days must be a finite number, was inf"),
    (setting("sweep", 1), "parameters.sweep must be true or false, was 1"),
    (setting("hazards", "fast"), 'parameters.hazards must be one of tier, flat, off, was "fast"'),
    (setting("hazards", [1]), r"parameters.hazards must be one of tier, flat, off, was \[1\]"),
]


@pytest.mark.parametrize(("change", "message"), MISTAKES)
def test_every_mistake_is_named(change: Change, message: str) -> None:
    content = json.loads(write_parameters(load_parameter_file("prior")))
    change(content)
    with pytest.raises(ParameterFileError, match=message) as caught:
        read_parameters(json.dumps(content))
    assert isinstance(caught.value, LiqbandsError)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be JSON"),
        ("{", "must be JSON"),
        ("[]", r"must be a JSON object, was \[\]"),
        ('{"version": "1", "version": "2"}', "'version' stands twice; keep one"),
        ("[" * 100_000, "must be JSON"),
    ],
)
def test_what_is_no_object_is_refused(text: str, message: str) -> None:
    with pytest.raises(ParameterFileError, match=message):
        read_parameters(text)


def test_what_may_be_empty_may_be_left_out() -> None:
    content = json.loads(write_parameters(load_parameter_file("prior")))
    short = {name: content[name] for name in ("schema", "version", "date", "parameters")}
    file = read_parameters(json.dumps(short))
    assert file.parameters == load_parameters("prior")
    assert (file.note, file.fitted, file.fitted_on, file.score) == ("", (), None, ())


def test_whole_numbers_are_numbers() -> None:
    content = json.loads(write_parameters(load_parameter_file("prior")))
    content["parameters"]["ladder_spread"] = 1
    assert read_parameters(json.dumps(content)).parameters.ladder_spread == 1.0


def test_markets_are_every_world_with_every_seed() -> None:
    markets = SimulatedMarkets(("base", "calm"), (1, 2), 40, 15)
    assert markets.runs == (("base", 1), ("base", 2), ("calm", 1), ("calm", 2))
