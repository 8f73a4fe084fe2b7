"""Bars on the wire: which ones a question wants, and the answer's body."""

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from liqbands_server.service.charts import ChartBars
from liqbands_server.udf.guard import check_bars
from liqbands_server.udf.parameters import MOST_COUNTBACK, HistoryQuestion

MOST_BARS: Final = MOST_COUNTBACK
"""Longest answer; of a longer stretch the newest bars are given."""

_FEWEST: Final = 2  # a chart needs two bars to go on from the last one

TimeUnit = Literal["milliseconds", "seconds"]


def window(
    open_time_ms: NDArray[np.int64], question: HistoryQuestion, most: int = MOST_BARS
) -> tuple[int, int]:
    """Return which bars a question wants.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens, ascending.
    question : HistoryQuestion
        All bars of ``[from, to)``; `countback` asks for earlier ones until there are so many.
    most : int
        Bars at most; the newest count.

    Returns
    -------
    tuple of int
        First bar and one after the last.

    Examples
    --------
    >>> times = np.arange(10) * 1_000
    >>> window(times, HistoryQuestion("", "", 3_000, 7_000, 0))
    (3, 7)
    >>> window(times, HistoryQuestion("", "", 3_000, 7_000, 6))
    (1, 7)
    >>> window(times, HistoryQuestion("", "", 3_000, 7_000, 2))
    (3, 7)
    """
    end = int(np.searchsorted(open_time_ms, question.to_ms))
    start = min(int(np.searchsorted(open_time_ms, question.from_ms)), end)
    if question.countback:
        start = min(start, end - max(question.countback, _FEWEST))
    return max(start, end - most, 0), end


def history_body(bars: ChartBars, question: HistoryQuestion, unit: TimeUnit) -> dict[str, Any]:
    """Return the answer to a question for bars.

    Parameters
    ----------
    bars : ChartBars
        All there are.
    question : HistoryQuestion
        Which of them are wanted.
    unit : {"milliseconds", "seconds"}
        Of ``nextTime``.

    Returns
    -------
    dict
        Bars; or ``no_data``, with the time of the last bar before `from` where the question has
        no `countback`.

    Raises
    ------
    BrokenAnswerError
        If the bars break a rule of the protocol.
    """
    start, end = window(bars.open_time_ms, question)
    if start < end:
        check_bars(bars, start, end, question.to_ms)
        return _columns(bars, slice(start, end))
    if question.countback or end == 0:
        return {"s": "no_data"}
    before_ms = int(bars.open_time_ms[end - 1])
    return {"s": "no_data", "nextTime": before_ms if unit == "milliseconds" else before_ms // 1000}


def _columns(bars: ChartBars, part: slice) -> dict[str, Any]:
    body: dict[str, Any] = {
        "s": "ok",
        "t": (bars.open_time_ms[part] // 1_000).tolist(),
        "o": bars.open[part].tolist(),
        "h": bars.high[part].tolist(),
        "l": bars.low[part].tolist(),
        "c": bars.close[part].tolist(),
    }
    volume = bars.volume[part]
    # A column is left out rather than sent with gaps; a single unknown volume is drawn as none.
    if np.isfinite(volume).any():
        body["v"] = np.nan_to_num(volume, nan=0.0).tolist()
    return body
