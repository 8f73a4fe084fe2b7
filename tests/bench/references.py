"""What the engine's speed is measured against, and the markets it is measured on.

`ten_spikes` is the least that a liquidation map can do: ten leverages, sweep, proportional
removal by a lazy decay, two bins per deposit; nothing is conserved.  `dense` does the same as
open tools do it: every bin of every leverage is touched at every bar.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from liqbands import Candles

FloatArray = NDArray[np.float64]

MINUTE_MS = 60_000
STEP = 5e-4
LEVERAGES = np.array([5.0, 10.0, 20.0, 25.0, 33.0, 40.0, 50.0, 75.0, 100.0, 125.0])
OFFSETS = np.floor(-np.log(1 - 1 / LEVERAGES + 0.004) / STEP).astype(np.int64) + 1


def minutes(n_bars: int, seed: int = 1) -> Candles:
    """Make a one-minute market: 2.3 % a day, fat tails, wicks, open interest, taker flow."""
    rng = np.random.default_rng(seed)
    close = 60_000 * np.exp(np.cumsum(rng.standard_t(4, n_bars) * 0.0006 / np.sqrt(2)))
    opened = np.r_[60_000.0, close[:-1]]
    wick = np.abs(rng.normal(0, 0.00024, (2, n_bars)))
    volume = rng.lognormal(4, 1, n_bars)
    return Candles.from_arrays(
        1_700_000_040_000 + np.arange(n_bars) * MINUTE_MS,
        open=opened,
        high=np.maximum(opened, close) * np.exp(wick[0]),
        low=np.minimum(opened, close) * np.exp(-wick[1]),
        close=close,
        volume=volume,
        open_interest=80_000 * np.exp(np.cumsum(rng.normal(0, 0.0004, n_bars))),
        taker_buy_volume=volume * rng.uniform(0.3, 0.7, n_bars),
    )


def inputs(candles: Candles) -> tuple[FloatArray, ...]:
    """Return what both references read: lows, highs, entries as bins, and volume."""
    low, high = np.log(candles.low) / STEP, np.log(candles.high) / STEP
    entry = np.log((candles.high + candles.low + candles.close) / 3) / STEP
    origin = entry.min() - 3_000
    return low - origin, high - origin, entry - origin, candles.volume


@numba.njit(cache=True, error_model="numpy")
def ten_spikes(
    low: FloatArray, high: FloatArray, entry: FloatArray, volume: FloatArray, offsets: Any
) -> Any:
    """Walk all bars; return the bins of both sides."""
    n_bins = int(entry.max()) + 3_000
    field = np.zeros((2, offsets.size, n_bins))
    growth = np.ones((2, offsets.size))
    frontier = np.array([-1, n_bins])
    for i in range(low.size):
        first, last = int(np.ceil(low[i] - 0.5)), int(np.floor(high[i] - 0.5))
        for k in range(offsets.size):
            for b in range(first, frontier[0] + 1):
                field[0, k, b] = 0.0
            for b in range(frontier[1], last + 1):
                field[1, k, b] = 0.0
        frontier[0], frontier[1] = min(frontier[0], first - 1), max(frontier[1], last + 1)
        e = int(entry[i])
        for s in range(2):
            for k in range(offsets.size):
                growth[s, k] *= 1.0002
                b = e - offsets[k] if s == 0 else e + offsets[k]
                field[s, k, b] += 0.5 * volume[i] * growth[s, k]
                field[s, k, b + 1] += 0.5 * volume[i] * growth[s, k]
        frontier[0] = max(frontier[0], e - offsets[offsets.size - 1] + 1)
        frontier[1] = min(frontier[1], e + offsets[offsets.size - 1])
    return field.sum(axis=1)


@numba.njit(cache=True, error_model="numpy")
def dense(
    low: FloatArray, high: FloatArray, entry: FloatArray, volume: FloatArray, offsets: Any
) -> Any:
    """Walk all bars, touching 2,000 bins of every leverage each time."""
    n_bins = 2_000
    field = np.zeros((2, offsets.size, n_bins))
    shift = entry[0] - n_bins / 2
    for i in range(low.size):
        first, last = low[i] - shift, high[i] - shift
        e = int(entry[i] - shift)
        for s in range(2):
            for k in range(offsets.size):
                for b in range(n_bins):
                    field[s, k, b] *= 0.9998
                    if (s == 0 and b + 0.5 >= first) or (s == 1 and b + 0.5 <= last):
                        field[s, k, b] = 0.0
                b = e - offsets[k] if s == 0 else e + offsets[k]
                if 0 <= b < n_bins:
                    field[s, k, b] += volume[i]
    return field.sum(axis=1)
