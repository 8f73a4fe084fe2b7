"""dYdX's REST answers as recorded, asked for by ccxt itself."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import DYDX
from tests.server.feeds.venues.wire_server import ask

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, Funding, OpenInterest
from liqbands_server.feeds.venues.dydx import Dydx

MINUTE = 60_000
START = 1_765_210_140_000  # 2025-12-08T16:09:00Z
NOW = 1_765_210_316_125
CANDLES = "/v4/candles/perpetualMarkets/BTC-USD"
BORDER = Dydx()
Payload = Callable[[str], Any]


@pytest.fixture
def recorded(payload: Payload) -> Callable[[str], Any]:
    """Return what the indexer answered; the recordings wrap it."""
    return lambda name: payload(f"dydx_v4/rest_{name}.json")["result"]


@pytest.fixture
def clock(recorded: Payload) -> dict[str, Any]:
    """Return the recorded time as an answer by path."""
    return {"/v4/time": recorded("time")}


def test_bars_told_newest_first_come_back_in_order_and_the_newest_is_forming(
    recorded: Payload, clock: dict[str, Any]
) -> None:
    answers, until = {CANDLES: recorded("candles"), **clock}, START + 3 * MINUTE
    bars, asked = ask(BORDER, answers, lambda ex: BORDER.bars(ex, DYDX, START, until))
    assert [bar.open_time_ms for bar in bars] == [START + n * MINUTE for n in range(3)]
    assert bars[0] == BarNews(
        START, 90002.0, 90035.0, 89922.0, 90035.0, 1.2221, True, 109940.752
    )  # fmt: skip
    assert [bar.is_closed for bar in bars] == [True, True, False]
    assert asked[0] == (
        CANDLES,
        {"resolution": "1MIN", "limit": "1000", "fromISO": "2025-12-08T16:09:00.000Z",
         "toISO": "2025-12-08T16:13:00.000Z"},
    )  # fmt: skip


def test_bounds_have_the_indexer_s_names_and_not_ccxt_s() -> None:
    _, asked = ask(
        BORDER, {CANDLES: {"candles": []}}, lambda ex: BORDER.bars(ex, DYDX, START, START + MINUTE)
    )
    assert {"fromISO", "toISO"} <= set(asked[0][1])


def test_open_interest_history_stands_in_the_bars(recorded: Payload) -> None:
    answers, until = {CANDLES: recorded("candles")}, START + 2 * MINUTE
    found, _ = ask(BORDER, answers, lambda ex: BORDER.open_interest_history(ex, DYDX, START, until))
    assert found == [OpenInterest(START, 381.8328), OpenInterest(START + MINUTE, 382.3498)]


def test_what_is_open_now_stands_in_the_market_and_is_of_the_venue_s_time(
    recorded: Payload, clock: dict[str, Any]
) -> None:
    answers = {"/v4/perpetualMarkets": recorded("perpetual_markets"), **clock}
    found, asked = ask(BORDER, answers, lambda ex: BORDER.open_interest(ex, DYDX))
    assert found == OpenInterest(NOW, 381.7348)
    assert asked[0][1] == {"market": "BTC-USD"}


def test_settled_funding_is_asked_for_backwards_from_a_time(recorded: Payload) -> None:
    answers = {"/v4/historicalFunding/BTC-USD": recorded("historical_funding")}
    until = 1_765_209_600_220
    since = until - 7_200_000
    found, asked = ask(BORDER, answers, lambda ex: BORDER.funding_history(ex, DYDX, since, until))
    assert found == [
        Funding(1_765_206_000_586, 0.000000375), Funding(1_765_209_600_219, 0.000002375),
    ]  # fmt: skip
    assert asked[0][1]["effectiveBeforeOrAt"] == "2025-12-08T16:00:00.219Z"


def test_the_order_book_is_of_the_venue_s_time(recorded: Payload, clock: dict[str, Any]) -> None:
    answers = {"/v4/orderbooks/perpetualMarket/BTC-USD": recorded("orderbook"), **clock}
    book, _ = ask(BORDER, answers, lambda ex: BORDER.depth(ex, DYDX))
    assert book is not None
    assert (book.time_ms, book.bids[0].tolist(), book.asks[0].tolist()) == (
        NOW, [89947.0, 0.0002], [89958.0, 0.1177],
    )  # fmt: skip


def test_one_rate_holds_for_any_size(recorded: Payload, clock: dict[str, Any]) -> None:
    answers = {"/v4/perpetualMarkets": recorded("perpetual_markets"), **clock}
    text, _ = ask(BORDER, answers, lambda ex: BORDER.tiers(ex, DYDX))
    table = json.loads(text or "")["symbols"]["BTC/USDC:USDC"]
    assert table["rows"] == [[1, 0.0, None, 0.012, 0, 0.02, 0, 50.0, 0.0]]


def test_a_market_that_is_not_told_of_is_refused(clock: dict[str, Any]) -> None:
    answers = {"/v4/perpetualMarkets": {"markets": {}}, **clock}
    with pytest.raises(WireError, match="BTC-USD must be an object"):
        ask(BORDER, answers, lambda ex: BORDER.open_interest(ex, DYDX))


def test_past_oracle_prices_and_liquidations_are_not_asked_for() -> None:
    assert ask(BORDER, {}, lambda ex: BORDER.mark_bars(ex, DYDX, 0, START)) == ([], [])
    assert ask(BORDER, {}, lambda ex: BORDER.liquidations(ex, DYDX, 0, START)) == ([], [])
