"""What dYdX's indexer says on its websocket; quantities are base units, times ISO 8601."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    LiquidationEvent,
    MarkPrice,
    News,
    OpenInterest,
    Trade,
)
from liqbands_server.feeds.venues.border import Frame
from liqbands_server.feeds.venues.memory import Memory
from liqbands_server.feeds.venues.numbers import not_negative, optional, positive, time_of_text
from liqbands_server.feeds.venues.shapes import as_object, objects, one_of, word
from liqbands_server.feeds.venues.told_trades import trade_name
from liqbands_server.feeds.venues.wire_bars import MINUTE_MS, prices_of

Markets = Mapping[str, FeedMarket]

_TAKER_BOUGHT: Final = {"BUY": True, "SELL": False}
_KEPT_BARS: Final = 10
_LIQUIDATED: Final = "LIQUIDATED"
_DELEVERAGED: Final = "DELEVERAGED"


def read_frame(frame: Frame, markets: Markets, memory: Memory) -> list[News] | None:
    """Return what a frame says; None if it is none of the channels that are read here.

    Parameters
    ----------
    frame : Frame
        As JSON was decoded.
    markets : mapping
        By wire id.
    memory : Memory
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
    if not isinstance(frame, Mapping) or frame.get("type") not in ("subscribed", "channel_data"):
        return None
    channel = frame.get("channel")
    reader = _READERS.get(channel) if isinstance(channel, str) else None
    return None if reader is None else list(reader(frame, markets, memory))


def read_bar(row: Mapping[str, Any], market: FeedMarket) -> BarNews:
    """Return a bar of the channel or of an answer, which never say whether it is final.

    Parameters
    ----------
    row : mapping
        ``{"startedAt": "2025-12-08T16:11:00.000Z", "low", "high", "open", "close",
        "baseTokenVolume": "3.2767", "usdVolume": "294697.4391", "startingOpenInterest", …}``.
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
    opened = time_of_text(row, "startedAt")
    if opened % MINUTE_MS:
        raise WireError(f"startedAt must be the beginning of a minute, was {opened}")
    volume = not_negative(row, "baseTokenVolume") * market.unit
    return BarNews(opened, *prices_of(row), volume, False, not_negative(row, "usdVolume"))


def read_open_interest(row: Mapping[str, Any], market: FeedMarket) -> OpenInterest | None:
    """Return what was open when a bar began, of all longs; None where the indexer does not know.

    Parameters
    ----------
    row : mapping
        As for `read_bar`.
    market : FeedMarket
        Whose.

    Returns
    -------
    OpenInterest or None
        The indexer writes 0 for what it does not know.

    Raises
    ------
    WireError
        If it cannot be true.
    """
    quantity = optional(row, "startingOpenInterest") * market.unit
    return OpenInterest(time_of_text(row, "startedAt"), quantity) if quantity > 0 else None


def _read_trades(frame: Mapping[str, Any], markets: Markets, memory: Memory) -> Iterator[News]:
    """Read the channel ``v4_trades``; ``subscribed`` repeats the last ones, newest first.

    ``{"type": "channel_data", "channel", "id": "BTC-USD", "contents": {"trades": [{"id",
    "side": "SELL" of the taker, "size": "1.2", "price": "43248.0", "type": "LIMIT",
    "createdAt": "2024-01-01T00:00:01.000Z", "createdAtHeight"}, …]}}``

    LIQUIDATED is the order that closes a position, so its side is that of the order;
    DELEVERAGED is closed beside the book at its bankruptcy price, and no trade of a taker.
    """
    market = markets.get(word(frame, "id"))
    if market is None:
        return
    rows = objects(as_object(frame.get("contents"), "contents"), "trades")
    told = [(trade_name(row, "id"), _of_trade(row, market)) for row in rows]
    told.sort(key=lambda named: named[1][0].time_ms)
    for records in memory.trades.new_ones(market, told):
        for record in records:
            yield News(market, record)


def _of_trade(row: Mapping[str, Any], market: FeedMarket) -> tuple[Trade | LiquidationEvent, ...]:
    time, price = time_of_text(row, "createdAt"), positive(row, "price")
    quantity, bought = positive(row, "size") * market.unit, one_of(row, "side", _TAKER_BOUGHT)
    kind, side = row.get("type"), -1 if bought else 1
    if kind == _DELEVERAGED:
        return (LiquidationEvent(time, side, price, quantity, True),)
    trade = Trade(time, price, quantity, bought)
    if kind == _LIQUIDATED:
        return trade, LiquidationEvent(time, side, price, quantity, False)
    return (trade,)


def _read_bars(frame: Mapping[str, Any], markets: Markets, memory: Memory) -> Iterator[News]:
    """Read the channel ``v4_candles``; ``subscribed`` has the last ones, newest first.

    ``{"type": "channel_data", "channel", "id": "BTC-USD/1MIN", "contents": {"startedAt":
    "2024-01-01T00:01:00.000Z", …}}`` or ``{"type": "subscribed", …, "contents": {"candles": […]}}``

    What was open when a minute began is what was open when the one before it closed, so it is told
    before that one is, and only then: later in the minute it is no news.
    """
    wire_id, _, resolution = word(frame, "id").partition("/")
    market = markets.get(wire_id)
    if market is None or resolution != "1MIN":
        return
    contents = as_object(frame.get("contents"), "contents")
    if "candles" in contents:
        rows = objects(contents, "candles")[:_KEPT_BARS]
        for bar in sorted(read_bar(row, market) for row in rows):
            yield from memory.bars.take(market, bar)
        return
    bar, open_interest = read_bar(contents, market), read_open_interest(contents, market)
    *closed, forming = memory.bars.take(market, bar)
    yield forming
    if closed and open_interest is not None:
        yield News(market, open_interest)
    yield from closed


def _read_oracle_prices(
    frame: Mapping[str, Any],
    markets: Markets,
    memory: Memory,  # noqa: ARG001 - all readers are alike
) -> Iterator[News]:
    """Read the channel ``v4_markets``: the venue liquidates by the price of its oracle.

    ``{"type": "channel_data", "channel", "contents": {"oraclePrices": {"BTC-USD": {"oraclePrice":
    "43300.00", "effectiveAt": "2024-01-01T00:01:00.000Z", "effectiveAtHeight", "marketId"}, …}}}``

    What ``subscribed`` says, and ``trading``, has no time.
    """
    contents = as_object(frame.get("contents"), "contents")
    if "oraclePrices" not in contents:
        return
    prices = as_object(contents["oraclePrices"], "oraclePrices")
    for wire_id, value in prices.items():
        market = markets.get(wire_id)
        if market is not None:
            row = as_object(value, wire_id)
            price = positive(row, "oraclePrice")
            yield News(market, MarkPrice(time_of_text(row, "effectiveAt"), price))


_Reader = Callable[[Mapping[str, Any], Markets, Memory], Iterator[News]]
_READERS: Final[Mapping[str, _Reader]] = {
    "v4_trades": _read_trades,
    "v4_candles": _read_bars,
    "v4_markets": _read_oracle_prices,
}
