"""Realised liquidations from a file, event by event.

Times are UTC milliseconds, prices quote per base, sizes as the file has them.  Sides are those
of the liquidated position, whatever a venue's feed calls them.
"""

from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from liqbands.candle_rules import IntArray
from liqbands.candles import Candles
from liqbands.columns import KNOWN_NAMES, TIME_COLUMN, plain
from liqbands.errors import MarketDataError
from liqbands.frames import open_times
from liqbands.instrument import FloatArray, Side
from liqbands.market_data import Liquidations
from liqbands.timeframes import MINUTE_MS, format_time
from liqbands_server.files.candle_files import SYMBOL_COLUMNS, choose
from liqbands_server.files.cells import missing_column, read_numbers, refuse_cells
from liqbands_server.files.instrument_names import coin_of, guess_venue, pair_of
from liqbands_server.files.tables import read_table

SideMeans = Literal["order", "position"]

POSITION_SIDES: Final = frozenset({"bybit", "gate"})
"""Venues whose feeds name the position: "buy" is a long.  Others name the closing order."""

LOOKBACK_MS: Final = 15 * MINUTE_MS
"""How far back the price is looked up from which it moved to a liquidation."""

ENOUGH_EVENTS: Final = 30
"""So many events with one and the same side are no news about sides."""

_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "time": KNOWN_NAMES[TIME_COLUMN],
    "price": ("average_price", "fill_price", "price", "bankruptcy_price", "bk_px", "px"),
    "size": (
        *("contracts", "accumulated_fill_quantity", "size_base", "base_size", "size", "sz"),
        *("quantity", "qty", "amount", "volume"),
    ),
    "side": ("position_side", "pos_side", "side", "direction"),
}
"""What is needed and the names it is known by; of several in one table the first listed wins."""

_POSITION_WORDS: Final = {"long": 1, "l": 1, "1": 1, "1.0": 1, "short": -1, "-1": -1, "-1.0": -1}
_ORDER_WORDS: Final = {"buy": 1, "b": 1, "bid": 1, "sell": -1, "a": -1, "ask": -1}
_S: Final = "s"  # sell beside buys, short beside longs, alone nobody can tell


def read_liquidations(
    path: str | Path,
    *,
    symbol: str | None = None,
    venue: str | None = None,
    side_means: SideMeans | None = None,
    prices: Candles | None = None,
) -> Liquidations:
    """Return the liquidation events of a CSV or Parquet file.

    Parameters
    ----------
    path : str or Path
        The file; see `liqbands_server.files.tables.read_table`.  Needs a time, a price, a size
        and, unless `prices` are given, a side.
    symbol : str, optional
        Which market of a file that holds several, e.g. ``"BTC"``.
    venue : str, optional
        Whose feed it is; None takes it from the file's name and folder.
    side_means : {"order", "position"}, optional
        Whether "buy" is the order that closed a short, or a long position; None decides by
        venue (`POSITION_SIDES`).  The words "long" and "short" always mean the position.
    prices : Candles, optional
        Bars of the same market, used only where the file does not tell sides apart: no column,
        or one and the same value in 30 events or more.  See `sides_from_prices`.

    Returns
    -------
    Liquidations
        In the order of time.

    Raises
    ------
    MarketDataError
        If the file or a value in it cannot be used; the message starts with the file's name.
    """
    path = Path(path)
    table = read_table(path)
    try:
        table, _ = choose(table, "symbol", SYMBOL_COLUMNS, symbol, pair_of, coin_of)
        of_position = (venue or guess_venue(path) or "").lower() in POSITION_SIDES
        return _events(table, side_means or ("position" if of_position else "order"), prices)
    except MarketDataError as error:
        raise MarketDataError(f"{path.name}: {error}") from error


def sides_from_prices(time_ms: IntArray, price: FloatArray, prices: Candles) -> NDArray[np.int8]:
    """Return which side was liquidated, from where the price came.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (n,)
        When the liquidations happened.
    price : ndarray, shape (n,)
        At what price, quote per base.
    prices : Candles
        Bars of the same market, a quarter of an hour long at most.

    Returns
    -------
    ndarray of int8, shape (n,)
        +1, a long, where the price is below the last close of a quarter of an hour before (longs
        are liquidated by falling prices), else -1, a short.

    Raises
    ------
    MarketDataError
        If the bars are longer, or do not cover the quarter of an hour before an event.

    Examples
    --------
    >>> flat = {name: np.full(30, 100.0) for name in ("open", "high", "low", "close")}
    >>> bars = Candles.from_arrays(np.arange(30) * 60_000, **flat)
    >>> sides_from_prices(np.array([1_500_000, 1_500_001]), np.array([99.0, 101.0]), bars)
    array([ 1, -1], dtype=int8)
    """
    if prices.timeframe_ms > LOOKBACK_MS:
        raise MarketDataError("sides need prices of 15 minutes or shorter, bars were longer")
    closed_at = prices.open_time_ms + prices.timeframe_ms
    before = np.searchsorted(closed_at, time_ms - LOOKBACK_MS, side="right") - 1
    stale = time_ms - closed_at[np.maximum(before, 0)] > 2 * LOOKBACK_MS
    outside = np.flatnonzero((before < 0) | stale)
    if len(outside):
        when = format_time(time_ms[outside[0]])
        raise MarketDataError(
            f"the prices do not cover the 15 minutes before event {when}; sides need them"
        )
    fell = price < prices.close[before]
    return np.where(fell, Side.LONG, Side.SHORT).astype(np.int8)


def _events(table: pd.DataFrame, means: SideMeans, prices: Candles | None) -> Liquidations:
    if isinstance(table.index, pd.DatetimeIndex):
        table = table.reset_index(names="time")
    times = open_times(table.iloc[:, [_require("time", table)]])
    price, size = (_positive(table, _require(what, table), times) for what in ("price", "size"))
    side = _sides(table, means)
    if isinstance(side, str):
        if prices is None:
            raise MarketDataError(f"{side}; give prices of the market to infer it from their move")
        side = sides_from_prices(times, price, prices)
    order = np.argsort(times, kind="stable")
    return Liquidations(times[order], side[order], price[order], size[order])


def _find(what: str, table: pd.DataFrame) -> int | None:
    place = {plain(name): i for i, name in reversed(list(enumerate(table.columns)))}
    return next((place[plain(name)] for name in _NAMES[what] if plain(name) in place), None)


def _require(what: str, table: pd.DataFrame) -> int:
    position = _find(what, table)
    if position is None:
        raise missing_column(f"the {what}", table, _NAMES[what])
    return position


def _positive(table: pd.DataFrame, column: int, times: IntArray) -> FloatArray:
    numbers = read_numbers(table, column, times)
    broken = ~((numbers > 0) & np.isfinite(numbers))
    refuse_cells(table, column, times, broken, "must be positive")
    return numbers


def _sides(table: pd.DataFrame, means: SideMeans) -> NDArray[np.int8] | str:
    """Return the sides of the positions, or why the table does not tell them."""
    column = _find("side", table)
    if column is None:
        return "no column for the side"
    name = str(table.columns[column])
    words = [str(value).strip().lower() for value in table.iloc[:, column]]
    there = set(words)
    if len(there) == 1 and (len(words) >= ENOUGH_EVENTS or _S in there):
        value = table.iloc[0, column]
        return f"column {name!r} says {value!r} for all {len(words)} events, which tells no side"
    sign = 1 if means == "position" else -1
    meaning = _POSITION_WORDS | {word: sign * way for word, way in _ORDER_WORDS.items()}
    meaning[_S] = Side.SHORT if there & {"long", "l"} else -sign
    unknown = sorted(there - meaning.keys())
    if unknown:
        raise MarketDataError(
            f"column {name!r}: {unknown[0]!r} is no side; write long or short, or buy or sell"
        )
    return np.array([meaning[word] for word in words], dtype=np.int8)
