"""The engine's bands as levels: prices on the tick, notional in thousand dollars."""

import math
import re
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from liqbands.levels import Band
from liqbands.results import Snapshot
from liqbands.timeframes import MINUTE_MS
from liqbands_pine.levels import USUAL_VALID_MINUTES, Level, Section, normal_symbol

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


def section_from(
    snapshot: Snapshot,
    bands: Sequence[Band],
    *,
    valid_minutes: int = USUAL_VALID_MINUTES,
    venues: Sequence[str] = (),
    missing: Sequence[str] = (),
    confidence: int | None = None,
) -> Section:
    """Return a book as the section of its symbol.

    Parameters
    ----------
    snapshot : Snapshot
        The book.
    bands : sequence of Band
        Those of its bands that are wanted, in quote currency.
    valid_minutes : int
        For how long after the book's time the levels count as fresh.
    venues, missing : sequence of str
        Venues in the sum, by default the book's own, and those missing or late.
    confidence : int, optional
        Stated confidence, 0 to 100.

    Returns
    -------
    Section
        Without aliases; `dataclasses.replace` adds them.

    Raises
    ------
    ValueError
        If the bands are relative: without open interest there are no dollars.
    """
    instrument = snapshot.instrument
    step = price_step(snapshot.mark, instrument.tick_size)
    symbol = normal_symbol(instrument.ticker)
    return Section(
        symbol=symbol,
        time_s=snapshot.time_ms // 1000,
        reference=max(step, (Decimal(repr(snapshot.mark)) / step).to_integral_value() * step),
        levels=levels_from(bands, instrument.tick_size, snapshot.time_ms),
        valid_minutes=valid_minutes,
        venues=tuple(venues) or (instrument.venue,),
        missing=tuple(missing),
        confidence=confidence,
        coins_per_unit=_coins_per_unit(symbol),
        sweep_rule="middle",  # the engine's own: a band ends when its densest price is reached
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
        leverage=band.dominant_leverage,
        age_minutes=max(0, (time_ms - band.first_seen_ms) // MINUTE_MS),
        uncertainty_percent=min(
            999, round(50 * (band.notional_high - band.notional_low) / band.notional)
        ),
    )


def _coins_per_unit(symbol: str) -> int:
    """Return 1000 for 1000PEPEUSDT, 1 for most."""
    thousands = re.match(r"10{3,6}(?=[A-Z])", symbol)
    return int(thousands[0]) if thousands else 1
