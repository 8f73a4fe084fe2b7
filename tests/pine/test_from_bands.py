"""The engine's bands as levels: on the tick, in thousands, by the leverage that holds most."""

from decimal import Decimal

import pytest
from tests.engine.markets import BYBIT, random_market

import liqbands as lb
from liqbands_pine.decode import decode
from liqbands_pine.encode import encode
from liqbands_pine.from_bands import levels_from
from liqbands_pine.levels import Level, Section


@pytest.fixture(scope="module")
def snapshot() -> lb.Snapshot:
    return lb.snapshot(random_market(0, 600), BYBIT)


def levels_of(snapshot: lb.Snapshot, tick: float | None) -> tuple[Level, ...]:
    return levels_from(lb.bands(snapshot), tick, snapshot.time_ms)


@pytest.mark.parametrize("tick", [0.1, 0.5, 1e-5, None])
def test_levels_lie_on_ticks_and_cover_their_bands(snapshot: lb.Snapshot, tick: float) -> None:
    bands = [band for band in lb.bands(snapshot) if round(band.notional / 1000) >= 1]
    for band, level in zip(bands, levels_of(snapshot, tick), strict=True):
        assert float(level.low) <= band.low < band.high <= float(level.high)
        if tick:
            assert level.low % Decimal(repr(tick)) == 0


def test_a_book_survives_the_way_to_the_chart(snapshot: lb.Snapshot) -> None:
    levels = levels_of(snapshot, 0.1)
    section = Section("BTCUSDT", snapshot.time_ms // 1000, Decimal("100.5"), levels)
    (read,) = decode(encode([section], max_bands=480).texts[0])
    assert set(read.section.levels) == set(levels)
    assert levels


def test_notional_is_in_thousands(snapshot: lb.Snapshot) -> None:
    bands = [band for band in lb.bands(snapshot) if round(band.notional / 1000) >= 1]
    written = sum(level.notional for level in levels_of(snapshot, 0.1))
    assert written == sum(round(band.notional / 1000) for band in bands)


def test_the_leverage_is_that_of_the_largest_layer(snapshot: lb.Snapshot) -> None:
    band = lb.bands(snapshot)[0]
    largest = max(band.leverage_notional, key=lambda layer: band.leverage_notional[layer])
    assert str(levels_of(snapshot, 0.1)[0].leverage) in largest
