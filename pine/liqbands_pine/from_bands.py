"""The engine's bands as levels: prices on the tick, notional in thousand dollars."""

import math
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from liqbands.levels import Band
from liqbands.timeframes import MINUTE_MS
from liqbands_pine.levels import Level

_SIGNIFICANT: Final = 7
"""Digits of a price whose tick size is not known."""


def levels_from(bands: Sequence[Band], tick_size: float | None, time_ms: int) -> tuple[Level, ...]:
    """Return bands as levels.

    Parameters
    ----------
    bands : sequence of Band
        Of one book, in quote currency.
    tick_size : float or None
        Price step; None keeps seven significant digits.
    time_ms : int
        What time the book stands for, UTC milliseconds.

    Returns
    -------
    tuple of Level
        Bands under a thousand dollars are left out.

    Raises
    ------
    ValueError
        If the bands are relative: without open interest there are no dollars.
    """
    if any(band.unit == "relative" for band in bands):
        raise ValueError("levels need bands in quote currency, these are relative")
    return tuple(
        _level(band, tick_size, time_ms) for band in bands if round(band.notional / 1000) >= 1
    )


def price_step(price: float, tick_size: float | None) -> Decimal:
    """Return the step to which prices are rounded.

    Parameters
    ----------
    price : float
        A price of the instrument, positive.
    tick_size : float or None
        Its step, if known.

    Returns
    -------
    Decimal
        The tick, or a power of ten that leaves seven digits.

    Examples
    --------
    >>> price_step(64_000.0, 0.1), price_step(0.00001234, None)
    (Decimal('0.1'), Decimal('1E-11'))
    """
    if tick_size is not None:
        return Decimal(repr(tick_size))
    return Decimal(1).scaleb(math.floor(math.log10(price)) + 1 - _SIGNIFICANT)


def _level(band: Band, tick_size: float | None, time_ms: int) -> Level:
    step = price_step(band.low, tick_size)
    low = (Decimal(repr(band.low)) / step).to_integral_value(ROUND_FLOOR) * step
    high = (Decimal(repr(band.high)) / step).to_integral_value(ROUND_CEILING) * step
    return Level(
        side=band.side,
        low=max(low, step),
        high=max(high, low + step, 2 * step),
        notional=round(band.notional / 1000),
        strength=round(100 * band.strength),
        leverage=_dominant_leverage(band),
        age_minutes=max(0, (time_ms - band.first_seen_ms) // MINUTE_MS),
    )


def _dominant_leverage(band: Band) -> int:
    """Return the upper leverage of the layer that holds most, e.g. 50 of ``"25-50x"``."""
    if not band.leverage_notional:
        return 0
    layer = max(band.leverage_notional, key=lambda name: band.leverage_notional[name])
    digits = "".join(sign if sign.isdigit() else " " for sign in layer).split()
    return int(digits[-1]) if digits else 0
