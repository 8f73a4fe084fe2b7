"""Does the server's memory stay flat (`make soak`)?  Streams, questions and new bars for minutes.

The first third warms caches up; the slope is that of the rest.
"""

import argparse
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from tests.bench.http_load import Connection
from tests.bench.http_server import TICKER, Running, fill_store, serving
from tests.bench.http_streams import Clients, Market

DAYS = 3
BAR_SECONDS = 5.0
SAMPLE_SECONDS = 2.0
FLAT_MB_PER_MINUTE = 1.0

console = Console()


def main() -> None:
    """Run, and print how memory went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--clients", type=int, default=100)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        fill_store(path, DAYS)
        with serving(path) as server:
            clients = Clients(server.port, chosen.clients)
            with console.status(f"{chosen.minutes:g} minutes of streams and questions"):
                samples = soak(server, Market(path), clients, chosen.minutes * 60)
            clients.close()
    for worker, resident in samples.items():
        console.print(describe(worker, np.array(resident)))


def soak(
    server: Running, market: Market, clients: Clients, seconds: float
) -> dict[int, list[tuple[float, float]]]:
    """Keep the server busy; return moments and resident megabytes by worker."""
    stopping = threading.Event()
    asking = threading.Thread(target=ask, args=(server, stopping))
    asking.start()
    begin = time.monotonic()
    samples: dict[int, list[tuple[float, float]]] = {worker: [] for worker in server.workers}
    next_bar = begin
    while (now := time.monotonic()) < begin + seconds:
        if now >= next_bar:
            market.close_a_bar()
            next_bar += BAR_SECONDS
        clients.drain(SAMPLE_SECONDS)
        for worker, found in samples.items():
            found.append((now - begin, resident_mb(worker)))
    stopping.set()
    asking.join()
    return samples


def ask(server: Running, stopping: threading.Event) -> None:
    """Ask one question after the other, most of them new."""
    number = 0
    while not stopping.is_set():
        number += 1
        now = int(time.time())
        heatmap = f"/api/v1/heatmap?symbol={TICKER}&timeframe=15m&bins={100 + number % 300}"
        for path in (
            f"{heatmap}&format={('binary', 'json', 'grid', 'csv')[number % 4]}",
            f"/api/v1/bands?symbol={TICKER}&limit={1 + number % 100}",
            f"/udf/history?symbol={TICKER}&resolution=1&from={now - 60 * (number % 999)}&to={now}",
            f"/api/v1/summary?symbol={TICKER}",
        ):
            with Connection(server.url(path)) as connection:
                connection.ask()
        stopping.wait(0.05)


def resident_mb(process_id: int) -> float:
    """Return a process's resident memory."""
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def describe(worker: int, samples: np.ndarray) -> str:
    """Return how a worker's memory went, in words."""
    settled = samples[len(samples) // 3 :]
    per_minute = 60 * np.polyfit(settled[:, 0], settled[:, 1], 1)[0]
    verdict = "flat" if per_minute <= FLAT_MB_PER_MINUTE else "RISING"
    return (
        f"worker {worker}: {samples[0, 1]:.0f} MB at first, {settled[0, 1]:.0f} MB warm, "
        f"{samples[-1, 1]:.0f} MB at the end, {per_minute:+.2f} MB a minute: {verdict}"
    )


if __name__ == "__main__":
    main()
