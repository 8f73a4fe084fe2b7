"""LHM1: what is written is read again; a damaged file is refused whole."""

import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mt5_bridge.frames import frames

from liqbands.instrument import Side
from liqbands_mt5.decode import decode
from liqbands_mt5.encode import encode
from liqbands_mt5.frame import Frame, FrameBand, FrameError, Grid, levels_of
from liqbands_mt5.layout import BAND, DETAIL, HEADER, MORE

SMALL = Frame(
    symbol="BTCUSDT",
    seq=42,
    generated_ms=1_717_218_000_123,
    data_ms=1_717_218_000_000,
    reference_price=60_000.0,
    grid=Grid(
        t0_ms=1_717_217_880_000,
        column_ms=60_000,
        price_min=59_900.0,
        row_step=0.0005,
        levels=np.array(
            [[[0, 24, 255], [128, 1, 0]], [[0, 0, 0], [0, 0, 7]]],
            dtype=np.uint8,
        ),
        min_value=1_000.0,
        max_value=5e6,
    ),
    bands=(
        FrameBand(Side.SHORT, 60_500.0, 60_508.0, 60_503.0, 1_717_200_000, 1e6, 5e5, 2e6, 255, 88),
    ),
)


def equal(one: Frame, other: Frame) -> bool:
    return encode(one) == encode(other)


@given(frames())
def test_what_is_written_is_read_again(frame: Frame) -> None:
    read = decode(encode(frame))
    assert read.bands == frame.bands
    assert (read.symbol, read.seq, read.honesty) == (frame.symbol, frame.seq, frame.honesty)
    assert equal(read, frame)


@given(frames())
def test_cells_keep_their_place(frame: Frame) -> None:
    read = decode(encode(frame))
    if frame.grid is None or read.grid is None:
        assert frame.grid is read.grid
        return
    np.testing.assert_array_equal(read.grid.levels, frame.grid.levels)
    np.testing.assert_array_equal(read.grid.notional, frame.grid.notional)


def test_the_parts_have_the_documented_sizes() -> None:
    assert [part.itemsize for part in (HEADER, MORE, BAND, DETAIL)] == [128, 32, 32, 24]
    assert len(encode(SMALL)) == 128 + 32 + 32 + 2 * 6 + 24


def test_the_header_has_the_documented_offsets() -> None:
    data = encode(SMALL)
    assert data[:8] == b"LHM1\x01\x00\xa0\x00"
    assert int.from_bytes(data[8:12], "little") == len(data)
    assert int.from_bytes(data[12:16], "little") == zlib.crc32(data[16:])
    assert np.frombuffer(data[40:48], "<f8")[0] == 60_000.0
    assert data[104:111] == b"BTCUSDT"
    assert data[192:204] == bytes([0, 24, 255, 128, 1, 0, 0, 0, 0, 0, 0, 7])


@given(frames(), st.data())
def test_a_changed_byte_is_noticed(frame: Frame, data: st.DataObject) -> None:
    whole = bytearray(encode(frame))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    if 6 <= at < 8:  # the header's size lies before the check sum and only says how much is known
        return
    with pytest.raises(FrameError):
        decode(bytes(whole))


@given(frames(), st.integers(0, 400))
def test_a_torn_file_is_refused(frame: Frame, size: int) -> None:
    whole = encode(frame)
    if size < len(whole):
        with pytest.raises(FrameError):
            decode(whole[:size])


@given(st.binary(max_size=300))
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        decode(data)


def with_crc(data: bytearray) -> bytes:
    data[12:16] = zlib.crc32(bytes(data[16:])).to_bytes(4, "little")
    return bytes(data)


@given(st.integers(16, 200), st.integers(0, 255))
def test_a_wrong_writer_raises_nothing_else(at: int, value: int) -> None:
    whole = bytearray(encode(SMALL))
    whole[at] = value
    try:
        decode(with_crc(whole))
    except FrameError as error:
        reason = str(error)
    else:
        reason = "fine"
    assert reason


def test_levels_are_logarithmic() -> None:
    """Level 128 is half way: the geometric mean of 1 and 100 is 10."""
    levels = levels_of(np.array([0.0, 0.4, 0.6, 1.0, 10.0, 100.0, 1e9]), 1.0, 100.0)
    assert levels.tolist() == [0, 0, 1, 1, 128, 255, 255]


@given(st.floats(1e3, 1e8))
def test_a_level_says_its_notional_within_a_step(value: float) -> None:
    """A step is (1e8 / 1e3) ** (1 / 254) = 1.0464, half of it 1.023."""
    level = levels_of(np.full((2, 1, 1), value), 1e3, 1e8)
    assert SMALL.grid is not None
    shown = replace(SMALL.grid, levels=level, min_value=1e3, max_value=1e8).notional[0, 0, 0]
    assert 1 / 1.0230 < shown / value < 1.0230


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"symbol": ""}, "symbol"),
        ({"symbol": "B" * 24}, "at most 23"),
        ({"symbol": "BTC€"}, "ASCII"),
        ({"seq": 0}, "seq"),
        ({"reference_price": float("nan")}, "reference_price"),
    ],
)
def test_a_wrong_frame_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(FrameError, match=message):
        replace(SMALL, **change)  # type: ignore[arg-type]  # wrong on purpose
