"""One market of one venue: what is heard about it becomes bars and events of the store.

A minute is written when the venue says that it has closed, in order; what is missing before it is
fetched first.  What arrives later makes a correction.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping
from typing import Final

from liqbands.candles import Candles
from liqbands.errors import MarketDataError
from liqbands.grid import PriceGrid
from liqbands.market_data import OrderBook
from liqbands.timeframes import MINUTE_MS
from liqbands_server.feeds.bar_assembly import KEPT_MINUTES, Values
from liqbands_server.feeds.book_profile import book_profile
from liqbands_server.feeds.history import History
from liqbands_server.feeds.keeping import Keeper
from liqbands_server.feeds.known_minutes import LATE_MS, KnownMinutes, candles_of
from liqbands_server.feeds.liquidation_counts import LiquidationCounts
from liqbands_server.feeds.pending import Forming
from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    Funding,
    LiquidationEvent,
    MarkPrice,
    OpenInterest,
    Record,
    Trade,
)
from liqbands_server.feeds.venues.border import Stream
from liqbands_server.feeds.writer import Writer
from liqbands_server.store.instruments import StoredInstrument

LIQUIDATIONS: Final = "liquidations"

_LOOK_SECONDS: Final = 0.01
_SETTLED_MS: Final = 2 * MINUTE_MS
REMEMBERED: Final = 180
"""So many minutes that were written are known, so that they are corrected and not repeated."""

_BY_REST: Final = frozenset(("mark_high", "mark_low", "mark_close", "open_interest"))
_log = logging.getLogger(__name__)


class MarketFeed:
    """One market of one venue.

    Parameters
    ----------
    market : FeedMarket
        The market.
    stored : StoredInstrument
        As it stands in the store.
    writer : Writer
        Of the store.
    settle_seconds : float
        How long a closed minute waits for what else was on its way.

    Attributes
    ----------
    keepers : dict of Stream to Keeper
        By which subscription each stream is heard.
    next_ms : int or None
        Open of the next minute to be written; None while history is fetched.
    missing : asyncio.Event
        Set when a minute has closed before which others are missing.
    checked_ms : int
        Minutes before this one have been looked at by REST after they had closed.
    n_gaps : int
        Stretches of minutes that the venue does not have.
    n_lost : Counter of str
        How often each stream was heard and then lost.
    last_ms : dict of Stream to int
        Newest time in each stream.
    """

    def __init__(
        self, market: FeedMarket, stored: StoredInstrument, writer: Writer, settle_seconds: float
    ) -> None:
        self.market = market
        self.stored = stored
        self.keepers: dict[Stream, Keeper] = {}
        self.next_ms: int | None = None
        self.missing = asyncio.Event()
        self.checked_ms = self.n_gaps = 0
        self.n_lost: Counter[str] = Counter()
        self.last_ms: dict[Stream, int] = {}
        self._writer = writer
        self._settle_seconds = settle_seconds
        self._known = KnownMinutes(PriceGrid.of(stored.instrument.market), self.keepers)
        self._counts = LiquidationCounts()
        self._written: dict[int, Values] = {}
        self._late: set[int] = set()

    @property
    def funding(self) -> list[Funding]:
        """Return the settled rates that are known, in order."""
        return self._known.funding

    @property
    def newest_written_ms(self) -> int | None:
        """Return the open of the newest minute that was written, None before any."""
        return max(self._written, default=None)

    @property
    def waiting(self) -> int:
        """Return how many minutes have closed and wait for those before them."""
        if self.next_ms is None:
            return 0
        times = range(self.next_ms, self._known.assembly.newest_ms + 1, MINUTE_MS)
        return sum(self._known.is_closed(opened) for opened in times[-KEPT_MINUTES:])

    def take(self, record: Record, by: object) -> None:
        """Take in what was heard.

        Parameters
        ----------
        record : Record
            About this market.
        by : object
            The connection, by which repeated liquidations are told from equal ones.
        """
        match record:
            case Trade():
                self._touch(self._known.assembly.add_trade(record))
            case BarNews():
                self._take_bar(record)
            case MarkPrice():
                self._touch(self._known.assembly.add_mark(record))
            case LiquidationEvent():
                self._take_liquidation(record, by)
            case OpenInterest():
                self._known.learn_open_interest(record)
            case Funding():
                self.learn_funding([record])
            case OrderBook():
                self._take_book(record)

    def learn_funding(self, funding: list[Funding]) -> None:
        """Take in settled rates, known ones among them."""
        self._known.learn_funding(funding)

    def remember(self, written: Mapping[int, Values]) -> None:
        """Take in minutes that the store holds, so that they are corrected and not written."""
        self._written |= written

    def lacks(self, since_ms: int) -> bool:
        """Return whether a minute written since a time misses something that REST may tell."""
        return any(
            opened >= since_ms and not known.keys() >= _BY_REST
            for opened, known in self._written.items()
        )

    def take_history(self, history: History) -> Candles | None:
        """Return the bars of a stretch of history, with what was heard of them.

        Parameters
        ----------
        history : History
            Closed minutes, those already written among them.

        Returns
        -------
        Candles or None
            To be written; None where there are none.
        """
        self.learn_funding(history.funding)
        rows = {}
        for bar in history.bars:
            self._known.assembly.add_bar(bar)
            opened = bar.open_time_ms
            known, said = self._written.get(opened, {}), history.additions(opened)
            added = {name: said[name] for name in said if name not in known}
            rows[opened] = {**added, **self._known.closed_values(opened, bar)}
            self._note(opened, rows[opened])
        if not rows:
            return None
        # The newest ones may still have been changing when they were asked for.
        self.checked_ms = max(self.checked_ms, max(rows) - _SETTLED_MS)
        if self.next_ms is not None:
            self.go_on_from(max(self.next_ms, max(rows) + MINUTE_MS))
        return candles_of(rows)

    def go_on_from(self, open_time_ms: int) -> None:
        """Write from now on what closes, beginning with a minute.

        Parameters
        ----------
        open_time_ms : int
            The first one that the store does not hold.
        """
        self.next_ms = open_time_ms
        self._write_closed()
        self._writer.wake()

    def forming(self) -> Forming | None:
        """Return the minute that has not closed, or has and waits to be written."""
        newest, due = self._known.assembly.newest_ms, self.next_ms
        if due is not None and due < newest and self._known.is_closed(due):
            newest = due
        values = None if newest in self._written else self._known.forming_values(newest)
        return None if values is None else Forming(newest, values)

    def correct_late(self) -> None:
        """Write corrections of minutes of which something was heard after they were written."""
        for opened in sorted(self._late):
            minute = self._known.assembly.minute(opened)
            if minute is not None and minute.bar is not None:
                values = self._known.closed_values(opened, minute.bar)
                if not values.items() <= self._written[opened].items():
                    self._hand_in(opened, values)
        self._late.clear()

    def listened(self) -> None:
        """Have it noted how far liquidations were listened to, with those heard so far."""
        keeper = self.keepers.get("liquidations")
        if keeper is None or keeper.line is None or keeper.since_ms is None:
            return
        until_ms = keeper.line.heard_ms - LATE_MS
        if until_ms > keeper.since_ms and not self._writer.is_full:
            self._writer.pending.add_listening(
                self.stored.id, LIQUIDATIONS, keeper.since_ms, until_ms
            )

    def _take_bar(self, bar: BarNews) -> None:
        opened = self._known.assembly.add_bar(bar)
        self._touch(opened)
        if opened is not None and bar.is_closed and opened not in self._written:
            self._settle(opened, time.monotonic() + self._settle_seconds)

    def _settle(self, opened: int, until: float) -> None:
        """Write a closed minute once all of it was heard, or when it has waited long enough."""
        if self._known.is_complete(opened) or time.monotonic() >= until:
            self._write_closed()
            return
        asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._settle, opened, until)

    def _take_liquidation(self, event: LiquidationEvent, by: object) -> None:
        if self._writer.is_full:
            keeper = self.keepers.get("liquidations")
            if keeper is not None:
                keeper.interrupt("the store does not answer", event.time_ms)
            return
        numbered = self._counts.number(event, by)
        if numbered is not None:
            self._writer.pending.add_liquidation(self.stored.id, numbered)
            self._touch(self._known.assembly.add_liquidation(event))
            self.listened()
            self._writer.wake()

    def _take_book(self, book: OrderBook) -> None:
        profile = book_profile(book, self.stored.instrument.market)
        if profile is not None:
            self._writer.pending.add_profile(self.stored.id, "depth", book.time_ms, profile)
            self._writer.wake()

    def _touch(self, opened: int | None) -> None:
        if opened in self._written:
            self._late.add(opened)
        elif opened is not None:
            self._writer.pending.forming[self.stored.id] = self.forming
            self._writer.wake()

    def _write_closed(self) -> None:
        """Hand in every closed minute whose turn it is."""
        while self.next_ms is not None and not self._writer.is_full:
            minute = self._known.assembly.minute(self.next_ms)
            if minute is None or minute.bar is None or not minute.is_closed:
                break
            values = self._known.closed_values(self.next_ms, minute.bar)
            self._hand_in(self.next_ms, values)
            self.next_ms += MINUTE_MS
        if self.waiting:
            self.missing.set()

    def _hand_in(self, opened: int, values: Values) -> None:
        try:
            candles = candles_of({opened: values})
        except MarketDataError as error:  # a border has let it through; REST may know better
            _log.error("%s: a minute is left out: %s", self.stored.ticker, error)
            return
        pending, profile = self._writer.pending, self._known.profile(opened)
        pending.bars.append((self.stored, candles))
        if profile is not None:
            pending.add_profile(self.stored.id, "trades", opened, profile)
        self.listened()
        self._note(opened, values)
        self._writer.wake()

    def _note(self, opened: int, values: Values) -> None:
        self._written[opened] = {**self._written.get(opened, {}), **values}
        if len(self._written) > 2 * REMEMBERED:
            for old in sorted(self._written)[:REMEMBERED]:
                del self._written[old]
