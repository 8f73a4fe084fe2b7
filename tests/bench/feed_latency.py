"""From a venue to the screen (`make bench-feed`): how long, at which cost.

The emulator plays 4 symbols on 3 venues in real time, 500 trades a second in all, with bursts of
liquidations; a real feed and a real server follow it, and clients hold streams open.  All clocks
are one.  A trade has arrived with the first column after the `bar` that holds its volume; a
liquidation with the first column whose `seen` is not before the moment when it was stored.
"""

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text
from tests.bench.process_cost import Meter
from tests.emulator.product import Choice, Product, StreamClient, product_of
from tests.emulator.running import Emulator, emulating

TRADES_PER_SECOND = 500
SUBJECTS = (("binance", "BTC"), ("bybit", "ETH"), ("okx", "SOL"))
MARKETS = 12
BURST_EVERY_SECONDS = 3.0
BURST = {"liquidations": 200, "per_s": 1000}
WARM_UP_SECONDS = 5.0
LOAD_SECONDS = 240.0
EQUAL_VOLUME = 1e-7

console = Console()
Latencies = NDArray[np.float64]


def main() -> None:
    """Run, and print how long things took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--trades", type=int, default=TRADES_PER_SECOND, help="a second, in all")
    chosen = parser.parse_args()
    per_minute = max(chosen.trades * 60 // MARKETS, 4)
    with (
        tempfile.TemporaryDirectory() as folder,
        emulating(history_days=4, days=1, trades_per_minute=per_minute) as emulator,
        product_of(emulator, Path(folder), Choice(feed_days=2)) as product,
    ):
        product.start_server()
        product.start_feed()
        with console.status("the feed loads the history"):
            product.until(lambda: is_live(product), "all markets are live", LOAD_SECONDS)
        measure(emulator, product, chosen.seconds)


def is_live(product: Product) -> bool:
    """Return whether every market has its history up to now."""
    symbols = (product.answer("/api/v1/symbols") or {"symbols": []})["symbols"]
    single = [row for row in symbols if not row["aggregate"]]
    return len(single) == MARKETS and not any(row["stale"] for row in single)


def measure(emulator: Emulator, product: Product, seconds: float) -> None:
    """Watch for a while and print what was seen."""
    clients = {
        subject: StreamClient(
            product.port, f"/api/v1/stream?symbol={ticker(*subject)}&timeframe=1m"
        )
        for subject in SUBJECTS
    }
    time.sleep(WARM_UP_SECONDS)
    began = time.time() * 1000
    ids = {name: process.pid for name, process in product.running.items()}
    ids["emulator"] = emulator.process.pid
    meters = {name: Meter(process_id) for name, process_id in ids.items()}
    with console.status(f"{seconds:g} seconds of trades and bursts"):
        _load(emulator, seconds, list(meters.values()))
    time.sleep(1.0)
    results = [_result(emulator, product, subject, clients[subject], began) for subject in SUBJECTS]
    for client in clients.values():
        client.hang_up()
    console.print(_table(results))
    console.print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, meter in meters.items():
        console.print(f"{name}: {meter.describe()}")


def ticker(venue: str, coin: str) -> str:
    """Return what the server calls a market."""
    return f"{venue.upper()}:{coin}USDT.P"


def _load(emulator: Emulator, seconds: float, meters: list[Meter]) -> None:
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        venue, coin = SUBJECTS[number % len(SUBJECTS)]
        emulator.order("burst", venue=venue, symbol=coin, **BURST)
        number += 1
        for meter in meters:
            meter.sample()
        time.sleep(BURST_EVERY_SECONDS)


@dataclass(frozen=True)
class Result:
    """Milliseconds of one market, from leaving the emulator."""

    name: str
    trade_to_bar: Latencies
    trade_to_column: Latencies
    liquidation_to_store: Latencies
    liquidation_to_column: Latencies


def _result(
    emulator: Emulator,
    product: Product,
    subject: tuple[str, str],
    client: StreamClient,
    began_ms: float,
) -> Result:
    columns = [(at, found) for at, found in client.named("column") if found.get("live")]
    column_ms = np.array([at for at, _ in columns])
    seen_ms = np.maximum.accumulate(np.array([found["seen"] for _, found in columns]))
    left, bar = _arrivals(emulator, subject, client, began_ms)
    after = np.searchsorted(column_ms, bar)
    held = after < len(column_ms)
    gone, stored = _stored(emulator, product, subject, began_ms)
    shown = np.searchsorted(seen_ms, stored)
    seen = shown < len(seen_ms)
    return Result(
        ticker(*subject),
        bar - left,
        column_ms[after[held]] - left[held],
        stored - gone,
        column_ms[shown[seen]] - gone[seen],
    )


def _arrivals(
    emulator: Emulator, subject: tuple[str, str], client: StreamClient, began_ms: float
) -> tuple[Latencies, Latencies]:
    """Return when trades left, and when the bar that holds each came."""
    rows = np.array(emulator.ask("trades/" + "/".join(subject)), dtype=np.float64)
    rows = rows[rows[:, 2] >= began_ms]
    bars = [(at, one["t"] * 1000, one["volume"]) for at, one in client.named("bar")]
    arrived = np.full(len(rows), np.inf)
    for at, open_ms, volume in reversed(bars):
        is_in = (rows[:, 0] == open_ms) & (rows[:, 1] <= volume * (1 + EQUAL_VOLUME))
        arrived[is_in & (rows[:, 2] <= at)] = at
    known = np.isfinite(arrived)
    return rows[known, 2], arrived[known]


def _stored(
    emulator: Emulator, product: Product, subject: tuple[str, str], began_ms: float
) -> tuple[Latencies, Latencies]:
    """Return when liquidations left, and when each was stored."""
    events = emulator.truth(*subject)["liquidations"]
    left = {(e["time_ms"], e["side"], round(e["quantity"], 9)): e["left_ms"] for e in events}
    engine = create_engine(f"sqlite:///{product.store}")
    with engine.connect() as connection:
        rows = connection.execute(text(_LIQUIDATIONS), {"ticker": ticker(*subject)}).all()
    engine.dispose()
    pairs = [
        (left.get((time_ms, side, round(quantity, 9))), learnt_ms)
        for time_ms, side, quantity, learnt_ms in rows
    ]
    known = [(gone, learnt) for gone, learnt in pairs if gone and gone >= began_ms]
    gone_ms, learnt_ms = np.array(known, dtype=np.float64).reshape(-1, 2).T
    return gone_ms, learnt_ms


_LIQUIDATIONS = """
    SELECT l.event_ms, l.side, l.contracts, l.learnt_ms FROM liquidation l
    JOIN instrument i ON i.id = l.instrument_id WHERE i.ticker = :ticker
"""


def _table(results: list[Result]) -> Table:
    table = Table("milliseconds: p50 / p99 / max (count)", *(one.name for one in results))
    for name in Result.__dataclass_fields__:
        if name != "name":
            cells = [_cell(getattr(one, name)) for one in results]
            table.add_row(name.replace("_", " "), *cells)
    return table


def _cell(values: Latencies) -> str:
    if not len(values):
        return "none"
    middle, high = np.percentile(values, [50, 99])
    return f"{middle:.0f} / {high:.0f} / {values.max():.0f} ({len(values)})"


if __name__ == "__main__":
    main()
