"""What a map adds to the explanation of liquidations that are known by the bar only.

Throttled feeds give totals per bar and no prices, and how far price went explains most of them.
So the model is fitted with and without the map's prediction, always on the past alone, and the
map is worth what it takes off the deviance.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.candles import Candles
from liqbands.grid import IntArray
from liqbands.instrument import FloatArray
from liqbands.score.blocks import Blocks
from liqbands.score.bootstrap import Statistic, block_bootstrap, paired_difference
from liqbands.score.deviance import deviance_skill, tweedie_deviance
from liqbands.score.hourly_columns import HourlyRows, log_above_floor
from liqbands.score.tweedie_glm import fit_tweedie
from liqbands.score.types import Figure
from liqbands.timeframes import DAY_MS

FIRST_FIT_MS: Final = 14 * DAY_MS
REFIT_MS: Final = 7 * DAY_MS


@dataclass(frozen=True, eq=False)
class HourlyScore:
    """Deviances of every bar and side that was predicted.

    Parameters
    ----------
    time_ms : ndarray of int64, shape (n,)
        Open time of the row's bar; longs first, then shorts.
    constant : ndarray, shape (n,)
        Deviance of the mean so far.
    base : ndarray, shape (n,)
        Deviance of the base columns.
    model : ndarray, shape (n,)
        Deviance of the base columns and the map.
    """

    time_ms: IntArray
    constant: FloatArray
    base: FloatArray
    model: FloatArray

    def over_base(self, n_resamples: int = 1_000, seed: int = 0) -> Figure:
        """Return by which share the map lowers the deviance of the base.

        Parameters
        ----------
        n_resamples, seed : int
            Size and seed of the bootstrap of whole days.

        Returns
        -------
        Figure
            0 is a map that adds nothing.
        """
        skill = _skill(self.model, self.base)
        return block_bootstrap(skill, Blocks.of_time(self.time_ms), n_resamples, seed)

    def base_over_constant(self, n_resamples: int = 1_000, seed: int = 0) -> Figure:
        """Return by which share the base lowers the deviance of the mean so far.

        Parameters
        ----------
        n_resamples, seed : int
            Size and seed of the bootstrap of whole days.

        Returns
        -------
        Figure
            How much is explained before any map is asked.
        """
        skill = _skill(self.base, self.constant)
        return block_bootstrap(skill, Blocks.of_time(self.time_ms), n_resamples, seed)


def score_hours(candles: Candles, predicted: FloatArray) -> HourlyScore:
    """Predict every bar's liquidations from the past, with and without a map.

    Parameters
    ----------
    candles : Candles
        Bars with volume and realised liquidations, hours as a rule.
    predicted : ndarray, shape (2, n_bars)
        What the map says is liquidated in each bar, longs and shorts, any unit; from data up to
        the bar's own close.

    Returns
    -------
    HourlyScore
        Rows of the first 14 days only teach; rows that lack anything are left out.

    Raises
    ------
    ValueError
        If the prediction has another shape, is negative or not finite, if nothing is left to
        score, or if nothing was realised in the first 14 days.
    ArithmeticError
        If a fit does not converge.

    Notes
    -----
    Tweedie regression of power 1.5 with a log link and a penalty of 0.001, both sides stacked,
    columns standardised on the training part, refitted every 7 days on all that is past (model
    description, 8.3).  Column of the map: ``ln(x + 0.001 mean x)``, mean of the training part.
    """
    _require_amounts(predicted, len(candles))
    rows = HourlyRows.of(candles)
    usable, map_amount = rows.usable, predicted.ravel()
    means = np.full((3, len(rows.time_ms)), np.nan)
    first, last = int(rows.time_ms[0]), int(rows.time_ms[-1])
    for cut in range(first + FIRST_FIT_MS, last + 1, REFIT_MS):
        training = usable & (rows.time_ms + candles.timeframe_ms <= cut)
        ahead = usable & (rows.time_ms >= cut) & (rows.time_ms < cut + REFIT_MS)
        means[:, ahead] = _predict(rows, map_amount, training, ahead)
    scored = np.isfinite(means[0])
    if not scored.any():
        raise ValueError("nothing to score: candles need more than 14 days with liquidations")
    deviances = tweedie_deviance(rows.realised[scored], means[:, scored])
    return HourlyScore(rows.time_ms[scored], deviances[0], deviances[1], deviances[2])


def skill_difference(
    first: HourlyScore, second: HourlyScore, n_resamples: int = 1_000, seed: int = 0
) -> Figure:
    """Return by how much one map's skill over the base exceeds another's.

    Parameters
    ----------
    first, second : HourlyScore
        Two maps on the same bars.
    n_resamples, seed : int
        Size and seed of the bootstrap of whole days, the same days for both.

    Returns
    -------
    Figure
        Positive where the first is better.

    Raises
    ------
    ValueError
        If the bars differ.
    """
    if not np.array_equal(first.time_ms, second.time_ms):
        raise ValueError("maps must be scored on the same bars to be compared")
    return paired_difference(
        _skill(first.model, first.base),
        _skill(second.model, second.base),
        Blocks.of_time(first.time_ms),
        n_resamples,
        seed,
    )


def _predict(
    rows: HourlyRows,
    map_amount: FloatArray,
    training: NDArray[np.bool_],
    ahead: NDArray[np.bool_],
) -> FloatArray:
    """Return the means of constant, base and model for the rows ahead."""
    realised = rows.realised[training]
    base = rows.base_columns(training)
    model = np.column_stack([base, log_above_floor(map_amount, training)])
    fits = [(columns, fit_tweedie(columns[training], realised)) for columns in (base, model)]
    constant = np.full(int(ahead.sum()), realised.mean())
    return np.stack([constant, *(fit.predict(columns[ahead]) for columns, fit in fits)])


def _skill(model: FloatArray, base: FloatArray) -> Statistic:
    return lambda weights: deviance_skill(model, base, weights)


def _require_amounts(predicted: FloatArray, n_bars: int) -> None:
    if predicted.shape != (2, n_bars):
        raise ValueError(f"predicted must have shape (2, {n_bars}), was {predicted.shape}")
    if not (np.isfinite(predicted) & (predicted >= 0)).all():
        raise ValueError("predicted must be finite and not negative")
