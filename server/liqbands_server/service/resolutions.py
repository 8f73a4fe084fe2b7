"""Bar lengths that charts ask for: TradingView's resolutions, and where their bars begin.

Intraday bars are counted from the session's start, daily bars from 00:00 UTC of the trading day,
weekly ones from its Monday, monthly ones from the first of the month.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import Instrument
from liqbands.sessions import ALWAYS_OPEN, session_start_ms, trading_day, trading_week
from liqbands.timeframes import DAY_MS, MINUTE_MS, TIMEFRAMES
from liqbands_server.errors import QuestionError

IntArray = NDArray[np.int64]

_NAME: Final = re.compile(r"[0-9]{1,4}[DWM]?|[DWM]")
_CALENDAR: Final = {"D": DAY_MS, "W": 7 * DAY_MS, "M": 30 * DAY_MS}
_MINUTES: Final = (1, 3, 5, 15, 30, 60, 120, 240, 360, 480, 720)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A bar length.

    Parameters
    ----------
    name : str
        TradingView's, e.g. ``"60"`` or ``"1D"``.
    length_ms : int
        Length of a bar; of a usual month for months.
    unit : {"", "D", "W", "M"}
        Minutes, or the calendar's unit.
    """

    name: str
    length_ms: int
    unit: Literal["", "D", "W", "M"]

    def opens(self, open_time_ms: IntArray, instrument: Instrument) -> IntArray:
        """Return where the bar begins that each time lies in.

        Parameters
        ----------
        open_time_ms : ndarray of int64, shape (n,)
            UTC milliseconds.
        instrument : Instrument
            Its session and time zone say what a day is.

        Returns
        -------
        ndarray of int64, shape (n,)
            UTC milliseconds.
        """
        return _OPENS[self.unit](open_time_ms, instrument, self.length_ms)

    def close_ms(self, open_ms: int) -> int:
        """Return where a bar ends that begins at a time.

        Parameters
        ----------
        open_ms : int
            UTC milliseconds.

        Returns
        -------
        int
            The next bar's beginning in a market that never closes.
        """
        if self.unit != "M":
            return open_ms + self.length_ms
        month = np.datetime64(open_ms, "ms").astype("datetime64[M]") + 1
        return int(month.astype("datetime64[ms]").astype(np.int64))


RESOLUTIONS: Final = tuple(
    [Resolution(str(minutes), minutes * MINUTE_MS, "") for minutes in _MINUTES]
    + [Resolution("1D", DAY_MS, "D"), Resolution("1W", 7 * DAY_MS, "W")]
    + [Resolution("1M", 30 * DAY_MS, "M")]
)
"""All that are served, shortest first."""

_BY_NAME: Final = {resolution.name: resolution for resolution in RESOLUTIONS}
_OWN_NAMES: Final = {
    name: resolution
    for name, length in TIMEFRAMES.items()
    for resolution in RESOLUTIONS
    if resolution.length_ms == length
} | {"1M": _BY_NAME["1M"]}


def find_resolution(name: str) -> Resolution:
    """Return a resolution by TradingView's name.

    Parameters
    ----------
    name : str
        E.g. ``"60"``, ``"D"``, ``"1D"``, ``"1440"``.

    Returns
    -------
    Resolution
        The one meant.

    Raises
    ------
    QuestionError
        If it is not served.

    Examples
    --------
    >>> find_resolution("D").name, find_resolution("060").name, find_resolution("1440").name
    ('1D', '60', '1D')
    """
    if _NAME.fullmatch(name):
        plain = "1" + name if name in _CALENDAR else name.lstrip("0")
        if plain.isdigit() and int(plain) * MINUTE_MS == DAY_MS:
            plain = "1D"
        if plain in _BY_NAME:
            return _BY_NAME[plain]
    known = ", ".join(_BY_NAME)
    raise QuestionError(f"resolution must be one of {known}, was {name[:20]!r}", "resolution")


def find_timeframe(name: str) -> Resolution:
    """Return a resolution by our own name.

    Parameters
    ----------
    name : str
        E.g. ``"1h"``, ``"1d"``, ``"1M"``.

    Returns
    -------
    Resolution
        The one meant.

    Raises
    ------
    QuestionError
        If it is not served.
    """
    if name in _OWN_NAMES:
        return _OWN_NAMES[name]
    known = ", ".join(_OWN_NAMES)
    raise QuestionError(f"timeframe must be one of {known}, was {name[:20]!r}", "timeframe")


def timeframe_of(resolution: Resolution) -> str:
    """Return our own name of a resolution.

    Parameters
    ----------
    resolution : Resolution
        One of `RESOLUTIONS`.

    Returns
    -------
    str
        E.g. ``"1h"``.
    """
    return next(name for name, known in _OWN_NAMES.items() if known is resolution)


def resolutions_from(base_ms: int) -> tuple[Resolution, ...]:
    """Return the resolutions that can be built from bars of a length.

    Parameters
    ----------
    base_ms : int
        Length of the bars there are.

    Returns
    -------
    tuple of Resolution
        Shortest first.
    """
    # Months differ in length, so only what divides a day divides all of them.
    return tuple(
        resolution
        for resolution in RESOLUTIONS
        if resolution.length_ms >= base_ms
        and (DAY_MS if resolution.unit == "M" else resolution.length_ms) % base_ms == 0
    )


def _intraday(open_time_ms: IntArray, instrument: Instrument, length_ms: int) -> IntArray:
    if instrument.session == ALWAYS_OPEN:
        return open_time_ms // length_ms * length_ms
    start = session_start_ms(open_time_ms, instrument.session, instrument.time_zone)
    return start + (open_time_ms - start) // length_ms * length_ms


def _daily(open_time_ms: IntArray, instrument: Instrument, _: int) -> IntArray:
    return trading_day(open_time_ms, instrument.session, instrument.time_zone) * DAY_MS


def _weekly(open_time_ms: IntArray, instrument: Instrument, _: int) -> IntArray:
    return trading_week(open_time_ms, instrument.session, instrument.time_zone) * DAY_MS


def _monthly(open_time_ms: IntArray, instrument: Instrument, _: int) -> IntArray:
    days = trading_day(open_time_ms, instrument.session, instrument.time_zone)
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    result: IntArray = months.astype("datetime64[ms]").astype(np.int64)
    return result


_OPENS: Final[dict[str, Callable[[IntArray, Instrument, int], IntArray]]] = {
    "": _intraday,
    "D": _daily,
    "W": _weekly,
    "M": _monthly,
}
