"""Books are kept between questions and give the bits of a book that walks all bars anew."""

from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.server.sample_store import corrected, instrument, sample_market, stored_instrument

import liqbands
from liqbands.candles import Candles
from liqbands.parameters import Parameters
from liqbands.results import Snapshot
from liqbands_server.service.books import Books
from liqbands_server.store.instruments import StoredInstrument
from liqbands_server.store.opening import open_store

BARS = sample_market().candles


@pytest.fixture(scope="module")
def member(sample_store: Path) -> StoredInstrument:
    store = open_store(str(sample_store))
    found = stored_instrument(store, "bybit")
    store.close()
    return found


def assert_same(one: Snapshot, other: Snapshot) -> None:
    assert one.time_ms == other.time_ms
    np.testing.assert_array_equal(one.contracts, other.contracts)
    np.testing.assert_array_equal(one.mean_age_ms, other.mean_age_ms)
    np.testing.assert_array_equal(one.dense_since_ms, other.dense_since_ms)


def anew(bars: Candles) -> Snapshot:
    return liqbands.snapshot(bars, instrument("bybit"))


@settings(max_examples=20)
@given(lengths=st.lists(st.integers(10, len(BARS)), min_size=1, max_size=5))
def test_any_order_of_questions_gives_the_same_books(
    member: StoredInstrument, lengths: list[int]
) -> None:
    books = Books(Parameters())
    for length in lengths:
        assert_same(books.snapshot(member, BARS[:length]), anew(BARS[:length]))


def test_a_correction_is_walked_anew(member: StoredInstrument) -> None:
    books = Books(Parameters())
    books.snapshot(member, BARS[:300])
    changed = corrected(BARS[:300])
    assert_same(books.snapshot(member, changed), anew(changed))


def test_a_resting_market_has_one_snapshot(member: StoredInstrument) -> None:
    books = Books(Parameters())
    assert books.snapshot(member, BARS[:100]) is books.snapshot(member, BARS[:100])


def test_a_look_back_leaves_the_newest_book_alone(member: StoredInstrument) -> None:
    books = Books(Parameters())
    newest = books.snapshot(member, BARS[:200])
    books.snapshot(member, BARS[:50])
    assert books.snapshot(member, BARS[:200]) is newest


def test_many_threads_get_the_same_book(member: StoredInstrument) -> None:
    books, found = Books(Parameters()), []

    def ask(length: int) -> None:
        found.append((length, books.snapshot(member, BARS[:length])))

    threads = [Thread(target=ask, args=(200 + 20 * (number % 3),)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 9
    for length, snapshot in found:
        assert_same(snapshot, anew(BARS[:length]))
