"""What is asked for again and again because no subscription tells it."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS
from liqbands_server.errors import FeedError, WireError
from liqbands_server.feeds.asking import Asking
from liqbands_server.feeds.history import HistoryReader
from liqbands_server.feeds.market_feed import LIQUIDATIONS, MarketFeed
from liqbands_server.feeds.patience import Patience
from liqbands_server.feeds.venue_clock import VenueClock
from liqbands_server.feeds.venues.border import Exchange, Stream, VenueBorder
from liqbands_server.feeds.writer import Writer, now_ms
from liqbands_server.store.tiers import write_tiers

OPEN_INTEREST_MS: Final = 20_000
DEPTH_MS: Final = MINUTE_MS
LIQUIDATIONS_MS: Final = 2 * MINUTE_MS

_OVERLAP_MS: Final = 5 * MINUTE_MS
_LEAST_SECONDS: Final = 0.25


@dataclass
class Polled:
    """How the asking for one stream is going.

    Parameters
    ----------
    asked : bool
        Whether anything was.
    reason : str
        Why the last question had no answer; empty when it had one.
    answered_at : float or None
        When the last one was answered, by the monotonic clock.
    """

    asked: bool = False
    reason: str = ""
    answered_at: float | None = None


class Poller:
    """Asks one venue again and again.

    Parameters
    ----------
    border : VenueBorder
        What is particular to the venue.
    exchange : Exchange
        Asked.
    asking : Asking
        How.
    clock : VenueClock
        By which it is paced.
    patience : Patience
        Factor on the pace by our own clock.

    Attributes
    ----------
    states : dict
        By wire id and stream.
    """

    def __init__(
        self,
        border: VenueBorder,
        exchange: Exchange,
        asking: Asking,
        clock: VenueClock,
        patience: Patience,
    ) -> None:
        self._border = border
        self._exchange = exchange
        self._asking = asking
        self._clock = clock
        self._patience = patience
        self._reader = HistoryReader(border, exchange, asking)
        self.states: dict[tuple[str, Stream], Polled] = {}

    async def open_interest(self, feed: MarketFeed) -> None:
        """Ask for open interest, for ever or until a subscription is found to tell it."""

        async def ask() -> bool:
            found = await self._border.open_interest(self._exchange, feed.market)
            if found is None:
                return False
            if self._clock.is_off(found.time_ms):
                raise WireError(f"time must be about {self._clock.now_ms}, was {found.time_ms}")
            feed.take(found, self)
            feed.last_ms["open_interest"] = found.time_ms
            return True

        if "open_interest" not in feed.keepers:
            await self._poll(feed, "open_interest", ask, OPEN_INTEREST_MS)

    async def depth(self, feed: MarketFeed) -> None:
        """Ask for the order book once a minute, for ever."""

        async def ask() -> bool:
            book = await self._border.depth(self._exchange, feed.market)
            if book is not None:
                feed.take(book, self)
                feed.last_ms["depth"] = book.time_ms
            return True

        await self._poll(feed, "depth", ask, DEPTH_MS)

    async def funding(self, feed: MarketFeed) -> None:
        """Ask for settled funding rates: soon after each settlement, else once an hour."""
        while True:
            now = self._clock.now_ms
            known = feed.funding[-2:]
            step = known[1].time_ms - known[0].time_ms if len(known) > 1 else HOUR_MS
            due = known[-1].time_ms + step if known else now
            is_due = now >= due
            if is_due and now:
                try:
                    found = await self._reader.funding(feed.market, now - DAY_MS, now)
                    feed.learn_funding(found)
                except FeedError:
                    pass  # the next round asks again
            wait_ms = 10_000 if is_due else min(due - now + 2_000, HOUR_MS)
            await self._pause(wait_ms)

    async def liquidations(self, feed: MarketFeed, writer: Writer) -> None:
        """Ask for liquidations, for ever, where no subscription tells them."""
        since_ms: int | None = None

        async def ask() -> bool:
            nonlocal since_ms
            until_ms = await self._border.server_time_ms(self._exchange)
            self._clock.hear_said(until_ms)
            begin_ms = until_ms - LIQUIDATIONS_MS if since_ms is None else since_ms
            events = await self._border.liquidations(
                self._exchange, feed.market, begin_ms - _OVERLAP_MS, until_ms
            )
            answer = object()  # each answer says what it says anew, like a new connection
            for news in events:
                feed.take(news.record, answer)
            writer.pending.add_listening(feed.stored.id, LIQUIDATIONS, begin_ms, until_ms)
            writer.wake()
            since_ms = until_ms
            return True

        await self._poll(feed, "liquidations", ask, LIQUIDATIONS_MS)

    async def tiers(self, feed: MarketFeed, writer: Writer) -> None:
        """Ask for the venue's margin tiers once a day, for ever."""

        async def ask() -> bool:
            tiers = await self._border.tiers(self._exchange, feed.market)
            if tiers is not None:
                await writer.commit(
                    lambda connection: write_tiers(connection, feed.stored.id, tiers, now_ms())
                )
            return tiers is not None

        while await self._ask_once(ask, Polled()) is not False:
            await asyncio.sleep(DAY_MS / 1000)

    async def _poll(
        self, feed: MarketFeed, stream: Stream, ask: Callable[[], Awaitable[bool]], step_ms: int
    ) -> None:
        """Ask again and again; stop where there is nothing to ask for."""
        state = self.states.setdefault((feed.market.wire_id, stream), Polled())
        await asyncio.sleep(random.uniform(0, 1))  # noqa: S311 - spreads the questions
        while await self._ask_once(ask, state) is not False:
            await self._pause(step_ms)
        del self.states[feed.market.wire_id, stream]

    async def _ask_once(self, ask: Callable[[], Awaitable[bool]], state: Polled) -> bool | None:
        """Return what was answered, None for a failure."""
        try:
            found = await self._asking.once(ask)
        except FeedError as error:
            state.asked, state.reason = True, str(error)
            return None
        state.asked, state.reason, state.answered_at = True, "", time.monotonic()
        return found

    async def _pause(self, length_ms: int) -> None:
        began = time.monotonic()
        await self._clock.wait(length_ms, length_ms / 1000 * self._patience.poll)
        if time.monotonic() - began < _LEAST_SECONDS:
            await asyncio.sleep(_LEAST_SECONDS)
