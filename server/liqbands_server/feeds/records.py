"""What venues report, in one form: what stands behind the border.

Quantities are base units, or units of the quote currency for inverse contracts (so the stored
instrument's `contract_size` is always 1); prices quote per base, times UTC milliseconds, sides
those of the position.  Missing is NaN, never 0.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

from liqbands.instrument import Instrument
from liqbands.market_data import OrderBook


@dataclass(frozen=True, slots=True)
class FeedMarket:
    """One perpetual of one venue.

    Parameters
    ----------
    feed : str
        Key of the feed, e.g. ``"binancecoinm"``.
    symbol : str
        ccxt's unified symbol, e.g. ``"BTC/USD:BTC"``.
    wire_id : str
        What the venue itself calls it, e.g. ``"BTCUSD_PERP"``.
    unit : float
        Our units (base, or quote for inverse) in one of the units that the wire counts in.
    instrument : Instrument
        As it stands in the store; `contract_size` is 1.
    """

    feed: str
    symbol: str
    wire_id: str
    unit: float
    instrument: Instrument


class Trade(NamedTuple):
    """One trade.

    Parameters
    ----------
    time_ms : int
        When.
    price, quantity : float
        Quote per base; our units.
    taker_is_buyer : bool
        Whether the taker bought.
    """

    time_ms: int
    price: float
    quantity: float
    taker_is_buyer: bool


class LiquidationEvent(NamedTuple):
    """One position that was force-closed.

    Parameters
    ----------
    time_ms : int
        When.
    side : int
        Of the position: +1 long, -1 short.
    price, quantity : float
        Quote per base, as the venue gives it; our units.
    is_bankruptcy_price : bool
        Whether the price is that of bankruptcy, which lies beyond the one that triggered.
    """

    time_ms: int
    side: int
    price: float
    quantity: float
    is_bankruptcy_price: bool


class BarNews(NamedTuple):
    """How a bar of one minute looks now.

    Parameters
    ----------
    open_time_ms : int
        When it opened.
    open, high, low, close : float
        Quote per base.
    volume : float
        Our units.
    is_closed : bool
        Whether the venue says that it is final.
    quote_volume, taker_buy_volume : float
        In quote currency; our units bought by takers.
    """

    open_time_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    is_closed: bool
    quote_volume: float = math.nan
    taker_buy_volume: float = math.nan


class OpenInterest(NamedTuple):
    """What is open at a time.

    Parameters
    ----------
    time_ms : int
        When.
    quantity : float
        Our units, one side only.
    """

    time_ms: int
    quantity: float


class Funding(NamedTuple):
    """A settled funding rate.

    Parameters
    ----------
    time_ms : int
        When it was settled.
    rate : float
        A fraction; positive when longs pay.
    """

    time_ms: int
    rate: float


class MarkPrice(NamedTuple):
    """The price at which the venue liquidates.

    Parameters
    ----------
    time_ms : int
        When.
    price : float
        Quote per base.
    """

    time_ms: int
    price: float


class MarkBar(NamedTuple):
    """Range of the mark price in one minute.

    Parameters
    ----------
    open_time_ms : int
        When the minute began.
    high, low, close : float
        Quote per base.
    """

    open_time_ms: int
    high: float
    low: float
    close: float


class HeldPosition(NamedTuple):
    """What an account that is observed holds in a market.

    Parameters
    ----------
    market : FeedMarket
        In which.
    side : int
        +1 long, -1 short.
    quantity : float
        Our units.
    entry_price : float
        Average, quote per base.
    leverage : float
        As its owner has set it.
    liquidation_price : float
        Quote per base; NaN where the margin covers every price.
    """

    market: FeedMarket
    side: int
    quantity: float
    entry_price: float
    leverage: float
    liquidation_price: float


Record = Trade | LiquidationEvent | BarNews | OpenInterest | Funding | MarkPrice | OrderBook
"""Whatever a frame on the wire can say."""


class News(NamedTuple):
    """A record and whose it is.

    Parameters
    ----------
    market : FeedMarket
        Whose.
    record : Record
        What.
    """

    market: FeedMarket
    record: Record
