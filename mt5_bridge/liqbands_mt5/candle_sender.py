"""Sends the closed minutes of several symbols; a terminal that goes away is waited for."""

from dataclasses import dataclass, field
from typing import Final

from liqbands_mt5.broker_clock import Daylight
from liqbands_mt5.choices import Pair
from liqbands_mt5.terminal_prices import (
    BrokerCandles,
    MetaTrader,
    Post,
    TerminalError,
    connect,
)

TERMINAL_PAUSE_S: Final = 10.0
"""So long until a terminal that went away is looked for again."""


@dataclass(slots=True)
class CandleSender:
    """One terminal, one server.

    Parameters
    ----------
    terminal : MetaTrader
        The package; connected already, or not yet.
    pairs : tuple of Pair
        What to send.
    post : Post
        Sends a text.
    daylight : Daylight
        Whose daylight saving the broker's clock follows.
    days : int
        How far back to begin.
    """

    terminal: MetaTrader
    pairs: tuple[Pair, ...]
    post: Post
    daylight: Daylight = Daylight.US
    days: int = 5
    _candles: tuple[BrokerCandles, ...] = field(init=False)
    _is_away: bool = field(default=False)
    _not_before_s: float = field(default=-1e18)

    def __post_init__(self) -> None:
        self._candles = tuple(
            BrokerCandles(self.terminal, pair.broker, pair.feed, self.daylight, self.days)
            for pair in self.pairs
        )

    def step(self, now_s: float) -> tuple[str, ...]:
        """Send what is due, at most 500 minutes of each symbol.

        Parameters
        ----------
        now_s : float
            Unix seconds.

        Returns
        -------
        tuple of str
            What a user should know.

        Raises
        ------
        ServerAwayError
            If `post` does.
        """
        if now_s < self._not_before_s:
            return ()
        said: list[str] = []
        try:
            if self._is_away:
                connect(self.terminal, [pair.broker for pair in self.pairs])
                said.append("the terminal answers again")
                self._is_away = False
            said += [candles.step(now_s, self.post) for candles in self._candles]
        except TerminalError as error:
            self._not_before_s = now_s + TERMINAL_PAUSE_S
            said += [] if self._is_away else [f"{error}; trying again"]
            self._is_away = True
        return tuple(line for line in said if line)
