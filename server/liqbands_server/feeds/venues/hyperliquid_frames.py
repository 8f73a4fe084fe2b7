"""What Hyperliquid says on its websocket; quantities are base units."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    MarkPrice,
    News,
    OpenInterest,
    Trade,
)
from liqbands_server.feeds.venues.border import Frame
from liqbands_server.feeds.venues.memory import Memory
from liqbands_server.feeds.venues.numbers import not_negative, positive, time_ms
from liqbands_server.feeds.venues.shapes import as_object, objects, one_of, word
from liqbands_server.feeds.venues.told_trades import trade_name
from liqbands_server.feeds.venues.wire_bars import open_time, prices_of

Markets = Mapping[str, FeedMarket]

_PRICES: Final = ("o", "h", "l", "c")
_TAKER_BOUGHT: Final = {"B": True, "A": False}


@dataclass(slots=True)
class TimedMemory:
    """What has been told before, and what time it is: not every frame says so.

    Parameters
    ----------
    told : Memory
        Bars and trades.
    newest_ms : int
        Newest time of a trade or a bar's beginning on this connection, 0 before any.
    """

    told: Memory = field(default_factory=Memory)
    newest_ms: int = 0


def read_frame(frame: Frame, markets: Markets, memory: TimedMemory) -> list[News] | None:
    """Return what a frame says; None if it is none of the channels that are read here.

    Parameters
    ----------
    frame : Frame
        As JSON was decoded.
    markets : mapping
        By wire id, the name of the coin.
    memory : TimedMemory
        What has been told before.

    Returns
    -------
    list of News or None
        Nothing about markets that are not among them.

    Raises
    ------
    WireError
        If it cannot be true.
    """
    channel = frame.get("channel") if isinstance(frame, Mapping) else None
    reader = _READERS.get(channel) if isinstance(channel, str) else None
    if reader is None or not isinstance(frame, Mapping):
        return None
    return list(reader(frame, markets, memory))


def read_bar(row: Mapping[str, Any], market: FeedMarket) -> BarNews:
    """Return a bar of the channel or of an answer, which never say whether it is final.

    Parameters
    ----------
    row : mapping
        ``{"t": 1710146280000, "T": 1710146339999, "s": "BTC", "i": "1m", "o": "71400.0",
        "c": "71411.0", "h": "71422.0", "l": "71389.0", "v": "1.20407", "n": 20}``.
    market : FeedMarket
        Whose.

    Returns
    -------
    BarNews
        Not closed.

    Raises
    ------
    WireError
        If it cannot be true.
    """
    volume = not_negative(row, "v") * market.unit
    return BarNews(open_time(row, "t"), *prices_of(row, _PRICES), volume, False)


def _read_trades(frame: Mapping[str, Any], markets: Markets, memory: TimedMemory) -> Iterator[News]:
    """Read the channel ``trades``, whose first frame repeats the last ones.

    ``{"channel", "data": [{"coin": "BTC", "side": "A", "px": "68517.0", "sz": "0.005",
    "time": 1710125266669, "hash": "0x…", "tid": 981894269203506, "users": […]}]}``

    Side B is bought by the taker, A sold.
    """
    told: dict[str, list[tuple[str, Trade]]] = {}
    for row in objects(frame, "data"):
        market = markets.get(word(row, "coin"))
        if market is not None:
            bought, quantity = one_of(row, "side", _TAKER_BOUGHT), positive(row, "sz") * market.unit
            trade = Trade(time_ms(row, "time"), positive(row, "px"), quantity, bought)
            told.setdefault(market.wire_id, []).append((trade_name(row, "tid"), trade))
    for wire_id, trades in told.items():
        trades.sort(key=lambda named: named[1].time_ms)
        memory.newest_ms = max(memory.newest_ms, trades[-1][1].time_ms)
        market = markets[wire_id]
        for trade in memory.told.trades.new_ones(market, trades):
            yield News(market, trade)


def _read_bar(frame: Mapping[str, Any], markets: Markets, memory: TimedMemory) -> Iterator[News]:
    """Read the channel ``candle``: ``{"channel", "data": …}`` with a row as in `read_bar`."""
    row = as_object(frame.get("data"), "data")
    market = markets.get(word(row, "s"))
    if market is not None and word(row, "i") == "1m":
        bar = read_bar(row, market)
        memory.newest_ms = max(memory.newest_ms, bar.open_time_ms)
        yield from memory.told.bars.take(market, bar)


def _read_context(
    frame: Mapping[str, Any], markets: Markets, memory: TimedMemory
) -> Iterator[News]:
    """Read the channel ``activeAssetCtx``, which says no time: the newest known is taken.

    ``{"channel", "data": {"coin": "BTC", "ctx": {"markPx": "14.3161", "openInterest": "688.11",
    "oraclePx": "14.32", "funding": "0.0000125" of the next settlement, …}}}``
    """
    row = as_object(frame.get("data"), "data")
    market = markets.get(word(row, "coin"))
    if market is None or not memory.newest_ms:
        return
    context = as_object(row.get("ctx"), "ctx")
    price = positive(context, "markPx")
    quantity = not_negative(context, "openInterest") * market.unit
    yield News(market, MarkPrice(memory.newest_ms, price))
    yield News(market, OpenInterest(memory.newest_ms, quantity))


_Reader = Callable[[Mapping[str, Any], Markets, TimedMemory], Iterator[News]]
_READERS: Final[Mapping[str, _Reader]] = {
    "trades": _read_trades,
    "candle": _read_bar,
    "activeAssetCtx": _read_context,
}
