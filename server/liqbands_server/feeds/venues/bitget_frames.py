"""What Bitget says on its websockets; quantities of linear contracts are base units."""

from collections.abc import Iterator, Mapping
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
from liqbands_server.feeds.venues.shapes import as_list, named, objects, one_of, word
from liqbands_server.feeds.venues.told_trades import trade_name
from liqbands_server.feeds.venues.wire_bars import PRICES, open_time, prices_of

Markets = Mapping[str, FeedMarket]

BAR: Final = ("start", *PRICES, "volume", "turnover")

_TAKER_BOUGHT: Final = {"buy": True, "sell": False}
_KEPT_BARS: Final = 10


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
    about = frame.get("arg") if isinstance(frame, Mapping) else None
    if not isinstance(frame, Mapping) or not isinstance(about, Mapping) or "data" not in frame:
        return None
    channel = about.get("channel")
    if channel not in ("trade", "candle1m", "ticker"):
        return None
    market = markets.get(word(about, "instId"))
    if market is None:
        return []
    if channel == "trade":
        trades = memory.trades.new_ones(market, _read_trades(frame, market))
        return [News(market, trade) for trade in trades]
    if channel == "candle1m":
        bars = _read_bars(frame, market)
        return [news for bar in bars for news in memory.bars.take(market, bar)]
    return list(_read_ticker(frame, market))


def read_bar(values: object, market: FeedMarket) -> BarNews:
    """Return a bar of a channel or an answer, which never say whether it is final.

    Parameters
    ----------
    values : object
        ``["1701871620000", open, high, low, close, "9.9287" base, "437404.1" quote, …]``.
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
    row = named(values, BAR)
    volume = not_negative(row, "volume") * market.unit
    quote_volume = not_negative(row, "turnover")
    return BarNews(open_time(row, "start"), *prices_of(row), volume, False, quote_volume)


def _read_trades(frame: Mapping[str, Any], market: FeedMarket) -> list[tuple[str, Trade]]:
    """Read the channel ``trade``, newest first, and return them by name, oldest first.

    ``{"action": "update", "arg": {"instType": "USDT-FUTURES", "channel", "instId": "BTCUSDT"},
    "data": [{"ts": "1701910980366", "price": "43854.01", "size": "0.0535", "side": "buy",
    "tradeId": "1116461060594286593"}], "ts": 1701910980730}``

    The first frame is a snapshot: it repeats the last trades from before the subscription.
    """
    told = [
        (
            trade_name(row, "tradeId"),
            Trade(
                time_ms(row, "ts"),
                positive(row, "price"),
                positive(row, "size") * market.unit,
                one_of(row, "side", _TAKER_BOUGHT),
            ),
        )
        for row in objects(frame, "data")
    ]
    told.reverse()
    told.sort(key=lambda named_trade: named_trade[1].time_ms)
    return told


def _read_bars(frame: Mapping[str, Any], market: FeedMarket) -> list[BarNews]:
    """Read the channel ``candle1m``: a snapshot of 500 bars, then the newest one again and again.

    ``{"action": "snapshot", "arg": …, "data": [["1701871620000", open, high, low, close,
    base volume, quote volume, quote volume], …], "ts": 1701901610417}``
    """
    rows = as_list(frame.get("data"), "data")[-_KEPT_BARS:]
    return sorted(read_bar(values, market) for values in rows)


def _read_ticker(frame: Mapping[str, Any], market: FeedMarket) -> Iterator[News]:
    """Read the channel ``ticker``.

    ``{"action": "snapshot", "arg": …, "data": [{"instId": "BTCUSDT", "markPrice": "43476.4",
    "holdingAmount": "50670.787" open interest in base units, "fundingRate" of the next settlement,
    "ts": "1701843962811", …}]}``
    """
    for row in objects(frame, "data"):
        time = time_ms(row, "ts")
        yield News(market, MarkPrice(time, positive(row, "markPrice")))
        quantity = not_negative(row, "holdingAmount") * market.unit
        yield News(market, OpenInterest(time, quantity))
