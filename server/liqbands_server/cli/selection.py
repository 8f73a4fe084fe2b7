"""What the user chose on the command line, checked, and the market data it leads to.

Times are UTC milliseconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from liqbands.errors import LiqbandsError
from liqbands.instrument import Instrument, Side
from liqbands.market_data import Candles
from liqbands.timeframes import format_time

SIDES = {"long": Side.LONG, "short": Side.SHORT, "both": None}
Stamp = Literal["open", "close"]


class InputError(LiqbandsError, ValueError):
    """A value on the command line is not possible; the message names it and what would do."""


@dataclass(frozen=True, slots=True)
class FileChoice:
    """One market in one file; an empty text leaves the answer to the file.

    Parameters
    ----------
    path : Path
        Candles, CSV or Parquet.
    venue, symbol, timeframe : str
        Where, what, and the length of a bar.
    to : str
        ISO date or moment after which nothing is used.
    time_zone : str
        Clock of times that name no zone.
    open_interest_at : str
        ``"open"`` or ``"close"``.
    """

    path: Path
    venue: str = ""
    symbol: str = ""
    timeframe: str = ""
    to: str = ""
    time_zone: str = ""
    open_interest_at: str = ""

    def load(self) -> tuple[Candles, Instrument]:
        """Read the file.

        Returns
        -------
        tuple of Candles and Instrument
            All bars up to `to`, and what they are about.

        Raises
        ------
        LiqbandsError
            If a choice or the file cannot be used.
        """
        end_ms = moment_ms("to", self.to)
        stamp = self.stamp
        from liqbands_server.files import guess_instrument, read_candles  # slow: pandas

        with user_values():
            candles = read_candles(
                self.path,
                timeframe=self.timeframe or None,
                time_zone=self.time_zone or None,
                open_interest_at=stamp,
                symbol=self.symbol or None,
                venue=self.venue or None,
                end_ms=end_ms,
            )
            return candles, guess_instrument(self.path, self.venue or None, self.symbol or None)

    @property
    def stamp(self) -> Stamp | None:
        """Return when the open interest was taken, None where the venue's habit decides.

        Raises
        ------
        InputError
            If it is another word.
        """
        if self.open_interest_at == "open":
            return "open"
        if self.open_interest_at == "close":
            return "close"
        if self.open_interest_at:
            raise InputError(
                f"open-interest-at must be open or close, was {self.open_interest_at!r}"
            )
        return None


@contextmanager
def user_values() -> Iterator[None]:
    """Answer a `ValueError` about what the user gave as an `InputError`.

    Yields
    ------
    None
        The block hands values of the user's to the engine.

    Raises
    ------
    InputError
        With the engine's message.
    """
    try:
        yield
    except LiqbandsError:
        raise
    except ValueError as error:
        raise InputError(str(error)) from error


def side_named(name: str) -> Side | None:
    """Return the side of a name.

    Parameters
    ----------
    name : str
        ``"long"``, ``"short"`` or ``"both"``.

    Returns
    -------
    Side or None
        None for both.

    Raises
    ------
    InputError
        For any other name.

    Examples
    --------
    >>> side_named("short")
    <Side.SHORT: -1>
    """
    if name not in SIDES:
        raise InputError(f"side must be one of {', '.join(SIDES)}, was {name!r}")
    return SIDES[name]


def moment_ms(field: str, text: str) -> int | None:
    """Return a moment in milliseconds.

    Parameters
    ----------
    field : str
        Name of the option, for the message.
    text : str
        ISO 8601 date or moment; without a zone it is UTC; empty is no moment.

    Returns
    -------
    int or None
        UTC milliseconds.

    Raises
    ------
    InputError
        If the text is not a moment.

    Examples
    --------
    >>> moment_ms("to", "1970-01-02"), moment_ms("to", "1970-01-01T02:00+01:00")
    (86400000, 3600000)
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{field} must be a date such as 2025-10-14 or 2025-10-14T12:00, was {text!r}"
        ) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def refuse_late_start(start_ms: int | None, candles: Candles) -> None:
    """Refuse a first bar that would leave nothing to show.

    Parameters
    ----------
    start_ms : int or None
        What was chosen, UTC milliseconds.
    candles : Candles
        The bars there are.

    Raises
    ------
    InputError
        If the last bar opens before it.
    """
    last_ms = int(candles.open_time_ms[-1])
    if start_ms is not None and start_ms > last_ms:
        raise InputError(
            f"from must not lie after the last bar, {format_time(last_ms)}, "
            f"was {format_time(start_ms)}"
        )
