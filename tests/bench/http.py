"""How fast the server answers (`make bench-http`), in ratios to a hello-world in the same run.

Nothing here can fail on a timing: machines are shared, so the table says what is within bounds.
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.bench.http_load import Connection, requests_per_second, seconds_of
from tests.bench.http_server import HELLO, TICKER, Running, fill_store, serving
from tests.bench.http_streams import Clients, Market, new_bar_seconds

DAYS = 30
HISTORY = f"/udf/history?symbol={TICKER}&resolution=1&countback=1000&from=%d&to=%d"
BANDS = f"/api/v1/bands?symbol={TICKER}"
HEATMAP = f"/api/v1/heatmap?symbol={TICKER}&timeframe=1h&columns=500&bins=%d&format=binary"

console = Console()


class Report:
    """Figures beside their bounds."""

    def __init__(self) -> None:
        self._table = Table("what", "measured", "wanted", "")

    def add(self, what: str, measured: str, wanted: str = "", *, ok: bool = True) -> None:
        """Add a line."""
        self._table.add_row(what, measured, wanted, "" if not wanted else "yes" if ok else "NO")

    def show(self) -> None:
        """Print it."""
        console.print(self._table)


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=5, help="of each ratio")
    chosen, report = parser.parse_args(), Report()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        with console.status(f"simulating {DAYS} days of minutes"):
            fill_store(path, DAYS)
        with serving(path) as server, console.status("measuring"):
            with serving(path, HELLO) as hello:
                measure_ratios(report, server, hello, chosen.rounds, chosen.seconds)
            measure_heatmap(report, server)
            measure_streams(report, server, Market(path), chosen.clients)
    report.show()


def measure_ratios(
    report: Report, server: Running, hello: Running, rounds: int, seconds: float
) -> None:
    """Compare requests a second to hello-world's, turn by turn."""
    now = int(time.time())
    questions = {
        "/udf/history, 1,000 bars, warm": HISTORY % (now - 60_000, now),
        "/bands, warm": BANDS,
    }
    rates: dict[str, list[float]] = {what: [] for what in questions}
    base = []
    for _ in range(rounds):
        base.append(requests_per_second(hello.url("/"), seconds))
        for what, path in questions.items():
            rates[what].append(requests_per_second(server.url(path), seconds))
    report.add("hello-world", f"{statistics.median(base):,.0f}/s")
    for what, found in rates.items():
        ratio = statistics.median(one / of for one, of in zip(found, base, strict=True))
        measured = f"{statistics.median(found):,.0f}/s, {ratio:.0%}"
        report.add(what, measured, ">= 60 % of hello-world", ok=ratio >= 0.6)


def measure_heatmap(report: Report, server: Running) -> None:
    """Ask for heatmaps that nobody asked for before, then for one again and again."""
    cold = []
    for bins in range(400, 389, -1):
        with Connection(server.url(HEATMAP % bins)) as connection:
            begin = time.perf_counter()
            size = connection.ask()
            cold.append(time.perf_counter() - begin)
    median = statistics.median(cold[2:])  # the first of each worker reads the store
    report.add("/heatmap 500 x 400, cold", f"{median * 1e3:.0f} ms", "< 150 ms", ok=median < 0.15)
    warm, size = seconds_of(server.url(HEATMAP % 400), 100)
    report.add("/heatmap 500 x 400, warm", f"{warm * 1e3:.1f} ms", "< 5 ms", ok=warm < 0.005)
    report.add("on the wire", f"{size / 1000:.1f} kB", "<= 80 kB", ok=size <= 80_000)


def measure_streams(report: Report, server: Running, market: Market, n_clients: int) -> None:
    """Write bars while many clients listen, alone and beside heatmap questions."""
    clients = Clients(server.port, n_clients)
    what = f"new bar to {n_clients} streams"
    for beside, n_asking in (("", 0), (", 2 clients asking for new heatmaps", 2)):
        with asking(server, n_asking) as answered:
            begin, before = time.perf_counter(), len(answered)
            taken = new_bar_seconds(market, clients, 25) * 1e3
            rate = (len(answered) - before) / (time.perf_counter() - begin)
        p50, p99, worst = taken[len(taken) // 2], taken[int(0.99 * len(taken))], taken[-1]
        measured = f"p50 {p50:.0f}, p99 {p99:.0f}, max {worst:.0f} ms"
        report.add(what + beside, measured, "all within 250 ms", ok=worst <= 250)
        if n_asking:
            report.add("heatmaps computed meanwhile", f"{rate:.0f}/s")
    memory = ", ".join(f"{resident_mb(worker):.0f}" for worker in server.workers)
    report.add("resident memory of the workers", f"{memory} MB")
    clients.close()


@contextmanager
def asking(server: Running, n_clients: int) -> Iterator[list[float]]:
    """Ask for one new heatmap after the other while the block runs."""
    stopping, answered = threading.Event(), list[float]()

    def ask(place: int) -> None:
        number = 0
        while not stopping.is_set():
            number += n_clients
            low = 20_000 + (number + place) / 100  # no two questions are the same
            with Connection(server.url(f"{HEATMAP % 300}&low={low:.2f}")) as connection:
                connection.ask()
            answered.append(time.perf_counter())

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(n_clients)]
    for thread in threads:
        thread.start()
    try:
        yield answered
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def resident_mb(process_id: int) -> float:
    """Return a process's resident memory."""
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()
