"""The real ccxt.pro, unmodified, works against the emulator and reads there what is true."""

import asyncio
import importlib
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from tests.emulator.minutes import MINUTE_MS
from tests.emulator.running import Emulator, emulating

SYMBOL = "BTC/USDT:USDT"
VENUES = {
    "binance": ("binanceusdm", {}),
    "bybit": ("bybit", {"fetchMarkets": {"types": ["linear"]}}),
    "okx": ("okx", {"fetchMarkets": {"types": ["swap"]}}),
}
Use = Callable[[Any], Awaitable[Any]]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """Return an emulator in which a second is a minute."""
    with emulating(speed=60, symbols="BTC,ETH", history_days=3, days=2) as running:
        yield running


@pytest.fixture(params=VENUES)
def venue(request: pytest.FixtureRequest) -> str:
    """Return each venue in turn."""
    return str(request.param)


def _led_astray(node: Any, port: int) -> Any:
    """Return addresses with ours in front and their own host as first part of the path."""
    if isinstance(node, dict):
        return {key: _led_astray(value, port) for key, value in node.items()}
    if isinstance(node, str):
        ours = rf"\1://127.0.0.1:{port}/\2"
        return re.sub(r"^(http|ws)s?://([^/:]+)(:\d+)?", ours, node)
    return node


def _ask(emulator: Emulator, venue: str, use: Use) -> Any:
    name, options = VENUES[venue]

    async def run() -> Any:
        settings = {"enableRateLimit": False, "timeout": 5000, "options": options}
        exchange = getattr(importlib.import_module("ccxt.pro"), name)(settings)
        exchange.urls["api"] = _led_astray(exchange.urls["api"], emulator.port)
        try:
            async with asyncio.timeout(15):
                await exchange.load_markets()
                return await use(exchange)
        finally:
            await exchange.close()

    return asyncio.run(run())


def _closed_minutes(emulator: Emulator, venue: str, count: int) -> list[dict[str, float]]:
    start = int(emulator.ask("clock")["start_ms"]) // MINUTE_MS * MINUTE_MS
    limits = {"since": start - count * MINUTE_MS, "until": start}
    return list(emulator.truth(venue, "BTC", **limits)["candles"])


def test_candles_are_the_true_ones(emulator: Emulator, venue: str) -> None:
    truth = _closed_minutes(emulator, venue, 90)
    since = int(truth[0]["open_time_ms"])
    rows = _ask(emulator, venue, lambda x: x.fetch_ohlcv(SYMBOL, "1m", since, 90))
    names = ("open_time_ms", "open", "high", "low", "close", "volume")
    assert rows == [pytest.approx([bar[name] for name in names], rel=1e-12) for bar in truth]


def test_mark_candles_are_the_true_ones(emulator: Emulator, venue: str) -> None:
    truth = _closed_minutes(emulator, venue, 50)
    since = int(truth[0]["open_time_ms"])
    rows = _ask(emulator, venue, lambda x: x.fetch_mark_ohlcv(SYMBOL, "1m", since, 50))
    names = ("mark_high", "mark_low", "mark_close")
    assert [row[2:5] for row in rows] == [[bar[name] for name in names] for bar in truth]


def test_open_interest_is_on_both_sides_at_bybit_alone(emulator: Emulator, venue: str) -> None:
    truth = {bar["open_time_ms"] + MINUTE_MS: bar for bar in _closed_minutes(emulator, venue, 60)}
    since = int(min(truth))
    rows = _ask(emulator, venue, lambda x: x.fetch_open_interest_history(SYMBOL, "5m", since, 8))
    column = "baseVolume" if venue == "okx" else "openInterestAmount"
    sides = 2 if venue == "bybit" else 1
    assert len(rows) == 8
    for row in rows:
        assert row[column] == pytest.approx(sides * truth[row["timestamp"]]["open_interest"])


def test_funding_is_the_true_one(emulator: Emulator, venue: str) -> None:
    since = int(emulator.ask("clock")["start_ms"]) - 2 * 1440 * MINUTE_MS
    truth = emulator.truth(venue, "BTC", since=since)["funding"]
    rows = _ask(emulator, venue, lambda x: x.fetch_funding_rate_history(SYMBOL, since, 6))
    found = [(row["timestamp"], row["fundingRate"]) for row in rows]
    assert found == [(row["time_ms"], row["rate"]) for row in truth][: len(found)]
    assert len(found) >= 5


async def _streams(exchange: Any) -> list[Any]:
    """Return the first news of each stream."""
    symbols = [SYMBOL, "ETH/USDT:USDT"]
    if exchange.id == "bybit":
        others = [exchange.watch_tickers(symbols), exchange.watch_liquidations(SYMBOL)]
    else:
        marks = exchange.watch_mark_prices(symbols)
        others = [marks, exchange.watch_liquidations_for_symbols(symbols)]
    candles = exchange.watch_ohlcv_for_symbols([[symbol, "1m"] for symbol in symbols])
    trades = exchange.watch_trades_for_symbols(symbols)
    return list(await asyncio.gather(trades, candles, exchange.watch_order_book(SYMBOL), *others))


def test_every_stream_talks(emulator: Emulator, venue: str) -> None:
    emulator.order("burst", venue=venue, symbol="BTC", liquidations=200, per_s=20)
    trades, candles, book, marks, liquidations = _ask(emulator, venue, _streams)
    assert trades[0]["price"] > 0
    assert candles
    assert book["bids"][0][0] < book["asks"][0][0]
    assert all(mark["markPrice"] > 0 for mark in marks.values())
    assert liquidations[0]["contracts"] > 0


def test_binance_keeps_its_tiers_for_those_with_a_key(emulator: Emulator) -> None:
    async def tiers(exchange: Any) -> Any:
        exchange.apiKey, exchange.secret = "key", "secret"
        return await exchange.fetch_leverage_tiers([SYMBOL])

    assert _ask(emulator, "binance", tiers)[SYMBOL][1]["info"]["cum"] == 1800


@pytest.mark.parametrize("with_tiers", ["bybit", "okx"])
def test_tiers_are_public_elsewhere(emulator: Emulator, with_tiers: str) -> None:
    rows = _ask(emulator, with_tiers, lambda x: x.fetch_market_leverage_tiers(SYMBOL))
    assert [row["maxLeverage"] for row in rows] == [100.0, 50.0]


@pytest.mark.usefixtures("market_folder")
@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("binancecoinm", "BTC/USD:BTC"),
        ("gate", "BTC/USDT:USDT"),
        ("dydx", "BTC/USDC:USDC"),
        ("hyperliquid", "BTC/USDC:USDC"),
    ],
)
def test_other_venues_list_what_was_recorded(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, name: str, symbol: str
) -> None:
    options = {"fetchMarkets": {"types": ["swap"]}} if name in ("gate", "hyperliquid") else {}
    monkeypatch.setitem(VENUES, name, (name, options))

    async def listed(exchange: Any) -> Any:
        return exchange.markets

    assert symbol in _ask(emulator, name, listed)
