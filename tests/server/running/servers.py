"""Real servers in processes of their own, each with a bounded life."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PATIENCE_SECONDS = 20.0


def until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something, not for ever."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def is_alive(process_id: int) -> bool:
    """Return whether a process runs; one that only waits to be noticed does not."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rsplit(")")[-1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def descendants(process_id: int) -> list[int]:
    """Return the ids of a process's children, their children and so on."""
    path = Path(f"/proc/{process_id}/task/{process_id}/children")
    children = [int(word) for word in path.read_text().split()] if path.exists() else []
    return children + [later for child in children for later in descendants(child)]


@dataclass(frozen=True)
class Running:
    """A server, and where it writes."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str

    @property
    def printed(self) -> str:
        return (self.folder / "printed").read_text()

    @property
    def logged(self) -> str:
        return (self.folder / "logged").read_text()

    @property
    def store(self) -> str:
        return str(self.folder / "store.db")


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return the variables of a small server."""
    (folder / "none.toml").touch()
    own = {
        "STORE": str(folder / "store.db"),
        "PORT": str(port),
        "SIMULATED_DAYS": "1",
        "DATA": str(HERE),
        "CONFIG": str(folder / "none.toml"),
    }
    others = {name: value for name, value in os.environ.items() if "LIQBANDS" not in name}
    return others | {f"LIQBANDS_{name}": value for name, value in own.items()}


@contextmanager
def started(folder: Path) -> Iterator[Running]:
    """Start a server and wait until it says that it runs; end it in any case."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "printed").open("w") as printed, (folder / "logged").open("w") as logged:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, HERE / "tiny_up.py"],
            env=environment(folder, port),
            stdout=printed,
            stderr=logged,
            start_new_session=True,  # so that the tests can interrupt it alone
        )
    running = Running(process, folder, f"http://127.0.0.1:{port}")
    try:
        until(lambda: running.printed or process.poll() is not None)
        assert running.printed == f"{running.url}\n", running.logged
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)
