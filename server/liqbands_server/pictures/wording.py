"""Numbers and phrases as they are written on pictures and in tables.

Notional is in the quote currency or relative; times are UTC milliseconds.
"""

import math
from datetime import UTC, datetime
from typing import Final

import numpy as np

from liqbands.results import Quantity, Unit

_QUANTITIES: Final[dict[Quantity, str]] = {
    "standing": "Standing notional: open positions, by the price that liquidates them",
    "expected": "Expected liquidations: what would really be force-closed, by price",
}
_DOLLARS = {"USD", "USDT", "USDC", "FDUSD", "TUSD", "DAI", "BUSD"}
_POWERS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def quantity_phrase(quantity: Quantity, unit: Unit) -> str:
    """Return what is counted, and from what it was estimated.

    Parameters
    ----------
    quantity : {"standing", "expected"}
        What is counted.
    unit : {"quote", "relative"}
        Whether there are amounts.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> quantity_phrase("standing", "relative")
    'Standing positions by the price that closes them, estimated from price alone: shares only'
    """
    if unit == "relative" and quantity == "standing":
        return (
            "Standing positions by the price that closes them, "
            "estimated from price alone: shares only"
        )
    return _QUANTITIES[quantity]


def short_number(value: float) -> str:
    """Return a number in three digits with K, M, B or T.

    Parameters
    ----------
    value : float
        Any finite number.

    Returns
    -------
    str
        For example ``"12.3M"``.

    Examples
    --------
    >>> short_number(12_345_678), short_number(999.0), short_number(0.0), short_number(999_960)
    ('12.3M', '999', '0', '1M')
    """
    for power, letter in _POWERS:
        if abs(value) >= 0.9995 * power:
            return f"{float(f'{value / power:.3g}'):g}{letter}"
    return f"{value:.3g}"


def notional_text(value: float, unit: Unit, quote: str) -> str:
    """Return notional with its unit.

    Parameters
    ----------
    value : float
        Notional in quote currency, or a share of the book (1 is all of it) when relative.
    unit : {"quote", "relative"}
        Which of the two.
    quote : str
        Quote currency, e.g. ``"USDT"``; empty when unknown.

    Returns
    -------
    str
        A dollar sign for dollars and the coins pegged to them, a code behind for the rest.

    Examples
    --------
    >>> notional_text(12_345_678, "quote", "USDT"), notional_text(2e9, "quote", "JPY")
    ('$12.3M', '2B JPY')
    >>> notional_text(0.0123, "relative", "USD")
    '1.23%'
    """
    if unit == "relative":
        return f"{short_number(100 * value)}%"
    if quote in _DOLLARS:
        return f"${short_number(value)}"
    return f"{short_number(value)} {quote}".rstrip()


def price_text(price: float, step: float | None = None) -> str:
    """Return a price with as many decimals as its neighbours need.

    Parameters
    ----------
    price : float
        Quote per base, positive.
    step : float or None
        Distance to the next price that is written; None keeps five or more digits.

    Returns
    -------
    str
        With thousands separators.

    Examples
    --------
    >>> price_text(114_235.27), price_text(1.084213), price_text(104_000, step=2_000)
    ('114,235.3', '1.0842', '104,000')
    >>> price_text(1.275, step=0.025)
    '1.275'
    """
    if step is None:
        decimals = int(np.clip(5 - np.ceil(np.log10(price)), 1, 10))
    else:
        decimals = int(np.clip(-np.floor(np.log10(step) + 1e-9), 0, 10))
        # A step of 0.025 needs the third decimal, or its prices would be written wrong.
        decimals += not math.isclose(step * 10**decimals, round(step * 10**decimals), rel_tol=1e-6)
    return f"{price:,.{decimals}f}"


def minute_text(time_ms: int) -> str:
    """Return a moment to the minute.

    Parameters
    ----------
    time_ms : int
        UTC milliseconds.

    Returns
    -------
    str
        For example ``"2025-10-14 00:00 UTC"``.

    Examples
    --------
    >>> minute_text(0)
    '1970-01-01 00:00 UTC'
    """
    moment = datetime.fromtimestamp(time_ms / 1000, tz=UTC)
    return moment.strftime("%Y-%m-%d %H:%M UTC")
