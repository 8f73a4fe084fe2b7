"""LHM1 byte by byte: little-endian, packed; described in ``mt5_bridge/README.md``.

Times are UTC milliseconds except those of bands, which are UTC seconds.
"""

from typing import Final

import numpy as np

MAGIC: Final = b"LHM1"
VERSION: Final = 1

HEADER: Final = np.dtype(
    [
        ("magic", "S4"),
        ("version", "<u2"),
        ("header_size", "<u2"),
        ("total_size", "<u4"),
        ("crc32", "<u4"),
        ("seq", "<u4"),
        ("flags", "<u4"),
        ("generated_ms", "<i8"),
        ("data_ms", "<i8"),
        ("ref_price", "<f8"),
        ("price_min", "<f8"),
        ("price_step", "<f8"),
        ("t0_ms", "<i8"),
        ("dt_ms", "<u4"),
        ("rows", "<u4"),
        ("cols", "<u4"),
        ("nbands", "<u4"),
        ("bands_offset", "<u4"),
        ("grid_offset", "<u4"),
        ("max_value", "<f4"),
        ("min_value", "<f4"),
        ("symbol", "S24"),
    ]
)
"""The first 128 bytes; readers use the two offsets, so a header may grow."""

MORE: Final = np.dtype(
    [
        ("venues_live", "<u2"),
        ("venues_total", "<u2"),
        ("observed_share", "<f4"),
        ("oldest_venue_ms", "<i8"),
        ("details_offset", "<u4"),
        ("ndetails", "<u4"),
        ("reserved", "<u8"),
    ]
)
"""Bytes 128 to 160: what the numbers rest on."""

BAND: Final = np.dtype(
    [
        ("low", "<f8"),
        ("high", "<f8"),
        ("t_start", "<u4"),
        ("t_end", "<u4"),
        ("value", "<f4"),
        ("level", "u1"),
        ("side", "u1"),
        ("leverage", "<u2"),
    ]
)

DETAIL: Final = np.dtype(
    [
        ("peak_price", "<f8"),
        ("value_low", "<f4"),
        ("value_high", "<f4"),
        ("strength", "u1"),
        ("state", "u1"),
        ("reserved", "u1", (6,)),
    ]
)
"""One for each band, in the same order."""

CRC_FROM: Final = 16
"""The check sum covers everything from here on."""

MOST_CELLS: Final = 4_000_000
MOST_BANDS: Final = 5_000
MOST_SYMBOL: Final = 23
LATEST_MS: Final = 10**14
"""No time of a frame is later; it keeps differences of times within 64 bits."""

SIMULATED: Final = 1
DEGRADED: Final = 2
GEOMETRIC: Final = 4
TWO_PLANES: Final = 8
FORMING: Final = 16
RELATIVE: Final = 32
