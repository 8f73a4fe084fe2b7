"""Feed processes that tests start, kill and stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[3]
_PATHS: Final = ("engine", "server", "pine", "mt5_bridge")
WAIT_SECONDS: Final = 40.0
VENUES: Final = ("binance", "bybit", "okx")


@dataclass(frozen=True)
class RunningFeed:
    """A feed process."""

    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(WAIT_SECONDS)

    def stop(self) -> float:
        """Ask it to end; return the seconds that took."""
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(WAIT_SECONDS)
        return time.monotonic() - asked


def start_feed(
    store: Path | str,
    gateway: str,
    *,
    venues: tuple[str, ...] = VENUES,
    coins: tuple[str, ...] = ("BTC", "ETH"),
    days: int = 1,
    level: str = "ERROR",
) -> RunningFeed:
    """Start a feed on a store; it logs to this process' standard error."""
    environment = feed_environment(store, gateway, venues=venues, coins=coins, days=days)
    command = [sys.executable, "-m", "tests.server.feeds.quick_feed", level]
    return RunningFeed(subprocess.Popen(command, cwd=_ROOT, env=environment))  # noqa: S603 - ours


def feed_environment(
    store: Path | str,
    gateway: str,
    *,
    venues: tuple[str, ...] = VENUES,
    coins: tuple[str, ...] = ("BTC", "ETH"),
    days: int = 1,
) -> dict[str, str]:
    """Return this process' environment with a feed's settings."""
    return {
        **os.environ,
        "LIQBANDS_STORE": str(store),
        "LIQBANDS_FEED_GATEWAY": gateway,
        "LIQBANDS_FEED_DAYS": str(days),
        "LIQBANDS_VENUES": ",".join(venues),
        "LIQBANDS_SYMBOLS": ",".join(coins),
        "PYTHONPATH": os.pathsep.join([str(_ROOT), *(str(_ROOT / name) for name in _PATHS)]),
    }


def wait_for(condition: Callable[[], object], what: str, seconds: float = WAIT_SECONDS) -> None:
    """Return as soon as something is so."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"in vain for {seconds:.0f} seconds: {what}"
        time.sleep(0.05)
