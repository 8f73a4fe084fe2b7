"""Last price and the day's figures of symbols, for watch lists and order panels."""

import math
from typing import Any, Final

import numpy as np

from liqbands.errors import UnknownSymbolError
from liqbands_server.errors import QuestionError
from liqbands_server.service.charts import ChartBars
from liqbands_server.udf.symbol_infos import Named

MOST_SYMBOLS: Final = 200

_DAY: Final = "1D"


def read_quotes(text: str) -> list[str]:
    """Return the symbols that are asked for.

    Parameters
    ----------
    text : str
        As written, separated by commas.

    Returns
    -------
    list of str
        Exactly as written, each once; empty for an empty text.

    Raises
    ------
    QuestionError
        If there are more than `MOST_SYMBOLS`.
    """
    symbols = list(dict.fromkeys(text.split(","))) if text else []
    if len(symbols) > MOST_SYMBOLS:
        raise QuestionError(
            f"symbols must be at most {MOST_SYMBOLS}, were {len(symbols)}", "symbols"
        )
    return symbols


def day_resolution(named: Named) -> str:
    """Return the resolution whose last bar a quote speaks of.

    Parameters
    ----------
    named : Named
        The symbol.

    Returns
    -------
    str
        A day, or the shortest where days cannot be had.
    """
    names = [resolution.name for resolution in named.symbol.listing.resolutions]
    return _DAY if _DAY in names else names[0]


def quote_values(named: Named, days: ChartBars) -> dict[str, Any]:
    """Return a symbol's quote.

    Parameters
    ----------
    named : Named
        The symbol.
    days : ChartBars
        Its daily bars.

    Returns
    -------
    dict
        The field ``v`` of a quote.  No order book is known, so bid and ask stand a tick apart
        around the last price.

    Raises
    ------
    UnknownSymbolError
        If there are no bars.
    """
    if not len(days):
        raise UnknownSymbolError(f"{named.symbol.ticker} has no bars")
    last = float(days.close[-1])
    before = float(days.close[-2] if len(days) > 1 else days.open[-1])
    scale = named.symbol.listing.price_scale(last)
    decimals = len(str(scale)) - 1
    bid = max(math.floor(last * scale), 1) / scale
    volume = float(days.volume[-1])
    return {
        "lp": last,
        "bid": bid,
        "ask": round(bid + 1 / scale, decimals),
        "spread": 1 / scale,
        "ch": round(last - before, decimals),
        "chp": round(100 * (last - before) / before, 4),
        "open_price": float(days.open[-1]),
        "high_price": float(days.high[-1]),
        "low_price": float(days.low[-1]),
        "prev_close_price": before,
        "volume": volume if np.isfinite(volume) else 0.0,
        "short_name": named.name,
        "exchange": named.symbol.listing.venue,
        "description": named.symbol.description,
        "original_name": named.symbol.ticker,
    }
