"""Pictures of values with their bounds, model by model or world by world."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from liqbands.score.measures import MEASURES
from liqbands.score.model_sets import ENGINE
from liqbands.score.pooling import PooledModel
from liqbands.score.simulated import CEILING
from liqbands_server.scorecard.card import Section
from liqbands_server.scorecard.light_sheet import ENGINE_COLOR, Cast, finish

OTHER_COLOR = "#7d8594"


def draw_column(axes: Axes, section: Section, place: int) -> None:
    """Draw one column of a table: values with their bounds, model by model.

    Parameters
    ----------
    axes : Axes
        Where.
    section : Section
        The table.
    place : int
        Which of its columns.
    """
    rows = [row for row in section.rows if row.figures[place] is not None][::-1]
    for y, row in enumerate(rows):
        figure = row.figures[place]
        if figure is None or math.isnan(figure.value):
            continue
        color = ENGINE_COLOR if row.stands_out else OTHER_COLOR
        if math.isfinite(figure.low) and math.isfinite(figure.high):
            axes.plot([figure.low, figure.high], [y, y], color=color, linewidth=2.2, zorder=3)
        axes.plot(figure.value, y, "o", color=color, markersize=6, zorder=4)
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    finish(axes, section.columns[place].label, "", "")


def draw_worlds(axes: Axes, pooled: Sequence[PooledModel], cast: Cast, key: str) -> None:
    """Draw one metric world by world.

    Parameters
    ----------
    axes : Axes
        Where.
    pooled : sequence of PooledModel
        Of several worlds.
    cast : Cast
        Which models, and their colours.
    key : str
        The metric.
    """
    label = next(measure.label for measure in MEASURES if measure.key == key)
    worlds = list(dict.fromkeys(each.world for each in pooled))[1:]
    for model in cast.models:
        own = {each.world: each.figures.get(key) for each in pooled if each.model == model.model}
        values = [figure.value if (figure := own.get(world)) else math.nan for world in worlds]
        ours = model.model == ENGINE
        axes.plot(
            values, range(len(worlds)), "o", color=cast.color(model),
            markersize=9 if ours else 5.5, zorder=5 if ours else 3, label=cast.labels[model.model],
            markerfacecolor="none" if model.model == CEILING else cast.color(model),
        )  # fmt: skip
    axes.set_yticks(range(len(worlds)), worlds)
    axes.set_ylim(len(worlds) - 0.4, -0.6)
    finish(axes, f"World by world: {label}", "", "")
