"""Draws what the indicator draws: ``python -m tests.mt5_bridge.picture docs/mt5.png``.

The indicator runs offline on a simulated market; its bitmap lies under candles that matplotlib
draws, its objects over them.  It is not a picture of MetaTrader.
"""

import sys
import tempfile
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from tests.mt5_bridge.host.build import build
from tests.mt5_bridge.host.terminal import COLOUR, STYLE, WIDTH, Drawn, Terminal

import liqbands as lb
from liqbands.timeframes import HOUR_MS
from liqbands_mt5.encode import encode
from liqbands_mt5.frame import Frame, Honesty
from liqbands_mt5.from_engine import bands_of, grid_of
from liqbands_mt5.symbols import Alias, frame_file, index_text
from liqbands_server.demo_market import demo_market

SIZE: Final = (1280, 720)
N_BARS, N_SHOWN, SCALE = 300, 132, 3
SYMBOL, FEED = "SIMUSD.x", "SIMULATED:SIMUSDT"
H1, OFFSET_S = 16385, 3 * 3600
BASIS: Final = 1.0008
NEAR: Final = 0.12
"""Bands within so much of the price; the strongest of all are farther away."""
GROUND, RISING, FALLING, INK = "#131722", "#26a69a", "#ef5350", "#8fa3bf"


def main(path: str) -> None:
    """Write the picture."""
    mpl.use("Agg")
    candles, instrument = demo_market(N_BARS)
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(build(programs=["LiqHeatmap"])["LiqHeatmap"], Path(folder))
        prices = put_market(terminal, candles, frame_of(candles, instrument))
        terminal.init()
        terminal.calculate()
        terminal.timer()
        draw(path, terminal, candles, prices)


def frame_of(candles: lb.Candles, instrument: lb.Instrument) -> Frame:
    """Return the frame that a server would send."""
    close = float(candles.close[-1])
    heatmap = lb.heatmap(
        candles, instrument, window="1w", low=0.75 * close, high=1.35 * close, max_rows=700
    )
    book = lb.snapshot(candles, instrument)
    now_ms = int(candles.open_time_ms[-1]) + HOUR_MS
    near = [band for band in lb.bands(book) if abs(band.peak_price / close - 1) < NEAR]
    return Frame(
        FEED, 1, now_ms, now_ms - 2_000, book.mark, grid_of(heatmap), bands_of(near[:12]),
        Honesty(1, 1, 0.0, now_ms - 2_000), simulated=True,
    )  # fmt: skip


def put_market(terminal: Terminal, candles: lb.Candles, frame: Frame) -> tuple[float, float]:
    """Set up the broker's chart and the files beside it; return the prices of the window."""
    folder = terminal.common / "Liqbands"
    folder.mkdir()
    (folder / frame_file(FEED, "1h")).write_bytes(encode(frame))
    (folder / "index.csv").write_text(index_text([Alias("SIMUSD", FEED, "simulated exchange")]))
    now_s = frame.generated_ms // 1000
    shown = candles[-N_SHOWN:]
    room = 0.6 * (shown.high.max() - shown.low.min())
    prices = (BASIS * float(shown.low.min() - room), BASIS * float(shown.high.max() + room))
    terminal.symbol(SYMBOL, H1, digits=1)
    terminal.bars(candles.open_time_ms // 1000 + OFFSET_S, BASIS * candles.close)
    terminal.clock(now_s, OFFSET_S)
    quote = BASIS * frame.reference_price
    terminal.tick(SYMBOL, now_s + OFFSET_S - 2, quote - 0.5, quote + 0.5)
    terminal.window(SIZE, prices, N_SHOWN - 1, SCALE)
    return prices


def draw(path: str, terminal: Terminal, candles: lb.Candles, prices: tuple[float, float]) -> None:
    """Draw ground, bitmap, candles and objects."""
    figure = plt.figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor=GROUND)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, SIZE[0]), ylim=prices)
    axes.set_axis_off()
    shape = (0, SIZE[0], *prices)
    axes.imshow(colours_of(terminal.pixels()), extent=shape, aspect="auto", interpolation="nearest")
    draw_candles(axes, candles[-N_SHOWN:])
    first_s = int(candles.open_time_ms[-N_SHOWN]) // 1000 + OFFSET_S
    for drawn in terminal.objects.values():
        draw_object(axes, drawn, first_s, prices)
    figure.savefig(path)


def colours_of(pixels: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return ARGB as bytes of red, green, blue, alpha."""
    return np.stack([(pixels >> shift) & 255 for shift in (16, 8, 0, 24)], axis=-1).astype(np.uint8)


def draw_candles(axes: Axes, candles: lb.Candles) -> None:
    """Draw the broker's bars, each around its x."""
    x = np.arange(len(candles)) * 2**SCALE
    low, high = BASIS * candles.low, BASIS * candles.high
    first, last = BASIS * candles.open, BASIS * candles.close
    colour = [RISING if up else FALLING for up in last >= first]
    axes.vlines(x, low, high, colors=colour, linewidth=1)
    axes.bar(x, last - first, width=5, bottom=first, color=colour)


def draw_object(axes: Axes, drawn: Drawn, first_s: int, prices: tuple[float, float]) -> None:
    """Draw a box, line, word or label."""
    value = drawn.numbers.get(COLOUR, 0)
    colour = f"#{value & 255:02x}{value >> 8 & 255:02x}{value >> 16 & 255:02x}"
    x = [(time - first_s) / 3600 * 2**SCALE for time in drawn.time]
    dots = ":" if drawn.numbers.get(STYLE) else "-"
    if drawn.kind == "box":
        size = (x[1] - x[0], drawn.price[1] - drawn.price[0])
        width = drawn.numbers[WIDTH]
        corner = (x[0], drawn.price[0])
        axes.add_patch(Rectangle(corner, *size, fill=False, ec=colour, lw=width, ls=dots))
    elif drawn.kind == "line":
        axes.axhline(drawn.price[0], color=colour, lw=0.9, ls=":")
    elif drawn.kind == "word":
        axes.text(x[0], drawn.price[0], drawn.text, color=colour, size=8, ha="right", va="bottom")
    elif drawn.kind == "label":
        y = prices[1] - (drawn.numbers["8"] + 10) * (prices[1] - prices[0]) / SIZE[1]
        axes.text(drawn.numbers["7"], y, drawn.text, color=colour, size=9, va="center")


if __name__ == "__main__":
    main(sys.argv[1])
