"""Real gunicorn on a store of simulated minutes, and a bare hello-world under the same settings.

``python -m tests.bench.http_server STORE PORT APPLICATION`` runs one server.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from liqbands.timeframes import DAY_MS, MINUTE_MS
from liqbands_server.live.simulated_market import SimulatedMarket, listing
from liqbands_server.running.everything import APPLICATION
from liqbands_server.running.web_server import serve_web
from liqbands_server.settings import Settings
from liqbands_server.store.candles import write_candles
from liqbands_server.store.forming import write_forming
from liqbands_server.store.instruments import add_instrument, finish_first_load
from liqbands_server.store.liquidations import write_liquidations
from liqbands_server.store.opening import open_store

HELLO = "tests.bench.http_server:make_hello"
TICKER = "SIMULATED:SIMUSDT.P"
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Running:
    """A server.

    Parameters
    ----------
    process_id : int
        Of the process that looks after the workers.
    port : int
        Where it listens on this machine.
    """

    process_id: int
    port: int

    @property
    def workers(self) -> list[int]:
        """Return the ids of the workers."""
        path = Path(f"/proc/{self.process_id}/task/{self.process_id}/children")
        return [int(word) for word in path.read_text().split()]

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"


def fill_store(path: Path, days: int) -> None:
    """Write simulated minutes up to now."""
    now_ms = int(time.time() * 1000)
    market = SimulatedMarket(seed=1, start_ms=(now_ms // DAY_MS - days) * DAY_MS)
    played, store = market.advance_to(now_ms), open_store(str(path))
    forming = market.forming()
    if played is None or forming is None:
        raise ValueError("the simulated market has not moved")
    with store.writing() as connection:
        stored = add_instrument(connection, listing(), simulated=True)
        write_candles(connection, stored, played.candles, now_ms)
        write_liquidations(connection, stored.id, played.liquidations, now_ms)
        finish_first_load(connection, stored.id, MINUTE_MS)
        write_forming(connection, stored.id, forming, now_ms)
    store.close()


def make_hello(_: Settings) -> Flask:
    """Return the smallest Flask application."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello world")
    return app


@contextmanager
def serving(path: Path, application: str = APPLICATION) -> Iterator[Running]:
    """Run a server until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.bench.http_server", str(path), str(port), application],
        start_new_session=True,
    )
    try:
        _wait_for(port)
        yield Running(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    os.environ["LIQBANDS_LOG_LEVEL"] = "warning"
    serve_web(Settings(store=sys.argv[1], port=int(sys.argv[2]), log_level="warning"), sys.argv[3])
