"""Which of a venue's markets are meant by the coins that people name."""

import math
from collections.abc import Sequence
from typing import Any

from liqbands.instrument import ContractKind, Instrument
from liqbands_server.feeds.records import FeedMarket
from liqbands_server.feeds.venues.border import Exchange


def listed_perpetuals(
    exchange: Exchange,
    feed: str,
    venue: str,
    coins: Sequence[str],
    settled_in: str = "USDT",
) -> list[FeedMarket]:
    """Return the perpetuals that are meant.

    Parameters
    ----------
    exchange : Exchange
        With loaded markets.
    feed, venue : str
        Keys of the feed and of the margin rules.
    coins : sequence of str
        ``"BTC"`` for the perpetuals in the venue's usual currency or in the coin itself; any other
        one by its unified symbol, e.g. ``"BTC/USDC:USDC"``.
    settled_in : str
        That currency.

    Returns
    -------
    list of FeedMarket
        In the order of the coins, linear first; none for a coin that is not listed, or no more.
    """
    perpetuals = [market for market in exchange.markets.values() if _is_open_perpetual(market)]
    perpetuals.sort(key=lambda market: (_is_inverse(market), market["symbol"]))
    return [
        _feed_market(market, feed, venue)
        for coin in dict.fromkeys(coins)
        for market in perpetuals
        if _is_meant(market, coin, settled_in)
    ]


def _is_open_perpetual(market: dict[str, Any]) -> bool:
    size = market.get("contractSize")
    has_size = isinstance(size, int | float) and math.isfinite(size) and size > 0
    return market.get("swap") is True and market.get("active") is not False and has_size


def _is_meant(market: dict[str, Any], wanted: str, settled_in: str) -> bool:
    if "/" in wanted:
        return bool(market["symbol"] == wanted)
    return bool(market["base"] == wanted and market["settle"] in (settled_in, market["base"]))


def _is_inverse(market: dict[str, Any]) -> bool:
    return bool(market["settle"] == market["base"])


def _feed_market(market: dict[str, Any], feed: str, venue: str) -> FeedMarket:
    kind = ContractKind.INVERSE if _is_inverse(market) else ContractKind.LINEAR
    tick = market["precision"]["price"]
    instrument = Instrument(
        venue=venue,
        symbol=market["symbol"],
        contract_kind=kind,
        tick_size=tick if isinstance(tick, int | float) and tick > 0 else None,
    )
    return FeedMarket(feed, market["symbol"], market["id"], market["contractSize"], instrument)
