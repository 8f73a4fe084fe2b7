"""The recorded markets on which models are scored, read and put together.

Times are UTC milliseconds, prices quote per base, quantities base units.  Candles carry nothing
of what is to be predicted: realised liquidations stand beside them.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from liqbands.candle_rules import OPTIONAL, PRICES, IntArray
from liqbands.candles import Candles
from liqbands.errors import MarketDataError
from liqbands.frames import open_times
from liqbands.instrument import FloatArray, Instrument
from liqbands.market_data import Liquidations
from liqbands.timeframes import DAY_MS, HOUR_MS
from liqbands_server.files.candle_files import read_candles
from liqbands_server.files.cells import read_numbers
from liqbands_server.files.liquidation_files import read_liquidations
from liqbands_server.files.liquidation_totals import read_liquidation_totals
from liqbands_server.files.tables import read_table

COINS: Final = ("BTC", "ETH")

WARM_UP_FROM_MS: Final = 1_706_745_600_000
"""1 February 2024, from when on books are built for the hours of June to August 2024."""

RATIO_SPAN_MS: Final = 7 * DAY_MS

_HOURS = "binance_1h_2024_liquidations"
_WARM_UP = "bybit_1h"
_MINUTES = "binance_1m_2025-05"
_FILLS = "multi_venue/hyperliquid_liquidations_2025-05_06.parquet"
_OPEN_INTEREST = "multi_venue/hyperliquid_oi_1h.parquet"


@dataclass(frozen=True, eq=False)
class RecordedHours:
    """Hours of Binance with realised totals, and what came before from Bybit.

    Parameters
    ----------
    instrument : Instrument
        The market on Binance.
    candles : Candles
        Warm-up and scored hours without realised liquidations, for the models.
    n_warm_up : int
        How many of them are warm-up.
    realised : Candles
        The scored hours with realised liquidations, 0 where the feed was silent.
    """

    instrument: Instrument
    candles: Candles
    n_warm_up: int
    realised: Candles


@dataclass(frozen=True, eq=False)
class RecordedEvents:
    """Minutes of Binance with open interest of Hyperliquid, and liquidations there.

    Parameters
    ----------
    instrument : Instrument
        The market on Hyperliquid.
    candles : Candles
        Minutes; the hourly changes of open interest are spread over an hour.
    events : Liquidations
        Fills, sides inferred from the price move.
    """

    instrument: Instrument
    candles: Candles
    events: Liquidations


def load_hours(folder: Path, coin: str, warm_up_from_ms: int = WARM_UP_FROM_MS) -> RecordedHours:
    """Read a coin's hours with realised totals, and the warm-up history before them.

    Parameters
    ----------
    folder : Path
        The recorded markets.
    coin : str
        ``"BTC"`` or ``"ETH"``.
    warm_up_from_ms : int
        When the warm-up begins, UTC milliseconds.

    Returns
    -------
    RecordedHours
        Ready for models.

    Raises
    ------
    MarketDataError
        If a file is missing or cannot be used, or does not reach the other.

    Notes
    -----
    Bybit's open interest is scaled by the ratio of the two venues' where they meet, its volume
    by that of the first week (model description, 8.3).  Both venues' open interest is that of
    the bar's close here.  The ratio of volumes is known a week into the hours: scores begin
    after two.
    """
    path = folder / _HOURS / f"{coin}USDT.parquet"
    hours = _with_last_funding(read_candles(path))
    first = int(hours.open_time_ms[0])
    before = read_candles(
        folder / _WARM_UP / f"{coin}USDT.parquet",
        start_ms=warm_up_from_ms,
        end_ms=first + RATIO_SPAN_MS + HOUR_MS,
    )
    warm_up = scaled_warm_up(before, hours)
    totals = read_liquidation_totals(path, silent_is_zero=True)
    instrument = Instrument("binance", f"{coin}/USDT:USDT")
    return RecordedHours(
        instrument, joined(warm_up, _blind(hours)), len(warm_up), totals.onto(hours)
    )


def load_events(folder: Path, coin: str) -> RecordedEvents:
    """Read a coin's liquidations on Hyperliquid and the market around them.

    Parameters
    ----------
    folder : Path
        The recorded markets.
    coin : str
        ``"BTC"`` or ``"ETH"``.

    Returns
    -------
    RecordedEvents
        Ready for models.

    Raises
    ------
    MarketDataError
        If a file is missing or cannot be used.

    Notes
    -----
    Hyperliquid's hourly open interest is taken somewhere inside its hour, so it is used from
    the end of that hour on (model description, 8.1).  Its change is spread over the hour that
    follows: put into a single minute, it would hurt models that open at the price of the moment.
    It is stated in dollars and converted at the price of its stamp.
    """
    prices = read_candles(folder / _MINUTES / f"{coin}USDT.parquet")
    events = read_liquidations(folder / _FILLS, symbol=coin, prices=prices)
    candles = replace(prices, open_interest=_hourly_open_interest(folder, coin, prices))
    return RecordedEvents(Instrument("hyperliquid", f"{coin}/USDC:USDC"), candles, events)


def spread_changes(known_ms: IntArray, values: FloatArray, time_ms: IntArray) -> FloatArray:
    """Return hourly values as a line that reaches each one an hour after it became known.

    Parameters
    ----------
    known_ms : ndarray of int64, shape (n,)
        When each value became known, increasing.
    values : ndarray, shape (n,)
        The values.
    time_ms : ndarray of int64, shape (m,)
        Moments to read the line at.

    Returns
    -------
    ndarray, shape (m,)
        Nothing in it was unknown at its moment; NaN before the first value was known.

    Examples
    --------
    >>> known, half = np.array([0, 3_600_000]), 1_800_000
    >>> spread_changes(known, np.array([4.0, 8.0]), np.array([-1, 0, 3_600_000 + half, 10**9]))
    array([nan,  4.,  6.,  8.])
    """
    last = np.searchsorted(known_ms, time_ms, side="right") - 1
    start, end = values[np.maximum(last - 1, 0)], values[np.maximum(last, 0)]
    share = np.minimum((time_ms - known_ms[np.maximum(last, 0)]) / HOUR_MS, 1.0)
    return np.where(last >= 0, start + share * (end - start), np.nan)


def scaled_warm_up(before: Candles, after: Candles) -> Candles:
    """Return another venue's bars as if they were the first part of this one's history.

    Parameters
    ----------
    before : Candles
        Another venue's bars; reach a week into `after`.
    after : Candles
        This venue's bars.

    Returns
    -------
    Candles
        The bars before the first of `after`, open interest and volumes scaled.

    Raises
    ------
    MarketDataError
        If the two do not overlap, or a ratio cannot be formed.
    """
    first = int(after.open_time_ms[0])
    start = int(np.searchsorted(before.open_time_ms, first))
    if start == 0 or start == len(before) or before.open_time_ms[start] != first:
        raise MarketDataError("the warm-up must begin before the hours and reach into them")
    week = min(int(RATIO_SPAN_MS // after.timeframe_ms), len(after), len(before) - start)
    shared = before[start : start + week]
    interest = after.open_interest[0] / before.open_interest[start]
    volume = after.volume[:week].sum() / shared.volume.sum()
    if not (np.isfinite(interest) and np.isfinite(volume)):
        raise MarketDataError("open interest and volume must be known where the venues meet")
    warm_up = before[:start]
    return replace(
        warm_up,
        open_interest=warm_up.open_interest * interest,
        volume=warm_up.volume * volume,
        quote_volume=warm_up.quote_volume * volume,
    )


def joined(first: Candles, second: Candles) -> Candles:
    """Return two stretches of bars as one.

    Parameters
    ----------
    first, second : Candles
        Bars of equal length, the second stretch later.

    Returns
    -------
    Candles
        All of them.
    """
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in ("open_time_ms", *PRICES, *OPTIONAL)
    }
    return Candles(
        **columns, timeframe_ms=second.timeframe_ms, last_is_forming=second.last_is_forming
    )


def _blind(candles: Candles) -> Candles:
    unknown = np.full(len(candles), np.nan)
    return replace(candles, long_liquidated=unknown, short_liquidated=unknown)


def _with_last_funding(candles: Candles) -> Candles:
    """Carry the rate on from the hours in which it was settled: it stays the last one known."""
    known = np.isfinite(candles.funding_rate)
    last = np.maximum.accumulate(np.where(known, np.arange(len(candles)), 0))
    return replace(candles, funding_rate=candles.funding_rate[last])


def _hourly_open_interest(folder: Path, coin: str, prices: Candles) -> FloatArray:
    path = folder / _OPEN_INTEREST
    table = read_table(path)
    table = table.loc[(table["coin"] == coin).to_numpy()]
    stamp = open_times(table)
    dollars = read_numbers(table, list(table.columns).index("oi_usd"), stamp)
    at_stamp = np.searchsorted(prices.open_time_ms, stamp, side="right") - 1
    inside = (at_stamp >= 0) & (stamp < prices.open_time_ms[-1] + prices.timeframe_ms)
    contracts = dollars[inside] / prices.open[at_stamp[inside]]
    return spread_changes(
        stamp[inside] + HOUR_MS, contracts, prices.open_time_ms + prices.timeframe_ms
    )
