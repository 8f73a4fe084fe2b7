"""What a chart can draw: a listing's prices, one of its band slots, or its strongest band."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from liqbands.errors import UnknownSymbolError
from liqbands_server.errors import QuestionError
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution, find_resolution

N_SLOTS: Final = 20
"""Band slots that are symbols; each costs a chart its own polls."""

PRICES: Final = ""
UP: Final = "UP"
DOWN: Final = "DOWN"
SLOTS: Final = tuple(f"B{slot:02d}" for slot in range(N_SLOTS))
LINES: Final = (*SLOTS, UP, DOWN)
"""What stands after the ``#`` of band symbols."""

_SLOT: Final = re.compile(r"B[0-9]{2}")


@dataclass(frozen=True, slots=True)
class ChartSymbol:
    """One thing that a chart draws.

    Parameters
    ----------
    listing : Listing
        What it belongs to.
    line : str
        `PRICES`, or one of `LINES`.
    """

    listing: Listing
    line: str = PRICES

    @property
    def ticker(self) -> str:
        """Return its unique name, e.g. ``"BINANCE:BTCUSDT.P#B07"``."""
        return with_line(self.listing.ticker, self.line)

    @property
    def description(self) -> str:
        """Return what it is, for people."""
        if self.line == PRICES:
            return self.listing.description
        if self.line in SLOTS:
            return f"{self.listing.description}, liquidation band {int(self.line[1:])}"
        side = "above" if self.line == UP else "below"
        return f"{self.listing.description}, strongest liquidation band {side} the price"

    def resolution(self, name: str) -> Resolution:
        """Return one of its resolutions by TradingView's name.

        Parameters
        ----------
        name : str
            E.g. ``"60"`` or ``"D"``.

        Returns
        -------
        Resolution
            The one meant.

        Raises
        ------
        QuestionError
            If it is unknown, or shorter than the bars there are.
        """
        found = find_resolution(name)
        if found not in self.listing.resolutions:
            known = ", ".join(resolution.name for resolution in self.listing.resolutions)
            raise QuestionError(
                f"resolution of {self.listing.ticker} must be one of {known}, was {found.name!r}",
                "resolution",
            )
        return found


def find_symbol(markets: Markets, text: str) -> ChartSymbol:
    """Return what a symbol stands for.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    text : str
        A ticker, or a name without venue where it is unique; in capitals.

    Returns
    -------
    ChartSymbol
        The one meant.

    Raises
    ------
    UnknownSymbolError
        If there is none, or several have the name.
    """
    ticker, sharp, line = text.partition("#")
    listing = markets.find(ticker)
    if not listing.resolutions:
        raise UnknownSymbolError(f"no chart can draw the bars of {listing.ticker}")
    if sharp and line not in lines_of(listing):
        if listing.is_aggregate:
            raise UnknownSymbolError(f"bands are lines of single venues, not of {listing.ticker}")
        kind = f"band slot {line}" if _SLOT.fullmatch(line) else f"line {line!r}"
        raise UnknownSymbolError(
            f"unknown {kind} of {listing.ticker}; after # stands B00 to {SLOTS[-1]}, UP or DOWN"
        )
    return ChartSymbol(listing, line)


def chart_listings(markets: Markets) -> list[Listing]:
    """Return the listings that charts can draw.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.

    Returns
    -------
    list of Listing
        Those with any of TradingView's resolutions.
    """
    return [listing for listing in markets.listings if listing.resolutions]


def lines_of(listing: Listing) -> tuple[str, ...]:
    """Return the band symbols of a listing.

    Parameters
    ----------
    listing : Listing
        Any.

    Returns
    -------
    tuple of str
        `LINES`; none where several venues stand behind it, whose bands are not kept together.
    """
    return () if listing.is_aggregate else LINES


def with_line(name: str, line: str) -> str:
    """Return the name of a line of a listing.

    Parameters
    ----------
    name : str
        The listing's ticker or name.
    line : str
        `PRICES`, or one of `LINES`.

    Returns
    -------
    str
        E.g. ``"BINANCE:BTCUSDT.P#UP"``.
    """
    return f"{name}#{line}" if line else name


def visible_names(markets: Markets) -> dict[str, str]:
    """Return the name that charts show for each listing.

    Charts look symbols up by this name too, so it is the one without venue only where that is
    unique.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.

    Returns
    -------
    dict of str to str
        By ticker.
    """
    listings = markets.listings
    count = Counter(listing.name for listing in listings)
    return {
        listing.ticker: listing.name if count[listing.name] == 1 else listing.ticker
        for listing in listings
    }
