"""The simulated market of demonstrations without data: the same seed, the same bars."""

from dataclasses import replace
from typing import Final

from liqbands.instrument import Instrument
from liqbands.market_data import Candles
from liqbands.score.longer_bars import longer_bars
from liqbands.sim import START_MS, Exchange, find_world
from liqbands.timeframes import DAY_MS, HOUR_MS
from liqbands_server.live.simulated_market import BURN_IN_DAYS, WORLD

SEED: Final = 26
"""Forty days that move as real ones do: 4 % a day, never more than a tenth."""

_STEP_MS: Final = 10_000  # coarser than live, and ten times as fast


def demo_market(n_bars: int = 960, seed: int = SEED) -> tuple[Candles, Instrument]:
    """Play a simulated exchange and return its hourly bars.

    Parameters
    ----------
    n_bars : int
        How many bars, at least 2; the default is forty days.
    seed : int
        Of all its chance.

    Returns
    -------
    tuple of Candles and Instrument
        Bars with everything that a venue publishes; venue ``"simulated"``.

    Raises
    ------
    ValueError
        If fewer than two bars are asked for.

    Examples
    --------
    >>> candles, instrument = demo_market(3)
    >>> len(candles), instrument.ticker
    (3, 'SIMULATED:SIMUSDT')
    """
    if n_bars < 2:
        raise ValueError(f"n_bars must be at least 2, was {n_bars}")
    exchange = Exchange(
        replace(find_world(WORLD), step_ms=_STEP_MS), seed, START_MS - BURN_IN_DAYS * DAY_MS
    )
    exchange.advance_to(START_MS)
    exchange.take_candles(0)
    exchange.advance_to(START_MS + n_bars * HOUR_MS)
    minutes = exchange.take_candles(0)
    if minutes is None:
        raise ValueError(f"no minute has passed in {n_bars} bars")
    return longer_bars(minutes, HOUR_MS), exchange.instrument(0)
