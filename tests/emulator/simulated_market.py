"""A world of the simulated exchange as minutes; its scripted event comes soon after the start."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from tests.emulator.contracts import find_coin
from tests.emulator.minutes import CoinMinutes
from tests.emulator.random_market import funding_by_chance

from liqbands.sim import find_world, record, with_liquidations

EVENT_AFTER_DAYS = 1 / 24
"""How long after the start of play the crash or the squeeze begins."""


def simulated_market(
    world: str, coins: Sequence[str], seed: int, start_ms: int, days: tuple[float, int]
) -> dict[str, CoinMinutes]:
    """Return minutes of each coin from a whole day on; `days` are before the start, and in all."""
    return {coin: _minutes(world, coin, seed + k, start_ms, days) for k, coin in enumerate(coins)}


def _minutes(
    world: str, coin: str, seed: int, start_ms: int, days: tuple[float, int]
) -> CoinMinutes:
    played = find_world(world)
    if played.event is not None:
        played = replace(played, event=replace(played.event, day=days[0] + EVENT_AFTER_DAYS))
    venue = record(played, seed, days[1]).venues[0]
    bars = with_liquidations(venue.candles, venue.closings.liquidations())
    scale = find_coin(coin).price / float(bars.close[0])
    n = len(bars)
    return CoinMinutes(
        start_ms,
        bars.open * scale,
        bars.high * scale,
        bars.low * scale,
        bars.close * scale,
        bars.volume / scale,
        bars.taker_buy_volume / np.maximum(bars.volume, 1e-12),
        bars.open_interest / scale,
        bars.long_liquidated / scale,
        bars.short_liquidated / scale,
        funding_by_chance(start_ms, n, np.random.default_rng(seed)),
    )
