"""Websockets of Binance USD-M: bare events, one trade and one liquidation per frame."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests.emulator.hub import Frame, Socket
from tests.emulator.market import Beat, Market
from tests.emulator.minutes import MINUTE_MS, Bar
from tests.emulator.queries import wire_levels
from tests.emulator.tape import Liquidation
from tests.emulator.venue import Venue

N_LEVELS: Final = 1_000


def command(socket: Socket, text: str) -> list[str]:
    """Do ``{"method": "SUBSCRIBE", "params": [streams], "id": n}``."""
    asked = json.loads(text)
    topics = [str(topic) for topic in asked.get("params", [])]
    if asked.get("method") == "SUBSCRIBE":
        socket.topics.update(topics)
    elif asked.get("method") == "UNSUBSCRIBE":
        socket.topics.difference_update(topics)
    else:
        return [json.dumps({"error": {"code": 2, "msg": "Invalid request"}, "id": asked.get("id")})]
    return [json.dumps({"result": None, "id": asked.get("id")})]


def frames(venue: Venue, news: Sequence[tuple[Market, Beat]]) -> list[Frame]:
    """Return the frames that somebody may listen to."""
    every: list[Frame] = []
    for market, beat in news:
        every += _trades(venue, market, beat)
        every += _liquidations(venue, market, beat)
        every += _marks(venue, market, beat)
        if beat.bar is not None:
            every += _kline(venue, market, beat.bar)
        if beat.marks:
            every += _depth(venue, market)
    return every


def _trades(venue: Venue, market: Market, beat: Beat) -> Iterator[Frame]:
    name, contract = market.contract.wire_id, market.contract
    wanted = [kind for kind in ("trade", "aggTrade") if venue.hub.has(f"{name.lower()}@{kind}")]
    said = venue.said_ms()
    for kind in wanted:
        number = "t" if kind == "trade" else "a"
        market.sent.extend(beat.trades)
        for trade in beat.trades:
            body = {
                "e": kind,
                "E": said,
                "T": trade.time_ms,
                "s": name,
                number: trade.number,
                "p": contract.price(trade.ticks),
                "q": contract.size(trade.lots),
                "X": "MARKET",
                "m": not trade.is_buy,
            }
            yield Frame(f"{name.lower()}@{kind}", json.dumps(body), [trade])


def _liquidations(venue: Venue, market: Market, beat: Beat) -> Iterator[Frame]:
    for event in beat.liquidations:
        text = json.dumps(_force_order(venue, market, event))
        for topic in (f"{market.contract.wire_id.lower()}@forceOrder", "!forceOrder@arr"):
            yield Frame(topic, text, [event])


def _force_order(venue: Venue, market: Market, event: Liquidation) -> dict[str, Any]:
    contract, size = market.contract, market.contract.size(event.lots)
    order = {
        "s": contract.wire_id,
        "S": "SELL" if event.side == 1 else "BUY",
        "o": "LIMIT",
        "f": "IOC",
        "q": size,
        "p": contract.price(event.bankruptcy_ticks),
        "ap": contract.price(event.ticks),
        "X": "FILLED",
        "l": size,
        "z": size,
        "T": event.time_ms,
    }
    return {"e": "forceOrder", "E": event.time_ms + venue.faults.skew_ms, "o": order}


def _marks(venue: Venue, market: Market, beat: Beat) -> Iterator[Frame]:
    if not beat.marks:
        return
    name = market.contract.wire_id
    for at_ms, ticks in beat.marks:
        body = _mark(venue, market, at_ms, ticks)
        for topic in (f"{name.lower()}@markPrice@1s", f"{name.lower()}@markPrice"):
            yield Frame(topic, json.dumps(body))
        for topic in ("!markPrice@arr@1s", "!markPrice@arr"):
            yield Frame(topic, json.dumps([body]))
    yield Frame(f"{name.lower()}@miniTicker", json.dumps(_mini_ticker(venue, market)))
    yield Frame(f"{name.lower()}@ticker", json.dumps(_mini_ticker(venue, market, "24hrTicker")))


def _mark(venue: Venue, market: Market, at_ms: int, ticks: int) -> dict[str, Any]:
    price = market.contract.price(ticks)
    funding_ms, rate = next_funding(market, at_ms)
    return {
        "e": "markPriceUpdate",
        "E": at_ms + venue.faults.skew_ms,
        "s": market.contract.wire_id,
        "p": price,
        "i": price,
        "P": price,
        "r": f"{rate:.8f}",
        "T": funding_ms,
    }


def depth_topic(venue: Venue, market: Market) -> str | None:
    """Return by which stream the order book is followed, None if by none."""
    start = f"{market.contract.wire_id.lower()}@depth"
    return next((topic for topic in sorted(venue.hub.topics()) if topic.startswith(start)), None)


def _depth(venue: Venue, market: Market) -> Iterator[Frame]:
    """Only what changed: `pu` is the `u` of the frame before."""
    topic, now = depth_topic(venue, market), venue.now_ms()
    if topic is None:
        return
    change = venue.books.known(topic, market, now, N_LEVELS).renew(market, now)
    body = {
        "e": "depthUpdate",
        "E": venue.said_ms(),
        "T": now,
        "s": market.contract.wire_id,
        "U": change.before + 1,
        "u": change.number,
        "pu": change.before,
        "b": wire_levels(market, change.bids.items()),
        "a": wire_levels(market, change.asks.items()),
    }
    yield Frame(topic, json.dumps(body))


def next_funding(market: Market, at_ms: int) -> tuple[int, float]:
    """Return when funding is settled next, and the rate expected then."""
    later = [(time, rate) for time, rate in market.minutes.funding.items() if time > at_ms]
    return min(later, default=(at_ms + 8 * 3_600_000, 0.0))


def _mini_ticker(venue: Venue, market: Market, kind: str = "24hrMiniTicker") -> dict[str, Any]:
    price = market.contract.price(market.last_ticks(venue.now_ms()))
    return {
        "e": kind,
        "E": venue.said_ms(),
        "s": market.contract.wire_id,
        **dict.fromkeys(("c", "o", "h", "l"), price),
        "v": "1000",
        "q": "1000000",
    }


def _kline(venue: Venue, market: Market, bar: Bar) -> Iterator[Frame]:
    name, contract = market.contract.wire_id, market.contract
    kline = {
        "t": bar.open_ms,
        "T": bar.open_ms + MINUTE_MS - 1,
        "s": name,
        "i": "1m",
        "f": 0,
        "L": 1,
        "o": contract.price(bar.open),
        "c": contract.price(bar.close),
        "h": contract.price(bar.high),
        "l": contract.price(bar.low),
        "v": contract.size(bar.volume),
        "n": 100,
        "x": bar.is_closed,
        "q": contract.quote(bar.volume, bar.mean_ticks),
        "V": contract.size(bar.taker_buy),
        "Q": contract.quote(bar.taker_buy, bar.mean_ticks),
        "B": "0",
    }
    body = {"e": "kline", "E": venue.said_ms(), "s": name, "k": kline}
    yield Frame(f"{name.lower()}@kline_1m", json.dumps(body))
