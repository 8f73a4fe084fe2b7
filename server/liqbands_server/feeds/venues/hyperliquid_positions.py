"""Open positions of an account of Hyperliquid, which anybody may ask for."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import FeedMarket, HeldPosition
from liqbands_server.feeds.venues.numbers import any_number, positive
from liqbands_server.feeds.venues.shapes import as_object, objects, word


def read_positions(answer: object, markets: Mapping[str, FeedMarket]) -> list[HeldPosition]:
    """Return the positions of an answer to ``{"type": "clearinghouseState", "user": "0x…"}``.

    ``{"assetPositions": [{"type": "oneWay", "position": {"coin": "ETH", "szi": "-0.0335" short,
    "entryPx": "2986.3", "leverage": {"type": "isolated", "value": 20, "rawUsd": "…"},
    "liquidationPx": "2866.26936529" or null, "positionValue": "100.02765", "marginUsed", …}}, …],
    "marginSummary": …, "time": 1708622398623}``

    Parameters
    ----------
    answer : object
        As JSON was decoded.
    markets : mapping
        By coin; positions in others are left out.

    Returns
    -------
    list of HeldPosition
        A liquidation price is NaN where the margin covers every price.

    Raises
    ------
    WireError
        If it cannot be true.
    """
    rows = objects(as_object(answer, "answer"), "assetPositions")
    return list(_positions(rows, markets))


def _positions(
    rows: list[Mapping[str, Any]], markets: Mapping[str, FeedMarket]
) -> Iterator[HeldPosition]:
    told: set[str] = set()
    for row in rows:
        position = as_object(row.get("position"), "position")
        coin, size = word(position, "coin"), any_number(position, "szi")
        market = markets.get(coin)
        if market is None or size == 0:
            continue
        if coin in told:
            raise WireError(f"coin must stand once among positions, was there twice: {coin}")
        told.add(coin)
        yield HeldPosition(
            market=market,
            side=1 if size > 0 else -1,
            quantity=abs(size) * market.unit,
            entry_price=positive(position, "entryPx"),
            leverage=positive(as_object(position.get("leverage"), "leverage"), "value"),
            liquidation_price=_liquidation_price(position),
        )


def _liquidation_price(position: Mapping[str, Any]) -> float:
    if position.get("liquidationPx") in (None, ""):
        return math.nan
    price = any_number(position, "liquidationPx")
    return price if price > 0 else math.nan
