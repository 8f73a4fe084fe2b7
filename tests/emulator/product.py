"""The real product beside the emulator: feed and server as processes on one store."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

import requests
from tests.emulator.running import Emulator

PATIENCE_SECONDS: Final = 60.0
_END_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.1
_ROOT: Final = Path(__file__).parents[2]
_PATHS: Final = (".", "engine", "server", "pine", "mt5_bridge")
_PROGRAM: Final = str(Path(sys.executable).with_name("liqbands"))


@dataclass(frozen=True)
class Choice:
    """What the product is to follow."""

    venues: str = "binance,bybit,okx"
    symbols: str = "BTC,ETH,SOL,XRP"
    feed_days: int = 3
    workers: int = 2
    log_level: str = "error"
    feed_module: str = ""
    """Run in place of ``liqbands feed`` where given: one that waits less, for quick worlds."""


class Product:
    """A feed and a server; either may be started, ended and started again."""

    def __init__(self, emulator: Emulator, folder: Path, choice: Choice) -> None:
        self.store = folder / "store.db"
        self.port = _free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._choice = choice
        self._environment = {
            **os.environ,
            "LIQBANDS_STORE": str(self.store),
            "LIQBANDS_PORT": str(self.port),
            "LIQBANDS_LOG_LEVEL": choice.log_level,
            "LIQBANDS_FEED_GATEWAY": emulator.gateway,
            "LIQBANDS_FEED_DAYS": str(choice.feed_days),
            "LIQBANDS_WORKERS": str(choice.workers),
            "LIQBANDS_VENUES": choice.venues,
            "LIQBANDS_SYMBOLS": choice.symbols,
            "XDG_CONFIG_HOME": str(folder),
            "PYTHONPATH": os.pathsep.join(str(_ROOT / name) for name in _PATHS),
        }

    def start_feed(self) -> None:
        """Start the feed, again if it was killed."""
        module = self._choice.feed_module
        self._start("feed", [sys.executable, "-m", module] if module else [_PROGRAM, "feed"])

    def start_server(self) -> None:
        """Start the server and wait until it answers."""
        self._start("serve", [_PROGRAM, "serve"])
        self.until(lambda: bool(self.answer("/api/v1/symbols")), "the server answers")

    def kill_feed(self) -> None:
        """End the feed as a power cut would."""
        process = self.running.pop("feed")
        process.kill()
        process.wait(_END_SECONDS)

    def _start(self, name: str, command: list[str]) -> None:
        self.running[name] = subprocess.Popen(  # noqa: S603 - our own program
            command, cwd=_ROOT, env=self._environment
        )

    def answer(self, path: str, **query: str | int) -> Any:
        """Return a JSON answer of the server, None while it has none."""
        with suppress(requests.RequestException):
            url = f"http://127.0.0.1:{self.port}{path}"
            found = requests.get(url, query, timeout=PATIENCE_SECONDS)
            return found.json() if found.ok else None
        return None

    def until(
        self, is_so: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Wait until something is so.

        Raises
        ------
        TimeoutError
            If it is not in time, or a process has ended meanwhile.
        """
        end = time.monotonic() + seconds
        while not is_so():
            ended = [name for name, process in self.running.items() if process.poll() is not None]
            if ended or time.monotonic() > end:
                raise TimeoutError(f"waited for: {what}; ended meanwhile: {ended}")
            time.sleep(_LOOK_SECONDS)

    def end(self) -> None:
        """End what runs."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(_END_SECONDS)


@contextmanager
def product_of(emulator: Emulator, folder: Path, choice: Choice | None = None) -> Iterator[Product]:
    """Return the product, not yet started; end it with the block."""
    product = Product(emulator, folder, choice or Choice())
    try:
        yield product
    finally:
        product.end()


class StreamClient(threading.Thread):
    """A client of `/stream` that notes when each event arrived, by our clock."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(daemon=True)
        self.events: list[tuple[float, str, str]] = []
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self._path = path
        self.start()

    def run(self) -> None:
        """Read until hung up."""
        self._connection.request("GET", self._path)
        name = ""
        with suppress(OSError, ValueError, AttributeError), self._connection.getresponse() as body:
            for line in body:
                if line.startswith(b"event: "):
                    name = line[7:].strip().decode()
                elif line.startswith(b"data: "):
                    self.events.append((time.time() * 1000, name, line[6:].decode()))

    def named(self, name: str) -> list[tuple[float, Any]]:
        """Return the events of a name: when they arrived and what they say."""
        return [(at, json.loads(text)) for at, kind, text in self.events if kind == name]

    def hang_up(self) -> None:
        """End it."""
        with suppress(OSError):
            if self._connection.sock:
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
