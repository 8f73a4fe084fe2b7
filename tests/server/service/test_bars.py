"""Bars of any resolution, as they were known at a time and as a chart sees them now."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liqbands.candles import Candles
from liqbands.instrument import Instrument
from liqbands.timeframes import HOUR_MS, MINUTE_MS
from liqbands_server.service.bars import bars_of
from liqbands_server.service.charts import ChartBars, Charts
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import find_resolution
from liqbands_server.store.candles import write_candles
from liqbands_server.store.forming import write_forming
from liqbands_server.store.instruments import StoredInstrument, add_instrument, finish_first_load
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

TICKER = "BYBIT:BTCUSDT.P"
HOUR = find_resolution("60")
LATEST_MS = 2**62
COLUMNS = ("open_time_ms", "open", "high", "low", "close", "volume")


def minutes(first: int, count: int, seed: int = 0, *, volume: bool = True) -> Candles:
    """Return one-minute bars of a random walk."""
    random = np.random.default_rng([seed, first])
    close = 100 + random.normal(0, 1, count).cumsum() / 10
    opened = close + random.normal(0, 0.1, count)
    columns: dict[str, Any] = {
        "open": opened, "close": close,
        "high": np.maximum(opened, close) + 0.1, "low": np.minimum(opened, close) - 0.1,
    }  # fmt: skip
    if volume:
        columns["volume"] = random.uniform(1, 2, count)
    times = (first + np.arange(count)) * MINUTE_MS
    return Candles.from_arrays(times, **columns, timeframe_ms=MINUTE_MS)


class Written:
    """A store that is written to, and charts of what it holds."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.writing() as connection:
            self.stored: StoredInstrument = add_instrument(
                connection, Instrument("bybit", "BTC/USDT:USDT")
            )
        self.write(minutes(0, 150))
        with store.writing() as connection:
            finish_first_load(connection, self.stored.id, MINUTE_MS)
        self.markets = Markets(store)
        self.charts = Charts(self.markets)

    def write(self, candles: Candles, learnt_ms: int = 10**9) -> None:
        with self.store.writing() as connection:
            write_candles(connection, self.stored, candles, learnt_ms)

    def form(self, candles: Candles, seen_ms: int) -> None:
        """Write a forming bar, and see it."""
        with self.store.writing() as connection:
            write_forming(connection, self.stored.id, candles, seen_ms)
        self.markets.refresh()
        self.markets.look_again()
        known = self.markets.forming(self.stored)
        assert known is not None
        assert known.seen_ms == seen_ms

    def bars(self, name: str = "60") -> ChartBars:
        self.markets.refresh()
        return self.charts.bars(self.markets.find(TICKER), find_resolution(name))


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Return a store with two and a half hours of minutes."""
    return Written(open_store(str(tmp_path / "store.db")))


def assert_equal(one: ChartBars, other: ChartBars) -> None:
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.closed_until_ms == other.closed_until_ms


def fresh(written: Written, name: str = "60") -> ChartBars:
    """Return what somebody sees who has never looked before."""
    markets = Markets(written.store)
    return Charts(markets).bars(markets.find(TICKER), find_resolution(name))


def test_an_hour_is_made_of_its_minutes(written: Written) -> None:
    made, bars = minutes(0, 150), written.bars()
    assert bars.open_time_ms.tolist() == [0, HOUR_MS, 2 * HOUR_MS]
    for i, part in enumerate((slice(0, 60), slice(60, 120), slice(120, 150))):
        assert bars.open[i] == made.open[part][0]
        assert bars.high[i] == made.high[part].max()
        assert bars.low[i] == made.low[part].min()
        assert bars.close[i] == made.close[part][-1]
        assert bars.volume[i] == pytest.approx(made.volume[part].sum())
    assert bars.closed_until_ms == 2 * HOUR_MS


def test_the_same_bars_as_of_now(written: Written) -> None:
    known = bars_of(written.markets, written.markets.find(TICKER), HOUR, LATEST_MS)
    bars = written.bars()
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(known, name), getattr(bars, name))
    assert known.last_is_forming


def test_as_of_a_time_later_bars_are_unknown(written: Written) -> None:
    known = bars_of(written.markets, written.markets.find(TICKER), HOUR, 2 * HOUR_MS)
    assert (len(known), known.last_is_forming) == (2, False)


@settings(max_examples=15)
@given(
    lengths=st.lists(st.integers(1, 70), min_size=1, max_size=4),
    name=st.sampled_from(["1", "5", "60", "1D"]),
    corrected=st.integers(0, 149),
)
def test_what_is_joined_step_by_step_is_what_is_joined_at_once(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], name: str, corrected: int
) -> None:
    written = Written(open_store(str(tmp_path_factory.mktemp("steps") / "store.db")))
    first = 150
    for number, length in enumerate(lengths):
        written.bars(name)
        written.write(minutes(first, length), 10**9 + number)
        first += length + number  # with a gap now and then
    written.write(minutes(corrected, 1, seed=7), 2 * 10**9)
    assert_equal(written.bars(name), fresh(written, name))


def test_missing_bars_that_come_late_take_their_place(written: Written) -> None:
    written.write(minutes(200, 30))
    written.bars()
    written.write(minutes(150, 50))
    assert_equal(written.bars(), fresh(written))
    assert len(written.bars("1")) == 230


def test_the_forming_bar_goes_into_the_last_and_out_again(written: Written) -> None:
    before = written.bars()
    forming = minutes(150, 1, seed=3)
    written.form(forming, 150 * MINUTE_MS + 1)
    during = written.bars()
    assert during.close[-1] == forming.close[0]
    assert during.high[-1] == max(before.high[-1], forming.high[0])
    assert during.volume[-1] == pytest.approx(before.volume[-1] + forming.volume[0])
    assert during.closed_until_ms == before.closed_until_ms
    written.write(minutes(150, 1))
    after = written.bars()
    assert after.close[-1] == minutes(150, 1).close[0]
    assert_equal(after, fresh(written))


def test_a_forming_bar_can_begin_a_new_one(written: Written) -> None:
    written.write(minutes(150, 30))
    written.form(minutes(180, 1), 180 * MINUTE_MS + 1)
    bars = written.bars()
    assert bars.open_time_ms.tolist() == [0, HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS]
    assert bars.closed_until_ms == 3 * HOUR_MS


def test_unknown_volume_stays_unknown(tmp_path: Path) -> None:
    written = Written(open_store(str(tmp_path / "store.db")))
    written.write(minutes(150, 5, volume=False))
    assert np.isnan(written.bars("5").volume[-1])
    written.write(minutes(155, 5, volume=False))
    assert_equal(written.bars("5"), fresh(written, "5"))


def test_the_stamp_changes_with_the_bars_only(written: Written) -> None:
    listing = written.markets.find(TICKER)
    stamp = written.charts.stamp(listing)
    written.markets.refresh()
    assert written.charts.stamp(listing) == stamp
    written.form(minutes(150, 1), 5)
    formed = written.charts.stamp(listing)
    assert formed != stamp
    written.write(minutes(150, 1))
    written.markets.refresh()
    assert written.charts.stamp(listing) not in (stamp, formed)


def test_a_forming_bar_is_not_shown_before_the_closed_one_that_it_follows(
    written: Written,
) -> None:
    """The feed closes a bar and begins the next; this process has not seen the closed one yet."""
    written.write(minutes(150, 1))
    with written.store.writing() as connection:
        write_forming(connection, written.stored.id, minutes(151, 1), 5)
    written.markets.look_again()
    assert written.markets.forming(written.stored) is None
    written.markets.refresh()
    seen = written.markets.forming(written.stored)
    assert seen is not None
    assert seen.bar.open_time_ms == 151 * MINUTE_MS
