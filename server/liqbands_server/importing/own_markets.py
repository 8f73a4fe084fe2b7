"""Markets that a user's own programs feed: a broker's forex and CFDs, an exchange of one's own."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from liqbands.instrument import Instrument, MarketKind
from liqbands_server.errors import QuestionError
from liqbands_server.files.instrument_names import VENUES, coin_of, guess_instrument, pair_of

BROKER: Final = "mt5"
"""Venue of what terminals send without naming another."""

_TAKEN: Final = frozenset((*VENUES, "binancecoinm", "simulated", "combined", "all", "generic"))
_NAME: Final = re.compile(r"([A-Za-z0-9_-]{1,32}:)?[A-Za-z0-9][A-Za-z0-9._/-]{0,31}", re.ASCII)
_UNKNOWN_FILE: Final = Path("x")
_FILE_OF_STOCKS: Final = Path("stocks/x")
_STABLE: Final = ("USDT", "USDC")


def own_instrument(name: str, market: str | None = None) -> Instrument:
    """Return the instrument that a user's own program writes to.

    Parameters
    ----------
    name : str
        ``"EURUSD"`` or ``"MYBROKER:EURUSD"``.
    market : {"perpetual", "spot", "forex", "stock"}, optional
        What it is; None guesses from the letters.

    Returns
    -------
    Instrument
        Currencies and metals are forex; known coins are spot, because what a broker sells as
        bitcoin is no perpetual and no part of a sum over exchanges; everything else counts as a
        stock, by the hours of forex unless it is a well-known one.

    Raises
    ------
    QuestionError
        If it is no name, or one whose data come from elsewhere.

    Examples
    --------
    >>> own_instrument("EURUSD").ticker, own_instrument("mybroker:BTCUSD").symbol
    ('MT5:EURUSD', 'BTC/USD')
    """
    if not _NAME.fullmatch(name):
        raise QuestionError(
            f"symbol must be written as EURUSD or MYBROKER:EURUSD, was {name[:64]!r}", "symbol"
        )
    given, _, symbol = name.rpartition(":")
    venue = given.lower() or BROKER
    if venue in _TAKEN:
        raise QuestionError(
            f"symbol must be of a venue of your own such as MYBROKER:{symbol.upper()}, "
            f"was {name!r}: data of {venue} come from elsewhere",
            "symbol",
        )
    chosen = _guessed(symbol) if market is None else _of_kind(symbol, MarketKind(market))
    return replace(chosen, venue=venue)


def _guessed(symbol: str) -> Instrument:
    found = guess_instrument(_FILE_OF_STOCKS, None, symbol)
    if found.market is MarketKind.PERPETUAL or symbol.upper().endswith(_STABLE):
        return _of_kind(symbol, MarketKind.SPOT)
    well_known = guess_instrument(_UNKNOWN_FILE, None, symbol).market is MarketKind.STOCK
    if found.market is MarketKind.STOCK and not well_known:
        return _of_kind(symbol, MarketKind.STOCK)
    return found


def _of_kind(symbol: str, market: MarketKind) -> Instrument:
    if market in (MarketKind.PERPETUAL, MarketKind.SPOT):
        base = coin_of(symbol)
        quote = pair_of(symbol).removeprefix(base) or "USD"
        settled = f":{quote}" if market is MarketKind.PERPETUAL else ""
        return Instrument(BROKER, f"{base}/{quote}{settled}", market=market)
    hours = guess_instrument(_UNKNOWN_FILE, None, "EURUSD")
    return replace(hours, symbol=pair_of(symbol), market=market)
