"""The metrics of a simulated run: what they are called, what they mean, how they are computed."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from liqbands.ladder import LEVERAGE_GROUPS
from liqbands.score.book_score import DISTANCE_EDGES
from liqbands.score.book_sums import SHAPE_METRICS, WINDOWS
from liqbands.score.coverage import LEVELS
from liqbands.score.day_metrics import Metric, area, correlation, lift, mean_of, skill
from liqbands.score.day_sums import COUNT, ratio

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
    of: Metric
    better: Better = "higher"


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
        Measure(key, label, f"{meaning}; 1 h ahead, rows that the mark price reached", "rows", of)
        for key, label, meaning, of in rows
    ]


def _coverages() -> list[Measure]:
    kinds = (("inside", "", "as stated"), ("inside at level", "_at_level", "at the right level"))
    return [
        Measure(
            f"coverage_{level}{ending}",
            f"c{level}{'*' if ending else ''}",
            f"50 bp bands within 10 % whose truth lies in the {level} % interval, {said}",
            f"{COUNT}{column} {level}",
            mean_of(f"{column} {level}"),
            "neither",
        )
        for column, ending, said in kinds
        for level in (round(100 * share) for share in LEVELS)
    ]


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
    f"{100 * low:g}-{100 * high:g} %" for low, high in pairwise(DISTANCE_EDGES)
)
LEVERAGE_CLASSES: Final = LEVERAGE_GROUPS

MEASURES: Final = (
    *MAIN,
    *_classes("distance", len(DISTANCE_CLASSES)),
    *_classes("leverage", len(LEVERAGE_CLASSES)),
)
"""Everything that is pooled."""
