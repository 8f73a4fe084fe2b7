"""The cells of a table as numbers; a cell that cannot be used is named by column and time."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from liqbands.candle_rules import IntArray
from liqbands.errors import MarketDataError
from liqbands.instrument import FloatArray
from liqbands.timeframes import format_time


def read_numbers(table: pd.DataFrame, column: int, times: IntArray) -> FloatArray:
    """Return a column as numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        The rows.
    column : int
        Position of the column.
    times : ndarray of int64, shape (n_rows,)
        UTC milliseconds of each row, for the message.

    Returns
    -------
    ndarray, shape (n_rows,)
        NaN where a cell is empty.

    Raises
    ------
    MarketDataError
        If a cell holds something else.

    Examples
    --------
    >>> read_numbers(pd.DataFrame({"size": ["1.5", None]}), 0, np.zeros(2, np.int64))
    array([1.5, nan])
    """
    values = table.iloc[:, column]
    numbers = pd.to_numeric(values, errors="coerce")
    broken = (numbers.isna() & values.notna()).to_numpy()
    refuse_cells(table, column, times, broken, "is not a number")
    return numbers.to_numpy(dtype=np.float64, na_value=np.nan)


def refuse_cells(
    table: pd.DataFrame, column: int, times: IntArray, broken: NDArray[np.bool_], rule: str
) -> None:
    """Raise if a cell breaks a rule.

    Parameters
    ----------
    table : pandas.DataFrame
        The rows.
    column : int
        Position of the column.
    times : ndarray of int64, shape (n_rows,)
        UTC milliseconds of each row.
    broken : ndarray of bool, shape (n_rows,)
        Which cells break it.
    rule : str
        What is wrong with them.

    Raises
    ------
    MarketDataError
        Names the column, the first such cell's time and its value.
    """
    rows = np.flatnonzero(broken)
    if len(rows):
        name, value = str(table.columns[column]), table.iloc[rows[0], column]
        raise MarketDataError(
            f"column {name!r}, row {format_time(times[rows[0]])}: {value!r} {rule}"
        )


def missing_column(what: str, table: pd.DataFrame, known: Sequence[str]) -> MarketDataError:
    """Return the error that says which columns a table has and which it lacks.

    Parameters
    ----------
    what : str
        What was looked for, in words.
    table : pandas.DataFrame
        The table.
    known : sequence of str
        What the column may be called.

    Returns
    -------
    MarketDataError
        To be raised by the caller.

    Examples
    --------
    >>> print(missing_column("the price", pd.DataFrame({"a": [1]}), ["price", "px"]))
    no column for the price: found a; it may be called price, px
    """
    found = ", ".join(str(name) for name in table.columns)
    return MarketDataError(
        f"no column for {what}: found {found}; it may be called {', '.join(known)}"
    )
