"""Compile every loop once, so that the first real call does not wait: run after an install.

``python -m liqbands.precompile``; numba keeps the result beside the sources.
"""

from typing import Any, Final

import numpy as np

from liqbands.heatmaps import heatmap, snapshot
from liqbands.instrument import Instrument, MarketKind
from liqbands.market_data import Candles
from liqbands.sim import Exchange, find_world
from liqbands.timeframes import HOUR_MS

_STEPS: Final = 12


def compile_kernels() -> None:
    """Walk three tiny markets that together use every loop, and simulate a few minutes."""
    n_bars = 60
    price = 100 + np.sin(np.arange(n_bars))
    times = np.arange(n_bars) * HOUR_MS
    prices: dict[str, Any] = {"open": price, "high": price + 1, "low": price - 1, "close": price}
    flows: dict[str, Any] = {"volume": price, "open_interest": price * 10}
    perpetual = Candles.from_arrays(times, **prices, **flows)
    plain = Candles.from_arrays(times, **prices)
    forex = Instrument("otc", "EURUSD", market=MarketKind.FOREX, session="1700-1700:23456")
    for candles, instrument in (
        (perpetual, Instrument("bybit", "BTC/USDT:USDT")),
        (plain, Instrument("bybit", "BTC/USDT:USDT")),
        (plain, forex),
    ):
        heatmap(candles, instrument)
        heatmap(candles, instrument, max_age="1d")
        snapshot(candles, instrument)
    Exchange(find_world("base"), seed=1).advance(_STEPS)


if __name__ == "__main__":
    compile_kernels()
