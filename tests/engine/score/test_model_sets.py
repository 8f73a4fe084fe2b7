"""Named sets of models: complete, each name once, one switch at a time."""

from dataclasses import fields

import pytest

from liqbands.parameters import Parameters
from liqbands.score.baselines import BASELINES
from liqbands.score.model_sets import (
    SETS,
    ablation_set,
    find_models,
    find_silent_models,
    standard_set,
)


def changed(parameters: Parameters | None) -> list[str]:
    assert parameters is not None
    usual = Parameters()
    names = [field.name for field in fields(Parameters)]
    return [name for name in names if getattr(parameters, name) != getattr(usual, name)]


@pytest.mark.parametrize("name", SETS)
def test_the_engine_comes_first_and_every_name_once(name: str) -> None:
    keys = [model.key for model in SETS[name](None)]
    assert keys[0] == "engine"
    assert len(set(keys)) == len(keys)


def test_the_standard_set_has_every_baseline() -> None:
    labels = [model.label for model in standard_set()]
    assert labels == ["engine", *BASELINES]


def test_an_ablation_throws_one_switch() -> None:
    thrown = {model.key: changed(model.parameters) for model in ablation_set()[1:]}
    assert thrown.pop("no-open-interest") == []
    assert all(len(names) == 1 for names in thrown.values())
    assert thrown["no-sweep"] == ["sweep"]
    assert thrown["no-closing"] == ["hazards"]


def test_a_switch_that_is_off_already_is_not_thrown() -> None:
    keys = [model.key for model in ablation_set(Parameters(sweep=False))]
    assert "no-sweep" not in keys
    assert "no-closing" in keys


def test_settings_reach_the_engine() -> None:
    chosen = Parameters(ladder_share=0.9)
    (engine,) = find_models([], chosen)
    assert engine.parameters == chosen


def test_models_are_found_by_set_and_by_name() -> None:
    keys = [model.key for model in find_models(["uniform", "standard", "calibrated-full"])]
    assert keys[:2] == ["engine", "uniform"]
    assert keys[-1] == "calibrated-full"
    assert len(keys) == len(BASELINES) + 2


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"standard, ablation, feeds.*pine-bands.*was 'pine'"):
        find_models(["pine"])


def test_models_that_learn_from_reports_are_refused_where_these_are_predicted() -> None:
    with pytest.raises(ValueError, match="calibrated-full learns from reported liquidations"):
        find_silent_models(["feeds"])
    assert [model.key for model in find_silent_models(["uniform"])] == ["engine", "uniform"]
