"""From frames to markets: what a venue says, handed to those whom it is about."""

import logging
import time
from collections.abc import Mapping
from typing import Final

from liqbands.timeframes import MINUTE_MS
from liqbands_server.errors import WireError
from liqbands_server.feeds.frame_memory import FrameMemory
from liqbands_server.feeds.keeping import Keeper
from liqbands_server.feeds.market_feed import MarketFeed
from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    Funding,
    LiquidationEvent,
    MarkPrice,
    News,
    OpenInterest,
    Record,
    Trade,
)
from liqbands_server.feeds.venue_clock import VenueClock
from liqbands_server.feeds.venues.border import Frame, Stream, VenueBorder
from liqbands_server.feeds.wire import Line

_STREAMS: Final[Mapping[type, Stream]] = {
    Trade: "trades",
    BarNews: "candles",
    LiquidationEvent: "liquidations",
    MarkPrice: "mark",
    OpenInterest: "open_interest",
    Funding: "funding",
}
_COUNTED: Final = (Trade, LiquidationEvent)
"""What must not be taken in twice."""

_OF_MARKET: Final = (Trade, LiquidationEvent, BarNews)
"""What carries the time of the market itself."""

_LOG_SECONDS: Final = 60.0
_log = logging.getLogger(__name__)


class _MisdatedError(WireError):
    """What is said may be true, but not of the time that it names."""


class VenueFrames:
    """Reads the frames of one venue.

    Parameters
    ----------
    border : VenueBorder
        Says what they mean.
    clock : VenueClock
        Told what time they speak of.

    Attributes
    ----------
    feeds : dict of str to MarketFeed
        By wire id: those who are told.
    """

    def __init__(self, border: VenueBorder, clock: VenueClock) -> None:
        self._border = border
        self._clock = clock
        self._memory = FrameMemory()
        self._logged: dict[str, float] = {}
        self._markets: dict[str, FeedMarket] = {}
        self.feeds: dict[str, MarketFeed] = {}

    def about(self, feeds: Mapping[str, MarketFeed]) -> None:
        """Read about these markets from now on, by wire id."""
        self.feeds = dict(feeds)
        self._markets = {wire_id: feed.market for wire_id, feed in feeds.items()}

    def read(self, line: Line, frame: Frame, text: str) -> bool:
        """Read a frame.

        Parameters
        ----------
        line : Line
            The connection on which it came.
        frame : Frame
            As JSON was decoded.
        text : str
            As it came.

        Returns
        -------
        bool
            Whether it was market data, so that nobody else has to see it.
        """
        try:
            found = self._border.read(frame, self._markets)
            if found is None:
                return False
            news = list(found)
            if news and isinstance(news[0].record, _COUNTED) and self._memory.knows(text):
                return True
            for one in news:
                self._hand_out(one, line)
        except _MisdatedError as error:
            self._log_once(str(error))
        except WireError as error:
            self.drop(line, str(error))
        return True

    def _hand_out(self, news: News, line: Line) -> None:
        market, record = news
        time_ms = _time_of(record)
        feed = self.feeds[market.wire_id]
        stream = _STREAMS.get(type(record), "depth")
        keeper = feed.keepers.get(stream)
        is_of_market = isinstance(record, _OF_MARKET)
        self._check_time(feed, stream, time_ms, is_of_market=is_of_market)
        if keeper is not None:
            keeper.hear(line, time_ms)
        if is_of_market:
            self._clock.hear(time_ms)
            if time_ms > line.heard_ms:
                line.heard_ms = time_ms
        if time_ms > feed.last_ms.get(stream, 0):
            feed.last_ms[stream] = time_ms
        feed.take(record, line)

    def _check_time(
        self, feed: MarketFeed, stream: Stream, time_ms: int, *, is_of_market: bool
    ) -> None:
        clock, keeper = self._clock, feed.keepers.get(stream)
        if clock.is_absurd(time_ms) or (not is_of_market and clock.is_off(time_ms)):
            why = f"time must be about {clock.now_ms}, was {time_ms}"
            if keeper is not None:
                keeper.drop(why, time_ms)
            raise _MisdatedError(why)

    def drop(self, line: Line, why: str) -> None:
        """Count a frame that could not be true, and log one of its kind a minute.

        Parameters
        ----------
        line : Line
            The connection on which it came.
        why : str
            What is wrong, beginning with the name of the field.
        """
        for keeper in line.sent_at:
            if isinstance(keeper, Keeper):
                keeper.drop(why)
        self._log_once(why)

    def _log_once(self, why: str) -> None:
        kind, now = why.split(" ", maxsplit=1)[0], time.monotonic()
        if now - self._logged.get(kind, -_LOG_SECONDS) >= _LOG_SECONDS:
            self._logged[kind] = now
            _log.warning("%s: a frame was dropped: %s", self._border.feed, why)


def _time_of(record: Record) -> int:
    """Return what time it was at the venue, at the least."""
    if isinstance(record, BarNews):
        return record.open_time_ms + MINUTE_MS * record.is_closed
    return record.time_ms
