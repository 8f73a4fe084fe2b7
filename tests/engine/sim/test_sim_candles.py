"""What a venue publishes agrees with what happened on it."""

import numpy as np
import pytest
from tests.engine.sim.moments import (
    BASE,
    COINS,
    DAY,
    LONG,
    SHORT,
    START_PRICE,
    THREE_VENUES,
    Moment,
    look,
)

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, MarketKind
from liqbands.sim import START_MS, Exchange, Recording, World, find_world
from liqbands.sim.kernel import layout as at


def raw_bars(world: World, v: int) -> tuple[Exchange, FloatArray]:
    """Return a day and its bars as the loops wrote them, with columns that no venue publishes."""
    exchange = Exchange(world, 4)
    exchange.advance_to(START_MS + DAY)
    n_bars = int(exchange.market.counter[at.N_BARS])
    return exchange, exchange.market.bars[v, :n_bars].copy()


def test_bars_have_no_holes(recording: Recording) -> None:
    for venue in recording.venues:
        candles = venue.candles
        assert candles.gaps == []
        np.testing.assert_array_equal(
            candles.open_time_ms, START_MS + at.MINUTE * np.arange(DAY // at.MINUTE)
        )


def test_every_published_column_is_known(recording: Recording) -> None:
    for venue in recording.venues:
        columns = {
            name: values
            for name, values in vars(venue.candles).items()
            if isinstance(values, np.ndarray) and "liquidated" not in name
        }
        assert len(columns) == 13
        for name, values in columns.items():
            assert np.isfinite(values).all(), name


def test_a_bar_opens_where_the_last_one_closed(recording: Recording) -> None:
    for venue in recording.venues:
        np.testing.assert_array_equal(venue.candles.open[1:], venue.candles.close[:-1])


def test_marks_are_inside_their_bar_and_near_the_last_price(recording: Recording) -> None:
    for venue in recording.venues:
        bars = venue.candles
        assert (bars.mark_low <= bars.mark_close).all()
        assert (bars.mark_close <= bars.mark_high).all()
        away = np.abs(np.log(bars.mark_close / bars.close))
        assert 0 < away.max() < 0.02
        assert np.median(away) < 0.001


def test_average_prices_are_those_of_the_bar(recording: Recording) -> None:
    """Trades cross half a spread of .5 bp, and take-profits trade where the mark was."""
    for venue in recording.venues:
        bars = venue.candles
        average = bars.quote_volume / bars.volume
        low = np.minimum(bars.low, bars.mark_low)
        high = np.maximum(bars.high, bars.mark_high)
        assert (average > low * (1 - 1e-4)).all()
        assert (average < high * (1 + 1e-4)).all()
        inside = (average >= bars.low) & (average <= bars.high)
        assert inside.mean() > 0.95


def test_takers_buy_part_of_the_volume(recording: Recording) -> None:
    for venue in recording.venues:
        share = venue.candles.taker_buy_volume / venue.candles.volume
        assert (share >= 0).all()
        assert (share <= 1).all()
        assert 0.4 < share.mean() < 0.6


@pytest.mark.parametrize("world", [BASE, COINS], ids=lambda world: world.name)
def test_liquidations_of_a_bar_are_those_of_its_minute(world: World) -> None:
    exchange, bars = raw_bars(world, 0)
    candles, closings = exchange.take_candles(0), exchange.take_closings(0)
    assert candles is not None
    longs, shorts = closings.liquidations().per_bar(candles)
    np.testing.assert_allclose(longs, bars[:, at.LONG_LIQUIDATED], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(shorts, bars[:, at.SHORT_LIQUIDATED], rtol=1e-9, atol=1e-9)
    assert longs.sum() > 0
    assert shorts.sum() > 0


def test_volume_holds_every_opening_and_closing() -> None:
    """Opened = held at the end + closed; churn and hedges come on top."""
    exchange, _ = raw_bars(BASE, 0)
    candles, closings = exchange.take_candles(0), exchange.take_closings(0)
    held = look(exchange, 0).size.sum()
    assert candles is not None
    assert candles.volume.sum() > held + 2 * closings.contracts.sum()


def test_the_forming_bar_becomes_the_closed_one() -> None:
    exchange = Exchange(BASE, 4)
    exchange.advance(600)
    exchange.take_candles(0)
    assert exchange.forming_candle(0) is None
    highs, volumes = [], []
    for _ in range(5):
        exchange.step()
        forming = exchange.forming_candle(0)
        assert forming is not None
        assert forming.last_is_forming
        assert forming.open_time_ms[0] == START_MS + 6_000_000
        highs.append(float(forming.high[0]))
        volumes.append(float(forming.volume[0]))
    exchange.step()
    closed = exchange.take_candles(0)
    assert closed is not None
    assert len(closed) == 1
    assert highs == sorted(highs)
    assert closed.high[0] >= highs[-1]
    assert volumes == sorted(volumes)
    assert closed.volume[0] > volumes[-1]
    assert exchange.take_candles(0) is None


def test_closings_are_in_order_and_complete(recording: Recording) -> None:
    for venue in recording.venues:
        closings = venue.closings
        assert (np.diff(closings.time_ms) >= 0).all()
        assert (closings.time_ms >= START_MS).all()
        assert (closings.contracts > 0).all()
        assert (closings.age_ms >= 0).all()
        assert (closings.leverage > 0).all()
        has_level = np.isfinite(closings.level)
        np.testing.assert_array_equal(has_level, closings.kind <= at.TOOK_PROFIT)


def test_funding_is_settled_every_eight_hours(recording: Recording) -> None:
    rate = recording.venues[0].candles.funding_rate
    changed = np.flatnonzero(np.diff(rate)) + 1
    assert set(changed.tolist()) <= {479, 959, 1439}  # the bars that close on the hour
    assert len(changed) > 0
    assert (np.abs(rate) <= 3e-3).all()


def test_a_true_book_makes_open_interest_on_both_sides(seen: list[Moment]) -> None:
    for moment in seen:
        book = moment.book
        standing = book.contracts.sum(axis=(1, 2), dtype=np.float64)
        both = standing + book.off_grid + book.unlevered
        np.testing.assert_allclose(both, moment.open_interest, rtol=1e-6)
        assert (book.unlevered >= 0).all()


def test_recorded_books_make_the_open_interest_of_the_bars(recording: Recording) -> None:
    for venue in recording.venues:
        assert len(venue.books) == 4
        for book in venue.books:
            bar = (book.time_ms - START_MS) // at.MINUTE - 1
            traders = book.contracts.sum(axis=(1, 2), dtype=np.float64)
            both = traders + book.off_grid + book.unlevered
            np.testing.assert_allclose(both, venue.candles.open_interest[bar], rtol=1e-6)
            assert book.mark == venue.candles.mark_close[bar]


def test_a_true_book_has_every_position_in_the_bin_of_its_level(seen: list[Moment]) -> None:
    """Bin by bin against a plain histogram of the levels."""
    step = PriceGrid.of(MarketKind.PERPETUAL).step
    for moment in seen[-3:]:
        book, level = moment.book, moment.number[:, at.LIQUIDATION]
        n_bins = book.contracts.shape[2]
        bins = np.floor(np.log(level) / step)
        for s, side in enumerate((LONG, SHORT)):
            mine = (moment.side == side) & np.isfinite(bins)
            edges = book.first_bin + np.arange(n_bins + 1) - 0.5
            expected = np.histogram(bins[mine], edges, weights=moment.size[mine])[0]
            found = book.standing(book.first_bin, n_bins)[s]
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6 * expected.sum())


def test_longs_stand_below_the_mark_and_shorts_above(seen: list[Moment]) -> None:
    """All but those in the mark's own bin, outside of a capped cascade."""
    for moment in seen:
        if moment.world.name in ("crash", "collapse"):
            continue
        book = moment.book
        here = int(np.floor(np.log(moment.mark) / PriceGrid.of(MarketKind.PERPETUAL).step))
        longs, shorts = book.contracts.sum(axis=1)
        assert longs[here - book.first_bin + 1 :].sum() == 0
        assert shorts[: here - book.first_bin].sum() == 0


def test_part_of_the_book_has_a_stop_in_front(seen: list[Moment]) -> None:
    for moment in seen:
        book = moment.book
        all_layers = book.contracts.sum(axis=1)
        assert (book.stopped_first <= all_layers * (1 + 1e-5)).all()
        shares = book.stopped_first.sum(axis=1) / all_layers.sum(axis=1)
        assert (shares > 0.05).all()
        assert (shares < 0.8).all()
        assert (book.stops.sum(axis=1) > 0).all()


def test_standing_of_another_window_is_the_same_book(recording: Recording) -> None:
    book = recording.venues[0].books[-1]
    n_bins = book.contracts.shape[2]
    wide = book.standing(book.first_bin - 50, n_bins + 100)
    np.testing.assert_array_equal(wide[:, 50:-50], book.standing(book.first_bin, n_bins))
    assert wide[:, :50].sum() == wide[:, -50:].sum() == 0
    assert book.standing(book.first_bin + 10 * n_bins, 5).sum() == 0


def test_quotes_agree_with_the_bars() -> None:
    exchange = Exchange(THREE_VENUES, 4)
    exchange.advance(6)
    for v in range(3):
        quote, candles = exchange.quote(v), exchange.take_candles(v)
        assert candles is not None
        assert quote.time_ms == START_MS + at.MINUTE
        assert quote.last == candles.close[-1]
        assert quote.mark == candles.mark_close[-1]
        assert quote.open_interest == candles.open_interest[-1]
        assert abs(np.log(quote.index / START_PRICE)) < 0.02


def test_the_order_book_holds_what_a_move_takes() -> None:
    """A thousand levels of 2 bp are 20 %: twenty times the depth of 1 %, within chance."""
    exchange = Exchange(BASE, 4)
    exchange.advance(100)
    book = exchange.order_book(0, n_levels=1_000)
    unrest = exchange.market.common[at.UNREST]
    depth = BASE.prices.depth * unrest**-BASE.prices.depth_shyness
    for side in (book.bids, book.asks):
        quote = float((side[:, 0] * side[:, 1]).sum())
        assert quote == pytest.approx(20 * depth, rel=0.1)
    assert exchange.order_book(0).bids.tobytes() == exchange.order_book(0).bids.tobytes()
    assert book.bids[0, 0] < exchange.quote(0).last < book.asks[0, 0]


@pytest.mark.parametrize("n_minutes", [1, 30, 61, 300, 1_500, 1_900])
def test_traders_know_the_extremes_and_returns_of_the_bars(n_minutes: int) -> None:
    """Stops stand beyond the lowest and highest of an hour, four hours and a day."""
    exchange = Exchange(BASE, 4)
    exchange.advance(6 * n_minutes)
    market, bars = exchange.market, exchange.take_candles(0)
    assert bars is not None
    for look_back, (lowest, highest) in zip(at.LOOK_BACKS, market.extreme, strict=True):
        assert lowest == bars.low[-look_back:].min()
        assert highest == bars.high[-look_back:].max()
    log_close = np.log(bars.close)
    for back, column in ((60, at.RETURN_1H), (1_439, at.RETURN_1D)):
        expected = log_close[-1] - log_close[max(len(bars) - 1 - back, 0)]
        assert market.common[column] == pytest.approx(expected, abs=1e-12)


def test_a_world_in_steps_of_a_second_gives_minutes_too() -> None:
    exchange = Exchange(find_world("live"), 4)
    exchange.advance(600)
    candles = exchange.take_candles(0)
    assert candles is not None
    assert len(candles) == 10
    assert (candles.high > candles.low).all()
