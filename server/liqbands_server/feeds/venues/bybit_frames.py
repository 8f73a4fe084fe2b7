"""What Bybit says on its websockets; units are base (linear) or US dollars (inverse)."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from liqbands.instrument import ContractKind
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
from liqbands_server.feeds.venues.numbers import not_negative, optional, positive, time_ms
from liqbands_server.feeds.venues.shapes import as_object, flag, objects, one_of, word
from liqbands_server.feeds.venues.wire_bars import open_time, prices_of

Markets = Mapping[str, FeedMarket]

_TAKER_BOUGHT: Final = {"Buy": True, "Sell": False}
_LIQUIDATED: Final = {"Buy": 1, "Sell": -1}


def read_frame(frame: Frame, markets: Markets) -> list[News] | None:
    """Return what a frame says; None if it is none of the topics that are read here.

    Parameters
    ----------
    frame : Frame
        As JSON was decoded.
    markets : mapping
        By wire id.

    Returns
    -------
    list of News or None
        Nothing about markets that are not among them.

    Raises
    ------
    WireError
        If it cannot be true.
    """
    if not isinstance(frame, Mapping):
        return None
    topic = frame.get("topic")
    if not isinstance(topic, str):
        return None
    reader = _READERS.get(topic.split(".", maxsplit=1)[0])
    return None if reader is None else list(reader(frame, markets))


def one_side(row: Mapping[str, Any]) -> float:
    """Return one side of the open interest, in our units; NaN where nothing is said about it.

    Parameters
    ----------
    row : mapping
        With ``openInterest``, the sum of both sides, and since 2026 ``singleOpenInterest``.

    Returns
    -------
    float
        The single figure, or half of the sum.

    Raises
    ------
    WireError
        If one is no number.

    Examples
    --------
    >>> one_side({"openInterest": "10", "singleOpenInterest": "5"}), one_side({"openInterest": 8})
    (5.0, 4.0)
    """
    single = optional(row, "singleOpenInterest")
    return optional(row, "openInterest") / 2 if math.isnan(single) else single


def _read_trades(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read ``publicTrade.BTCUSDT``.

    ``{"topic", "type": "snapshot", "ts", "data": [{"T": 1709891679000, "s": "BTCUSDT",
    "S": "Buy", "v": "0.010", "p": "27451.00", "i": "9dc75f…", "BT": false}]}``

    S is the taker's side; a block trade (BT) was agreed outside of the book and has no taker.
    """
    for row in objects(frame, "data"):
        market = markets.get(word(row, "s"))
        if market is not None and not row.get("BT"):
            bought = one_of(row, "S", _TAKER_BOUGHT)
            quantity = positive(row, "v") * market.unit
            yield News(market, Trade(time_ms(row, "T"), positive(row, "p"), quantity, bought))


def _read_bars(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read ``kline.1.BTCUSDT``.

    ``{"topic", "type": "snapshot", "ts", "data": [{"start": 1672324800000, "end", "interval": "1",
    "open": "16649.5", "close", "high", "low", "volume": "2.081", "turnover": "34666.4",
    "confirm": false, "timestamp"}]}``

    Confirmed is final.  Volume is base and turnover quote; inverse: volume dollars, turnover coin.
    """
    kind, _, wire_id = word(frame, "topic").rpartition(".")
    market = markets.get(wire_id)
    if market is None or kind != "kline.1":
        return
    for row in objects(frame, "data"):
        prices = prices_of(row)
        volume = not_negative(row, "volume") * market.unit
        is_inverse = market.instrument.contract_kind is ContractKind.INVERSE
        quote_volume = volume if is_inverse else not_negative(row, "turnover")
        is_closed = flag(row, "confirm")
        bar = BarNews(open_time(row, "start"), *prices, volume, is_closed, quote_volume)
        yield News(market, bar)


def _read_ticker(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read ``tickers.BTCUSDT``.

    ``{"topic", "type": "snapshot", "ts": 1673272861686, "cs", "data": {"symbol": "BTCUSDT",
    "markPrice": "17217.33", "openInterest": "68744.761", "singleOpenInterest": "34372.381",
    "fundingRate": "-0.000212", "nextFundingTime", …}}``

    The first is a snapshot; deltas hold only what has changed.  The funding rate is that of the
    next settlement, which may still change: settled ones are asked for.
    """
    market = markets.get(word(frame, "topic").rpartition(".")[-1])
    if market is None:
        return
    time, row = time_ms(frame, "ts"), as_object(frame.get("data"), "data")
    if row.get("markPrice") not in (None, ""):
        yield News(market, MarkPrice(time, positive(row, "markPrice")))
    open_interest = one_side(row) * market.unit
    if not math.isnan(open_interest):
        yield News(market, OpenInterest(time, open_interest))


def _read_liquidations(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read ``allLiquidation.BTCUSDT``.

    ``{"topic", "type": "snapshot", "ts", "data": [{"T": 1739502302929, "s": "BTCUSDT",
    "S": "Sell", "v": "0.5", "p": "61534.75"}, …]}``

    S is the side of the POSITION: Buy is a long that was liquidated.  p is its bankruptcy price.
    Every event of the last 500 ms is there.
    """
    for row in objects(frame, "data"):
        market = markets.get(word(row, "s"))
        if market is not None:
            side = one_of(row, "S", _LIQUIDATED)
            price, quantity = positive(row, "p"), positive(row, "v") * market.unit
            event = LiquidationEvent(time_ms(row, "T"), side, price, quantity, True)
            yield News(market, event)


_Reader = Callable[[Mapping[str, Any], Markets], Iterator[News]]
_READERS: Final[Mapping[str, _Reader]] = {
    "publicTrade": _read_trades,
    "kline": _read_bars,
    "tickers": _read_ticker,
    "allLiquidation": _read_liquidations,
}
