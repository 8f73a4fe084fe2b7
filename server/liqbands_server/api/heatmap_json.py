"""``format=json``: the exact numbers; each column as runs of rows that hold something."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from liqbands.results import Heatmap
from liqbands_server.api.documents import json_answer
from liqbands_server.api.heatmap_payload import HeatmapPayload, about, rows_of
from liqbands_server.web.caching import Answer

Run = list[Any]


def encode_json(payload: HeatmapPayload) -> Answer:
    """Return a heatmap as a JSON document.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap.

    Returns
    -------
    Answer
        In JSON.
    """
    heatmap = payload.heatmap
    document = {
        **about(payload),
        "rows": rows_of(heatmap),
        "columns": {
            "count": heatmap.n_bars,
            "length_ms": heatmap.timeframe_ms,
            "last_is_forming": payload.last_is_forming,
            **columns_of(heatmap),
        },
        "cells": [runs_of(column) for column in heatmap.notional],
    }
    return json_answer(document)


def columns_of(heatmap: Heatmap) -> dict[str, list[Any]]:
    """Return what there is one of for each column.

    Parameters
    ----------
    heatmap : Heatmap
        The heatmap.

    Returns
    -------
    dict of str to list
        Rows below `split_row` hold longs, rows above it shorts; that row itself holds
        `split_long` of longs, the rest of it is shorts.
    """
    return {
        "open_time_ms": heatmap.open_time_ms.tolist(),
        "mark": heatmap.mark.tolist(),
        "split_row": heatmap.split_row.tolist(),
        "split_long": heatmap.split_long.tolist(),
        "seed_share": heatmap.seed_share.tolist(),
    }


def runs_of(column: NDArray[np.float32]) -> list[Run]:
    """Return the parts of a column that hold something.

    Parameters
    ----------
    column : ndarray of float32, shape (n_bands,)
        Notional per row.

    Returns
    -------
    list of list
        ``[first_row, [notional, …]]``, from low to high.

    Examples
    --------
    >>> runs_of(np.float32([0, 5, 6, 0, 7]))
    [[1, [5.0, 6.0]], [4, [7.0]]]
    """
    edges = np.diff(column > 0, prepend=False, append=False)
    starts, ends = np.flatnonzero(edges).reshape(-1, 2).T.tolist()
    return [[start, column[start:end].tolist()] for start, end in zip(starts, ends, strict=True)]
