"""A venue's resting orders, drawn from the depth that market orders meet."""

from typing import Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.market_data import OrderBook
from liqbands.sim.kernel import layout as at
from liqbands.sim.kernel.layout import Market, Settings
from liqbands.sim.kernel.prices import depth_now

SPACING: Final = 2e-4
"""Log distance between levels."""


def order_book(market: Market, settings: Settings, v: int, n_levels: int) -> OrderBook:
    """Return the resting orders of a venue.

    Parameters
    ----------
    market, settings : Market, Settings
        A running exchange.
    v : int
        Number of the venue.
    n_levels : int
        Prices per side.

    Returns
    -------
    OrderBook
        Sizes vary by chance but over 1 % add up to what a move of 1 % takes.

    Notes
    -----
    The chance is that of the time and venue, so looking at the book changes nothing.
    """
    random = np.random.default_rng([int(market.counter[at.TIME_MS]), v])
    last = float(market.venue[v, at.LAST])
    impact = settings.permanent_impact + settings.transient_impact
    quote = depth_now(market, settings, v) * SPACING / 0.01 / max(impact, 1e-9)
    away = SPACING * (np.arange(n_levels) + 0.5)
    return OrderBook(
        time_ms=int(market.counter[at.TIME_MS]),
        bids=_levels(market, v, last * np.exp(-away), quote * random.gamma(4, 0.25, n_levels)),
        asks=_levels(market, v, last * np.exp(away), quote * random.gamma(4, 0.25, n_levels)),
    )


def _levels(market: Market, v: int, price: FloatArray, quote: FloatArray) -> FloatArray:
    contracts = quote if market.rule[v, at.INVERSE] > 0 else quote / price
    return np.column_stack([price, np.maximum(contracts, 1e-9)])
