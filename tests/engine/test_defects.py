"""Defects that were measured in other tools (model 8.5), one test each."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.engine.markets import (
    BINANCE,
    BYBIT,
    HOUR,
    PRIOR,
    SIDES,
    book_of,
    flat_market,
    random_market,
    single_bars,
    standing,
)

from liqbands.book import Book
from liqbands.heatmaps import heatmap, snapshot
from liqbands.instrument import Instrument, Side
from liqbands.ladder import leverage_ladder
from liqbands.maps import summary
from liqbands.zones import bands
from liqbands_server.files.candle_files import read_candles


@pytest.mark.parametrize("instrument", [BINANCE, BYBIT, Instrument("okx", "BTC/USDT:USDT")])
def test_a_position_at_100x_is_liquidated_on_the_losing_side_of_its_entry(
    instrument: Instrument,
) -> None:
    ladder = leverage_ladder(instrument, PRIOR, None)
    spikes = ladder.distance[:, ladder.ratio == 1]
    assert (spikes > 0.002).all()
    book = book_of(flat_market(1), instrument)
    at = int(book.grid.bin_of(np.array([100.0]))[0])
    assert standing(book, at + 1, 200)[0].sum() == 0
    assert standing(book, at - 200, 200)[1].sum() == 0


def test_the_maintenance_margin_brings_the_price_nearer_than_one_over_leverage() -> None:
    """100x and m = 0.4 %: ln(.99 / .996) = .604 %, not ln .99 = 1.005 %."""
    ladder = leverage_ladder(BINANCE, PRIOR, None)
    assert ladder.distance[0, -2] == pytest.approx(-np.log(0.99 / 0.996))


def test_the_maintenance_margin_is_not_divided_by_the_leverage() -> None:
    """Dividing it would put 100x at ln(.99 / (1 - .00004)) = 1.001 %."""
    ladder = leverage_ladder(BINANCE, PRIOR, None)
    assert ladder.distance[0, -2] < 0.007


def test_open_interest_in_dollars_changes_its_sign_in_more_than_a_tenth_of_hours(
    market_folder: Path,
) -> None:
    candles = read_candles(market_folder / "bybit_1h" / "BTCUSDT.parquet")
    contracts = np.diff(candles.open_interest[:-1])
    dollars = np.diff(candles.open_interest[:-1] * candles.close[:-1])
    moved = contracts != 0
    assert (np.sign(contracts) != np.sign(dollars))[moved].mean() > 0.10


def test_openings_follow_contracts_and_not_their_value() -> None:
    """Price doubles over the market, contracts do not move: nothing opens, nothing closes."""
    price = np.linspace(100.0, 200.0, 50)
    rising = flat_market(50, 100.0, 300_000, open=price, high=price, low=price, close=price)
    longs = book_of(rising).ledger(Side.LONG)
    assert (longs.opened, longs.closed) == (1_000.0, 0.0)


def test_scaling_the_price_does_not_change_openings() -> None:
    candles = random_market(3, 100)
    scaled = replace(
        candles,
        **{
            n: getattr(candles, n) * np.exp(0.0005 * 64 * 9)
            for n in ("open", "high", "low", "close")
        },
    )
    for side in SIDES:
        one, other = book_of(candles).ledger(side), book_of(scaled).ledger(side)
        assert other.opened == pytest.approx(one.opened, rel=1e-3)
        assert other.open_contracts == pytest.approx(one.open_contracts, rel=1e-9)


def test_the_last_column_does_not_depend_on_the_window_shown() -> None:
    """Others differ by a total variation of up to .38 between 3 and 31 days."""
    candles = random_market(3, 24 * 31)
    rows: dict[str, Any] = {"low": 50.0, "high": 200.0}
    three, all_days = (
        heatmap(candles, BYBIT, window=w, max_columns=10**4, **rows).notional[-1]
        for w in ("3d", "1M")
    )
    np.testing.assert_array_equal(three, all_days)


def test_past_edges_do_not_move_with_the_range_that_is_loaded() -> None:
    candles = random_market(3, 200, volatility=0.02)
    one, other = heatmap(candles[:100], BYBIT), heatmap(candles, BYBIT)
    for shown in (one, other):
        bins = np.log(shown.edges) / 0.0005
        np.testing.assert_allclose(bins, np.rint(bins), atol=1e-6)
        assert np.rint(bins[0]).astype(int) % shown.bins_per_row == 0


def test_two_runs_give_the_same_bytes() -> None:
    """Others answered 56.2 and 44.7 billion to the same question."""
    candles = random_market(8, 200, holes=True, extras=True, liquidations=True)
    first, second = (heatmap(candles, BYBIT) for _ in range(2))
    assert first.notional.tobytes() == second.notional.tobytes()
    assert bands(snapshot(candles, BYBIT)) == bands(snapshot(candles, BYBIT))


def test_levels_crossed_long_ago_are_not_drawn() -> None:
    """After a fall to 85 and back nothing that stood between 86 and 99 remains."""
    low = np.full(60, 100.0)
    low[10] = 85.0
    open_interest = np.r_[np.full(10, 1_000.0), np.full(50, 250.0)]
    candles = flat_market(60, 100.0, 300_000, low=low, open_interest=open_interest)
    shown = heatmap(candles, BYBIT, low=86.0, high=99.0)
    assert shown.notional[9].sum() > 0
    assert (shown.notional[10:] == 0).all()


def test_a_rise_of_open_interest_is_held_by_both_sides() -> None:
    book = book_of(flat_market(2, open_interest=[1_000.0, 1_100.0]))
    assert [book.ledger(side).open_contracts for side in SIDES] == pytest.approx([1_100.0] * 2)


def test_the_book_is_conserved() -> None:
    """Elsewhere the tracked book drifts to a few per cent of open interest."""
    candles = random_market(2, 1_000)
    for side in SIDES:
        ledger = book_of(candles).ledger(side)
        assert abs(ledger.imbalance) < 1e-9
        assert ledger.open_contracts == pytest.approx(candles.open_interest[-1], rel=1e-9)


def test_history_is_not_rescaled_to_todays_open_interest() -> None:
    """A last bar with twice the open interest leaves every earlier column as it was."""
    candles = random_market(2, 100)
    doubled = candles.open_interest.copy()
    doubled[-1] *= 2
    rows: dict[str, Any] = {"low": 50.0, "high": 200.0}
    one = heatmap(candles, BYBIT, **rows).notional
    other = heatmap(replace(candles, open_interest=doubled), BYBIT, **rows).notional
    np.testing.assert_array_equal(one[:-1], other[:-1])
    assert other[-1].sum() > 1.5 * one[-1].sum()


def test_a_trade_is_not_counted_once_per_leverage() -> None:
    """A rise by 100 contracts adds 100 to each side, not 100 to each of 23 tiers."""
    wide: dict[str, Any] = {"low": 5.0, "high": 2_000.0}
    candles = flat_market(2, open_interest=[1_000.0, 1_100.0])
    shown = heatmap(candles, BYBIT, PRIOR, max_rows=10**6, **wide)
    contracts = (shown.notional / shown.centers).sum(axis=1)
    assert contracts == pytest.approx([2_000.0, 2_200.0], rel=1e-5)


def test_the_market_makers_book_is_not_inflated_by_volume() -> None:
    """A hundred times the volume turns positions over, but does not stand."""
    candles = random_market(4, 100)
    busy = replace(candles, volume=candles.volume * 100)
    for side in SIDES:
        assert book_of(busy).ledger(side).open_contracts == pytest.approx(
            book_of(candles).ledger(side).open_contracts
        )


def test_a_forming_bar_is_never_deposited_into_the_committed_book() -> None:
    candles = random_market(4, 30)
    book = Book(BYBIT, timeframe_ms=HOUR)
    book.extend(candles[:-1])
    live = book.copy()
    live.update(single_bars(candles)[-1])
    assert book.ledger(Side.LONG) == book_of(candles[:-1]).ledger(Side.LONG)
    forming = replace(candles, last_is_forming=True)
    assert snapshot(forming, BYBIT).time_ms == snapshot(candles[:-1], BYBIT).time_ms


def test_what_cannot_be_liquidated_is_not_shown_as_a_level() -> None:
    candles = flat_market(5)
    half = snapshot(candles, BYBIT, replace(PRIOR, unlevered_share=0.5))
    assert (half.off_grid > 500.0).all()
    totals = half.contracts.sum(axis=(1, 2)) + half.off_grid
    assert totals == pytest.approx([1_000.0] * 2)
    assert summary(half).long_notional < summary(snapshot(candles, BYBIT)).long_notional
