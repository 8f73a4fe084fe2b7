"""Bankruptcy prices: where the margin is used up, beyond the liquidation price.

Units as in `liqbands.margin.terms`; NaN where the margin never runs out.
"""

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.margin.formulas import real_price
from liqbands.margin.terms import Terms


def linear_bankruptcy_price(terms: Terms) -> FloatArray:
    """Return the price at which the margin of linear positions is used up, fees ignored.

    Parameters
    ----------
    terms : Terms
        Positions, arrays of shape (n,).

    Returns
    -------
    ndarray, shape (n,)
        Quote per base, NaN where the margin never runs out.

    Notes
    -----
    ``E - s (M + x) / q``; with margin from leverage, ``E (1 - s/L)``.

    References
    ----------
    Bybit help article on bankruptcy prices; it is the price in Bybit's and OKX's feeds.

    Examples
    --------
    >>> linear_bankruptcy_price(Terms.of(side=1, entry_price=100, margin=10))
    array([90.])
    """
    margin = terms.margin + terms.extra_margin
    return real_price(terms.entry_price - terms.side * margin / terms.quantity, terms.entry_price)


def inverse_bankruptcy_price(terms: Terms) -> FloatArray:
    """Return the price at which the margin of inverse positions and the fee are used up.

    Parameters
    ----------
    terms : Terms
        Positions, arrays of shape (n,); a `taker_fee_rate` of 0 leaves the fee out.

    Returns
    -------
    ndarray, shape (n,)
        Quote per base, NaN where the margin never runs out.

    Notes
    -----
    ``(1 + s f) q / (q/E + s (M + x))``; without fee and with margin from leverage
    ``E L / (L + s)``.

    References
    ----------
    Bybit help article 360039261334: 10,000 USD at 8,000 with 0.5 coin goes bankrupt at 5718.57.

    Examples
    --------
    1.00075 * 10000 / (1.25 + 0.5) = 5718.57.

    >>> inverse_bankruptcy_price(Terms.of(side=1, quantity=10_000, entry_price=8_000, margin=0.5,
    ...                                   taker_fee_rate=0.00075)).round(2)
    array([5718.57])
    """
    s, q, e = terms.side, terms.quantity, terms.entry_price
    margin = terms.margin + terms.extra_margin
    with np.errstate(divide="ignore", invalid="ignore"):
        price = (1 + s * terms.taker_fee_rate) * q / (q / e + s * margin)
    return real_price(price, e)
