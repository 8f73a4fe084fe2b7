"""Positions nobody disclosed: how far from entry they are liquidated, by leverage alone."""

import numpy as np
from numpy.typing import ArrayLike

from liqbands.instrument import FloatArray, Instrument, Side
from liqbands.margin.positions import Positions
from liqbands.margin.price import liquidation_price
from liqbands.margin.tier_files import find_table, generic_table
from liqbands.margin.tiers import NO_ROW, TierTable
from liqbands.margin.venues import find_venue


def liquidation_distance(
    instrument: Instrument, leverage: ArrayLike, side: Side, at_ms: int | None = None
) -> FloatArray:
    """Return how far from entry isolated positions are liquidated, as a logarithm.

    Parameters
    ----------
    instrument : Instrument
        Venue, symbol and contract kind.
    leverage : array_like, shape (n,)
        Entry value over margin, at least 1.
    side : Side
        Direction of every position.
    at_ms : int or None
        Time of the data, UTC milliseconds; None for today.

    Returns
    -------
    ndarray, shape (n,)
        ``abs(log(liquidation price / entry price))``; NaN where there is no liquidation price
        on the losing side, or no tier allows the leverage.

    Raises
    ------
    MarginInputError
        If a leverage is below 1.

    Notes
    -----
    With the rate m of the first tier that allows L, no deduction, and the taker fee f where the
    venue charges it: linear ``P/E = (1 - s/L) / (1 - s (m + f))``, inverse
    ``P/E = (1 + s (m + f)) / (1 + s/L)``; Bybit's data before 2025-09-02 follow its old rule.
    Cross margin or a larger size only moves the price further away, or to a higher tier.

    References
    ----------
    The formulas of `liqbands.margin.formulas`, with margin = value / leverage.

    Examples
    --------
    Bybit, long at 10x: log((1 - 0.1) / (1 - 0.005)) = -0.1003.

    >>> bybit = Instrument("bybit", "BTC/USDT:USDT")
    >>> liquidation_distance(bybit, [1, 10, 500], Side.LONG).round(4)
    array([   nan, 0.1003,    nan])
    """
    positions = Positions.from_arrays(side=float(side), entry_price=1.0, leverage=leverage)
    price = liquidation_price(instrument, positions, at_ms=at_ms).price
    distance = -float(side) * np.log(price)
    is_allowed = _table(instrument).rows_allowing(positions.leverage) != NO_ROW
    return np.where(is_allowed & (distance > 0), distance, np.nan)


def max_leverage(instrument: Instrument) -> float:
    """Return the highest leverage that the instrument's tiers allow.

    Parameters
    ----------
    instrument : Instrument
        Venue, symbol and contract kind.

    Returns
    -------
    float
        At least 1; `GENERIC_MAX_LEVERAGE` where no tiers are known.

    Examples
    --------
    >>> max_leverage(Instrument("hyperliquid", "BTC/USDC:USDC"))
    40.0
    """
    return float(_table(instrument).max_leverage.max())


def _table(instrument: Instrument) -> TierTable:
    kind = instrument.contract_kind
    venue = find_venue(instrument.venue, kind)
    return find_table(venue.tiers, instrument.symbol, kind) or generic_table(kind)
