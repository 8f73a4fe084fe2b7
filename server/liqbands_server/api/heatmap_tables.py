"""``format=csv`` and ``format=parquet``: one row per cell that holds something."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from liqbands.results import Heatmap
from liqbands_server.api.documents import json_answer
from liqbands_server.api.heatmap_payload import HeatmapPayload, about, binary_answer
from liqbands_server.web.caching import Answer

CSV: Final = "text/csv; charset=utf-8"
PARQUET: Final = "application/vnd.apache.parquet"
METADATA_KEY: Final = b"liqbands"
"""Key of the Parquet file's metadata under which the rest stands as JSON."""


def encode_csv(payload: HeatmapPayload) -> Answer:
    """Return a heatmap as a table of text.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap.

    Returns
    -------
    Answer
        With a heading; what has no column is told by a header of the response.
    """
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(_table(payload.heatmap), sink)
    return binary_answer(payload, sink.getvalue().to_pybytes(), CSV)


def encode_parquet(payload: HeatmapPayload) -> Answer:
    """Return a heatmap as a Parquet file.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap.

    Returns
    -------
    Answer
        The same columns; the rest stands in the file's metadata.
    """
    table = _table(payload.heatmap)
    described = table.replace_schema_metadata({METADATA_KEY: json_answer(about(payload)).body})
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(described, sink, compression="zstd")
    return binary_answer(payload, sink.getvalue().to_pybytes(), PARQUET, compress=False)


def _table(heatmap: Heatmap) -> pa.Table:
    """Return the cells that hold something, by time and then by price."""
    columns, rows = np.nonzero(heatmap.notional)
    edges = heatmap.edges
    return pa.table(
        {
            "open_time_ms": heatmap.open_time_ms[columns],
            "row_low": edges[rows],
            "row_high": edges[rows + 1],
            "long_notional": heatmap.long_notional[columns, rows],
            "short_notional": heatmap.short_notional[columns, rows],
        }
    )
