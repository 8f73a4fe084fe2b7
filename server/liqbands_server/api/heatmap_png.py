"""``format=png``: a picture of the heatmap with its candles, for pages without a script."""

import json
import threading
from dataclasses import dataclass
from typing import Final

from liqbands.candles import Candles
from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS
from liqbands_server.api.heatmap_payload import HeatmapPayload, about, binary_answer
from liqbands_server.service.heatmaps import HeatmapAnswer, HeatmapQuestion
from liqbands_server.service.resolutions import timeframe_of
from liqbands_server.web.caching import Answer

PNG: Final = "image/png"
THEMES: Final = {"dark": "classic", "light": "light", "safe": "safe", "monochrome": "monochrome"}
"""Name in a query, then the palette."""

NARROWEST, WIDEST = 640, 3_840
LOWEST, HIGHEST = 360, 2_160

_drawing = threading.Lock()
"""Matplotlib does not promise to be safe between threads; one picture at a time loses nothing."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture looks.

    Parameters
    ----------
    width, height : int
        Pixels.
    theme : str
        One of `THEMES`.
    """

    width: int
    height: int
    theme: str


def encode_png(payload: HeatmapPayload, candles: Candles, look: Look) -> Answer:
    """Return a heatmap as a picture.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap.
    candles : Candles
        The bars that its columns stand for.
    look : Look
        Size and colours.

    Returns
    -------
    Answer
        A PNG; what the market is not (real, up to date) is written on it.
    """
    # Loading matplotlib takes half a second, which only those who draw should wait for.
    from liqbands_server.pictures.canvas import PictureOptions, png_bytes
    from liqbands_server.pictures.heatmap_picture import heatmap_figure, window_title
    from liqbands_server.pictures.palette import find_palette

    question = payload.question
    name = timeframe_of(question.resolution)
    options = PictureOptions(
        palette=find_palette(THEMES[look.theme]),
        title=window_title(question.listing.ticker, name, payload.heatmap),
        note="  ·  ".join(_remarks(question, payload.answer)),
        width=look.width,
        height=look.height,
    )
    with _drawing:
        close_ms = payload.answer.provenance.venues[0].last_close_ms
        figure = heatmap_figure(payload.heatmap, candles, None, options, close_ms)
        picture = png_bytes(figure, json.dumps(about(payload)))
    return binary_answer(payload, picture, PNG, compress=False)


def _remarks(question: HeatmapQuestion, answer: HeatmapAnswer) -> list[str]:
    """Return what nobody should overlook."""
    provenance = answer.provenance
    shown = [question.leverage] if question.leverage else []
    shown += [f"{question.side.label} side"] if question.side else []
    remarks = [f"heat: {', '.join(shown)} only"] if shown else []
    remarks += ["simulated market"] if provenance.simulated else []
    late = [venue for venue in provenance.venues if venue.stale]
    if late:
        oldest = max(late, key=lambda venue: venue.age_ms)
        remarks.append(f"stale: {oldest.venue} is {age_text(oldest.age_ms)} behind")
    if answer.left_out:
        remarks.append(
            f"incomplete: {len(answer.left_out)} of {len(question.listing.members)} venues"
        )
    return remarks


def age_text(age_ms: int) -> str:
    """Return a length of time in its largest whole unit.

    Parameters
    ----------
    age_ms : int
        Milliseconds.

    Returns
    -------
    str
        In days, hours or minutes.

    Examples
    --------
    >>> age_text(3 * HOUR_MS), age_text(50 * HOUR_MS)
    ('3 h', '2 d')
    """
    units = ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "min"))
    length, name = next((unit for unit in units if age_ms >= unit[0]), units[-1])
    return f"{age_ms // length} {name}"
