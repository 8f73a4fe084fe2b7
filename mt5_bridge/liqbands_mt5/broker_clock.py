"""The clock of a broker's server: bar times are what it shows, written as seconds.

Most brokers are at UTC+2 in winter and follow New York's daylight saving, some Europe's or none.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.clocks import local_times, utc_times
from liqbands.errors import LiqbandsError

IntArray = NDArray[np.int64]

HOUR_S: Final = 3600
EARLIEST_S, LATEST_S = -12 * HOUR_S, 14 * HOUR_S
_STEP_S: Final = 1800


class BrokerClockError(LiqbandsError, ValueError):
    """A broker's clock cannot be as described."""


class Daylight(StrEnum):
    """Whose daylight saving a broker's clock follows."""

    US = "us"
    EU = "eu"
    FIXED = "fixed"


# A zone with that daylight saving, and its own winter offset.
_ZONES: Final = {
    Daylight.US: ("America/New_York", -5 * HOUR_S),
    Daylight.EU: ("Europe/London", 0),
    Daylight.FIXED: ("UTC", 0),
}


@dataclass(frozen=True, slots=True)
class BrokerClock:
    """What a broker's clock shows.

    Parameters
    ----------
    winter_offset_s : int
        Seconds that it is ahead of UTC in winter, -12 h to +14 h.
    daylight : Daylight
        Whose daylight saving it follows.

    Raises
    ------
    BrokerClockError
        If the offset is outside of its bounds.
    """

    winter_offset_s: int
    daylight: Daylight = Daylight.US

    def __post_init__(self) -> None:
        if not EARLIEST_S <= self.winter_offset_s <= LATEST_S:
            raise BrokerClockError(
                f"the winter offset must be {EARLIEST_S} to {LATEST_S} s, "
                f"was {self.winter_offset_s}"
            )

    def utc_seconds(self, broker_s: IntArray) -> IntArray:
        """Return UTC for times of the broker's clock.

        Parameters
        ----------
        broker_s : ndarray of int64
            In the order of recording.

        Returns
        -------
        ndarray of int64
            The hour that comes twice in autumn is taken as summer time, and as winter time from
            where the clock did not advance.

        Examples
        --------
        >>> july, january = 1_720_000_000, 1_705_000_000
        >>> clock = BrokerClock(2 * HOUR_S)
        >>> (clock.utc_seconds(np.array([july, january])) - [july, january]).tolist()
        [-10800, -7200]
        """
        zone, own = _ZONES[self.daylight]
        local_ms = 1000 * (broker_s.astype(np.int64) - self.winter_offset_s + own)
        utc_ms, _ = utc_times(local_ms, zone)
        return utc_ms // 1000

    def broker_seconds(self, utc_s: IntArray) -> IntArray:
        """Return what the broker's clock shows.

        Parameters
        ----------
        utc_s : ndarray of int64
            UTC seconds.

        Returns
        -------
        ndarray of int64
            Of the same shape.
        """
        zone, own = _ZONES[self.daylight]
        shown = local_times(1000 * utc_s.astype(np.int64), zone) // 1000
        moved: IntArray = shown - own + self.winter_offset_s
        return moved


def learn_clock(broker_s: int, utc_s: float, daylight: Daylight) -> BrokerClock:
    """Return the clock of a broker from one of its times, just now.

    Parameters
    ----------
    broker_s : int
        The time of a quote that came this moment.
    utc_s : float
        UTC now.
    daylight : Daylight
        Whose daylight saving it follows.

    Returns
    -------
    BrokerClock
        With an offset of whole half hours.

    Raises
    ------
    BrokerClockError
        If no clock is so far from UTC: the PC's clock is wrong, or the quote is old.

    Examples
    --------
    >>> learn_clock(1_720_000_000 + 10_799, 1_720_000_000.2, Daylight.US).winter_offset_s
    7200
    """
    offset = _STEP_S * round((broker_s - utc_s) / _STEP_S)
    utc = np.array([int(utc_s)])
    summer = int(BrokerClock(0, daylight).broker_seconds(utc)[0] - utc[0])
    return BrokerClock(offset - summer, daylight)
