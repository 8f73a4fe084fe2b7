"""Frames to bytes."""

import zlib

import numpy as np

from liqbands.instrument import Side
from liqbands_mt5.frame import STATES, Frame
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
    RELATIVE,
    SIMULATED,
    TWO_PLANES,
    VERSION,
)


def encode(frame: Frame) -> bytes:
    """Return a frame as LHM1.

    Parameters
    ----------
    frame : Frame
        What to write.

    Returns
    -------
    bytes
        Header, bands, grid (longs, then shorts), details of the bands.
    """
    header = np.zeros(1, HEADER)[0]
    more = np.zeros(1, MORE)[0]
    bands, details = _band_rows(frame), _detail_rows(frame)
    grid = b"" if frame.grid is None else frame.grid.levels.tobytes()
    header_size = HEADER.itemsize + MORE.itemsize
    bands_offset = header_size
    grid_offset = bands_offset + bands.nbytes
    more["details_offset"] = grid_offset + len(grid)
    more["ndetails"] = len(details)
    _fill_header(header, frame)
    _fill_more(more, frame)
    header["header_size"] = header_size
    header["bands_offset"], header["grid_offset"] = bands_offset, grid_offset
    header["total_size"] = grid_offset + len(grid) + details.nbytes
    head = header.tobytes() + more.tobytes()
    body = b"".join([head[CRC_FROM:], bands.tobytes(), grid, details.tobytes()])
    header["crc32"] = zlib.crc32(body)
    start: bytes = header.tobytes()[:CRC_FROM]
    return start + body


def _fill_header(header: np.void, frame: Frame) -> None:
    header["magic"], header["version"] = MAGIC, VERSION
    header["seq"] = frame.seq
    header["flags"] = _flags(frame)
    header["generated_ms"], header["data_ms"] = frame.generated_ms, frame.data_ms
    header["ref_price"] = frame.reference_price
    header["nbands"] = len(frame.bands)
    header["symbol"] = frame.symbol.encode("ascii")
    grid = frame.grid
    if grid is not None:
        header["price_min"], header["price_step"] = grid.price_min, grid.row_step
        header["t0_ms"], header["dt_ms"] = grid.t0_ms, grid.column_ms
        _, header["cols"], header["rows"] = grid.levels.shape
        header["min_value"], header["max_value"] = grid.min_value, grid.max_value


def _fill_more(more: np.void, frame: Frame) -> None:
    more["venues_live"] = frame.honesty.venues_live
    more["venues_total"] = frame.honesty.venues_total
    more["observed_share"] = frame.honesty.observed_share
    more["oldest_venue_ms"] = frame.honesty.oldest_venue_ms


def _flags(frame: Frame) -> int:
    forming = frame.grid is not None and frame.grid.last_is_forming
    return (
        GEOMETRIC
        | TWO_PLANES
        | (SIMULATED if frame.simulated else 0)
        | (DEGRADED if frame.degraded else 0)
        | (RELATIVE if frame.relative else 0)
        | (FORMING if forming else 0)
    )


def _band_rows(frame: Frame) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    rows = np.zeros(len(frame.bands), BAND)
    for row, band in zip(rows, frame.bands, strict=True):
        row["low"], row["high"] = band.low, band.high
        row["t_start"], row["t_end"] = band.start_s, band.end_s
        row["value"], row["level"] = band.notional, band.level
        row["side"] = 0 if band.side is Side.LONG else 1
        row["leverage"] = band.leverage
    return rows


def _detail_rows(frame: Frame) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    rows = np.zeros(len(frame.bands), DETAIL)
    for row, band in zip(rows, frame.bands, strict=True):
        row["peak_price"] = band.peak_price
        row["value_low"], row["value_high"] = band.notional_low, band.notional_high
        row["strength"], row["state"] = band.strength, STATES.index(band.state)
    return rows
