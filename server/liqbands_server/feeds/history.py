"""What a venue says by REST about a stretch of minutes, page by page."""

import bisect
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS
from liqbands_server.feeds.asking import Asking, RefusedError
from liqbands_server.feeds.bar_assembly import Values
from liqbands_server.feeds.pager import fetch_pages
from liqbands_server.feeds.records import BarNews, FeedMarket, Funding, MarkBar, OpenInterest
from liqbands_server.feeds.venues.border import Exchange, VenueBorder

_Row = TypeVar("_Row", bound=tuple[object, ...])
_log = logging.getLogger(__name__)

_FUNDING_STEP_MS: Final = HOUR_MS
"""No venue settles more often."""


@dataclass(frozen=True)
class History:
    """Closed minutes and what is known besides.

    Parameters
    ----------
    bars : list of BarNews
        Closed, in order.
    gaps : list of tuple of int and int
        First missing minute and number of missing ones.
    marks : dict of int to MarkBar
        By minute.
    open_interest : dict of int to float
        At the close of a minute, by its open.
    funding : list of Funding
        In order, from before the first minute.
    """

    bars: list[BarNews]
    gaps: list[tuple[int, int]]
    marks: dict[int, MarkBar]
    open_interest: dict[int, float]
    funding: list[Funding]

    def additions(self, open_time_ms: int) -> Values:
        """Return what is known of a minute beside its bar, as columns of candles.

        Parameters
        ----------
        open_time_ms : int
            When it opened.

        Returns
        -------
        dict of str to float
            Only what is known.
        """
        found: Values = {}
        mark = self.marks.get(open_time_ms)
        if mark is not None:
            found |= {"mark_high": mark.high, "mark_low": mark.low, "mark_close": mark.close}
        if open_time_ms in self.open_interest:
            found["open_interest"] = self.open_interest[open_time_ms]
        rate = last_settled(self.funding, open_time_ms + MINUTE_MS)
        return found if math.isnan(rate) else {**found, "funding_rate": rate}


def last_settled(funding: Sequence[Funding], time_ms: int) -> float:
    """Return the newest funding rate settled by a time.

    Parameters
    ----------
    funding : sequence of Funding
        In order.
    time_ms : int
        UTC milliseconds.

    Returns
    -------
    float
        NaN when none is known.

    Examples
    --------
    >>> last_settled([Funding(0, 1e-4), Funding(10, 2e-4)], 9)
    0.0001
    """
    place = bisect.bisect_right(funding, time_ms, key=lambda settled: settled.time_ms)
    return funding[place - 1].rate if place else math.nan


def minute_closing_at(time_ms: int) -> int:
    """Return the minute at whose close something was so: the one that ends at or after it.

    Parameters
    ----------
    time_ms : int
        UTC milliseconds.

    Returns
    -------
    int
        Its open.

    Examples
    --------
    >>> minute_closing_at(300_000), minute_closing_at(300_001)
    (240000, 300000)
    """
    return -(-time_ms // MINUTE_MS) * MINUTE_MS - MINUTE_MS


class HistoryReader:
    """Asks one venue for stretches of minutes.

    Parameters
    ----------
    border : VenueBorder
        What is particular to the venue.
    exchange : Exchange
        Asked.
    asking : Asking
        How.
    """

    def __init__(self, border: VenueBorder, exchange: Exchange, asking: Asking) -> None:
        self._border = border
        self._exchange = exchange
        self._asking = asking

    async def read(
        self, market: FeedMarket, since_ms: int, until_ms: int, *, whole: bool = True
    ) -> History:
        """Return the minutes that open in a stretch of time, as far as they have closed.

        Parameters
        ----------
        market : FeedMarket
            Whose.
        since_ms, until_ms : int
            Whole minutes; the end is not included.
        whole : bool
            Whether mark price, open interest and funding are wanted, too.

        Returns
        -------
        History
            What the venue has.

        Raises
        ------
        RefusedError
            If the venue does not know the market.
        """
        border = self._border
        paged = await fetch_pages(
            self._ask(border.bars, market), since_ms, until_ms, MINUTE_MS, border.most_bars
        )
        closed = [bar for bar in paged.rows if bar.is_closed]
        gaps = [gap for gap in paged.gaps if closed and gap[0] < closed[-1].open_time_ms]
        marks = await self._marks(market, since_ms, until_ms) if whole else {}
        interest = await self._open_interest(market, since_ms, until_ms) if whole else {}
        funding = await self.funding(market, since_ms, until_ms) if whole else []
        return History(closed, gaps, marks, interest, funding)

    async def funding(self, market: FeedMarket, since_ms: int, until_ms: int) -> list[Funding]:
        """Return the settled funding rates known in a stretch of time.

        Parameters
        ----------
        market : FeedMarket
            Whose.
        since_ms, until_ms : int
            From when to when.

        Returns
        -------
        list of Funding
            In order, with one from before.
        """
        most = self._border.most_funding
        if not most:
            return []
        first = since_ms - DAY_MS
        length = most * _FUNDING_STEP_MS
        found: dict[int, Funding] = {}
        ask = self._optional(self._border.funding_history, market)
        for begin in range(first, until_ms + MINUTE_MS, length):
            rows = await ask(begin, min(begin + length, until_ms + MINUTE_MS))
            found |= {row.time_ms: row for row in rows if abs(row.rate) < 1}
        return [found[time_ms] for time_ms in sorted(found)]

    async def _marks(self, market: FeedMarket, since_ms: int, until_ms: int) -> dict[int, MarkBar]:
        border = self._border
        ask = self._optional(border.mark_bars, market)
        paged = await fetch_pages(ask, since_ms, until_ms, MINUTE_MS, border.most_bars)
        return {row.open_time_ms: row for row in paged.rows}

    async def _open_interest(
        self, market: FeedMarket, since_ms: int, until_ms: int
    ) -> dict[int, float]:
        border = self._border
        if not border.most_open_interest:
            return {}
        step = border.open_interest_step_ms
        # What is open at a bar's close is the snapshot of that moment, a minute after its open.
        first, last = since_ms // step * step, until_ms + MINUTE_MS
        ask = self._optional(border.open_interest_history, market)
        found: list[OpenInterest] = []
        for begin in range(first, last, border.most_open_interest * step):
            found += await ask(begin, min(begin + border.most_open_interest * step, last))
        return {minute_closing_at(row.time_ms): row.quantity for row in found}

    def _ask(
        self,
        ask: Callable[[Exchange, FeedMarket, int, int], Awaitable[list[_Row]]],
        market: FeedMarket,
    ) -> Callable[[int, int], Awaitable[list[_Row]]]:
        async def fetch(since_ms: int, until_ms: int) -> list[_Row]:
            return await self._asking.until_answered(
                lambda: ask(self._exchange, market, since_ms, until_ms)
            )

        return fetch

    def _optional(
        self,
        ask: Callable[[Exchange, FeedMarket, int, int], Awaitable[list[_Row]]],
        market: FeedMarket,
    ) -> Callable[[int, int], Awaitable[list[_Row]]]:
        """Return what asks for something without which a market can be followed."""
        insist = self._ask(ask, market)

        async def fetch(since_ms: int, until_ms: int) -> list[_Row]:
            try:
                return await insist(since_ms, until_ms)
            except RefusedError as error:
                _log.debug("%s: left out", error)
                return []

        return fetch
