"""A real gunicorn that can be stopped and started again at its port, and the way to it."""

import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import requests
from tests.mt5_bridge.host.terminal import WebAnswer

from liqbands_server.running.everything import APPLICATION

PATIENCE_SECONDS = 40.0
NOT_REACHED: WebAnswer = (-1, b"", 5201)


def stored_minutes(url: str, symbol: str) -> list[int]:
    """Return when a market's minutes open that a server has, UTC seconds."""
    query: dict[str, str | int] = {"symbol": symbol, "timeframe": "1m", "countback": 20_000}
    found = requests.get(f"{url}/api/v1/candles", params=query, timeout=PATIENCE_SECONDS).json()
    return [bar["t"] // 1_000 for bar in found.get("bars", [])]


class RealServer:
    """Two workers on a store.

    Parameters
    ----------
    store : Path
        The SQLite file.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run it; returns when it answers."""
        place = (str(self._store), str(self.port), APPLICATION)
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "tests.bench.http_server", *place], start_new_session=True
        )
        end = time.monotonic() + PATIENCE_SECONDS
        while self.web("GET", f"{self.url}/healthz", "", b"")[0] != 200:
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def web(self, method: str, url: str, headers: str, body: bytes) -> WebAnswer:
        """Do what the terminal's WebRequest does."""
        parts = urlsplit(url)
        named = dict(line.split(": ", 1) for line in headers.split("\r\n") if line)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, f"{parts.path}?{parts.query}", body or None, named)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return NOT_REACHED
        finally:
            connection.close()
