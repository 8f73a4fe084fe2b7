"""``format=grid``: the bytes of the cells as base64 inside JSON, for charts in a browser."""

import base64

from liqbands_server.api.documents import json_answer
from liqbands_server.api.heatmap_payload import HeatmapPayload, about, rows_of
from liqbands_server.api.heatmap_quantised import quantise
from liqbands_server.web.caching import Answer


def encode_grid(payload: HeatmapPayload) -> Answer:
    """Return a heatmap as a JSON document with its cells in base64.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap.

    Returns
    -------
    Answer
        In JSON; times in seconds, as chart libraries have them.
    """
    heatmap, resolution = payload.heatmap, payload.question.resolution
    quantised, rows, rest = quantise(heatmap), rows_of(heatmap), about(payload)
    document = {
        "s": "ok",
        "symbol": rest.pop("symbol"),
        "resolution": resolution.name,
        "rev": payload.answer.provenance.as_of_ms,
        "norm": quantised.norm,
        "cols": heatmap.n_bars,
        "rows": heatmap.n_bands,
        "t": (heatmap.open_time_ms // 1000).tolist(),
        "p0": rows["p0"],
        "dp": rows["dp"],
        "max": quantised.maximum,
        "unit": heatmap.unit,
        "curve": "sqrt",
        "closed": not payload.last_is_forming,
        "split_row": heatmap.split_row.tolist(),
        **rest,
        "q": base64.b64encode(quantised.cells.tobytes()).decode("ascii"),
    }
    return json_answer(document)
