"""The book at the last moment beside the heatmap: bars per price row, stacked by leverage."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from liqbands.instrument import FloatArray
from liqbands.levels import LiquidationMap, Summary
from liqbands_server.pictures.canvas import layer_colors
from liqbands_server.pictures.palette import Palette
from liqbands_server.pictures.wording import notional_text

_OUTLIER: Final = 2.5


def stacked_rows(book: LiquidationMap) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return where the rows of a map stand and what is in them.

    Parameters
    ----------
    book : LiquidationMap
        The map.

    Returns
    -------
    tuple of ndarray
        Middle and width of each row in ``ln(price)``, shape (n_bands,), and both sides' notional
        per layer, shape (n_groups, n_bands).
    """
    log_edges = np.log(book.edges)
    middle = (log_edges[1:] + log_edges[:-1]) / 2
    return middle, np.diff(log_edges), book.long_layers + book.short_layers


def beyond(book: LiquidationMap, summary: Summary) -> tuple[str, str]:
    """Return what stands further out than a map reaches.

    Parameters
    ----------
    book : LiquidationMap
        A part of the book.
    summary : Summary
        Totals of the whole book.

    Returns
    -------
    tuple of str
        Longs below and shorts above the map, as written.
    """
    rest = (
        summary.long_notional - book.long_layers.sum(),
        summary.short_notional - book.short_layers.sum(),
    )
    below, above = (
        notional_text(max(float(value), 0.0), book.unit, book.instrument.quote) for value in rest
    )
    return below, above


def draw_profile(axes: Axes, book: LiquidationMap, summary: Summary, palette: Palette) -> None:
    """Draw the book as horizontal bars, upwards on the panel's logarithmic prices.

    Parameters
    ----------
    axes : Axes
        Panel whose vertical limits are ``ln(price)``.
    book : LiquidationMap
        The map of the last moment.
    summary : Summary
        Totals of the same moment, for what stands outside of the panel.
    palette : Palette
        Its colours.
    """
    low, high = axes.get_ylim()
    middle, height, layers = stacked_rows(book)
    left = np.zeros(len(middle))
    for layer, color in zip(layers, layer_colors(palette, len(layers)), strict=True):
        axes.barh(middle, layer, height * 0.86, left=left, color=color, linewidth=0)
        left = left + layer
    axes.set_xlim(0, 1.12 * _longest_bar(left))
    _name_longer_bars(axes, book, middle, left, palette)
    axes.set_ylim(low, high)
    _label_axis(axes, book, palette)
    _label_sides(axes, beyond(book, summary), palette)
    draw_layer_legend(axes, book, palette, corner=(0.0, 1.038), n_columns=3)


def draw_layer_legend(
    axes: Axes,
    book: LiquidationMap,
    palette: Palette,
    *,
    corner: tuple[float, float],
    n_columns: int,
) -> None:
    """Write above a panel which colour is which layer.

    Parameters
    ----------
    axes : Axes
        Panel with room above.
    book : LiquidationMap
        Names the layers.
    palette : Palette
        Their colours.
    corner : tuple of float
        Left lower corner, in fractions of the panel.
    n_columns : int
        How many names stand beside each other.
    """
    colors = layer_colors(palette, len(book.leverage_groups))
    patches = [
        Patch(color=color, label=name)
        for name, color in zip(book.leverage_groups, colors, strict=True)
    ]
    legend = axes.legend(
        handles=patches, loc="lower left", bbox_to_anchor=corner, ncols=n_columns, fontsize=9,
        labelcolor=palette.text, frameon=False, handlelength=1.0, handleheight=0.8,
        handletextpad=0.5, columnspacing=1.1, borderaxespad=0.0, borderpad=0.0,
    )  # fmt: skip
    legend.set_zorder(9)


def _longest_bar(length: FloatArray) -> float:
    """Return the length that fills the panel: the longest, but no outlier far beyond the rest."""
    usual = float(np.quantile(length[length > 0], 0.98)) if (length > 0).any() else 0.0
    return max(min(float(length.max(initial=0.0)), _OUTLIER * usual), 1e-12)


def _name_longer_bars(
    axes: Axes, book: LiquidationMap, middle: FloatArray, length: FloatArray, palette: Palette
) -> None:
    """Write the notional of bars that do not end in the panel onto them."""
    end = axes.get_xlim()[1]
    for row in np.flatnonzero(length > end):
        text = notional_text(float(length[row]), book.unit, book.instrument.quote)
        axes.text(
            0.99 * end, middle[row], f"{text} →", color=palette.text, size=8.5,
            ha="right", va="center", zorder=8,
            bbox={"boxstyle": "square,pad=0.1", "fc": palette.background, "lw": 0},
        )  # fmt: skip


def _label_axis(axes: Axes, book: LiquidationMap, palette: Palette) -> None:
    ticks = np.array([0.5, 1.0]) * axes.get_xlim()[1] / 1.12
    axes.set_xticks(ticks)
    axes.set_xticklabels(
        [notional_text(float(tick), book.unit, book.instrument.quote) for tick in ticks]
    )
    axes.grid(axis="x", color=palette.faint, alpha=0.16, linewidth=0.7)
    axes.set_axisbelow(True)


def _label_sides(axes: Axes, outside: tuple[str, str], palette: Palette) -> None:
    below, above = outside
    axes.text(
        0.0, 1.008, f"shorts  ·  further up {above}", transform=axes.transAxes,
        color=palette.short, size=9.5, va="bottom", zorder=8,
    )  # fmt: skip
    axes.text(
        0.985, 0.008, f"longs  ·  further down {below}", transform=axes.transAxes,
        color=palette.long, size=9.5, ha="right", va="bottom", zorder=8,
        bbox={"boxstyle": "square,pad=0.25", "fc": palette.background, "alpha": 0.75, "lw": 0},
    )  # fmt: skip
