"""A chart of one-minute Bitcoin bars at a broker, and a frame that belongs to it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tests.mt5_bridge.host.terminal import Terminal

from liqbands.instrument import Side
from liqbands_mt5.encode import encode
from liqbands_mt5.frame import Frame, FrameBand, Grid, Honesty

SYMBOL: Final = "BTCUSD.r"
FEED: Final = "BTCUSD"
NOW: Final = 1_717_218_000
"""2024-06-01 05:00 UTC: daylight saving is in force, so a +2 h broker is at +3 h."""
SUMMER: Final = 3 * 3600
N_BARS: Final = 300
N_COLUMNS, N_ROWS = 60, 200
PRICE: Final = 60_060.0
REFERENCE: Final = 60_000.0
RATIO: Final = PRICE / REFERENCE


@dataclass(frozen=True)
class View:
    """What a chart shows."""

    size: tuple[int, int] = (640, 320)
    prices: tuple[float, float] = (58_000.0, 62_000.0)
    first: int = 79
    scale: int = 3


def levels(seed: int = 1, shape: tuple[int, int] = (N_COLUMNS, N_ROWS)) -> NDArray[np.uint8]:
    """Return random levels, about half of the cells empty."""
    drawn = np.random.default_rng(seed).integers(-255, 256, (2, *shape))
    return np.maximum(drawn, 0).astype(np.uint8)


def grid(seed: int = 1, **changes: object) -> Grid:
    """Return one hour of minutes that ends now."""
    whole = Grid(
        t0_ms=1000 * (NOW - 60 * N_COLUMNS),
        column_ms=60_000,
        price_min=57_500.0,
        row_step=0.0004,
        levels=levels(seed),
        min_value=100.0,
        max_value=6_553_600.0,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # the caller's names


def band(low: float, *, side: Side = Side.SHORT, level: int = 200, **changes: object) -> FrameBand:
    """Return a band of 0.1 % that has stood for an hour."""
    notional = 1e4 * level
    whole = FrameBand(
        side, low, low * 1.001, low * 1.0004, NOW - 3600, notional, notional / 2, 2 * notional,
        level, level * 100 // 255, leverage=25,
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]  # the caller's names


BANDS: Final = (
    band(60_500.0, level=250),
    band(59_000.0, side=Side.LONG, level=210),
    band(61_000.0, level=180),
    band(58_500.0, side=Side.LONG, level=100),
)


def frame(seq: int = 1, **changes: object) -> Frame:
    """Return a frame of now."""
    whole = Frame(
        FEED,
        seq,
        1000 * NOW,
        1000 * NOW,
        REFERENCE,
        grid(seq),
        BANDS,
        Honesty(5, 6, 0.34, 1000 * NOW),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # the caller's names


def put(terminal: Terminal, content: Frame | bytes, timeframe: str = "1m") -> None:
    """Put a file where the indicator looks for it."""
    folder = terminal.common / "Liqbands"
    folder.mkdir(exist_ok=True)
    data = encode(content) if isinstance(content, Frame) else content
    (folder / f"{FEED}_{timeframe}.lhm").write_bytes(data)


def bar_times(gap: int = 0) -> NDArray[np.int64]:
    """Return the bars' opens in the broker's time; all but the newest 40 `gap` seconds earlier."""
    times = NOW + SUMMER + 60 * (np.arange(N_BARS) - N_BARS)
    times[:-40] -= gap
    return times


def show(terminal: Terminal, view: View) -> None:
    """Scroll, zoom or resize the chart."""
    terminal.window(view.size, view.prices, view.first, view.scale)


def chart(terminal: Terminal, price: float = PRICE, gap: int = 0) -> Terminal:
    """Set up the broker's chart."""
    terminal.symbol(SYMBOL)
    terminal.bars(bar_times(gap), price)
    terminal.clock(NOW, SUMMER)
    terminal.tick(SYMBOL, NOW + SUMMER, price - 1, price + 1)
    show(terminal, View())
    return terminal


def start(terminal: Terminal) -> Terminal:
    """Drag the indicator onto the chart."""
    assert terminal.init() == 0
    terminal.calculate()
    terminal.timer()
    return terminal


def at(terminal: Terminal, seconds: float) -> None:
    """Let the clocks be so many seconds after `NOW`, and the timer fire."""
    terminal.clock(NOW + seconds, SUMMER)
    terminal.timer()


def file_of(terminal: Terminal) -> Path:
    """Return the file that the indicator reads."""
    return terminal.common / "Liqbands" / f"{FEED}_1m.lhm"
