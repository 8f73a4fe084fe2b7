"""Fetching what a market misses: all of it on the first start, what a stop or a gap left later.

It may be killed at any moment: what is committed stays, and the next start goes on from there.
"""

import logging
from typing import Final

from sqlalchemy import Connection

from liqbands.errors import MarketDataError
from liqbands.timeframes import DAY_MS, MINUTE_MS
from liqbands_server.errors import FeedError
from liqbands_server.feeds.asking import Asking
from liqbands_server.feeds.bar_assembly import KEPT_MINUTES, Values
from liqbands_server.feeds.history import HistoryReader
from liqbands_server.feeds.market_feed import MarketFeed
from liqbands_server.feeds.progress import FetchProgress
from liqbands_server.feeds.venue_clock import VenueClock
from liqbands_server.feeds.venues.border import Exchange, VenueBorder
from liqbands_server.feeds.writer import Writer, now_ms
from liqbands_server.store.candles import read_candles, write_candles
from liqbands_server.store.freshness import last_open_ms
from liqbands_server.store.instruments import finish_first_load
from liqbands_server.store.tables import VALUES

CHUNK_MINUTES: Final = 1_440
"""What is fetched and committed together."""

_log = logging.getLogger(__name__)


class Backfill:
    """Fetches what markets of one venue miss.

    Parameters
    ----------
    border : VenueBorder
        What is particular to the venue.
    exchange : Exchange
        Asked.
    asking : Asking
        How.
    clock : VenueClock
        The venue's.
    writer : Writer
        Of the store.
    """

    def __init__(
        self,
        border: VenueBorder,
        exchange: Exchange,
        asking: Asking,
        clock: VenueClock,
        writer: Writer,
    ) -> None:
        self._border = border
        self._exchange = exchange
        self._asking = asking
        self._clock = clock
        self._writer = writer
        self._reader = HistoryReader(border, exchange, asking)

    async def begin(self, feed: MarketFeed, days: int, progress: FetchProgress) -> None:
        """Fetch all that the store misses of a market, then let it go on live.

        Parameters
        ----------
        feed : MarketFeed
            Which market.
        days : int
            How far back the first start reaches.
        progress : FetchProgress
            Told how far it is.

        Raises
        ------
        RefusedError
            If the venue does not know the market.
        """
        now = await self._venue_now()
        since_ms = now // MINUTE_MS * MINUTE_MS - days * DAY_MS
        last_ms = await self._recall(feed)
        # The newest ones are looked at again: they may have been corrected since.
        next_ms = since_ms if last_ms is None else last_ms + MINUTE_MS
        first_ms = since_ms if last_ms is None else last_ms - (KEPT_MINUTES - 1) * MINUTE_MS
        feed.checked_ms = first_ms
        ticker = feed.stored.ticker
        progress.expect(ticker, (now - next_ms) // MINUTE_MS)
        next_ms = await self._fetch_until_now(feed, first_ms, next_ms, progress)
        await self._writer.commit(
            lambda connection: finish_first_load(connection, feed.stored.id, MINUTE_MS)
        )
        progress.finish(ticker)
        feed.go_on_from(next_ms)

    async def catch_up(self, feed: MarketFeed) -> None:
        """Fetch what a market misses since it went live, and look at its last minutes again.

        Parameters
        ----------
        feed : MarketFeed
            Which market.

        Raises
        ------
        RefusedError
            If the venue does not know the market.
        """
        if feed.next_ms is None:
            return
        feed.missing.clear()
        first_ms = min(feed.checked_ms, feed.next_ms - (KEPT_MINUTES - 1) * MINUTE_MS)
        await self._fetch_until_now(feed, first_ms, feed.next_ms)

    async def _fetch_until_now(
        self,
        feed: MarketFeed,
        first_ms: int,
        next_ms: int,
        progress: FetchProgress | None = None,
    ) -> int:
        """Fetch and write from a minute on; return the first that the venue does not have yet."""
        while True:
            end_ms = await self._venue_now() // MINUTE_MS * MINUTE_MS
            if first_ms >= end_ms:
                return next_ms
            until_ms = min(first_ms + CHUNK_MINUTES * MINUTE_MS, end_ms)
            last_ms = await self._fetch(feed, first_ms, until_ms)
            if last_ms is not None:
                next_ms = max(next_ms, last_ms + MINUTE_MS)
            if progress is not None:
                progress.advance(feed.stored.ticker, (until_ms - first_ms) // MINUTE_MS)
            if until_ms == end_ms:
                return next_ms
            first_ms = until_ms

    async def _fetch(self, feed: MarketFeed, first_ms: int, until_ms: int) -> int | None:
        """Fetch and write some minutes; return the last one, None if there were none."""
        is_new = (feed.newest_written_ms or 0) < until_ms - MINUTE_MS
        history = await self._reader.read(
            feed.market, first_ms, until_ms, whole=is_new or feed.lacks(first_ms)
        )
        feed.n_gaps += sum(first > (feed.newest_written_ms or 0) for first, _ in history.gaps)
        try:
            candles = feed.take_history(history)
        except MarketDataError as error:
            raise FeedError(f"{self._border.feed} sent bars that cannot be: {error}") from error
        if candles is None:
            return None
        await self._writer.commit(
            lambda connection: write_candles(connection, feed.stored, candles, now_ms())
        )
        self._writer.on_bars(feed.stored.id)
        return int(candles.open_time_ms[-1])

    async def _recall(self, feed: MarketFeed) -> int | None:
        """Have a market remember its last stored minutes; return the last, None without any."""
        last_ms, written = await self._writer.read(
            lambda connection: _last_minutes(connection, feed)
        )
        feed.remember(written)
        return last_ms

    async def _venue_now(self) -> int:
        found = await self._asking.until_answered(
            lambda: self._border.server_time_ms(self._exchange)
        )
        self._clock.hear_said(found)
        return max(found, self._clock.now_ms)


def _last_minutes(connection: Connection, feed: MarketFeed) -> tuple[int | None, dict[int, Values]]:
    last_ms = last_open_ms(connection, feed.stored.id, MINUTE_MS)
    if last_ms is None:
        return None, {}
    first_ms = last_ms - (KEPT_MINUTES - 1) * MINUTE_MS
    rows = read_candles(connection, feed.stored.id, MINUTE_MS, first_ms, last_ms)
    written = {
        int(opened): {name: v for name, v in zip(VALUES, values, strict=True) if v == v}
        for opened, values in zip(rows.open_time_ms, rows.values.tolist(), strict=True)
    }
    return last_ms, written
