"""Bands, the liquidation map and the summary, on hand-made and on walked books."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.engine.markets import (
    BYBIT,
    HOUR,
    NEW_YEAR_2024,
    SEEDS,
    SIDES,
    book_of,
    flat_market,
    random_market,
)

from liqbands.density import cut_at_valleys
from liqbands.grid import PriceGrid
from liqbands.heatmaps import snapshot
from liqbands.instrument import Side
from liqbands.levels import Band
from liqbands.maps import liquidation_map, summary
from liqbands.results import Snapshot
from liqbands.uncertainty import interval
from liqbands.zones import bands

FIRST_BIN = 9_200  # exp(9200 * 0.0005) = 99.48
MARK_BIN = 20  # the mark lies between the stored bins 19 and 20
CONTRASTS = st.floats(1, 3)


def snapshot_of(longs: list[float], shorts: list[float], **more: Any) -> Snapshot:
    """Make a snapshot of 40 bins: longs below the mark outwards, shorts above it outwards."""
    grid = PriceGrid.of(BYBIT.market)
    contracts = np.zeros((2, 1, 40))
    contracts[0, 0, MARK_BIN - len(longs) : MARK_BIN] = longs[::-1]
    contracts[1, 0, MARK_BIN : MARK_BIN + len(shorts)] = shorts
    mark = float(grid.edges(FIRST_BIN + MARK_BIN, 1)[0])
    values: dict[str, Any] = {
        "mean_age_ms": np.full((2, 40), 5.0 * HOUR),
        "unswept_since_ms": np.full((2, 40), NEW_YEAR_2024, dtype=np.int64),
        "dense_since_ms": np.full((2, 40), NEW_YEAR_2024, dtype=np.int64),
        "earlier_contracts": np.full((2, 40), np.nan),
        "earlier_age_ms": 0,
        "contracts": contracts,
        "average_true_range": 0.5,
        "day_range": np.nan,
    }
    return Snapshot(
        instrument=BYBIT,
        grid=grid,
        time_ms=NEW_YEAR_2024,
        mark=mark,
        first_bin=FIRST_BIN,
        leverage_groups=("all",),
        off_grid=np.zeros(2),
        seed_share=0.0,
        unit="quote",
        quantity="standing",
        **values | more,
    )


def walked(seed: int) -> Snapshot:
    return snapshot(random_market(seed, 120), BYBIT)


def in_band(seen: Snapshot, band: Band) -> NDArray[np.bool_]:
    """Return which bins lie in a band."""
    return np.asarray(seen.centers > band.low) & (seen.centers < band.high)


def axis(side: Side) -> int:
    return SIDES.index(side)


@settings(max_examples=10)
@given(SEEDS, CONTRASTS)
def test_bands_do_not_overlap(seed: int, contrast: float) -> None:
    seen = walked(seed)
    for side in SIDES:
        found = sorted(bands(seen, contrast, side=side), key=lambda band: band.low)
        assert all(a.high <= b.low * (1 + 1e-12) for a, b in pairwise(found))
        assert all(band.low < band.peak_price < band.high for band in found)


@settings(max_examples=10)
@given(SEEDS, CONTRASTS)
def test_bands_lie_on_their_own_side_of_the_mark(seed: int, contrast: float) -> None:
    seen = walked(seed)
    for band in bands(seen, contrast):
        centers = seen.centers[in_band(seen, band)]
        assert (
            (centers < seen.mark).all() if band.side is Side.LONG else (centers > seen.mark).all()
        )
        assert np.sign(band.distance) == -band.side


@settings(max_examples=10)
@given(SEEDS, CONTRASTS)
def test_bands_and_the_rest_are_the_book(seed: int, contrast: float) -> None:
    seen = walked(seed)
    for side in SIDES:
        density = seen.notional[axis(side)].sum(axis=0)
        rest = density.copy()
        for band in bands(seen, contrast, side=side):
            inside = in_band(seen, band)
            assert band.notional == pytest.approx(density[inside].sum())
            rest[inside] = 0
        total = rest.sum() + sum(band.notional for band in bands(seen, contrast, side=side))
        assert total == pytest.approx(density.sum())


@settings(max_examples=10)
@given(SEEDS, CONTRASTS)
def test_the_leverage_of_a_band_adds_up_to_it(seed: int, contrast: float) -> None:
    for band in bands(walked(seed), contrast):
        assert sum(band.leverage_notional.values()) == pytest.approx(band.notional)


@settings(max_examples=10)
@given(SEEDS, CONTRASTS)
def test_strength_ranks_bands_by_what_of_them_is_within_reach(seed: int, contrast: float) -> None:
    found = bands(walked(seed), contrast)
    reached = [band.notional * band.reach_probability for band in found]
    assert reached == pytest.approx(sorted(reached, reverse=True))
    assert all(0 <= band.reach_probability <= 1 for band in found)
    assert [band.strength for band in found] == pytest.approx(np.linspace(1, 0, len(found)))


@settings(max_examples=5)
@given(SEEDS, st.integers(1, 10))
def test_a_limit_keeps_the_strongest_as_they_were(seed: int, limit: int) -> None:
    seen = walked(seed)
    assert bands(seen, limit=limit) == bands(seen)[:limit]


def test_two_clusters_make_two_bands() -> None:
    """Longs 1 1 9 9 1 1 7 1 and then none: around them lie 30 contracts in 13 to 17 bins."""
    found = bands(snapshot_of([1, 1, 9, 9, 1, 1, 7, 1], []))
    at = [
        round(np.log(edge) / 0.0005) - FIRST_BIN for band in found for edge in (band.low, band.high)
    ]
    assert at == [MARK_BIN - 4, MARK_BIN - 2, MARK_BIN - 7, MARK_BIN - 6]


def test_the_numbers_of_a_band_by_hand() -> None:
    """Longs of 9 contracts in the third and fourth bins below the mark, 0.0005 wide each."""
    seen = snapshot_of([1, 1, 9, 9, 1, 1, 1, 1], [])
    band = bands(seen)[0]
    third, fourth = np.exp([-2.5 * 0.0005, -3.5 * 0.0005]) * seen.mark
    assert band.notional == pytest.approx(9 * third + 9 * fourth)
    assert band.peak_price == pytest.approx(third)
    assert band.distance == pytest.approx(np.exp(-2.5 * 0.0005) - 1)
    assert band.distance_atr == pytest.approx((seen.mark - third) / 0.5)
    assert band.mean_age_ms == 5 * HOUR
    assert (band.first_seen_ms, band.state, band.slot) == (NEW_YEAR_2024, "steady", -1)


def test_what_grows_steadily_with_distance_stands_nowhere_out() -> None:
    assert bands(snapshot_of([float(i) for i in range(1, 21)], [])) == []
    assert bands(snapshot_of([2.0] * 20, [2.0] * 20)) == []


def test_of_two_equal_clusters_the_nearer_is_the_stronger() -> None:
    """A day's range of .002 is a deviation of .0033 a week; 2 bins are .001 away, 15 are .0075."""
    far_first = [0.0, 0.0, 9.0, *[0.0] * 12, 9.9, 0.0, 0.0]
    seen = snapshot_of(far_first, [], day_range=0.002)
    near, far = bands(seen)[:2]
    assert near.notional < far.notional
    assert near.distance > far.distance
    week = 0.002 * math.sqrt(7 * math.pi / 8)
    assert near.reach_probability == pytest.approx(math.erfc(0.00125 / week / math.sqrt(2)))
    assert far.reach_probability == pytest.approx(math.erfc(0.00775 / week / math.sqrt(2)))


def test_clusters_closer_than_anybody_trades_them_are_one_band() -> None:
    """A day's range of .09 over 45 is .002: four bins on each side; the neighbourhood is 180."""
    shorts = [0.0] * 20
    shorts[8] = shorts[11] = 9.0
    assert len(bands(snapshot_of([], shorts))) == 2
    assert len(bands(snapshot_of([], shorts, day_range=0.09))) == 1


def test_a_valley_cuts_a_zone() -> None:
    """10 8 10 stays whole: 8 >= .85 x 10 fails, so 8 cuts; 10 9 10 has no valley below .85."""
    assert cut_at_valleys(np.array([10.0, 8.0, 10.0]), 0, 3) == [slice(0, 1), slice(1, 3)]
    assert cut_at_valleys(np.array([10.0, 9.0, 10.0]), 0, 3) == [slice(0, 3)]


@given(st.lists(st.floats(0.001, 1_000), min_size=1, max_size=30))
def test_cuts_add_up_to_the_run(density: list[float]) -> None:
    parts = cut_at_valleys(np.array(density), 0, len(density))
    assert parts[0].start == 0
    assert parts[-1].stop == len(density)
    assert all(a.stop == b.start for a, b in pairwise(parts))
    assert all(part.stop > part.start for part in parts)


@pytest.mark.parametrize(
    ("before", "state"),
    [(7.0, "building"), (8.0, "steady"), (10.0, "steady"), (11.0, "fading"), (np.nan, "steady")],
)
def test_a_band_builds_or_fades_by_fifteen_per_cent(before: float, state: str) -> None:
    """Nine now: 9 > 1.15 x 7 builds, 9 < 1.15 x 8 does not; 9 x 1.15 < 11 fades, not < 10."""
    earlier = np.full((2, 40), before)
    seen = snapshot_of([1, 1, 9, 1, 1, 1], [], earlier_contracts=earlier, earlier_age_ms=13 * HOUR)
    band = bands(seen)[0]
    assert band.state == state


@pytest.mark.parametrize("size", [0.0, 1e3, 1e5])
@pytest.mark.parametrize("notional", [1.0, 100.0, 1e4, 1e6, 1e9])
def test_an_interval_contains_its_notional(notional: float, size: float) -> None:
    low, high = interval(notional, size)
    assert 0 <= low <= notional <= high


@given(st.floats(1e5, 1e12))
def test_large_bands_are_known_to_about_half(notional: float) -> None:
    """sd .55: Wilson-Hilferty with part = .55^2 / 9 = .0336: (.9664 -+ .2350)^3."""
    low, high = interval(notional, 0.0)
    assert (low / notional, high / notional) == pytest.approx((0.391, 1.734), abs=0.001)


def test_an_empty_book_has_no_band() -> None:
    seen = snapshot_of([], [])
    assert bands(seen) == []
    assert summary(seen).nearest_long is None
    assert np.isnan(summary(seen).long_short_ratio)


@pytest.mark.parametrize(
    ("options", "message"), [({"contrast": 0.9}, "contrast"), ({"limit": 0}, "limit")]
)
def test_a_request_for_no_band_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"{message} must be"):
        bands(snapshot_of([1.0], [1.0]), **options)


@settings(max_examples=10)
@given(SEEDS, st.integers(2, 300))
def test_the_curves_rise_outwards_and_end_at_the_sum(seed: int, max_rows: int) -> None:
    shown = liquidation_map(walked(seed), max_rows=max_rows)
    longs, shorts = shown.long_layers.sum(axis=0), shown.short_layers.sum(axis=0)
    outwards = shown.long_cumulative[longs > 0][::-1]
    assert (np.diff(outwards) >= 0).all()
    assert (np.diff(shown.short_cumulative[shorts > 0]) >= 0).all()
    assert outwards[-1] == pytest.approx(longs.sum())
    assert shown.short_cumulative[shorts > 0][-1] == pytest.approx(shorts.sum())
    assert len(shown.edges) - 1 <= max_rows


@settings(max_examples=10)
@given(SEEDS)
def test_a_map_of_all_prices_holds_the_whole_book(seed: int) -> None:
    seen = walked(seed)
    low, high = float(seen.centers[0]), float(seen.centers[-1])
    shown = liquidation_map(seen, low=low, high=high, max_rows=300)
    expected = seen.notional.sum(axis=2)
    np.testing.assert_allclose(shown.long_layers.sum(axis=1), expected[0])
    np.testing.assert_allclose(shown.short_layers.sum(axis=1), expected[1])


def test_a_hole_in_the_book_does_not_drop_the_curve_to_zero() -> None:
    """Longs 2, nothing, 3 outwards: the curve is 2, 2, 5 contracts' worth, not 2, 0, 5."""
    seen = snapshot_of([2, 0, 3], [])
    shown = liquidation_map(seen, low=float(seen.centers[17]), high=seen.mark * 1.001)
    rows = (shown.edges[:-1] > seen.centers[16]) & (shown.edges[1:] < seen.mark * (1 + 1e-9))
    curve = shown.long_cumulative[rows][::-1]
    assert (np.diff(curve) >= 0).all()


def test_the_totals_of_the_summary_are_the_books() -> None:
    """The tie in contracts: notional over the bin's price adds up to open interest."""
    candles = random_market(3, 100)
    seen = snapshot(candles, BYBIT)
    told = summary(seen)
    longs, shorts = (seen.notional.sum(axis=(1, 2))).tolist()
    assert (told.long_notional, told.short_notional) == pytest.approx((longs, shorts))
    assert told.long_short_ratio == pytest.approx(longs / shorts)
    ledgers = [book_of(candles).ledger(side) for side in SIDES]
    standing = [ledger.standing for ledger in ledgers]
    assert seen.contracts.sum(axis=(1, 2)) == pytest.approx(standing, rel=1e-3)
    assert seen.off_grid == pytest.approx([ledger.off_grid for ledger in ledgers])


def test_the_summary_names_the_nearest_and_the_strongest() -> None:
    """By notional: long 20, shorts 7 and 6, longs 6 and 5, short 5; the first half is strong."""
    seen = snapshot_of([1, 5, 1, 20, 1, 5.9, 1, 1], [1, 7, 1, 6, 1, 5, 1, 1])
    told, found = summary(seen), bands(seen)
    assert [band.strength for band in found] == pytest.approx([1, 0.8, 0.6, 0.4, 0.2, 0])
    assert told.strongest_long == told.nearest_long == found[0]
    assert told.strongest_short == told.nearest_short == found[1]


def test_a_map_without_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="max_rows must be at least 2"):
        liquidation_map(snapshot_of([1.0], [1.0]), max_rows=1)
    with pytest.raises(ValueError, match="low must be positive and below high"):
        liquidation_map(snapshot_of([1.0], [1.0]), low=200.0, high=100.0)


@pytest.mark.parametrize(
    ("dense_since", "unswept_since", "expected"),
    [(5, 2, 5), (5, 9, 9), (0, 2, NEW_YEAR_2024)],
    ids=["dense since 5", "swept at 9", "thin at the last half day: new now"],
)
def test_a_band_is_first_seen_when_it_became_dense_or_was_swept(
    dense_since: int, unswept_since: int, expected: int
) -> None:
    seen = snapshot_of(
        [1, 2, 9, 2, 1],
        [],
        dense_since_ms=np.full((2, 40), dense_since, dtype=np.int64),
        unswept_since_ms=np.full((2, 40), unswept_since, dtype=np.int64),
    )
    assert {band.first_seen_ms for band in bands(seen)} == {expected}


def test_a_band_that_forms_is_seen_from_the_half_day_at_which_it_was_found() -> None:
    """Open interest doubles in bar 30 of a flat market, so its bands are dense from hour 36."""
    open_interest = np.r_[np.full(30, 1_000.0), np.full(30, 3_000.0)]
    candles = flat_market(60, open_interest=open_interest)
    strongest = bands(snapshot(candles, BYBIT), side=Side.LONG)[0]
    assert NEW_YEAR_2024 + 12 * HOUR <= strongest.first_seen_ms <= NEW_YEAR_2024 + 36 * HOUR
