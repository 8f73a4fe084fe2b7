"""Bytes to frames: a file is taken whole or not at all, and the reason is told.

Checked in this order: length, magic, version, total size, check sum, limits and offsets, values.
"""

import zlib

import numpy as np

from liqbands.instrument import Side
from liqbands_mt5.frame import STATES, Frame, FrameBand, FrameError, Grid, Honesty
from liqbands_mt5.layout import (
    BAND,
    CRC_FROM,
    DEGRADED,
    DETAIL,
    FORMING,
    GEOMETRIC,
    HEADER,
    MAGIC,
    MORE,
    MOST_BANDS,
    MOST_CELLS,
    RELATIVE,
    SIMULATED,
    TWO_PLANES,
    VERSION,
)

_FULL_HEADER = HEADER.itemsize + MORE.itemsize


def decode(data: bytes) -> Frame:
    """Return the frame of a file.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Frame
        What was written.

    Raises
    ------
    FrameError
        If any part of it is not as it must be.
    """
    header = _checked_header(data)
    flags = int(header["flags"])
    bands = _bands(data, header)
    return Frame(
        symbol=_symbol(header),
        seq=int(header["seq"]),
        generated_ms=int(header["generated_ms"]),
        data_ms=int(header["data_ms"]),
        reference_price=float(header["ref_price"]),
        grid=_grid(data, header, flags),
        bands=bands,
        honesty=_honesty(data, header),
        simulated=bool(flags & SIMULATED),
        degraded=bool(flags & DEGRADED),
        relative=bool(flags & RELATIVE),
    )


def _checked_header(data: bytes) -> np.void:
    if len(data) < HEADER.itemsize:
        raise FrameError(f"a frame has at least {HEADER.itemsize} bytes, this has {len(data)}")
    header: np.void = np.frombuffer(data, HEADER, 1)[0]
    if data[:4] != MAGIC:
        raise FrameError(f"a frame begins with LHM1, this begins with {data[:4]!r}")
    if header["version"] != VERSION:
        raise FrameError(f"version must be {VERSION}, was {header['version']}; update the reader")
    if header["total_size"] != len(data):
        raise FrameError(f"the frame says {header['total_size']} bytes, there are {len(data)}")
    if header["crc32"] != zlib.crc32(data[CRC_FROM:]):
        raise FrameError("the check sum is wrong: the file is torn or damaged")
    if int(header["rows"]) * int(header["cols"]) > MOST_CELLS or header["nbands"] > MOST_BANDS:
        raise FrameError("the frame is larger than any writer makes it")
    return header


def _part(data: bytes, offset: int, size: int, name: str) -> bytes:
    if size and not HEADER.itemsize <= offset <= len(data) - size:
        raise FrameError(f"the {name} lie outside of the frame")
    return data[offset : offset + size]


def _grid(data: bytes, header: np.void, flags: int) -> Grid | None:
    rows, columns = int(header["rows"]), int(header["cols"])
    if rows * columns == 0:
        return None
    if not (flags & GEOMETRIC and flags & TWO_PLANES):
        raise FrameError("the grid must have geometric rows and two planes")
    cells = _part(data, int(header["grid_offset"]), 2 * rows * columns, "cells")
    return Grid(
        t0_ms=int(header["t0_ms"]),
        column_ms=int(header["dt_ms"]),
        price_min=float(header["price_min"]),
        row_step=float(header["price_step"]),
        levels=np.frombuffer(cells, np.uint8).reshape(2, columns, rows),
        min_value=float(header["min_value"]),
        max_value=float(header["max_value"]),
        last_is_forming=bool(flags & FORMING),
    )


def _more(data: bytes, header: np.void) -> np.void | None:
    if header["header_size"] < _FULL_HEADER or len(data) < _FULL_HEADER:
        return None
    more: np.void = np.frombuffer(data, MORE, 1, HEADER.itemsize)[0]
    return more


def _honesty(data: bytes, header: np.void) -> Honesty:
    more = _more(data, header)
    if more is None:
        return Honesty()
    return Honesty(
        venues_live=int(more["venues_live"]),
        venues_total=int(more["venues_total"]),
        observed_share=float(more["observed_share"]),
        oldest_venue_ms=int(more["oldest_venue_ms"]),
    )


def _bands(data: bytes, header: np.void) -> tuple[FrameBand, ...]:
    n_bands = int(header["nbands"])
    part = _part(data, int(header["bands_offset"]), n_bands * BAND.itemsize, "bands")
    rows = np.frombuffer(part, BAND)
    return tuple(
        _band(row, detail) for row, detail in zip(rows, _details(data, header), strict=True)
    )


def _details(data: bytes, header: np.void) -> list[np.void | None]:
    n_bands = int(header["nbands"])
    more = _more(data, header)
    if more is None or more["ndetails"] != n_bands:
        return [None] * n_bands
    part = _part(data, int(more["details_offset"]), n_bands * DETAIL.itemsize, "details")
    return list(np.frombuffer(part, DETAIL))


def _band(row: np.void, detail: np.void | None) -> FrameBand:
    low, high, value = (float(row[name]) for name in ("low", "high", "value"))
    known = detail is not None and detail["state"] < len(STATES)
    return FrameBand(
        side=Side.LONG if row["side"] == 0 else Side.SHORT,
        low=low,
        high=high,
        peak_price=float(detail["peak_price"]) if detail is not None else (low + high) / 2,
        start_s=int(row["t_start"]),
        notional=value,
        notional_low=float(detail["value_low"]) if detail is not None else value,
        notional_high=float(detail["value_high"]) if detail is not None else value,
        level=int(row["level"]),
        strength=int(detail["strength"]) if detail is not None else 0,
        state=STATES[int(detail["state"])] if detail is not None and known else "steady",
        end_s=int(row["t_end"]),
        leverage=int(row["leverage"]),
    )


def _symbol(header: np.void) -> str:
    try:
        return bytes(header["symbol"]).split(b"\0")[0].decode("ascii")
    except UnicodeDecodeError as error:
        raise FrameError("the symbol is not ASCII") from error
