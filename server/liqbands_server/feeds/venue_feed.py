"""One venue: its connections, its markets, its questions, and what to do when any of them fail.

Nothing in here touches another venue, and whatever fails is begun again with growing pauses.
"""

import asyncio
import gc
import logging
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from liqbands.timeframes import MINUTE_MS
from liqbands_server.errors import FeedError
from liqbands_server.feeds.asking import Asking, RefusedError
from liqbands_server.feeds.backfill import Backfill
from liqbands_server.feeds.connection import close_exchange, open_exchange
from liqbands_server.feeds.health_board import HealthBoard
from liqbands_server.feeds.keeping import Keeper
from liqbands_server.feeds.market_feed import MarketFeed
from liqbands_server.feeds.observed_positions import KnowsPositions, PositionObserver
from liqbands_server.feeds.patience import Patience, Pauses
from liqbands_server.feeds.polling import Poller
from liqbands_server.feeds.progress import FetchProgress
from liqbands_server.feeds.throttle import Throttle
from liqbands_server.feeds.together import and_stay, until_first_ends
from liqbands_server.feeds.venue_clock import VenueClock
from liqbands_server.feeds.venue_frames import VenueFrames
from liqbands_server.feeds.venue_health import VenueHealth
from liqbands_server.feeds.venue_markets import VenueMarkets
from liqbands_server.feeds.venues.border import Exchange, VenueBorder
from liqbands_server.feeds.venues.subscription_only import LiquidationsBySubscription
from liqbands_server.feeds.wire import Wire
from liqbands_server.feeds.writer import Writer

RECHECK_MS: Final = 3 * MINUTE_MS
"""So often the last minutes are looked at again by REST, by the venue's clock."""

MARKETS_SECONDS: Final = 600.0
"""So often the list of markets is looked at again; in doubt, as soon as `_DOUBT_SECONDS` allow."""

MISSED_SECONDS: Final = 60.0
"""The same while one that is wanted is not among them."""

_DOUBT_SECONDS: Final = 20.0
_AT_ONCE: Final = 2
_REST_SECONDS: Final = 0.3
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FeedPlan:
    """What is to be collected, and how.

    Parameters
    ----------
    coins : tuple of str
        Whose perpetuals.
    days : int
        How far back the first start reaches.
    gateway : str
        Through which address venues are reached; empty is directly.
    options : dict
        Further ones of ccxt, by feed: keys.
    patience : Patience
        How long is waited for what.
    accounts : tuple of str
        Whose open positions are observed, where a venue tells of them.
    """

    coins: tuple[str, ...]
    days: int
    gateway: str = ""
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    accounts: tuple[str, ...] = ()


class VenueFeed:
    """Follows one venue.

    Parameters
    ----------
    border : VenueBorder
        What is particular to it.
    plan : FeedPlan
        What is wanted.
    writer : Writer
        Of the store.
    progress : FetchProgress
        Told how far the fetching of history is.
    """

    def __init__(
        self, border: VenueBorder, plan: FeedPlan, writer: Writer, progress: FetchProgress
    ) -> None:
        self._border = border
        self._plan = plan
        self._writer = writer
        self._progress = progress
        self._clock = VenueClock()
        self._throttle = Throttle()
        self._frames = VenueFrames(border, self._clock)
        self._wire = Wire(self._frames, self._throttle, plan.patience)
        self._asking = Asking(border.feed, self._wire, self._throttle, plan.patience)
        self._health = VenueHealth(border.feed, self._throttle, plan.patience.down)
        self._board = HealthBoard(border.feed, writer)
        self._markets = VenueMarkets(border, plan.coins, writer, self._board, plan.patience)
        self._keepers: list[Keeper] = []
        self._doubt = asyncio.Event()

    async def run(self) -> None:
        """Follow the venue, for ever."""
        pauses = Pauses(self._plan.patience)
        while True:
            began = time.monotonic()
            try:
                await self._follow()
            except FeedError as error:
                _log.warning("%s is begun again: %s", self._border.feed, error)
            if time.monotonic() - began > self._plan.patience.steady:
                pauses.begin_again()
            await asyncio.sleep(pauses.next())

    def say_stopped(self) -> None:
        """Note in the store that nothing is heard any more because it is not wanted."""
        for feed in self._markets.feeds.values():
            feed.listened()
        self._board.say_stopped()

    async def _follow(self) -> None:
        """Follow the markets that are listed now, until others are."""
        name, plan = self._border.feed, self._plan
        exchange = open_exchange(
            self._border,
            self._wire,
            plan.patience,
            gateway=plan.gateway,
            options=plan.options.get(name),
        )
        try:
            await self._load_markets(exchange)
            if not self._markets.feeds:
                gc.freeze()  # a venue's list of markets is large, stays, and need not be looked at
            await self._markets.enter(self._border.choose_markets(exchange, plan.coins))
            feeds = self._markets.feeds
            self._frames.about(feeds)
            tickers = ", ".join(feed.stored.ticker for feed in feeds.values())
            _log.info("%s: following %s", name, tickers or "nothing")
            await until_first_ends(self._tasks(exchange))
        finally:
            await close_exchange(exchange)

    async def _read_listing(self, exchange: Exchange) -> None:
        """Have the exchange know the markets that are listed now."""
        listed = await self._asking.once(exchange.fetch_markets)
        # ccxt takes an answer that was cut off for an empty list.
        if not listed or len(listed) < len(exchange.markets or ()) / 2:
            raise FeedError(f"{self._border.feed} lists {len(listed)} markets, which cannot be all")
        exchange.set_markets(listed)

    async def _load_markets(self, exchange: Exchange) -> None:
        pauses = Pauses(self._plan.patience)
        while True:
            try:
                await self._read_listing(exchange)
            except FeedError as error:
                await self._markets.say_unreachable(error)
            else:
                return
            await asyncio.sleep(pauses.next())

    def _tasks(self, exchange: Exchange) -> list[Coroutine[Any, Any, None]]:
        """Return all that goes on at once; when the first ends, the markets have changed."""
        poller = Poller(self._border, exchange, self._asking, self._clock, self._plan.patience)
        backfill = Backfill(self._border, exchange, self._asking, self._clock, self._writer)
        self._subscribe(exchange)
        turns = asyncio.Semaphore(_AT_ONCE)
        tasks = [self._watch_markets(exchange), self._tick(poller)]
        tasks += [keeper.run() for keeper in self._keepers]
        for feed in self._markets.feeds.values():
            tasks.append(self._follow_history(feed, backfill, turns))
            tasks += self._questions(feed, poller)
        return tasks + self._observe_positions(exchange, poller)

    def _observe_positions(
        self, exchange: Exchange, poller: Poller
    ) -> list[Coroutine[Any, Any, None]]:
        if not (isinstance(self._border, KnowsPositions) and self._plan.accounts):
            return []
        observer = PositionObserver(
            self._border, exchange, self._asking, self._writer, self._plan.patience
        )
        return [observer.run(self._markets.feeds, self._plan.accounts, poller.states)]

    def _questions(self, feed: MarketFeed, poller: Poller) -> list[Coroutine[Any, Any, None]]:
        questions = [
            and_stay(poller.open_interest(feed)),
            and_stay(poller.depth(feed)),
            and_stay(poller.tiers(feed, self._writer)),
            poller.funding(feed),
        ]
        if not isinstance(self._border, LiquidationsBySubscription):
            questions.append(and_stay(poller.liquidations(feed, self._writer)))
        return questions

    def _subscribe(self, exchange: Exchange) -> None:
        """Make what keeps each subscription alive, and tell the markets which one is whose."""
        feeds = self._markets.feeds
        for feed in feeds.values():
            feed.keepers.clear()
        self._keepers = [
            Keeper(subscription, exchange, self._throttle, self._plan.patience, self._note_end)
            for subscription in self._border.subscriptions([one.market for one in feeds.values()])
        ]
        for keeper in self._keepers:
            for market in keeper.subscription.markets:
                for stream in keeper.subscription.streams:
                    feeds[market.wire_id].keepers[stream] = keeper

    def _note_end(self, keeper: Keeper, is_lost: bool) -> None:
        """See to what is left behind when something is no longer heard without a break."""
        streams = keeper.subscription.streams
        for market in keeper.subscription.markets:
            feed = self._markets.feeds.get(market.wire_id)
            if feed is None:
                continue
            if is_lost:
                feed.n_lost.update(streams)
            if "liquidations" in streams:
                feed.listened()
            if "candles" in streams:
                feed.missing.set()

    async def _follow_history(
        self, feed: MarketFeed, backfill: Backfill, turns: asyncio.Semaphore
    ) -> None:
        """Fetch what a market misses, now and whenever it misses something again."""
        pauses = Pauses(self._plan.patience)
        while True:
            try:
                if feed.next_ms is None:
                    async with turns:
                        await backfill.begin(feed, self._plan.days, self._progress)
                else:
                    await backfill.catch_up(feed)
            except RefusedError as error:
                _log.warning("%s: %s", feed.stored.ticker, error)
                self._doubt.set()
                await asyncio.sleep(pauses.next())
                continue
            if not feed.missing.is_set():
                pauses.begin_again()
                await _either(feed.missing.wait(), self._clock.wait(RECHECK_MS, RECHECK_MS / 1000))
            await asyncio.sleep(_REST_SECONDS + pauses.next())

    async def _watch_markets(self, exchange: Exchange) -> None:
        """Return when other markets are listed than those that are followed."""
        pace = self._plan.patience.poll
        while True:
            self._doubt.clear()
            seconds = MARKETS_SECONDS if self._markets.are_all_listed else MISSED_SECONDS
            await _either(self._doubt.wait(), asyncio.sleep(seconds * pace))
            try:
                await self._read_listing(exchange)
            except FeedError as error:
                _log.debug("%s", error)
            else:
                listed = self._border.choose_markets(exchange, self._plan.coins)
                if {market.wire_id for market in listed} != set(self._markets.feeds):
                    _log.warning("%s lists other markets now", self._border.feed)
                    return
            await asyncio.sleep(_DOUBT_SECONDS * pace)

    async def _tick(self, poller: Poller) -> None:
        """Do again and again what no frame gives occasion to."""
        while True:
            await asyncio.sleep(self._plan.patience.tick)
            for keeper in self._keepers:
                for line in self._wire.lines_of(keeper):
                    keeper.notice(line)
                if keeper.since_ms is None and keeper.n_attempts > 1:
                    self._doubt.set()
            for feed in self._markets.feeds.values():
                feed.correct_late()
                feed.listened()
                for health in self._health.of_market(feed, poller.states):
                    self._board.say(health)
            self._writer.wake()


async def _either(*work: Coroutine[Any, Any, object]) -> None:
    await until_first_ends(work)
