"""READMEs tell the truth: their commands run, and settings and make targets are documented."""

import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liqbands_server.cli.main import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
READMES = [ROOT / "README.md", *ROOT.glob("*/README.md"), ROOT / "server" / "web" / "README.md"]


def commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("liqbands ")]


@pytest.fixture
def candles_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a market with open interest where the README's commands look for it."""
    rng = np.random.default_rng(7)
    close = 60_000 * np.exp(np.cumsum(rng.normal(0, 0.004, 500)))
    times = pd.date_range("2026-01-01", periods=500, freq="h", tz="UTC")
    columns = {
        "time": times,
        "open": close,
        "high": close * 1.003,
        "low": close * 0.997,
        "close": close,
        "volume": rng.uniform(500, 1500, 500),
        "open_interest": 40_000 + np.cumsum(rng.normal(0, 100, 500)),
    }
    path = tmp_path / "candles.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.usefixtures("candles_csv")
@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_readme_runs(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(shlex.split(command)[1:])
    assert ended.value.code == 0
    printed = capsys.readouterr()
    assert printed.out
    assert "error" not in printed.err


def test_the_readme_shows_both_commands_first() -> None:
    first_block = README.split("```console")[1]
    assert first_block.split()[0:2] == ["make", "run"]
    assert "make test" in first_block.split("```")[0]


def test_every_make_target_is_in_a_readme() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = makefile.split(".PHONY: ")[1].split("\n\n")[0].replace("\\\n", " ").split()
    spoken = " ".join(path.read_text() for path in READMES)
    inner = {"install", "lint", "types", "layers", "unit"}  # steps of `make test`
    assert [name for name in phony if name not in inner and f"make {name}" not in spoken] == []


def test_every_setting_is_in_a_readme() -> None:
    sources = [path.read_text() for path in (ROOT / "server").rglob("*.py")]
    settings = {name for source in sources for name in re.findall(r"LIQBANDS_[A-Z_]+", source)}
    spoken = " ".join(path.read_text() for path in READMES)
    assert sorted(name for name in settings if name not in spoken) == []


def test_pictures_of_the_readmes_exist() -> None:
    for path in READMES:
        for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", path.read_text()):
            assert (path.parent / picture).is_file(), picture
