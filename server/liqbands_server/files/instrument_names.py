"""What a file holds, guessed from its name and folder: venue, symbol and trading hours.

Contract sizes are base units per linear contract or quote units per inverse contract.
"""

import re
from pathlib import Path
from typing import Final

from liqbands.instrument import ContractKind, Instrument, MarketKind

VENUES: Final = {
    "binance": "USDT",
    "bitget": "USDT",
    "bitmex": "USDT",
    "bybit": "USDT",
    "deribit": "USDC",
    "dydx": "USDC",
    "gate": "USDT",
    "hyperliquid": "USDC",
    "kraken": "USD",
    "kucoin": "USDT",
    "lighter": "USDC",
    "mexc": "USDT",
    "okx": "USDT",
}
"""Venues by name, and what their linear perpetuals are quoted in."""

CONTRACT_SIZES: Final = {
    "okx": {"BTC": 0.01, "DOGE": 1000.0, "ETH": 0.1, "HYPE": 0.1, "SOL": 1.0, "XRP": 100.0},
}
"""Base units per linear contract where it is not one."""

INVERSE_SIZES: Final = {
    "binance": {"BTC": 100.0, "": 10.0},
    "bitmex": {"": 1.0},
    "bybit": {"": 1.0},
    "deribit": {"": 10.0},
    "okx": {"BTC": 100.0, "": 10.0},
}
"""Quote units per inverse contract, by coin, else under the empty name."""

_QUOTES = ("USDT", "USDC", "FDUSD", "BUSD", "USD")
# fmt: off
_CURRENCIES = frozenset({
    "AUD", "CAD", "CHF", "CNH", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY",
    "MXN", "NOK", "NZD", "PLN", "SEK", "SGD", "TRY", "USD", "XAG", "XAU", "ZAR",
})
_COINS = frozenset({
    "AAVE", "ADA", "APT", "ARB", "AVAX", "BCH", "BNB", "BTC", "DOGE", "DOT", "ETC", "ETH",
    "HYPE", "LINK", "LTC", "NEAR", "OP", "PEPE", "SOL", "SUI", "TON", "TRX", "UNI", "XRP",
})
_STOCKS = frozenset({
    "AAPL", "AMZN", "DIA", "GOOGL", "IWM", "META", "MSFT", "MSTR", "NVDA", "QQQ", "SPY", "TSLA",
})
_STOCK_WORDS = frozenset({"STOCK", "STOCKS", "ETF", "ETFS", "EQUITIES", "NASDAQ", "NYSE"})
_CONTRACT_WORDS = frozenset({"PERP", "PERPETUAL", "SWAP"})
_FILE_WORDS = _CONTRACT_WORDS | {
    "CANDLES", "CSV", "DATA", "FUTURES", "HISTORY", "HOURLY", "DAILY", "KLINES", "OHLC", "OHLCV",
    "SPOT",
}
# fmt: on
_HOURS: Final = {
    MarketKind.FOREX: ("1700-1700:23456", "America/New_York"),
    MarketKind.STOCK: ("0930-1600:23456", "America/New_York"),
}
_TIME_WORD = re.compile(r"\d+[A-Z]{0,3}|[MHDWMN]{1,2}\d+")
_SEPARATORS = re.compile(r"[^A-Z0-9]+")


def guess_instrument(
    path: str | Path, venue: str | None = None, symbol: str | None = None
) -> Instrument:
    """Return the instrument that a file's name and folder suggest.

    Parameters
    ----------
    path : str or Path
        The file; it is not opened.
    venue : str, optional
        The venue, if known; None looks for one of `VENUES` in the name and the folder.
    symbol : str, optional
        The symbol, if known, in any spelling; None takes it from the name.

    Returns
    -------
    Instrument
        A pair with a slash is what it says (``"BTC/USDT:USDT"`` perpetual, ``"BTC/USDT"``
        spot).  Two currencies are forex, open from Sunday 17:00 New York.  Well-known tickers,
        and others in a folder of stocks, are stocks with New York hours.  Everything else is a
        perpetual that never closes, of the venue ``"generic"`` where none is known.

    Examples
    --------
    >>> guess_instrument("bybit_1h/BTCUSDT.parquet").symbol
    'BTC/USDT:USDT'
    >>> guess_instrument("forex/eurusd_1h.csv").session
    '1700-1700:23456'
    """
    path = Path(path)
    place = (venue or guess_venue(path) or "").lower()
    name = (symbol or _name_in_file(path)).strip().upper()
    market = _market(place, name, _words(path))
    if market in _HOURS:
        session, zone = _HOURS[market]
        letters = pair_of(name)
        return Instrument(place or "otc", letters, market=market, session=session, time_zone=zone)
    if market is MarketKind.SPOT:
        base, quote = _base_and_quote(place, name)
        return Instrument(place or "generic", f"{base}/{quote}", market=market)
    return _perpetual(place, name)


def guess_venue(path: str | Path) -> str | None:
    """Return the venue named in a file's name or folder.

    Parameters
    ----------
    path : str or Path
        The file; it is not opened.

    Returns
    -------
    str or None
        One of `VENUES`, or None.

    Examples
    --------
    >>> guess_venue("binance_1m_2025-05/BTCUSDT.parquet"), guess_venue("btc.csv")
    ('binance', None)
    """
    words = _words(Path(path))
    return next((venue for venue in VENUES if venue.upper() in words), None)


def pair_of(name: str) -> str:
    """Return a symbol in capitals without separators, settlement currency and contract word.

    Parameters
    ----------
    name : str
        A symbol in any venue's spelling.

    Returns
    -------
    str
        Base and quote, or the base alone where the name has no quote.

    Examples
    --------
    >>> pair_of("BTC/USDT:USDT"), pair_of("btc-usdt-swap"), pair_of("XBTUSD")
    ('BTCUSDT', 'BTCUSDT', 'BTCUSD')
    """
    words = _SEPARATORS.split(name.upper().split(":", maxsplit=1)[0])
    return "".join(word for word in words if word not in _CONTRACT_WORDS).replace("XBT", "BTC")


def coin_of(name: str) -> str:
    """Return the base coin of a symbol.

    Parameters
    ----------
    name : str
        A symbol in any venue's spelling.

    Returns
    -------
    str
        The coin in capitals.

    Examples
    --------
    >>> coin_of("BTC/USDT:USDT"), coin_of("ethusdc"), coin_of("SOL")
    ('BTC', 'ETH', 'SOL')
    """
    return _base_and_quote("", name)[0]


def _words(path: Path) -> frozenset[str]:
    """Return the words of the file's name and of its folder, in capitals."""
    return frozenset(_SEPARATORS.split(f"{path.parent.name} {path.name}".upper()))


def _name_in_file(path: Path) -> str:
    for place in (path.name.split(".")[0], path.parent.name):
        words = [word for word in _SEPARATORS.split(place.upper()) if _may_be_symbol(word)]
        pairs = ["".join(words[:2]), *words] if words[1:2] and words[1] in _QUOTES else words
        known = [word for word in pairs if _is_known(word)]
        if known or words:
            return (known or words)[0]
    return "UNKNOWN"


def _may_be_symbol(word: str) -> bool:
    no_symbol = word in _FILE_WORDS or word.lower() in VENUES or _TIME_WORD.fullmatch(word)
    return bool(word) and not no_symbol


def _is_known(word: str) -> bool:
    return _is_forex(word) or word in _COINS | _STOCKS or coin_of(word) != word


def _is_forex(letters: str) -> bool:
    halves = {letters[:3], letters[3:]}
    return halves <= _CURRENCIES and len(halves) == 2


def _base_and_quote(venue: str, name: str) -> tuple[str, str]:
    pair = name.upper().split(":", maxsplit=1)[0]
    if "/" in pair:
        base, quote = pair.split("/", maxsplit=1)
        return base, quote
    letters = pair_of(name)
    quote = next((q for q in _QUOTES if letters.endswith(q) and letters != q), "")
    return letters.removesuffix(quote), quote or VENUES.get(venue, "USDT")


def _market(venue: str, name: str, words: frozenset[str]) -> MarketKind:
    letters = pair_of(name)
    if _is_forex(letters):
        return MarketKind.FOREX
    if "/" in name:
        return MarketKind.PERPETUAL if ":" in name else MarketKind.SPOT
    no_coin = not venue and coin_of(letters) not in _COINS
    if no_coin and (letters in _STOCKS or words & _STOCK_WORDS):
        return MarketKind.STOCK
    return MarketKind.SPOT if "SPOT" in words else MarketKind.PERPETUAL


def _perpetual(venue: str, name: str) -> Instrument:
    base, quote = _base_and_quote(venue, name)
    settled_in = name.split(":", maxsplit=1)[1] if ":" in name else None
    unsaid_inverse = settled_in is None and quote == "USD" and venue in INVERSE_SIZES
    if unsaid_inverse or settled_in == base:
        sizes = INVERSE_SIZES.get(venue, {"": 1.0})
        size = sizes.get(base, sizes[""])
        return Instrument(venue or "generic", f"{base}/{quote}:{base}", ContractKind.INVERSE, size)
    size = CONTRACT_SIZES.get(venue, {}).get(base, 1.0)
    symbol = f"{base}/{quote}:{settled_in or quote}"
    return Instrument(venue or "generic", symbol, ContractKind.LINEAR, size)
