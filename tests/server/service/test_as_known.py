"""What was known when: series, markets and the moment that an answer speaks of."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.server.sample_store import (
    BAR_MS,
    BINANCE,
    BYBIT,
    END_MS,
    NOW_MS,
    TOGETHER,
    add_bars,
    corrected,
    sample_market,
)

from liqbands.candles import Candles
from liqbands.errors import UnknownSymbolError
from liqbands.parameters import Parameters
from liqbands.sim import START_MS
from liqbands_server.errors import QuestionError
from liqbands_server.service.listings import only_venues
from liqbands_server.service.markets import Markets
from liqbands_server.service.provenance import (
    SETTLING_MS,
    default_holds_until,
    input_hash,
    is_settled,
    name_of,
    resolve_as_of,
)
from liqbands_server.store.opening import open_store

MARKET = sample_market()
MINUTE = 60_000


@pytest.fixture(scope="module")
def markets(sample_store: Path) -> Iterator[Markets]:
    store = open_store(str(sample_store))
    yield Markets(store)
    store.close()


@pytest.fixture
def own_markets(own_store: Path) -> Iterator[Markets]:
    store = open_store(str(own_store))
    yield Markets(store)
    store.close()


@given(as_of_ms=st.integers(START_MS + BAR_MS, NOW_MS))
def test_a_bar_of_the_first_load_is_known_from_its_close(markets: Markets, as_of_ms: int) -> None:
    bars = markets.series(markets.find(BYBIT).reference).known_at(as_of_ms)
    assert len(bars) == min((as_of_ms - START_MS) // BAR_MS, len(MARKET.stored))


def test_before_anything_was_known_there_is_no_answer(markets: Markets) -> None:
    series = markets.series(markets.find(BYBIT).reference)
    with pytest.raises(QuestionError, match="nothing was known"):
        series.known_at(START_MS)


def test_a_correction_counts_since_it_was_learnt(own_markets: Markets) -> None:
    series = own_markets.series(own_markets.find(BYBIT).reference)
    changed = corrected(MARKET.stored[100:110])
    add_bars(own_markets.store, "bybit", changed, NOW_MS)
    own_markets.refresh()
    before, after = series.known_at(NOW_MS - 1), series.known_at(NOW_MS)
    np.testing.assert_array_equal(before.open_interest, MARKET.stored.open_interest)
    np.testing.assert_array_equal(after.open_interest[100:110], changed.open_interest)
    np.testing.assert_array_equal(after.close, MARKET.stored.close)


def test_only_the_listings_that_changed_have_a_new_version(own_markets: Markets) -> None:
    add_bars(own_markets.store, "bybit", MARKET.candles, NOW_MS)
    before = own_markets.last_change
    assert [change.kind for change in own_markets.refresh()] == ["candles"]
    assert own_markets.last_change > before
    assert own_markets.version(own_markets.find(BYBIT)) == own_markets.last_change
    assert own_markets.version(own_markets.find(TOGETHER)) == own_markets.last_change
    assert own_markets.version(own_markets.find(BINANCE)) == 0
    assert own_markets.refresh() == []


@pytest.mark.parametrize("name", ["bybit:simusdt.p", BYBIT])
def test_case_does_not_matter(markets: Markets, name: str) -> None:
    assert markets.find(name).ticker == BYBIT


def test_a_name_alone_will_do_where_it_is_unique(markets: Markets) -> None:
    assert markets.find("SIMUSD.P").ticker == TOGETHER
    with pytest.raises(UnknownSymbolError, match="listed by several"):
        markets.find("SIMUSDT.P")


def test_simulated_markets_are_never_added_to_real_ones(markets: Markets) -> None:
    listing = markets.find(TOGETHER)
    assert [member.instrument.venue for member in listing.members] == ["bybit", "binance"]
    assert not listing.simulated


def test_venues_keep_the_order_of_the_listing(markets: Markets) -> None:
    listing = markets.find(TOGETHER)
    assert only_venues(listing, ["binance", "bybit"]) == listing
    assert only_venues(listing, ["binance"]).reference.ticker == BINANCE


@given(now_ms=st.integers(END_MS, END_MS + 10 * MINUTE))
def test_the_default_moment_is_the_newest_or_a_settled_minute(
    markets: Markets, now_ms: int
) -> None:
    moment = resolve_as_of(markets, markets.find(BYBIT), None, now_ms)
    assert moment == END_MS or (moment % MINUTE == 0 and moment <= now_ms - SETTLING_MS)
    assert moment >= min(END_MS, now_ms - SETTLING_MS)
    holds = default_holds_until(now_ms)
    assert resolve_as_of(markets, markets.find(BYBIT), None, holds - 1) == moment
    assert resolve_as_of(markets, markets.find(BYBIT), None, holds) >= moment


def test_what_may_still_change_is_refused(markets: Markets) -> None:
    listing, now_ms = markets.find(BYBIT), END_MS + MINUTE
    assert resolve_as_of(markets, listing, now_ms - SETTLING_MS, now_ms) == now_ms - SETTLING_MS
    with pytest.raises(QuestionError, match="as_of must not lie in the future"):
        resolve_as_of(markets, listing, now_ms - SETTLING_MS + 1, now_ms)


def test_a_moment_is_settled_when_every_venue_has_learnt_something_later(
    own_markets: Markets,
) -> None:
    one, both = own_markets.find(BYBIT), own_markets.find(TOGETHER)
    assert is_settled(own_markets, both, END_MS - 1)
    assert not is_settled(own_markets, one, END_MS)
    add_bars(own_markets.store, "bybit", MARKET.candles, NOW_MS)
    own_markets.refresh()
    assert is_settled(own_markets, one, END_MS)
    assert not is_settled(own_markets, both, END_MS)


def test_the_hash_is_of_bars_and_settings() -> None:
    bars, other = (MARKET.stored,), (corrected(MARKET.stored),)
    assert input_hash(bars, Parameters()) == input_hash((MARKET.stored[:],), Parameters())
    hashes = {
        input_hash(bars, Parameters()),
        input_hash(other, Parameters()),
        input_hash(bars, Parameters(sweep=False)),
    }
    assert len(hashes) == 3


def test_settings_of_ones_own_are_called_so() -> None:
    assert name_of(Parameters()).startswith("default-")
    assert name_of(Parameters(sweep=False)).startswith("own-")


def test_finer_bars_become_the_base_of_a_market_already_asked_for(own_markets: Markets) -> None:
    listing = own_markets.find(BYBIT)
    own_markets.series(listing.reference).known_at(END_MS)
    bars = MARKET.stored[:12]
    finer = Candles.from_arrays(
        START_MS + np.arange(12) * MINUTE,
        open=bars.open, high=bars.high, low=bars.low, close=bars.close,
    )  # fmt: skip
    add_bars(own_markets.store, "bybit", finer, NOW_MS)
    own_markets.refresh()
    known = own_markets.series(own_markets.find(BYBIT).reference).known_at(NOW_MS + MINUTE)
    assert (known.timeframe_ms, len(known)) == (MINUTE, 12)


def test_threads_that_ask_while_bars_come_see_one_state_or_the_other(
    own_markets: Markets,
) -> None:
    series = own_markets.series(own_markets.find(BYBIT).reference)
    ended, lengths, store = Event(), set[int](), own_markets.store

    def ask() -> None:
        while not ended.is_set():
            lengths.add(len(series.known_at(NOW_MS)))

    thread = Thread(target=ask)
    thread.start()
    first, last = len(MARKET.stored), len(MARKET.candles)
    for count in range(first + 1, last + 1):
        add_bars(store, "bybit", MARKET.candles[:count], NOW_MS)
        own_markets.refresh()
    ended.set()
    thread.join(10)
    assert lengths <= set(range(first, last + 1))
    assert len(series.known_at(NOW_MS + 3 * 3_600_000)) == last
