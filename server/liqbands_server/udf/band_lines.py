"""Bands as bars: a slot from edge to edge, the strongest band of a side as a line."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray, Side
from liqbands_server.service.band_slots import band_slots, strongest
from liqbands_server.service.charts import ChartBars
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution
from liqbands_server.udf.history import MOST_BARS
from liqbands_server.udf.parameters import HistoryQuestion
from liqbands_server.udf.symbols import N_SLOTS, SLOTS, UP, ChartSymbol

LATEST_MS: Final = 2**62
"""Everything that has been learnt."""

_WIDER: Final = 8

IntArray = NDArray[np.int64]


def line_bars(
    markets: Markets,
    symbol: ChartSymbol,
    resolution: Resolution,
    question: HistoryQuestion,
    prices: ChartBars,
) -> ChartBars:
    """Return a band symbol's bars, as far back as a question reaches.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    symbol : ChartSymbol
        With a line.
    resolution : Resolution
        One of its listing's.
    question : HistoryQuestion
        Which bars are wanted.  Where bars are empty, earlier ones are looked at, up to
        `MOST_BARS` before `to`.
    prices : ChartBars
        The listing's own bars of this resolution.

    Returns
    -------
    ChartBars
        Without the bars at which there is nothing; volume is the band's notional.
    """
    opens = prices.open_time_ms
    end = int(np.searchsorted(opens, question.to_ms))
    first = max(end - MOST_BARS, 0)
    start = min(int(np.searchsorted(opens, question.from_ms)), end - max(question.countback, 1))
    while True:
        start = max(start, first)
        bars = _read(markets, symbol, resolution, opens[start:end])
        if start == first or len(bars) >= max(question.countback, 1):
            return bars
        start = end - _WIDER * (end - start)


def _read(
    markets: Markets, symbol: ChartSymbol, resolution: Resolution, opens: IntArray
) -> ChartBars:
    if not len(opens):
        return _bars(opens, (np.zeros(0),) * 4, np.zeros(0), 0)
    window = int(opens[0]), int(opens[-1])
    # Bands are stored a moment after the bar that they rest on, so the last two bars may change.
    until_ms = int(opens[-2:][0])
    if symbol.line not in SLOTS:
        side = Side.SHORT if symbol.line == UP else Side.LONG
        found = strongest(markets, symbol.listing, resolution, side, LATEST_MS, *window)
        known = np.isfinite(found.peak_price)
        peak = found.peak_price[known]
        line = (peak, peak, peak, peak)
        return _bars(found.open_time_ms[known], line, found.notional[known], until_ms)
    slot = SLOTS.index(symbol.line)
    bands = band_slots(markets, symbol.listing, resolution, N_SLOTS, LATEST_MS, *window)
    filled = bands.side[:, slot] != 0
    low, high = bands.low[filled, slot], bands.high[filled, slot]
    middle = (low + high) / 2
    edges = (middle, high, low, middle)
    return _bars(bands.open_time_ms[filled], edges, bands.notional[filled, slot], until_ms)


def _bars(
    open_time_ms: IntArray, prices: tuple[FloatArray, ...], notional: FloatArray, until_ms: int
) -> ChartBars:
    opened, high, low, close = prices
    return ChartBars(open_time_ms, opened, high, low, close, notional, closed_until_ms=until_ms)
