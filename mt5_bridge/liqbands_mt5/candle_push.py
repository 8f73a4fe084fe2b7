"""A broker's minutes as text, from terminals to the server; every bad line is answered by itself.

::

    # mt5 v1 symbol=EURUSD.r feed=EURUSD server_std_offset=7200 dst=us timeframe=1m
    1717200000,1.08100,1.08110,1.08090,1.08105,57

A line is a closed bar: when it opens in UTC seconds, four prices, the number of ticks.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from liqbands.candles import Candles
from liqbands.errors import LiqbandsError
from liqbands.timeframes import TIMEFRAMES
from liqbands_mt5.broker_clock import BrokerClock, BrokerClockError, Daylight

START: Final = "# mt5 v1 "
MOST_LINES: Final = 500
CONTENT_TYPE: Final = "text/csv"

_WHOLE = re.compile(r"\d{1,12}")
_PRICE = re.compile(r"\d{1,15}(\.\d{1,15})?")
_CELLS = 6
_EARLY_S = 5
"""So far the clock of a terminal's PC may be ahead of the server's."""


class PushError(LiqbandsError, ValueError):
    """A text of candles cannot be used at all; the message names the line."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One closed bar.

    Parameters
    ----------
    open_time_s : int
        When it opens, UTC.
    open, high, low, close : float
        The broker's prices.
    ticks : int
        How often the price changed; not a volume.
    """

    open_time_s: int
    open: float
    high: float
    low: float
    close: float
    ticks: int


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left out.

    Parameters
    ----------
    number : int
        Counted from 1.
    reason : str
        What is wrong with it.
    """

    number: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CandlePush:
    """What a terminal sent.

    Parameters
    ----------
    symbol : str
        The broker's.
    feed : str
        Ours; empty when the terminal does not know it.
    timeframe : str
        Length of a bar.
    clock : BrokerClock or None
        Of the broker, when it was told.
    bars : tuple of Bar
        The good lines, in order of time.
    bad : tuple of BadLine
        The others.
    """

    symbol: str
    feed: str
    timeframe: str
    clock: BrokerClock | None
    bars: tuple[Bar, ...]
    bad: tuple[BadLine, ...] = ()

    @property
    def candles(self) -> Candles:
        """Return the bars for the engine; volume is missing, as ticks are none."""
        return Candles.from_arrays(
            [1000 * bar.open_time_s for bar in self.bars],
            open=[bar.open for bar in self.bars],
            high=[bar.high for bar in self.bars],
            low=[bar.low for bar in self.bars],
            close=[bar.close for bar in self.bars],
            timeframe_ms=TIMEFRAMES[self.timeframe],
        )

    @property
    def answer(self) -> tuple[int, str]:
        """Return the HTTP status and text: 204, or 200 with one line for each that was left out."""
        return (200, "".join(f"{line}\n" for line in self.bad)) if self.bad else (204, "")


def read_push(text: str, now_s: float = math.inf) -> CandlePush:
    r"""Return what a text of candles says.

    Parameters
    ----------
    text : str
        As `push_text` and the MQL5 service write it.
    now_s : float
        UTC now; bars that are not closed then are left out.

    Returns
    -------
    CandlePush
        Good bars, and why the other lines are none.

    Raises
    ------
    PushError
        If the first line or the number of lines makes all of it useless.

    Examples
    --------
    >>> push = read_push("# mt5 v1 symbol=EURUSDm\n60,1,2,1,1.5,7\n120,1,2,1.2,1.1,9\n")
    >>> len(push.bars), str(push.bad[0])
    (1, 'line 3: low 1.2 must not be above open 1.0 and close 1.1')
    """
    first, *lines = text.removesuffix("\n").split("\n")
    if len(lines) > MOST_LINES:
        raise PushError(f"there may be {MOST_LINES} candles at a time, were {len(lines)}")
    words = _words(first)
    timeframe = words.get("timeframe", "1m")
    if timeframe not in TIMEFRAMES:
        known = ", ".join(TIMEFRAMES)
        raise PushError(f"line 1: timeframe must be one of {known}, was {timeframe!r}")
    length_s = TIMEFRAMES[timeframe] // 1000
    bars: list[Bar] = []
    bad: list[BadLine] = []
    for number, line in enumerate(lines, 2):
        try:
            bar = _bar(line)
            _check_time(bar, bars, length_s, now_s)
        except PushError as error:
            bad.append(BadLine(number, str(error)))
        else:
            bars.append(bar)
    return CandlePush(
        words["symbol"], words.get("feed", ""), timeframe, _clock(words), tuple(bars), tuple(bad)
    )


def push_text(symbol: str, feed: str, clock: BrokerClock, bars: Iterable[Bar], digits: int) -> str:
    """Return one-minute bars as text.

    Parameters
    ----------
    symbol, feed : str
        The broker's name and ours, without spaces.
    clock : BrokerClock
        Of the broker.
    bars : iterable of Bar
        In order of time, at most `MOST_LINES`.
    digits : int
        Decimals of a price.

    Returns
    -------
    str
        LF line ends.
    """
    start = (
        f"{START}symbol={symbol} feed={feed} server_std_offset={clock.winter_offset_s} "
        f"dst={clock.daylight} timeframe=1m\n"
    )
    lines = (
        f"{bar.open_time_s},{bar.open:.{digits}f},{bar.high:.{digits}f},{bar.low:.{digits}f},"
        f"{bar.close:.{digits}f},{bar.ticks}\n"
        for bar in bars
    )
    return start + "".join(lines)


def _words(line: str) -> dict[str, str]:
    if not line.startswith(START):
        raise PushError(f"line 1: must begin with {START.strip()!r}, was {line[:40]!r}")
    pairs = (word.partition("=") for word in line.removeprefix(START).split())
    words = {key: value for key, sign, value in pairs if sign}
    if not words.get("symbol"):
        raise PushError("line 1: symbol= is missing")
    if "," in words["symbol"] or not line.isascii():
        raise PushError(f"line 1: symbol must be ASCII without commas, was {words['symbol']!r}")
    return words


def _clock(words: dict[str, str]) -> BrokerClock | None:
    offset = words.get("server_std_offset")
    if offset is None:
        return None
    rule = words.get("dst", "us")
    if rule not in set(Daylight):
        raise PushError(f"line 1: dst must be us, eu or fixed, was {rule!r}")
    if not re.fullmatch(r"-?\d{1,6}", offset):
        raise PushError(f"line 1: server_std_offset must be whole seconds, was {offset!r}")
    try:
        return BrokerClock(int(offset), Daylight(rule))
    except BrokerClockError as error:
        raise PushError(f"line 1: {error}") from error


def _bar(line: str) -> Bar:
    cells = line.split(",")
    if len(cells) != _CELLS:
        raise PushError(f"must have {_CELLS} values, had {len(cells)}")
    for name, cell in (("time", cells[0]), ("ticks", cells[5])):
        if not _WHOLE.fullmatch(cell) or not cell.isascii():
            raise PushError(f"{name} must be a whole number, was {cell!r}")
    for name, cell in zip(("open", "high", "low", "close"), cells[1:5], strict=True):
        if not _PRICE.fullmatch(cell) or not cell.isascii() or float(cell) <= 0:
            raise PushError(f"{name} must be a positive price, was {cell!r}")
    first, high, low, last = (float(cell) for cell in cells[1:5])
    bar = Bar(int(cells[0]), first, high, low, last, int(cells[5]))
    inner = f"open {bar.open} and close {bar.close}"
    if bar.low > min(bar.open, bar.close):
        raise PushError(f"low {bar.low} must not be above {inner}")
    if bar.high < max(bar.open, bar.close):
        raise PushError(f"high {bar.high} must not be below {inner}")
    return bar


def _check_time(bar: Bar, before: list[Bar], length_s: int, now_s: float) -> None:
    if bar.open_time_s % min(length_s, 60) != 0:
        raise PushError(f"time must be a whole minute, was {bar.open_time_s}")
    if before and bar.open_time_s <= before[-1].open_time_s:
        raise PushError(f"time {bar.open_time_s} is not after {before[-1].open_time_s}")
    if bar.open_time_s + length_s > now_s + _EARLY_S:
        raise PushError(f"the bar of {bar.open_time_s} is not closed yet")
