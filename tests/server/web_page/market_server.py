"""A real gunicorn that can be stopped and started again, and an address at which specs say so."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import requests
from tests.server.web_page.played_market import PlayedMarket

from liqbands_server.web import chart_page

_PATIENCE_SECONDS = 40


class WebServer:
    """Gunicorn with two workers, always on the same port."""

    def __init__(self, market: PlayedMarket, page: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._address = f"127.0.0.1:{free.getsockname()[1]}"
        self._environment = {
            "LIQBANDS_STORE": str(market.store),
            "CLOCK": str(market.time_file),
            "PAGE": str(page),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://{self._address}"

    def start(self) -> None:
        """Return when it answers."""
        command = [
            sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "16",
            "--bind", self._address, "--log-level", "warning", "--no-control-socket",
            "--graceful-timeout", "1", "tests.server.web_page.clocked_app:make_app()",
        ]  # fmt: skip
        others = {name: value for name, value in os.environ.items() if "LIQBANDS" not in name}
        environment = others | self._environment
        self._process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own server
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            assert self._process.poll() is None, "gunicorn has ended"
            assert time.monotonic() < until, f"{self.url} did not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        """Return when it has ended."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_PATIENCE_SECONDS)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).ok
        except (requests.ConnectionError, requests.Timeout):
            return False


class Control(ThreadingHTTPServer):
    """Does what specs ask for: `/advance?seconds=60&step=1`, `/stop`, `/start`."""

    daemon_threads = True

    def __init__(self, market: PlayedMarket, server: WebServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.market = market
        self.web = server
        self.url = f"http://127.0.0.1:{self.server_port}"

    def do(self, path: str) -> dict[str, int]:
        """Do one thing, and tell what time it is in the market."""
        parts = urlsplit(path)
        given = dict(parse_qsl(parts.query))
        if parts.path == "/advance":
            seconds, step = float(given["seconds"]), float(given.get("step", "1"))
            self.market.clock.advance(int(seconds * 1_000), int(step * 1_000))
        else:
            {"/stop": self.web.stop, "/start": self.web.start}[parts.path]()
        return {"time_ms": self.market.clock.now_ms()}


class _Handler(BaseHTTPRequestHandler):
    server: Control

    def do_POST(self) -> None:
        body = json.dumps(self.server.do(self.path)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def market_server(folder: Path) -> Iterator[Control]:
    """Play a market and serve it; give what controls both."""
    market = PlayedMarket(folder)
    market.start()
    page = Path(shutil.copytree(chart_page.FOLDER, folder / "page"))
    server = WebServer(market, page)
    server.start()
    control = Control(market, server)
    threading.Thread(target=control.serve_forever, daemon=True).start()
    try:
        yield control
    finally:
        control.shutdown()
        control.server_close()
        server.stop()
        market.stop()
