"""Venues that answer REST with what was recorded once; nothing of theirs moves.

The recordings lie in ``venue_payloads`` beside the recorded markets; without them, 404.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.emulator.answers import Answer

_MISSING: Final = Answer({"error": "nothing was recorded for this"}, 404)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A route: how its path begins, the file, and the key under which the answer lies in it."""

    path: str
    file: str
    key: str = ""


ROUTES: Final[dict[str, tuple[Recorded, ...]]] = {
    "dapi.binance.com": (
        Recorded(
            "/dapi/v1/exchangeInfo", "binance_coinm/rest_recorded_exchangeInfo_2021-07.json", "body"
        ),
    ),
    "api.gateio.ws": (
        Recorded(
            "/api/v4/futures/usdt/contracts",
            "gate/rest_recorded_contracts_usdt_2023-05.json",
            "body",
        ),
    ),
    "indexer.dydx.trade": (
        Recorded("/v4/perpetualMarkets", "dydx_v4/rest_perpetual_markets.json", "result"),
        Recorded("/v4/candles/perpetualMarkets/BTC-USD", "dydx_v4/rest_candles.json", "result"),
        Recorded("/v4/trades/perpetualMarket/BTC-USD", "dydx_v4/rest_trades.json", "result"),
        Recorded("/v4/orderbooks/perpetualMarket/BTC-USD", "dydx_v4/rest_orderbook.json", "result"),
        Recorded("/v4/historicalFunding/BTC-USD", "dydx_v4/rest_historical_funding.json", "result"),
        Recorded("/v4/time", "dydx_v4/rest_time.json", "result"),
    ),
    "api.hyperliquid.xyz": (
        Recorded("/info meta", "hyperliquid/rest_meta_perp_sample.json"),
        Recorded("/info l2Book", "hyperliquid/rest_l2_book_btc.json"),
        Recorded("/info recentTrades", "hyperliquid/rest_recent_trades_btc.json"),
        Recorded("/info fundingHistory", "hyperliquid/rest_funding_history.json"),
        Recorded(
            "/info clearinghouseState",
            "hyperliquid/rest_clearinghouse_state_negative_total_raw_usd.json",
        ),
    ),
    "api.bitget.com": (),
}
_EMPTY: Final = {
    "/api/v4/spot/currencies": [],
    "/api/v4/futures/btc/contracts": [],
    "/info perpDexs": [None],
    "/info spotMeta": {"tokens": [], "universe": []},
}
"""What has to be there for ccxt to load markets, with nothing in it."""


class PayloadVenues:
    """Answers from a folder of recordings."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def knows(self, host: str) -> bool:
        """Return whether a venue is one of these."""
        return host in ROUTES

    def answer(self, host: str, path: str, body: dict[str, Any]) -> Answer:
        """Return what was recorded; Hyperliquid's questions are told apart by their type."""
        name = f"{path} {body['type']}" if "type" in body else path
        if name == "/info metaAndAssetCtxs":
            return self._hyperliquid_assets()
        if name in _EMPTY:
            return Answer(_EMPTY[name])
        found = next((route for route in ROUTES[host] if route.path == name), None)
        return _MISSING if found is None else self._read(found)

    def _read(self, route: Recorded) -> Answer:
        path = self._folder / route.file if self._folder else None
        if path is None or not path.is_file():
            return _MISSING
        body = json.loads(path.read_text(encoding="utf-8"))
        return Answer(body[route.key] if route.key else body)

    def _hyperliquid_assets(self) -> Answer:
        """Put together what two recordings have of the first assets."""
        meta = self._read(Recorded("", "hyperliquid/rest_meta_perp_sample.json"))
        contexts = self._read(Recorded("", "hyperliquid/ws_all_dexs_asset_ctxs.json", "data"))
        if contexts.status != meta.status or meta.status != 200:
            return _MISSING
        universe = meta.body["universe"]
        (_, assets), *_ = contexts.body["ctxs"]
        return Answer([meta.body, assets[: len(universe)]])
