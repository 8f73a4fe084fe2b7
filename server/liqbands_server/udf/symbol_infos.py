"""How a chart has to draw a symbol: TradingView's LibrarySymbolInfo, alone and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from liqbands_server.service.charts import Charts
from liqbands_server.udf.symbols import DOWN, PRICES, UP, ChartSymbol, with_line

_VOLUME_DECIMALS: Final = 3
_TIME_ZONES: Final = {"UTC": "Etc/UTC"}

_TABLE: Final = {
    "symbol": "name",
    "ticker": "ticker",
    "description": "description",
    "type": "type",
    "exchange-listed": "listed_exchange",
    "exchange-traded": "exchange",
    "session-regular": "session",
    "timezone": "timezone",
    "minmovement": "minmov",
    "pricescale": "pricescale",
    "has-intraday": "has_intraday",
    "has-daily": "has_daily",
    "has-weekly-and-monthly": "has_weekly_and_monthly",
    "supported-resolutions": "supported_resolutions",
    "intraday-multipliers": "intraday_multipliers",
    "visible-plots-set": "visible_plots_set",
    "volume-precision": "volume_precision",
}
"""Columns of the table, by the field that each shows."""


@dataclass(frozen=True, slots=True)
class Named:
    """A symbol under the name that charts show.

    Parameters
    ----------
    symbol : ChartSymbol
        What is drawn.
    name : str
        Of its listing.
    """

    symbol: ChartSymbol
    name: str


def symbol_info(charts: Charts, named: Named) -> dict[str, Any]:
    """Return what a chart must know about a symbol.

    Parameters
    ----------
    charts : Charts
        For the last price and what is known of the volume.
    named : Named
        The symbol.

    Returns
    -------
    dict
        Without empty fields, and never with a field ``s``.
    """
    symbol, listing = named.symbol, named.symbol.listing
    resolutions = listing.resolutions
    bars = charts.bars(listing, resolutions[0])
    names = [resolution.name for resolution in resolutions]
    intraday = [resolution.name for resolution in resolutions if not resolution.unit]
    zone = listing.instrument.time_zone
    is_live = charts.is_forming(listing)
    return {
        "name": with_line(named.name, symbol.line),
        "ticker": symbol.ticker,
        "description": symbol.description,
        "type": listing.kind,
        "exchange": listing.venue,
        "listed_exchange": listing.venue,
        "session": listing.instrument.session,
        "timezone": _TIME_ZONES.get(zone, zone),
        "minmov": 1,
        "pricescale": listing.price_scale(float(bars.close[-1])),
        "has_intraday": bool(intraday),
        "has_daily": "1D" in names,
        "has_weekly_and_monthly": {"1W", "1M"} <= set(names),
        "supported_resolutions": names,
        "intraday_multipliers": intraday,
        "visible_plots_set": _plots(symbol, bool(np.isfinite(bars.volume).any())),
        "volume_precision": _VOLUME_DECIMALS if symbol.line == PRICES else 0,
        "format": "price",
        "data_status": "streaming" if is_live else "endofday",
    }


def symbol_table(infos: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return symbols as the table of `/symbol_info`.

    Parameters
    ----------
    infos : sequence of dict
        As `symbol_info` gives them.

    Returns
    -------
    dict of str to list
        Columns with one value per symbol; just an empty ``symbol`` without any.
    """
    if not infos:
        return {"symbol": []}
    return {column: [info[name] for info in infos] for column, name in _TABLE.items()}


def _plots(symbol: ChartSymbol, has_volume: bool) -> str:
    if symbol.line in (UP, DOWN):
        return "c"
    return "ohlcv" if has_volume or symbol.line != PRICES else "ohlc"
