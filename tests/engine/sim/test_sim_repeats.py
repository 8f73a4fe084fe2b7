"""One seed, one market: the same bytes however it is walked."""

import numpy as np
import pytest
from tests.engine.sim.moments import BASE, DAY, THREE_VENUES

from liqbands.sim import START_MS, Exchange, Recording, World, record
from liqbands.sim.kernel.entries import MOST_ORDERS
from liqbands.sim.kernel.layout import N_FREE, Market

N_STEPS = 2_000


def bytes_of(market: Market) -> list[bytes]:
    return [array.tobytes() for array in market]


def run(world: World, seed: int, *parts: int) -> Exchange:
    exchange = Exchange(world, seed)
    for part in parts:
        exchange.advance(part)
    return exchange


@pytest.mark.parametrize("world", [BASE, THREE_VENUES], ids=lambda world: world.name)
def test_the_same_seed_gives_the_same_bytes(world: World) -> None:
    first, second = (run(world, 7, N_STEPS) for _ in range(2))
    assert bytes_of(first.market) == bytes_of(second.market)


def test_another_seed_gives_another_market() -> None:
    first, second = (run(BASE, seed, N_STEPS).quote(0) for seed in (7, 8))
    assert first.last != second.last
    assert first.open_interest != second.open_interest


def test_step_by_step_is_all_in_one_go() -> None:
    stepwise, at_once = run(BASE, 7, *[1] * N_STEPS), run(BASE, 7, N_STEPS)
    assert bytes_of(stepwise.market) == bytes_of(at_once.market)


def test_looking_changes_nothing() -> None:
    watched, alone = run(BASE, 7, 100), run(BASE, 7, 100, N_STEPS)
    for _ in range(N_STEPS // 50):
        watched.advance(50)
        watched.quote(0)
        watched.order_book(0)
        watched.true_book(0)
        watched.forming_candle(0)
    assert bytes_of(watched.market) == bytes_of(alone.market)


def test_taking_bars_in_parts_gives_the_same_bars() -> None:
    parts, whole = run(BASE, 7), run(BASE, 7, 600)
    closes, prices = [], []
    for _ in range(10):
        parts.advance(60)
        candles = parts.take_candles(0)
        assert candles is not None
        closes.append(candles.close)
        prices.append(parts.take_closings(0).price)
    expected = whole.take_candles(0)
    assert expected is not None
    np.testing.assert_array_equal(np.concatenate(closes), expected.close)
    np.testing.assert_array_equal(np.concatenate(prices), whole.take_closings(0).price)


def test_a_copy_goes_on_alike_and_shares_nothing() -> None:
    exchange = run(BASE, 7, N_STEPS)
    copy = exchange.copy()
    before = bytes_of(copy.market)
    exchange.advance(N_STEPS)
    assert bytes_of(copy.market) == before
    copy.advance(N_STEPS)
    assert bytes_of(copy.market) == bytes_of(exchange.market)


def test_more_room_for_positions_changes_no_position() -> None:
    """The market grows when free rows run short; here it is made to think that they do."""
    roomy, cramped = run(BASE, 7, N_STEPS), run(BASE, 7, N_STEPS)
    n_rows, n_free = cramped.market.free.size, int(cramped.market.counter[N_FREE])
    kept = cramped.market.free[n_free - MOST_ORDERS : n_free].copy()
    cramped.market.free[:MOST_ORDERS] = kept
    cramped.market.counter[N_FREE] = MOST_ORDERS
    for exchange in (roomy, cramped):
        exchange.advance(500)
    assert cramped.market.free.size == 2 * n_rows
    assert cramped.quote(0) == roomy.quote(0)
    np.testing.assert_array_equal(cramped.take_closings(0).price, roomy.take_closings(0).price)
    first, second = cramped.take_candles(0), roomy.take_candles(0)
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first.close, second.close)


def test_time_goes_in_whole_steps() -> None:
    exchange = run(BASE, 7)
    exchange.advance_to(START_MS + 25_000)
    assert exchange.time_ms == START_MS + 30_000
    exchange.advance_to(START_MS)
    assert exchange.time_ms == START_MS + 30_000


def test_a_shorter_recording_is_the_beginning_of_a_longer_one(recording: Recording) -> None:
    shorter = record(THREE_VENUES, recording.seed, 0.25)
    for one, other in zip(shorter.venues, recording.venues, strict=True):
        n_bars, n_closings = len(one.candles), len(one.closings.price)
        assert n_bars == 360
        np.testing.assert_array_equal(one.candles.close, other.candles.close[:n_bars])
        np.testing.assert_array_equal(one.closings.price, other.closings.price[:n_closings])
        assert [book.time_ms for book in one.books] == [START_MS + DAY // 4]
        assert one.books[0].contracts.tobytes() == other.books[0].contracts.tobytes()


def test_bad_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="whole UTC day"):
        Exchange(BASE, 1, START_MS + 1)
    with pytest.raises(ValueError, match="days must be positive"):
        record(BASE, 1, 0)
    with pytest.raises(ValueError, match="whole minutes"):
        record(BASE, 1, 1, every_ms=1)
