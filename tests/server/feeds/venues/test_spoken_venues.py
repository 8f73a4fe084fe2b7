"""Frames of venues that are not emulated, from a socket through ccxt.pro to their borders.

The real ccxt.pro dials, subscribes and is shown what the borders leave to it; the venue on this
machine acknowledges as documented and says one frame of each channel.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from tests.server.feeds.venues.test_subscriptions import listed
from tests.server.feeds.venues.wire_markets import BITGET, DYDX, GATE, HYPERLIQUID
from tests.server.feeds.venues.wire_server import WireServer, exchange_at

from liqbands_server.feeds.records import FeedMarket, News
from liqbands_server.feeds.venues.registry import find_border

NOW = 1_739_502_300_000
TEXT, LATER = "2025-02-14T03:05:00.000Z", "2025-02-14T03:06:00.000Z"
_SECONDS = 10.0
Speak = Callable[[Any], Sequence[Any]]


def bitget(told: Any) -> list[Any]:
    row = {"ts": str(NOW), "markPrice": "100", "holdingAmount": "10", "price": "100", "size": "1"}
    rows = {"trade": {**row, "side": "buy", "tradeId": "1"}, "ticker": row}
    rows["candle1m"] = [str(NOW), "100", "102", "99", "101", "5", "500"]  # type: ignore[assignment]
    frames: list[Any] = []
    for about in told["args"]:
        data = {"action": "snapshot", "arg": about, "data": [rows[about["channel"]]]}
        frames += [{"event": "subscribe", "arg": about}, data]
    return frames


def gate(told: Any) -> list[Any]:
    row = {"contract": "BTC_USDT", "mark_price": "100", "price": "100", "create_time_ms": NOW}
    rows = {"trades": {**row, "size": "-5"}, "tickers": row}
    rows["candlesticks"] = {"t": NOW // 1000, "v": 5, "c": "101", "h": "102", "l": "99", "o": "100",
                            "n": "1m_BTC_USDT", "w": True}  # fmt: skip
    about = {"time": NOW // 1000, "time_ms": NOW, "channel": told["channel"]}
    accepted = {**about, "id": told["id"], "event": "subscribe", "result": {"status": "success"}}
    data = rows[told["channel"].partition(".")[2]]
    return [accepted, {**about, "event": "update", "result": [data]}]


def dydx(told: Any) -> list[Any]:
    bar = {"startedAt": TEXT, "low": "99", "high": "102", "open": "100", "close": "101",
           "baseTokenVolume": "5", "usdVolume": "500", "startingOpenInterest": "7"}  # fmt: skip
    trade = {"id": "a", "side": "SELL", "size": "1", "price": "100", "type": "LIQUIDATED"}
    oracle = {"BTC-USD": {"oraclePrice": "100", "effectiveAt": TEXT}}
    contents: dict[str, list[Any]] = {
        "v4_trades": [{"trades": [{**trade, "createdAt": TEXT}]}],
        "v4_candles": [{"candles": [bar]}, {**bar, "startedAt": LATER}],
        "v4_markets": [{"markets": {}}, {"oraclePrices": oracle}],
    }
    about = {"channel": told["channel"], "id": told.get("id"), "connection_id": "c"}
    first, *others = contents[told["channel"]]
    return [
        {"type": "connected", "connection_id": "c", "message_id": 0},
        {**about, "type": "subscribed", "contents": first},
        *({**about, "type": "channel_data", "contents": other} for other in others),
    ]


def hyperliquid(told: Any) -> list[Any]:
    trade = {"coin": "BTC", "side": "A", "px": "100", "sz": "1", "time": NOW}
    bar = {"t": NOW, "s": "BTC", "i": "1m", "o": "100", "c": "101", "h": "102", "l": "99", "v": "5"}
    data: dict[str, Any] = {
        "trades": [{**trade, "tid": 7}],
        "candle": bar,
        "activeAssetCtx": {"coin": "BTC", "ctx": {"markPx": "100", "openInterest": "10"}},
    }
    kind = told["subscription"]["type"]
    return [{"channel": "subscriptionResponse", "data": told},
            {"channel": kind, "data": data[kind]},
            {"channel": "trades", "data": [{**trade, "tid": 8}]},
            {"channel": "activeAssetCtx", "data": data["activeAssetCtx"]}]  # fmt: skip


VENUES = [
    (BITGET, bitget, {"Trade", "BarNews", "MarkPrice", "OpenInterest"}),
    (GATE, gate, {"Trade", "BarNews", "MarkPrice"}),
    (DYDX, dydx, {"Trade", "LiquidationEvent", "BarNews", "MarkPrice", "OpenInterest"}),
    (HYPERLIQUID, hyperliquid, {"Trade", "BarNews", "MarkPrice", "OpenInterest"}),
]
NAMES = [market.feed for market, _, _ in VENUES]


async def heard(market: FeedMarket, speak: Speak, wanted: set[str]) -> tuple[list[News], list[Any]]:
    """Return what a border reads until there is news of each kind, and what ccxt was left."""
    border, news, left = find_border(market.feed), list[News](), list[Any]()
    async with WireServer({}, speak).serving() as port, exchange_at(border, port) as exchange:
        exchange.set_markets([listed(exchange, market)])
        pass_on = exchange.handle_message

        def see(client: Any, frame: Any) -> None:
            ours = border.read(frame, {market.wire_id: market})
            news.extend(ours or ())
            if ours is None:
                left.append(frame)
                pass_on(client, frame)

        exchange.handle_message = see
        tasks = [
            asyncio.ensure_future(one.watch(exchange)) for one in border.subscriptions([market])
        ]
        while not wanted <= {type(one.record).__name__ for one in news}:
            done = [task for task in tasks if task.done()]
            assert not done, [task.exception() for task in done]
            await asyncio.sleep(0.005)
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
    return news, left


@pytest.mark.parametrize(
    ("market", "speak", "wanted"), VENUES, ids=lambda one: getattr(one, "feed", "")
)
def test_every_channel_reaches_the_border_and_acknowledgements_reach_ccxt(
    market: FeedMarket, speak: Speak, wanted: set[str]
) -> None:
    news, left = asyncio.run(asyncio.wait_for(heard(market, speak, wanted), _SECONDS))
    kinds = Counter(type(one.record).__name__ for one in news)
    assert set(kinds) == wanted
    assert {one.market for one in news} == {market}
    assert left
    assert all(not {"data", "contents"} & set(one) or "channel" in one for one in left)
