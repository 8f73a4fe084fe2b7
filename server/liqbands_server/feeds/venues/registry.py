"""Which venues can be followed."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from liqbands_server.errors import ConfigurationError
from liqbands_server.feeds.venues.binance import COIN_M, USD_M, Binance
from liqbands_server.feeds.venues.bitget import Bitget
from liqbands_server.feeds.venues.border import VenueBorder
from liqbands_server.feeds.venues.bybit import Bybit
from liqbands_server.feeds.venues.dydx import Dydx
from liqbands_server.feeds.venues.gate import Gate
from liqbands_server.feeds.venues.hyperliquid import Hyperliquid
from liqbands_server.feeds.venues.okx import Okx

FEEDS: Final[Mapping[str, Callable[[], VenueBorder]]] = MappingProxyType(
    {
        "binance": partial(Binance, USD_M),
        "binancecoinm": partial(Binance, COIN_M),
        "bybit": Bybit,
        "okx": Okx,
        "bitget": Bitget,
        "gate": Gate,
        "dydx": Dydx,
        "hyperliquid": Hyperliquid,
    }
)
"""What makes the border of each feed; their order is the one in which people are told of them."""


def find_border(feed: str) -> VenueBorder:
    """Return what is particular to a feed.

    Parameters
    ----------
    feed : str
        Its key, as in the setting ``venues``.

    Returns
    -------
    VenueBorder
        A new one; it holds nothing of any connection.

    Raises
    ------
    ConfigurationError
        If there is no such feed.

    Examples
    --------
    >>> find_border("bybit").exchange_name
    'bybit'
    """
    if feed not in FEEDS:
        raise ConfigurationError(f"venue must be one of {', '.join(FEEDS)}, was {feed!r}")
    return FEEDS[feed]()
