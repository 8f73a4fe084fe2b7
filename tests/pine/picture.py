"""Draws what the Pine script draws: ``python -m tests.pine.picture docs/pine.png``.

The script runs offline on a simulated market; its boxes, labels, lines, outlines and tables are
drawn with matplotlib over the candles.  It is not a picture of TradingView.
"""

import sys
from typing import Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle
from tests.pine.offline import HOUR, MINUTE, Bar, Chart, Drawn
from tests.pine.scenes import run

import liqbands as lb
from liqbands_pine.encode import encode
from liqbands_pine.from_bands import section_from
from liqbands_server.demo_market import demo_market

N_BARS: Final = 500
N_SHOWN: Final = 120
N_AFTER: Final = 6
"""Bars after the levels' time, in which bands are swept."""

N_AHEAD: Final = 50
SEED: Final = 26
RISING, FALLING = "#26a69a", "#ef5350"


class Look(NamedTuple):
    """One half of the picture."""

    title: str
    ground: str
    ink: str
    inputs: dict[str, Any]


LOOKS: Final = (
    Look("Dark chart, swept bands removed", "#131722", "#8fa3bf", {}),
    Look(
        "Light chart, with profile, swept bands faded",
        "#ffffff",
        "#5d6b82",
        {"profileIn": True, "widthIn": 18, "offsetIn": 3, "sweptIn": "Fade"},
    ),
)


def main(path: str) -> None:
    """Write the picture."""
    mpl.use("Agg")
    candles, instrument = demo_market(N_BARS, SEED)
    book = lb.snapshot(candles[: N_BARS - N_AFTER], instrument)
    section = section_from(book, lb.bands(book), confidence=72, valid_minutes=24 * 60)
    text = encode([section], max_bands=150).texts[0]
    columns = (candles.open, candles.high, candles.low, candles.close)
    times = (candles.open_time_ms // 1000).tolist()
    rows = list(zip(times, *(column.tolist() for column in columns), strict=True))
    bars = [Bar(*row) for row in rows[-N_SHOWN:]]
    figure, axes = plt.subplots(2, 1, figsize=(12, 14), dpi=100)
    for ax, look in zip(axes, LOOKS, strict=True):
        chart = Chart(ticker=section.symbol, background=look.ground)
        now_s = bars[-1].time_s + HOUR + 12 * MINUTE
        draw(ax, look, bars, run(text, bars, chart, now_s, **look.inputs))
    figure.subplots_adjust(left=0.01, right=0.95, top=0.97, bottom=0.01, hspace=0.07)
    figure.savefig(path)


def draw(ax: Axes, look: Look, bars: list[Bar], drawn: Drawn) -> None:
    """Draw one chart."""
    ax.set_facecolor(look.ground)
    ax.set_title(look.title, fontsize=10, color="#5d6b82", loc="left")
    draw_shapes(ax, bars, drawn)
    draw_candles(ax, bars)
    draw_labels(ax, drawn)
    draw_tables(ax, look, drawn)
    low, high = min(bar.low for bar in bars), max(bar.high for bar in bars)
    ax.set_xlim(0, len(bars) + N_AHEAD)
    ax.set_ylim(low - 0.55 * (high - low), high + 0.6 * (high - low))
    ax.set_xticks([])
    ax.yaxis.tick_right()
    ax.tick_params(labelsize=8, color=look.ink)
    for spine in ax.spines.values():
        spine.set_color(look.ink)


def draw_shapes(ax: Axes, bars: list[Bar], drawn: Drawn) -> None:
    """Draw boxes and the profile's outlines behind the candles."""
    right = len(bars) + N_AHEAD
    for box in drawn.boxes:
        left = (box["left"] / 1000 - bars[0].time_s) / HOUR
        ended = (box["right"] / 1000 - bars[0].time_s) / HOUR
        width = (right if box["extend"] == "right" else ended) - left
        size = (width, box["top"] - box["bottom"])
        ax.add_patch(Rectangle((left, box["bottom"]), *size, color=box["bgcolor"], lw=0))
    for line in drawn.polylines:
        points = [(point["index"], point["price"]) for point in line["points"]]
        ax.add_patch(Polygon(points, color=line["fill_color"], lw=0, closed=True))


def draw_candles(ax: Axes, bars: list[Bar]) -> None:
    """Draw candles."""
    for i, bar in enumerate(bars):
        colour = RISING if bar.close >= bar.open else FALLING
        ax.vlines(i, bar.low, bar.high, color=colour, lw=0.8)
        body = (i - 0.35, min(bar.open, bar.close))
        ax.add_patch(Rectangle(body, 0.7, abs(bar.close - bar.open), color=colour, lw=0.3))


def draw_labels(ax: Axes, drawn: Drawn) -> None:
    """Draw magnet lines and labels."""
    for line in drawn.lines:
        ax.plot([line["x1"], line["x2"]], [line["y1"], line["y2"]], "--", color=line["color"])
    for label in drawn.labels:
        plate = {"facecolor": label["color"], "edgecolor": "none", "pad": 1.0}
        style = {"fontsize": 6.8, "va": "center", "color": label["textcolor"], "bbox": plate}
        ax.text(label["x"] + 0.8, label["y"], label["text"], clip_on=True, **style)


def draw_tables(ax: Axes, look: Look, drawn: Drawn) -> None:
    """Draw the panel in its corner and the messages at the bottom."""
    panel = drawn.tables["top_right"]
    height, width, right, top = 0.037, 0.33, 0.992, 0.985
    n_rows = 1 + max(row for _, row in panel)
    size = (width, height * n_rows + 0.015)
    plate: dict[str, Any] = {
        "facecolor": "#10151f" if look.ground != "#ffffff" else "#ffffff",
        "alpha": 0.9,
    }
    corner = (right - width, top - size[1])
    frame: dict[str, Any] = {"transform": ax.transAxes, "edgecolor": look.ink, "zorder": 4}
    ax.add_patch(Rectangle(corner, size[0], size[1], **plate, **frame))
    colours = {cell["text"]: cell["text_color"] for cell in drawn.cells}
    style: dict[str, Any] = {"transform": ax.transAxes, "fontsize": 8.5, "zorder": 5}
    for (column, row), words in panel.items():
        x = right - 0.01 if column else corner[0] + 0.01
        side = {"ha": "right" if column else "left", "va": "center", "color": colours[words]}
        ax.text(x, top - height * (row + 0.68), words, **side, **style)
    for row, words in enumerate(reversed(drawn.messages)):
        ground: dict[str, Any] = {
            "facecolor": drawn.colour_of(words),
            "edgecolor": "none",
            "pad": 3.0,
        }
        place: dict[str, Any] = {"ha": "center", "color": "#ffffff", "bbox": ground}
        ax.text(0.4, 0.03 + 0.05 * row, words, **place, **style)


if __name__ == "__main__":
    main(sys.argv[1])
