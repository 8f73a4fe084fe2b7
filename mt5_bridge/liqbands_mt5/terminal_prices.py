"""A broker's minutes through the Python package MetaTrader5, which exists for Windows only."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from liqbands.errors import LiqbandsError
from liqbands_mt5.broker_clock import BrokerClock, BrokerClockError, Daylight, learn_clock
from liqbands_mt5.candle_push import MOST_LINES, Bar, push_text

PUSH_PATH: Final = "/mt5/v1/candles"
_MINUTE_S = 60
_DAY_S = 86_400
ACCEPTED = (200, 204)
REFUSED_PAUSE_S: Final = 60.0
"""So long until minutes that the server refused are sent again."""


class TerminalError(LiqbandsError):
    """The terminal does not answer; the message names its own error."""


class Quote(Protocol):
    """A tick of the package."""

    @property
    def time(self) -> int:
        """Return when it came, the broker's clock in seconds."""

    @property
    def time_msc(self) -> int:
        """Return the same in milliseconds."""


class SymbolInfo(Protocol):
    """A symbol of the package."""

    @property
    def digits(self) -> int:
        """Return the decimals of its price."""


class MetaTrader(Protocol):
    """What is used of the package MetaTrader5; the module itself fits."""

    TIMEFRAME_M1: int

    def initialize(self) -> bool:
        """Connect to the running terminal."""

    def last_error(self) -> tuple[int, str]:
        """Return number and words of the last error."""

    def symbol_select(self, symbol: str, enable: bool, /) -> bool:
        """Put a symbol into the list of quotes."""

    def symbol_info(self, symbol: str, /) -> SymbolInfo | None:
        """Return what is known of a symbol."""

    def symbol_info_tick(self, symbol: str, /) -> Quote | None:
        """Return the last quote."""

    def copy_rates_from_pos(
        self, symbol: str, timeframe: int, start_pos: int, count: int, /
    ) -> NDArray[Any] | None:
        """Return bars, oldest first; position 0 is the one that is still open."""


Post = Callable[[str, str], tuple[int, bytes]]
"""Sends a text to a path of the server; returns status and body."""


@dataclass(slots=True)
class BrokerCandles:
    """Sends closed minutes of one symbol to the server, each once.

    Parameters
    ----------
    terminal : MetaTrader
        The package, connected.
    symbol, feed : str
        The broker's name and ours.
    daylight : Daylight
        Whose daylight saving the broker's clock follows.
    days : int
        How far back to begin.
    """

    terminal: MetaTrader
    symbol: str
    feed: str
    daylight: Daylight = Daylight.US
    days: int = 5
    clock: BrokerClock | None = None
    _last_s: int = field(default=0)
    _quote_msc: int = field(default=0)
    _not_before_s: float = field(default=-1e18)

    def learn(self, utc_s: float) -> None:
        """Learn the broker's clock from a quote that is new since the last call.

        Parameters
        ----------
        utc_s : float
            UTC now.  A quote that does not move may be days old and says nothing.
        """
        quote = self.terminal.symbol_info_tick(self.symbol)
        if quote is None:
            return
        is_new = 0 < self._quote_msc < quote.time_msc
        self._quote_msc = quote.time_msc
        if is_new:
            try:
                self.clock = learn_clock(quote.time, utc_s, self.daylight)
            except BrokerClockError:
                return  # keep the one that was learnt before

    def step(self, utc_s: float, post: Post) -> str:
        """Send the oldest minutes that the server does not have, at most 500.

        Parameters
        ----------
        utc_s : float
            UTC now.
        post : callable
            Sends the text.

        Returns
        -------
        str
            What a user should know, mostly empty.

        Raises
        ------
        TerminalError
            If the terminal does not give the bars.
        """
        self.learn(utc_s)
        if self.clock is None or utc_s < self._not_before_s:
            return ""
        times, bars = self._missing(utc_s)
        if not bars:
            return ""
        info = self.terminal.symbol_info(self.symbol)
        digits = 5 if info is None else info.digits
        status, data = post(PUSH_PATH, push_text(self.symbol, self.feed, self.clock, bars, digits))
        words = data[:200].decode("utf-8", "replace").strip()
        if status not in ACCEPTED:
            self._not_before_s = utc_s + REFUSED_PAUSE_S
            return f"candles of {self.symbol}: HTTP {status} {words}"
        self._last_s = times[-1]
        return f"candles of {self.symbol}: {words}" if words else ""

    def _missing(self, utc_s: float) -> tuple[list[int], list[Bar]]:
        """Return the broker's times and the bars."""
        clock = self.clock or BrokerClock(0)
        now_s = int(clock.broker_seconds(np.array([int(utc_s)]))[0])
        since_s = max(self._last_s, now_s - self.days * _DAY_S)
        count = max(2, (now_s - since_s) // _MINUTE_S + 2)
        rates = self.terminal.copy_rates_from_pos(self.symbol, self.terminal.TIMEFRAME_M1, 1, count)
        if rates is None:
            code, words = self.terminal.last_error()
            raise TerminalError(f"no bars of {self.symbol}: {words} ({code})")
        rates = rates[rates["time"] > since_s][:MOST_LINES]
        broker_s = rates["time"].astype(np.int64)
        utc = clock.utc_seconds(broker_s).tolist()
        prices = (rates[name].tolist() for name in ("open", "high", "low", "close", "tick_volume"))
        bars = [Bar(*row) for row in zip(utc, *prices, strict=True)]
        return broker_s.tolist(), bars


def load_package() -> MetaTrader:
    """Return the package MetaTrader5, which liqbands neither needs nor brings.

    Raises
    ------
    TerminalError
        If it is not installed.
    """
    try:
        package: MetaTrader = importlib.import_module("MetaTrader5")
    except ImportError as error:
        raise TerminalError(
            "push needs the package MetaTrader5, which exists for Windows only: "
            "pip install MetaTrader5 there; elsewhere use the service LiqBridge"
        ) from error
    return package


def connect(terminal: MetaTrader, symbols: list[str]) -> None:
    """Connect to the running terminal and select symbols.

    Parameters
    ----------
    terminal : MetaTrader
        The package.
    symbols : list of str
        The broker's names.

    Raises
    ------
    TerminalError
        If no terminal runs, or it has no such symbol.
    """
    if not terminal.initialize():
        code, words = terminal.last_error()
        raise TerminalError(f"no terminal: start MetaTrader 5 and log in ({words}, {code})")
    for symbol in symbols:
        if not terminal.symbol_select(symbol, True):
            raise TerminalError(f"this broker has no symbol {symbol!r}")
