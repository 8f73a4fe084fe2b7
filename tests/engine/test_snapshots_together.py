"""Books of several venues as one: the same sums as the heatmaps of those venues together."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from liqbands import Candles, Instrument, Snapshot, bands, combine, heatmap, snapshot
from liqbands.errors import GridMismatchError
from liqbands.grid import PriceGrid
from liqbands.instrument import ContractKind
from liqbands.snapshots_together import combine_snapshots

HOUR_MS = 3_600_000
SHIFTS = {"bybit": 0.0, "okx": 0.0012, "gate": -0.00031}


def market(shift: float = 0.0, n_bars: int = 60, *, open_interest: bool = True) -> Candles:
    rng = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.004, n_bars)) + shift)
    return Candles.from_arrays(
        np.arange(n_bars) * HOUR_MS,
        open=close,
        high=close * 1.003,
        low=close * 0.997,
        close=close,
        volume=np.full(n_bars, 50.0),
        open_interest=np.full(n_bars, 1_000.0 if open_interest else np.nan),
    )


def instrument(venue: str) -> Instrument:
    return Instrument(venue, "BTC/USDT:USDT")


def book(venue: str, shift: float = 0.0, n_bars: int = 60) -> Snapshot:
    return snapshot(market(shift, n_bars), instrument(venue))


def books() -> list[Snapshot]:
    return [book(venue, shift) for venue, shift in SHIFTS.items()]


def per_bin(seen: Snapshot) -> NDArray[np.float64]:
    """Return the notional of both sides per bin."""
    return np.asarray(seen.notional.sum(axis=(0, 1)))


def test_one_venue_is_its_own_sum() -> None:
    alone = book("bybit")
    whole = combine_snapshots([alone])
    np.testing.assert_allclose(whole.notional[:, :, : alone.n_bins], alone.notional, rtol=1e-12)
    assert whole.share == {"bybit": 1.0}
    assert [band.notional for band in bands(whole)] == pytest.approx(
        [band.notional for band in bands(alone)]
    )


def test_every_row_is_that_of_the_heatmaps_together() -> None:
    heatmaps = [
        heatmap(market(shift), instrument(venue), low=60, high=170, max_rows=100_000)
        for venue, shift in SHIFTS.items()
    ]
    expected = combine(heatmaps).heatmap
    whole = combine_snapshots(books())
    # A shift carries something over the edges of what the heatmaps show.
    inner = slice(10, expected.n_bands - 10)
    first = expected.first_bin - whole.first_bin
    rows = per_bin(whole)[first : first + expected.n_bands][inner]
    np.testing.assert_allclose(rows, expected.notional[-1][inner], rtol=1e-5, atol=1e-3)


def test_every_dollar_stays_in_the_sum() -> None:
    parts = books()
    whole = combine_snapshots(parts)
    expected = sum(part.notional.sum(axis=2).sum(axis=1) for part in parts)
    np.testing.assert_allclose(whole.notional.sum(axis=(1, 2)), expected, rtol=1e-12)
    assert sum(whole.share.values()) == pytest.approx(1.0)


def test_every_layer_is_the_sum_of_the_venues() -> None:
    parts = books()
    whole = combine_snapshots(parts)
    assert whole.leverage_groups == parts[0].leverage_groups
    expected = sum(part.notional.sum(axis=2) for part in parts)
    np.testing.assert_allclose(whole.notional.sum(axis=2), expected, rtol=1e-12)


def test_a_layer_that_only_one_venue_has_is_kept_by_its_name() -> None:
    one, other = book("bybit"), book("okx")
    renamed = replace(other, leverage_groups=(*other.leverage_groups[:-1], "extremes"))
    whole = combine_snapshots([one, renamed])
    assert whole.leverage_groups == (*one.leverage_groups, "extremes")
    np.testing.assert_allclose(
        whole.notional[:, -1].sum(axis=1), other.notional[:, -1].sum(axis=1), rtol=1e-12
    )


def test_distances_from_the_mark_are_kept() -> None:
    """The same book four bins higher: every band lies as far from the mark, twice as large."""
    one = book("bybit")
    higher = replace(one, first_bin=one.first_bin + 4, mark=one.mark * np.exp(4 * one.grid.step))
    higher = replace(higher, contracts=one.notional / higher.contract_value)
    both, alone = bands(combine_snapshots([one, higher])), bands(one)
    assert [band.distance for band in both] == pytest.approx([band.distance for band in alone])
    assert [band.notional for band in both] == pytest.approx([2 * band.notional for band in alone])


def test_nothing_crosses_the_mark() -> None:
    whole = combine_snapshots(books())
    beyond = np.abs(np.log(whole.centers / whole.mark)) > whole.grid.step
    longs, shorts = whole.notional.sum(axis=1)
    assert (longs[beyond & (whole.centers > whole.mark)] == 0).all()
    assert (shorts[beyond & (whole.centers < whole.mark)] == 0).all()


def test_ages_are_weighted_by_notional() -> None:
    """Three parts of an age of 2 h and one of 6 h: 3 h."""
    one = book("bybit")
    aged = [
        replace(one, mean_age_ms=np.full((2, one.n_bins), hours * HOUR_MS), contracts=contracts)
        for hours, contracts in ((2.0, 3 * one.contracts), (6.0, one.contracts))
    ]
    age = combine_snapshots(aged).mean_age_ms
    assert age[np.isfinite(age)] == pytest.approx(3 * HOUR_MS)


def test_inverse_contracts_are_added_by_their_notional() -> None:
    one = book("bybit")
    inverse = Instrument(
        "okx", "BTC/USD:BTC", contract_kind=ContractKind.INVERSE, contract_size=100.0
    )
    same = replace(one, instrument=inverse, contracts=one.notional / 100.0)
    both = combine_snapshots([one, same])
    assert both.notional.sum() == pytest.approx(2 * one.notional.sum())
    assert both.share["okx"] == pytest.approx(0.5)


def test_the_older_books_are_added_only_where_all_have_one() -> None:
    long, short = book("bybit"), book("okx", n_bars=60)
    assert combine_snapshots([long, short]).earlier_age_ms == long.earlier_age_ms > 0
    young = replace(short, earlier_age_ms=0)
    assert np.isnan(combine_snapshots([long, young]).earlier_contracts).all()


def test_a_venue_without_open_interest_is_left_out_and_named() -> None:
    relative = snapshot(market(open_interest=False), instrument("gate"))
    whole = combine_snapshots([relative, *books()[:2]])
    assert whole.left_out == ("gate: no open interest",)
    assert list(whole.share) == ["bybit", "okx"]


def test_a_venue_whose_bars_have_ended_is_left_out_and_named() -> None:
    whole = combine_snapshots([book("bybit"), book("okx", n_bars=50)])
    assert whole.left_out == ("okx: no recent bars",)
    assert whole.share == {"bybit": 1.0}


def test_books_without_dollars_cannot_be_added() -> None:
    relative = snapshot(market(open_interest=False), instrument("gate"))
    with pytest.raises(ValueError, match="gate: no open interest"):
        combine_snapshots([relative])


def test_standing_and_expected_books_are_never_mixed() -> None:
    with pytest.raises(ValueError, match="books must all be standing, one was expected"):
        combine_snapshots([book("bybit"), replace(book("okx"), quantity="expected")])


def test_other_grids_are_refused() -> None:
    with pytest.raises(GridMismatchError):
        combine_snapshots([book("bybit"), replace(book("okx"), grid=PriceGrid(1e-4))])
