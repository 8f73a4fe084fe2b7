"""Colour palettes of the pictures, as data: heat from empty to dense, layers, candles, text.

Colours are hexadecimal sRGB.  A ramp is a list of stops at equal distances, low to high.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one picture.

    Parameters
    ----------
    name : str
        What the user calls it.
    heat : tuple of str
        Ramp of the heat; the first stop is the colour of an empty cell.
    layers : tuple of str
        Ramp of the leverage layers, from low to high leverage.
    rising, falling : str
        Candles that close above and below their open.
    long, short : str
        The two sides: curves and words.
    mark : str
        The price line.
    background, panel : str
        Around and inside the axes.
    text, faint : str
        Words, and words that may be overlooked; also the grid.
    rim : str
        Around the candles, so that they stand out on every heat.
    """

    name: str
    heat: tuple[str, ...]
    layers: tuple[str, ...]
    rising: str
    falling: str
    long: str
    short: str
    mark: str
    background: str = "#0b0e17"
    panel: str = "#0d1120"
    text: str = "#e6e9f2"
    faint: str = "#8f97ad"
    rim: str = "#05060c"


CLASSIC: Final = Palette(
    name="classic",
    heat=(
        "#0d0b1e",
        "#231353",
        "#2c2d94",
        "#1f5fc4",
        "#2596c7",
        "#e0a83a",
        "#fbd24e",
        "#fb8c2e",
        "#f2382c",
    ),
    layers=("#3552b8", "#2f9fc9", "#46cfa0", "#f4d35e", "#f78c3b", "#ee3f5c"),
    rising="#5ef2c0",
    falling="#ffffff",
    long="#ff6b7d",
    short="#3fe0a8",
    mark="#ffffff",
)

# Lightness rises evenly and the hue runs from blue to yellow, which is told apart with every
# common kind of colour blindness; the sides differ in lightness as well as in hue.
SAFE: Final = Palette(
    name="safe",
    heat=(
        "#00142f",
        "#00285f",
        "#2b3e70",
        "#545a6f",
        "#76766f",
        "#9b9168",
        "#c4ae5a",
        "#f0cf42",
        "#fff08a",
    ),
    layers=("#0f4c81", "#3b78a8", "#7fa3b8", "#c2c2a0", "#e3c35a", "#ffe680"),
    rising="#ffffff",
    falling="#56b4e9",
    long="#f0a030",
    short="#6cb6ff",
    mark="#ffffff",
)

MONOCHROME: Final = Palette(
    name="monochrome",
    heat=("#0c0d10", "#23252b", "#3c3f47", "#585c66", "#777c87", "#989da8", "#bcc0c9", "#ffffff"),
    layers=("#3a3e47", "#5a5f6b", "#7b818e", "#9da3af", "#c3c8d1", "#f4f5f8"),
    rising="#ffd166",
    falling="#ef6461",
    long="#d5d8df",
    short="#8b909c",
    mark="#ffd166",
    background="#0b0c0f",
    panel="#0c0d10",
)

# For light pages: paper where nothing stands, darker with every step, so it prints as well.
LIGHT: Final = Palette(
    name="light",
    heat=(
        "#fbfbfd",
        "#fdf2cf",
        "#fddf92",
        "#fdbb66",
        "#f58d4b",
        "#e35d3d",
        "#bd3148",
        "#821d54",
        "#451648",
    ),
    layers=("#8fb4e0", "#5b93c9", "#3fae8f", "#d9a514", "#e0702a", "#b3263f"),
    rising="#0a8f7a",
    falling="#1f2738",
    long="#c22f45",
    short="#08766a",
    mark="#1f2738",
    background="#ffffff",
    panel="#fbfbfd",
    text="#1d2433",
    faint="#5c6579",
    rim="#ffffff",
)

PALETTES: Final = {palette.name: palette for palette in (CLASSIC, SAFE, MONOCHROME, LIGHT)}


def find_palette(name: str) -> Palette:
    """Return a palette by name.

    Parameters
    ----------
    name : str
        One of `PALETTES`.

    Returns
    -------
    Palette
        The colours.

    Raises
    ------
    ValueError
        If the name is unknown.

    Examples
    --------
    >>> find_palette("safe").mark
    '#ffffff'
    """
    if name not in PALETTES:
        raise ValueError(f"palette must be one of {', '.join(PALETTES)}, was {name!r}")
    return PALETTES[name]
