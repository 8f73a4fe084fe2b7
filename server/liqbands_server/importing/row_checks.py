"""Rows of a table that can be bars, and for each other one the reason why it cannot."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from liqbands.candle_rules import OPTIONAL, PRICES, IntArray, first_fault
from liqbands.columns import find_columns, require_column
from liqbands.errors import MarketDataError
from liqbands.frames import open_times
from liqbands.instrument import FloatArray
from liqbands.timeframes import format_time

Reasons = dict[int, str]
"""Why rows cannot be bars, by position."""

_BLOCK: Final = 512
_PROBES: Final = 16


def unreadable_times(table: pd.DataFrame, time_zone: str | None) -> Reasons:
    """Return the rows whose time cannot be read.

    Parameters
    ----------
    table : pandas.DataFrame
        The rows.
    time_zone : str or None
        Clock of times that name no zone.

    Returns
    -------
    dict of int to str
        By position.

    Raises
    ------
    MarketDataError
        If it is not a matter of single rows, e.g. if there is no time at all.
    """
    try:
        open_times(table, time_zone=time_zone)
    except MarketDataError:
        probes = np.unique(np.linspace(0, len(table) - 1, _PROBES).astype(int))
        if not any(_can_be_read(table.iloc[[row]], time_zone) for row in probes):
            raise
        return dict(_search_times(table, time_zone, 0, len(table)))
    return {}


def read_values(table: pd.DataFrame) -> tuple[dict[str, FloatArray], dict[str, str], Reasons]:
    """Return the columns of bars as numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        The rows.

    Returns
    -------
    tuple of dict, dict and dict
        Numbers and the table's names of our columns, and the rows with cells that are none.

    Raises
    ------
    MarketDataError
        If a column is missing that bars need.
    """
    names: dict[str, str] = {}
    columns: dict[str, FloatArray] = {}
    reasons: Reasons = {}
    found = find_columns(list(table.columns))
    for ours in (*PRICES, *OPTIONAL):
        if ours in PRICES and ours not in found:
            raise require_column(ours, list(table.columns))
        for position in found.get(ours, []):
            cells = table.iloc[:, position]
            numbers = pd.to_numeric(cells, errors="coerce")
            names[ours] = str(table.columns[position])
            columns[ours] = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
            if np.nan_to_num(columns[ours]).any():
                broken = np.flatnonzero((numbers.isna() & cells.notna()).to_numpy())
                texts = {
                    int(row): f"column {names[ours]!r}: {cells.iloc[row]!r} is not a number"
                    for row in broken
                }
                reasons = texts | reasons
                break  # as in the engine: of several columns the first that says anything
    return columns, names, reasons


def broken_rules(times: IntArray, columns: dict[str, FloatArray], names: dict[str, str]) -> Reasons:
    """Return the rows whose values no bar can have.

    Parameters
    ----------
    times : ndarray of int64, shape (n_rows,)
        When the bars open, UTC milliseconds.
    columns : dict of str to ndarray, each of shape (n_rows,)
        Values by our names.
    names : dict of str to str
        What the table calls them.

    Returns
    -------
    dict of int to str
        By position.
    """
    if first_fault(np.arange(len(times)), columns) is None:
        return {}
    reasons: Reasons = {}
    for start in range(0, len(times), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(times)))
        while len(rows):
            fault = first_fault(rows, {name: values[rows] for name, values in columns.items()})
            if fault is None:
                break
            row = int(rows[fault.row])
            said = replace(fault, time_ms=int(times[row]))
            reasons[row] = said.describe(names[fault.column])
            rows = np.delete(rows, fault.row)
    return reasons


def repeated_times(times: IntArray, rows: IntArray) -> Reasons:
    """Return the rows whose bar has been there before.

    Parameters
    ----------
    times : ndarray of int64, shape (n_rows,)
        When the bars open, UTC milliseconds.
    rows : ndarray of int64, shape (n_rows,)
        Numbers of the rows, for the message.

    Returns
    -------
    dict of int to str
        By position.
    """
    _, first, which = np.unique(times, return_index=True, return_inverse=True)
    before = first[which]
    return {
        int(row): f"bar {format_time(times[row])} is there already, in row {rows[before[row]]}"
        for row in np.flatnonzero(before != np.arange(len(times)))
    }


def _can_be_read(table: pd.DataFrame, time_zone: str | None) -> bool:
    try:
        open_times(table, time_zone=time_zone)
    except MarketDataError:
        return False
    return True


def _search_times(
    table: pd.DataFrame, time_zone: str | None, first: int, end: int
) -> Iterator[tuple[int, str]]:
    try:
        open_times(table.iloc[first:end], time_zone=time_zone)
    except MarketDataError as error:
        if end - first == 1:
            yield first, str(error).replace(", row 1:", ":", 1)
            return
        middle = (first + end) // 2
        yield from _search_times(table, time_zone, first, middle)
        yield from _search_times(table, time_zone, middle, end)
