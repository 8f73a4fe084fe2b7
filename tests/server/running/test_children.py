"""Children: started again with growing pauses, given up after five deaths, stopped together."""

import time
from pathlib import Path

import pytest
from tests.server.running.servers import until

from liqbands_server.running.children import Child, ProcessError, stop_all, watch


def test_a_child_that_dies_five_times_ends_everything_with_a_clear_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("liqbands_server.running.children.FIRST_PAUSE_SECONDS", 0.05)
    child = Child("feed", "os:_exit", (3,))
    begun = time.monotonic()
    with pytest.raises(ProcessError, match="the feed ended 5 times within a minute, at last with"):
        until(lambda: watch([child], 0.1))
    assert time.monotonic() - begun > 0.05 + 0.1 + 0.2 + 0.4


def test_a_child_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liqbands_server.running.children.STOP_SECONDS", 0.2)
    child = Child("feed", "deaf:sleep_deaf", ())
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    watch([child], 1.0)
    process = child.process
    assert process is not None
    stop_all([child])
    assert process.exitcode is not None
    assert process.exitcode < 0
