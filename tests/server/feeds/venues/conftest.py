"""What tests of the border share: recorded answers and frames of venues."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liqbands_server.settings import data_folder

_MISSING = "no recorded venue payloads: put them at ../shared/data or set LIQBANDS_DATA"


@pytest.fixture
def payload_folder() -> Path:
    """Return the folder of recorded payloads, or skip the test."""
    market = data_folder()
    folder = None if market is None else market.parent / "venue_payloads"
    if folder is None or not folder.is_dir():
        pytest.skip(_MISSING)
    return folder


@pytest.fixture
def payload(payload_folder: Path) -> Callable[[str], Any]:
    """Return what reads a recorded answer or frame by its file's name."""

    def load(name: str) -> Any:
        path = payload_folder / name
        if not path.is_file():
            pytest.skip(f"no recorded payload {name}")
        return json.loads(path.read_text(encoding="utf-8"))

    return load


@pytest.fixture
def recording(payload_folder: Path) -> Callable[[str], list[Any]]:
    """Return what reads the frames of a recorded connection."""

    def load(name: str) -> list[Any]:
        path = payload_folder / name
        if not path.is_file():
            pytest.skip(f"no recording {name}")
        lines = path.read_text(encoding="utf-8").splitlines()
        texts = [line.partition(": ")[2] for line in lines if " <- " not in line]
        return [json.loads(text) for text in texts if text.startswith("{")]

    return load
