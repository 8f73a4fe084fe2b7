"""Liquidation prices in closed form, pure and vectorised.

Every function takes `Terms`; the letters are the ones documented there.  A price is quote per
base and NaN where there is none: not positive, or divided by zero.
"""

import numpy as np
from numpy.typing import ArrayLike

from liqbands.instrument import FloatArray
from liqbands.margin.terms import Terms

_NEGLIGIBLE = 1e-12  # relative to entry: what rounding leaves of a price of 0 or infinity
_CANCELS = 1e-6  # share of the squared slope term below which b - r loses half its digits


def real_price(price: FloatArray, entry_price: FloatArray) -> FloatArray:
    """Return the price where there is one, NaN elsewhere.

    Parameters
    ----------
    price, entry_price : ndarray, shape (n,)
        Quote per base; the price may be negative, infinite or NaN.

    Returns
    -------
    ndarray, shape (n,)
        `price`, or NaN where it is not positive, not finite, or nothing but rounding.

    Examples
    --------
    >>> real_price(np.array([90.0, -5.0, np.inf]), np.full(3, 100.0))
    array([90., nan, nan])
    """
    is_price = (price > _NEGLIGIBLE * entry_price) & (price * _NEGLIGIBLE < entry_price)
    return np.where(is_price, price, np.nan)


def linear_price(terms: Terms) -> FloatArray:
    """Return the liquidation price of linear positions.

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
    At liquidation margin and profit are the maintenance margin and the closing fee, valued at
    the price: ``M + x + s q (P - E) = q P (m + k q + f) - D``, hence
    ``P = (M + x + D - s q E) / (q (m + k q + f - s))``.  Where a venue charges no fee, f = 0.

    References
    ----------
    Binance FAQ b3c689c1f50a44cabb3a84e663b81d93 (USD-M); Bybit help article "Understanding the
    Adjustment and Impact of the New Margin Calculation" (2025-09-18); Bitget support article
    12560603808759; dYdX documentation, concepts/trading/liquidations; Hyperliquid documentation,
    trading/liquidations; Deribit support article 25944738177565.

    Examples
    --------
    20,000 at 50x holds 400; with 0.5 %: (400 - 20000) / (0.005 - 1) = 19698.49.

    >>> linear_price(Terms.of(side=1, entry_price=20_000, margin=400,
    ...                       maintenance_margin_rate=0.005)).round(2)
    array([19698.49])
    """
    s, q, e = terms.side, terms.quantity, terms.entry_price
    rate = terms.maintenance_margin_rate + terms.maintenance_margin_slope * q
    with np.errstate(divide="ignore", invalid="ignore"):
        price = (terms.margin + terms.extra_margin + terms.deduction - s * q * e) / (
            q * (rate + terms.taker_fee_rate - s)
        )
    return real_price(price, e)


def inverse_price(terms: Terms) -> FloatArray:
    """Return the liquidation price of inverse (coin-margined) positions.

    Parameters
    ----------
    terms : Terms
        Positions, arrays of shape (n,).

    Returns
    -------
    ndarray, shape (n,)
        Quote per base, NaN where there is none, e.g. for a short at leverage 1.

    Notes
    -----
    ``M + x + s q (1/E - 1/P) = (q/P) (m + f) - D``, hence
    ``P = q (s + m + f) / (M + x + D + s q/E)``.

    References
    ----------
    Binance FAQ on COIN-M liquidation prices and ceccfcfb4e3a45e3b48b0b1bb1a8ae46 (deductions);
    Gate customer-service formula, gatenode.pro/post/status/3870211.

    Examples
    --------
    10,000 USD at 50,000 and 10x hold 0.02 coin: 10000 * 1.005 / (0.02 + 0.2) = 45681.82.

    >>> inverse_price(Terms.of(side=1, quantity=10_000, entry_price=50_000, margin=0.02,
    ...                        maintenance_margin_rate=0.005)).round(2)
    array([45681.82])
    """
    s, q, e = terms.side, terms.quantity, terms.entry_price
    with np.errstate(divide="ignore", invalid="ignore"):
        price = (q * (s + terms.maintenance_margin_rate + terms.taker_fee_rate)) / (
            terms.margin + terms.extra_margin + terms.deduction + s * q / e
        )
    return real_price(price, e)


def bybit_inverse_price(terms: Terms) -> FloatArray:
    """Return the liquidation price of Bybit's inverse positions, rule since 2025-09-02.

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
    The inverse formula without fee, except that margin added by hand first pays the fee:
    ``P = q (1 + s m) / (q/E + s (M + x / (1 + s f) + D))``.

    References
    ----------
    Bybit help article "Liquidation Price Calculation under Isolated Mode (Unified Trading
    Account)", version of 2026-05-27.

    Examples
    --------
    60000 * 1.005 / (1.2 + 0.12) = 45681.82.

    >>> bybit_inverse_price(Terms.of(side=1, quantity=60_000, entry_price=50_000, margin=0.12,
    ...                              maintenance_margin_rate=0.005)).round(2)
    array([45681.82])
    """
    s, q, e = terms.side, terms.quantity, terms.entry_price
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = terms.margin + terms.extra_margin / (1 + s * terms.taker_fee_rate)
        price = (q * (1 + s * terms.maintenance_margin_rate)) / (
            q / e + s * (margin + terms.deduction)
        )
    return real_price(price, e)


def deribit_inverse_price(terms: Terms) -> FloatArray:
    """Return the liquidation price of Deribit's inverse positions.

    Parameters
    ----------
    terms : Terms
        Positions, arrays of shape (n,); `margin` is the equity of the account.

    Returns
    -------
    ndarray, shape (n,)
        Quote per base; NaN where the equity is below maintenance at every price.

    Notes
    -----
    The rate grows with the size in coin, which is ``q u`` at ``u = 1/P``:
    ``k q^2 u^2 + (m + s) q u - (M + x + D + s q/E) = 0``; of the positive roots the one nearest
    1/E.  The root near 1/E is taken in the textbook form, by which the venue's numbers are
    published, unless the slope hardly counts: there that form cancels, and ``-2 c / (b + r)``
    keeps all digits and needs no case of its own for k = 0.

    References
    ----------
    Deribit support articles 25944826427293 and 25944738177565.

    Examples
    --------
    Without slope the plain inverse formula: 100000 * 1.01 / (0.2 + 2) = 45909.09.

    >>> deribit_inverse_price(Terms.of(side=1, quantity=100_000, entry_price=50_000, margin=0.2,
    ...                                maintenance_margin_rate=0.01)).round(2)
    array([45909.09])
    """
    s, q, e = terms.side, terms.quantity, terms.entry_price
    a = terms.maintenance_margin_slope * q * q
    b = (terms.maintenance_margin_rate + s) * q
    c = -(terms.margin + terms.extra_margin + terms.deduction + s * q / e)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.copysign(np.sqrt(b * b - 4 * a * c), b)
        far = _positive_or_inf(-(b + r) / (2 * a))
        cancels = 4 * np.abs(a * c) < _CANCELS * b * b
        near = _positive_or_inf(np.where(cancels, -2 * c / (b + r), (r - b) / (2 * a)))
        u = np.where(np.abs(far - 1 / e) < np.abs(near - 1 / e), far, near)
        return real_price(1 / u, e)


def _positive_or_inf(root: FloatArray) -> FloatArray:
    return np.where(root > 0, root, np.inf)


def hedged_cross_price(margin: ArrayLike, long: Terms, short: Terms) -> FloatArray:
    """Return the one liquidation price that a long and a short share in hedge mode, cross margin.

    Parameters
    ----------
    margin : array_like, shape (n,)
        Wallet balance less maintenance margin plus unrealised profit of all other positions, quote.
    long, short : Terms
        The two legs; their `margin` is not used, a quantity may be 0.

    Returns
    -------
    ndarray, shape (n,)
        Quote per base, NaN where there is none, e.g. for two equal legs without rates.

    Notes
    -----
    ``(M + D_L + D_S - q_L E_L + q_S E_S) / (q_L m_L + q_S m_S - q_L + q_S)``.

    References
    ----------
    Binance FAQ b3c689c1f50a44cabb3a84e663b81d93 (USD-M, hedge mode).

    Examples
    --------
    Long 2 and short 1 at 100 move like one long of 1, but both legs need maintenance margin:
    (20 - 200 + 100) / (0.02 + 0.01 - 2 + 1) = 82.47.

    >>> leg = {"entry_price": 100, "maintenance_margin_rate": 0.01}
    >>> hedged_cross_price(20, Terms.of(quantity=2, **leg), Terms.of(quantity=1, **leg)).round(2)
    array([82.47])
    """
    up, down = long.quantity, short.quantity
    with np.errstate(divide="ignore", invalid="ignore"):
        price = (
            np.asarray(margin, float)
            + (long.deduction + short.deduction)
            + (down * short.entry_price - up * long.entry_price)
        ) / (up * (long.maintenance_margin_rate - 1) + down * (short.maintenance_margin_rate + 1))
    return real_price(price, np.maximum(long.entry_price, short.entry_price))
