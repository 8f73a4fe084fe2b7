"""Rules that venues gave up: right for data of their time, wrong today.

Units as in `liqbands.margin.terms`; NaN where there is no price.
"""

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.margin.bankruptcy import inverse_bankruptcy_price
from liqbands.margin.formulas import real_price
from liqbands.margin.terms import Terms


def bybit_linear_price_until_2025_09(terms: Terms) -> FloatArray:
    """Return Bybit's isolated linear liquidation price, rule until 2025-09-02.

    Parameters
    ----------
    terms : Terms
        Positions, arrays of shape (n,).

    Returns
    -------
    ndarray, shape (n,)
        Quote per base, NaN where there is none.

    Notes
    -----
    Maintenance margin was taken on the entry value, ``MM = E q m - D``:
    ``P = E - s (M + x - MM) / q``.

    References
    ----------
    Bybit help article "Liquidation Price (USDT Contract)", text valid until 2025-09-02.

    Examples
    --------
    20,000 at 50x and 0.5 %: 20000 - (400 - 100) = 19700.

    >>> bybit_linear_price_until_2025_09(Terms.of(side=1, entry_price=20_000, margin=400,
    ...                                           maintenance_margin_rate=0.005))
    array([19700.])
    """
    s, q, e = terms.side, terms.quantity, terms.entry_price
    maintenance = e * q * terms.maintenance_margin_rate - terms.deduction
    return real_price(e - s * (terms.margin + terms.extra_margin - maintenance) / q, e)


def bybit_inverse_price_until_2025_09(terms: Terms) -> FloatArray:
    """Return Bybit's isolated inverse liquidation price, rule until 2025-09-02.

    Parameters
    ----------
    terms : Terms
        Positions, arrays of shape (n,).

    Returns
    -------
    ndarray, shape (n,)
        Quote per base, NaN where there is none.

    Notes
    -----
    With ``MM = (q/E) m - D``: ``P = q / (q/E + s (M + x - MM))``.

    References
    ----------
    Bybit help article "Liquidation Price Calculation under Isolated Mode (Unified Trading
    Account)", version of 2024-09-10.

    Examples
    --------
    60,000 USD at 50,000 and 10x: 60000 / (1.2 + 0.12 - 0.006) = 45662.10.

    >>> bybit_inverse_price_until_2025_09(Terms.of(
    ...     side=1, quantity=60_000, entry_price=50_000, margin=0.12,
    ...     maintenance_margin_rate=0.005)).round(2)
    array([45662.1])
    """
    s, q, e = terms.side, terms.quantity, terms.entry_price
    maintenance = q / e * terms.maintenance_margin_rate - terms.deduction
    with np.errstate(divide="ignore", invalid="ignore"):
        price = q / (q / e + s * (terms.margin + terms.extra_margin - maintenance))
    return real_price(price, e)


def bybit_inverse_cross_price_2019(terms: Terms) -> FloatArray:
    """Return the liquidation price of Bybit's inverse contracts in cross margin, 2019.

    Parameters
    ----------
    terms : Terms
        Positions, arrays of shape (n,); `margin` is the balance.

    Returns
    -------
    ndarray, shape (n,)
        Quote per base, NaN where there is none.

    Notes
    -----
    Maintenance margin on the entry value and the fee at the bankruptcy price are set aside:
    ``P = q / (q/E + s (B - m q/E - f q/bust))``.

    References
    ----------
    Bybit help article 360039261334, cross margin example.

    Examples
    --------
    The page prints 5739.50 for a bankruptcy price of 5718.57, rounded to the next half.

    >>> bybit_inverse_cross_price_2019(Terms.of(
    ...     side=1, quantity=10_000, entry_price=8_000, margin=0.5,
    ...     maintenance_margin_rate=0.005, taker_fee_rate=0.00075)).round(1)
    array([5739.1])
    """
    s, q, e = terms.side, terms.quantity, terms.entry_price
    with np.errstate(divide="ignore", invalid="ignore"):
        fee = terms.taker_fee_rate * q / inverse_bankruptcy_price(terms)
        set_aside = terms.maintenance_margin_rate * q / e + fee
        price = q / (q / e + s * (terms.margin + terms.extra_margin - set_aside))
    return real_price(price, e)


def bitmex_inverse_price(terms: Terms) -> FloatArray:
    """Return the isolated liquidation price of BitMEX, which closed on 2026-09-23.

    Parameters
    ----------
    terms : Terms
        Positions, arrays of shape (n,); leverage, rate, fee and funding are used.

    Returns
    -------
    ndarray, shape (n,)
        Quote per base, NaN where there is none.

    Notes
    -----
    ``P = E / (1 + s (1/L + 2 f - (m + f + funding)))``.

    References
    ----------
    BitMEX support formula as quoted publicly (r/BitMEX; nottug/bitmex_utils).

    Examples
    --------
    10000 / (1 + 0.1 + 0.0015 - 0.00575) = 9126.17.

    >>> bitmex_inverse_price(Terms.of(
    ...     side=1, entry_price=10_000, leverage=10, maintenance_margin_rate=0.005,
    ...     taker_fee_rate=0.00075)).round(2)
    array([9126.17])
    """
    s, fee = terms.side, terms.taker_fee_rate
    with np.errstate(divide="ignore", invalid="ignore"):
        set_aside = terms.maintenance_margin_rate + fee + terms.funding_rate
        price = terms.entry_price / (1 + s * (1 / terms.leverage + 2 * fee - set_aside))
    return real_price(price, terms.entry_price)
