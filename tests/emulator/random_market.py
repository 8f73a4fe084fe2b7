"""A light market by chance: trends, quiet times and sudden moves with liquidations, within ms."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from tests.emulator.contracts import Coin, find_coin
from tests.emulator.minutes import MINUTE_MS, CoinMinutes, Floats

_SIGMA: Final = 0.0006
_HOUR: Final = 60
_FUNDING_MS: Final = 8 * 3_600_000


def random_market(
    coins: Sequence[str], seed: int, start_ms: int, n_minutes: int
) -> dict[str, CoinMinutes]:
    """Return minutes of each coin."""
    together = _returns(np.random.default_rng([seed, 0]), n_minutes)
    return {
        name: _coin_minutes(find_coin(name), together, np.random.default_rng([seed, k]), start_ms)
        for k, name in enumerate(coins, start=1)
    }


def _returns(chance: np.random.Generator, n: int) -> Floats:
    returns = chance.standard_t(4, n) * _SIGMA * 0.7
    for start in range(int(chance.integers(0, 3 * _HOUR)), n, 5 * _HOUR):
        length = int(chance.integers(4, 15))
        returns[start : start + length] += chance.normal(0, 0.012) / length
    return returns


def _coin_minutes(
    coin: Coin, together: Floats, chance: np.random.Generator, start_ms: int
) -> CoinMinutes:
    n = len(together)
    returns = 0.8 * together + chance.normal(0, _SIGMA * 0.5, n)
    close = coin.price * np.exp(np.cumsum(returns))
    opened = np.concatenate([[coin.price], close[:-1]])
    wick = np.abs(chance.normal(0, _SIGMA * 0.6, (2, n)))
    size = np.abs(returns) / _SIGMA
    volume = coin.volume * np.exp(chance.normal(-0.3, 0.5, n)) * (0.6 + 0.6 * size)
    return CoinMinutes(
        start_ms,
        opened,
        np.maximum(opened, close) * (1 + wick[0]),
        np.minimum(opened, close) * (1 - wick[1]),
        close,
        volume,
        np.clip(0.5 + 0.1 * np.tanh(returns / _SIGMA) + chance.normal(0, 0.03, n), 0.3, 0.7),
        _open_interest(coin, size, chance),
        _liquidated(volume, -returns, chance),
        _liquidated(volume, returns, chance),
        funding_by_chance(start_ms, n, chance),
    )


def _open_interest(coin: Coin, size: Floats, chance: np.random.Generator) -> Floats:
    changes = chance.normal(0, 0.0004, len(size)) - 0.0006 * np.maximum(size - 4, 0)
    level, levels = 0.0, np.empty(len(size))
    for i, change in enumerate(changes.tolist()):
        level = 0.9995 * level + change
        levels[i] = level
    return np.asarray(coin.open_interest * np.exp(levels))


def _liquidated(volume: Floats, adverse: Floats, chance: np.random.Generator) -> Floats:
    pressure = np.maximum(adverse / _SIGMA - 0.5, 0)
    happens = chance.random(len(volume)) < np.minimum(0.15 + 0.3 * pressure, 1)
    return np.asarray(happens * volume * np.minimum(0.001 + 0.004 * pressure**1.5, 0.25))


def funding_by_chance(start_ms: int, n: int, chance: np.random.Generator) -> dict[int, float]:
    """Return a rate for every eighth hour."""
    first = -(-start_ms // _FUNDING_MS) * _FUNDING_MS
    times = range(first, start_ms + n * MINUTE_MS + _FUNDING_MS, _FUNDING_MS)
    return {time: round(float(chance.normal(1e-4, 5e-5)), 8) for time in times}
