"""The pause that a venue asks for: nobody asks it anything before it is over."""

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class Throttle:
    """Whether a venue may be asked at present.  Seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def seconds_left(self) -> float:
        """Return how long the venue still has to be left alone."""
        return max(0.0, self._until - time.monotonic())

    @property
    def is_on(self) -> bool:
        """Return whether the venue has to be left alone."""
        return self.seconds_left > 0

    def begin(self, seconds: float) -> None:
        """Leave the venue alone for a time, or longer if it already is.

        Parameters
        ----------
        seconds : float
            From now on.
        """
        self._until = max(self._until, time.monotonic() + seconds)

    async def wait(self) -> None:
        """Return once the venue may be asked."""
        while self.is_on:
            await asyncio.sleep(self.seconds_left)


def retry_after(value: str | None) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for.

    Parameters
    ----------
    value : str or None
        Seconds, or a date as in HTTP.

    Returns
    -------
    float or None
        Not negative; None if it says nothing that can be understood.

    Examples
    --------
    >>> retry_after("3"), retry_after("soon"), retry_after(None)
    (3.0, None, None)
    >>> retry_after("Wed, 21 Oct 2015 07:28:00 GMT")
    0.0
    """
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
