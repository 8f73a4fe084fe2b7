"""Hyperliquid's REST answers, all posted to one path, asked for by ccxt itself."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import HYPERLIQUID
from tests.server.feeds.venues.wire_server import ask

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, Funding, HeldPosition
from liqbands_server.feeds.venues.hyperliquid import Hyperliquid

START = 1_769_908_800_000
MINUTE = 60_000
ACCOUNT = "0x360878d351f05975e25f1807a27895e1e5e004fb"
BORDER = Hyperliquid()
CLOCK = {"/info exchangeStatus": {"specialStatuses": None, "time": START + 90_000}}
Payload = Callable[[str], Any]


def candle(open_ms: int) -> dict[str, Any]:
    prices = {"o": "100", "c": "101", "h": "102", "l": "99"}
    return {"t": open_ms, "T": open_ms + 59_999, "s": "BTC", "i": "1m", **prices, "v": "1.5"}


def test_bars_are_posted_for_and_the_newest_is_still_forming() -> None:
    rows = [candle(START), candle(START + MINUTE)]
    answers, until = {"/info candleSnapshot": rows, **CLOCK}, START + 2 * MINUTE
    bars, asked = ask(BORDER, answers, lambda ex: BORDER.bars(ex, HYPERLIQUID, START, until))
    assert bars[0][:7] == (START, 100.0, 102.0, 99.0, 101.0, 1.5, True)
    assert not bars[1].is_closed
    window = {"coin": "BTC", "interval": "1m", "startTime": START, "endTime": until}
    assert asked[0][1] == {"type": "candleSnapshot", "req": window}


def test_bars_older_than_the_venue_keeps_are_simply_missing() -> None:
    found = ask(
        BORDER, {"/info candleSnapshot": []}, lambda ex: BORDER.bars(ex, HYPERLIQUID, 0, START)
    )
    assert found[0] == list[BarNews]()


def test_settled_funding_is_hourly(payload: Payload) -> None:
    answers = {"/info fundingHistory": payload("hyperliquid/rest_funding_history.json")}
    until = START + 7_200_000
    found, asked = ask(
        BORDER, answers, lambda ex: BORDER.funding_history(ex, HYPERLIQUID, START, until)
    )
    assert found == [Funding(START, 0.0000125), Funding(START + 3_600_000, -0.0000081)]
    window = {"startTime": START, "endTime": until - 1}
    assert asked[0][1] == {"type": "fundingHistory", "coin": "BTC", **window}


def test_the_order_book_has_its_own_time(payload: Payload) -> None:
    answers = {"/info l2Book": payload("hyperliquid/rest_l2_book_btc.json")}
    book, asked = ask(BORDER, answers, lambda ex: BORDER.depth(ex, HYPERLIQUID))
    assert book is not None
    assert (book.time_ms, book.bids[0].tolist()) == (1_761_786_491_067, [110427.0, 4.11882])
    assert asked[0][1] == {"type": "l2Book", "coin": "BTC", "nSigFigs": 4}


def ask_tiers(meta: dict[str, Any]) -> list[Any]:
    answers = {"/info meta": meta, **CLOCK}
    text, _ = ask(BORDER, answers, lambda ex: BORDER.tiers(ex, HYPERLIQUID))
    rows: list[Any] = json.loads(text or "")["symbols"]["BTC/USDC:USDC"]["rows"]
    return rows


def test_a_tier_s_rate_is_half_of_what_its_leverage_asks_for_and_the_margin_is_continuous() -> None:
    steps = [{"lowerBound": "0.0", "maxLeverage": 40}]
    steps += [{"lowerBound": "150000000.0", "maxLeverage": 20}]
    tables = [[51, {"marginTiers": []}], [56, {"description": "tiered", "marginTiers": steps}]]
    universe = [{"name": "BTC", "maxLeverage": 40, "marginTableId": 56}]
    assert ask_tiers({"universe": universe, "marginTables": tables}) == [
        [1, 0.0, 150e6, 0.0125, 0, 0.025, 0, 40.0, 0.0],
        [2, 150e6, None, 0.025, 0, 0.05, 0, 20.0, 1_875_000.0],
    ]


def test_a_market_without_a_table_has_one_tier(payload: Payload) -> None:
    recorded = payload("hyperliquid/rest_meta_perp_sample.json")
    assert ask_tiers(recorded) == [[1, 0.0, None, 0.0125, 0, 0.025, 0, 40.0, 0.0]]


def held(coin: str, size: str, **changes: Any) -> dict[str, Any]:
    leverage = {"type": "isolated", "value": 20, "rawUsd": "-95.059824"}
    position = {"coin": coin, "szi": size, "entryPx": "66000.5", "leverage": leverage}
    position |= {"liquidationPx": "62866.269", "positionValue": "100.02765"}
    return {"type": "oneWay", "position": {**position, **changes}}


def ask_positions(*positions: Any) -> tuple[list[HeldPosition], Any]:
    state = {"assetPositions": list(positions), "withdrawable": "0", "time": START}
    markets = {"BTC": HYPERLIQUID}
    return ask(
        BORDER,
        {"/info clearinghouseState": state},
        lambda ex: BORDER.positions(ex, markets, ACCOUNT),
    )


def test_positions_of_an_account_are_public_and_signed() -> None:
    short, asked = ask_positions(held("BTC", "-0.0335"))
    assert short == [HeldPosition(HYPERLIQUID, -1, 0.0335, 66000.5, 20.0, 62866.269)]
    assert asked == [("/info clearinghouseState", {"type": "clearinghouseState", "user": ACCOUNT})]


def test_a_margin_that_covers_every_price_leaves_none() -> None:
    (found,), _ = ask_positions(held("BTC", "1", liquidationPx=None))
    assert (found.side, math.isnan(found.liquidation_price)) == (1, True)


def test_closed_positions_and_other_coins_are_left_out() -> None:
    assert ask_positions(held("BTC", "0.0"), held("ROSE", "5"))[0] == []


def test_an_account_without_positions_has_none(payload: Payload) -> None:
    name = "hyperliquid/rest_clearinghouse_state_negative_total_raw_usd.json"
    answers = {"/info clearinghouseState": payload(name)}
    found = ask(BORDER, answers, lambda ex: BORDER.positions(ex, {"BTC": HYPERLIQUID}, ACCOUNT))
    assert found[0] == []


@pytest.mark.parametrize(
    "positions",
    [[held("BTC", "NaN")], [held("BTC", "1", entryPx="-5")], [held("BTC", "1", leverage=20)],
     [held("BTC", "1"), held("BTC", "2")], ["BTC"]],
    ids=["no size", "no entry", "no leverage", "twice", "no object"],
)  # fmt: skip
def test_positions_that_cannot_be_true_are_refused(positions: list[Any]) -> None:
    with pytest.raises(WireError, match="must"):
        ask_positions(*positions)


def test_what_the_venue_does_not_tell_is_not_asked_for() -> None:
    questions = [BORDER.mark_bars, BORDER.open_interest_history, BORDER.liquidations]
    for question in questions:
        assert ask(BORDER, {}, lambda ex, q=question: q(ex, HYPERLIQUID, 0, START)) == ([], [])  # type: ignore[misc]
    assert ask(BORDER, {}, lambda ex: BORDER.open_interest(ex, HYPERLIQUID)) == (None, [])
