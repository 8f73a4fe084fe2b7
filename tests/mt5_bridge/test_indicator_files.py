"""A torn, stale, foreign or damaged file never replaces a good picture; the next good one does."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.host.terminal import NEW_FRAME, Terminal
from tests.mt5_bridge.scenes import (
    FEED,
    NOW,
    at,
    chart,
    file_of,
    frame,
    grid,
    put,
    start,
)  # fmt: skip

from liqbands_mt5.encode import encode
from liqbands_mt5.layout import HEADER


@pytest.fixture
def indicator(open_terminal: OpenTerminal) -> Terminal:
    return chart(open_terminal("LiqHeatmap"))


def ticks(indicator: Terminal, n: int) -> None:
    for _ in range(n):
        indicator.timer()


def changed(data: bytes, **fields: object) -> bytes:
    """Return a file with other header fields and a right check sum."""
    header = np.frombuffer(data, HEADER, 1).copy()
    for name, value in fields.items():
        header[name] = value
    whole = bytearray(header.tobytes() + data[HEADER.itemsize :])
    whole[12:16] = struct.pack("<I", zlib.crc32(whole[16:]))
    return bytes(whole)


def with_byte(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


GOOD = encode(frame(2))
FULL = len(GOOD)
NAN, INFINITE = float("nan"), float("inf")
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "short file: 0 bytes"),
    "short": (GOOD[:100], "short file: 100 bytes"),
    "foreign kind": (b"PNG1" + GOOD[4:], "not a Liqbands file"),
    "version": (changed(GOOD, version=2), "file version 2, this reads 1: update it"),
    "torn": (GOOD[:-1000], f"torn file: {FULL - 1000} of {FULL} bytes"),
    "too long": (GOOD + b"x", f"torn file: {FULL + 1} of {FULL} bytes"),
    "check sum": (with_byte(GOOD, 5_000), "damaged file: wrong check sum"),
    "cells": (changed(GOOD, rows=4_001, cols=1_000), "damaged file: larger than any writer"),
    "overflow": (changed(GOOD, rows=2**31, cols=2**31), "damaged file: larger than any writer"),
    "bands": (changed(GOOD, nbands=5_001), "damaged file: larger than any writer"),
    "grid outside": (changed(GOOD, grid_offset=FULL - 100), "damaged file: a part lies outside"),
    "bands inside": (changed(GOOD, bands_offset=64), "damaged file: a part lies outside"),
    "bands outside": (changed(GOOD, bands_offset=FULL), "damaged file: a part lies outside"),
    "huge offset": (changed(GOOD, grid_offset=2**32 - 1), "damaged file: a part lies outside"),
    "one plane": (changed(GOOD, flags=4), "old writer: update it"),
    "linear rows": (changed(GOOD, flags=8), "old writer: update it"),
    "price nan": (changed(GOOD, ref_price=NAN), "damaged file: a number in the header"),
    "price zero": (changed(GOOD, ref_price=0), "damaged file: a number in the header"),
    "lowest price": (changed(GOOD, price_min=-1), "damaged file: a number in the header"),
    "step": (changed(GOOD, price_step=0), "damaged file: a number in the header"),
    "step nan": (changed(GOOD, price_step=NAN), "damaged file: a number in the header"),
    "top edge": (changed(GOOD, price_step=10), "damaged file: a number in the header"),
    "column": (changed(GOOD, dt_ms=0), "damaged file: a number in the header"),
    "least": (changed(GOOD, min_value=0), "damaged file: a number in the header"),
    "most": (changed(GOOD, max_value=INFINITE), "damaged file: a number in the header"),
    "most below least": (changed(GOOD, max_value=1), "damaged file: a number in the header"),
    "time": (changed(GOOD, t0_ms=-(2**62)), "damaged file: a number in the header"),
    "data time": (changed(GOOD, data_ms=2**62), "damaged file: a number in the header"),
    "seq": (changed(GOOD, seq=0), "damaged file: a number in the header"),
    "band nan": (
        changed(GOOD[:160] + struct.pack("<d", NAN) + GOOD[168:]),
        "damaged file: a number of a band",
    ),
    "band upside down": (
        changed(GOOD[:160] + GOOD[168:176] + GOOD[160:168] + GOOD[176:]),
        "damaged file: a number of a band",
    ),
    "details outside": (
        changed(GOOD[:144] + struct.pack("<I", FULL - 95) + GOOD[148:]),
        "damaged file: a part lies outside",
    ),
    "peak nan": (
        changed(GOOD[:-96] + struct.pack("<d", NAN) + GOOD[-88:]),
        "damaged file: a number of a band",
    ),
    "foreign feed": (changed(GOOD, symbol=b"ETHUSD"), "foreign file: it holds ETHUSD"),
    "older": (encode(frame(2, data_ms=1000 * NOW - 1)), "older file ignored: two writers?"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_leaves_the_picture_and_says_why(indicator: Terminal, kind: str) -> None:
    data, why = BAD[kind]
    put(indicator, frame(1))
    before = start(indicator).pixels()
    put(indicator, data)
    indicator.timer()
    np.testing.assert_array_equal(indicator.pixels(), before)
    assert indicator.words[0].startswith(f"Liqbands  {why}")
    put(indicator, frame(3))
    indicator.timer()
    assert indicator.words[0] == "Liqbands  live  0 s"
    assert not np.array_equal(indicator.pixels(), before)
    assert (indicator.state["open_files"], indicator.state["violations"]) == (0, [])


@pytest.mark.parametrize("kind", [kind for kind in BAD if kind != "older"])
def test_a_bad_file_at_the_start_draws_nothing(indicator: Terminal, kind: str) -> None:
    data, why = BAD[kind]
    put(indicator, data)
    assert (start(indicator).pixels() == 0).all()
    assert indicator.words[0].startswith(f"Liqbands  {why}")


def test_a_longer_header_and_unknown_parts_are_read(indicator: Terminal) -> None:
    """Readers use the offsets; 40 bytes more in the header, 7 unknown ones at the end."""
    head, more = HEADER.itemsize, 32
    grown = GOOD[: head + more] + bytes(40) + GOOD[head + more :] + b"unknown"
    offsets = np.frombuffer(GOOD, HEADER, 1)[0]
    grown = (
        grown[:144] + struct.pack("<I", struct.unpack_from("<I", GOOD, 144)[0] + 40) + grown[148:]
    )
    grown = changed(
        grown,
        header_size=head + more + 40,
        total_size=len(grown),
        bands_offset=offsets["bands_offset"] + 40,
        grid_offset=offsets["grid_offset"] + 40,
    )
    put(indicator, grown)
    grown_pixels = start(indicator).pixels()
    put(indicator, frame(2))
    indicator.timer()
    np.testing.assert_array_equal(indicator.pixels(), grown_pixels)


def test_a_short_header_has_no_details(indicator: Terminal) -> None:
    put(indicator, changed(GOOD, header_size=128))
    words = start(indicator).words
    assert len(words) == 4  # no line about venues
    assert "80%" not in indicator.objects["band0"].texts["1"]


def test_a_bad_file_is_read_once(indicator: Terminal, count_reads: Callable[[], int]) -> None:
    put(indicator, frame(1))
    start(indicator)
    put(indicator, BAD["check sum"][0])
    indicator.timer()
    before = count_reads()
    for _ in range(10):
        indicator.timer()
    assert count_reads() - before == 10 * 128


@pytest.fixture
def count_reads(indicator: Terminal) -> Callable[[], int]:
    """Return what counts the bytes that were read; a look at a header costs 128."""
    indicator.library.host_bytes_read.restype = int
    return lambda: int(indicator.library.host_bytes_read())


def test_a_file_that_becomes_whole_without_a_new_header_is_taken(indicator: Terminal) -> None:
    put(indicator, BAD["check sum"][0])
    start(indicator)
    put(indicator, GOOD)
    ticks(indicator, 20)
    assert indicator.words[0] == "Liqbands  live  0 s"


def test_a_writer_that_starts_again_with_the_same_number_is_noticed(indicator: Terminal) -> None:
    put(indicator, frame(1))
    before = start(indicator).pixels()
    put(indicator, frame(1, grid=grid(seed=9)))
    indicator.timer()
    assert not np.array_equal(indicator.pixels(), before)


def test_a_file_that_is_written_slowly_is_taken_when_it_is_whole(indicator: Terminal) -> None:
    for size in (0, 50, 128, 160, 5_000, FULL - 1):
        put(indicator, GOOD[:size])
        start(indicator) if size == 0 else indicator.timer()
        assert (indicator.pixels() == 0).all()
    put(indicator, GOOD)
    indicator.timer()
    assert indicator.words[0] == "Liqbands  live  0 s"


def test_a_good_file_again_ends_the_complaint(indicator: Terminal) -> None:
    put(indicator, frame(1))
    start(indicator)
    put(indicator, GOOD[:500])
    indicator.timer()
    put(indicator, frame(1))
    indicator.timer()
    assert indicator.words[0] == "Liqbands  live  0 s"


def test_a_stale_picture_may_be_replaced_by_an_older_one(indicator: Terminal) -> None:
    put(indicator, frame(1))
    before = start(indicator).pixels()
    put(indicator, frame(2, data_ms=1000 * NOW - 5_000))
    at(indicator, 91)
    assert not np.array_equal(indicator.pixels(), before)


def test_a_file_that_vanishes_leaves_the_picture(indicator: Terminal) -> None:
    put(indicator, frame(1))
    before = start(indicator).pixels()
    file_of(indicator).unlink()
    at(indicator, 95)
    np.testing.assert_array_equal(indicator.pixels(), before)
    assert "STALE" in indicator.words[0]


def test_a_note_from_the_service_saves_the_wait(indicator: Terminal) -> None:
    start(indicator)
    put(indicator, frame(1))
    indicator.event(NEW_FRAME, "ETHUSD")
    assert (indicator.pixels() == 0).all()
    indicator.event(NEW_FRAME, FEED)
    assert (indicator.pixels() != 0).any()
