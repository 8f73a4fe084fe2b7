"""The JSON of `liqbands bands`.

The document, numbers as in `liqbands.levels` (rates are fractions, times UTC milliseconds, what
is not known is null)::

    {"schema": "liqbands.bands/1",
     "instrument": {"venue", "symbol", "ticker", "quote"},
     "time_ms", "time", "age_ms",           close of the last bar used, and how long ago that was
     "mark", "average_true_range",          quote per base
     "unit", "quantity", "seed_share",      what the notional means, and how warm the book is
     "long_notional", "short_notional", "long_short_ratio",           the whole book
     "bands": [{"side", "low", "high", "peak_price",
                "notional", "notional_low", "notional_high",          80 % interval
                "leverage_notional": {layer: notional},               adds up to notional
                "mean_age_ms", "distance", "distance_atr",
                "reach_probability",                                  within a week, without drift
                "strength", "state", "first_seen_ms"}]}               strongest first
"""

from typing import Any, Final

from liqbands.levels import Band, Summary
from liqbands.results import Snapshot
from liqbands.timeframes import format_time
from liqbands_server.band_objects import band_object, known

SCHEMA: Final = "liqbands.bands/1"


def bands_document(
    book: Snapshot, totals: Summary, found: list[Band], now_ms: int
) -> dict[str, Any]:
    """Return the document.

    Parameters
    ----------
    book : Snapshot
        The book.
    totals : Summary
        Its totals.
    found : list of Band
        Its bands, strongest first.
    now_ms : int
        Now, UTC milliseconds.

    Returns
    -------
    dict
        As the module describes; without NaN or infinity.
    """
    document = {
        "schema": SCHEMA,
        "instrument": {
            name: getattr(book.instrument, name) for name in ("venue", "symbol", "ticker", "quote")
        },
        "time_ms": book.time_ms,
        "time": format_time(book.time_ms),
        "age_ms": now_ms - book.time_ms,
        "mark": book.mark,
        "average_true_range": book.average_true_range,
        "unit": book.unit,
        "quantity": book.quantity,
        "seed_share": book.seed_share,
        "long_notional": totals.long_notional,
        "short_notional": totals.short_notional,
        "long_short_ratio": totals.long_short_ratio,
        "bands": [band_object(band) for band in found],
    }
    return {name: known(value) for name, value in document.items()}
