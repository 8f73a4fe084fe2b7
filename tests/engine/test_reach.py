"""A book read within reach has the bands of the whole book."""

from dataclasses import fields

import numpy as np
import pytest
from tests.engine.markets import BYBIT, EURUSD, HOUR, random_market

from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.heatmaps import basis_of
from liqbands.instrument import Instrument
from liqbands.levels import Band
from liqbands.reach import REACH, read_within_reach
from liqbands.zones import bands

OF_TIME = {"mean_age_ms", "first_seen_ms", "state", "distance_atr"}
"""What needs a book that remembers ages."""

MARKETS = {
    "perpetual": (BYBIT, random_market(1, 200, extras=True)),
    "jumps": (BYBIT, random_market(2, 200, volatility=0.06, gaps=True)),
    "candles only": (BYBIT, random_market(3, 200, open_interest=False)),
    "forex": (EURUSD, random_market(4, 200, volatility=0.001, open_interest=False)),
}


def amounts(found: list[Band]) -> list[dict[str, object]]:
    names = [field.name for field in fields(Band) if field.name not in OF_TIME]
    return [{name: getattr(band, name) for name in names} for band in found]


@pytest.mark.parametrize("name", MARKETS)
def test_the_bands_are_those_of_the_whole_book_to_the_last_bit(name: str) -> None:
    instrument, candles = MARKETS[name]
    whole, light = (book_of(instrument, candles, ages=ages) for ages in (True, False))
    for start in range(0, len(candles), 10):
        part = candles[start : start + 10]
        whole.extend(part)
        light.extend(part)
        near = bands(read_within_reach(light))
        assert amounts(near) == amounts(bands(whole.snapshot()))
    assert near


def book_of(instrument: Instrument, candles: Candles, *, ages: bool) -> Book:
    return Book(instrument, timeframe_ms=HOUR, basis=basis_of(candles), ages=ages)


def test_nothing_beyond_reach_is_read() -> None:
    instrument, candles = MARKETS["perpetual"]
    book = book_of(instrument, candles, ages=True)
    book.extend(candles)
    near, whole = read_within_reach(book), book.snapshot()
    distance = np.abs(np.log(near.centers / near.mark))
    assert near.n_bins < whole.n_bins / 2
    assert REACH <= distance.max() < REACH + 2 * near.grid.step
    first = near.first_bin - whole.first_bin
    part = slice(first, first + near.n_bins)
    np.testing.assert_array_equal(near.contracts, whole.contracts[:, :, part])
    np.testing.assert_array_equal(near.off_grid, whole.off_grid)
