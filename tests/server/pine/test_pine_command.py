"""`liqbands pine` prints what the server answers, or writes a script."""

from pathlib import Path

import pytest

from liqbands_pine.decode import decode
from liqbands_server.cli.main import run


def call(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(["pine", *words])
    return int(ended.value.code or 0)


def test_levels_are_printed(sample_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("SIMULATED:SIMUSDT.P", "--bands", "5", "--store", str(sample_store)) == 0
    (read,) = decode(capsys.readouterr().out)
    assert read.section.symbol == "SIMUSDT"
    assert len(read.section.levels) == 5


def test_a_script_is_written(sample_store: Path, tmp_path: Path) -> None:
    script = tmp_path / "levels.pine"
    assert call("SIMULATED:SIMUSDT.P", "--script", str(script), "--store", str(sample_store)) == 0
    assert script.read_text(encoding="utf-8").startswith("//@version=6")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("NO:SUCH",), "NO:SUCH"),
        (("SIMULATED:SIMUSDT.P", "--bands", "500"), "max_bands must be 0 to 480"),
        (("SIMULATED:SIMUSDT.P", "--window", "2d"), "window must be one of"),
    ],
)
def test_a_mistake_is_one_line(
    sample_store: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    assert call(*words, "--store", str(sample_store)) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.count("\n") == 1
