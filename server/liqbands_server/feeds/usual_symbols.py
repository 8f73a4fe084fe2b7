"""What a coin's perpetual is usually called, for venues that have not said so yet.

A venue that cannot be reached from the start must not be missing without a word: its markets are
entered into the store under these names, with a health that says why nothing is known of them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from liqbands.instrument import ContractKind, Instrument
from liqbands_server.feeds.venues.border import VenueBorder

_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "binancecoinm": "{0}/USD:{0}",
        "dydx": "{0}/USDC:USDC",
        "hyperliquid": "{0}/USDC:USDC",
    }
)
_USUAL: Final = "{0}/USDT:USDT"


def usual_instrument(border: VenueBorder, coin: str) -> Instrument:
    """Return what a venue most likely lists for a coin.

    Parameters
    ----------
    border : VenueBorder
        Of the venue.
    coin : str
        E.g. ``"BTC"``, or a unified symbol.

    Returns
    -------
    Instrument
        Without a tick size, which only the venue knows.
    """
    symbol = coin if "/" in coin else _FORMS.get(border.feed, _USUAL).format(coin)
    settled_in_coin = symbol.endswith(f":{symbol.split('/', maxsplit=1)[0]}")
    kind = ContractKind.INVERSE if settled_in_coin else ContractKind.LINEAR
    return Instrument(border.venue, symbol, kind)
