"""What Binance says on its websockets; units are base (USD-M) or contracts (COIN-M)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from liqbands.instrument import ContractKind
from liqbands_server.feeds.records import (
    BarNews,
    FeedMarket,
    LiquidationEvent,
    MarkPrice,
    News,
    Trade,
)
from liqbands_server.feeds.venues.border import Frame
from liqbands_server.feeds.venues.numbers import not_negative, positive, time_ms
from liqbands_server.feeds.venues.shapes import as_object, flag, one_of, word
from liqbands_server.feeds.venues.wire_bars import checked_bar, open_time, prices_of

Markets = Mapping[str, FeedMarket]

_LIQUIDATED: Final = {"SELL": 1, "BUY": -1}
_PRICES: Final = ("o", "h", "l", "c")


def read_frame(frame: Frame, markets: Markets) -> list[News] | None:
    """Return what a frame says; None if it is no event that is read here.

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
    event = frame.get("e") if isinstance(frame, Mapping) else None
    reader = _READERS.get(event) if isinstance(event, str) else None
    if reader is None or not isinstance(frame, Mapping):
        return None
    return list(reader(frame, markets))


def _read_trade(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read ``btcusdt@aggTrade``, the fills of one taker at one price.

    ``{"e": "aggTrade", "E", "a": 5933014, "s": "BTCUSDT", "p": "61001.5", "q": "0.100", "f", "l",
    "T": 1626992741012, "m": true}``

    m: the buyer was the maker, so the taker sold.
    """
    market = markets.get(word(frame, "s"))
    if market is not None:
        quantity, bought = positive(frame, "q") * market.unit, not flag(frame, "m")
        yield News(market, Trade(time_ms(frame, "T"), positive(frame, "p"), quantity, bought))


def _read_bar(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read ``btcusdt@kline_1m``.

    ``{"e": "kline", "E", "s": "BTCUSDT", "k": {"t": 1638747660000, "T", "s", "i": "1m", "o", "c",
    "h", "l", "v": "1000" volume, "q": "1.0000" its quote value, "V": "500" bought by takers,
    "Q", "n", "x": false}}``

    x: final.  COIN-M: v and V are contracts, q is coin.
    """
    row = as_object(frame.get("k"), "k")
    market = markets.get(word(row, "s"))
    if market is not None and word(row, "i") == "1m":
        volume, bought = (not_negative(row, name) * market.unit for name in ("v", "V"))
        is_inverse = market.instrument.contract_kind is ContractKind.INVERSE
        quote_volume = volume if is_inverse else not_negative(row, "q")
        prices, is_closed = prices_of(row, _PRICES), flag(row, "x")
        bar = BarNews(open_time(row, "t"), *prices, volume, is_closed, quote_volume, bought)
        yield News(market, checked_bar(bar))


def _read_mark_price(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read ``btcusdt@markPrice@1s``.

    ``{"e": "markPriceUpdate", "E": 1562305380000, "s": "BTCUSDT", "p": "11794.15" mark,
    "i" index, "P" estimated settlement, "r": "0.00038167", "T": 1562306400000}``

    r is the rate of the settlement at T, which may still change: settled ones are asked for.
    """
    market = markets.get(word(frame, "s"))
    if market is not None:
        yield News(market, MarkPrice(time_ms(frame, "E"), positive(frame, "p")))


def _read_liquidation(frame: Mapping[str, Any], markets: Markets) -> Iterator[News]:
    """Read ``btcusdt@forceOrder``; of each second the venue tells the last one only.

    ``{"e": "forceOrder", "E", "o": {"s": "BTCUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC",
    "q": "0.014" ordered, "p": "9910" bankruptcy, "ap": "9910.1" average fill, "X": "FILLED",
    "l": "0.014" last fill, "z": "0.014" all fills, "T": 1568014460893}}``

    S is the side of the closing order: SELL closes a long.
    """
    row = as_object(frame.get("o"), "o")
    market = markets.get(word(row, "s"))
    if market is None:
        return
    side, quantity = one_of(row, "S", _LIQUIDATED), not_negative(row, "z") * market.unit
    if quantity > 0:  # an order that nobody has met yet closed nothing, and has no average price
        event = LiquidationEvent(time_ms(row, "T"), side, positive(row, "ap"), quantity, False)
        yield News(market, event)


_Reader = Callable[[Mapping[str, Any], Markets], Iterator[News]]
_READERS: Final[Mapping[str, _Reader]] = {
    "aggTrade": _read_trade,
    "kline": _read_bar,
    "markPriceUpdate": _read_mark_price,
    "forceOrder": _read_liquidation,
}
