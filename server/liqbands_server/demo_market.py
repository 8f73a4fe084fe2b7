"""A small generated market for demonstrations without data: the same seed, the same bars.

Everything here is simulated: prices in USDT, volume and open interest in contracts of one coin.
"""

from typing import Final

import numpy as np

from liqbands.instrument import FloatArray, Instrument
from liqbands.market_data import Candles
from liqbands.timeframes import HOUR_MS

SEED: Final = 20251010
FIRST_OPEN_MS: Final = 1_735_689_600_000  # 2025-01-01, as round as any
START_PRICE: Final = 50_000.0
START_OPEN_INTEREST: Final = 40_000.0
HOURLY_VOLATILITY: Final = 0.0045
JUMPS_PER_BAR: Final = 1 / 250
_SUBSTEPS: Final = 12

SIMULATED = Instrument(venue="simulated", symbol="SIM/USDT:USDT", tick_size=0.1)


def demo_market(n_bars: int = 2160, seed: int = SEED) -> tuple[Candles, Instrument]:
    """Generate hourly bars of a perpetual contract that does not exist.

    Parameters
    ----------
    n_bars : int
        How many bars, at least 2; the default is ninety days.
    seed : int
        Of the random numbers.

    Returns
    -------
    tuple of Candles and Instrument
        Bars with volume, taker flow and open interest; venue ``"simulated"``.

    Raises
    ------
    ValueError
        If fewer than two bars are asked for.

    Notes
    -----
    The logarithm of the price is a random walk in twelve steps a bar.  Its variance follows
    GARCH(1, 1), ``v' = 0.04 w + 0.10 r^2 + 0.86 v``, and jumps, mostly down, arrive at random.
    Volume rises with the size of the move, takers buy more in rising bars, open interest grows
    in calm bars and shrinks in wild ones.

    Examples
    --------
    >>> candles, instrument = demo_market(48)
    >>> len(candles), instrument.ticker
    (48, 'SIMULATED:SIMUSDT')
    """
    if n_bars < 2:
        raise ValueError(f"n_bars must be at least 2, was {n_bars}")
    random = np.random.default_rng(seed)
    path, returns = _price_path(random, n_bars)
    move = np.abs(returns) / HOURLY_VOLATILITY
    volume = 900 * np.exp(0.55 * np.minimum(move, 4) + random.normal(0, 0.35, n_bars))
    buying = 0.5 + 0.12 * np.tanh(returns / HOURLY_VOLATILITY) + random.normal(0, 0.02, n_bars)
    candles = Candles.from_arrays(
        FIRST_OPEN_MS + HOUR_MS * np.arange(n_bars),
        open=path[:, 0],
        high=path.max(axis=1),
        low=path.min(axis=1),
        close=path[:, -1],
        volume=volume,
        taker_buy_volume=volume * np.clip(buying, 0.05, 0.95),
        open_interest=_open_interest(random, move),
        timeframe_ms=HOUR_MS,
    )
    return candles, SIMULATED


def _price_path(random: np.random.Generator, n_bars: int) -> tuple[FloatArray, FloatArray]:
    """Return the prices inside every bar, shape (n_bars, 13), and the bars' log returns."""
    noise = random.standard_t(5, (n_bars, _SUBSTEPS)) * np.sqrt(3 / 5 / _SUBSTEPS)
    jumps = random.normal(-0.012, 0.035, n_bars) * (random.random(n_bars) < JUMPS_PER_BAR)
    when = random.integers(0, _SUBSTEPS, n_bars)
    variance = usual = HOURLY_VOLATILITY**2
    steps = np.empty((n_bars, _SUBSTEPS))
    for i in range(n_bars):
        steps[i] = noise[i] * np.sqrt(variance)
        steps[i, when[i]] += jumps[i]
        variance = 0.04 * usual + 0.10 * steps[i].sum() ** 2 + 0.86 * variance
    walk = np.cumsum(np.concatenate([[0.0], steps.ravel()]))
    inside = np.arange(n_bars)[:, None] * _SUBSTEPS + np.arange(_SUBSTEPS + 1)
    return START_PRICE * np.exp(walk[inside]), steps.sum(axis=1)


def _open_interest(random: np.random.Generator, move: FloatArray) -> FloatArray:
    """Return contracts open at each close: grown in calm bars, shed in wild ones, drawn home."""
    growth = 0.004 - 0.004 * np.minimum(move, 12) ** 1.3 + random.normal(0, 0.004, len(move))
    level = 0.0
    levels = np.empty(len(move))
    for i, change in enumerate(growth):
        level += change - 0.01 * level
        levels[i] = level
    return START_OPEN_INTEREST * np.exp(levels)
