"""Pictures of models on the simulated exchange: curves, errors by class, intervals."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from liqbands.score.coverage import LEVELS
from liqbands.score.measures import DISTANCE_CLASSES, LEVERAGE_CLASSES
from liqbands.score.model_sets import ENGINE
from liqbands.score.simulated import CEILING
from liqbands_server.scorecard.light_sheet import ENGINE_COLOR, FAINT, INK, Cast, finish


def draw_calibration(axes: Axes, cast: Cast) -> None:
    """Draw realised over predicted amounts by tenth of the prediction.

    Parameters
    ----------
    axes : Axes
        Where.
    cast : Cast
        Models.
    """
    for model in cast.models:
        predicted, realised = model.curves["predicted"], model.curves["realised"]
        some = (predicted > 0) & (realised > 0)
        if some.any():
            cast.line(axes, model, predicted[some], realised[some])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.axline((1, 1), (10, 10), color=FAINT, linewidth=1, zorder=1)
    finish(axes, "Calibration: does what is predicted come true?",
            "predicted / mean, by tenth of the rows", "realised / mean")  # fmt: skip


def draw_lift(axes: Axes, cast: Cast) -> None:
    """Draw the share of liquidations that the densest rows hold.

    Parameters
    ----------
    axes : Axes
        Where.
    cast : Cast
        Models.
    """
    for model in cast.models:
        caught = model.curves["lift"]
        if np.isfinite(caught).all():
            cast.line(axes, model, 100 * np.linspace(0, 1, len(caught)), 100 * caught)
    axes.plot([0, 100], [0, 100], color=FAINT, linewidth=1, zorder=1)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 102)
    finish(axes, "Lift: what the densest rows catch",
            "% of the rows reached, densest first", "% of the liquidated notional")  # fmt: skip


def draw_distances(axes: Axes, cast: Cast) -> None:
    """Draw each model's error of the mass by distance from mark.

    Parameters
    ----------
    axes : Axes
        Where.
    cast : Cast
        Models.
    """
    _draw_errors(axes, cast, "distance", DISTANCE_CLASSES)
    finish(axes, "Error by distance", "distance from mark",
            "mean absolute error, points of share")  # fmt: skip


def draw_leverages(axes: Axes, cast: Cast) -> None:
    """Draw the engine's and the true mass by leverage, and the error.

    Parameters
    ----------
    axes : Axes
        Where.
    cast : Cast
        Models.
    """
    ours = next(model for model in cast.models if model.model == ENGINE)
    place = np.arange(len(LEVERAGE_CLASSES), dtype=np.float64)
    for shift, kind, color, label in (
        (-0.27, "truth", "#b9bfca", "truth"),
        (0.0, "share", ENGINE_COLOR, "engine"),
        (0.27, "error", "#e69f00", "absolute error"),
    ):
        figures = [ours.figures.get(f"leverage_{k}_{kind}") for k in range(len(place))]
        values = np.array([100 * figure.value if figure else math.nan for figure in figures])
        axes.bar(place + shift, values, 0.25, color=color, label=label, zorder=3)
    axes.set_xticks(place, LEVERAGE_CLASSES)
    finish(axes, "Error by leverage", "leverage that the distance from entry amounts to",
            "% of the mass within 20 %")  # fmt: skip
    axes.legend(frameon=False, fontsize=9, labelcolor=INK)


def draw_coverage(axes: Axes, cast: Cast) -> None:
    """Draw how often the truth lay inside the stated intervals.

    Parameters
    ----------
    axes : Axes
        Where.
    cast : Cast
        Models.
    """
    levels = [round(100 * level) for level in LEVELS]
    for model in cast.models:
        if model.model == CEILING:
            continue
        for ending, style in (("", ":"), ("_at_level", "-")):
            figures = [model.figures.get(f"coverage_{level}{ending}") for level in levels]
            if all(figures):
                values = [100 * figure.value for figure in figures if figure]
                label = cast.labels[model.model] + (", at its level" if ending else "")
                axes.plot(levels, values, style, color=cast.color(model), marker="o", markersize=4,
                          linewidth=2.2 if model.model == ENGINE else 1.2, label=label)  # fmt: skip
    axes.plot([0, 100], [0, 100], color=FAINT, linewidth=1, zorder=1)
    axes.set_xlim(40, 100)
    axes.set_ylim(0, 102)
    finish(axes, "Intervals: promised and kept", "promised, %", "bands inside, %")
    axes.legend(frameon=False, fontsize=8.5, labelcolor=INK, loc="upper left")


def draw_pit(axes: Axes, cast: Cast) -> None:
    """Draw where the truth lies in the predicted distributions.

    Parameters
    ----------
    axes : Axes
        Where.
    cast : Cast
        Models.
    """
    ours = next(model for model in cast.models if model.model == ENGINE)
    shares = 100 * ours.curves["pit"]
    axes.bar(np.arange(10) + 0.5, shares, 0.92, color=ENGINE_COLOR, zorder=3)
    axes.axhline(10, color=FAINT, linewidth=1, zorder=4)
    axes.set_xticks(range(0, 11, 2), [f"{k / 10:g}" for k in range(0, 11, 2)])
    finish(axes, "Where the truth lies in the engine's intervals (at its level)",
            "predicted probability; flat is right", "% of the bands")  # fmt: skip


Draw = Callable[[Axes, Cast], None]

PICTURES: Final[tuple[Draw, ...]] = (
    draw_calibration,
    draw_lift,
    draw_distances,
    draw_leverages,
    draw_coverage,
    draw_pit,
)
"""Pictures of models on the simulated exchange."""


def _draw_errors(axes: Axes, cast: Cast, what: str, classes: Sequence[str]) -> None:
    place = np.arange(len(classes), dtype=np.float64)
    for model in cast.models:
        if model.model == CEILING:
            continue
        figures = [model.figures.get(f"{what}_{k}_error") for k in range(len(classes))]
        values = np.array([100 * figure.value if figure else math.nan for figure in figures])
        cast.line(axes, model, place, values)
    axes.set_xticks(place, classes)
    axes.set_ylim(bottom=0)
