"""Parameters in the form the compiled loops read, for one bar length and one market."""

import math
from typing import Final, Literal

from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.kernel.bars import Rules
from liqbands.parameters import Parameters
from liqbands.sessions import session_bars_per_day
from liqbands.timeframes import MINUTE_MS

Basis = Literal["open_interest", "volume"]

LONG_BAR_MS: Final = 15 * MINUTE_MS
"""From here up a bar is wide enough for entries and liquidations inside it."""

NEAR: Final = 0.01
"""Log distance within which reported liquidations are looked for beyond the predicted ones."""

RANGE_DAYS: Final = 14
VOLUME_DAYS: Final = 7


def make_rules(
    instrument: Instrument,
    parameters: Parameters,
    grid: PriceGrid,
    timeframe_ms: int,
    mean_hazard: FloatArray,
) -> Rules:
    """Return the rules for bars of one length.

    Parameters
    ----------
    instrument : Instrument
        Its session says how many bars make a day.
    parameters : Parameters
        The settings.
    grid : PriceGrid
        Gives the width of a bin.
    timeframe_ms : int
        Length of a bar, milliseconds.
    mean_hazard : ndarray, shape (2,)
        The stationary book's mean hazard, long and short.

    Returns
    -------
    Rules
        Bare numbers and flags.

    Notes
    -----
    Without open interest a position is closed at the rate ``ln 2 / half-life`` per trading day
    at average volume; time that the market is shut does not count.
    """
    long_bar = timeframe_ms >= LONG_BAR_MS
    per_day = session_bars_per_day(instrument.session, timeframe_ms)
    clock = math.log(2) / (parameters.half_life_days * per_day * float(mean_hazard.mean()))
    return Rules(
        step=grid.step,
        bar_ms=timeframe_ms,
        participation=parameters.participation,
        taker_weight=parameters.taker_weight,
        candle_weight=parameters.candle_weight,
        wick_retention=parameters.wick_retention,
        gross_flow=parameters.gross_flow,
        taker_split=parameters.taker_split,
        three_points=parameters.three_point_entry and long_bar,
        in_bar=parameters.in_bar and long_bar,
        sweep=parameters.sweep,
        mark_sweep=parameters.mark_sweep,
        realised=parameters.realised,
        closing=parameters.hazards != "off",
        conserving=parameters.conserving,
        near_bins=math.ceil(NEAR / grid.step),
        clock_per_bar=clock,
        volume_decay=1 - 2 ** (-1 / (VOLUME_DAYS * per_day)),
    )


def range_decay(instrument: Instrument, timeframe_ms: int) -> float:
    """Return the weight of a new bar in the average range of two weeks.

    Parameters
    ----------
    instrument : Instrument
        Its session says how many bars make a day.
    timeframe_ms : int
        Length of a bar, milliseconds.

    Returns
    -------
    float
        In (0, 1].
    """
    per_day = session_bars_per_day(instrument.session, timeframe_ms)
    return min(1.0, 1 / (RANGE_DAYS * per_day))
