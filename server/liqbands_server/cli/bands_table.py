"""The table of `liqbands bands`: a header of totals, then one row per band."""

import math
from typing import Final, Literal

from rich import box
from rich.console import Console
from rich.table import Table

from liqbands.instrument import Side
from liqbands.levels import Band, Summary
from liqbands.results import Snapshot
from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS
from liqbands_server.pictures.wording import minute_text, notional_text, price_text

_COLORS: Final = {Side.LONG: "red", Side.SHORT: "green"}
_SMALL_SHARE: Final = 0.05
_N_LAYERS: Final = 2
_FULL_WIDTH: Final = 160
_COLUMNS: Final = (
    "#", "side", "zone", "peak", "notional", "80% interval", "distance", "ATR", "in 7 d",
    "leverage", "age", "state", "first seen",
)  # fmt: skip
_WORDS: Final = {"side", "leverage", "age", "state", "first seen"}
_SPARED: Final = {"peak", "80% interval", "leverage", "age", "first seen"}
"""What a narrow terminal goes without; ``--json`` has it all."""


def print_bands(
    console: Console, book: Snapshot, totals: Summary, found: list[Band], now_ms: int
) -> None:
    """Print a book's totals and bands.

    Parameters
    ----------
    console : Console
        Where to; files and pipes get all columns, a narrow terminal fewer.
    book : Snapshot
        The book.
    totals : Summary
        Its totals.
    found : list of Band
        Its bands, strongest first.
    now_ms : int
        Now, UTC milliseconds.
    """
    if not console.is_terminal:
        console.width = max(console.width, _FULL_WIDTH)
    for line in header_lines(book, totals, now_ms):
        console.print(line, markup=False)
    console.print(_table(book, found, console.width))


def header_lines(book: Snapshot, totals: Summary, now_ms: int) -> list[str]:
    """Return the lines above the table.

    Parameters
    ----------
    book : Snapshot
        The book.
    totals : Summary
        Its totals.
    now_ms : int
        Now, UTC milliseconds.

    Returns
    -------
    list of str
        Totals; then unit, moment and age of the data.
    """
    long, short = (_text(book, value) for value in (totals.long_notional, totals.short_notional))
    ratio = "n/a" if math.isnan(totals.long_short_ratio) else f"{totals.long_short_ratio:.2f}"
    unit = f"notional in {book.instrument.quote or 'quote currency'}"
    if book.unit == "relative":
        unit = "shares of the book (relative: there is no open interest)"
    return [
        f"{book.instrument.ticker}  price {price_text(book.mark)}  "
        f"long {long}  short {short}  long/short {ratio}",
        f"{book.quantity} {unit};  last bar closed {minute_text(book.time_ms)}, "
        f"{span_text(now_ms - book.time_ms)} ago",
    ]


def span_text(span_ms: float) -> str:
    """Return a length of time in one unit.

    Parameters
    ----------
    span_ms : float
        Milliseconds; NaN where it is not known.

    Returns
    -------
    str
        Days, hours or minutes.

    Examples
    --------
    >>> span_text(90_000_000.0), span_text(7_200_000), span_text(float("nan"))
    ('25 h', '2 h', '')
    """
    if math.isnan(span_ms):
        return ""
    if span_ms >= 2 * DAY_MS:
        return f"{span_ms / DAY_MS:.0f} d"
    return f"{span_ms / HOUR_MS:.0f} h" if span_ms >= HOUR_MS else f"{span_ms / MINUTE_MS:.0f} min"


def leverage_text(band: Band) -> str:
    """Return the layers that matter in a band.

    Parameters
    ----------
    band : Band
        The band.

    Returns
    -------
    str
        The two largest, as shares, if at least 5 %.
    """
    shares = {
        name: value / band.notional
        for name, value in band.leverage_notional.items()
        if band.notional > 0 and value >= _SMALL_SHARE * band.notional
    }
    ranked = sorted(shares.items(), key=lambda item: -item[1])[:_N_LAYERS]
    return "  ".join(f"{name} {100 * share:.0f}%" for name, share in ranked)


def _text(book: Snapshot, value: float) -> str:
    return notional_text(value, book.unit, book.instrument.quote)


def _table(book: Snapshot, found: list[Band], width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    shown = [name for name in _COLUMNS if width >= _FULL_WIDTH or name not in _SPARED]
    for name in shown:
        justify: Literal["left", "right"] = "left" if name in _WORDS else "right"
        table.add_column(name, justify=justify, no_wrap=True)
    for rank, band in enumerate(found, start=1):
        cells = dict(zip(_COLUMNS, (str(rank), *_cells(book, band)), strict=True))
        table.add_row(*(cells[name] for name in shown), style=_COLORS[band.side])
    return table


def _cells(book: Snapshot, band: Band) -> list[str]:
    return [
        band.side.label,
        f"{price_text(band.low)} - {price_text(band.high)}",
        price_text(band.peak_price),
        _text(book, band.notional),
        f"{_text(book, band.notional_low)} - {_text(book, band.notional_high)}",
        f"{100 * band.distance:+.2f}%",
        "" if math.isnan(band.distance_atr) else f"{band.distance_atr:.1f}",
        f"{100 * band.reach_probability:.0f}%",
        leverage_text(band),
        span_text(band.mean_age_ms),
        band.state,
        minute_text(band.first_seen_ms)[:10],
    ]
