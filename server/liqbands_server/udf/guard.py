"""The last look at an answer before it leaves: what a chart would choke on never goes out."""

import json
from typing import Any

import numpy as np

from liqbands.errors import LiqbandsError
from liqbands_server.service.charts import ChartBars


class BrokenAnswerError(LiqbandsError):
    """An answer breaks a rule of the protocol; our own fault."""


def check_bars(bars: ChartBars, start: int, end: int, to_ms: int) -> None:
    """Refuse bars that a chart cannot draw.

    Parameters
    ----------
    bars : ChartBars
        The bars.
    start, end : int
        Which of them go out, at least one.
    to_ms : int
        All must open before.

    Raises
    ------
    BrokenAnswerError
        If times do not rise or prices are not finite and in order.
    """
    part = slice(start, end)
    times = bars.open_time_ms[part]
    low, high = bars.low[part], bars.high[part]
    lowest = np.minimum(bars.open[part], bars.close[part])
    highest = np.maximum(bars.open[part], bars.close[part])
    if not (np.diff(times) >= 1_000).all() or times[-1] >= to_ms or (times % 1_000).any():
        raise BrokenAnswerError("bar times must be rising whole seconds before to")
    # Comparisons with NaN are false, so these refuse it as well.
    if not ((low <= lowest) & (highest <= high) & (high < np.inf) & (low > 0)).all():
        raise BrokenAnswerError("bars must have finite prices with low <= open, close <= high")
    if (bars.volume[part] < 0).any() or np.isinf(bars.volume[part]).any():
        raise BrokenAnswerError("volume must be finite and not negative")


def encode(body: Any) -> bytes:
    """Return a body as JSON that every client can read.

    Parameters
    ----------
    body : JSON value
        What to send.

    Returns
    -------
    bytes
        ASCII.

    Raises
    ------
    BrokenAnswerError
        If a number in it is not finite.
    """
    try:
        return json.dumps(body, allow_nan=False, separators=(",", ":")).encode("ascii")
    except ValueError as error:
        raise BrokenAnswerError(f"an answer holds what JSON cannot: {error}") from error
