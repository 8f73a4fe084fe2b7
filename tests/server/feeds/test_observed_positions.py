"""Asking about accounts: the set that was seen last stands in the store."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.server.feeds.venues.wire_markets import HYPERLIQUID
from tests.server.feeds.venues.wire_server import WireServer, exchange_at

from liqbands_server.feeds.asking import Asking
from liqbands_server.feeds.market_feed import MarketFeed
from liqbands_server.feeds.observed_positions import KnowsPositions, PositionObserver
from liqbands_server.feeds.patience import Patience
from liqbands_server.feeds.throttle import Throttle
from liqbands_server.feeds.venues.hyperliquid import Hyperliquid
from liqbands_server.feeds.venues.registry import FEEDS, find_border
from liqbands_server.feeds.wire import Wire
from liqbands_server.feeds.writer import Writer
from liqbands_server.store.instruments import StoredInstrument, add_instrument
from liqbands_server.store.observed import ObservedPosition, read_positions
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

ALICE, BOB = "0x" + "A" * 40, "0x" + "b" * 40
SECONDS = 20.0
NOTHING: dict[str, Any] = {"assetPositions": []}


def holding(size: str) -> dict[str, Any]:
    position = {"coin": "BTC", "szi": size, "entryPx": "95", "leverage": {"value": 5}}
    return {"assetPositions": [{"position": {**position, "liquidationPx": "80"}}]}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store."""
    opened = open_store(str(tmp_path / "store.db"))
    yield opened
    opened.close()


@pytest.fixture
def bitcoin(store: Store) -> StoredInstrument:
    """Return Bitcoin as it stands in the store."""
    with store.writing() as connection:
        return add_instrument(connection, HYPERLIQUID.instrument)


class Silent:
    """A reader of frames where there are none."""

    def read(self, *_: object) -> bool:
        return False

    def drop(self, *_: object) -> None:
        return


def asked(store: Store, own: StoredInstrument, answers: list[Any], accounts: list[str]) -> Any:
    """Ask about accounts until all answers were given, the last one again and again."""
    patience, throttle = Patience(first_pause=0.01, poll=0.001, courtesy=0.001), Throttle()
    left = [*answers, answers[-1]]

    async def ask() -> list[Any]:
        writer, states = Writer(store), dict[Any, Any]()
        feeds = {"BTC": MarketFeed(HYPERLIQUID, own, writer, 0.1)}
        say = {"/info clearinghouseState": lambda _: left.pop(0) if left[1:] else left[0]}
        server = WireServer(say)
        async with server.serving() as port, exchange_at(Hyperliquid(), port) as exchange:
            asking = Asking("hyperliquid", Wire(Silent(), throttle, patience), throttle, patience)
            observer = PositionObserver(Hyperliquid(), exchange, asking, writer, patience)
            running = asyncio.ensure_future(observer.run(feeds, accounts, states))
            while len(server.asked) <= len(answers) and not running.done():
                await asyncio.sleep(0.005)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        await writer.close()
        assert states == {("BTC", "positions"): observer.state}
        return server.asked

    return asyncio.run(asyncio.wait_for(ask(), SECONDS))


def held(store: Store, own: StoredInstrument) -> list[ObservedPosition]:
    with store.reading() as connection:
        return read_positions(connection, [own.id])


def test_hyperliquid_alone_tells_what_accounts_hold() -> None:
    assert [feed for feed in FEEDS if isinstance(find_border(feed), KnowsPositions)] == [
        "hyperliquid"
    ]


def test_each_account_is_asked_about_once_a_round_whatever_its_letters(
    store: Store, bitcoin: StoredInstrument
) -> None:
    answers = [holding("1"), holding("-2")]
    questions = asked(store, bitcoin, answers, [ALICE, BOB, ALICE.lower()])
    assert [query["user"] for _, query in questions[:2]] == [ALICE.lower(), BOB]
    alice, bob = held(store, bitcoin)
    assert (alice.account, bob.account) == (ALICE.lower(), BOB)
    assert (bob.side, bob.contracts, bob.liquidation_price) == (-1, 2.0, 80.0)


def test_a_position_that_was_closed_is_gone(store: Store, bitcoin: StoredInstrument) -> None:
    asked(store, bitcoin, [holding("1"), NOTHING], [ALICE])
    assert held(store, bitcoin) == []


def test_an_answer_that_cannot_be_true_changes_nothing(
    store: Store, bitcoin: StoredInstrument
) -> None:
    asked(store, bitcoin, [holding("1"), holding("NaN"), {"assetPositions": 5}], [ALICE])
    assert [one.contracts for one in held(store, bitcoin)] == [1.0]


def test_accounts_that_are_no_longer_named_are_forgotten(
    store: Store, bitcoin: StoredInstrument
) -> None:
    asked(store, bitcoin, [holding("1")], [BOB])
    asked(store, bitcoin, [holding("2")], [ALICE])
    assert [one.account for one in held(store, bitcoin)] == [ALICE.lower()]
