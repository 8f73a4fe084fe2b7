"""Starts the emulator as a process for a test, and talks to it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests

_ROOT: Final = Path(__file__).parents[2]
PATIENCE_SECONDS: Final = 30.0
LONGEST_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    port: int
    process: "subprocess.Popen[str]"

    @property
    def gateway(self) -> str:
        """Return what the setting `feed_gateway` has to be."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, **query: int) -> Any:
        """Return the answer to ``/control/PATH``."""
        answer = requests.get(f"{self.gateway}/control/{path}", query, timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
        return answer.json()

    def order(self, path: str, **body: Any) -> Any:
        """Do ``/control/PATH``."""
        url = f"{self.gateway}/control/{path}"
        answer = requests.post(url, json=body, timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
        return answer.json()

    def truth(self, venue: str, coin: str, **limits: int) -> Any:
        """Return what really happened in [since, until); since the start by default."""
        return self.ask(f"truth/{venue}/{coin}", **limits)

    def now_ms(self) -> int:
        """Return the time of the emulated world."""
        return int(self.ask("clock")["now_ms"])


@contextmanager
def emulating(**options: object) -> Iterator[Emulator]:
    """Run an emulator until the block ends; ``speed=60`` is ``--speed 60``."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "tests.emulator", f"--for={LONGEST_SECONDS}", *words]
    path = os.pathsep.join([str(_ROOT / "engine"), str(_ROOT / "server")])
    process = subprocess.Popen(  # noqa: S603 - our own program
        command,
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    giving_up = threading.Timer(PATIENCE_SECONDS, process.kill)
    giving_up.start()
    try:
        said = process.stdout.readline() if process.stdout else ""
        if not said:
            raise RuntimeError("the emulator did not start; its own message is above")
        port = json.loads(said)["port"]
        giving_up.cancel()
        yield Emulator(port, process)
    finally:
        giving_up.cancel()
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE_SECONDS)
