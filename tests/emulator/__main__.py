"""Runs the emulator: ``python -m tests.emulator --port 9000 --speed 60 --seed 1``.

Prints ``{"port": ...}`` when it listens; ends with its parent, or after ``--for`` seconds.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from tests.emulator.application import make_application
from tests.emulator.control import LISTENER
from tests.emulator.listener import Listener
from tests.emulator.market_clock import MarketClock
from tests.emulator.market_source import Source
from tests.emulator.minutes import MINUTE_MS, CoinMinutes
from tests.emulator.payload_venues import PayloadVenues
from tests.emulator.world import Scale, make_world

from liqbands_server.settings import data_folder


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulator")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--speed", type=float, default=1.0, help="0: time stands still at first")
    parser.add_argument("--start", help="ISO time with zone; now by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recorded", type=Path, help="folder of recorded candles")
    parser.add_argument("--world", help="a world of the simulated exchange")
    parser.add_argument("--symbols", default="BTC,ETH,SOL,XRP")
    parser.add_argument("--history-days", type=int, default=40)
    parser.add_argument("--days", type=int, default=10, help="length of what is played")
    parser.add_argument("--trades-per-minute", type=int, default=30, help="of each market")
    parser.add_argument("--for", type=float, default=3600.0, dest="for_s", metavar="SECONDS")
    return parser.parse_args(words)


def start_of(arguments: argparse.Namespace) -> int:
    """Return when the emulated time begins."""
    if arguments.start is None:
        return int(time.time() * 1000)
    return int(datetime.fromisoformat(arguments.start).timestamp() * 1000)


def source_of(arguments: argparse.Namespace, start_ms: int) -> Source:
    """Return what is played."""
    return Source(
        tuple(arguments.symbols.split(",")),
        arguments.seed,
        start_ms,
        arguments.history_days,
        arguments.days,
        arguments.recorded,
        arguments.world,
    )


def refuse_start_outside(coins: Mapping[str, CoinMinutes], start_ms: int) -> None:
    """End with a message where the recording does not hold the start."""
    minutes = next(iter(coins.values()))
    end_ms = minutes.start_ms + len(minutes.close) * MINUTE_MS
    if not minutes.start_ms < start_ms < end_ms:
        first, last = (datetime.fromtimestamp(t / 1000, UTC) for t in (minutes.start_ms, end_ms))
        sys.exit(f"--start must lie between {first} and {last}")


def payload_folder() -> Path | None:
    """Return where recorded answers of other venues lie: beside the recorded markets."""
    markets = data_folder()
    return markets.parent / "venue_payloads" if markets else None


async def run(arguments: argparse.Namespace) -> None:
    """Serve until the time is over or the parent is gone."""
    parent = os.getppid()
    start_ms = start_of(arguments)
    coins = source_of(arguments, start_ms).minutes()
    refuse_start_outside(coins, start_ms)
    clock = MarketClock(start_ms, arguments.speed)
    world = make_world(coins, clock, Scale(arguments.seed, arguments.trades_per_minute))
    app = make_application(world, PayloadVenues(payload_folder()))
    runner = web.AppRunner(app, access_log=None)
    app[LISTENER] = Listener(runner, arguments.port)
    await runner.setup()
    await app[LISTENER].open()
    sys.stdout.write(json.dumps({"port": app[LISTENER].port}) + "\n")
    sys.stdout.flush()
    end = time.monotonic() + arguments.for_s
    while time.monotonic() < end and os.getppid() == parent:
        await asyncio.sleep(0.5)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(run(read_arguments(sys.argv[1:])))
