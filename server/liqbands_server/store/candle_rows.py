"""Statements about bars, and what a further statement makes of what is known."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray
from liqbands_server.store.tables import VALUES

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_ROUNDING: Final = 1e-9  # as candles allow it: sums of trades differ in the last digits


@dataclass(frozen=True, eq=False)
class CandleRows:
    """Rows of one series in order of time and revision.

    Parameters
    ----------
    open_time_ms, revision, learnt_ms : ndarray of int64, shape (n_rows,)
        Which bar, the how manieth statement about it, and when it was learnt.
    values : ndarray, shape (n_rows, n_values)
        Columns `liqbands_server.store.tables.VALUES`; missing is NaN.
    """

    open_time_ms: IntArray
    revision: IntArray
    learnt_ms: IntArray
    values: FloatArray

    def __len__(self) -> int:
        return len(self.open_time_ms)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Handed-in bars beside what is known of them.

    Parameters
    ----------
    is_new, differs : ndarray of bool, shape (n_bars,)
        Bars that were not there, and that were there with other values.
    revision : ndarray of int64, shape (n_bars,)
        Of the statement that would be added.
    values : ndarray, shape (n_bars, n_values)
        What is known with the bars taken in.
    """

    is_new: BoolArray
    differs: BoolArray
    revision: IntArray
    values: FloatArray


def compare(known: CandleRows, open_time_ms: IntArray, values: FloatArray) -> Comparison:
    """Take bars into what is known of them.

    Parameters
    ----------
    known : CandleRows
        Every statement about these bars, and any about others.
    open_time_ms : ndarray of int64, shape (n_bars,)
        The bars, increasing.
    values : ndarray, shape (n_bars, n_values)
        What they say; NaN says nothing.

    Returns
    -------
    Comparison
        Bar by bar.
    """
    old = _newest(known)
    place = np.searchsorted(old.open_time_ms, open_time_ms)
    there = np.zeros(len(open_time_ms), dtype=np.bool_)
    inside = place < len(old)
    there[inside] = old.open_time_ms[place[inside]] == open_time_ms[inside]
    before = np.full_like(values, np.nan)
    before[there] = old.values[place[there]]
    revision = np.zeros(len(open_time_ms), dtype=np.int64)
    revision[there] = old.revision[place[there]] + 1
    after = _taken_in(before, values)
    same = ((after == before) | (np.isnan(after) & np.isnan(before))).all(axis=1)
    return Comparison(~there, there & ~same, revision, after)


def _newest(rows: CandleRows) -> CandleRows:
    last = np.append(rows.open_time_ms[1:] > rows.open_time_ms[:-1], True)[: len(rows)]
    return CandleRows(
        rows.open_time_ms[last], rows.revision[last], rows.learnt_ms[last], rows.values[last]
    )


def _taken_in(before: FloatArray, said: FloatArray) -> FloatArray:
    """Return known values with new ones over them, all of which go together."""
    # No database keeps the sign of a zero for certain.
    after = np.where(np.isnan(said), before, said) + 0.0
    for larger, smaller, factor in (
        ("mark_high", "mark_low", 1.0),
        ("volume", "taker_buy_volume", 1 + _ROUNDING),
    ):
        pair = [VALUES.index(larger), VALUES.index(smaller)]
        contradict = after[:, pair[0]] * factor < after[:, pair[1]]
        # The older of two that cannot both be right is no longer known.
        stale = contradict[:, None] & np.isnan(said[:, pair])
        after[:, pair] = np.where(stale, np.nan, after[:, pair])
    return after
