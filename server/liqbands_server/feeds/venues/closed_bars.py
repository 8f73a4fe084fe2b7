"""Which bars are final, where a venue does not say so: those that another one follows."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from liqbands_server.feeds.records import BarNews, FeedMarket, News
from liqbands_server.feeds.venues.shapes import inside
from liqbands_server.feeds.venues.wire_bars import with_closed


class BarSuccession:
    """The newest bar of each market, as long as its connection stands.

    Examples
    --------
    >>> from liqbands.instrument import Instrument
    >>> market = FeedMarket("x", "A/B:B", "AB", 1.0, Instrument("x", "A/B:B"))
    >>> bars = BarSuccession()
    >>> [news.record.is_closed for news in bars.take(market, BarNews(0, 1, 1, 1, 1, 1, False))]
    [False]
    >>> [news.record.is_closed for news in bars.take(market, BarNews(60_000, 1, 1, 1, 1, 1, False))]
    [True, False]
    """

    def __init__(self) -> None:
        self._newest: dict[str, BarNews] = {}

    def take(self, market: FeedMarket, bar: BarNews) -> list[News]:
        """Return what a bar says, about itself and about the one before it.

        Parameters
        ----------
        market : FeedMarket
            Whose.
        bar : BarNews
            As it looks now; not closed unless the venue says so.

        Returns
        -------
        list of News
            The one before it first, if it has not been called closed yet.
        """
        newest = self._newest.get(market.wire_id)
        if newest is not None and bar.open_time_ms < newest.open_time_ms:
            return [News(market, bar._replace(is_closed=True))]
        self._newest[market.wire_id] = bar
        told = [News(market, bar)]
        if newest is None or newest.is_closed or newest.open_time_ms == bar.open_time_ms:
            return told
        return [News(market, newest._replace(is_closed=True)), *told]

    def forget(self, markets: Iterable[FeedMarket]) -> None:
        """Forget what was heard, for a connection begins: the end of the last bar was missed.

        Parameters
        ----------
        markets : iterable of FeedMarket
            About which.
        """
        for market in markets:
            self._newest.pop(market.wire_id, None)


async def bars_inside(
    bars: Sequence[BarNews],
    since_ms: int,
    until_ms: int,
    ask_time: Callable[[], Awaitable[int]],
) -> list[BarNews]:
    """Return the bars of a window that a REST answer holds, and which of them are final.

    Parameters
    ----------
    bars : sequence of BarNews
        In any order, with the one after the window if there is any yet.
    since_ms, until_ms : int
        The window, UTC milliseconds.
    ask_time : callable
        Asks for the venue's time; only called where no later bar tells.

    Returns
    -------
    list of BarNews
        In order.
    """
    is_told = any(bar.open_time_ms >= until_ms for bar in bars)
    now_ms = 0 if is_told or not bars else await ask_time()
    return inside(with_closed(bars, now_ms), since_ms, until_ms)
