"""``format=binary``: one byte per cell behind a header of fixed length, little-endian.

The layout is documented byte by byte in server/README.md, with decoders.  Columns resemble their
neighbours, so a column travels as its difference to the one before it, modulo 256: that halves
what is left after gzip.
"""

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.results import Heatmap
from liqbands_server.api.documents import json_answer
from liqbands_server.api.heatmap_payload import HeatmapPayload, about, binary_answer
from liqbands_server.api.heatmap_quantised import LEVELS, quantise
from liqbands_server.web.caching import Answer

OCTETS: Final = "application/octet-stream"
MAGIC: Final = b"LQHM"
VERSION: Final = 1
HEADER: Final = struct.Struct("<4sHHIIdiIqqdhBBI")
SQUARE_ROOT: Final = 1
"""The only curve so far."""

RELATIVE, EXPECTED, FORMING, SIMULATED, STALE = (1 << bit for bit in range(5))


def encode_binary(payload: HeatmapPayload) -> Answer:
    """Return a heatmap in bytes.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap.

    Returns
    -------
    Answer
        Header, one array per property of columns, cells, and the rest as JSON.
    """
    heatmap = payload.heatmap
    quantised = quantise(heatmap)
    words = json_answer(about(payload)).body
    header = HEADER.pack(
        MAGIC,
        VERSION,
        HEADER.size,
        heatmap.n_bars,
        heatmap.n_bands,
        heatmap.grid.step,
        heatmap.first_bin,
        heatmap.bins_per_row,
        payload.answer.provenance.as_of_ms,
        heatmap.timeframe_ms,
        quantised.maximum,
        quantised.norm,
        SQUARE_ROOT,
        _flags(payload),
        len(words),
    )
    parts = (header, *_columns(heatmap, quantised.split_long), _steps(quantised.cells), words)
    return binary_answer(payload, b"".join(parts), OCTETS)


def _columns(heatmap: Heatmap, split_long: NDArray[np.uint8]) -> tuple[bytes, ...]:
    """Return one array per property of columns, the longest items first, so all are aligned."""
    seed = np.ceil(LEVELS * np.minimum(heatmap.seed_share, 1.0))
    return (
        np.diff(heatmap.open_time_ms, prepend=0).astype("<i8").tobytes(),
        heatmap.mark.astype("<f4").tobytes(),
        heatmap.split_row.astype("<i4").tobytes(),
        split_long.tobytes(),
        seed.astype(np.uint8).tobytes(),
    )


def _steps(cells: NDArray[np.uint8]) -> bytes:
    """Return each column as what must be added, modulo 256, to the one before it."""
    return np.diff(cells, axis=0, prepend=np.zeros_like(cells[:1])).tobytes()


def _flags(payload: HeatmapPayload) -> int:
    heatmap, provenance = payload.heatmap, payload.answer.provenance
    return (
        (RELATIVE if heatmap.unit == "relative" else 0)
        | (EXPECTED if heatmap.quantity == "expected" else 0)
        | (FORMING if payload.last_is_forming else 0)
        | (SIMULATED if provenance.simulated else 0)
        | (STALE if provenance.stale else 0)
    )
