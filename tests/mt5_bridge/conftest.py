"""The compiled MQL5 programs, and terminals that run them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.mt5_bridge.host.build import build, find_compiler
from tests.mt5_bridge.host.terminal import Terminal

OpenTerminal = Callable[..., Terminal]


@pytest.fixture(scope="session")
def programs() -> dict[str, Path]:
    """Return the compiled programs, or skip the test."""
    if find_compiler() is None:
        pytest.skip("no g++: the MQL5 sources are compiled with it (apt install g++)")
    other = os.environ.get("LIQBANDS_MQL5")
    return build() if other is None else build(Path(other), cache=Path(other).parent / "cache")


@pytest.fixture
def open_terminal(programs: dict[str, Path], tmp_path: Path) -> OpenTerminal:
    """Return what opens a terminal: (program, name of its folder, common folder)."""

    def start(program: str, name: str = "terminal", common: Path | None = None) -> Terminal:
        return Terminal(programs[program], tmp_path / name, common)

    return start
