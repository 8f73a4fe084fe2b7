"""Which bars a heatmap's columns stand for: whole groups that do not move with the window."""

import math
from dataclasses import dataclass

import numpy as np

from liqbands.candles import Candles
from liqbands.kernel.state import IntArray
from liqbands.view import View


@dataclass(frozen=True, eq=False)
class TimeColumns:
    """The columns of a heatmap.

    Parameters
    ----------
    after_bar : ndarray of int64, shape (n_columns,)
        Last bar of each column; the book is read at its close.
    open_time_ms : ndarray of int64, shape (n_columns,)
        When each column begins, UTC milliseconds.
    timeframe_ms : int
        Length of a column; of the usual one where they differ.
    last_is_forming : bool
        Whether bars are still to come in the last column.
    """

    after_bar: IntArray
    open_time_ms: IntArray
    timeframe_ms: int
    last_is_forming: bool


def time_columns(candles: Candles, view: View) -> TimeColumns:
    """Return the columns that a view asks for.

    Parameters
    ----------
    candles : Candles
        The bars that may be used.
    view : View
        What to show.

    Returns
    -------
    TimeColumns
        Those between the view's own edges, else groups of whole multiples of the bar counted
        from the epoch; a column without bars is left out.

    Raises
    ------
    ValueError
        If there is none.
    """
    if view.column_edges_ms is None:
        return _equal_columns(candles, view.first_shown_ms(candles), view.max_columns)
    return _columns_between(candles, np.array(view.column_edges_ms, dtype=np.int64))


def _columns_between(candles: Candles, edges: IntArray) -> TimeColumns:
    group = np.searchsorted(edges, candles.open_time_ms, side="right") - 1
    shown = np.flatnonzero((group >= 0) & (group < len(edges) - 1))
    if not len(shown):
        raise ValueError("column_edges_ms must hold at least one bar between them; there is none")
    last_of_group = np.append(np.diff(group[shown]) > 0, True)
    after_bar = shown[last_of_group].astype(np.int64)
    column = group[after_bar]
    last_close = int(candles.open_time_ms[after_bar[-1]]) + candles.timeframe_ms
    return TimeColumns(
        after_bar=after_bar,
        open_time_ms=edges[column],
        timeframe_ms=int(np.median(np.diff(edges))),
        last_is_forming=candles.last_is_forming or last_close < int(edges[column[-1] + 1]),
    )


def _equal_columns(candles: Candles, first_ms: int, max_columns: int) -> TimeColumns:
    shown = np.flatnonzero(candles.open_time_ms >= first_ms)
    if not len(shown):
        raise ValueError("start_ms must not lie after the last bar; nothing would be shown")
    number = candles.open_time_ms[shown] // candles.timeframe_ms
    per_column = max(1, math.ceil((number[-1] - number[0] + 1) / max_columns))
    while len(np.unique(number // per_column)) > max_columns:
        per_column += 1
    last_of_group = np.append(np.diff(number // per_column) > 0, True)
    after_bar = shown[last_of_group].astype(np.int64)
    width = per_column * candles.timeframe_ms
    opens = candles.open_time_ms[after_bar] // width * width
    last_close = int(candles.open_time_ms[after_bar[-1]]) + candles.timeframe_ms
    forming = candles.last_is_forming or last_close < int(opens[-1]) + width
    return TimeColumns(after_bar, opens, width, forming)
