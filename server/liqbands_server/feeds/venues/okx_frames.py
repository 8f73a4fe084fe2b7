"""What OKX says on its websockets; it counts contracts, which become base or US dollars here."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from liqbands.instrument import ContractKind
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
from liqbands_server.feeds.venues.numbers import not_negative, positive, time_ms
from liqbands_server.feeds.venues.shapes import as_list, named, objects, one_of, word
from liqbands_server.feeds.venues.wire_bars import PRICES, open_time, prices_of

Markets = Mapping[str, FeedMarket]

BAR_COLUMNS: Final = ("ts", *PRICES, "vol", "volCcy", "volCcyQuote", "confirm")

_TAKER_BOUGHT: Final = {"buy": True, "sell": False}
_LIQUIDATED: Final = {"sell": 1, "buy": -1}
_POSITION: Final = {"long": 1, "short": -1}
_CONFIRMED: Final = {"1": True, "0": False}


def read_frame(frame: Frame, markets: Markets) -> list[News] | None:
    """Return what a frame says; None if it is none of the channels that are read here.

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
    if not isinstance(frame, Mapping) or "event" in frame:
        return None
    about = frame.get("arg")
    channel = about.get("channel") if isinstance(about, Mapping) else None
    reader = _READERS.get(channel) if isinstance(channel, str) else None
    return None if reader is None else list(reader(frame, markets))


def read_bar(values: object, market: FeedMarket) -> BarNews:
    """Return a bar; subscription and REST write it alike.

    ``["1747094040000", open, high, low, close, "1040.37" contracts, "10.4037" coin,
    "1069603.3" quote, "1"]``; the last says whether it is final.

    Parameters
    ----------
    values : object
        The row.
    market : FeedMarket
        Whose.

    Returns
    -------
    BarNews
        In our units.

    Raises
    ------
    WireError
        If it cannot be true.
    """
    row = named(values, BAR_COLUMNS)
    volume = not_negative(row, "vol") * market.unit
    is_inverse = market.instrument.contract_kind is ContractKind.INVERSE
    quote_volume = volume if is_inverse else not_negative(row, "volCcyQuote")
    is_closed = one_of(row, "confirm", _CONFIRMED)
    return BarNews(open_time(row, "ts"), *prices_of(row), volume, is_closed, quote_volume)


def _read_trades(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read the channel ``trades``.

    ``{"arg": {"channel": "trades", "instId": "BTC-USDT-SWAP"}, "data": [{"instId", "tradeId",
    "px": "42219.9", "sz": "12" contracts, "side": "buy", "ts": "1630048897897", "count": "3"}]}``

    The side is the taker's.
    """
    for row in objects(frame, "data"):
        market = markets.get(word(row, "instId"))
        if market is not None:
            bought = one_of(row, "side", _TAKER_BOUGHT)
            quantity = positive(row, "sz") * market.unit
            yield News(market, Trade(time_ms(row, "ts"), positive(row, "px"), quantity, bought))


def _read_bars(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read the channel ``candle1m``: ``{"arg": {"channel", "instId"}, "data": [row, …]}``."""
    market = markets.get(word(frame["arg"], "instId"))
    if market is not None:
        for values in as_list(frame.get("data"), "data"):
            yield News(market, read_bar(values, market))


def _read_mark_prices(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read the channel ``mark-price``.

    ``{"arg": …, "data": [{"instType": "SWAP", "instId", "markPx": "42310.6", "ts"}]}``
    """
    for row in objects(frame, "data"):
        market = markets.get(word(row, "instId"))
        if market is not None:
            yield News(market, MarkPrice(time_ms(row, "ts"), positive(row, "markPx")))


def _read_open_interest(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read the channel ``open-interest``.

    ``{"arg": …, "data": [{"instType": "SWAP", "instId", "oi": "2216113" contracts,
    "oiCcy": "22161.1" coin, "oiUsd", "ts"}]}``
    """
    for row in objects(frame, "data"):
        market = markets.get(word(row, "instId"))
        if market is not None:
            quantity = not_negative(row, "oi") * market.unit
            yield News(market, OpenInterest(time_ms(row, "ts"), quantity))


def _read_liquidations(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read the channel ``liquidation-orders``, which tells of all swaps of the venue.

    ``{"arg": {"channel", "instType": "SWAP"}, "data": [{"instId", "instFamily", "uly", "instType",
    "details": [{"side": "buy", "posSide": "short", "bkPx": "0.0078", "sz": "13" contracts,
    "bkLoss", "ccy", "ts": "1692266434010"}, …]}]}``

    Every detail is a liquidation of its own; bkPx is the bankruptcy price.
    """
    for row in objects(frame, "data"):
        market = markets.get(word(row, "instId"))
        if market is not None:
            for detail in objects(row, "details"):
                price, quantity = positive(detail, "bkPx"), positive(detail, "sz") * market.unit
                time, side = time_ms(detail, "ts"), _liquidated_side(detail)
                yield News(market, LiquidationEvent(time, side, price, quantity, True))


def _liquidated_side(detail: Mapping[str, Any]) -> int:
    """Return the position's side: that of the closing order turned round, confirmed by posSide."""
    side = one_of(detail, "side", _LIQUIDATED)
    if detail.get("posSide") in ("long", "short") and one_of(detail, "posSide", _POSITION) != side:
        raise WireError(f"a {detail['posSide']} cannot be closed by this side: {detail['side']}")
    return side


_Reader = Callable[[Mapping[str, Any], Markets], Iterator[News]]
_READERS: Final[Mapping[str, _Reader]] = {
    "trades": _read_trades,
    "candle1m": _read_bars,
    "mark-price": _read_mark_prices,
    "open-interest": _read_open_interest,
    "liquidation-orders": _read_liquidations,
}
