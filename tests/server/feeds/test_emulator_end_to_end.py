"""Venues to chart: a recorded crash through ccxt, feed, store and server, once with trouble.

Two worlds play the same minutes of 5 August 2024 at the same time.  In one of them Bybit answers
with nonsense but loses nothing, and Binance and OKX break off.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
import requests
from tests.emulator.product import Choice, Product, StreamClient, product_of
from tests.emulator.running import Emulator, emulating
from tests.server.feeds.comparison import faults_of, ticker

from liqbands.timeframes import HOUR_MS, MINUTE_MS
from liqbands_server.api.heatmap_binary import HEADER
from liqbands_server.store.opening import open_store

START: Final = "2024-08-05T01:30:30+00:00"
START_MS: Final = 1_722_821_400_000
PLAYED_MINUTES: Final = 5
SPEED: Final = 30
VENUES: Final = ("binance", "bybit", "okx")
PATIENCE_SECONDS: Final = 60.0
TROUBLE: Final[tuple[tuple[float, str, str, dict[str, Any]], ...]] = (
    (1.0, "bybit", "429", {"retry_after": 1}),
    (1.0, "bybit", "duplicates", {}),
    (1.0, "binance", "nan", {"on": "ws"}),
    (2.0, "okx", "maintenance", {}),
    (2.5, "bybit", "out_of_order", {}),
    (3.0, "bybit", "html", {}),
    (3.5, "binance", "reset_mid_frame", {}),
    (4.0, "bybit", "strings", {"on": "rest"}),
    (4.5, "okx", "500", {}),
    (5.0, "binance", "truncated_json", {"on": "ws"}),
)
"""When, where and what; each for a second, which is half a minute there."""


@dataclass(frozen=True)
class Run:
    """One of the two worlds."""

    emulator: Emulator
    product: Product

    def heatmap(self, symbol: str) -> tuple[tuple[Any, ...], bytes]:
        """Return the binary heatmap of the hour and the crash: its shape and its numbers."""
        until_ms = START_MS + PLAYED_MINUTES * MINUTE_MS
        query = {"symbol": symbol, "timeframe": "1m", "format": "binary", "to": str(until_ms)}
        query["from"] = str(until_ms - HOUR_MS)
        url = f"http://127.0.0.1:{self.product.port}/api/v1/heatmap"
        body = requests.get(url, query, timeout=PATIENCE_SECONDS).content
        fields = HEADER.unpack_from(body)
        shape = (*fields[3:8], *fields[9:13])  # all but when it was asked, and how old it is
        return shape, body[HEADER.size : len(body) - fields[-1]]

    def is_loaded(self) -> bool:
        """Return whether every market has its history."""
        return self._last_closes() == [START_MS] * len(VENUES)

    def is_played(self) -> bool:
        """Return whether every market has all minutes that were to be played."""
        closes = self._last_closes()
        return bool(closes) and min(closes) >= START_MS + PLAYED_MINUTES * MINUTE_MS

    def _last_closes(self) -> list[int]:
        rows = (self.product.answer("/api/v1/symbols") or {"symbols": []})["symbols"]
        return [row["venues"][0]["last_close"] for row in rows if not row["aggregate"]]


@dataclass(frozen=True)
class Runs:
    """Both worlds at their end, and what a client of the quiet one was told meanwhile."""

    quiet: Run
    troubled: Run
    client: StreamClient


@pytest.fixture(scope="module")
def runs(market_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Return both worlds after the crash has been played."""
    with ExitStack() as stack:
        quiet, troubled = (
            _started(stack, market_folder, tmp_path_factory.mktemp(name))
            for name in ("quiet", "troubled")
        )
        for run in (quiet, troubled):
            run.product.until(run.is_loaded, "history is loaded")
        path = f"/api/v1/stream?symbol={ticker('bybit', 'BTC')}&timeframe=1m"
        client = StreamClient(quiet.product.port, path)
        for run in (quiet, troubled):
            run.emulator.order("speed", speed=SPEED)
        _trouble(troubled.emulator)
        for run in (quiet, troubled):
            run.product.until(run.is_played, "the crash is played")
        yield Runs(quiet, troubled, client)
        client.hang_up()


def _started(stack: ExitStack, market_folder: Path, folder: Path) -> Run:
    recorded = market_folder / "binance_1h_2024_liquidations"
    world = emulating(recorded=recorded, start=START, symbols="BTC", speed=0)
    emulator = stack.enter_context(world)
    choice = Choice(
        symbols="BTC", feed_days=1, workers=1, feed_module="tests.server.feeds.quick_feed"
    )
    product = stack.enter_context(product_of(emulator, folder, choice))
    product.start_feed()
    product.start_server()
    return Run(emulator, product)


def _trouble(emulator: Emulator) -> None:
    began = time.monotonic()
    for second, venue, fault, options in TROUBLE:
        time.sleep(max(0.0, began + second - time.monotonic()))
        emulator.order("faults", venue=venue, fault=fault, for_s=1.0, **options)


@pytest.mark.parametrize("venue", VENUES)
def test_the_store_says_nothing_untrue(runs: Runs, venue: str) -> None:
    for run in (runs.quiet, runs.troubled):
        store = open_store(str(run.product.store))
        assert faults_of(store, run.emulator, venue, "BTC") == []
        store.close()


@pytest.mark.parametrize("venue", VENUES)
def test_a_udf_client_reads_the_true_candles(runs: Runs, venue: str) -> None:
    until_ms = START_MS + PLAYED_MINUTES * MINUTE_MS
    from_s, to_s = (until_ms - HOUR_MS) // 1000, until_ms // 1000
    for run in (runs.quiet, runs.troubled):
        truth = run.emulator.truth(venue, "BTC", since=until_ms - HOUR_MS, until=until_ms)
        asked = {"symbol": ticker(venue, "BTC"), "resolution": "1"}
        found = run.product.answer("/udf/history", **asked, **{"from": from_s, "to": to_s})
        for key, name in (("o", "open"), ("h", "high"), ("l", "low"), ("c", "close")):
            assert found[key][:60] == [bar[name] for bar in truth["candles"]]


def test_where_nothing_was_lost_the_heatmap_is_the_same(runs: Runs) -> None:
    symbol = ticker("bybit", "BTC")
    assert runs.troubled.heatmap(symbol) == runs.quiet.heatmap(symbol)


@pytest.mark.parametrize("venue", ["binance", "okx"])
def test_where_something_was_lost_the_heatmap_is_nearly_the_same(runs: Runs, venue: str) -> None:
    answers = [_notional(run, ticker(venue, "BTC")) for run in (runs.quiet, runs.troubled)]
    quiet, troubled = answers
    assert quiet.shape == troubled.shape
    assert np.abs(quiet - troubled).sum() < 0.03 * quiet.sum()


def _notional(run: Run, symbol: str) -> Any:
    until_ms = START_MS + PLAYED_MINUTES * MINUTE_MS
    window = {"from": until_ms - HOUR_MS, "to": until_ms}
    found = run.product.answer("/api/v1/heatmap", symbol=symbol, timeframe="1m", **window)
    cells = np.zeros((len(found["cells"]), found["rows"]["count"]))
    for column, sides in zip(cells, found["cells"], strict=True):
        for first, values in sides:
            column[first : first + len(values)] += values
    return cells


def test_the_heatmap_moves_while_the_crash_is_played(runs: Runs) -> None:
    columns = [one for _, one in runs.client.named("column") if one.get("live")]
    assert len({column["q"] for column in columns}) > PLAYED_MINUTES
    assert len({column["t"] for column in columns}) >= PLAYED_MINUTES


def test_liquidations_of_the_crash_are_told(runs: Runs) -> None:
    told = [event for _, batch in runs.client.named("liquidations") for event in batch["events"]]
    truth = runs.quiet.emulator.truth("bybit", "BTC")["liquidations"]
    happened = {(event["time_ms"], "long" if event["side"] == 1 else "short") for event in truth}
    assert {(event["time"], event["side"]) for event in told} <= happened
    assert len(told) > PLAYED_MINUTES
