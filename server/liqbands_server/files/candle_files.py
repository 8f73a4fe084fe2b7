"""Candles from a file: read the table, choose one market, hand the columns to the engine.

Times are UTC milliseconds.
"""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import pandas as pd

from liqbands.candles import Candles
from liqbands.columns import plain
from liqbands.errors import MarketDataError
from liqbands.frames import Stamp, candles_from_frame
from liqbands_server.files.instrument_names import coin_of, guess_venue, pair_of
from liqbands_server.files.tables import read_table

STAMPED_AT_OPEN: Final = frozenset({"binance", "bybit"})
"""Venues that publish the open interest of the moment at which the bar opens."""

_VENUE_COLUMNS = ("venue", "exchange")
SYMBOL_COLUMNS = ("coin", "symbol", "ticker", "pair")


def read_candles(  # noqa: PLR0913 - what may be wrong or unsaid in a file, one name each
    path: str | Path,
    *,
    timeframe: str | None = None,
    time_zone: str | None = None,
    open_interest_at: Stamp | None = None,
    symbol: str | None = None,
    venue: str | None = None,
    start_ms: int | None = None,
    end_ms: int | None = None,
) -> Candles:
    """Return the candles of a CSV or Parquet file.

    Parameters
    ----------
    path : str or Path
        The file; see `liqbands_server.files.tables.read_table`.
    timeframe : str, optional
        Length of a bar; None takes the most frequent step.
    time_zone : str, optional
        Clock of times that name no zone; None takes UTC, or the broker's clock where the
        column's name says so.
    open_interest_at : {"open", "close"}, optional
        When the open interest was taken; None takes the open for `STAMPED_AT_OPEN`, else the
        close.  Columns called ``oi_open`` and ``oi_close`` say it themselves.
    symbol, venue : str, optional
        Which market of a file that holds several, e.g. ``"BTC"`` or ``"BTC/USDT:USDT"``, and
        ``"okx"``; `venue` also answers where the file does not say whose open interest it is.
    start_ms : int, optional
        Leave out bars that open before, UTC milliseconds.
    end_ms : int, optional
        Leave out bars that are not closed by then, UTC milliseconds, and use no later row.

    Returns
    -------
    Candles
        Checked; quantities as the file has them.

    Raises
    ------
    MarketDataError
        If the file or a value in it cannot be used; the message starts with the file's name.
    ValueError
        If the timeframe or the time zone is unknown.
    """
    path = Path(path)
    table = read_table(path)
    try:
        table, found = choose(table, "venue", _VENUE_COLUMNS, venue, str.lower)
        table, _ = choose(table, "symbol", SYMBOL_COLUMNS, symbol, pair_of, coin_of)
        source = (venue or found or guess_venue(path) or "").lower()
        return candles_from_frame(
            table,
            timeframe=timeframe,
            time_zone=time_zone,
            open_interest_at=open_interest_at or _publishes_at(source),
            start_ms=start_ms,
            end_ms=end_ms,
        )
    except MarketDataError as error:
        raise MarketDataError(f"{path.name}: {error}") from error


def _publishes_at(venue: str) -> Stamp:
    return "open" if venue in STAMPED_AT_OPEN else "close"


def choose(
    table: pd.DataFrame,
    what: str,
    names: tuple[str, ...],
    wanted: str | None,
    *readings: Callable[[str], str],
) -> tuple[pd.DataFrame, str | None]:
    """Return the rows of one venue or symbol, and what the table calls it."""
    by_name = {plain(name): i for i, name in enumerate(table.columns)}
    column = next((by_name[name] for name in names if name in by_name), None)
    if column is None:
        return table, None
    values = table.iloc[:, column].astype(str)
    there = sorted(values.unique())
    chosen = there if wanted is None else _matching(there, wanted, readings)
    if len(chosen) != 1:
        asked = "" if wanted is None else f", was {wanted!r}"
        near = get_close_matches(wanted or "", there, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise MarketDataError(f"{what} must be one of {', '.join(there)}{asked}{hint}")
    return table.loc[(values == chosen[0]).to_numpy()], chosen[0]


def _matching(
    there: list[str], wanted: str, readings: tuple[Callable[[str], str], ...]
) -> list[str]:
    """Return what agrees with the wanted name in the first reading that finds any."""
    for reading in readings:
        same = [each for each in there if reading(each) == reading(wanted)]
        if same:
            return same
    return []
