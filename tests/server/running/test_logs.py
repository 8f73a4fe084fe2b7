"""Logs: JSON for programs, text for people, levels as set."""

import io
import json
import logging
import sys

import pytest

from liqbands_server.running.logs import set_up_logging
from liqbands_server.settings import Settings


class Terminal(io.StringIO):
    """Something that a person reads."""

    def isatty(self) -> bool:
        return True


def logged(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, settings: Settings) -> str:
    """Return what a process with the settings writes to a stream."""
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logging(settings, "feed")
    logging.getLogger("liqbands_server.x").info("%s bars", 3, extra={"ticker": "A:B"})
    logging.getLogger("liqbands_server.x").debug("detail")
    return stream.getvalue()


def test_a_program_reads_json(monkeypatch: pytest.MonkeyPatch) -> None:
    line = json.loads(logged(monkeypatch, io.StringIO(), Settings()))
    assert line["message"] == "3 bars"
    assert (line["level"], line["part"], line["ticker"]) == ("INFO", "feed", "A:B")
    assert line["time"].endswith("+00:00")


def test_a_person_reads_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert logged(monkeypatch, Terminal(), Settings()).endswith(" feed INFO    3 bars\n")


def test_the_format_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "{" not in logged(monkeypatch, io.StringIO(), Settings(log_format="text"))
    assert logged(monkeypatch, Terminal(), Settings(log_format="json")).startswith("{")


def test_the_level_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "detail" in logged(monkeypatch, io.StringIO(), Settings(log_level="debug"))
    assert logged(monkeypatch, io.StringIO(), Settings(log_level="error")) == ""
