"""Websockets of Bybit v5: topics, snapshots and deltas, liquidations in batches."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.emulator.binance_wire import next_funding
from tests.emulator.hub import Frame, Socket
from tests.emulator.market import Beat, Market
from tests.emulator.minutes import MINUTE_MS, Bar
from tests.emulator.order_books import Levels
from tests.emulator.queries import book_levels, wire_levels
from tests.emulator.venue import Venue


def command(venue: Venue, socket: Socket, text: str) -> list[str]:
    """Do ``{"op": "subscribe", "args": [topics], "req_id": r}``, or answer a ping."""
    asked = json.loads(text)
    said = {"success": True, "ret_msg": "", "conn_id": "emulated", "req_id": asked.get("req_id")}
    if asked.get("op") == "ping":
        return [json.dumps({**said, "ret_msg": "pong", "op": "ping"})]
    topics = [str(topic) for topic in asked.get("args", [])]
    unknown = [t for t in topics if venue.find(t.rsplit(".", 1)[-1]) is None]
    if unknown:
        return [json.dumps({**said, "success": False, "ret_msg": f"Invalid topic: {unknown[0]}",
                            "op": "subscribe"})]  # fmt: skip
    if asked.get("op") == "unsubscribe":
        socket.topics.difference_update(topics)
        return [json.dumps({**said, "op": "unsubscribe"})]
    socket.topics.update(topics)
    return [json.dumps({**said, "op": "subscribe"}), *_snapshots(venue, topics)]


def _snapshots(venue: Venue, topics: Sequence[str]) -> Iterator[str]:
    for topic in topics:
        market = venue.find(topic.rsplit(".", 1)[-1])
        if market is not None and topic.startswith("tickers."):
            yield json.dumps(_framed(venue, topic, ticker(venue, market), "snapshot"))
        if market is not None and topic.startswith("orderbook."):
            yield json.dumps(_framed(venue, topic, _whole_book(venue, market, topic), "snapshot"))


def frames(venue: Venue, news: Sequence[tuple[Market, Beat]]) -> list[Frame]:
    """Return the frames that somebody may listen to."""
    every: list[Frame] = []
    for market, beat in news:
        every += _trades(venue, market, beat)
        every += _liquidations(venue, market, beat)
        every += _tickers(venue, market, beat)
        if beat.bar is not None:
            every += _kline(venue, market, beat.bar)
        if beat.marks:
            every += _books(venue, market)
    return every


def _framed(venue: Venue, topic: str, data: Any, kind: str) -> dict[str, Any]:
    return {"topic": topic, "type": kind, "ts": venue.said_ms(), "data": data}


def _trades(venue: Venue, market: Market, beat: Beat) -> Iterator[Frame]:
    contract, topic = market.contract, f"publicTrade.{market.contract.wire_id}"
    if not beat.trades or not venue.hub.has(topic):
        return
    data = [
        {
            "T": trade.time_ms,
            "s": contract.wire_id,
            "S": "Buy" if trade.is_buy else "Sell",
            "v": contract.size(trade.lots),
            "p": contract.price(trade.ticks),
            "L": "PlusTick",
            "i": f"{trade.number:032x}",
            "BT": False,
        }
        for trade in beat.trades
    ]
    market.sent.extend(beat.trades)
    yield Frame(topic, json.dumps(_framed(venue, topic, data, "snapshot")), beat.trades)


def _liquidations(venue: Venue, market: Market, beat: Beat) -> Iterator[Frame]:
    """All of the beat in one frame; `S` is the side of the position: Buy is a long."""
    if not beat.liquidations:
        return
    contract, topic = market.contract, f"allLiquidation.{market.contract.wire_id}"
    data = [
        {
            "T": event.time_ms,
            "s": contract.wire_id,
            "S": "Buy" if event.side == 1 else "Sell",
            "v": contract.size(event.lots),
            "p": contract.price(event.bankruptcy_ticks),
        }
        for event in beat.liquidations
    ]
    yield Frame(topic, json.dumps(_framed(venue, topic, data, "snapshot")), beat.liquidations)


def _tickers(venue: Venue, market: Market, beat: Beat) -> Iterator[Frame]:
    topic = f"tickers.{market.contract.wire_id}"
    for at_ms, ticks in beat.marks:
        lots = market.open_interest(at_ms)
        delta = {
            "symbol": market.contract.wire_id,
            "markPrice": market.contract.price(ticks),
            "indexPrice": market.contract.price(ticks),
            "openInterest": market.contract.size(2 * lots),
            "openInterestValue": market.contract.quote(2 * lots, ticks),
        }
        body = {**_framed(venue, topic, delta, "delta"), "ts": at_ms + venue.faults.skew_ms}
        yield Frame(topic, json.dumps({**body, "cs": at_ms}))


def ticker(venue: Venue, market: Market) -> dict[str, Any]:
    """Return the whole ticker; open interest counts both sides."""
    now, contract = venue.now_ms(), market.contract
    lots, mark = market.open_interest(now), market.mark_ticks(now)
    last = contract.price(market.last_ticks(now))
    funding_ms, rate = next_funding(market, now)
    names = ("lastPrice", "prevPrice24h", "highPrice24h", "lowPrice24h", "prevPrice1h")
    return {
        "symbol": contract.wire_id,
        "tickDirection": "PlusTick",
        "price24hPcnt": "0.01",
        **dict.fromkeys((*names, "bid1Price", "ask1Price"), last),
        "markPrice": contract.price(mark),
        "indexPrice": contract.price(mark),
        "openInterest": contract.size(2 * lots),
        "openInterestValue": contract.quote(2 * lots, mark),
        "turnover24h": "1000000",
        "volume24h": "1000",
        "nextFundingTime": str(funding_ms),
        "fundingRate": f"{rate:.8f}",
        "bid1Size": "1",
        "ask1Size": "1",
        "fundingIntervalHour": "8",
    }


def book(venue: Venue, market: Market, limit: int) -> dict[str, Any]:
    """Return the order book."""
    now = venue.now_ms()
    bids, asks = book_levels(market, now, limit)
    return {
        "s": market.contract.wire_id,
        "b": wire_levels(market, bids),
        "a": wire_levels(market, asks),
        "ts": venue.said_ms(),
        "u": now,
        "seq": now,
        "cts": now,
    }


def _whole_book(venue: Venue, market: Market, topic: str) -> dict[str, Any]:
    levels = int(topic.split(".")[1])
    state = venue.books.known(topic, market, venue.now_ms(), levels)
    return _book_data(market, state.number, state.bids, state.asks)


def _books(venue: Venue, market: Market) -> Iterator[Frame]:
    """What changed in each book that somebody follows; size 0 where a level is gone."""
    end = f".{market.contract.wire_id}"
    for topic in venue.hub.topics():
        if topic.startswith("orderbook.") and topic.endswith(end):
            now = venue.now_ms()
            state = venue.books.known(topic, market, now, int(topic.split(".")[1]))
            change = state.renew(market, now)
            data = _book_data(market, change.number, change.bids, change.asks)
            yield Frame(topic, json.dumps(_framed(venue, topic, data, "delta")))


def _book_data(market: Market, number: int, bids: Levels, asks: Levels) -> dict[str, Any]:
    sides = {"b": wire_levels(market, bids.items()), "a": wire_levels(market, asks.items())}
    return {"s": market.contract.wire_id, **sides, "u": number, "seq": number}


def _kline(venue: Venue, market: Market, bar: Bar) -> Iterator[Frame]:
    contract, topic = market.contract, f"kline.1.{market.contract.wire_id}"
    row = {
        "start": bar.open_ms,
        "end": bar.open_ms + MINUTE_MS - 1,
        "interval": "1",
        "open": contract.price(bar.open),
        "close": contract.price(bar.close),
        "high": contract.price(bar.high),
        "low": contract.price(bar.low),
        "volume": contract.size(bar.volume),
        "turnover": contract.quote(bar.volume, bar.mean_ticks),
        "confirm": bar.is_closed,
        "timestamp": venue.said_ms(),
    }
    yield Frame(topic, json.dumps(_framed(venue, topic, [row], "snapshot")))
