"""Which listing a broker's symbol means: the table of names, and what it does not hold."""

from collections.abc import Sequence
from typing import Final

from liqbands.instrument import MarketKind
from liqbands_mt5.layout import MOST_SYMBOL
from liqbands_mt5.symbols import Alias, find_feed
from liqbands_server.importing.own_markets import BROKER
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets

WORDS: Final[dict[str, tuple[str, ...]]] = {
    "BTCUSD": ("BITCOIN", "XBTUSD", "XBT"),
    "ETHUSD": ("ETHEREUM", "ETHER"),
    "LTCUSD": ("LITECOIN",),
    "XRPUSD": ("RIPPLE",),
    "DOGEUSD": ("DOGECOIN", "DOGUSD"),
    "SOLUSD": ("SOLANA",),
    "XAUUSD": ("GOLD", "GOLDUSD"),
    "XAGUSD": ("SILVER", "SILVERUSD"),
    "US500": ("SPX500", "SP500", "S&P500", "USA500", "ES500"),
    "US100": ("NAS100", "USTEC", "NDX100", "USA100", "TECH100"),
    "US30": ("DJ30", "WS30", "USA30", "DOW30"),
    "GER40": ("DE40", "DAX40", "GER30", "DE30"),
    "UK100": ("FTSE100",),
    "JP225": ("JPN225", "NIKKEI225"),
    "USOIL": ("WTI", "XTIUSD", "OIL", "CL-OIL"),
    "UKOIL": ("BRENT", "XBRUSD"),
}
"""What brokers call a symbol beside its usual name; each group has one meaning."""

UPPER_SUFFIXES: Final = ("ECN", "PRO", "RAW", "STP", "VIP", "M", "C", "X", "Z", "I", "R", "B")
"""Put behind names by brokers that do not separate them."""

_DOLLARS: Final = ("USDT", "USDC", "USD", "FDUSD", "BUSD")
_PERPETUAL: Final = ".P"
_CUT: Final = 6


def aliases_of(listings: Sequence[Listing]) -> tuple[Alias, ...]:
    """Return the table of names.

    Parameters
    ----------
    listings : sequence of Listing
        All that can be asked for.

    Returns
    -------
    tuple of Alias
        The first of several with one name wins: sums over exchanges before single ones, and
        simulated markets last.
    """
    ordered = sorted(listings, key=_rank)
    names = [listing.name for listing in ordered]
    table: list[Alias] = []
    for listing in ordered:
        feed = _feed(listing, names)
        if feed:
            table += [Alias(name, feed, listing.description) for name in _names(listing)]
    first = {alias.name: alias for alias in reversed(table)}
    return tuple(alias for alias in table if first[alias.name] is alias)


def find_listing(markets: Markets, table: Sequence[Alias], name: str) -> tuple[Listing, str]:
    """Return the listing that a broker's symbol, or a name that a user types, means.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    table : sequence of Alias
        Of its listings.
    name : str
        E.g. ``"BTCUSD.r"``, ``"GOLD"``, ``"EURUSDECN"`` or a ticker.

    Returns
    -------
    tuple of Listing and str
        The one meant, and the name under which its frame is looked for: the table's, where that
        leads a chart to it, else the one given.

    Raises
    ------
    UnknownSymbolError
        If there is none.
    """
    known = {alias.name: alias.feed for alias in table}
    found = known.get(name.upper())
    if found is None:
        feed = find_feed(table, name)
        plain = [feed, *(_without(feed, suffix) for suffix in UPPER_SUFFIXES)]
        found = next((known[one] for one in plain if one in known), None)
        found = feed if found is None and feed in known.values() else found
    listing = markets.find(name if found is None else found)
    return listing, known.get(name.upper(), name)


def _without(name: str, suffix: str) -> str:
    return name.removesuffix(suffix) if name.endswith(suffix) else ""


def _rank(listing: Listing) -> tuple[bool, bool, bool, bool]:
    is_perpetual = listing.instrument.market is MarketKind.PERPETUAL
    is_brokers = listing.instrument.venue == BROKER
    return listing.simulated, not listing.is_aggregate, not is_perpetual, not is_brokers


def _feed(listing: Listing, names: Sequence[str]) -> str:
    """Return the name under which a listing is asked for, empty when none is short enough."""
    if len(listing.ticker) <= MOST_SYMBOL:
        return listing.ticker
    short = listing.name
    return short if len(short) <= MOST_SYMBOL and names.count(short) == 1 else ""


def _names(listing: Listing) -> tuple[str, ...]:
    plain = listing.name.removesuffix(_PERPETUAL)
    usual = _in_dollars(listing, plain)
    group = next((one for one in WORDS.items() if usual in (one[0], *one[1])), (usual, ()))
    # A broker's "Bitcoin" is cut to six letters, because what follows may be a suffix.
    cut = [word[:_CUT] for word in group[1] if word.isalpha()]
    return tuple(
        dict.fromkeys([listing.ticker, listing.name, plain, usual, group[0], *group[1], *cut])
    )


def _in_dollars(listing: Listing, plain: str) -> str:
    """Return a coin's pair as brokers write it: against the dollar, whatever stands for it."""
    symbol = listing.instrument.symbol.upper()
    if listing.kind == "crypto" and "/" in symbol and listing.instrument.quote in _DOLLARS:
        return f"{symbol.split('/', maxsplit=1)[0]}USD"
    return plain
