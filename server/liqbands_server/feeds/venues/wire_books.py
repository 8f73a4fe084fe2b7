"""Order books as venues write them, in our units."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from liqbands.errors import MarketDataError
from liqbands.instrument import FloatArray
from liqbands.market_data import OrderBook
from liqbands_server.errors import WireError
from liqbands_server.feeds.venues.numbers import not_negative, positive
from liqbands_server.feeds.venues.shapes import named


def order_book(
    time_ms: int, bids: Sequence[Any], asks: Sequence[Any], unit: float
) -> OrderBook | None:
    """Return the book of a snapshot.

    Parameters
    ----------
    time_ms : int
        When it was taken, by the venue's clock.
    bids, asks : sequence
        Levels, price and quantity first; a quantity of 0 is no level.
    unit : float
        Our units in one of the wire's.

    Returns
    -------
    OrderBook or None
        None where a side is empty: a market that does not trade.

    Raises
    ------
    WireError
        If a level is no level, or the sides cross.

    Examples
    --------
    >>> order_book(0, [["99", "2"]], [["101", "5"], ["102", "0"]], 0.01).asks
    array([[1.01e+02, 5.00e-02]])
    """
    below, above = _levels(bids, unit), _levels(asks, unit)
    if not (len(below) and len(above)):
        return None
    try:
        return OrderBook(time_ms, below[::-1], above)
    except MarketDataError as error:
        raise WireError(f"order book cannot be true: {error}") from error


def _levels(rows: Sequence[Any], unit: float) -> FloatArray:
    named_rows = [named(row, ("price", "quantity")) for row in rows]
    levels = [(positive(row, "price"), not_negative(row, "quantity")) for row in named_rows]
    kept = sorted((price, quantity * unit) for price, quantity in levels if quantity > 0)
    return np.array(kept, dtype=np.float64).reshape(-1, 2)
