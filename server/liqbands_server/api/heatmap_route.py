"""`/heatmap`: one computation for each question, whatever the format of the answer."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from flask import Response, current_app

from liqbands.candles import Candles
from liqbands_server.api.blueprints import JSON, ApiBlueprint
from liqbands_server.api.fields import Choice, WholeNumber
from liqbands_server.api.heatmap_binary import OCTETS, encode_binary
from liqbands_server.api.heatmap_coinglass import encode_coinglass
from liqbands_server.api.heatmap_grid import encode_grid
from liqbands_server.api.heatmap_json import encode_json
from liqbands_server.api.heatmap_payload import HeatmapPayload
from liqbands_server.api.heatmap_png import (
    HIGHEST,
    LOWEST,
    NARROWEST,
    PNG,
    THEMES,
    WIDEST,
    Look,
    encode_png,
)
from liqbands_server.api.heatmap_schemas import HEATMAP_SCHEMAS
from liqbands_server.api.heatmap_tables import CSV, PARQUET, encode_csv, encode_parquet
from liqbands_server.api.questions import HeatmapParameters, heatmap_question
from liqbands_server.service.answers import AnswerCache
from liqbands_server.service.bars import bars_of
from liqbands_server.service.heatmaps import HeatmapAnswer, HeatmapQuestion, answer_heatmap
from liqbands_server.web.caching import Answer, answered
from liqbands_server.web.context import Context, this_context

HEATMAP_BYTES: Final = 64_000_000
"""Bound on the heatmaps kept for a further format of the same question."""

_KEY: Final = "liqbands.heatmaps"
_PLAIN: Final[dict[str, Callable[[HeatmapPayload], Answer]]] = {
    "json": encode_json,
    "grid": encode_grid,
    "binary": encode_binary,
    "csv": encode_csv,
    "parquet": encode_parquet,
}
_WITH_CANDLES: Final = ("coinglass", "png")

blueprint = ApiBlueprint("Heatmap", "Notional through time and price.")


class HeatmapFormatParameters(HeatmapParameters):
    """Which heatmap, in which form."""

    format = Choice(
        *_PLAIN,
        *_WITH_CANDLES,
        load_default="json",
        metadata={"description": "`json` has exact numbers, `binary` and `grid` a byte per cell."},
    )
    width = WholeNumber(
        NARROWEST, WIDEST, load_default=1_600, metadata={"description": "Of a PNG, pixels."}
    )
    height = WholeNumber(
        LOWEST, HIGHEST, load_default=900, metadata={"description": "Of a PNG, pixels."}
    )
    theme = Choice(*THEMES, load_default="dark", metadata={"description": "Of a PNG."})


@blueprint.question(
    "/heatmap", HeatmapFormatParameters, HEATMAP_SCHEMAS, (JSON, OCTETS, PNG, CSV, PARQUET)
)
def heatmap(values: dict[str, Any]) -> Response:
    """Time and price: what stands at each price, bar by bar."""
    context = this_context()
    question = heatmap_question(values, context)
    form: str = values["format"]
    look = Look(values["width"], values["height"], values["theme"]) if form == "png" else None
    return answered(
        ("heatmap", form, look, question),
        question.listing,
        question.as_of_ms,
        lambda: _make(form, look, question, context),
    )


def _make(form: str, look: Look | None, question: HeatmapQuestion, context: Context) -> Answer:
    payload = HeatmapPayload(question, _answer(question, context))
    if form in _PLAIN:
        return _PLAIN[form](payload)
    candles = _candles(question, payload, context)
    return (
        encode_coinglass(payload, candles) if look is None else encode_png(payload, candles, look)
    )


def _answer(question: HeatmapQuestion, context: Context) -> HeatmapAnswer:
    """Return the heatmap, which several formats may be made of."""
    fresh = AnswerCache[HeatmapAnswer](HEATMAP_BYTES, lambda one: one.heatmap.notional.nbytes)
    known: AnswerCache[HeatmapAnswer] = current_app.extensions.setdefault(_KEY, fresh)
    n_bars = tuple(
        len(context.markets.series(member).known_at(question.as_of_ms))
        for member in question.listing.members
    )  # grows while a first load goes on, whose bars count as known at their close
    return known.get((question, n_bars), lambda: answer_heatmap(context.markets, question))


def _candles(question: HeatmapQuestion, payload: HeatmapPayload, context: Context) -> Candles:
    """Return the bars of the heatmap's columns, one for each."""
    bars = bars_of(context.markets, question.listing, question.resolution, question.as_of_ms)
    first_ms, last_ms = payload.heatmap.open_time_ms[[0, -1]]
    start = np.searchsorted(bars.open_time_ms, first_ms)
    end = np.searchsorted(bars.open_time_ms, last_ms, side="right")
    return bars[int(start) : int(end)]
