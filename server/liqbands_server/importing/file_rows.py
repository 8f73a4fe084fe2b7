"""A file of candles: its market, its usable bars, and the rows that are none."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from liqbands.candles import Candles
from liqbands.errors import MarketDataError
from liqbands.frames import Stamp, candles_from_frame, open_times
from liqbands.instrument import Instrument
from liqbands.timeframes import format_time, infer_timeframe_ms, timeframe_ms
from liqbands_server.files.candle_files import STAMPED_AT_OPEN, SYMBOL_COLUMNS, choose
from liqbands_server.files.instrument_names import (
    coin_of,
    guess_instrument,
    guess_venue,
    pair_of,
)
from liqbands_server.files.tables import read_table
from liqbands_server.importing.reports import RefusedRow
from liqbands_server.importing.row_checks import (
    Reasons,
    broken_rules,
    read_values,
    repeated_times,
    unreadable_times,
)

_VENUE_COLUMNS: Final = ("venue", "exchange")
_ROW: Final = "row of the file"


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What a file may leave unsaid; None lets the file's content, name and folder answer.

    Parameters
    ----------
    venue, symbol : str or None
        Which market, e.g. ``"okx"`` and ``"BTC/USDT:USDT"``.
    timeframe : str or None
        Length of a bar, e.g. ``"1h"``.
    time_zone : str or None
        Clock of times that name no zone.
    open_interest_at : {"open", "close"} or None
        When the open interest was taken.
    """

    venue: str | None = None
    symbol: str | None = None
    timeframe: str | None = None
    time_zone: str | None = None
    open_interest_at: Stamp | None = None


@dataclass(frozen=True, eq=False)
class FileRows:
    """What a file holds.

    Parameters
    ----------
    name : str
        The file's.
    instrument : Instrument
        What is traded.
    candles : Candles
        The bars that can be stored, in order of time.
    refused : tuple of RefusedRow
        The other rows, in order.
    """

    name: str
    instrument: Instrument
    candles: Candles
    refused: tuple[RefusedRow, ...] = ()


def read_rows(path: Path, unsaid: Unsaid, now_ms: int) -> FileRows:
    """Read a file of candles, leaving out rows that cannot be used.

    Parameters
    ----------
    path : Path
        CSV or Parquet.
    unsaid : Unsaid
        Answers where the file has none.
    now_ms : int
        Bars that close later are left out, UTC milliseconds.

    Returns
    -------
    FileRows
        At least one bar.

    Raises
    ------
    MarketDataError
        If the file is none of candles, or none of its rows can be used.
    ValueError
        If the timeframe or the time zone is unknown.
    """
    table = read_table(path)
    table = table.assign(**{_ROW: np.arange(1, len(table) + 1)})
    try:
        table, venue = choose(table, "venue", _VENUE_COLUMNS, unsaid.venue, str.lower)
        table, symbol = choose(table, "symbol", SYMBOL_COLUMNS, unsaid.symbol, pair_of, coin_of)
        place = unsaid.venue or venue or guess_venue(path)
        candles, refused = _Rows(table, unsaid, (place or "").lower()).read(now_ms)
    except MarketDataError as error:
        raise MarketDataError(f"{path.name}: {error}") from error
    instrument = guess_instrument(path, place, unsaid.symbol or symbol)
    return FileRows(path.name, instrument, candles, refused)


class _Rows:
    """The rows of one market, from which those that cannot be bars are taken out."""

    def __init__(self, table: pd.DataFrame, unsaid: Unsaid, venue: str) -> None:
        self._table = table
        self._times = np.zeros(len(table), dtype=np.int64)
        self._unsaid = unsaid
        self._stamp: Stamp = "open" if venue in STAMPED_AT_OPEN else "close"
        self._refused: Reasons = {}

    def read(self, now_ms: int) -> tuple[Candles, tuple[RefusedRow, ...]]:
        """Return the bars and the refused rows."""
        self._refuse(unreadable_times(self._table, self._unsaid.time_zone))
        self._times = open_times(self._table, time_zone=self._unsaid.time_zone)
        self._refuse(read_values(self._table)[2])
        self._refuse(broken_rules(self._times, *read_values(self._table)[:2]))
        self._refuse(repeated_times(self._times, self._table[_ROW].to_numpy()))
        self._refuse_open_bars(now_ms)
        candles = self._candles()
        if candles.last_is_forming:
            n_closed = len(candles) - 1
            last = int(np.argmax(self._times))
            self._refuse({last: "open interest at its close would stand in the next row"})
            candles = candles[:n_closed]
        refused = (RefusedRow(row, self._refused[row]) for row in sorted(self._refused))
        return candles, tuple(refused)

    def _candles(self) -> Candles:
        in_order = self._table.iloc[np.argsort(self._times)].drop(columns=_ROW)
        return candles_from_frame(
            in_order,
            timeframe=self._unsaid.timeframe,
            time_zone=self._unsaid.time_zone,
            open_interest_at=self._unsaid.open_interest_at or self._stamp,
        )

    def _refuse_open_bars(self, now_ms: int) -> None:
        name = self._unsaid.timeframe
        step = timeframe_ms(name) if name else infer_timeframe_ms(np.sort(self._times))
        late = np.flatnonzero(self._times + step > now_ms)
        when = {int(row): format_time(self._times[row]) for row in late}
        self._refuse({row: f"bar {opened} has not closed" for row, opened in when.items()})

    def _refuse(self, reasons: Reasons) -> None:
        numbers = self._table[_ROW].to_numpy()
        self._refused |= {int(numbers[row]): reason for row, reason in reasons.items()}
        kept = np.ones(len(numbers), dtype=np.bool_)
        kept[list(reasons)] = False
        self._table, self._times = self._table.loc[kept], self._times[kept]
        if not kept.any():
            row = min(self._refused)
            raise MarketDataError(f"no row can be used; row {row}: {self._refused[row]}")
