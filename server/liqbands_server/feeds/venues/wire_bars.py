"""Bars as venues write them, checked before anybody believes them.

Prices are quote per base; a bar is one minute long.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, MarkBar
from liqbands_server.feeds.venues.numbers import positive, time_ms

MINUTE_MS: Final = 60_000
PRICES: Final = ("open", "high", "low", "close")

_HALT_MS = 15 * MINUTE_MS  # clocks are wrong by less
_ROUNDING = 1e-9  # sums of trades differ from the volume in the last digits


def prices_of(
    row: Mapping[str, Any], names: tuple[str, str, str, str] = PRICES
) -> tuple[float, float, float, float]:
    """Return open, high, low and close.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    names : tuple of str
        Keys of the four, in this order.

    Returns
    -------
    tuple of float
        Open and close lie between low and high.

    Raises
    ------
    WireError
        If one is no price, or they contradict each other.

    Examples
    --------
    >>> prices_of({"o": "2", "h": "3", "l": "1", "c": "2.5"}, ("o", "h", "l", "c"))
    (2.0, 3.0, 1.0, 2.5)
    """
    first, high, low, last = (positive(row, name) for name in names)
    if not low <= min(first, last) <= max(first, last) <= high:
        found = f"{first}, {high}, {low}, {last}"
        raise WireError(f"high and low must enclose open and close, was {found}")
    return first, high, low, last


def open_time(row: Mapping[str, Any], name: str) -> int:
    """Return when a minute begins.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    int
        UTC milliseconds, a multiple of 60,000.

    Raises
    ------
    WireError
        If it is no time, or lies within a minute.
    """
    time = time_ms(row, name)
    if time % MINUTE_MS:
        raise WireError(f"{name} must be the beginning of a minute, was {time}")
    return time


def checked_bar(bar: BarNews) -> BarNews:
    """Return a bar whose quantities agree.

    Parameters
    ----------
    bar : BarNews
        As read.

    Returns
    -------
    BarNews
        The same.

    Raises
    ------
    WireError
        If takers bought more than was traded.
    """
    if bar.taker_buy_volume > bar.volume * (1 + _ROUNDING):
        raise WireError(
            f"takers cannot buy more than the volume {bar.volume}, was {bar.taker_buy_volume}"
        )
    return bar


def with_closed(bars: Sequence[BarNews], now_ms: int) -> list[BarNews]:
    """Return bars of an answer that does not say which of them are final.

    Parameters
    ----------
    bars : sequence of BarNews
        In any order, the newest that there is among them.
    now_ms : int
        The venue's time; 0 where it does not matter.

    Returns
    -------
    list of BarNews
        Closed is what another follows; the newest one only if nothing has followed it for long,
        as in a halt, because even a venue's clock may differ from its bars.
    """
    newest_ms = max((bar.open_time_ms for bar in bars), default=0)
    halted_ms = now_ms - MINUTE_MS - _HALT_MS
    return [
        bar._replace(is_closed=bar.open_time_ms < newest_ms or bar.open_time_ms <= halted_ms)
        for bar in bars
    ]


def mark_bar(row: Mapping[str, Any], time_name: str) -> MarkBar:
    """Return a minute of the mark price.

    Parameters
    ----------
    row : mapping
        With keys as in `PRICES`; what venues write as its volume means nothing.
    time_name : str
        Key of its beginning.

    Returns
    -------
    MarkBar
        Checked.

    Raises
    ------
    WireError
        If it cannot be true.
    """
    _, high, low, close = prices_of(row)
    return MarkBar(open_time(row, time_name), high, low, close)
