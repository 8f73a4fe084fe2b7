"""`--parameters`: shipped names, files, and what is wrong with a file."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from liqbands.parameter_files import load_parameter_file, write_parameters
from liqbands_server.cli.main import run
from liqbands_server.demo_market import demo_market


@pytest.fixture(scope="module")
def candle_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a CSV of ten simulated days."""
    candles, _ = demo_market(240)
    names = ("open", "high", "low", "close", "volume", "open_interest")
    table = pd.DataFrame({name: getattr(candles, name) for name in names})
    table.insert(0, "open_time", candles.open_time_ms)
    path = tmp_path_factory.mktemp("candles") / "ABCUSDT_1h.csv"
    table.to_csv(path, index=False)
    return path


@pytest.fixture
def far_file(tmp_path: Path) -> Path:
    """Return a parameter file with half of the flow unlevered."""
    content = json.loads(write_parameters(load_parameter_file("prior")))
    content["parameters"]["unlevered_share"] = 0.5
    path = tmp_path / "far.json"
    path.write_text(json.dumps(content))
    return path


def code_of(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        run([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


def total_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> float:
    assert code_of("bands", *arguments, "--json") == 0
    content: dict[str, Any] = json.loads(capsys.readouterr().out)
    return float(content["long_notional"] + content["short_notional"])


def test_a_file_changes_the_book(
    candle_file: Path, far_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = total_of(capsys, candle_file, "--parameters", "prior")
    far = total_of(capsys, candle_file, "--parameters", far_file)
    # Half of the flow has no price, and ages more slowly than the rest.
    assert 0.2 < far / usual < 0.5


def test_the_default_by_name_is_the_default(
    candle_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = total_of(capsys, candle_file, "--parameters", "default")
    assert named == total_of(capsys, candle_file)


@pytest.mark.parametrize("command", ["plot", "map"])
def test_pictures_take_a_file(
    command: str, candle_file: Path, far_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "picture.png"
    assert code_of(command, candle_file, "--parameters", far_file, "--output", path) == 0
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "parameters must be default, prior or a JSON file, was "),
        (b"{}", "schema must be 'liqbands-parameters-1', was None"),
        (b"\xff\xfe", "can't decode byte"),
    ],
)
@pytest.mark.parametrize("command", ["plot", "map", "bands"])
def test_a_bad_file_is_one_line(
    command: str,
    content: bytes | None,
    message: str,
    candle_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "mine.json"
    if content is not None:
        path.write_bytes(content)
    assert code_of(command, candle_file, "--parameters", path) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert message in said
    assert "mine.json" in said
    assert said.count("\n") == 1
