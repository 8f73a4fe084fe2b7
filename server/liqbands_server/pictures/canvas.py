"""The sheet that every picture is drawn on: figure, panels, heading, PNG.

Only matplotlib's objects are used; nothing global is read or changed.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from liqbands_server.pictures.palette import CLASSIC, Palette

DOTS_PER_INCH: Final = 100
LEAST_SCALE: Final = 0.55
"""Text is never drawn smaller than so much of its size on a sheet of 1600 x 900."""

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PictureOptions:
    """How a picture looks and what stands above it.

    Parameters
    ----------
    palette : Palette
        Its colours.
    title : str
        Heading; empty writes ticker, timeframe and window.
    note : str
        A remark about the data, e.g. that the market is simulated.
    width, height : int
        Size, pixels; text and lines grow with it, 1600 x 900 being 1.
    """

    palette: Palette = CLASSIC
    title: str = ""
    note: str = ""
    width: int = 1600
    height: int = 900

    @property
    def scale(self) -> float:
        """Return how large text and lines are."""
        return max(LEAST_SCALE, min(self.width / 1600, self.height / 900))


def new_figure(options: PictureOptions) -> Figure:
    """Return an empty sheet.

    Parameters
    ----------
    options : PictureOptions
        Size and colours.

    Returns
    -------
    Figure
        With a canvas of its own.
    """
    dots = DOTS_PER_INCH * options.scale
    inches = (options.width / dots, options.height / dots)
    figure = Figure(figsize=inches, dpi=dots, facecolor=options.palette.background)
    FigureCanvasAgg(figure)
    return figure


def add_panel(figure: Figure, rectangle: Rectangle, palette: Palette) -> Axes:
    """Add axes without ticks in the palette's colours.

    Parameters
    ----------
    figure : Figure
        The sheet.
    rectangle : tuple of float
        Left, bottom, width, height as fractions of the sheet.
    palette : Palette
        Its colours.

    Returns
    -------
    Axes
        The panel.
    """
    axes = figure.add_axes(rectangle, facecolor=palette.panel)
    axes.tick_params(colors=palette.text, labelsize=10.5, length=0, pad=6)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def write_heading(figure: Figure, options: PictureOptions, title: str, lines: list[str]) -> None:
    """Write the title, the lines below it, and the remark on the right.

    Parameters
    ----------
    figure : Figure
        The sheet.
    options : PictureOptions
        Its own title comes first.
    title : str
        What is written without one.
    lines : list of str
        Smaller lines, at most two.
    """
    colors = options.palette
    figure.text(
        0.0215, 0.953, options.title or title, color=colors.text, size=19, weight="bold",
        va="center", parse_math=False,
    )  # fmt: skip
    for i, line in enumerate(lines):
        figure.text(
            0.0215, 0.9185 - 0.025 * i, line, color=colors.faint, size=11, va="center",
            parse_math=False,
        )  # fmt: skip
    if options.note:
        height = 0.953 if options.scale * 1600 <= options.width else 0.8935
        figure.text(
            0.978, height, options.note, color=colors.mark, size=13, weight="bold",
            ha="right", va="center", parse_math=False,
        )  # fmt: skip


def heat_colors(palette: Palette) -> LinearSegmentedColormap:
    """Return the palette's heat ramp.

    Parameters
    ----------
    palette : Palette
        The colours.

    Returns
    -------
    LinearSegmentedColormap
        256 colours from empty to dense.
    """
    return LinearSegmentedColormap.from_list(palette.name, list(palette.heat), N=256)


def layer_colors(palette: Palette, n_layers: int) -> list[tuple[float, float, float, float]]:
    """Return one colour for each leverage layer.

    Parameters
    ----------
    palette : Palette
        The colours.
    n_layers : int
        How many layers.

    Returns
    -------
    list of tuple
        RGBA in 0 to 1, from low to high leverage.
    """
    ramp = LinearSegmentedColormap.from_list("layers", list(palette.layers))
    return [ramp(i / max(n_layers - 1, 1)) for i in range(n_layers)]


def png_bytes(figure: Figure, description: str = "") -> bytes:
    """Return the sheet as a PNG.

    Parameters
    ----------
    figure : Figure
        The sheet.
    description : str
        What the file says about itself, unseen.

    Returns
    -------
    bytes
        The file's content.
    """
    content = BytesIO()
    words = {"Description": description} if description else {}
    figure.savefig(
        content, format="png", dpi=figure.dpi, facecolor=figure.get_facecolor(), metadata=words
    )
    return content.getvalue()


def save_png(figure: Figure, path: Path) -> Path:
    """Write the sheet, making its folder if there is none.

    Parameters
    ----------
    figure : Figure
        The sheet.
    path : Path
        Where to; an existing file is replaced.

    Returns
    -------
    Path
        `path`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png_bytes(figure))
    return path
