"""How each stream of each market is doing, in the words of the store."""

import time
from collections.abc import Iterator, Mapping
from typing import Final

from liqbands_server.feeds.keeping import Keeper
from liqbands_server.feeds.market_feed import MarketFeed
from liqbands_server.feeds.polling import Polled
from liqbands_server.feeds.throttle import Throttle
from liqbands_server.feeds.venues.border import Stream
from liqbands_server.feeds.writer import now_ms
from liqbands_server.store.health import FeedHealth, FeedState

SPOKEN_OF_SECONDS: Final = 60.0
"""So long a frame that could not be true is spoken of."""


class VenueHealth:
    """Says how the streams of one venue are doing.

    Parameters
    ----------
    feed : str
        Key of the venue's feed.
    throttle : Throttle
        Whether it asks to wait.
    down_seconds : float
        After so long without success a stream has failed.
    """

    def __init__(self, feed: str, throttle: Throttle, down_seconds: float) -> None:
        self._feed = feed
        self._throttle = throttle
        self._down_seconds = down_seconds
        self._began = time.monotonic()
        self._live_at: dict[tuple[int, str], float] = {}

    def of_market(
        self, market: MarketFeed, polled: Mapping[tuple[str, Stream], Polled]
    ) -> Iterator[FeedHealth]:
        """Return how the streams of a market are doing.

        Parameters
        ----------
        market : MarketFeed
            Which.
        polled : mapping
            What is asked for, by wire id and stream.

        Yields
        ------
        FeedHealth
            One for each stream.
        """
        for stream, keeper in market.keepers.items():
            state, message = self._of_keeper(market, stream, keeper)
            yield self._health(market, stream, state, message, _last_success(keeper.last_heard))
        for (wire_id, stream), asked in polled.items():
            if wire_id == market.market.wire_id and asked.asked:
                state, message = self._of_polled(market, stream, asked)
                yield self._health(market, stream, state, message, _last_success(asked.answered_at))

    def whole(self, instrument_id: int, state: FeedState, message: str) -> FeedHealth:
        """Return how a market is doing of which nothing is heard at all.

        Parameters
        ----------
        instrument_id : int
            Which.
        state : {"starting", "failed", "stopped"}
            How.
        message : str
            Why.

        Returns
        -------
        FeedHealth
            Of its candles, which everything else rests on.
        """
        name = f"{self._feed}:candles"
        throttled = self._throttle.is_on
        return FeedHealth(instrument_id, name, state, message, None, None, now_ms(), 0, throttled)

    def _of_keeper(
        self, market: MarketFeed, stream: Stream, keeper: Keeper
    ) -> tuple[FeedState, str]:
        key = (market.stored.id, stream)
        if keeper.since_ms is None:
            return self._without(key, keeper.reason)
        self._live_at[key] = time.monotonic()
        if stream == "candles" and market.next_ms is None:
            return "starting", "history is being fetched"
        if stream == "candles" and market.waiting > 1:
            return "behind", f"{market.waiting} minutes wait for those before them"
        if time.monotonic() - keeper.dropped_at < SPOKEN_OF_SECONDS:
            return "live", f"{keeper.n_dropped} frames dropped, the last: {keeper.last_drop}"
        return "live", ""

    def _of_polled(
        self, market: MarketFeed, stream: Stream, asked: Polled
    ) -> tuple[FeedState, str]:
        key = (market.stored.id, stream)
        if asked.reason:
            return self._without(key, asked.reason)
        self._live_at[key] = time.monotonic()
        return "live", ""

    def _without(self, key: tuple[int, str], reason: str) -> tuple[FeedState, str]:
        """Return how a stream is doing that has nothing to say now."""
        if self._throttle.is_on:
            reason = f"the venue asks to wait {self._throttle.seconds_left:.0f} seconds; {reason}"
        since = self._live_at.get(key, self._began)
        if time.monotonic() - since > self._down_seconds:
            return "failed", reason
        return ("behind" if key in self._live_at else "starting"), reason

    def _health(
        self,
        market: MarketFeed,
        stream: Stream,
        state: FeedState,
        message: str,
        last_success_ms: int | None,
    ) -> FeedHealth:
        n_gaps = market.n_gaps if stream == "candles" else market.n_lost[stream]
        return FeedHealth(
            market.stored.id,
            f"{self._feed}:{stream}",
            state,
            message,
            market.last_ms.get(stream),
            last_success_ms,
            now_ms(),
            n_gaps,
            self._throttle.is_on,
        )


def _last_success(moment: float | None) -> int | None:
    """Return a moment of the monotonic clock as UTC milliseconds."""
    return None if moment is None else now_ms() - int((time.monotonic() - moment) * 1000)
