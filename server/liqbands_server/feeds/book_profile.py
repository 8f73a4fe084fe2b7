"""An order book on the engine's price grid."""

import math
from typing import Final

import numpy as np

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, MarketKind
from liqbands.market_data import OrderBook
from liqbands_server.store.profiles import PriceProfile

REACH: Final = 0.2
"""Log distance from the middle beyond which orders are left out."""


def book_profile(book: OrderBook, kind: MarketKind) -> PriceProfile | None:
    """Return what rests in a book by price bin.

    Parameters
    ----------
    book : OrderBook
        A snapshot.
    kind : MarketKind
        Chooses the grid.

    Returns
    -------
    PriceProfile or None
        Bids and asks within reach of the middle; None for a book with an empty side.

    Examples
    --------
    >>> book = OrderBook(0, np.array([[99.0, 2.0], [98.99, 1.0]]), np.array([[101.0, 5.0]]))
    >>> profile = book_profile(book, MarketKind.PERPETUAL)
    >>> profile.sold_or_bid.sum(), profile.bought_or_ask.sum()
    (np.float64(3.0), np.float64(5.0))
    """
    if not len(book.bids) or not len(book.asks):
        return None
    grid = PriceGrid.of(kind)
    middle = math.sqrt(book.bids[0, 0] * book.asks[0, 0])
    sides = [_near(side, middle) for side in (book.bids, book.asks)]
    bins = [grid.bin_of(side[:, 0]) for side in sides]
    if not len(bins[0]) or not len(bins[1]):
        return None
    first = int(min(part.min() for part in bins))
    n_bins = int(max(part.max() for part in bins)) - first + 1
    bid, ask = (
        np.bincount(part - first, weights=side[:, 1], minlength=n_bins).astype(np.float64)
        for part, side in zip(bins, sides, strict=True)
    )
    return PriceProfile(first, bid, ask)


def _near(side: FloatArray, middle: float) -> FloatArray:
    near: FloatArray = side[np.abs(np.log(side[:, 0] / middle)) <= REACH]
    return near
