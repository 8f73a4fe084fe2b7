"""REST of OKX v5: one envelope, candles newest first, `before` and `after` exclusive."""

from collections.abc import Callable
from typing import Any

from tests.emulator.answers import Answer, Query
from tests.emulator.market import Market
from tests.emulator.minutes import MINUTE_MS
from tests.emulator.okx_wire import candle_row, funding_rate, open_interest, ticker
from tests.emulator.queries import MINUTES, book_levels, grid, number
from tests.emulator.venue import Venue

_RECENT_BARS = 1440


def rest(venue: Venue, path: str, query: Query, _headers: Query) -> Answer:
    """Answer a request."""
    route = path.removeprefix("/api/v5/")
    if route == "public/time":
        return _answer([{"ts": str(venue.said_ms())}])
    if route == "public/instruments":
        wanted = venue.listed() if query.get("instType") == "SWAP" else []
        return _answer([_instrument(market) for market in wanted])
    if route == "public/position-tiers":
        return _answer(_tiers(query))
    if route == "public/open-interest" and "instId" not in query:
        said = str(venue.said_ms())
        return _answer([open_interest(m, venue.now_ms(), said) for m in venue.listed()])
    if route not in _OF_INSTRUMENT:
        return Answer({"code": "404", "msg": f"no route {path}", "data": []}, 404)
    market = venue.find(query.get("instId", ""))
    if market is None:
        return Answer({"code": "51001", "msg": "Instrument ID doesn't exist.", "data": []})
    return _answer(_OF_INSTRUMENT[route](venue, market, query))


def _answer(rows: list[Any]) -> Answer:
    return Answer({"code": "0", "msg": "", "data": rows})


def _instrument(market: Market) -> dict[str, Any]:
    contract = market.contract
    family = contract.wire_id.removesuffix("-SWAP")
    empty = ("alias", "baseCcy", "quoteCcy", "expTime", "optType", "stk", "maxMktAmt")
    return {
        **dict.fromkeys(empty, ""),
        "category": "1",
        "ctMult": "1",
        "ctType": "linear",
        "ctVal": str((contract.lot / contract.wire_lot).normalize()),
        "ctValCcy": family.split("-")[0],
        "instFamily": family,
        "instId": contract.wire_id,
        "instIdCode": 10459,
        "instType": "SWAP",
        "lever": "100",
        "listTime": "1611916828000",
        "lotSz": str(contract.wire_lot),
        "maxLmtSz": "100000000",
        "maxMktSz": "12000",
        "minSz": str(contract.wire_lot),
        "settleCcy": "USDT",
        "state": "live",
        "tickSz": str(contract.tick),
        "uly": family,
    }


def _tiers(query: Query) -> list[dict[str, Any]]:
    """Return tiers whose bounds are contracts; isolated ones are a little stricter here."""
    extra = 0.001 if query.get("tdMode") == "isolated" else 0.0
    rows = [("0", "1000", 0.004, "0.01", "100"), ("1000", "20000", 0.01, "0.02", "50")]
    family = query.get("instFamily") or query.get("uly", "")
    return [
        {
            "tier": str(k),
            "instId": "",
            "instFamily": family,
            "uly": family,
            "minSz": least,
            "maxSz": most,
            "mmr": str(rate + extra),
            "imr": initial,
            "maxLever": leverage,
            "baseMaxLoan": "",
            "quoteMaxLoan": "",
            "optMgnFactor": "0",
        }
        for k, (least, most, rate, initial, leverage) in enumerate(rows, start=1)
    ]


def _bars(
    venue: Venue, market: Market, query: Query, *, is_mark: bool, most: int, kept: int | None
) -> list[list[str]]:
    now, minutes = venue.now_ms(), MINUTES[query.get("bar", "1m")]
    step, limit = minutes * MINUTE_MS, min(number(query, "limit", 100), most)
    until = min(number(query, "after", now + 1), now + 1)
    since = max(number(query, "before", 0) + 1, until - (limit + 1) * step)
    since = max(since, now - kept * step) if kept else since
    find = market.mark_bars if is_mark else market.bars
    bars = find(since, until, now, minutes)[-limit:]
    return [candle_row(market, bar, is_mark=is_mark) for bar in reversed(bars)]


def _candles(venue: Venue, market: Market, query: Query) -> list[list[str]]:
    return _bars(venue, market, query, is_mark=False, most=300, kept=_RECENT_BARS)


def _old_candles(venue: Venue, market: Market, query: Query) -> list[list[str]]:
    rows = _bars(venue, market, query, is_mark=False, most=300, kept=None)
    return [row for row in rows if row[-1] == "1"]


def _mark_candles(venue: Venue, market: Market, query: Query) -> list[list[str]]:
    return _bars(venue, market, query, is_mark=True, most=100, kept=_RECENT_BARS)


def _old_mark_candles(venue: Venue, market: Market, query: Query) -> list[list[str]]:
    return _bars(venue, market, query, is_mark=True, most=100, kept=None)


def _books(venue: Venue, market: Market, query: Query) -> list[dict[str, Any]]:
    now, contract = venue.now_ms(), market.contract
    sides = book_levels(market, now, min(number(query, "sz", 1), 400))
    bids, asks = (
        [[contract.price(ticks), contract.size(lots), "0", "3"] for ticks, lots in levels]
        for levels in sides
    )
    return [{"asks": asks, "bids": bids, "ts": str(venue.said_ms()), "seqId": now}]


def _trades(venue: Venue, market: Market, query: Query) -> list[dict[str, str]]:
    contract = market.contract
    rows = market.recent_trades(venue.now_ms(), number(query, "limit", 100))
    return [
        {
            "instId": contract.wire_id,
            "tradeId": str(trade.number),
            "px": contract.price(trade.ticks),
            "sz": contract.size(trade.lots),
            "side": "buy" if trade.is_buy else "sell",
            "ts": str(trade.time_ms),
        }
        for trade in reversed(rows)
    ]


def _open_interest_history(venue: Venue, market: Market, query: Query) -> list[list[str]]:
    """Return ``[ts, contracts, coin, usd]``; `begin` and `end` are exclusive."""
    now, contract = venue.now_ms(), market.contract
    step = MINUTES[query.get("period", "5m")] * MINUTE_MS
    until = min(number(query, "end", now + 1) - 1, now)
    first = max(number(query, "begin", 0) + 1, market.minutes.start_ms)
    times = list(grid(first, until, step))[-min(number(query, "limit", 100), 100) :]
    return [
        [
            str(time),
            contract.size(market.open_interest(time)),
            contract.base(market.open_interest(time)),
            contract.quote(market.open_interest(time), market.mark_ticks(time)),
        ]
        for time in reversed(times)
    ]


def _funding_history(venue: Venue, market: Market, query: Query) -> list[dict[str, str]]:
    now, limit = venue.now_ms(), min(number(query, "limit", 100), 400)
    first, last = number(query, "before", 0), min(number(query, "after", now + 1), now + 1)
    times = sorted(t for t in market.minutes.funding if first < t < last)[-limit:]
    rates = {time: f"{market.minutes.funding[time]:.10f}" for time in reversed(times)}
    name = {"instType": "SWAP", "instId": market.contract.wire_id, "method": "current_period"}
    return [
        {**name, "fundingRate": rate, "realizedRate": rate, "fundingTime": str(time)}
        for time, rate in rates.items()
    ]


def _mark_price(venue: Venue, market: Market, _: Query) -> list[dict[str, str]]:
    price = market.contract.price(market.mark_ticks(venue.now_ms()))
    name = {"instType": "SWAP", "instId": market.contract.wire_id}
    return [{**name, "markPx": price, "ts": str(venue.said_ms())}]


def _now(
    make: Callable[[Market, int, str], dict[str, str]],
) -> Callable[[Venue, Market, Query], list[Any]]:
    return lambda venue, market, _: [make(market, venue.now_ms(), str(venue.said_ms()))]


def _ratio(venue: Venue, _market: Market, query: Query) -> list[list[str]]:
    step = MINUTES[query.get("period", "5m")] * MINUTE_MS
    return [[str(venue.now_ms() // step * step), "1.5"]]


_OF_INSTRUMENT: dict[str, Callable[[Venue, Market, Query], list[Any]]] = {
    "market/candles": _candles,
    "market/history-candles": _old_candles,
    "market/mark-price-candles": _mark_candles,
    "market/history-mark-price-candles": _old_mark_candles,
    "market/index-candles": _mark_candles,
    "market/books": _books,
    "market/trades": _trades,
    "market/ticker": _now(ticker),
    "public/open-interest": _now(open_interest),
    "public/funding-rate": _now(funding_rate),
    "public/funding-rate-history": _funding_history,
    "public/mark-price": _mark_price,
    "rubik/stat/contracts/open-interest-history": _open_interest_history,
    "rubik/stat/contracts/long-short-account-ratio-contract": _ratio,
}
