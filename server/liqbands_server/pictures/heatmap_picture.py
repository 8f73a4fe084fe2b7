"""The heatmap as a PNG: time across, logarithmic price upwards, notional as heat.

Rows are geometric, so they are equally tall on the logarithm of the price; no cell is resampled
in value.  Columns are bars, side by side.
"""

from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from liqbands.levels import LiquidationMap, Summary
from liqbands.market_data import Candles
from liqbands.results import Heatmap
from liqbands.timeframes import timeframe_name
from liqbands_server.pictures.candle_layer import candle_length, draw_candles, place_candles
from liqbands_server.pictures.canvas import (
    DOTS_PER_INCH,
    PictureOptions,
    add_panel,
    heat_colors,
    new_figure,
    save_png,
    write_heading,
)
from liqbands_server.pictures.intensity import Intensity
from liqbands_server.pictures.palette import Palette
from liqbands_server.pictures.profile import draw_profile
from liqbands_server.pictures.ticks import price_ticks, time_ticks
from liqbands_server.pictures.wording import (
    minute_text,
    notional_text,
    price_text,
    quantity_phrase,
)

WARM_SEED_SHARE: Final = 0.05
"""Below this share of the seed a book counts as warm."""

_BOTTOM, _HEIGHT = 0.062, 0.808


def draw_heatmap(
    heatmap: Heatmap,
    candles: Candles,
    path: Path,
    *,
    book: tuple[LiquidationMap, Summary] | None = None,
    options: PictureOptions | None = None,
) -> Path:
    """Draw a heatmap with its candles and, beside it, the book at the last moment.

    Parameters
    ----------
    heatmap : Heatmap
        What to draw; all of its rows and columns are in the picture.
    candles : Candles
        Bars over the heat; those outside of the columns are left out.
    path : Path
        Where the PNG goes.
    book : tuple of LiquidationMap and Summary, or None
        Of the last moment, drawn at the right; None leaves the room to the heatmap.
    options : PictureOptions or None
        Palette, title, remark and size.

    Returns
    -------
    Path
        `path`.
    """
    return save_png(heatmap_figure(heatmap, candles, book, options or PictureOptions()), path)


def heatmap_figure(
    heatmap: Heatmap,
    candles: Candles,
    book: tuple[LiquidationMap, Summary] | None,
    options: PictureOptions,
    last_close_ms: int | None = None,
) -> Figure:
    """Return a heatmap with its candles as a sheet.

    Parameters
    ----------
    heatmap, candles, book, options
        As for `draw_heatmap`.
    last_close_ms : int or None
        When the newest bar closed that the book has seen; None takes the candles' last close.

    Returns
    -------
    Figure
        To be saved once.
    """
    colors = options.palette
    figure = new_figure(options)
    right = 0.765 if book else 0.925
    heat_axes = add_panel(figure, (0.083, _BOTTOM, right - 0.083, _HEIGHT), colors)
    scale = Intensity.of(heatmap.notional)
    _draw_cells(heat_axes, heatmap, scale.heat(heatmap.notional), colors)
    candle_ms = _draw_candles(heat_axes, heatmap, candles, colors)
    _mark_stretches(heat_axes, heatmap, colors)
    _label_axes(heat_axes, heatmap, colors)
    _draw_price_line(heat_axes, heatmap, colors)
    _draw_legend(figure, heatmap, scale, colors)
    if book:
        profile_axes = add_panel(figure, (0.822, _BOTTOM, 0.163, _HEIGHT), colors)
        profile_axes.set_ylim(heat_axes.get_ylim())
        draw_profile(profile_axes, *book, colors)
        profile_axes.axhline(np.log(book[1].mark), color=colors.mark, linewidth=0.9, linestyle=":")
    timeframe = timeframe_name(candles.timeframe_ms)
    title = window_title(heatmap.instrument.ticker, timeframe, heatmap)
    write_heading(figure, options, title, _lines(heatmap, candles, candle_ms, last_close_ms))
    return figure


def window_title(name: str, timeframe: str, heatmap: Heatmap) -> str:
    """Return a heading: what is shown, in which bars, from when to when.

    Parameters
    ----------
    name : str
        Of the market.
    timeframe : str
        Length of a bar.
    heatmap : Heatmap
        What is shown.

    Returns
    -------
    str
        One line.
    """
    first, last = int(heatmap.open_time_ms[0]), int(heatmap.open_time_ms[-1])
    end = minute_text(last + heatmap.timeframe_ms)
    return f"{name}  ·  {timeframe}  ·  {minute_text(first)[:10]} to {end[:10]}"


def _lines(
    heatmap: Heatmap, candles: Candles, candle_ms: int, last_close_ms: int | None
) -> list[str]:
    kind = "  ·  estimated from price and open interest" if heatmap.unit == "quote" else ""
    bar_ms = candles.timeframe_ms
    close_ms = last_close_ms or _last_close_ms(heatmap, candles)
    parts = [f"last bar closed {minute_text(close_ms)}" if close_ms else "no closed bar"]
    if heatmap.timeframe_ms > bar_ms:
        parts.append(f"columns of {timeframe_name(heatmap.timeframe_ms)}")
    if candle_ms > bar_ms:
        parts.append(f"candles joined to {timeframe_name(candle_ms)}")
    return [f"{quantity_phrase(heatmap.quantity, heatmap.unit)}{kind}", "  ·  ".join(parts)]


def _last_close_ms(heatmap: Heatmap, candles: Candles) -> int | None:
    """Return when the last closed bar shown ended, None where there is none."""
    n_closed = len(candles) - candles.last_is_forming
    closes = candles.open_time_ms[:n_closed] + candles.timeframe_ms
    shown = closes[closes <= heatmap.open_time_ms[-1] + heatmap.timeframe_ms]
    return int(shown[-1]) if len(shown) else None


def _draw_candles(axes: Axes, heatmap: Heatmap, candles: Candles, colors: Palette) -> int:
    """Draw the candles and return their length in milliseconds."""
    column_ms = heatmap.timeframe_ms
    larger = max(1.0, axes.figure.dpi / DOTS_PER_INCH)
    pixels = axes.get_window_extent().width / larger / heatmap.n_bars
    length = candle_length(column_ms, pixels)
    placed = place_candles(candles, heatmap.open_time_ms, column_ms, length)
    draw_candles(axes, placed, pixels * placed.width, colors)
    return length


def _draw_cells(axes: Axes, heatmap: Heatmap, heat: np.ndarray, colors: Palette) -> None:
    low, high = (float(edge) for edge in np.log(heatmap.edges[[0, -1]]))
    axes.imshow(
        heat.T, origin="lower", aspect="auto", interpolation="nearest", cmap=heat_colors(colors),
        vmin=0, vmax=1, extent=(-0.5, heatmap.n_bars - 0.5, low, high), zorder=1,
    )  # fmt: skip
    axes.set_xlim(-0.5, heatmap.n_bars - 0.5)
    axes.set_ylim(low, high)


def _mark_stretches(axes: Axes, heatmap: Heatmap, colors: Palette) -> None:
    """Veil the columns that are not warm yet and fence off the one that may still change."""
    cold = np.flatnonzero(heatmap.seed_share >= WARM_SEED_SHARE)
    place = blended_transform_factory(axes.transData, axes.transAxes)
    if len(cold):
        end = float(cold[-1]) + 0.5
        axes.axvspan(-0.5, end, facecolor=colors.background, alpha=0.4, zorder=2, linewidth=0)
        axes.axvline(end, color=colors.faint, linewidth=0.9, linestyle=(0, (4, 4)), zorder=2)
        axes.text(
            0.008, 0.985, "warm-up: part of the book is still assumed, not built from these bars",
            transform=axes.transAxes, color=colors.text, size=10, va="top", zorder=8,
        )  # fmt: skip
    forming = np.flatnonzero(heatmap.is_forming)
    if len(forming):
        start = float(forming[0]) - 0.5
        axes.axvline(start, color=colors.text, linewidth=0.9, linestyle=(0, (2, 2)), zorder=3)
        axes.text(
            start, 0.985, "forming ", transform=place, color=colors.text, size=10,
            ha="right", va="top", zorder=8,
        )  # fmt: skip


def _label_axes(axes: Axes, heatmap: Heatmap, colors: Palette) -> None:
    bars, texts = time_ticks(heatmap.open_time_ms)
    axes.set_xticks(bars, texts)
    axes.text(
        -0.004, -0.012, "UTC", transform=axes.transAxes, color=colors.faint, size=10,
        ha="right", va="top",
    )  # fmt: skip
    low, high = np.exp(axes.get_ylim())
    ticks = price_ticks(float(low), float(high), 12)
    step = float(np.diff(ticks).min()) if len(ticks) > 1 else None
    height = float(np.log(high / low))
    clear = np.abs(np.log(ticks / heatmap.mark[-1])) > 0.028 * height
    clear &= np.minimum(np.log(ticks / low), np.log(high / ticks)) > 0.006 * height
    axes.yaxis.tick_right()
    axes.set_yticks(np.log(ticks[clear]), [price_text(float(t), step) for t in ticks[clear]])
    axes.grid(color=colors.text, alpha=0.07, linewidth=0.7)


def _draw_price_line(axes: Axes, heatmap: Heatmap, colors: Palette) -> None:
    mark = float(heatmap.mark[-1])
    axes.axhline(np.log(mark), color=colors.mark, linewidth=0.9, linestyle=":", zorder=7)
    axes.annotate(
        price_text(mark), (1.0, np.log(mark)), xycoords=("axes fraction", "data"),
        xytext=(6, 0), textcoords="offset points", va="center", size=10.5, weight="bold",
        color=colors.background, bbox={"boxstyle": "square,pad=0.25", "fc": colors.mark, "lw": 0},
    )  # fmt: skip


def _draw_legend(figure: Figure, heatmap: Heatmap, scale: Intensity, colors: Palette) -> None:
    axes = add_panel(figure, (0.0215, _BOTTOM + 0.055, 0.0105, _HEIGHT - 0.055), colors)
    ramp = np.linspace(0, 1, 256)[:, None]
    axes.imshow(ramp, origin="lower", aspect="auto", cmap=heat_colors(colors), extent=(0, 1, 0, 1))
    values = scale.legend_values(5)
    texts = [notional_text(float(v), heatmap.unit, heatmap.instrument.quote) for v in values]
    texts[-1] = f"≥ {texts[-1]}"
    axes.yaxis.tick_right()
    axes.set_yticks(np.linspace(0, 1, len(values)), texts)
    axes.tick_params(axis="y", labelsize=9.5, pad=3)
    row = f"{100 * np.expm1(heatmap.grid.step * heatmap.bins_per_row):.2g}%"
    what = "share of book" if heatmap.unit == "relative" else "notional"
    figure.text(
        0.0215, _BOTTOM - 0.002, f"{what}\nper {row} row", color=colors.faint, size=9,
        va="bottom", linespacing=1.3,
    )  # fmt: skip
