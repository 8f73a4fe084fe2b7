"""The columns that further bars would make, seen without advancing the book.

For a bar that is still forming: what it shows now is thrown away when it shows something else.
"""

from typing import Unpack

from liqbands.book import Book
from liqbands.heatmaps import columns_of, finish, make_columns
from liqbands.market_data import Candles
from liqbands.results import Heatmap
from liqbands.time_columns import time_columns
from liqbands.view import View, ViewOptions


def continued_heatmap(book: Book, candles: Candles, **view: Unpack[ViewOptions]) -> Heatmap:
    """Return the columns that a book would have after further bars.

    Parameters
    ----------
    book : Book
        At the close of the bar before the first of `candles`; it is left as it is.
    candles : Candles
        The next bars, of the book's own length.
    **view
        The fields of `liqbands.view.View`; `max_age` cannot be chosen.

    Returns
    -------
    Heatmap
        The same columns as `liqbands.heatmap` of all bars together.

    Raises
    ------
    MarketDataError
        If the bars do not come after the book's last one.
    ValueError
        If the view asks for something that does not exist.

    Examples
    --------
    >>> import numpy as np
    >>> from liqbands import Instrument, heatmap
    >>> price = np.full(30, 100.0)
    >>> candles = Candles.from_arrays(np.arange(30) * 3_600_000, open=price, high=price * 1.01,
    ...     low=price * 0.99, close=price, volume=price, open_interest=price)
    >>> instrument = Instrument("bybit", "BTC/USDT:USDT")
    >>> book = Book(instrument, timeframe_ms=3_600_000)
    >>> book.extend(candles[:29])
    >>> last = continued_heatmap(book, candles[29:30], low=90.0, high=110.0)
    >>> whole = heatmap(candles, instrument, low=90.0, high=110.0)
    >>> bool(np.array_equal(last.notional[-1], whole.notional[-1]))
    True
    """
    chosen = View(**view)
    if chosen.max_age is not None:
        raise ValueError(f"max_age must be left out here, was {chosen.max_age!r}")
    twin = book.copy()
    shown = time_columns(candles, chosen)
    columns = make_columns(twin, candles, chosen, shown)
    twin.extend(candles, columns)
    return finish(columns_of(twin, candles, columns, shown), chosen)
