"""Venues that are not emulated, from their sockets into the store: what they said stands there."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from tests.server.feeds.quick_feed import QUICK
from tests.server.feeds.told_venues import (
    ACCOUNT,
    EVENT,
    FEEDS,
    FIRST,
    LAST,
    MINUTE,
    OPENS,
    telling,
)

from liqbands.margin import read_table
from liqbands_server.feeds.following import follow_venues
from liqbands_server.settings import Settings
from liqbands_server.store.candle_rows import CandleRows
from liqbands_server.store.candles import read_candles
from liqbands_server.store.health import read_health
from liqbands_server.store.instruments import StoredInstrument, read_instruments
from liqbands_server.store.liquidations import read_liquidations
from liqbands_server.store.observed import read_positions
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store
from liqbands_server.store.tables import VALUES
from liqbands_server.store.tiers import read_tiers

WAIT_SECONDS = 40.0
EVERY_FEED = pytest.mark.parametrize("feed", FEEDS)
POSITIONS = "hyperliquid:positions"
STREAMS = {
    f"{feed}:{stream}"
    for feed in FEEDS
    for stream in ("trades", "candles", "mark", "open_interest", "depth")
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return the store after all four venues have been followed for a moment."""
    path = tmp_path_factory.mktemp("told") / "store.db"
    store = open_store(str(path))
    with telling() as gateway:
        settings = Settings(
            store=str(path),
            venues=FEEDS,
            symbols=("BTC",),
            feed_days=1,
            feed_gateway=gateway,
            hyperliquid_addresses=(ACCOUNT,),
        )
        follow_venues(settings, store, until(lambda: is_all_there(store)), QUICK)
    yield store
    store.close()


def until(reached: Callable[[], bool]) -> Callable[[], bool]:
    """Return what says whether to stop: something was reached, or took too long."""
    latest = time.monotonic() + WAIT_SECONDS
    return lambda: reached() or time.monotonic() > latest


def is_all_there(store: Store) -> bool:
    markets = stored_markets(store)
    if set(markets) != set(FEEDS) or not all(market.series for market in markets.values()):
        return False
    with store.reading() as connection:
        return (
            all(last_bar(store, feed)["close"] == 100.5 for feed in FEEDS)
            and all(read_tiers(connection, one.id, 2**60) for one in markets.values())
            and bool(read_positions(connection, [markets["hyperliquid"].id]))
            and all(liquidated(store, feed) for feed in ("gate", "dydx"))
            and {said.feed for said in read_health(connection)} >= {*STREAMS, POSITIONS}
        )


def stored_markets(store: Store) -> dict[str, StoredInstrument]:
    with store.reading() as connection:
        return {one.instrument.venue: one for one in read_instruments(connection)}


def bars(store: Store, feed: str) -> CandleRows:
    own = stored_markets(store)[feed].id
    with store.reading() as connection:
        return read_candles(connection, own, MINUTE, FIRST - MINUTE, LAST + 9 * MINUTE)


def last_bar(store: Store, feed: str) -> dict[str, float]:
    rows = bars(store, feed)
    newest = rows.values[rows.open_time_ms == rows.open_time_ms.max()][-1]
    return dict(zip(VALUES, newest.tolist(), strict=True))


def liquidated(store: Store, feed: str) -> list[tuple[Any, ...]]:
    own = stored_markets(store)[feed].id
    with store.reading() as connection:
        found = read_liquidations(connection, own, FIRST, LAST + MINUTE, 2**60)
    columns = (found.time_ms, found.side, found.price, found.contracts)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@EVERY_FEED
def test_the_whole_half_hour_is_stored_and_the_minute_that_is_forming_is_not(
    told: Store, feed: str
) -> None:
    assert np.unique(bars(told, feed).open_time_ms).tolist() == list(OPENS)


@EVERY_FEED
def test_the_minute_that_the_next_one_closed_is_as_the_socket_said_last(
    told: Store, feed: str
) -> None:
    bar = last_bar(told, feed)
    assert [bar[name] for name in ("open", "high", "low", "close")] == [100, 102, 99, 100.5]
    assert bar["volume"] == pytest.approx(5.0)
    assert bar["funding_rate"] == 0.0001


@pytest.mark.parametrize("feed", ["bitget", "dydx", "hyperliquid"])
def test_open_interest_is_that_of_its_close(told: Store, feed: str) -> None:
    assert last_bar(told, feed)["open_interest"] == 70.0


def test_dydx_s_past_minutes_know_what_was_open_when_the_next_one_began(told: Store) -> None:
    rows = bars(told, "dydx")
    assert set(rows.values[:, VALUES.index("open_interest")].tolist()) == {70.0}


def test_gate_s_liquidations_are_asked_for_and_stored_once(told: Store) -> None:
    assert liquidated(told, "gate") == [(EVENT, -1, 102.0, 0.5)]


def test_dydx_s_liquidations_are_among_its_trades(told: Store) -> None:
    assert liquidated(told, "dydx") == [(EVENT, -1, 101.0, 0.5)]


@pytest.mark.parametrize("feed", ["bitget", "hyperliquid"])
def test_venues_that_tell_of_no_liquidation_leave_it_unknown_and_not_zero(
    told: Store, feed: str
) -> None:
    bar = last_bar(told, feed)
    assert np.isnan([bar["long_liquidated"], bar["short_liquidated"]]).all()


@pytest.mark.parametrize(
    ("feed", "rate"), [("bitget", 0.004), ("gate", 0.005), ("dydx", 0.012), ("hyperliquid", 0.0125)]
)
def test_stored_tiers_are_tables_of_the_engine_s(told: Store, feed: str, rate: float) -> None:
    with told.reading() as connection:
        text = read_tiers(connection, stored_markets(told)[feed].id, 2**60)
    assert read_table(text or "").maintenance_margin_rate.tolist() == [rate]


def test_positions_of_an_account_are_observed(told: Store) -> None:
    with told.reading() as connection:
        (held,) = read_positions(connection, [stored_markets(told)["hyperliquid"].id])
        health = {said.feed: said.message for said in read_health(connection)}
    assert held.account == ACCOUNT.lower()
    assert (held.side, held.contracts, held.entry_price) == (-1, 7.0, 95.0)
    assert held.liquidation_price == 110.0
    assert health[POSITIONS] == ""


def test_every_stream_says_how_it_is_doing(told: Store) -> None:
    with told.reading() as connection:
        said = {health.feed: health.state for health in read_health(connection)}
    assert set(said) >= STREAMS
    assert set(said.values()) == {"stopped"}
