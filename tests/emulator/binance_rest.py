"""REST of Binance USD-M."""

from collections.abc import Callable
from typing import Any

from tests.emulator.answers import Answer, Query
from tests.emulator.binance_wire import N_LEVELS, depth_topic, next_funding
from tests.emulator.market import Market
from tests.emulator.minutes import MINUTE_MS, Bar
from tests.emulator.queries import MINUTES, grid, number, wire_levels
from tests.emulator.venue import Venue

_DAY_MS = 86_400_000
_KEPT_OPEN_INTEREST_MS = 30 * _DAY_MS
_INVALID_SYMBOL = Answer({"code": -1121, "msg": "Invalid symbol."}, 400)


def rest(venue: Venue, path: str, query: Query, headers: Query) -> Answer:
    """Answer a request."""
    if path == "/fapi/v1/leverageBracket":
        return _brackets(venue, query, headers)
    if path in _GENERAL:
        return Answer(_GENERAL[path](venue, query))
    if path not in _OF_SYMBOL:
        return Answer({"code": -5000, "msg": f"Path {path}, Method GET is invalid"}, 404)
    market = venue.find(query.get("symbol", query.get("pair", "")))
    if market is None:
        return _every(venue, path, query) if "symbol" not in query else _INVALID_SYMBOL
    found = _OF_SYMBOL[path](venue, market, query)
    return found if isinstance(found, Answer) else Answer(found)


def _every(venue: Venue, path: str, query: Query) -> Answer:
    if path in ("/fapi/v1/premiumIndex", "/fapi/v1/ticker/24hr"):
        return Answer([_OF_SYMBOL[path](venue, market, query) for market in venue.listed()])
    return Answer({"code": -1102, "msg": "Mandatory parameter 'symbol' was not sent."}, 400)


def _exchange_info(venue: Venue, _: Query) -> dict[str, Any]:
    return {
        "timezone": "UTC",
        "serverTime": venue.said_ms(),
        "futuresType": "U_MARGINED",
        "rateLimits": [
            {
                "rateLimitType": "REQUEST_WEIGHT",
                "interval": "MINUTE",
                "intervalNum": 1,
                "limit": 2400,
            }
        ],
        "exchangeFilters": [],
        "assets": [{"asset": "USDT", "marginAvailable": True, "autoAssetExchange": "-10000"}],
        "symbols": [_symbol(market) for market in venue.listed()],
    }


def _symbol(market: Market) -> dict[str, Any]:
    contract = market.contract
    lot = {"stepSize": str(contract.wire_lot), "minQty": str(contract.wire_lot), "maxQty": "100000"}
    return {
        "symbol": contract.wire_id,
        "pair": contract.wire_id,
        "contractType": "PERPETUAL",
        "deliveryDate": 4133404800000,
        "onboardDate": 1569398400000,
        "status": "TRADING",
        "maintMarginPercent": "2.5000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": contract.wire_id.removesuffix("USDT"),
        "quoteAsset": "USDT",
        "marginAsset": "USDT",
        "pricePrecision": 8,
        "quantityPrecision": 3,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "liquidationFee": "0.012500",
        "filters": [
            {"filterType": "PRICE_FILTER", "tickSize": str(contract.tick),
             "minPrice": str(contract.tick), "maxPrice": "10000000"},
            {"filterType": "LOT_SIZE", **lot},
            {"filterType": "MARKET_LOT_SIZE", **lot},
            {"filterType": "MIN_NOTIONAL", "notional": "5"},
        ],
    }  # fmt: skip


def _bars(
    query: Query, most: int, find: Callable[[int, int, int], list[Bar]], now_ms: int
) -> list[Bar]:
    minutes, limit = MINUTES[query.get("interval", "1m")], number(query, "limit", 500)
    until = number(query, "endTime", now_ms) + 1
    since = number(query, "startTime", 0)
    bars = find(since or until - (limit + 1) * minutes * MINUTE_MS, until, minutes)
    limit = min(limit, most)
    return bars[:limit] if since else bars[-limit:]


def _klines(venue: Venue, market: Market, query: Query) -> list[list[Any]]:
    now, contract = venue.now_ms(), market.contract
    bars = _bars(query, 1500, lambda a, b, m: market.bars(a, b, now, m), now)
    length = MINUTES[query.get("interval", "1m")] * MINUTE_MS
    return [
        [
            *_prices(market, bar),
            contract.size(bar.volume),
            bar.open_ms + length - 1,
            contract.quote(bar.volume, bar.mean_ticks),
            100,
            contract.size(bar.taker_buy),
            contract.quote(bar.taker_buy, bar.mean_ticks),
            "0",
        ]
        for bar in bars
    ]


def _mark_klines(venue: Venue, market: Market, query: Query) -> list[list[Any]]:
    now = venue.now_ms()
    bars = _bars(query, 1500, lambda a, b, m: market.mark_bars(a, b, now, m), now)
    length = MINUTES[query.get("interval", "1m")] * MINUTE_MS
    return [
        [*_prices(market, bar), "0", bar.open_ms + length - 1, "0", 60, "0", "0", "0"]
        for bar in bars
    ]


def _prices(market: Market, bar: Bar) -> list[Any]:
    return [bar.open_ms, *(market.contract.price(p) for p in bar[1:5])]


def _depth(venue: Venue, market: Market, query: Query) -> dict[str, Any]:
    """Return the book as it was told last, so that what is told next goes on from it."""
    now, topic = venue.now_ms(), depth_topic(venue, market)
    name = topic or f"{market.contract.wire_id} by REST"
    book = venue.books.known(name, market, now, N_LEVELS)
    if topic is None:
        book.renew(market, now)
    limit = number(query, "limit", 500)
    return {
        "lastUpdateId": book.number,
        "E": venue.said_ms(),
        "T": now,
        "bids": wire_levels(market, sorted(book.bids.items(), reverse=True)[:limit]),
        "asks": wire_levels(market, sorted(book.asks.items())[:limit]),
    }


def _agg_trades(venue: Venue, market: Market, query: Query) -> list[dict[str, Any]]:
    contract = market.contract
    return [
        {
            "a": trade.number,
            "f": trade.number,
            "l": trade.number,
            "p": contract.price(trade.ticks),
            "q": contract.size(trade.lots),
            "T": trade.time_ms,
            "m": not trade.is_buy,
        }
        for trade in market.recent_trades(venue.now_ms(), number(query, "limit", 500))
    ]


def _ticker(venue: Venue, market: Market, _: Query) -> dict[str, Any]:
    now = venue.now_ms()
    price = market.contract.price(market.last_ticks(now))
    names = ("lastPrice", "openPrice", "highPrice", "lowPrice", "weightedAvgPrice")
    return {
        "symbol": market.contract.wire_id,
        **dict.fromkeys(names, price),
        "volume": "1000",
        "quoteVolume": "1000000",
        "openTime": now - _DAY_MS,
        "closeTime": now,
        "count": 1000,
    }


def _premium(venue: Venue, market: Market, _: Query) -> dict[str, Any]:
    now = venue.now_ms()
    price = market.contract.price(market.mark_ticks(now))
    funding_ms, rate = next_funding(market, now)
    return {
        "symbol": market.contract.wire_id,
        **dict.fromkeys(("markPrice", "indexPrice", "estimatedSettlePrice"), price),
        "lastFundingRate": f"{rate:.8f}",
        "nextFundingTime": funding_ms,
        "interestRate": "0.00010000",
        "time": venue.said_ms(),
    }


def _funding(venue: Venue, market: Market, query: Query) -> list[dict[str, Any]]:
    now, limit = venue.now_ms(), min(number(query, "limit", 100), 1000)
    since, until = number(query, "startTime", 0), min(number(query, "endTime", now), now)
    times = sorted(t for t in market.minutes.funding if since <= t <= until)
    return [
        {
            "symbol": market.contract.wire_id,
            "fundingTime": time,
            "fundingRate": f"{market.minutes.funding[time]:.8f}",
            "markPrice": market.contract.price(market.mark_ticks(time)),
        }
        for time in (times[:limit] if since else times[-limit:])
    ]


def _open_interest(venue: Venue, market: Market, _: Query) -> dict[str, Any]:
    lots = market.open_interest(venue.now_ms())
    return {
        "openInterest": market.contract.size(lots),
        "symbol": market.contract.wire_id,
        "time": venue.said_ms(),
    }


def _open_interest_history(venue: Venue, market: Market, query: Query) -> Any:
    now, contract = venue.now_ms(), market.contract
    limit = min(number(query, "limit", 30), 500)
    step = MINUTES[query["period"]] * MINUTE_MS
    since, until = number(query, "startTime", 0), min(number(query, "endTime", now), now)
    if since and since < now - _KEPT_OPEN_INTEREST_MS:
        return Answer({"code": -1130, "msg": "parameter 'startTime' is invalid."}, 400)
    first = max(since or until - limit * step, market.minutes.start_ms)
    times = list(grid(first, until, step))
    return [
        {
            "symbol": contract.wire_id,
            "sumOpenInterest": contract.size(market.open_interest(t)),
            "sumOpenInterestValue": contract.quote(market.open_interest(t), market.mark_ticks(t)),
            "timestamp": t,
        }
        for t in (times[:limit] if since else times[-limit:])
    ]


def _long_short(venue: Venue, market: Market, query: Query) -> list[dict[str, Any]]:
    step = MINUTES[query["period"]] * MINUTE_MS
    time = venue.now_ms() // step * step
    ratio = {"longAccount": "0.6", "shortAccount": "0.4", "longShortRatio": "1.5"}
    return [{"symbol": market.contract.wire_id, **ratio, "timestamp": time}]


def _brackets(venue: Venue, query: Query, headers: Query) -> Answer:
    if not headers.get("X-MBX-APIKEY"):
        return Answer({"code": -2014, "msg": "API-key format invalid."}, 401)
    if not query.get("signature"):
        return Answer({"code": -1022, "msg": "Signature for this request is not valid."}, 400)
    return Answer([{"symbol": m.contract.wire_id, "brackets": _BRACKETS} for m in venue.listed()])


_BRACKETS = [
    {"bracket": 1, "initialLeverage": 125, "notionalCap": 300_000, "notionalFloor": 0,
     "maintMarginRatio": 0.004, "cum": 0.0},
    {"bracket": 2, "initialLeverage": 50, "notionalCap": 5_000_000, "notionalFloor": 300_000,
     "maintMarginRatio": 0.01, "cum": 1800.0},
]  # fmt: skip
_GENERAL: dict[str, Callable[[Venue, Query], Any]] = {
    "/fapi/v1/ping": lambda _venue, _query: {},
    "/fapi/v1/time": lambda venue, _query: {"serverTime": venue.said_ms()},
    "/fapi/v1/exchangeInfo": _exchange_info,
    "/fapi/v1/fundingInfo": lambda _venue, _query: [],
}
_OF_SYMBOL: dict[str, Callable[[Venue, Market, Query], Any]] = {
    "/fapi/v1/klines": _klines,
    "/fapi/v1/markPriceKlines": _mark_klines,
    "/fapi/v1/indexPriceKlines": _mark_klines,
    "/fapi/v1/depth": _depth,
    "/fapi/v1/aggTrades": _agg_trades,
    "/fapi/v1/ticker/24hr": _ticker,
    "/fapi/v1/premiumIndex": _premium,
    "/fapi/v1/fundingRate": _funding,
    "/fapi/v1/openInterest": _open_interest,
    "/futures/data/openInterestHist": _open_interest_history,
    "/futures/data/globalLongShortAccountRatio": _long_short,
}
