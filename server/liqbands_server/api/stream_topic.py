"""One subject of streams: what its clients were told, and what they are to be told next.

A subject is a question to `/heatmap` that moves on with time.  A column on the stream is the last
column of that question's answer, so it fits the grid that the client has, or shows that it does
not (`dp`, `norm`), and then the client asks again.
"""

import threading
import time
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from liqbands_server.api.bands import bands_document
from liqbands_server.api.heatmap_payload import HeatmapPayload
from liqbands_server.api.questions import find_listing, heatmap_question
from liqbands_server.api.stream_events import (
    Event,
    bar_events,
    column_events,
    forming_column_event,
    frame_of,
    liquidations_event,
    reload_event,
)
from liqbands_server.service.broadcast import Channel
from liqbands_server.service.charts import Charts, Stamp
from liqbands_server.service.forming_column import forming_column
from liqbands_server.service.heatmaps import answer_heatmap
from liqbands_server.service.listings import Listing
from liqbands_server.service.news import News, newest_change, news_since
from liqbands_server.service.snapshots import answer_snapshot
from liqbands_server.store.changes import last_change
from liqbands_server.web.context import Context

MOST_COLUMNS: Final = 32
"""A client that missed more has to ask for everything anew."""

N_BANDS: Final = 20

LIVE_SECONDS: Final = 0.03
"""Between two tellings of a column that is forming."""

_LIVE_SHARE: Final = 2.0
"""Times what working it out took, so that many subjects do not take a whole core."""

_LAST_MS: Final = 2**62
_TOO_MUCH: Final = reload_event("too much has changed since the last event; ask for all anew")
_TOO_SLOW: Final = reload_event("events were taken too slowly; ask for all anew")
_UNKNOWN: Final = reload_event("the last event is not known here; ask for all anew")


class Topic:
    """What is told about one subject.

    One thread tells bars and what forms, another what has closed; any number of others enter.

    Parameters
    ----------
    values : dict
        The subject, as loaded by the route's parameters.
    context : Context
        The process's markets, books and settings.
    charts : Charts
        Bars with the forming one.
    """

    def __init__(self, values: dict[str, Any], context: Context, charts: Charts) -> None:
        self.channel = Channel()
        self.ready = threading.Event()
        self.n_clients = 0
        self.checked_id = -1
        self._values = values
        self._context = context
        self._charts = charts
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._told_id = 0
        self._stamp: Stamp | None = None
        self._live_stamp: tuple[Stamp, ...] = ()
        self._live_from = 0.0
        self._feeds: dict[str, str] = {}
        self._last_bar: Event
        self._payload: HeatmapPayload
        self._bands: Event

    def enter(self, last_id: int | None) -> tuple[bytes, int]:
        """Return what a client has to know first, and its place in the channel.

        Parameters
        ----------
        last_id : int or None
            The change up to which it knows everything; None when it is new.

        Returns
        -------
        tuple of bytes and int
            Frames, and the place after them.
        """
        with self._lock:
            place, told_id = self.channel.place, self._told_id
        if last_id is None:
            return frame_of(self._everything(), 0, told_id), place
        with self._context.markets.store.reading() as connection:
            newest_id = last_change(connection)
            news = news_since(connection, self._listing(), last_id, told_id)
        if last_id > newest_id:
            return frame_of([*self._everything(), _UNKNOWN], 0, told_id), place
        events = self._events(news)
        return frame_of(events, last_id, told_id) if events else b"", place

    def lost(self) -> bytes:
        """Return what a client is told that cannot be told all that it missed."""
        return frame_of([_TOO_SLOW], self._told_id, self._told_id)

    def tell_feeds(self, states: Mapping[str, str]) -> None:
        """Tell how the feeds of the subject's venues are doing, when that has changed.

        Parameters
        ----------
        states : mapping of str to str
            By venue.
        """
        venues = {member.instrument.venue for member in self._listing().members}
        mine = {venue: state for venue, state in states.items() if venue in venues}
        if self.ready.is_set() and mine != self._feeds:
            self._feeds = mine
            self._publish([Event("feeds", mine)])

    def tell_bars(self) -> bool:
        """Tell how the newest bars look now; quick, so that nobody waits for a computation.

        Returns
        -------
        bool
            Whether there was anything to tell.
        """
        if not self.ready.is_set():
            return False
        stamp = self._charts.stamp(self._context.markets.find(self._values["symbol"]))
        if stamp == self._stamp:
            return False
        with self._telling:
            bars = self._bars(self._last_bar.document["t"] * 1000)
            events = [bar for bar in bars if bar != self._last_bar][-MOST_COLUMNS:]
            self._stamp, self._last_bar = stamp, bars[-1]
            self._publish(events)
        return bool(events)

    def tell_forming(self, bars_id: int) -> None:
        """Tell the column that is forming, unless closed bars are still to be told.

        Parameters
        ----------
        bars_id : int
            The newest change of closed bars that the markets of this process hold.
        """
        is_due = self.checked_id >= bars_id and self.waits_for(time.monotonic()) == 0
        stamp = self._forming_stamp() if is_due and self.ready.is_set() else self._live_stamp
        if stamp == self._live_stamp:
            return
        started = time.monotonic()
        context, payload = self._context, self._payload
        found = forming_column(context.markets, context.books, payload.question, payload.answer)
        if found is not None:
            seen_ms = max((seen for _, _, seen in stamp), default=0)
            event = forming_column_event(payload, found.heatmap, seen_ms)
            with self._telling:
                if self._payload is payload:  # else its bar has closed in the meantime
                    self._publish([event])
        self._live_stamp = stamp
        ended = time.monotonic()
        self._live_from = ended + max(LIVE_SECONDS, _LIVE_SHARE * (ended - started))

    def waits_for(self, now: float) -> float:
        """Return for how many seconds the column that is forming must not be told again.

        Parameters
        ----------
        now : float
            Of the monotonic clock.

        Returns
        -------
        float
            0 when it may be.
        """
        return max(0.0, self._live_from - now)

    def tell_news(self, known_id: int) -> bool:
        """Tell what else has changed.

        Parameters
        ----------
        known_id : int
            The newest change that the markets of this process hold.

        Returns
        -------
        bool
            Whether there was anything.
        """
        if self.checked_id >= known_id:
            return False
        is_first = not self.ready.is_set()
        with self._context.markets.store.reading() as connection:
            if is_first:
                news = News(newest_change(connection, self._listing(), known_id), candles_from_ms=0)
            else:
                news = news_since(connection, self._listing(), self._told_id, known_id)
        if news.candles_from_ms is not None:
            self._compute()
        with self._telling:
            self._publish([] if is_first else self._events(news), news.until_id)
            self.checked_id = known_id
        if is_first:
            self._last_bar = self._bars(_LAST_MS)[-1]
            self.ready.set()
        return True

    def give_up(self, known_id: int, reason: str) -> None:
        """Tell that the question has no answer at present.

        Parameters
        ----------
        known_id : int
            The newest change that the markets of this process hold.
        reason : str
            Why, for people.
        """
        self.checked_id = known_id
        self._publish([reload_event(reason)])

    def _publish(self, events: list[Event], until_id: int | None = None) -> None:
        with self._lock:
            before_id = self._told_id
            self._told_id = before_id if until_id is None else until_id
            if events:
                self.channel.publish(frame_of(events, before_id, self._told_id))

    def _forming_stamp(self) -> tuple[Stamp, ...]:
        markets, question = self._context.markets, self._payload.question
        forming = [markets.forming(member) for member in question.listing.members]
        return tuple(
            (self._told_id, bar.bar.open_time_ms, bar.seen_ms) for bar in forming if bar is not None
        )

    def _listing(self) -> Listing:
        return find_listing(self._values, self._context)

    def _compute(self) -> None:
        """Work out the heatmap and the bands of now."""
        context, listing = self._context, self._listing()
        newest_ms = max(context.markets.series(member).last_learnt_ms for member in listing.members)
        question = heatmap_question({**self._values, "as_of": newest_ms}, context)
        answer = answer_heatmap(context.markets, question)
        book = answer_snapshot(context.markets, context.books, question.listing, newest_ms)
        document = bands_document(question.listing.ticker, book, self._values["side"], N_BANDS)
        self._bands = Event("bands", document)
        self._payload = HeatmapPayload(question, answer)

    def _everything(self) -> list[Event]:
        bars = self._bars(_LAST_MS)
        columns = column_events(self._payload, int(self._payload.heatmap.open_time_ms[-1]))
        feeds = [Event("feeds", self._feeds)] if self._feeds else []
        return [*bars, *columns, self._bands, *feeds]

    def _events(self, news: News) -> list[Event]:
        """Return what is to be told of news, given the heatmap and the bands of now."""
        events: list[Event] = []
        if news.candles_from_ms is not None:
            question = self._payload.question
            opens = question.resolution.opens(
                np.array([news.candles_from_ms]), question.listing.instrument
            )
            bars, columns = self._bars(int(opens[0])), column_events(self._payload, int(opens[0]))
            if max(len(bars), len(columns)) > MOST_COLUMNS:
                return [_TOO_MUCH]
            events = [*bars, *columns, self._bands]
        if news.slots_from_ms is not None:
            events.append(Event("slots", {"from": news.slots_from_ms}))
        if news.liquidations:
            with self._context.markets.store.reading() as connection:
                found = liquidations_event(connection, self._listing(), news.liquidations)
            return [_TOO_MUCH] if found is None else [*events, found]
        return events

    def _bars(self, from_ms: int) -> list[Event]:
        """Return the bars from a time on; the last one at least."""
        listing = self._context.markets.find(self._values["symbol"])
        bars = self._charts.bars(listing, self._payload.question.resolution)
        return bar_events(bars, min(from_ms, int(bars.open_time_ms[-1])))
