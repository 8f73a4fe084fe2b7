"""One subscription, kept alive: dialled again after every end, cut where it has gone silent."""

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from liqbands_server.feeds.asking import shown
from liqbands_server.feeds.connection import UNREADABLE, ccxt_error
from liqbands_server.feeds.patience import Patience, Pauses
from liqbands_server.feeds.throttle import Throttle
from liqbands_server.feeds.venues.border import Exchange, Subscription
from liqbands_server.feeds.wire import SPEAKER, Line, Wire

ACCEPTED_SECONDS: Final = 1.0
"""A subscription that was not refused so long after it was sent counts as accepted."""

_CHECKS: Final = 5
_KEPT_STRETCHES: Final = 64
_REST_SECONDS: Final = 0.05
_GRACE_SECONDS: Final = 0.5
_log = logging.getLogger(__name__)


class Keeper:
    """Keeps one subscription alive, and knows since when it has been heard without a break.

    Parameters
    ----------
    subscription : Subscription
        Which.
    exchange : Exchange
        Made by `open_exchange`.
    throttle : Throttle
        Waited for.
    patience : Patience
        How long it waits for what.
    on_end : callable
        Told whenever a stretch without a break has ended, and whether by losing the connection.

    Attributes
    ----------
    line : Line or None
        The connection on which it is heard.
    since_ms : int or None
        Since when it has been heard without a break, by the venue's clock; None while it is not.
    connected_at : float or None
        The same by the monotonic clock.
    n_attempts : int
        How often it was sent.
    last_heard : float
        When anything arrived by it last, or it was sent, by the monotonic clock.
    n_dropped : int
        Frames that could not be true; `last_drop` and `dropped_at` tell of the last.
    reason : str
        Why it is not heard; empty while it is.
    """

    def __init__(
        self,
        subscription: Subscription,
        exchange: Exchange,
        throttle: Throttle,
        patience: Patience,
        on_end: Callable[["Keeper", bool], None],
    ) -> None:
        self.subscription = subscription
        self._exchange = exchange
        self._wire: Wire = exchange.wire
        self._throttle = throttle
        self._patience = patience
        self._on_end = on_end
        self._begun = self.last_heard = time.monotonic()
        self.line: Line | None = None
        self.since_ms: int | None = None
        self.connected_at: float | None = None
        self._stretches: deque[tuple[int, int]] = deque(maxlen=_KEPT_STRETCHES)
        self.n_attempts = 0
        self.n_dropped = 0
        self.last_drop = ""
        self.dropped_at = -math.inf
        self.reason = "not connected yet"

    def hear(self, line: Line, time_ms: int) -> None:
        """Take notice of something that arrived by this subscription.

        Parameters
        ----------
        line : Line
            On which connection.
        time_ms : int
            What time it speaks of.
        """
        self.last_heard = line.last_frame
        if self.since_ms is None or self.line is not line:
            self._accept(line, max(time_ms, line.heard_ms))

    def notice(self, line: Line) -> None:
        """Take notice of anything on a connection that this subscription was sent on."""
        sent_at = line.sent_at.get(self, math.inf)
        was_accepted = line.last_frame > sent_at + ACCEPTED_SECONDS
        if self.since_ms is None and line.heard_ms and was_accepted:
            self._accept(line, line.heard_ms)

    def drop(self, why: str, time_ms: int | None = None) -> None:
        """Take notice of something that cannot be true, and so was not heard.

        Parameters
        ----------
        why : str
            What is wrong with it.
        time_ms : int, optional
            What time it spoke of, if that is known.
        """
        self.n_dropped += 1
        self.last_drop, self.dropped_at = why, time.monotonic()
        self.last_heard = self.dropped_at
        self.interrupt(why, time_ms)

    def interrupt(self, reason: str, time_ms: int | None = None) -> None:
        """Take it as not heard for a moment, though the connection stands.

        Parameters
        ----------
        reason : str
            Why.
        time_ms : int, optional
            From when on; now by default.
        """
        if self.since_ms is not None:
            self._end_stretch(time_ms)
            self._on_end(self, False)
            self.since_ms, self.reason = None, reason

    def covers(self, from_ms: int, until_ms: int) -> bool:
        """Return whether it was heard from one time to another without a break.

        Parameters
        ----------
        from_ms, until_ms : int
            By the venue's clock.

        Returns
        -------
        bool
            Of all that was sent until then, everything has arrived.
        """
        now = (
            ()
            if self.since_ms is None or self.line is None
            else ((self.since_ms, self.line.heard_ms),)
        )
        return any(
            since <= from_ms and until >= until_ms for since, until in (*now, *self._stretches)
        )

    async def run(self) -> None:
        """Keep the subscription alive, for ever."""
        SPEAKER.set(self)
        pauses = Pauses(self._patience)
        while True:
            await self._throttle.wait()
            self._begun = self.last_heard = time.monotonic()
            self.n_attempts += 1
            reason = await self._listen()
            if self._was_steady():
                pauses.begin_again()
            self._lose(reason)
            await asyncio.sleep(pauses.next())

    async def _listen(self) -> str:
        """Listen until the connection ends; return why it did."""
        self._exchange.ws_dial_backoff = {}  # the pauses are ours
        watching = asyncio.create_task(self._watch())
        silence = self.subscription.silent_ms / 1000 * self._patience.silence
        try:
            while not watching.done():
                await asyncio.wait({watching}, timeout=silence / _CHECKS or None)
                if self._is_silent(silence):
                    await asyncio.sleep(_GRACE_SECONDS)  # we may have been the slow ones
                    if self._is_silent(silence):
                        return self._cut(f"silent for {silence:.0f} seconds")
        finally:
            watching.cancel()
            await asyncio.wait({watching})
        return _why(watching)

    async def _watch(self) -> None:
        while True:
            await self.subscription.watch(self._exchange)
            await asyncio.sleep(_REST_SECONDS)  # ccxt may have kept a frame: never a busy loop

    def _is_silent(self, seconds: float) -> bool:
        return 0 < seconds < time.monotonic() - self.last_heard

    def _cut(self, reason: str) -> str:
        for line in self._wire.lines_of(self):
            line.cut(reason)
        return reason

    def _was_steady(self) -> bool:
        connected = self.connected_at
        return connected is not None and time.monotonic() - connected > self._patience.steady

    def _accept(self, line: Line, time_ms: int) -> None:
        if self.line is not None and self.line is not line and self.since_ms is not None:
            self._lose("on another connection now")
        self.line, self.since_ms = line, time_ms
        self.connected_at = time.monotonic()
        self.reason = ""

    def _lose(self, reason: str) -> None:
        if self.since_ms is not None:
            _log.info("%s lost: %s", self, reason)
            self._end_stretch()
            self._on_end(self, True)
        self.line = self.since_ms = self.connected_at = None
        self.reason = reason

    def _end_stretch(self, time_ms: int | None = None) -> None:
        if self.since_ms is not None and self.line is not None:
            until_ms = self.line.heard_ms if time_ms is None else min(time_ms, self.line.heard_ms)
            self._stretches.append((self.since_ms, until_ms))

    def __str__(self) -> str:
        """Return its streams and markets, for the log."""
        markets = ", ".join(market.symbol for market in self.subscription.markets)
        return f"{'+'.join(self.subscription.streams)} of {markets}"


def _why(watching: "asyncio.Task[None]") -> str:
    """Return why a task of ccxt ended, or raise what is no fault of the venue."""
    if watching.cancelled():
        return "the connection was closed"
    error = watching.exception()
    if isinstance(error, (*UNREADABLE, ccxt_error(), OSError)):
        return f"not connected: {shown(error)}"
    if error is not None:
        raise error
    return "the subscription ended"
