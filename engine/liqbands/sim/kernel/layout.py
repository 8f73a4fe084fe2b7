"""The arrays of a simulated exchange, and what stands in which row or column.

Amounts are contracts of size 1: base units (linear) or quote units of face value (inverse).
Prices are quote per base.  A position is a row of ``number`` and ``label``; its four triggers
are nodes ``4 * row + kind`` of doubly linked lists, one list per price bin and direction and one
per minute of expiry, so that a trigger is set and removed in constant time.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray

IntArray = NDArray[np.int64]

NONE: Final = -1

BIN: Final = 1e-4
"""Log width of a trigger list, one basis point."""
REACH: Final = 3.0
"""Log distance from the starting price that triggers can have; beyond it there are none."""
N_BINS: Final = 60_000
WHEEL_MINUTES: Final = 60 * 24 * 60
"""Longest holding time, one minute per list."""
MINUTE: Final = 60_000
DAY: Final = 86_400_000

# Columns of `Market.number`: one row a position.
ENTRY: Final = 0
SIZE: Final = 1
MARGIN: Final = 2
"""What backs the position, settlement currency."""
RESERVE: Final = 3
"""Wealth outside the position that could be added, settlement currency."""
OPENED_MS: Final = 4
LIQUIDATION: Final = 5
STOP: Final = 6
"""Stop price, or the price at which margin is added where ADDS is set; NaN without."""
TARGET: Final = 7
LEVERAGE: Final = 8
"""Nominal leverage, as the trader chose it."""
N_NUMBERS: Final = 9

# Columns of `Market.label`.
SIDE: Final = 0
"""+1 long, -1 short; 0 is a free row."""
VENUE: Final = 1
COHORT: Final = 2
ADDS: Final = 3
"""1: STOP is where the trader adds margin, once."""
N_LABELS: Final = 4

# Kinds of trigger, and of event.
LIQUIDATED: Final = 0
STOPPED: Final = 1
TOOK_PROFIT: Final = 2
EXPIRED: Final = 3
DELEVERAGED: Final = 4

# Columns of `Market.link`.
NEXT: Final = 0
BEFORE: Final = 1
HEAD: Final = 2
"""Index into `Market.heads`, NONE when the trigger is not set."""

DOWN: Final = 0
UP: Final = 1

# Columns of `Market.venue`: what changes.
LAST: Final = 0
MARK: Final = 1
TRANSIENT: Final = 2
"""Log displacement by orders, decaying."""
BASIS: Final = 3
"""Log premium of the contract over the index, less the transient part."""
MEAN_BASIS: Final = 4
PREMIUM_SUM: Final = 5
PREMIUM_COUNT: Final = 6
FUNDING: Final = 7
FRONTIER_DOWN: Final = 8
FRONTIER_UP: Final = 9
"""Highest and lowest trigger bin of the mark since triggers were last looked at."""
HEDGED: Final = 10
"""Contracts held both ways by hedgers and arbitrageurs."""
OPEN_LONG: Final = 11
OPEN_SHORT: Final = 12
"""Contracts of traders that can be liquidated or have at least a margin."""
INVENTORY: Final = 13
"""Contracts of the market makers, long positive."""
N_VENUE: Final = 14

# Columns of `Market.cash`: settlement currency, gained since the start; they add up to zero
# together with what open positions would realise.
TRADERS: Final = 0
MAKERS: Final = 1
FUND: Final = 2
"""Insurance fund, without what it was given at the start."""
FEES: Final = 3
N_CASH: Final = 4

# Columns of `Market.rule`: what the venue prescribes and does not change.
SHARE: Final = 0
"""Share of the orders that go to this venue."""
TAKER_FEE: Final = 1
INVERSE: Final = 2
FEE_IN_RULE: Final = 3
"""Closing fee that enters the liquidation price."""
ENDOWMENT: Final = 4
"""The insurance fund at the start, settlement currency."""
BASIS_MEAN: Final = 5
MAX_LEVERAGE: Final = 6
BOUNDS_OF_SIZE: Final = 7
"""1: tiers are bounded by contracts, not by their value."""
N_RULE: Final = 8

# Columns of `Market.tier`, lowest first.
UPPER: Final = 0
RATE: Final = 1
DEDUCTION: Final = 2
N_TIER: Final = 3

# Columns of `Market.cohort`.
WEIGHT: Final = 0
"""Share of the orders."""
MEDIAN_SIZE: Final = 1
"""Quote currency."""
SIZE_SPREAD: Final = 2
CROSS: Final = 3
DILUTION: Final = 4
"""Median of the account's further wealth over the position's margin (cross margin)."""
STOPS: Final = 5
TARGETS: Final = 6
HOLDING: Final = 7
"""Mean holding time at 10x, hours."""
MOMENTUM: Final = 8
CONTRARIAN: Final = 9
N_COHORT: Final = 10

# Entries of `Market.common`.
FAIR: Final = 0
"""Log of the price on which all venues agree."""
SPOT: Final = 1
"""Log of the index."""
VOLATILITY: Final = 2
"""Log of the volatility over its usual value."""
HEAT: Final = 3
"""Recent squared returns over their usual value."""
SENTIMENT: Final = 4
ACTIVITY: Final = 5
RETURN_1H: Final = 6
RETURN_1D: Final = 7
START_LOG: Final = 8
BURST: Final = 9
"""Log of the volatility of this minute over that of its time."""
TREND: Final = 10
"""Recent returns as momentum traders see them, in [-1, 1]."""
UNREST: Final = 11
"""Volatility over its usual value, after the step's own move."""
N_COMMON: Final = 12

# Entries of `Market.counter`.
TIME_MS: Final = 0
N_FREE: Final = 1
N_EVENTS: Final = 2
N_BARS: Final = 3
N_OPENED: Final = 4
N_MINUTES: Final = 5
N_COUNT: Final = 6

# Rows of `Market.extreme`: look-backs; columns: lowest and highest.
LOOK_BACKS: Final = (60, 240, 1440)
"""Minutes."""
LOWEST: Final = 0
HIGHEST: Final = 1

# Columns of `Market.bar` and `Market.bars`.
OPEN: Final = 0
HIGH: Final = 1
LOW: Final = 2
CLOSE: Final = 3
VOLUME: Final = 4
QUOTE_VOLUME: Final = 5
TAKER_BUY: Final = 6
OPEN_INTEREST: Final = 7
FUNDING_RATE: Final = 8
MARK_HIGH: Final = 9
MARK_LOW: Final = 10
MARK_CLOSE: Final = 11
LONG_LIQUIDATED: Final = 12
SHORT_LIQUIDATED: Final = 13
INDEX_CLOSE: Final = 14
N_BAR: Final = 15

# Columns of `Market.event`.
E_TIME: Final = 0
E_KIND: Final = 1
E_SIDE: Final = 2
E_VENUE: Final = 3
E_PRICE: Final = 4
"""Price of the trade."""
E_LEVEL: Final = 5
"""Price of the trigger."""
E_SIZE: Final = 6
E_LEVERAGE: Final = 7
E_AGE_MS: Final = 8
E_MARK: Final = 9
E_LAST: Final = 10
N_EVENT: Final = 11


class Settings(NamedTuple):
    """Bare numbers of a world; `liqbands.sim.world` documents them."""

    step_ms: int
    start_ms: int
    daily_volatility: float
    volatility_spread: float
    fat_tail: float
    jumps_per_day: float
    jump_size: float
    drift: float
    reversion: float
    daily_cycle: float
    depth: float
    permanent_impact: float
    transient_impact: float
    decay: float
    depth_shyness: float
    orders_per_day: float
    long_bias: float
    herding: float
    taker_share: float
    churn: float
    hedged: float
    leverage_spread: float
    leverage_drift: float
    caution: float
    adds_margin: float
    holding_exponent: float
    event_start_ms: int
    event_ms: int
    event_move: float
    event_depth: float


class Market(NamedTuple):
    """Everything that a running exchange remembers."""

    number: FloatArray
    label: IntArray
    link: IntArray
    free: IntArray
    fired: IntArray
    heads: IntArray
    venue: FloatArray
    cash: FloatArray
    rule: FloatArray
    tier: FloatArray
    cohort: FloatArray
    menu: FloatArray
    taste: FloatArray
    leverage: FloatArray
    mood: FloatArray
    common: FloatArray
    minute: FloatArray
    extreme: FloatArray
    counter: IntArray
    bar: FloatArray
    bars: FloatArray
    event: FloatArray
