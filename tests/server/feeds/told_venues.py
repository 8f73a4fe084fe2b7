"""Bitget, Gate, dYdX and Hyperliquid as one small script: what each says of the same half hour.

Its last minute is still forming; over the websocket it closes, and the next one begins.
"""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from tests.server.feeds.venues.wire_server import WireServer

FEEDS: Final = ("bitget", "gate", "dydx", "hyperliquid")
MINUTE: Final = 60_000
FIRST: Final = 1_739_500_500_000  # 2025-02-14T02:35Z
LAST: Final = FIRST + 29 * MINUTE  # forming
NOW: Final = LAST + 50_000
EVENT: Final = LAST + 45_000
ACCOUNT: Final = "0x360878D351f05975e25f1807a27895e1e5e004fb"
OPENS: Final = range(FIRST, LAST + 1, MINUTE)


def text(time_ms: int) -> str:
    """Return a time as dYdX writes it."""
    moment = datetime.fromtimestamp(time_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def bitget_bar(opened: int, close: str = "101") -> list[str]:
    return [str(opened), "100", "102", "99", close, "5", "500"]


def gate_bar(opened: int, close: str = "101", **more: Any) -> dict[str, Any]:
    return {"t": opened // 1000, "o": "100", "h": "102", "l": "99", "c": close, "v": 50_000, **more}


def dydx_bar(opened: int, close: str = "101") -> dict[str, Any]:
    row = {"startedAt": text(opened), "open": "100", "high": "102", "low": "99", "close": close}
    return {**row, "baseTokenVolume": "5", "usdVolume": "500", "startingOpenInterest": "70"}


def hyperliquid_bar(opened: int, close: str = "101") -> dict[str, Any]:
    row = {"t": opened, "s": "BTC", "i": "1m", "o": "100", "h": "102", "l": "99", "c": close}
    return {**row, "v": "5"}


def bitget_answers() -> dict[str, Any]:
    contract = {"symbol": "BTCUSDT", "baseCoin": "BTC", "quoteCoin": "USDT", "pricePlace": "1",
                "supportMarginCoins": ["USDT"], "symbolType": "perpetual", "priceEndStep": "1",
                "symbolStatus": "normal", "volumePlace": "3", "sizeMultiplier": "1"}  # fmt: skip
    tier = {"level": "1", "endUnit": "150000", "leverage": "125", "keepMarginRate": "0.004"}
    rows: dict[str, Any] = {
        "mix/market/candles": [bitget_bar(opened) for opened in OPENS],
        "mix/market/history-candles": [bitget_bar(opened) for opened in OPENS],
        "mix/market/history-mark-candles": [],
        "mix/market/history-fund-rate": [{"fundingRate": "0.0001", "fundingTime": str(FIRST)}],
        "mix/market/merge-depth": {"asks": [["101", "1"]], "bids": [["99", "1"]], "ts": str(NOW)},
        "mix/market/query-position-lever": [tier],
        "public/time": {"serverTime": str(NOW)},
    }
    answers: dict[str, Any] = {
        f"/api/v2/{path}": {"code": "00000", "data": data} for path, data in rows.items()
    }

    def contracts(query: Any) -> Any:
        is_tether = query["productType"] == "USDT-FUTURES"
        return {"code": "00000", "data": [contract] if is_tether else []}

    return {**answers, "/api/v2/mix/market/contracts": contracts}


def gate_answers() -> dict[str, Any]:
    contract = {"name": "BTC_USDT", "quanto_multiplier": "0.0001", "order_price_round": "0.1",
                "order_price_deviate": "0.5", "mark_price": "100", "position_size": 700_000,
                "leverage_max": "100", "leverage_min": "1", "order_size_min": 1}  # fmt: skip
    tier = {"tier": 1, "risk_limit": "1000000", "initial_rate": "0.01", "maintenance_rate": "0.005",
            "leverage_max": "100", "deduction": "0"}  # fmt: skip
    closed = {"time": EVENT // 1000, "size": -5000, "left": 0, "fill_price": "102"}
    book = {"current": NOW / 1000, "asks": [{"p": "101", "s": 5}], "bids": [{"p": "99", "s": 5}]}
    rows: dict[str, Any] = {
        "contracts": [contract],
        "contracts/BTC_USDT": contract,
        "candlesticks": [gate_bar(opened) for opened in OPENS],
        "contract_stats": [],
        "funding_rate": [{"t": FIRST // 1000, "r": "0.0001"}],
        "order_book": book,
        "risk_limit_tiers": [tier],
        "liq_orders": [closed],
    }
    answers = {f"/api/v4/futures/usdt/{path}": data for path, data in rows.items()}
    answers["/api/v4/futures/btc/contracts"] = []
    return {**answers, "/api/v4/spot/time": {"server_time": NOW}}


def dydx_answers() -> dict[str, Any]:
    listed = {"ticker": "BTC-USD", "status": "ACTIVE", "openInterest": "70", "tickSize": "1",
              "stepSize": "0.0001", "initialMarginFraction": "0.02",
              "maintenanceMarginFraction": "0.012"}  # fmt: skip
    level = {"bids": [{"price": "99", "size": "1"}], "asks": [{"price": "101", "size": "1"}]}
    settled = {"rate": "0.0001", "effectiveAt": text(FIRST)}
    return {
        "/v4/perpetualMarkets": {"markets": {"BTC-USD": listed}},
        "/v4/candles/perpetualMarkets/BTC-USD": {"candles": [dydx_bar(opened) for opened in OPENS]},
        "/v4/historicalFunding/BTC-USD": {"historicalFunding": [settled]},
        "/v4/orderbooks/perpetualMarket/BTC-USD": level,
        "/v4/time": {"iso": text(NOW), "epoch": NOW / 1000},
    }


def hyperliquid_answers() -> dict[str, Any]:
    universe = [{"name": "BTC", "szDecimals": 5, "maxLeverage": 40, "marginTableId": 40}]
    context = {"markPx": "100", "openInterest": "70"}
    levels = [[{"px": "99", "sz": "1"}], [{"px": "101", "sz": "1"}]]
    position = {"coin": "BTC", "szi": "-7", "entryPx": "95", "leverage": {"value": 20},
                "liquidationPx": "110"}  # fmt: skip
    return {
        "/info metaAndAssetCtxs": [{"universe": universe}, [context]],
        "/info meta": {"universe": universe, "marginTables": []},
        "/info exchangeStatus": {"time": NOW},
        "/info candleSnapshot": [hyperliquid_bar(opened) for opened in OPENS],
        "/info fundingHistory": [{"coin": "BTC", "fundingRate": "0.0001", "time": FIRST}],
        "/info l2Book": {"coin": "BTC", "time": NOW, "levels": levels},
        "/info clearinghouseState": {"assetPositions": [{"position": position}], "time": NOW},
    }


def speak(told: Any) -> Sequence[Any]:
    """Return what the venue that was told something says then."""
    if "op" in told:
        return _bitget_frames(told)
    if told.get("type") == "subscribe":
        return _dydx_frames(told)
    return _hyperliquid_frames(told) if "method" in told else _gate_frames(told)


def _bitget_frames(told: Any) -> list[Any]:
    trade = {"ts": str(EVENT), "price": "101", "size": "1", "side": "buy", "tradeId": "1"}
    ticker = {"ts": str(EVENT), "markPrice": "100", "holdingAmount": "70"}
    bars = [[bitget_bar(LAST, "100.5")], [bitget_bar(LAST + MINUTE)]]
    rows: dict[str, Any] = {"trade": [[trade]], "ticker": [[ticker]], "candle1m": bars}
    return [
        {"action": "update", "arg": about, "data": data}
        for about in told["args"]
        for data in rows[about["channel"]]
    ]


def _gate_frames(told: Any) -> list[Any]:
    trade = {"size": 5, "create_time_ms": EVENT, "price": "101", "contract": "BTC_USDT"}
    name = {"n": "1m_BTC_USDT"}
    bars = [gate_bar(LAST, "100.5", w=True, **name), gate_bar(LAST + MINUTE, w=False, **name)]
    rows: dict[str, list[Any]] = {
        "futures.trades": [trade],
        "futures.tickers": [{"contract": "BTC_USDT", "mark_price": "100"}],
        "futures.candlesticks": bars,
    }
    about = {"time": EVENT // 1000, "time_ms": EVENT, "channel": told["channel"]}
    accepted = {**about, "id": told["id"], "event": "subscribe", "result": {"status": "success"}}
    return [accepted, {**about, "event": "update", "result": rows[told["channel"]]}]


def _dydx_frames(told: Any) -> list[Any]:
    trade = {"id": "a", "side": "BUY", "size": "0.5", "price": "101", "type": "LIQUIDATED"}
    oracle = {"BTC-USD": {"oraclePrice": "100", "effectiveAt": text(EVENT)}}
    contents: dict[str, list[Any]] = {
        "v4_trades": [{"trades": [{**trade, "createdAt": text(EVENT)}]}],
        "v4_candles": [dydx_bar(LAST, "100.5"), dydx_bar(LAST + MINUTE)],
        "v4_markets": [{"oraclePrices": oracle}],
    }
    about = {"type": "channel_data", "channel": told["channel"], "id": told.get("id")}
    return [{**about, "contents": said} for said in contents[told["channel"]]]


def _hyperliquid_frames(told: Any) -> list[Any]:
    trade = {"coin": "BTC", "side": "A", "px": "101", "sz": "1", "time": EVENT, "tid": 7}
    context = {"coin": "BTC", "ctx": {"markPx": "100", "openInterest": "70"}}
    data: dict[str, list[Any]] = {
        "trades": [[trade]],
        "candle": [hyperliquid_bar(LAST, "100.5"), hyperliquid_bar(LAST + MINUTE)],
        "activeAssetCtx": [context],
    }
    if told["method"] == "ping":
        return [{"channel": "pong"}]
    kind = told["subscription"]["type"]
    return [{"channel": kind, "data": said} for said in data[kind]]


@contextmanager
def telling() -> Iterator[str]:
    """Let all four speak in a thread of their own; yield the gateway to them."""
    answers = {**bitget_answers(), **gate_answers(), **dydx_answers(), **hyperliquid_answers()}
    ports: list[int] = []
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with WireServer(answers, speak).serving() as port:
            ports.append(port)
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    try:
        if not ready.wait(10):
            raise TimeoutError("the venues do not speak")
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        done.set()
        thread.join(10)
