"""The simulated market: the same bars however time is cut, events in the bars they belong to."""

import numpy as np
import pytest

from liqbands.timeframes import HOUR_MS, MINUTE_MS
from liqbands_server.live.simulated_market import ClosedBars, SimulatedMarket

START_MS = 1_735_689_600_000  # 2025-01-01
SEED = 3


@pytest.fixture(scope="module")
def six_hours() -> ClosedBars:
    closed = SimulatedMarket(SEED, START_MS).advance_to(START_MS + 6 * HOUR_MS)
    assert closed is not None
    return closed


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    """Return a market to go on with."""
    return SimulatedMarket(SEED, START_MS)


def test_time_cut_into_pieces_gives_the_same_bars_and_events(six_hours: ClosedBars) -> None:
    market = SimulatedMarket(SEED, START_MS)
    cuts = np.sort(np.random.default_rng(1).integers(0, 6 * HOUR_MS, 40))
    pieces = [market.advance_to(START_MS + int(cut)) for cut in [*cuts, 6 * HOUR_MS]]
    closed = [piece for piece in pieces if piece is not None]
    for name in ("open_time_ms", "close", "volume", "long_liquidated", "short_liquidated"):
        joined = np.concatenate([getattr(piece.candles, name) for piece in closed])
        np.testing.assert_array_equal(joined, getattr(six_hours.candles, name))
    for name in ("time_ms", "side", "price", "contracts"):
        joined = np.concatenate([getattr(piece.liquidations, name) for piece in closed])
        np.testing.assert_array_equal(joined, getattr(six_hours.liquidations, name))


def test_the_first_bar_opens_at_the_start_and_none_is_missing(six_hours: ClosedBars) -> None:
    times = six_hours.candles.open_time_ms
    np.testing.assert_array_equal(times, START_MS + MINUTE_MS * np.arange(360))


def test_bars_count_the_contracts_of_their_own_events(six_hours: ClosedBars) -> None:
    events, candles = six_hours.liquidations, six_hours.candles
    bar = (events.time_ms - START_MS) // MINUTE_MS
    for side, name in ((1, "long_liquidated"), (-1, "short_liquidated")):
        mine = events.side == side
        counted = np.zeros(360)
        np.add.at(counted, bar[mine], events.contracts[mine])
        np.testing.assert_allclose(getattr(candles, name), counted, rtol=1e-12)
    assert len(events.time_ms) > 0


def test_bars_after_a_time_bring_their_events_along(six_hours: ClosedBars) -> None:
    later = six_hours.after(START_MS + 2 * HOUR_MS)
    assert later is not None
    assert later.candles.open_time_ms[0] == START_MS + 2 * HOUR_MS + MINUTE_MS
    assert later.liquidations.time_ms.min() >= later.candles.open_time_ms[0]
    assert six_hours.after(START_MS + 6 * HOUR_MS) is None


def test_the_forming_bar_closes_as_it_was_announced(market: SimulatedMarket) -> None:
    begin_ms = market.time_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS
    market.advance_to(begin_ms + 59_999)
    forming = market.forming()
    closed = market.advance_to(begin_ms + MINUTE_MS)
    assert forming is not None
    assert closed is not None
    assert forming.open_time_ms[0] == closed.candles.open_time_ms[0] == begin_ms
    assert forming.open[0] == closed.candles.open[0]
    assert closed.candles.high[0] >= forming.high[0]
    assert market.forming() is None
