"""Which markets are followed, chosen from the venues' own lists as ccxt reads them."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import COIN_BTC, COIN_ETH
from tests.server.feeds.venues.wire_server import ask

from liqbands.instrument import ContractKind
from liqbands_server.feeds.records import FeedMarket
from liqbands_server.feeds.venues.border import Exchange
from liqbands_server.feeds.venues.registry import find_border

Payload = Callable[[str], Any]


def chosen(feed: str, answers: dict[str, Any], *coins: str) -> list[FeedMarket]:
    border = find_border(feed)

    async def load(exchange: Exchange) -> list[FeedMarket]:
        await exchange.load_markets()
        return border.choose_markets(exchange, coins)

    return ask(border, answers, load)[0]


def binance(payload: Payload) -> dict[str, Any]:
    recorded = payload("binance_usdm/rest_recorded_exchangeInfo_2021-07.json")["body"]
    return {"/fapi/v1/exchangeInfo": recorded}


def okx(payload: Payload) -> dict[str, Any]:
    recorded = payload("okx/rest_recorded_instruments_swap_2022-05.json")["body"]
    return {"/api/v5/public/instruments": recorded}


def bybit(payload: Payload) -> dict[str, Any]:
    by_category = {
        kind: payload(f"bybit/rest_instruments_{kind}.json") for kind in ("linear", "inverse")
    }
    for kind, listed_there in by_category.items():
        listed_there["result"]["category"] = kind  # the samples leave it out; ccxt needs it
    nothing = {"retCode": 0, "retMsg": "OK", "result": {"list": [], "nextPageCursor": ""}}

    def listed(query: Any) -> Any:
        return nothing if "status" in query else by_category[query["category"]]

    return {"/v5/market/instruments-info": listed}


def test_a_coin_means_its_perpetuals_in_tether_and_no_dated_future(payload: Payload) -> None:
    found = chosen("binance", binance(payload), "ETH", "BTC")
    assert [(m.symbol, m.wire_id, m.unit) for m in found] == [
        ("ETH/USDT:USDT", "ETHUSDT", 1.0), ("BTC/USDT:USDT", "BTCUSDT", 1.0),
    ]  # fmt: skip
    assert {m.instrument.contract_kind for m in found} == {ContractKind.LINEAR}
    assert found[1].instrument.tick_size == 0.01


def test_any_other_perpetual_is_chosen_by_its_symbol(payload: Payload) -> None:
    found = chosen("binance", binance(payload), "BTC/BUSD:BUSD")
    assert [m.wire_id for m in found] == ["BTCBUSD"]


def test_a_coin_that_is_not_listed_chooses_nothing(payload: Payload) -> None:
    assert chosen("binance", binance(payload), "NOSUCH") == []


def test_a_market_that_no_longer_trades_is_not_chosen(payload: Payload) -> None:
    answers = binance(payload)
    for listed in answers["/fapi/v1/exchangeInfo"]["symbols"]:
        listed["status"] = "SETTLING" if listed["symbol"] == "BTCUSDT" else listed["status"]
    assert [m.wire_id for m in chosen("binance", answers, "BTC", "ETH")] == ["ETHUSDT"]


def test_coin_margined_contracts_are_worth_100_or_10_dollars(payload: Payload) -> None:
    recorded = payload("binance_coinm/rest_recorded_exchangeInfo_2021-07.json")["body"]
    found = chosen("binancecoinm", {"/dapi/v1/exchangeInfo": recorded}, "BTC", "ETH")
    expected = [COIN_BTC, COIN_ETH]
    assert [(m.symbol, m.wire_id, m.unit) for m in found] == [
        (m.symbol, m.wire_id, m.unit) for m in expected
    ]
    assert {m.instrument.contract_kind for m in found} == {ContractKind.INVERSE}


def test_okx_contracts_have_sizes_of_their_own(payload: Payload) -> None:
    found = chosen("okx", okx(payload), "BTC", "ETH")
    assert [(m.symbol, m.wire_id, m.unit) for m in found] == [
        ("BTC/USDT:USDT", "BTC-USDT-SWAP", 0.01), ("BTC/USD:BTC", "BTC-USD-SWAP", 100.0),
        ("ETH/USDT:USDT", "ETH-USDT-SWAP", 0.1), ("ETH/USD:ETH", "ETH-USD-SWAP", 10.0),
    ]  # fmt: skip


def test_bybit_counts_base_and_dollars(payload: Payload) -> None:
    found = chosen("bybit", bybit(payload), "BTC", "ETH")
    assert [(m.symbol, m.wire_id, m.unit) for m in found] == [
        ("BTC/USDT:USDT", "BTCUSDT", 1.0), ("BTC/USD:BTC", "BTCUSD", 1.0),
        ("ETH/USDT:USDT", "ETHUSDT", 1.0),
    ]  # fmt: skip


def test_gate_s_contracts_have_sizes_of_their_own_and_one_is_a_dollar(payload: Payload) -> None:
    linear = payload("gate/rest_recorded_contracts_usdt_2023-05.json")["body"]
    inverse = {**next(row for row in linear if row["name"] == "BTC_USDT"), "name": "BTC_USD"}
    answers = {"/api/v4/futures/usdt/contracts": linear}
    answers["/api/v4/futures/btc/contracts"] = [{**inverse, "quanto_multiplier": "0"}]
    found = chosen("gate", answers, "BTC", "ETH")
    assert [(m.symbol, m.wire_id, m.unit, m.instrument.tick_size) for m in found] == [
        ("BTC/USDT:USDT", "BTC_USDT", 0.0001, 0.1), ("BTC/USD:BTC", "BTC_USD", 1.0, 0.1),
        ("ETH/USDT:USDT", "ETH_USDT", 0.01, 0.05),
    ]  # fmt: skip


def bitget_contract(base: str, quote: str, settle: str, name: str) -> dict[str, Any]:
    row = {"symbol": name, "baseCoin": base, "quoteCoin": quote, "supportMarginCoins": [settle]}
    row |= {"symbolType": "perpetual", "symbolStatus": "normal", "pricePlace": "1"}
    sizes = {"priceEndStep": "1", "volumePlace": "3", "sizeMultiplier": "0.001", "minTradeNum": "1"}
    return {**row, **sizes, "takerFeeRate": "0.0006", "makerFeeRate": "0.0002", "minLever": "1"}


def test_bitget_s_coin_margined_contracts_are_left_out() -> None:
    listed = {
        "USDT-FUTURES": [bitget_contract("BTC", "USDT", "USDT", "BTCUSDT")],
        "COIN-FUTURES": [bitget_contract("BTC", "USD", "BTC", "BTCUSD")],
    }

    def contracts(query: Any) -> dict[str, Any]:
        return {"code": "00000", "data": listed.get(query["productType"], [])}

    found = chosen("bitget", {"/api/v2/mix/market/contracts": contracts}, "BTC", "BTC/USD:BTC")
    assert [(m.symbol, m.wire_id, m.unit) for m in found] == [("BTC/USDT:USDT", "BTCUSDT", 1.0)]
    assert found[0].instrument.tick_size == 0.1


def test_a_coin_means_dydx_s_perpetual_in_dollars_that_trades(payload: Payload) -> None:
    markets = payload("dydx_v4/rest_perpetual_markets.json")["result"]
    markets["markets"]["ETH-USD"]["status"] = "FINAL_SETTLEMENT"
    found = chosen("dydx", {"/v4/perpetualMarkets": markets}, "BTC", "ETH")
    assert [(m.symbol, m.wire_id, m.unit, m.instrument.tick_size) for m in found] == [
        ("BTC/USDC:USDC", "BTC-USD", 1.0, 1.0)
    ]


def test_hyperliquid_s_frames_name_the_coin_and_its_tick_is_no_constant(payload: Payload) -> None:
    meta = payload("hyperliquid/rest_meta_perp_sample.json")
    (_, contexts), *_ = payload("hyperliquid/ws_all_dexs_asset_ctxs.json")["data"]["ctxs"]
    answer = [meta, contexts[: len(meta["universe"])]]
    found = chosen("hyperliquid", {"/info metaAndAssetCtxs": answer}, "ETH", "BTC")
    assert [(m.symbol, m.wire_id, m.unit, m.instrument.tick_size) for m in found] == [
        ("ETH/USDC:USDC", "ETH", 1.0, None), ("BTC/USDC:USDC", "BTC", 1.0, None),
    ]  # fmt: skip


@pytest.mark.parametrize("feed", ["binance", "binancecoinm", "bybit", "okx"])
def test_the_stored_instrument_counts_our_units(feed: str, payload: Payload) -> None:
    coin_m = payload("binance_coinm/rest_recorded_exchangeInfo_2021-07.json")["body"]
    answers = {**binance(payload), **okx(payload), **bybit(payload)}
    found = chosen(feed, {**answers, "/dapi/v1/exchangeInfo": coin_m}, "BTC")
    assert {m.instrument.contract_size for m in found} == {1.0}
    assert {m.instrument.venue for m in found} == {"binance" if "binance" in feed else feed}
    assert {m.feed for m in found} == {feed}
