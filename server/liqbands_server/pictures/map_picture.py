"""The liquidation map as a PNG: price across, notional upwards, one moment.

Bars are stacked by leverage; the dotted curves add them up outwards from the price.
"""

from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from liqbands.instrument import FloatArray
from liqbands.levels import Band, LiquidationMap, Summary
from liqbands_server.pictures.canvas import (
    PictureOptions,
    add_panel,
    layer_colors,
    new_figure,
    save_png,
    write_heading,
)
from liqbands_server.pictures.palette import Palette
from liqbands_server.pictures.profile import beyond, draw_layer_legend, stacked_rows
from liqbands_server.pictures.ticks import price_ticks
from liqbands_server.pictures.wording import (
    minute_text,
    notional_text,
    price_text,
    quantity_phrase,
)

_PANEL: Final = (0.058, 0.085, 0.884, 0.675)


def draw_map(
    book: LiquidationMap,
    summary: Summary,
    path: Path,
    *,
    options: PictureOptions | None = None,
) -> Path:
    """Draw the book of one moment, price across.

    Parameters
    ----------
    book : LiquidationMap
        What to draw.
    summary : Summary
        The numbers above it, of the same moment.
    path : Path
        Where the PNG goes.
    options : PictureOptions or None
        Palette, title, remark and size.

    Returns
    -------
    Path
        `path`.
    """
    options = options or PictureOptions()
    colors = options.palette
    figure = new_figure(options)
    axes = add_panel(figure, _PANEL, colors)
    _draw_bars(axes, book, colors)
    _draw_curves(figure, axes, book, colors)
    _draw_price_line(axes, book, colors)
    for band in (summary.strongest_long, summary.strongest_short):
        if band:
            _point_at(axes, band, book, colors)
    draw_layer_legend(axes, book, colors, corner=(0.0, 1.014), n_columns=len(book.leverage_groups))
    _write_numbers(figure, book, summary, colors)
    write_heading(figure, options, _title(book), [_line(book, summary)])
    return save_png(figure, path)


def _title(book: LiquidationMap) -> str:
    return f"{book.instrument.ticker}  ·  liquidation map  ·  {minute_text(book.time_ms)}"


def _line(book: LiquidationMap, summary: Summary) -> str:
    below, above = beyond(book, summary)
    row = f"{100 * (book.edges[1] / book.edges[0] - 1):.2g}%"
    return (
        f"{quantity_phrase(book.quantity, book.unit)}  ·  one bar is a price row of {row}  ·  "
        f"further out: {below} below, {above} above"
    )


def _text(book: LiquidationMap, value: float) -> str:
    return notional_text(value, book.unit, book.instrument.quote)


def _draw_bars(axes: Axes, book: LiquidationMap, colors: Palette) -> None:
    middle, width, layers = stacked_rows(book)
    bottom = np.zeros(len(middle))
    for layer, color in zip(layers, layer_colors(colors, len(layers)), strict=True):
        axes.bar(middle, layer, width * 0.84, bottom=bottom, color=color, linewidth=0, zorder=2)
        bottom = bottom + layer
    low, high = float(book.edges[0]), float(book.edges[-1])
    axes.set_xlim(np.log(low), np.log(high))
    axes.set_ylim(0, max(float(bottom.max(initial=0.0)) * 1.22, 1e-12))
    axes.yaxis.set_major_locator(MaxNLocator(7))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _text(book, value)))
    ticks = price_ticks(low, high, 14)
    step = float(np.diff(ticks).min()) if len(ticks) > 1 else None
    axes.set_xticks(np.log(ticks), [price_text(float(tick), step) for tick in ticks])
    axes.grid(axis="y", color=colors.text, alpha=0.08, linewidth=0.7)


def _draw_curves(figure: Figure, axes: Axes, book: LiquidationMap, colors: Palette) -> None:
    right = figure.add_axes(_PANEL, frameon=False)
    right.set_xlim(axes.get_xlim())
    right.set_xticks([])
    top = 0.0
    for curve, corners, color in (
        (book.long_cumulative, book.edges[:-1], colors.long),
        (book.short_cumulative, book.edges[1:], colors.short),
    ):
        x, y = _outwards(book, curve, corners)
        right.plot(x, y, color=color, linewidth=2.0, linestyle=(0, (1, 1.4)), zorder=4)
        right.fill_between(x, y, color=color, alpha=0.07, linewidth=0, zorder=1)
        shown = (x >= axes.get_xlim()[0]) & (x <= axes.get_xlim()[1])
        top = max(top, float(y[shown].max(initial=0.0)))
    right.set_ylim(0, max(top * 1.12, 1e-12))
    right.yaxis.tick_right()
    right.yaxis.set_major_locator(MaxNLocator(7))
    right.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _text(book, value)))
    right.tick_params(colors=colors.faint, labelsize=10.5, length=0, pad=6)
    right.text(
        1.0, 1.012, "added up from the price outwards (dotted)", transform=right.transAxes,
        color=colors.faint, size=9.5, ha="right", va="bottom",
    )  # fmt: skip


def _outwards(
    book: LiquidationMap, curve: FloatArray, corners: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return a cumulative curve as points, with its beginning, nothing at the price."""
    wanted = curve > 0
    x = np.append(np.log(corners[wanted]), np.log(book.mark))
    y = np.append(curve[wanted], 0.0)
    order = np.argsort(x)
    return x[order], y[order]


def _draw_price_line(axes: Axes, book: LiquidationMap, colors: Palette) -> None:
    x = float(np.log(book.mark))
    axes.axvline(x, color=colors.mark, linewidth=1.1, linestyle="--", zorder=5)
    axes.annotate(
        price_text(book.mark), (x, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 5),
        textcoords="offset points", ha="center", va="bottom", size=11, weight="bold",
        color=colors.background, bbox={"boxstyle": "square,pad=0.3", "fc": colors.mark, "lw": 0},
    )  # fmt: skip


def _point_at(axes: Axes, band: Band, book: LiquidationMap, colors: Palette) -> None:
    x = float(np.log(band.peak_price))
    if not axes.get_xlim()[0] <= x <= axes.get_xlim()[1]:
        return
    row = int(np.searchsorted(book.edges, band.peak_price)) - 1
    near = slice(max(row - 1, 0), row + 2)
    height = float((book.long_layers + book.short_layers)[:, near].sum(axis=0).max())
    axes.annotate(
        price_text(band.peak_price), (x, height), xytext=(0, 16), textcoords="offset points",
        ha="center", va="bottom", size=10, color=colors.text, zorder=8,
        arrowprops={"arrowstyle": "-|>", "color": colors.text, "lw": 0.9, "shrinkB": 1},
    )  # fmt: skip


def _write_numbers(figure: Figure, book: LiquidationMap, summary: Summary, colors: Palette) -> None:
    cards = (
        ("Total Long", _text(book, summary.long_notional), colors.long),
        ("Price", price_text(summary.mark), colors.text),
        ("Total Short", _text(book, summary.short_notional), colors.short),
        ("Strongest long cluster", _cluster(book, summary.strongest_long), colors.long),
        ("Strongest short cluster", _cluster(book, summary.strongest_short), colors.short),
    )
    for (name, value, color), x in zip(cards, (0.0215, 0.16, 0.29, 0.44, 0.715), strict=True):
        figure.text(x, 0.872, name, color=colors.faint, size=10.5, va="center")
        figure.text(x, 0.838, value, color=color, size=16, weight="bold", va="center")


def _cluster(book: LiquidationMap, band: Band | None) -> str:
    if band is None:
        return "none"
    price = price_text(band.peak_price)
    return f"{_text(book, band.notional)} at {price} ({100 * band.distance:+.1f}%)"
