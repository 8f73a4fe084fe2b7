"""Whatever a venue answers, a border reads it or refuses it; nothing else happens."""

import copy
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.server.feeds.venues.junk import JUNK, places, with_junk
from tests.server.feeds.venues.wire_markets import markets_of

from liqbands_server.errors import WireError
from liqbands_server.feeds.venues.border import VenueBorder
from liqbands_server.feeds.venues.registry import find_border

NOW = 1_709_891_640_000
_BINANCE_BAR = [NOW, "100", "102", "99", "101", "40", NOW + 59_999, "0.5", 3, "30", "0.3", "0"]
_BYBIT_BAR = [str(NOW), "100", "102", "99", "101", "40", "4000"]
_TEXT = "2024-03-08T09:54:00.000Z"
_BITGET_BAR = [str(NOW), "100", "102", "99", "101", "5", "500"]
_GATE_BAR = {"t": NOW // 1000, "o": "100", "h": "102", "l": "99", "c": "101", "v": 5, "sum": "500"}
_DYDX_BAR = {"startedAt": _TEXT, "low": "99", "high": "102", "open": "100", "close": "101",
             "baseTokenVolume": "5", "usdVolume": "500", "startingOpenInterest": "7"}  # fmt: skip
_HYPERLIQUID_BAR = {"t": NOW, "o": "100", "h": "102", "l": "99", "c": "101", "v": "5"}
_OKX_BAR = [str(NOW), "100", "102", "99", "101", "40", "0.4", "40", "1"]


class Answering:
    """A venue's exchange object that answers everything alike; ccxt's methods have many names."""

    apiKey = "key"  # noqa: N815 - ccxt's name

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def milliseconds(self) -> int:
        return NOW

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def answer(*_: Any) -> Any:
            return copy.deepcopy(self._answer)

        return answer


def bybit(**result: Any) -> dict[str, Any]:
    return {"retCode": 0, "result": result, "time": NOW}


TRUE_ANSWERS: list[tuple[str, str, Any]] = [
    ("binance", "bars", [_BINANCE_BAR, [NOW + 60_000, *_BINANCE_BAR[1:]]]),
    ("binance", "mark_bars", [_BINANCE_BAR]),
    ("binance", "funding_history", [{"fundingRate": "0.1", "fundingTime": NOW}]),
    ("binance", "open_interest", {"openInterest": "5", "time": NOW}),
    ("binance", "depth", {"T": NOW, "bids": [["99", "1"]], "asks": [["101", "1"]]}),
    ("binance", "server_time_ms", {"serverTime": NOW}),
    ("bybit", "bars", bybit(list=[_BYBIT_BAR])),
    ("bybit", "mark_bars", bybit(list=[_BYBIT_BAR])),
    ("bybit", "open_interest_history", bybit(list=[{"openInterest": "5", "timestamp": str(NOW)}])),
    ("bybit", "funding_history",
     bybit(list=[{"fundingRate": "0.1", "fundingRateTimestamp": str(NOW)}])),
    ("bybit", "depth", bybit(ts=NOW, b=[["99", "1"]], a=[["101", "1"]])),
    ("bybit", "tiers", bybit(list=[{"riskLimitValue": "150", "maintenanceMargin": "0.005",
                                    "initialMargin": "0.01", "maxLeverage": "100",
                                    "mmDeduction": ""}])),
    ("bybit", "server_time_ms", bybit()),
    ("okx", "bars", {"code": "0", "data": [_OKX_BAR]}),
    ("okx", "mark_bars", {"code": "0", "data": [_OKX_BAR]}),
    ("okx", "open_interest_history", {"data": [[str(NOW), "200", "2", "20000"]]}),
    ("okx", "funding_history", {"data": [{"realizedRate": "0.1", "fundingTime": str(NOW)}]}),
    ("okx", "depth", {"data": [{"asks": [["101", "5"]], "bids": [["99", "2"]], "ts": str(NOW)}]}),
    ("okx", "tiers", {"data": [{"maxSz": "1000", "mmr": "0.004", "imr": "0.01",
                                "maxLever": "100", "ts": str(NOW)}]}),
    ("okx", "server_time_ms", {"data": [{"ts": str(NOW)}]}),
    ("bitget", "bars", {"data": [_BITGET_BAR, [str(NOW + 60_000), *_BITGET_BAR[1:]]]}),
    ("bitget", "mark_bars", {"data": [_BITGET_BAR]}),
    ("bitget", "funding_history", {"data": [{"fundingRate": "0.1", "fundingTime": str(NOW)}]}),
    ("bitget", "depth", {"data": {"asks": [["101", "5"]], "bids": [["99", "2"]], "ts": str(NOW)}}),
    ("bitget", "server_time_ms", {"data": {"serverTime": str(NOW)}}),
    ("gate", "bars", [_GATE_BAR, {**_GATE_BAR, "t": NOW // 1000 + 60}]),
    ("gate", "mark_bars", [_GATE_BAR]),
    ("gate", "open_interest_history", [{"time": NOW // 1000, "open_interest": "5"}]),
    ("gate", "open_interest", {"position_size": 5, "server_time": NOW}),
    ("gate", "funding_history", [{"t": NOW // 1000, "r": "0.1"}]),
    ("gate", "depth", {"current": NOW / 1000, "asks": [{"s": 5, "p": "101"}],
                       "bids": [{"s": 2, "p": "99"}]}),
    ("gate", "liquidations", [{"time": NOW // 1000, "size": -165, "left": 0, "order_size": 165,
                               "fill_price": "28070"}]),
    ("gate", "server_time_ms", {"server_time": NOW}),
    ("dydx", "bars", {"candles": [_DYDX_BAR], "epoch": NOW / 1000}),
    ("dydx", "open_interest_history", {"candles": [_DYDX_BAR]}),
    ("dydx", "open_interest", {"markets": {"BTC-USD": {"openInterest": "5"}}, "epoch": NOW / 1000}),
    ("dydx", "funding_history", {"historicalFunding": [{"rate": "0.1", "effectiveAt": _TEXT}]}),
    ("dydx", "depth", {"asks": [{"price": "101", "size": "5"}], "epoch": NOW / 1000,
                       "bids": [{"price": "99", "size": "2"}]}),
    ("dydx", "tiers", {"markets": {"BTC-USD": {"initialMarginFraction": "0.02",
                                               "maintenanceMarginFraction": "0.012"}},
                       "epoch": NOW / 1000}),
    ("dydx", "server_time_ms", {"epoch": NOW / 1000}),
    ("hyperliquid", "bars", [_HYPERLIQUID_BAR, {**_HYPERLIQUID_BAR, "t": NOW + 60_000}]),
    ("hyperliquid", "funding_history", [{"fundingRate": "0.1", "time": NOW}]),
    ("hyperliquid", "depth", {"time": NOW, "levels": [[{"px": "99", "sz": "2"}],
                                                      [{"px": "101", "sz": "5"}]]}),
    ("hyperliquid", "tiers", {"universe": [{"name": "BTC", "maxLeverage": 40, "marginTableId": 5}],
                              "marginTables": [[5, {"marginTiers": [{"lowerBound": "0.0",
                                                                     "maxLeverage": 40}]}]],
                              "time": NOW}),
    ("hyperliquid", "positions", {"assetPositions": [{"position": {
        "coin": "BTC", "szi": "-1", "entryPx": "100", "leverage": {"value": 20},
        "liquidationPx": None}}]}),
    ("hyperliquid", "server_time_ms", {"time": NOW}),
]  # fmt: skip
_WINDOWS = ("bars", "mark_bars", "open_interest_history", "funding_history", "liquidations")


def answered(feed: str, question: str, answer: Any) -> Any:
    border: VenueBorder = find_border(feed)
    arguments: list[Any] = [Answering(answer)]
    if question == "positions":
        arguments += [markets_of(feed), "0x0"]
    elif question != "server_time_ms":
        arguments.append(next(iter(markets_of(feed).values())))
    if question in _WINDOWS:
        arguments += [NOW, NOW + 60_000]
    return finished(getattr(border, question)(*arguments))


def finished(question: Coroutine[Any, Any, Any]) -> Any:
    """Return the result of what never has to wait."""
    try:
        question.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits for something")


@pytest.mark.parametrize(("feed", "question", "answer"), TRUE_ANSWERS)
def test_the_answers_below_are_true(feed: str, question: str, answer: Any) -> None:
    assert answered(feed, question, answer)


@pytest.mark.parametrize(("feed", "question", "answer"), TRUE_ANSWERS)
@settings(max_examples=50)
@given(st.data())
def test_an_answer_with_junk_anywhere_is_read_or_refused(
    feed: str, question: str, answer: Any, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(list(places(answer))))
    with suppress(WireError):
        answered(feed, question, with_junk(answer, place, data.draw(JUNK)))
