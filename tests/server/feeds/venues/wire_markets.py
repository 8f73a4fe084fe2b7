"""Markets as the border's tests use them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from liqbands.instrument import ContractKind, Instrument
from liqbands_server.feeds.records import FeedMarket
from liqbands_server.feeds.venues.border import Frame, VenueBorder


def market(feed: str, symbol: str, wire_id: str, unit: float = 1.0) -> FeedMarket:
    """Return a perpetual; one settled in its own coin is inverse."""
    base, settle = symbol.partition("/")[0], symbol.rpartition(":")[2]
    kind = ContractKind.INVERSE if base == settle else ContractKind.LINEAR
    venue = "binance" if feed == "binancecoinm" else feed
    return FeedMarket(feed, symbol, wire_id, unit, Instrument(venue, symbol, kind))


BYBIT = market("bybit", "BTC/USDT:USDT", "BTCUSDT")
BYBIT_INVERSE = market("bybit", "BTC/USD:BTC", "BTCUSD")
OKX = market("okx", "BTC/USDT:USDT", "BTC-USDT-SWAP", 0.01)
OKX_INVERSE = market("okx", "BTC/USD:BTC", "BTC-USD-SWAP", 100.0)
BINANCE = market("binance", "BTC/USDT:USDT", "BTCUSDT")
COIN_BTC = market("binancecoinm", "BTC/USD:BTC", "BTCUSD_PERP", 100.0)
COIN_ETH = market("binancecoinm", "ETH/USD:ETH", "ETHUSD_PERP", 10.0)
BITGET = market("bitget", "BTC/USDT:USDT", "BTCUSDT")
GATE = market("gate", "BTC/USDT:USDT", "BTC_USDT", 0.0001)
GATE_INVERSE = market("gate", "BTC/USD:BTC", "BTC_USD")
DYDX = market("dydx", "BTC/USDC:USDC", "BTC-USD")
HYPERLIQUID = market("hyperliquid", "BTC/USDC:USDC", "BTC")

EVERY = (
    *(BYBIT, BYBIT_INVERSE, OKX, OKX_INVERSE, BINANCE, COIN_BTC, COIN_ETH),
    *(BITGET, GATE, GATE_INVERSE, DYDX, HYPERLIQUID),
)


def markets_of(feed: str) -> Mapping[str, FeedMarket]:
    """Return all of a feed's markets above by wire id."""
    return {found.wire_id: found for found in EVERY if found.feed == feed}


def records(border: VenueBorder, frame: Frame) -> list[Any]:
    """Return what a frame says that the border must not leave to ccxt."""
    news = border.read(frame, markets_of(border.feed))
    assert news is not None, "left to ccxt"
    return [entry.record for entry in news]


class Subscribed:
    """An exchange object that takes every subscription and says nothing."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
        async def watch(*_: Any) -> None:
            return None

        return watch


def subscribe_again(border: VenueBorder, markets: Sequence[FeedMarket]) -> None:
    """Subscribe to bars, as after a lost connection."""
    for subscription in border.subscriptions(markets):
        if "candles" in subscription.streams:
            watching = subscription.watch(Subscribed())
            asyncio.run(asyncio.wait_for(watching, 1.0))
