"""`liqbands config`: what is in force, one line for a mistake."""

from pathlib import Path

import pytest

from liqbands_server.cli.main import run


@pytest.fixture(autouse=True)
def _nobody_s_own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_it_prints_what_is_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIQBANDS_WORKERS", "5")
    with pytest.raises(SystemExit) as ended:
        run(["config"])
    assert ended.value.code == 0
    assert "workers = 5  # LIQBANDS_WORKERS" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("command", ["config", "up", "serve", "feed"])
def test_a_mistake_is_one_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIQBANDS_WORKER", "5")
    with pytest.raises(SystemExit) as ended:
        run([command])
    assert ended.value.code == 2
    said = "error: unknown variable LIQBANDS_WORKER; did you mean LIQBANDS_WORKERS?\n"
    assert capsys.readouterr().err == said
