"""How long a book needs until hardly anything in it comes from its start."""

import math
from typing import Final

import numpy as np

from liqbands.ladder import Ladder
from liqbands.parameters import Parameters
from liqbands.placement import mean_hazard
from liqbands.rules import Basis
from liqbands.timeframes import DAY_MS

WARM: Final = 0.05
"""A book is warm when at most this share can still come from its start."""


def warm_up_ms(ladder: Ladder, parameters: Parameters, basis: Basis) -> int:
    """Return the trading time after which a book is warm at usual turnover.

    Parameters
    ----------
    ladder : Ladder
        Weights and hazards.
    parameters : Parameters
        Participation and usual turnover, or the half-life where there is no open interest.
    basis : {"open_interest", "volume"}
        What the book stands on.

    Returns
    -------
    int
        Milliseconds of trading time, rounded up to an hour; a market with more turnover is
        warm sooner, which `liqbands.Book.seed_share` tells exactly.

    Notes
    -----
    A tier keeps ``exp(-t f h_k / mean h)`` of its start after t days at turnover f, and held
    ``w_k ~ weight_k / h_k`` of it; solve ``sum(w_k exp(-t f h_k / mean h)) = 0.05``.

    Examples
    --------
    >>> from liqbands.instrument import Instrument
    >>> from liqbands.ladder import leverage_ladder
    >>> ladder = leverage_ladder(Instrument("binance", "BTC/USDT:USDT"), Parameters(), None)
    >>> round(warm_up_ms(ladder, Parameters(), "open_interest") / 86_400_000)
    5
    """
    turnover = parameters.participation * parameters.seed_turnover / 2
    if basis == "volume":
        turnover = math.log(2) / parameters.half_life_days
    speed = turnover * ladder.hazard / mean_hazard(ladder)[:, None]
    held = ladder.weight / ladder.hazard
    held /= held.sum(axis=1, keepdims=True)
    low, high = 0.0, 10_000.0
    for _ in range(60):
        middle = (low + high) / 2
        left = float((held * np.exp(-middle * speed)).sum(axis=1).max())
        low, high = (low, middle) if left < WARM else (middle, high)
    return math.ceil(high * 24) * DAY_MS // 24
