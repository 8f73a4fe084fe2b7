from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from liqbands.instrument import Instrument
from liqbands_server.store.health import FeedHealth, read_health, write_health
from liqbands_server.store.instruments import add_instrument
from liqbands_server.store.listening import extend_listening, read_listening
from liqbands_server.store.profiles import PriceProfile, read_profiles, write_profile
from liqbands_server.store.store import Store
from liqbands_server.store.tiers import read_tiers, write_tiers

STRETCHES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6)), max_size=8)


def add(store: Store) -> int:
    name = f"L{np.random.default_rng().integers(2**60)}/USD:USD"
    with store.writing() as connection:
        return add_instrument(connection, Instrument("test", name)).id


@settings(max_examples=20)
@given(STRETCHES)
def test_stretches_cover_what_was_heard_and_never_touch(
    store: Store, heard: list[tuple[int, int]]
) -> None:
    own = add(store)
    with store.writing() as connection:
        for start, length in heard:
            extend_listening(connection, own, "trades", start, start + length)
    with store.reading() as connection:
        found = read_listening(connection, own, "trades", 0, 100)
    halves = {half for start, end in found for half in range(2 * start, 2 * end + 1)}
    assert halves == {h for s, n in heard for h in range(2 * s, 2 * (s + n) + 1)}
    assert all(before[1] < after[0] for before, after in pairwise(found))


def test_a_stretch_of_one_stream_says_nothing_of_another(store: Store) -> None:
    own = add(store)
    with store.writing() as connection:
        extend_listening(connection, own, "trades", 0, 9)
        extend_listening(connection, own, "liquidations", 5, 6)
    with store.reading() as connection:
        assert read_listening(connection, own, "liquidations", 0, 100) == [(5, 6)]
        assert read_listening(connection, own, "trades", 10, 100) == []


def test_a_profile_comes_back_and_a_second_one_replaces_it(store: Store) -> None:
    own = add(store)
    with store.writing() as connection:
        for sold in (1.0, 2.0):
            profile = PriceProfile(-3, np.array([sold, 0.5]), np.array([0.0, 4.0]))
            write_profile(connection, own, "trades", 60_000, profile)
    with store.reading() as connection:
        found = read_profiles(connection, own, "trades", 0, 60_000)
        assert not read_profiles(connection, own, "depth", 0, 60_000)
    assert (list(found), found[60_000].first_bin) == ([60_000], -3)
    assert_allclose(found[60_000].sold_or_bid, [2.0, 0.5])
    assert_allclose(found[60_000].bought_or_ask, [0.0, 4.0])


def test_health_tells_gaps_and_throttling(store: Store) -> None:
    said = FeedHealth(add(store), "binance:trades", "behind", "told to wait", 1, 2, 3, 4, True)
    with store.writing() as connection:
        write_health(connection, said)
    with store.reading() as connection:
        assert read_health(connection) == [said]


def test_tiers_are_kept_from_when_they_were_learnt_and_only_once(store: Store) -> None:
    own = add(store)
    with store.writing() as connection:
        written = [write_tiers(connection, own, tiers, 10 * n) for n, tiers in enumerate("aab")]
    assert written == [True, False, True]
    with store.reading() as connection:
        assert [read_tiers(connection, own, at) for at in (-1, 0, 19, 20)] == [None, "a", "a", "b"]
        assert read_tiers(connection, own + 1, 20) is None
