"""One question to a venue by REST, and what became of it."""

import asyncio
import importlib
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from liqbands.errors import MarketDataError
from liqbands_server.errors import FeedError, WireError
from liqbands_server.feeds.connection import UNREADABLE, ccxt_error
from liqbands_server.feeds.patience import Patience, Pauses
from liqbands_server.feeds.throttle import Throttle
from liqbands_server.feeds.wire import Wire

Answer = TypeVar("Answer")

_MOST_CHARACTERS: Final = 160
_BUSY: Final = 429
_BANNED: Final = 418
_log = logging.getLogger(__name__)


class RefusedError(FeedError):
    """A venue understood the question and does not answer it: asking again is of no use."""


class Asking:
    """Questions to one venue: within its limits, each failure as one of our errors.

    Parameters
    ----------
    feed : str
        Its key, for messages.
    wire : Wire
        Told where the venue is busy.
    throttle : Throttle
        Waited for.
    patience : Patience
        Bounds of the pauses between attempts.
    """

    def __init__(self, feed: str, wire: Wire, throttle: Throttle, patience: Patience) -> None:
        self._feed = feed
        self._wire = wire
        self._throttle = throttle
        self._patience = patience

    async def once(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask once, as soon as the venue may be asked.

        Parameters
        ----------
        ask : callable
            Asks; as a border's methods do.

        Returns
        -------
        object
            The answer.

        Raises
        ------
        RefusedError
            If asking again is of no use, e.g. about a market that is not listed.
        FeedError
            If it may be.
        """
        await self._throttle.wait()
        try:
            return await ask()
        except (WireError, MarketDataError) as error:
            raise FeedError(f"{self._feed} sent what cannot be true: {shown(error)}") from error
        except ccxt_error() as error:
            raise self._as_ours(error) from error
        except UNREADABLE as error:
            raise FeedError(f"{self._feed} sent what cannot be read: {shown(error)}") from error

    async def until_answered(
        self,
        ask: Callable[[], Awaitable[Answer]],
        on_failure: Callable[[FeedError], None] | None = None,
    ) -> Answer:
        """Ask again and again until there is an answer.

        Parameters
        ----------
        ask : callable
            Asks; as a border's methods do.
        on_failure : callable, optional
            Told of every failure.

        Returns
        -------
        object
            The answer.

        Raises
        ------
        RefusedError
            If asking again is of no use.
        """
        pauses = Pauses(self._patience)
        while True:
            try:
                return await self.once(ask)
            except RefusedError:
                raise
            except FeedError as error:
                _log.debug("%s", error)
                if on_failure is not None:
                    on_failure(error)
            await asyncio.sleep(pauses.next())

    def _as_ours(self, error: Exception) -> FeedError:
        errors = importlib.import_module("ccxt.base.errors")
        if isinstance(error, errors.RateLimitExceeded | errors.DDoSProtection):
            banned = isinstance(error, errors.DDoSProtection) and " 418 " in str(error)
            if not self._throttle.is_on:  # not said by a status, else the wire has seen it
                self._wire.refused(_BANNED if banned else _BUSY)
            return FeedError(f"{self._feed} asks to wait: {shown(error)}")
        if isinstance(error, errors.BadRequest | errors.NotSupported | errors.PermissionDenied):
            return RefusedError(f"{self._feed} refuses: {shown(error)}")
        return FeedError(f"{self._feed} does not answer: {shown(error)}")


def shown(error: BaseException) -> str:
    """Return an error on one short line, without addresses and what they carry.

    Parameters
    ----------
    error : BaseException
        Of any library.

    Returns
    -------
    str
        At most 160 characters.

    Examples
    --------
    >>> shown(ValueError("GET https://api.venue.com/time?key=1 500 broken"))
    'GET api.venue.com/time 500 broken'
    """
    text = " ".join(str(error).split()) or type(error).__name__
    text = re.sub(r"\w+://([^\s?]+)(\?\S*)?", r"\1", text)
    return text[:_MOST_CHARACTERS]
