"""A heatmap on its way out: what every format says about it, whatever the format."""

import json
from dataclasses import dataclass
from typing import Any, Final

from liqbands.results import Heatmap
from liqbands_server.api.provenance import provenance_document
from liqbands_server.service.heatmaps import HeatmapAnswer, HeatmapQuestion
from liqbands_server.service.resolutions import timeframe_of
from liqbands_server.web.caching import Answer

ABOUT_HEADER: Final = "X-Liqbands-About"
"""Header of answers that are not JSON: what they rest on, as JSON."""


@dataclass(frozen=True, eq=False)
class HeatmapPayload:
    """What the formats are written from.

    Parameters
    ----------
    question : HeatmapQuestion
        What was asked.
    answer : HeatmapAnswer
        The heatmap and what it rests on.
    """

    question: HeatmapQuestion
    answer: HeatmapAnswer

    @property
    def heatmap(self) -> Heatmap:
        """Return the heatmap."""
        return self.answer.heatmap

    @property
    def last_is_forming(self) -> bool:
        """Return whether bars are still to come in the last column."""
        return bool(self.heatmap.is_forming[-1])


def about(payload: HeatmapPayload) -> dict[str, Any]:
    """Return what is said about a heatmap besides its rows, columns and cells.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap.

    Returns
    -------
    dict
        Plain data: what is shown, in which unit, and what it rests on.
    """
    question, heatmap = payload.question, payload.heatmap
    return {
        "symbol": question.listing.ticker,
        "timeframe": timeframe_of(question.resolution),
        "quote": heatmap.instrument.quote,
        "mode": question.mode,
        "side": question.side.label if question.side else "both",
        "leverage": question.leverage,
        "max_age": question.max_age,
        "venue_shares": payload.answer.shares,
        "left_out": list(payload.answer.left_out),
        "provenance": provenance_document(
            payload.answer.provenance,
            heatmap.unit,
            heatmap.quantity,
            float(heatmap.seed_share[-1]),
        ),
    }


def rows_of(heatmap: Heatmap) -> dict[str, Any]:
    """Return where the rows of a heatmap lie, so that nobody needs to bin again.

    Parameters
    ----------
    heatmap : Heatmap
        The heatmap.

    Returns
    -------
    dict
        Row r spans the prices ``exp((first_bin + r * bins_per_row) * step)`` to the same of
        r + 1, which is ``p0 * exp(r * dp)``.
    """
    return {
        "count": heatmap.n_bands,
        "first_bin": heatmap.first_bin,
        "bins_per_row": heatmap.bins_per_row,
        "step": heatmap.grid.step,
        "p0": float(heatmap.edges[0]),
        "dp": heatmap.bins_per_row * heatmap.grid.step,
    }


def binary_answer(
    payload: HeatmapPayload, body: bytes, content_type: str, *, compress: bool = True
) -> Answer:
    """Return a heatmap in a form that is not JSON.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap.
    body : bytes
        It, written in that form.
    content_type : str
        Its media type.
    compress : bool
        Whether compression on the way is worth it.

    Returns
    -------
    Answer
        With a header that says what the document in JSON says about itself.
    """
    words = json.dumps(about(payload), separators=(",", ":"), allow_nan=False)
    return Answer(body, content_type, ((ABOUT_HEADER, words),), compress)
