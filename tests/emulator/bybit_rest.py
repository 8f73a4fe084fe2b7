"""REST of Bybit v5: one envelope, lists newest first, HTTP 200 for most errors."""

from collections.abc import Callable
from typing import Any

from tests.emulator.answers import Answer, Query
from tests.emulator.bybit_wire import book, ticker
from tests.emulator.market import Market
from tests.emulator.minutes import MINUTE_MS, Bar
from tests.emulator.queries import MINUTES, grid, number
from tests.emulator.venue import Venue


def rest(venue: Venue, path: str, query: Query, _headers: Query) -> Answer:
    """Answer a request."""
    if path == "/v5/market/time":
        now = venue.said_ms()
        return _answer(venue, {"timeSecond": str(now // 1000), "timeNano": f"{now}000000"})
    if path not in _ROUTES:
        return Answer({"retCode": 404, "retMsg": f"no route {path}"}, 404)
    if query.get("category") != "linear":
        return _answer(venue, {"category": query.get("category"), "list": []})
    market = venue.find(query["symbol"]) if "symbol" in query else None
    if market is None and ("symbol" in query or path not in _OF_ALL):
        return _error(venue, 10001, "params error: symbol invalid")
    rows = _ROUTES[path](venue, market, query)
    return _answer(venue, rows)


def _answer(venue: Venue, result: Any) -> Answer:
    envelope = {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}}
    return Answer({**envelope, "time": venue.said_ms()})


def _error(venue: Venue, code: int, message: str) -> Answer:
    envelope = {"retCode": code, "retMsg": message, "result": {}, "retExtInfo": {}}
    return Answer({**envelope, "time": venue.said_ms()})


def _listed(query: Query, rows: list[Any], cursor: str = "") -> dict[str, Any]:
    symbol = query.get("symbol", "")
    return {"category": "linear", "symbol": symbol, "list": rows, "nextPageCursor": cursor}


def _chosen(venue: Venue, market: Market | None) -> list[Market]:
    return venue.listed() if market is None else [market]


def _instruments(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    if query.get("status") == "PreLaunch":
        return _listed(query, [])
    return _listed(query, [_instrument(one) for one in _chosen(venue, market)])


def _instrument(market: Market) -> dict[str, Any]:
    contract = market.contract
    lot = str(contract.wire_lot)
    return {
        "symbol": contract.wire_id,
        "contractType": "LinearPerpetual",
        "status": "Trading",
        "baseCoin": contract.wire_id.removesuffix("USDT"),
        "quoteCoin": "USDT",
        "settleCoin": "USDT",
        "launchTime": "1585526400000",
        "deliveryTime": "0",
        "deliveryFeeRate": "",
        "priceScale": "2",
        "leverageFilter": {"minLeverage": "1", "maxLeverage": "100", "leverageStep": "0.01"},
        "priceFilter": {"minPrice": str(contract.tick), "maxPrice": "1999999",
                        "tickSize": str(contract.tick)},
        "lotSizeFilter": {"maxOrderQty": "1190", "minOrderQty": lot, "qtyStep": lot,
                          "postOnlyMaxOrderQty": "1190", "maxMktOrderQty": "500",
                          "minNotionalValue": "5"},
        "unifiedMarginTrade": True,
        "fundingInterval": 480,
    }  # fmt: skip


def _window(query: Query, now_ms: int, step_ms: int, limit: int) -> tuple[int, int]:
    """Return the first and last time asked for; without a start the newest rows."""
    since, until = number(query, "start", 0), number(query, "end", 0)
    if since and not until:
        until = since + (limit - 1) * step_ms
    until = min(until or now_ms, now_ms)
    return max(since, until - limit * step_ms), until


def _klines(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    return _bars(venue, _one(market), query, is_mark=False)


def _mark_klines(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    return _bars(venue, _one(market), query, is_mark=True)


def _bars(venue: Venue, market: Market, query: Query, *, is_mark: bool) -> dict[str, Any]:
    now, minutes = venue.now_ms(), MINUTES[query.get("interval", "1")]
    limit = min(number(query, "limit", 200), 1000)
    first, last = _window(query, now, minutes * MINUTE_MS, limit)
    find = market.mark_bars if is_mark else market.bars
    bars = find(first, last + 1, now, minutes)[-limit:]
    return _listed(query, [_row(market, bar, is_mark=is_mark) for bar in reversed(bars)])


def _row(market: Market, bar: Bar, *, is_mark: bool) -> list[str]:
    contract = market.contract
    prices = [str(bar.open_ms), *(contract.price(ticks) for ticks in bar[1:5])]
    if is_mark:
        return prices
    return [*prices, contract.size(bar.volume), contract.quote(bar.volume, bar.mean_ticks)]


def _one(market: Market | None) -> Market:
    if market is None:
        raise LookupError("the route needs a symbol")
    return market


def _tickers(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    return _listed(query, [ticker(venue, one) for one in _chosen(venue, market)])


def _order_book(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    return book(venue, _one(market), number(query, "limit", 25))


def _trades(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    contract = _one(market).contract
    rows = [
        {
            "execId": f"{trade.number:032x}",
            "symbol": contract.wire_id,
            "price": contract.price(trade.ticks),
            "size": contract.size(trade.lots),
            "side": "Buy" if trade.is_buy else "Sell",
            "time": str(trade.time_ms),
            "isBlockTrade": False,
        }
        for trade in _one(market).recent_trades(venue.now_ms(), number(query, "limit", 500))
    ]
    return _listed(query, rows[::-1])


def _open_interest(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    """Return rows with both sides together, and one side as the documentation has it."""
    one, now = _one(market), venue.now_ms()
    limit, step = min(number(query, "limit", 50), 200), MINUTES[_period(query)] * MINUTE_MS
    until = min(number(query, "cursor", 0) or number(query, "endTime", now), now)
    first = max(number(query, "startTime", 0), one.minutes.start_ms)
    times = list(grid(first, until, step))
    rows = [
        {
            "openInterest": one.contract.size(2 * one.open_interest(time)),
            "singleOpenInterest": one.contract.size(one.open_interest(time)),
            "timestamp": str(time),
        }
        for time in reversed(times[-limit:])
    ]
    cursor = str(times[-limit] - 1) if len(times) > limit else ""
    return _listed(query, rows, cursor)


def _period(query: Query) -> str:
    return query.get("intervalTime", "1h")


def _funding(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    one, now = _one(market), venue.now_ms()
    since, until = number(query, "startTime", 0), min(number(query, "endTime", now), now)
    times = sorted(t for t in one.minutes.funding if since <= t <= until)
    rows = [
        {
            "symbol": one.contract.wire_id,
            "fundingRate": f"{one.minutes.funding[time]:.8f}",
            "fundingRateTimestamp": str(time),
        }
        for time in reversed(times[-min(number(query, "limit", 200), 200) :])
    ]
    return _listed(query, rows)


def _risk_limits(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    return _listed(query, [row for one in _chosen(venue, market) for row in _risk_rows(one)])


def _risk_rows(market: Market) -> list[dict[str, Any]]:
    rows = [("2000000", "0.005", "100", ""), ("10000000", "0.01", "50", "10000")]
    return [
        {
            "id": k + 1,
            "symbol": market.contract.wire_id,
            "riskLimitValue": limit,
            "maintenanceMargin": rate,
            "initialMargin": str(1 / int(leverage)),
            "isLowestRisk": int(k == 0),
            "maxLeverage": f"{leverage}.00",
            "mmDeduction": deduction,
        }
        for k, (limit, rate, leverage, deduction) in enumerate(rows)
    ]


def _account_ratio(venue: Venue, market: Market | None, query: Query) -> dict[str, Any]:
    step = MINUTES[query.get("period", "1h")] * MINUTE_MS
    time = str(venue.now_ms() // step * step)
    symbol = _one(market).contract.wire_id
    row = {"symbol": symbol, "buyRatio": "0.6", "sellRatio": "0.4", "timestamp": time}
    return _listed(query, [row])


_OF_ALL = ("/v5/market/instruments-info", "/v5/market/tickers", "/v5/market/risk-limit")
_ROUTES: dict[str, Callable[[Venue, Market | None, Query], Any]] = {
    "/v5/market/instruments-info": _instruments,
    "/v5/market/kline": _klines,
    "/v5/market/mark-price-kline": _mark_klines,
    "/v5/market/index-price-kline": _mark_klines,
    "/v5/market/tickers": _tickers,
    "/v5/market/orderbook": _order_book,
    "/v5/market/recent-trade": _trades,
    "/v5/market/open-interest": _open_interest,
    "/v5/market/funding/history": _funding,
    "/v5/market/risk-limit": _risk_limits,
    "/v5/market/account-ratio": _account_ratio,
}
