"""Margin a venue asks for: to open a position, and to keep it.

Quantity in base units (linear) or face value in quote (inverse), margins in quote or coin.
"""

import numpy as np

from liqbands.instrument import ContractKind, FloatArray
from liqbands.margin.tiers import NO_ROW, TierTable


def maintenance_margin(table: TierTable, quantity: FloatArray, price: FloatArray) -> FloatArray:
    """Return the margin below which positions are liquidated.

    Parameters
    ----------
    table : TierTable
        Tiers of the instrument.
    quantity : ndarray, shape (n,)
        Base units (linear) or face value in quote (inverse).
    price : ndarray, shape (n,)
        Price at which the position is valued, quote per base.

    Returns
    -------
    ndarray, shape (n,)
        Quote (linear) or coin (inverse); NaN above the last tier.

    Notes
    -----
    ``value (m + k size) - D`` with the row that holds the value; size in coin.

    References
    ----------
    Deribit support article 25944738177565: 25 BTC at 100,000 need 28,125.

    Examples
    --------
    2500000 * (0.01 + 0.00005 * 25) = 28125.

    >>> from liqbands.margin import tier_table
    >>> table = tier_table("deribit", "BTC/USDC:USDC")
    >>> maintenance_margin(table, np.array([25.0]), np.array([100_000.0]))
    array([28125.])
    """
    rates = (
        table.maintenance_margin_rate,
        table.maintenance_margin_slope,
        table.deduction,
    )
    return _margin(table, quantity, price, rates)


def initial_margin(table: TierTable, quantity: FloatArray, price: FloatArray) -> FloatArray:
    """Return the margin needed to open positions.

    Parameters
    ----------
    table : TierTable
        Tiers of the instrument.
    quantity : ndarray, shape (n,)
        Base units (linear) or face value in quote (inverse).
    price : ndarray, shape (n,)
        Price at which the position is valued, quote per base.

    Returns
    -------
    ndarray, shape (n,)
        Quote (linear) or coin (inverse); NaN above the last tier.

    Notes
    -----
    ``value (i + k size)`` with the row that holds the value; size in coin.

    References
    ----------
    Deribit support article 25944738177565: 25 BTC at 100,000 need 53,125.

    Examples
    --------
    2500000 * (0.02 + 0.00005 * 25) = 53125.

    >>> from liqbands.margin import tier_table
    >>> table = tier_table("deribit", "BTC/USDC:USDC")
    >>> initial_margin(table, np.array([25.0]), np.array([100_000.0]))
    array([53125.])
    """
    rates = (table.initial_margin_rate, table.initial_margin_slope, 0 * table.deduction)
    return _margin(table, quantity, price, rates)


def _margin(
    table: TierTable,
    quantity: FloatArray,
    price: FloatArray,
    rates: tuple[FloatArray, ...],
) -> FloatArray:
    rows = table.rows_at(table.size_at(quantity, price))
    rate, slope, deduction = (column[rows] for column in rates)
    is_linear = table.contract_kind is ContractKind.LINEAR
    coins = quantity if is_linear else quantity / price
    value = quantity * price if is_linear else coins
    return np.where(rows == NO_ROW, np.nan, value * (rate + slope * coins) - deduction)
