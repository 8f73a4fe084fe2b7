"""The emulator's own market: what happens within a minute adds up to its bar."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.emulator.contracts import BINANCE, VENUES, find_coin
from tests.emulator.market import Beat, Market
from tests.emulator.minutes import MINUTE_MS, minutes_of
from tests.emulator.random_market import random_market

START_MS = 1_735_689_600_000
N_MINUTES = 200
N_TRADES = 12
COINS = random_market(["BTC", "XRP"], 3, START_MS, N_MINUTES)
MINUTES = st.integers(0, N_MINUTES - 1)


def _market(coin: str = "BTC", venue: int = 0) -> Market:
    contract = VENUES[venue].contract(find_coin(coin))
    minutes = minutes_of(COINS[coin], contract, VENUES[venue], N_TRADES)
    return Market(contract, minutes, (3, venue), N_TRADES)


@given(MINUTES, st.sampled_from(["BTC", "XRP"]), st.integers(0, 2))
def test_the_trades_of_a_minute_add_up_to_its_bar(index: int, coin: str, venue: int) -> None:
    market = _market(coin, venue)
    bar = market.minutes.bar(index)
    assert market.tape(index).bar_until(bar.open_ms + MINUTE_MS) == bar._replace(is_closed=False)


@given(MINUTES)
def test_the_liquidations_of_a_minute_add_up_and_lie_within_it(index: int) -> None:
    market = _market()
    events = market.tape(index).liquidations
    longs = sum(event.lots for event in events if event.side == 1)
    assert longs == market.minutes.long_liquidated[index]
    assert all(market.minutes.index(event.time_ms) == index for event in events)


def _times(beat: Beat) -> list[int]:
    return [trade.time_ms for trade in beat.trades]


@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=30))
def test_nothing_is_lost_or_doubled_however_often_one_looks(steps: list[int]) -> None:
    market = _market()
    market.start_at(START_MS)
    times = (START_MS + np.cumsum(steps)).tolist()
    heard = [t for time in times for beat in market.advance_to(time) for t in _times(beat)]
    last = market.minutes.index(times[-1])
    every = [t for i in range(last + 1) for t in market.tape(i).time_ms.tolist()]
    assert heard == [t for t in every if t < times[-1]]


def test_the_same_seed_gives_the_same_minute() -> None:
    one, other = _market().tape(7), _market().tape(7)
    assert one.ticks.tolist() == other.ticks.tolist()
    assert one.liquidations == other.liquidations


def test_a_burst_is_in_the_bar_and_among_the_liquidations() -> None:
    market = _market()
    before = market.minutes.bar(5).volume
    market.add_burst([], [market.minutes.open_ms(5) + 30_000] * 10)
    after = market.minutes.bar(5)
    assert after.volume > before
    assert market.tape(5).bar_until(after.open_ms + MINUTE_MS) == after._replace(is_closed=False)


def test_a_corrected_bar_keeps_its_close_within_its_range() -> None:
    market = _market()
    before, mark = market.minutes.bar(5), market.mark_ticks(market.minutes.open_ms(5) + 50_000)
    market.correct(before.open_ms, 10_000, 3)
    after = market.minutes.bar(5)
    assert (after.close, after.high) == (before.close + 10_000, before.close + 10_000)
    assert market.mark_ticks(market.minutes.open_ms(5) + 50_000) == mark


@pytest.mark.parametrize("length", [1, 5, 60])
def test_longer_bars_hold_the_volume_of_their_minutes(length: int) -> None:
    market = _market()
    now = START_MS + 130 * MINUTE_MS + 30_000
    bars = market.bars(START_MS, now, now, length)
    done = market.tape(130).bar_until(now)
    forming = 0 if done is None else done.volume
    assert sum(bar.volume for bar in bars) == market.minutes.volume[:130].sum() + forming
    assert [bar.is_closed for bar in bars][-2:] == [True, False]


def test_open_interest_rests_around_the_close() -> None:
    market = _market()
    close_ms = market.minutes.open_ms(10)
    around = {market.open_interest(close_ms + k * 1_000) for k in range(-25, 6)}
    assert around == {int(market.minutes.open_interest[9])}


def test_binance_lists_base_units_and_okx_contracts() -> None:
    coin = find_coin("BTC")
    assert BINANCE.contract(coin).size(1_000) == "1.000"
    assert VENUES[2].contract(coin).size(100) == "1.00"  # a contract of 0.01 BTC
    assert float(VENUES[2].contract(coin).base(100)) == 0.01
