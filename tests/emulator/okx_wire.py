"""Websockets of OKX v5: channels, sizes in contracts, several liquidations in a message."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.emulator.binance_wire import next_funding
from tests.emulator.hub import Frame, Socket
from tests.emulator.market import Beat, Market
from tests.emulator.minutes import Bar
from tests.emulator.order_books import Change
from tests.emulator.tape import Liquidation
from tests.emulator.venue import Venue

_N_LEVELS = 400
_LIQUIDATIONS = "liquidation-orders:SWAP"


def command(venue: Venue, socket: Socket, text: str) -> list[str]:
    """Do ``{"op": "subscribe", "args": [{"channel", "instId"}]}``; ``ping`` is a bare text."""
    if text == "ping":
        return ["pong"]
    asked = json.loads(text)
    answers = []
    for arg in asked.get("args", []):
        answers += _do(venue, socket, asked.get("op"), arg)
    return answers


def _do(venue: Venue, socket: Socket, what: str, arg: Mapping[str, str]) -> list[str]:
    topic = f"{arg['channel']}:{arg.get('instId') or arg.get('instType')}"
    if "instId" in arg and venue.find(arg["instId"]) is None:
        message = f"Wrong URL or channel:{arg['channel']},instId:{arg['instId']} doesn't exist."
        body = {"event": "error", "code": "60018", "msg": message, "connId": "emulated"}
        return [json.dumps(body)]
    if what == "unsubscribe":
        socket.topics.discard(topic)
    else:
        socket.topics.add(topic)
    answers = [json.dumps({"event": what, "arg": dict(arg), "connId": "emulated"})]
    market = venue.find(arg.get("instId", ""))
    if arg["channel"] == "books" and what == "subscribe" and market is not None:
        state = venue.books.known(topic, market, venue.now_ms(), _N_LEVELS)
        told = Change(-1, state.number, state.bids, state.asks)
        answers.append(_books_text(venue, market, told, "snapshot"))
    return answers


def frames(venue: Venue, news: Sequence[tuple[Market, Beat]]) -> list[Frame]:
    """Return the frames that somebody may listen to."""
    every = list(_liquidations(news))
    for market, beat in news:
        every += _trades(venue, market, beat)
        every += _every_mark(venue, market, beat)
        if beat.bar is not None:
            every += _candle(market, beat.bar)
        if beat.marks and venue.hub.has(topic := f"books:{market.contract.wire_id}"):
            now = venue.now_ms()
            change = venue.books.known(topic, market, now, _N_LEVELS).renew(market, now)
            every.append(Frame(topic, _books_text(venue, market, change, "update")))
    return every


def _books_text(venue: Venue, market: Market, change: Change, action: str) -> str:
    """Return a snapshot, or an update whose `prevSeqId` is the `seqId` before."""
    contract = market.contract
    bids, asks = (
        [[contract.price(ticks), contract.size(lots), "0", "1"] for ticks, lots in side.items()]
        for side in (change.bids, change.asks)
    )
    row = {"asks": asks, "bids": bids, "ts": str(venue.said_ms())}
    numbers = {"seqId": change.number, "prevSeqId": change.before}
    arg = {"channel": "books", "instId": contract.wire_id}
    return json.dumps({"arg": arg, "action": action, "data": [{**row, **numbers}]})


def frame(channel: str, market: Market, rows: list[Any]) -> Frame:
    """Return a frame of a channel about an instrument."""
    inst_id = market.contract.wire_id
    body = {"arg": {"channel": channel, "instId": inst_id}, "data": rows}
    return Frame(f"{channel}:{inst_id}", json.dumps(body))


def _liquidations(news: Sequence[tuple[Market, Beat]]) -> Iterator[Frame]:
    """All instruments in one message, all their liquidations as its details."""
    rows = [_liquidated(m, b.liquidations) for m, b in news if b.liquidations]
    if rows:
        body = {"arg": {"channel": "liquidation-orders", "instType": "SWAP"}, "data": rows}
        events = [event for _, beat in news for event in beat.liquidations]
        yield Frame(_LIQUIDATIONS, json.dumps(body), events)


def _liquidated(market: Market, events: Sequence[Liquidation]) -> dict[str, Any]:
    family = market.contract.wire_id.removesuffix("-SWAP")
    details = [
        {
            "bkLoss": "0",
            "bkPx": market.contract.price(event.bankruptcy_ticks),
            "ccy": "",
            "posSide": "long" if event.side == 1 else "short",
            "side": "sell" if event.side == 1 else "buy",
            "sz": market.contract.size(event.lots),
            "ts": str(event.time_ms),
        }
        for event in events
    ]
    name = {"instId": market.contract.wire_id, "instFamily": family, "uly": family}
    return {"details": details, **name, "instType": "SWAP"}


def _trades(venue: Venue, market: Market, beat: Beat) -> Iterator[Frame]:
    wanted = [
        channel
        for channel in ("trades", "trades-all")
        if venue.hub.has(f"{channel}:{market.contract.wire_id}")
    ]
    for channel in wanted:
        market.sent.extend(beat.trades)
        for trade in beat.trades:
            row = {
                "instId": market.contract.wire_id,
                "tradeId": str(trade.number),
                "px": market.contract.price(trade.ticks),
                "sz": market.contract.size(trade.lots),
                "side": "buy" if trade.is_buy else "sell",
                "ts": str(trade.time_ms),
                "count": "1",
                "source": "0",
                "seqId": trade.number,
            }
            told = frame(channel, market, [row])
            yield Frame(told.topic, told.text, [trade])


def _every_mark(venue: Venue, market: Market, beat: Beat) -> Iterator[Frame]:
    for at_ms, ticks in beat.marks:
        said = str(at_ms + venue.faults.skew_ms)
        name = {"instId": market.contract.wire_id, "instType": "SWAP"}
        price = market.contract.price(ticks)
        yield frame("mark-price", market, [{**name, "markPx": price, "ts": said}])
        yield frame("open-interest", market, [open_interest(market, at_ms, said)])
        yield frame("funding-rate", market, [funding_rate(market, at_ms, said)])
        yield frame("tickers", market, [ticker(market, at_ms, said)])


def open_interest(market: Market, at_ms: int, said: str) -> dict[str, str]:
    """Return what is open: in contracts, coin and dollars."""
    contract, lots = market.contract, market.open_interest(at_ms)
    return {
        "instId": contract.wire_id,
        "instType": "SWAP",
        "oi": contract.size(lots),
        "oiCcy": contract.base(lots),
        "oiUsd": contract.quote(lots, market.mark_ticks(at_ms)),
        "ts": said,
    }


def funding_rate(market: Market, at_ms: int, said: str) -> dict[str, str]:
    """Return the rate expected at the next settlement."""
    funding_ms, rate = next_funding(market, at_ms)
    return {
        "instId": market.contract.wire_id,
        "instType": "SWAP",
        "method": "current_period",
        "formulaType": "noRate",
        "fundingRate": f"{rate:.10f}",
        "nextFundingRate": "",
        "fundingTime": str(funding_ms),
        "nextFundingTime": str(funding_ms + 8 * 3_600_000),
        "settState": "settled",
        "settFundingRate": f"{rate:.10f}",
        "ts": said,
    }


def ticker(market: Market, at_ms: int, said: str) -> dict[str, str]:
    """Return the ticker."""
    price = market.contract.price(market.last_ticks(at_ms))
    names = ("last", "askPx", "bidPx", "open24h", "high24h", "low24h", "sodUtc0", "sodUtc8")
    sizes = dict.fromkeys(("lastSz", "askSz", "bidSz", "volCcy24h", "vol24h"), "1")
    name = {"instType": "SWAP", "instId": market.contract.wire_id}
    return {**name, **dict.fromkeys(names, price), **sizes, "ts": said}


def candle_row(market: Market, bar: Bar, *, is_mark: bool = False) -> list[str]:
    """Return a candle: volume in contracts, then in coin, then in quote; 1 when closed."""
    contract = market.contract
    prices = [str(bar.open_ms), *(contract.price(ticks) for ticks in bar[1:5])]
    sizes = [
        contract.size(bar.volume),
        contract.base(bar.volume),
        contract.quote(bar.volume, bar.mean_ticks),
    ]
    return [*prices, *([] if is_mark else sizes), "1" if bar.is_closed else "0"]


def _candle(market: Market, bar: Bar) -> Iterator[Frame]:
    yield frame("candle1m", market, [candle_row(market, bar)])
