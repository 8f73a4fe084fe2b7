"""What ccxt.pro sends for each subscription of a border."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import (
    BINANCE,
    BITGET,
    BYBIT,
    BYBIT_INVERSE,
    COIN_BTC,
    COIN_ETH,
    DYDX,
    GATE,
    GATE_INVERSE,
    HYPERLIQUID,
    OKX,
    OKX_INVERSE,
    market,
)
from tests.server.feeds.venues.wire_server import WireServer, exchange_at

from liqbands_server.feeds.records import FeedMarket
from liqbands_server.feeds.venues.border import Exchange, Subscription
from liqbands_server.feeds.venues.registry import FEEDS, find_border

BYBIT_ETH = market("bybit", "ETH/USDT:USDT", "ETHUSDT")
_SECONDS = 10.0


def told(feed: str, *markets: FeedMarket) -> list[tuple[str, Any]]:
    """Return what a venue is told, by the socket's path."""
    border = find_border(feed)
    subscriptions = border.subscriptions(markets)

    async def run() -> list[tuple[str, Any]]:
        server = WireServer({})
        async with server.serving() as port, exchange_at(border, port) as exchange:
            exchange.set_markets([listed(exchange, one) for one in markets])
            await asyncio.wait_for(heard(exchange, subscriptions, server), _SECONDS)
        return server.told

    return asyncio.run(run())


def listed(exchange: Exchange, one: FeedMarket) -> dict[str, Any]:
    base, quote = one.symbol.partition(":")[0].split("/")
    settle = one.symbol.rpartition(":")[2]
    linear = settle != base
    ids = {"id": one.wire_id, "lowercaseId": one.wire_id.lower(), "symbol": one.symbol}
    ids["baseName"] = base
    coins = {"base": base, "quote": quote, "settle": settle, "baseId": base, "quoteId": quote}
    kinds = {"linear": linear, "inverse": not linear, "subType": "linear" if linear else "inverse"}
    swap = {"type": "swap", "swap": True, "contract": True, "spot": False, "option": False}
    return {**exchange.safe_market_structure(), **ids, **coins, **kinds, **swap}


async def heard(exchange: Exchange, subscriptions: list[Subscription], server: WireServer) -> None:
    """Wait until the venue has been told once for each subscription."""
    tasks = [asyncio.ensure_future(one.watch(exchange)) for one in subscriptions]
    while len(server.told) < len(subscriptions):
        done = [task for task in tasks if task.done()]
        assert not done, [task.exception() for task in done]
        await asyncio.sleep(0.005)
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)


def topics(messages: list[tuple[str, Any]], key: str) -> Iterator[tuple[str, Any]]:
    for path, message in messages:
        yield path, message[key]


def test_binance_is_asked_for_four_streams_of_every_market() -> None:
    messages = told("binance", BINANCE, market("binance", "ETH/USDT:USDT", "ETHUSDT"))
    streams = [params for _, params in topics(messages, "params")]
    kinds = ("aggTrade", "kline_1m", "markPrice@1s", "forceOrder")
    expected = [[f"btcusdt@{kind}", f"ethusdt@{kind}"] for kind in kinds]
    assert sorted(streams) == sorted(expected)
    assert {path.rpartition("/")[0] for path, _ in messages} == {"/market/ws"}


def test_coin_margined_contracts_have_a_host_of_their_own() -> None:
    messages = told("binancecoinm", COIN_BTC, COIN_ETH)
    streams = [params for _, params in topics(messages, "params")]
    kinds = ("aggTrade", "kline_1m", "markPrice@1s", "forceOrder")
    expected = [[f"btcusd_perp@{kind}", f"ethusd_perp@{kind}"] for kind in kinds]
    assert sorted(streams) == sorted(expected)
    assert {path.rpartition("/")[0] for path, _ in messages} == {"/ws"}


def test_bybit_s_linear_and_inverse_contracts_are_asked_for_on_sockets_of_their_own() -> None:
    messages = told("bybit", BYBIT, BYBIT_INVERSE, BYBIT_ETH)
    asked = sorted((path, topic) for path, args in topics(messages, "args") for topic in args)
    kinds = ("publicTrade", "kline.1", "tickers", "allLiquidation")
    linear = [f"{kind}.{name}" for kind in kinds for name in ("BTCUSDT", "ETHUSDT")]
    expected = [("/v5/public/linear", topic) for topic in linear]
    expected += [("/v5/public/inverse", f"{kind}.BTCUSD") for kind in kinds]
    assert asked == sorted(expected)


def test_okx_is_asked_for_liquidations_of_all_swaps_at_once() -> None:
    messages = told("okx", OKX, OKX_INVERSE)
    asked = [(path, arg) for path, args in topics(messages, "args") for arg in args]
    of_all = [entry for entry in asked if "instId" not in entry[1]]
    assert of_all == [
        ("/ws/v5/public", {"channel": "liquidation-orders", "instType": "SWAP"}),
    ]  # fmt: skip
    by_channel = {(path, arg["channel"]) for path, arg in asked if "instId" in arg}
    public = {("/ws/v5/public", name) for name in ("trades", "mark-price", "open-interest")}
    assert by_channel == public | {("/ws/v5/business", "candle1m")}
    assert {arg["instId"] for _, arg in asked if "instId" in arg} == {
        OKX.wire_id,
        OKX_INVERSE.wire_id,
    }


def test_bitget_is_asked_by_currency_for_trades_and_tickers_and_by_market_for_bars() -> None:
    dollars = market("bitget", "BTC/USDC:USDC", "BTCPERP")
    messages = told("bitget", BITGET, dollars)
    assert {path for path, _ in messages} == {"/v2/ws/public"}
    asked = [
        (arg["channel"], arg["instType"], arg["instId"])
        for _, args in topics(messages, "args")
        for arg in args
    ]
    kinds = ("candle1m", "ticker", "trade")
    names = {"USDC-FUTURES": "BTCPERP", "USDT-FUTURES": "BTCUSDT"}
    assert sorted(asked) == [(kind, *pair) for kind in kinds for pair in names.items()]


def test_gate_s_linear_and_inverse_contracts_have_sockets_of_their_own() -> None:
    messages = told("gate", GATE, GATE_INVERSE)
    asked = sorted((path, m["channel"], m["payload"]) for path, m in messages)
    expected = []
    for path, name in (("/v4/ws/btc", "BTC_USD"), ("/v4/ws/usdt", "BTC_USDT")):
        expected += [
            (path, "futures.candlesticks", ["1m", name]),
            (path, "futures.tickers", [name]),
            (path, "futures.trades", [name]),
        ]
    assert asked == expected


def test_dydx_is_asked_for_the_oracle_s_prices_of_all_markets_at_once() -> None:
    messages = told("dydx", DYDX, market("dydx", "ETH/USDC:USDC", "ETH-USD"))
    assert {path for path, _ in messages} == {"/v4/ws"}
    asked = sorted((m["channel"], m.get("id")) for _, m in messages)
    assert asked == [
        ("v4_candles", "BTC-USD/1MIN"), ("v4_candles", "ETH-USD/1MIN"), ("v4_markets", None),
        ("v4_trades", "BTC-USD"), ("v4_trades", "ETH-USD"),
    ]  # fmt: skip


def test_hyperliquid_is_asked_by_coin() -> None:
    messages = told("hyperliquid", HYPERLIQUID)
    asked = [asked for _, asked in topics(messages, "subscription")]
    assert sorted(asked, key=str) == [
        {"type": "activeAssetCtx", "coin": "BTC"},
        {"type": "candle", "coin": "BTC", "interval": "1m"},
        {"type": "trades", "coin": "BTC"},
    ]


def test_trades_of_dydx_may_be_silent_because_bars_are_not() -> None:
    subscriptions = find_border("dydx").subscriptions([DYDX])
    silent = {one.streams for one in subscriptions if one.silent_ms == 0}
    assert silent == {("trades", "liquidations")}


@pytest.mark.parametrize("feed", ["bitget", "gate", "hyperliquid"])
def test_venues_without_a_channel_of_liquidations_have_none_that_is_silent(feed: str) -> None:
    ours = [one for one in (BITGET, GATE, HYPERLIQUID) if one.feed == feed]
    subscriptions = find_border(feed).subscriptions(ours)
    assert all(one.silent_ms > 0 for one in subscriptions)
    assert all("liquidations" not in one.streams for one in subscriptions)


@pytest.mark.parametrize("feed", ["binance", "bybit", "okx"])
def test_liquidations_alone_may_be_silent(feed: str) -> None:
    ours = [one for one in (BINANCE, BYBIT, OKX) if one.feed == feed]
    subscriptions = find_border(feed).subscriptions(ours)
    assert {one.streams for one in subscriptions if one.silent_ms == 0} == {("liquidations",)}
    assert all(one.markets == tuple(ours) for one in subscriptions)


@pytest.mark.parametrize("feed", FEEDS)
def test_nothing_is_subscribed_to_without_markets(feed: str) -> None:
    assert find_border(feed).subscriptions([]) == []
