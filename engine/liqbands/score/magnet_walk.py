"""The magnet test's trials of a model that walks forward over bars."""

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import Instrument
from liqbands.score.magnet import (
    DailyLevels,
    MarkBars,
    Trials,
    band_pairs,
    choose_pair,
    pair_distances,
    run_trials,
)
from liqbands.score.marks import MarkPrices
from liqbands.score.types import ModelFactory
from liqbands.score.withheld import walk_forward
from liqbands.timeframes import DAY_MS


def magnet_trials(
    factory: ModelFactory,
    instrument: Instrument,
    candles: Candles,
    from_ms: int,
    cluster: int = 0,
) -> Trials:
    """Ask a model once a day for its level pair, and watch which is touched first.

    Parameters
    ----------
    factory : ModelFactory
        Makes the model.
    instrument : Instrument
        What the bars are of.
    candles : Candles
        Closed bars; the days after the last map are watched too.
    from_ms : int
        No map is asked before, UTC milliseconds.
    cluster : int
        Which market path; coins of one market have the same.

    Returns
    -------
    Trials
        Of `run_trials`.
    """
    levels = daily_levels(factory, instrument, candles, from_ms)
    return run_trials(levels, mark_bars(candles), cluster)


def daily_levels(
    factory: ModelFactory, instrument: Instrument, candles: Candles, from_ms: int
) -> DailyLevels:
    """Ask a model once a day for the pair of levels that stands out most.

    Parameters
    ----------
    factory : ModelFactory
        Makes the model.
    instrument : Instrument
        What the bars are of.
    candles : Candles
        Closed bars.
    from_ms : int
        No map is asked before, UTC milliseconds.

    Returns
    -------
    DailyLevels
        One pair for each midnight (UTC) at which a bar closes.

    Raises
    ------
    ValueError
        If there is no such midnight.
    """
    closes = candles.open_time_ms + candles.timeframe_ms
    stops = np.flatnonzero((closes % DAY_MS == 0) & (closes >= from_ms)) + 1
    if not len(stops):
        raise ValueError("the magnet test needs a bar that closes at midnight after the warm-up")
    marks = MarkPrices.of(candles).close[stops - 1]
    grid = PriceGrid.of(instrument.market)
    above = np.zeros((len(stops), len(pair_distances())))
    below = above.copy()
    walk = walk_forward(factory, instrument, candles, stops.tolist())
    for day, (_, model) in enumerate(walk):
        above[day], below[day] = band_pairs(model.standing, float(marks[day]), grid)
    distance, contrast = choose_pair(above, below)
    return DailyLevels(closes[stops - 1], marks, distance, contrast)


def mark_bars(candles: Candles) -> MarkBars:
    """Return the mark price of bars, the last price where there is none.

    Parameters
    ----------
    candles : Candles
        The bars.

    Returns
    -------
    MarkBars
        As the magnet test watches them.
    """
    marks = MarkPrices.of(candles)
    return MarkBars(candles.open_time_ms, marks.high, marks.low, marks.close, candles.timeframe_ms)
