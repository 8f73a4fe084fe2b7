"""Realised liquidations per bar from a file; contracts as the file has them, UTC milliseconds."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from liqbands.candle_rules import IntArray
from liqbands.candles import Candles
from liqbands.columns import KNOWN_NAMES, find_columns
from liqbands.errors import MarketDataError
from liqbands.frames import open_times
from liqbands.instrument import FloatArray
from liqbands_server.files.candle_files import SYMBOL_COLUMNS, choose
from liqbands_server.files.cells import missing_column, read_numbers, refuse_cells
from liqbands_server.files.instrument_names import coin_of, pair_of
from liqbands_server.files.tables import read_table


@dataclass(frozen=True, eq=False)
class LiquidationTotals:
    """What was liquidated per bar, as far as reported.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens, UTC milliseconds.
    long_liquidated, short_liquidated : ndarray, shape (n_bars,)
        Contracts of long and of short positions; NaN where not known.
    """

    open_time_ms: IntArray
    long_liquidated: FloatArray
    short_liquidated: FloatArray

    def onto(self, candles: Candles) -> Candles:
        """Return candles that carry these totals instead of their own.

        Parameters
        ----------
        candles : Candles
            Bars of the same length.

        Returns
        -------
        Candles
            Totals by open time; NaN in bars that have none here.
        """
        place = {time_ms: row for row, time_ms in enumerate(self.open_time_ms.tolist())}
        rows = np.array([place.get(time_ms, -1) for time_ms in candles.open_time_ms.tolist()])
        return replace(
            candles,
            long_liquidated=np.where(rows >= 0, self.long_liquidated[rows], np.nan),
            short_liquidated=np.where(rows >= 0, self.short_liquidated[rows], np.nan),
        )


def read_liquidation_totals(
    path: str | Path, *, symbol: str | None = None, silent_is_zero: bool = False
) -> LiquidationTotals:
    """Return what was liquidated per bar from a CSV or Parquet file.

    Parameters
    ----------
    path : str or Path
        The file.  Needs a time and the columns ``liq_long`` and ``liq_short``, by these or other
        names that `liqbands.columns.KNOWN_NAMES` lists.
    symbol : str, optional
        Which market of a file that holds several.
    silent_is_zero : bool
        Whether an empty cell is a bar without a liquidation; else it is not known.

    Returns
    -------
    LiquidationTotals
        As the file has them.

    Raises
    ------
    MarketDataError
        If the file cannot be used, a column is missing, or a value is negative or no number; the
        message starts with the file's name.
    """
    path = Path(path)
    table = read_table(path)
    try:
        table, _ = choose(table, "symbol", SYMBOL_COLUMNS, symbol, pair_of, coin_of)
        times = open_times(table)
        totals = [_totals(table, times, name) for name in ("long_liquidated", "short_liquidated")]
    except MarketDataError as error:
        raise MarketDataError(f"{path.name}: {error}") from error
    return LiquidationTotals(
        times, *(np.nan_to_num(each) if silent_is_zero else each for each in totals)
    )


def _totals(table: pd.DataFrame, times: IntArray, name: str) -> FloatArray:
    found = find_columns(list(table.columns)).get(name)
    if found is None:
        raise missing_column(f"the {name.replace('_', ' ')}", table, KNOWN_NAMES[name])
    numbers = read_numbers(table, found[0], times)
    broken = (numbers < 0) | np.isinf(numbers)
    refuse_cells(table, found[0], times, broken, "must not be negative or infinite")
    return numbers
