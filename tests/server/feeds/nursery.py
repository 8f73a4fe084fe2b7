"""Feed processes that start at once: one process has loaded everything, and forks on request.

Each line on standard input starts a feed with the environment's settings; its process id is
answered.  The children end with this process, and this one with its standard input.
"""

import importlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tests.server.feeds import quick_feed
from tests.server.feeds.running_feed import WAIT_SECONDS, feed_environment

from liqbands_server.running.endings import end_with_parent

_ROOT: Final = Path(__file__).parents[3]


class Nursery:
    """A process that forks feeds."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def start(self) -> int:
        """Start a feed; return its process id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("start\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def nursery(store: Path, gateway: str, *, coins: tuple[str, ...]) -> Iterator[Nursery]:
    """Run a nursery of feeds on a store."""
    environment = feed_environment(store, gateway, coins=coins)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.server.feeds.nursery"],
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Nursery(process)
    finally:
        process.kill()
        process.communicate(timeout=WAIT_SECONDS)


def kill(pid: int) -> None:
    """End a process as a power cut would, and wait until it is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + WAIT_SECONDS
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < until, f"process {pid} does not end"
        time.sleep(0.005)


def main() -> None:
    """Fork a feed for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    importlib.import_module("ccxt.pro")
    nursery_id = os.getpid()
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            end_with_parent(nursery_id)
            logging.getLogger().handlers.clear()
            quick_feed.main()
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
