"""Raw rows of a simulated exchange as the project's own records."""

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands.sim.kernel import layout as at
from liqbands.sim.records import Closings

_COLUMNS = {
    "open": at.OPEN,
    "high": at.HIGH,
    "low": at.LOW,
    "close": at.CLOSE,
    "volume": at.VOLUME,
    "quote_volume": at.QUOTE_VOLUME,
    "taker_buy_volume": at.TAKER_BUY,
    "open_interest": at.OPEN_INTEREST,
    "funding_rate": at.FUNDING_RATE,
    "mark_high": at.MARK_HIGH,
    "mark_low": at.MARK_LOW,
    "mark_close": at.MARK_CLOSE,
}


def candles_of(rows: FloatArray, last_close_ms: int, last_is_forming: bool = False) -> Candles:
    """Return bars as candles.

    Parameters
    ----------
    rows : ndarray, shape (n_bars, N_BAR)
        Consecutive one-minute bars.
    last_close_ms : int
        When the last one closes, UTC milliseconds.
    last_is_forming : bool
        Whether the last one has still to close.

    Returns
    -------
    Candles
        Everything that a venue publishes but liquidations.
    """
    times = last_close_ms - at.MINUTE * np.arange(len(rows), 0, -1)
    columns = {name: rows[:, column] for name, column in _COLUMNS.items()}
    columns["taker_buy_volume"] = np.minimum(columns["taker_buy_volume"], columns["volume"])
    return Candles.from_arrays(
        times, timeframe_ms=at.MINUTE, last_is_forming=last_is_forming, **columns
    )


def closings_of(events: FloatArray) -> Closings:
    """Return raw events as closings, in order of time.

    Parameters
    ----------
    events : ndarray, shape (n, N_EVENT)
        Events of one venue.

    Returns
    -------
    Closings
        Sorted; events of the same millisecond stay in their order.
    """
    rows = events[np.argsort(events[:, at.E_TIME], kind="stable")]
    return Closings(
        time_ms=rows[:, at.E_TIME].astype(np.int64),
        kind=rows[:, at.E_KIND].astype(np.int8),
        side=rows[:, at.E_SIDE].astype(np.int8),
        price=rows[:, at.E_PRICE],
        level=rows[:, at.E_LEVEL],
        contracts=rows[:, at.E_SIZE],
        leverage=rows[:, at.E_LEVERAGE],
        age_ms=rows[:, at.E_AGE_MS],
        mark=rows[:, at.E_MARK],
        last=rows[:, at.E_LAST],
    )
