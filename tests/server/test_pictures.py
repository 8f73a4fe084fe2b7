"""The pictures: written, sized, hot where notional stands, and told apart by their legends."""

from dataclasses import replace
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from liqbands.grid import PriceGrid
from liqbands.instrument import Instrument, Side
from liqbands.levels import Band, LiquidationMap, Summary
from liqbands.market_data import Candles
from liqbands.results import Heatmap
from liqbands_server.pictures.candle_layer import candle_length, place_candles
from liqbands_server.pictures.canvas import PictureOptions
from liqbands_server.pictures.heatmap_picture import draw_heatmap
from liqbands_server.pictures.intensity import Intensity
from liqbands_server.pictures.map_picture import draw_map
from liqbands_server.pictures.palette import PALETTES, find_palette
from liqbands_server.pictures.profile import beyond
from liqbands_server.pictures.ticks import price_ticks, time_ticks
from liqbands_server.pictures.wording import notional_text

HOUR_MS = 3_600_000
N_BARS, N_ROWS, PER_ROW = 48, 200, 2
GRID = PriceGrid(5e-4)
MARK = 50_000.0
BTC = Instrument("bybit", "BTC/USDT:USDT")
FIRST_BIN = int(np.floor(np.log(MARK) / GRID.step)) - N_ROWS * PER_ROW // 2
STRONG, WEAK, EMPTY = 150, 170, 185
"""Rows above the price: full heat, a quarter of it, nothing."""

HEAT_LEFT, HEAT_RIGHT = 0.083, 0.765
HEAT_BOTTOM, HEAT_TOP = 0.062, 0.870


@pytest.fixture
def candles() -> Candles:
    """Return two days of a price that stands still."""
    still = np.full(N_BARS, MARK)
    return Candles.from_arrays(
        np.arange(N_BARS) * HOUR_MS, open=still, high=still * 1.001, low=still * 0.999, close=still
    )


@pytest.fixture
def heatmap() -> Heatmap:
    """Return bands that stand unchanged through two days."""
    notional = np.zeros((N_BARS, N_ROWS), np.float32)
    notional[:, STRONG - 1 : STRONG + 2] = 4e6
    notional[:, WEAK - 1 : WEAK + 2] = 1e6
    return Heatmap(
        BTC, GRID, FIRST_BIN, PER_ROW, np.arange(N_BARS, dtype=np.int64) * HOUR_MS, HOUR_MS,
        notional, np.full(N_BARS, MARK), np.full(N_BARS, N_ROWS // 2), np.zeros(N_BARS, np.float32),
        np.zeros(N_BARS, bool), np.zeros(N_BARS), "quote", "standing",
    )  # fmt: skip


@pytest.fixture
def book(heatmap: Heatmap) -> LiquidationMap:
    """Return the last column as a map in two layers, with longs as a mirror of the shorts."""
    last = heatmap.notional[-1].astype(float)
    shorts = np.array([[0.25], [0.75]]) * last
    longs = shorts[:, ::-1]
    return LiquidationMap(
        BTC, N_BARS * HOUR_MS, MARK, heatmap.edges, ("1-5x", "5-10x"), longs, shorts,
        np.cumsum(longs.sum(0)[::-1])[::-1], np.cumsum(shorts.sum(0)), "quote", "standing",
    )  # fmt: skip


@pytest.fixture
def summary(book: LiquidationMap) -> Summary:
    """Return totals of which a fifth stands outside of the map, and one strong cluster."""
    shorts = float(book.short_layers.sum()) / 0.8
    price = float(np.sqrt(book.edges[STRONG] * book.edges[STRONG + 1]))
    band = Band(
        Side.SHORT, price * 0.999, price * 1.001, price, 12e6, 6e6, 18e6, {}, 1e7,
        price / MARK - 1, 2.0, 0.5, 1.0, 0, "steady", "quote",
    )  # fmt: skip
    return Summary(
        book.time_ms, MARK, shorts, shorts, 1.0, None, band, None, band, "quote", "standing"
    )


def pixels(path: Path) -> NDArray[np.float64]:
    """Return a picture as red, green, blue in 0 to 1, row 0 at the top."""
    return np.asarray(matplotlib.image.imread(path), dtype=np.float64)[:, :, :3]


def row_color(picture: NDArray[np.float64], row: int, across: float = 0.3) -> NDArray[np.float64]:
    """Return the colour in the middle of a heatmap row, `across` of the way."""
    up = HEAT_BOTTOM + (row + 0.5) / N_ROWS * (HEAT_TOP - HEAT_BOTTOM)
    x = HEAT_LEFT + across * (HEAT_RIGHT - HEAT_LEFT)
    color: NDArray[np.float64] = picture[
        round((1 - up) * picture.shape[0]), round(x * picture.shape[1])
    ]
    return color


def distance_along(palette: str, color: NDArray[np.float64]) -> int:
    """Return which stop of a palette's heat a colour is nearest to."""
    stops = np.array([[int(stop[i : i + 2], 16) / 255 for i in (1, 3, 5)]
                      for stop in find_palette(palette).heat])  # fmt: skip
    return int(np.abs(stops - color).sum(axis=1).argmin())


@pytest.mark.parametrize("palette", PALETTES)
def test_a_stronger_band_is_hotter_in_every_palette(
    palette: str, tmp_path: Path, heatmap: Heatmap, candles: Candles,
    book: LiquidationMap, summary: Summary,
) -> None:  # fmt: skip
    path = tmp_path / "new folder" / "heat.png"
    look = PictureOptions(palette=find_palette(palette))
    assert draw_heatmap(heatmap, candles, path, book=(book, summary), options=look) == path
    picture = pixels(path)
    assert picture.shape == (900, 1600, 3)
    hot, mild, nothing = (
        distance_along(palette, row_color(picture, row)) for row in (STRONG, WEAK, EMPTY)
    )
    assert hot == len(find_palette(palette).heat) - 1
    assert hot > mild > nothing
    assert nothing == 0


def test_a_band_ends_in_the_picture_where_it_was_swept(
    tmp_path: Path, heatmap: Heatmap, candles: Candles
) -> None:
    heatmap.notional[24:, STRONG - 1 : STRONG + 2] = 0
    picture = pixels(draw_heatmap(heatmap, candles, tmp_path / "heat.png"))
    assert distance_along("classic", row_color(picture, STRONG, 0.3)) == 8
    assert distance_along("classic", row_color(picture, STRONG, 0.9)) == 0


def test_what_is_not_warm_yet_is_veiled(
    tmp_path: Path, heatmap: Heatmap, candles: Candles, book: LiquidationMap, summary: Summary
) -> None:
    cold = replace(heatmap, seed_share=np.where(np.arange(N_BARS) < 24, 0.5, 0.01))
    picture = pixels(draw_heatmap(cold, candles, tmp_path / "heat.png", book=(book, summary)))
    before, after = row_color(picture, STRONG, 0.3), row_color(picture, STRONG, 0.8)
    assert before.sum() < 0.8 * after.sum()


def test_an_empty_book_is_drawn_without_a_warning(
    tmp_path: Path, heatmap: Heatmap, candles: Candles, book: LiquidationMap, summary: Summary
) -> None:
    nothing = replace(heatmap, notional=np.zeros_like(heatmap.notional))
    zero = np.zeros_like(book.long_layers)
    flat = np.zeros(N_ROWS)
    empty = replace(
        book, long_layers=zero, short_layers=zero, long_cumulative=flat, short_cumulative=flat
    )
    none = replace(summary, long_notional=0.0, short_notional=0.0, strongest_short=None)
    draw_heatmap(nothing, candles, tmp_path / "heat.png", book=(empty, none))
    draw_map(empty, none, tmp_path / "map.png")
    assert pixels(tmp_path / "map.png").shape == (900, 1600, 3)


def test_drawing_twice_gives_the_same_picture(
    tmp_path: Path, heatmap: Heatmap, candles: Candles
) -> None:
    one = draw_heatmap(heatmap, candles, tmp_path / "one.png").read_bytes()
    assert draw_heatmap(heatmap, candles, tmp_path / "two.png").read_bytes() == one


def test_the_map_has_bars_where_liquidations_stand(
    tmp_path: Path, book: LiquidationMap, summary: Summary
) -> None:
    look = PictureOptions(width=1200, height=700)
    picture = pixels(draw_map(book, summary, tmp_path / "map.png", options=look))
    assert picture.shape == (700, 1200, 3)
    foot = round((1 - 0.085 - 0.01) * 700)

    def brightness(row: int) -> float:
        x = 0.058 + (row + 0.5) / N_ROWS * 0.884
        return float(picture[foot, round(x * 1200)].sum())

    assert min(brightness(STRONG), brightness(N_ROWS - 1 - STRONG)) > 1.2
    assert brightness(EMPTY) < 0.5


def test_what_stands_beyond_a_map_is_written(book: LiquidationMap, summary: Summary) -> None:
    # Shorts on the map: 3 rows of 4M and 3 of 1M, 15M, which is 80 % of 18.75M; so are the longs.
    assert beyond(book, summary) == ("$3.75M", "$3.75M")


@given(st.floats(1e-3, 1e9))
def test_the_scale_follows_the_values_and_not_one_outlier(factor: float) -> None:
    values = np.linspace(1, 100, 1000)
    usual = Intensity.of(values * factor)
    assert usual.cap == pytest.approx(factor * 99.505)  # 1 + 0.995 * 99
    with_outlier = Intensity.of(np.append(values, 1e6) * factor)
    assert with_outlier.cap == pytest.approx(usual.cap, rel=0.01)
    assert usual.heat(np.array([0.0, usual.cap / 2, 1e12])) == pytest.approx([0, 0.5, 1])


def test_bars_are_joined_only_where_they_would_be_too_narrow() -> None:
    assert candle_length(HOUR_MS, 6.0) == HOUR_MS
    assert candle_length(HOUR_MS, 2.6) == 2 * HOUR_MS
    assert candle_length(9 * HOUR_MS, 1.0) == 45 * HOUR_MS  # no usual bar holds whole columns


def test_joined_candles_keep_first_open_extremes_and_last_close() -> None:
    bars = Candles.from_arrays(
        np.arange(4) * HOUR_MS,
        open=[10, 12, 11, 13], high=[12, 15, 13, 14], low=[9, 11, 8, 12], close=[12, 11, 13, 12],
    )  # fmt: skip
    placed = place_candles(bars, bars.open_time_ms, HOUR_MS, 2 * HOUR_MS)
    assert placed.open.tolist() == [10, 11]
    assert placed.high.tolist() == [15, 14]
    assert placed.low.tolist() == [9, 8]
    assert placed.close.tolist() == [11, 12]
    assert placed.middle.tolist() == [0.5, 2.5]


def test_candles_outside_of_the_columns_are_left_out(candles: Candles) -> None:
    later = candles.open_time_ms[-1] + HOUR_MS + np.arange(3) * HOUR_MS
    assert len(place_candles(candles, later, HOUR_MS, HOUR_MS).open) == 0


@given(st.floats(1e-5, 1e6), st.floats(1.001, 3.0))
def test_price_ticks_are_inside_and_evenly_spaced(low: float, ratio: float) -> None:
    ticks = price_ticks(low, low * ratio)
    assert 3 <= len(ticks) <= 14
    assert ticks.min() >= low
    assert ticks.max() <= low * ratio
    assert np.diff(ticks) == pytest.approx(np.diff(ticks)[0], rel=1e-6)


@pytest.mark.parametrize("n_bars", [2, 30, 700, 20_000])
def test_time_ticks_never_crowd(n_bars: int) -> None:
    bars, texts = time_ticks(np.arange(n_bars, dtype=np.int64) * HOUR_MS, n_ticks=10)
    assert len(bars) == len(texts) <= 10
    assert all(step >= 0.7 * n_bars / 10 for step in np.diff([0, *bars]))


def test_dollars_get_a_sign_and_other_currencies_their_code() -> None:
    assert notional_text(999_999_999, "quote", "USDC") == "$1B"
    assert notional_text(1500, "quote", "JPY") == "1.5K JPY"
    assert notional_text(0.5, "quote", "") == "0.5"


def test_an_unknown_palette_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="classic, safe, monochrome, light, was 'red'"):
        find_palette("red")
