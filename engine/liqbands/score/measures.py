"""The metrics of a simulated run, each as a function of sums over days.

A function gets the sums of many draws at once; the first draw is the days as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.ladder import LEVERAGE_GROUPS
from liqbands.score.book_score import DISTANCE_EDGES
from liqbands.score.book_sums import SHAPE_METRICS, WINDOWS
from liqbands.score.coverage import LEVELS
from liqbands.score.day_sums import COUNT, Sums, ratio

Better = Literal["higher", "lower", "neither"]

LEVEL_MEDIAN: Final = "median of level"
LEVEL_SPREAD: Final = "spread of level"
"""Columns that the pooling adds: they need values, not sums."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric.

    Parameters
    ----------
    key : str
        Name in JSON.
    label : str
        Heading in tables.
    meaning : str
        One line for people.
    count : str
        Column that counts the observations behind it.
    of : callable
        Its value in every draw; NaN where nothing can be said.
    better : {"higher", "lower", "neither"}
        Which way is better.
    """

    key: str
    label: str
    meaning: str
    count: str
    of: Callable[[Sums], FloatArray]
    better: Better = "higher"


def mean_of(*names: str) -> Callable[[Sums], FloatArray]:
    """Return the metric that is the mean of one or several columns' rows.

    Parameters
    ----------
    *names : str
        Columns that `DaySums.of` got as means.

    Returns
    -------
    callable
        All rows of all columns count alike.

    Examples
    --------
    >>> mean_of("x")({"x": np.array([6.0]), "count of x": np.array([4.0])})
    array([1.5])
    """

    def mean(sums: Sums) -> FloatArray:
        above = sum((sums[name] for name in names), np.zeros(1))
        return ratio(above, sum((sums[COUNT + name] for name in names), np.zeros(1)))

    return mean


def correlation(x: str, y: str, xx: str, yy: str, xy: str, count: str) -> Callable[..., FloatArray]:
    """Return the metric that is Pearson's correlation of two columns.

    Parameters
    ----------
    x, y, xx, yy, xy, count : str
        Columns with the sums, the sums of squares, of products, and the number of rows.

    Returns
    -------
    callable
        0 where `x` (the map) does not vary, NaN where `y` does not.
    """

    def pearson(sums: Sums) -> FloatArray:
        n = sums[count]
        a = sums[xx] - ratio(sums[x] ** 2, n)
        b = sums[yy] - ratio(sums[y] ** 2, n)
        both = sums[xy] - ratio(sums[x] * sums[y], n)
        flat = a <= 1e-12 * np.maximum(sums[xx], 1e-300)
        value = ratio(both, np.sqrt(np.maximum(a * b, 0.0)))
        return np.where(flat & (b > 0), 0.0, value)

    return pearson


def area(sums: Sums) -> FloatArray:
    """Return the area under the ROC curve.

    Parameters
    ----------
    sums : mapping of str to ndarray
        Of many draws.

    Returns
    -------
    ndarray, shape (n_draws,)
        Chance that a row with a liquidation was denser than one without.

    Notes
    -----
    To first order a redrawn AUC is the redrawn mean of what hits beat, plus that of what beats
    misses, less the AUC itself (DeLong, DeLong and Clarke-Pearson 1988).
    """
    by_hits = ratio(sums["beaten by hits"], sums["hits"])
    by_misses = ratio(sums["beating misses"], sums["misses"])
    return by_hits + by_misses - by_hits[:1]


def lift(sums: Sums) -> FloatArray:
    """Return how many times the usual notional the densest tenth of the rows saw.

    Parameters
    ----------
    sums : mapping of str to ndarray
        Of many draws.

    Returns
    -------
    ndarray, shape (n_draws,)
        At most about 10.
    """
    usual = ratio(sums["realised"], sums["rows"])
    return ratio(ratio(sums["top realised"], sums["top rows"]), usual)


def skill(name: str) -> Callable[[Sums], FloatArray]:
    """Return the metric that compares a map's deviance with that of the mean so far.

    Parameters
    ----------
    name : str
        ``"Tweedie"`` or ``"Poisson"``.

    Returns
    -------
    callable
        1 is exact, 0 no better than the mean so far.
    """

    def skill_of(sums: Sums) -> FloatArray:
        return 1 - ratio(sums[f"{name} of map"], sums[f"{name} of mean so far"])

    return skill_of


def _books() -> list[Measure]:
    labels = ("W1s", "rho", "rec", "ovl")
    meanings = (
        "share by which the map is nearer to the truth than a uniform one, as mass moved",
        "Spearman's correlation with the truth on rows of 20 bp",
        "what the map's densest tenth holds, of what the truth's own holds",
        "share of the mass in common",
    )
    found = []
    for ending in WINDOWS:
        for metric, label, meaning in zip(SHAPE_METRICS, labels, meanings, strict=True):
            sides = [f"{metric}_{ending} {side}" for side in ("long", "short")]
            found.append(
                Measure(
                    f"{metric}_{ending}",
                    f"{label}{ending}",
                    f"{meaning}; within {ending} % of mark",
                    COUNT + sides[0],
                    mean_of(*sides),
                )
            )
    return found


def _imbalances() -> list[Measure]:
    count = f"{COUNT}imbalance"
    moments = (
        *("imbalance", "true imbalance", "imbalance squared"),
        *("true imbalance squared", "product of imbalances", count),
    )
    return [
        Measure(
            "imbalance_correlation",
            "imb R",
            "correlation with the true imbalance of longs and shorts within 20 %",
            count,
            correlation(*moments),
        ),
        Measure(
            "imbalance_error",
            "imb MAE",
            "mean absolute error of that imbalance, which lies between -1 and 1",
            count,
            mean_of("imbalance error"),
            "lower",
        ),
    ]


def _levels() -> list[Measure]:
    count = f"{COUNT}level"
    return [
        Measure(
            "level_ratio",
            "level",
            "total within 20 % over the truth's, median: 1 is right, 2 twice too much",
            count,
            lambda sums: np.exp(sums[LEVEL_MEDIAN]),
            "neither",
        ),
        Measure(
            "level_spread",
            "lvl sd",
            "standard deviation of the logarithm of that ratio",
            count,
            lambda sums: sums[LEVEL_SPREAD],
            "lower",
        ),
    ]


def _events() -> list[Measure]:
    ranks = (
        *("rank of map", "rank of realised", "rank of map squared"),
        *("rank of realised squared", "product of ranks", "rows"),
    )
    rows = (
        ("event_spearman", "eRho", "Spearman's correlation with what was liquidated",
         correlation(*ranks)),
        ("event_lift10", "eLift", "notional in the densest tenth over the usual, at most 10", lift),
        ("event_auc", "eAUC", "chance that a row with a liquidation was denser", area),
        ("event_tweedie", "eTwd", "Tweedie deviance below that of the mean so far",
         skill("Tweedie")),
        ("event_poisson", "ePois", "Poisson deviance of counts below that of the mean so far",
         skill("Poisson")),
        ("event_precision10", "eP10", "share of the densest tenth that saw a liquidation",
         lambda sums: ratio(sums["top hits"], sums["top rows"])),
        ("event_base_rate", "eBase", "the same for rows chosen at random",
         lambda sums: ratio(sums["hits"], sums["rows"])),
    )  # fmt: skip
    return [
        Measure(
            key, label, f"{meaning}; 1 h ahead, rows that the mark price reached", "rows", of
        )
        for key, label, meaning, of in rows
    ]


def _coverages() -> list[Measure]:
    found = []
    for column, ending, said in (
        ("inside", "", "as stated"),
        ("inside at level", "_at_level", "at the right level"),
    ):
        for level in (round(100 * share) for share in LEVELS):
            found.append(
                Measure(
                    f"coverage_{level}{ending}",
                    f"c{level}{'*' if ending else ''}",
                    f"50 bp bands within 10 % whose truth lies in the {level} % interval, {said}",
                    f"{COUNT}{column} {level}",
                    mean_of(f"{column} {level}"),
                    "neither",
                )
            )
    return found


def _classes(what: str, n_classes: int) -> list[Measure]:
    kinds: tuple[tuple[str, str, Better], ...] = (
        ("share", "share of the map", "neither"),
        ("truth", "share of the truth", "neither"),
        ("error", "mean absolute error of the share", "lower"),
    )
    return [
        Measure(
            f"{what}_{k}_{kind}",
            f"{what} {k} {kind}",
            f"{meaning} in class {k} of {what}",
            f"{COUNT}{what} {k} {kind}",
            mean_of(f"{what} {k} {kind}"),
            better,
        )
        for k in range(n_classes)
        for kind, meaning, better in kinds
    ]


MAIN: Final = (*_books(), *_imbalances(), *_levels(), *_events(), *_coverages())
"""What tables show."""

DISTANCE_CLASSES: Final = tuple(
    f"{100 * low:g}-{100 * high:g} %"
    for low, high in zip(DISTANCE_EDGES[:-1], DISTANCE_EDGES[1:], strict=True)
)
LEVERAGE_CLASSES: Final = LEVERAGE_GROUPS

MEASURES: Final = (
    *MAIN,
    *_classes("distance", len(DISTANCE_CLASSES)),
    *_classes("leverage", len(LEVERAGE_CLASSES)),
)
"""Everything that is pooled."""
