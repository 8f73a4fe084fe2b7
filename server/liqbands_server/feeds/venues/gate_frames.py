"""What Gate says on its websockets, which count contracts and mostly seconds."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import BarNews, FeedMarket, MarkPrice, News, Trade
from liqbands_server.feeds.venues.border import Frame
from liqbands_server.feeds.venues.closed_bars import BarSuccession
from liqbands_server.feeds.venues.numbers import (
    any_number,
    not_negative,
    positive,
    time_ms,
    time_of_seconds,
)
from liqbands_server.feeds.venues.shapes import flag, objects, shown, word
from liqbands_server.feeds.venues.wire_bars import MINUTE_MS, prices_of

Markets = Mapping[str, FeedMarket]

PRICES: Final = ("o", "h", "l", "c")

_TICKERS: Final = "futures.tickers"
_TRADES: Final = "futures.trades"
_BARS: Final = "futures.candlesticks"


def read_frame(frame: Frame, markets: Markets, bars: BarSuccession) -> list[News] | None:
    """Return what a frame says; None if it is none of the channels that are read here.

    Parameters
    ----------
    frame : Frame
        As JSON was decoded.
    markets : mapping
        By wire id.
    bars : BarSuccession
        Knows which bars are final.

    Returns
    -------
    list of News or None
        Nothing about markets that are not among them.

    Raises
    ------
    WireError
        If it cannot be true.
    """
    if not isinstance(frame, Mapping) or frame.get("event") != "update":
        return None
    channel = frame.get("channel")
    if channel == _TRADES:
        return list(_read_trades(frame, markets))
    if channel == _BARS:
        told = list(_read_bars(frame, markets))
        return [news for market, bar in told for news in bars.take(market, bar)]
    return list(_read_tickers(frame, markets)) if channel == _TICKERS else None


def bar_open_ms(row: Mapping[str, Any]) -> int:
    """Return when a minute begins, which the wire counts in seconds.

    Parameters
    ----------
    row : mapping
        A bar, with ``t``.

    Returns
    -------
    int
        UTC milliseconds.

    Raises
    ------
    WireError
        If it is no beginning of a minute.

    Examples
    --------
    >>> bar_open_ms({"t": 1545129300})
    1545129300000
    """
    opened = time_of_seconds(row, "t")
    if opened % MINUTE_MS:
        raise WireError(f"t must be the beginning of a minute, was {opened}")
    return opened


def _read_trades(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read the channel ``futures.trades``.

    ``{"time": 1545136464, "time_ms", "channel", "event": "update", "result": [{"size": -108,
    "id": 27753479, "create_time": 1545136464, "create_time_ms": 1545136464123, "price": "96.4",
    "contract": "BTC_USDT"}]}``

    A negative size is sold by the taker.  ``is_internal`` trades hand positions over to the
    insurance fund, beside the book and not counted in bars.
    """
    for row in objects(frame, "result"):
        market = markets.get(word(row, "contract"))
        if market is not None and not row.get("is_internal"):
            size = _size(row)
            time, price = time_ms(row, "create_time_ms"), positive(row, "price")
            yield News(market, Trade(time, price, abs(size) * market.unit, size > 0))


def _read_bars(frame: Mapping[str, Any], markets: Markets) -> Iterator[tuple[FeedMarket, BarNews]]:
    """Read the channel ``futures.candlesticks``.

    ``{"time", "time_ms", "channel", "event": "update", "result": [{"t": 1545129300 seconds,
    "v": "27525" contracts, "c", "h", "l", "o", "n": "1m_BTC_USDT", "a", "w": false}]}``

    w: final; older servers leave it out.
    """
    for row in objects(frame, "result"):
        interval, _, wire_id = word(row, "n").partition("_")
        market = markets.get(wire_id)
        if market is not None and interval == "1m":
            volume = not_negative(row, "v") * market.unit
            is_closed = "w" in row and flag(row, "w")
            yield market, BarNews(bar_open_ms(row), *prices_of(row, PRICES), volume, is_closed)


def _read_tickers(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read the channel ``futures.tickers``.

    ``{"time": 1541659086, "time_ms": 1541659086123, "channel", "event": "update", "result":
    [{"contract": "BTC_USDT", "last": "118.4", "mark_price": "118.35", "total_size": "73648", …}]}``
    """
    for row in objects(frame, "result"):
        market = markets.get(word(row, "contract"))
        if market is not None:
            has_fraction = frame.get("time_ms") not in (None, 0)
            time = time_ms(frame, "time_ms") if has_fraction else time_of_seconds(frame, "time")
            yield News(market, MarkPrice(time, positive(row, "mark_price")))


def _size(row: Mapping[str, Any]) -> float:
    size = any_number(row, "size")
    if size == 0:
        raise WireError(f"size must not be 0, was {shown(row.get('size'))}")
    return size
