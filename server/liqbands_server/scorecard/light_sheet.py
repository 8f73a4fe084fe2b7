"""The light sheet of reports: colours, curves and panels that all pictures share.

Only matplotlib's objects are used; nothing global is read or changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes

from liqbands.instrument import FloatArray
from liqbands.score.model_sets import ENGINE
from liqbands.score.pooling import PooledModel
from liqbands.score.simulated import CEILING

INK: Final = "#1f2430"
FAINT: Final = "#8a91a0"
GRID: Final = "#e4e7ec"
ENGINE_COLOR: Final = "#0b62a8"
TRUTH_COLOR: Final = "#1f2430"
_OTHERS: Final = (
    *("#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#9a8c2b", "#7a6fd0", "#a0a0a0"),
    *("#5c8a3a", "#b5533c"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The models of a picture with their names and colours.

    Parameters
    ----------
    models : tuple of PooledModel
        Of one world, the engine among them.
    labels : mapping of str to str
        Names by key.
    """

    models: tuple[PooledModel, ...]
    labels: Mapping[str, str]

    def color(self, model: PooledModel) -> str:
        """Return the colour of a model, the same in all pictures.

        Parameters
        ----------
        model : PooledModel
            One of the cast.

        Returns
        -------
        str
            Hexadecimal sRGB.
        """
        if model.model in (ENGINE, CEILING):
            return ENGINE_COLOR if model.model == ENGINE else TRUTH_COLOR
        keys = [each.model for each in self.models if each.model not in (ENGINE, CEILING)]
        return _OTHERS[keys.index(model.model) % len(_OTHERS)]

    def line(self, axes: Axes, model: PooledModel, x: FloatArray, y: FloatArray) -> None:
        """Draw a model's curve, the engine's thicker and on top.

        Parameters
        ----------
        axes : Axes
            Where.
        model : PooledModel
            Whose.
        x, y : ndarray
            The curve.
        """
        ours = model.model == ENGINE
        axes.plot(
            x, y, color=self.color(model), linewidth=2.6 if ours else 1.3,
            linestyle="--" if model.model == CEILING else "-", zorder=5 if ours else 3,
            label=self.labels[model.model], marker="o" if ours else None, markersize=4,
        )  # fmt: skip


def finish(axes: Axes, title: str, x_label: str, y_label: str) -> None:
    """Write title and labels, and draw what all panels have in common.

    Parameters
    ----------
    axes : Axes
        A panel that has been drawn on.
    title, x_label, y_label : str
        What is shown.
    """
    axes.set_title(title, loc="left", fontsize=12, color=INK, weight="bold", pad=10)
    axes.set_xlabel(x_label, fontsize=9.5, color=INK)
    axes.set_ylabel(y_label, fontsize=9.5, color=INK)
    axes.tick_params(colors=INK, labelsize=9, length=0)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color("#c5cad3")
