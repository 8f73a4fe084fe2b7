"""What the store and the engine know of a listing, as tables for files."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from liqbands.candles import Candles
from liqbands.frames import frame_from_candles
from liqbands.instrument import Instrument, Side
from liqbands_server.errors import ExportError
from liqbands_server.importing.stored_bars import bars_known
from liqbands_server.service.band_slots import band_slots
from liqbands_server.service.band_walk import N_SLOTS
from liqbands_server.service.bars import bars_of
from liqbands_server.service.heatmaps import HeatmapQuestion, answer_heatmap
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution, timeframe_of
from liqbands_server.store.liquidations import read_liquidations

HEATMAP_COLUMNS: Final = 500
"""So many columns of a heatmap where no beginning is asked for."""

_ROW_VALUES: Final = ("low", "high", "peak_price", "notional", "notional_low", "notional_high")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported.

    Parameters
    ----------
    listing : Listing
        Of what.
    resolution : Resolution or None
        Length of a bar; None takes that of the base bars.
    from_ms : int or None
        First time, UTC milliseconds; None takes the first there is.
    to_ms : int
        The time that is too late.
    as_of_ms : int
        What was learnt later does not count.
    """

    listing: Listing
    resolution: Resolution | None
    from_ms: int | None
    to_ms: int
    as_of_ms: int

    @property
    def bars(self) -> Resolution:
        """Return the length of a bar, checked.

        Raises
        ------
        ExportError
            If such bars cannot be built.
        """
        resolutions = self.listing.resolutions
        if self.resolution is None:
            return resolutions[0]
        if self.resolution not in resolutions:
            known = ", ".join(timeframe_of(one) for one in resolutions)
            raise ExportError(
                f"timeframe of {self.listing.ticker} must be one of {known}, "
                f"was {timeframe_of(self.resolution)}"
            )
        return self.resolution


def candle_table(markets: Markets, wanted: Wanted) -> pd.DataFrame:
    """Return bars as `liqbands import` reads them back.

    Parameters
    ----------
    markets : Markets
        The store.
    wanted : Wanted
        Which bars; those of a stored length as they were stored, others built from base bars.

    Returns
    -------
    pandas.DataFrame
        One row per bar that was closed.

    Raises
    ------
    ExportError
        If there is none.
    """
    stored = wanted.listing.reference
    length_ms = wanted.resolution.length_ms if wanted.resolution else stored.base.timeframe_ms
    if length_ms in [series.timeframe_ms for series in stored.series]:
        period = (-(2**62) if wanted.from_ms is None else wanted.from_ms, wanted.to_ms)
        with markets.store.reading() as connection:
            candles = bars_known(connection, stored, length_ms, period, wanted.as_of_ms)
    else:
        candles = _built(markets, wanted)
    # This name says when it was taken, whatever the venue's own habit is.
    table = frame_from_candles(candles).rename(columns={"open_interest": "open_interest_close"})
    return _named(table, stored.instrument)


def liquidation_table(markets: Markets, wanted: Wanted) -> pd.DataFrame:
    """Return realised liquidations as `liqbands import --liquidations` reads them back.

    Parameters
    ----------
    markets : Markets
        The store.
    wanted : Wanted
        Whose, and when.

    Returns
    -------
    pandas.DataFrame
        One row per event, in order of time, venue by venue.

    Raises
    ------
    ExportError
        If there is none.
    """
    first_ms = 0 if wanted.from_ms is None else wanted.from_ms
    parts = []
    for member in wanted.listing.members:
        with markets.store.reading() as connection:
            events = read_liquidations(
                connection, member.id, first_ms, wanted.to_ms - 1, wanted.as_of_ms
            )
        columns = {
            "time": pd.to_datetime(events.time_ms, unit="ms", utc=True),
            "side": np.where(events.side > 0, Side.LONG.label, Side.SHORT.label),
            "price": events.price,
            "contracts": events.contracts,
        }
        parts.append(_named(pd.DataFrame(columns), member.instrument))
    return _not_empty(pd.concat(parts, ignore_index=True), wanted, "liquidation")


def heatmap_table(markets: Markets, wanted: Wanted) -> pd.DataFrame:
    """Return the cells of a heatmap that hold something.

    Parameters
    ----------
    markets : Markets
        The store.
    wanted : Wanted
        Which columns; the last `HEATMAP_COLUMNS` where no beginning is asked for.

    Returns
    -------
    pandas.DataFrame
        One row per cell, by time and then by price.
    """
    resolution = wanted.bars
    last_ms = markets.series(wanted.listing.reference).known_at(wanted.as_of_ms).open_time_ms[-1]
    to_ms = min(wanted.to_ms, int(last_ms) + 1)
    from_ms = wanted.from_ms
    if from_ms is None:
        from_ms = to_ms - HEATMAP_COLUMNS * resolution.length_ms
    question = HeatmapQuestion(wanted.listing, resolution, from_ms, to_ms, wanted.as_of_ms)
    result = answer_heatmap(markets, question).heatmap
    columns, rows = np.nonzero(result.notional)
    table = pd.DataFrame(
        {
            "open_time_ms": result.open_time_ms[columns],
            "row_low": result.edges[rows],
            "row_high": result.edges[rows + 1],
            "long_notional": result.long_notional[columns, rows],
            "short_notional": result.short_notional[columns, rows],
        }
    )
    return _not_empty(table, wanted, "cell")


def band_table(markets: Markets, wanted: Wanted) -> pd.DataFrame:
    """Return bands by slot through time.

    Parameters
    ----------
    markets : Markets
        The store.
    wanted : Wanted
        Which bars.

    Returns
    -------
    pandas.DataFrame
        One row per band and bar, as it was at the bar's close.
    """
    first_ms = 0 if wanted.from_ms is None else wanted.from_ms
    found = band_slots(
        markets, wanted.listing, wanted.bars, N_SLOTS[0],
        wanted.as_of_ms, first_ms, wanted.to_ms - 1,
    )  # fmt: skip
    bars, slots = np.nonzero(found.side)
    sides = found.side[bars, slots]
    columns = {
        "open_time_ms": found.open_time_ms[bars],
        "slot": slots,
        "side": np.where(sides > 0, Side.LONG.label, Side.SHORT.label),
        **{name: getattr(found, name)[bars, slots] for name in (*_ROW_VALUES, "strength")},
        "since_ms": found.since_ms[bars, slots],
    }
    return _not_empty(pd.DataFrame(columns), wanted, "band")


def _built(markets: Markets, wanted: Wanted) -> Candles:
    bars = bars_of(markets, wanted.listing, wanted.bars, wanted.as_of_ms)
    n_closed = len(bars) - bars.last_is_forming
    first = 0 if wanted.from_ms is None else np.searchsorted(bars.open_time_ms, wanted.from_ms)
    end = min(n_closed, int(np.searchsorted(bars.open_time_ms, wanted.to_ms)))
    if first >= end:
        raise _nothing(wanted, "closed bar")
    return bars[int(first) : end]


def _named(table: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    return table.assign(venue=instrument.venue, symbol=instrument.symbol)


def _not_empty(table: pd.DataFrame, wanted: Wanted, what: str) -> pd.DataFrame:
    if table.empty:
        raise _nothing(wanted, what)
    return table


def _nothing(wanted: Wanted, what: str) -> ExportError:
    return ExportError(f"there is no {what} of {wanted.listing.ticker} in the chosen time")
