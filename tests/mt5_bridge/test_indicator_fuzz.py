"""Thousands of mutated files: the indicator never dies and never draws what it did not accept."""

import os
import random
import struct
import zlib

import numpy as np
from tests.mt5_bridge.conftest import OpenTerminal
from tests.mt5_bridge.host.terminal import Terminal
from tests.mt5_bridge.scenes import View, chart, file_of, frame, grid, put, show, start

from liqbands_mt5.decode import decode
from liqbands_mt5.encode import encode
from liqbands_mt5.frame import FrameError

CASES = int(os.environ.get("LIQBANDS_FUZZ_CASES", "3000"))
LEVELS = np.arange(240, dtype=np.uint8).reshape(2, 12, 10)
SMALL = grid(levels=LEVELS, column_ms=300_000, row_step=0.008)


BAD_SIGNS = ("damaged", "torn", "short", "not a", "old writer", "file version")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return a file with some bytes changed, often with a right check sum, sometimes cut."""
    whole = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        reach = 160 if chance.random() < 0.7 else len(whole)
        place = chance.randrange(reach)
        whole[place] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
    if chance.random() < 0.2:
        whole = whole[: chance.randrange(len(whole))]
    if chance.random() < 0.85 and len(whole) >= 16:
        whole[:12] = data[:6] + whole[6:8] + struct.pack("<I", len(whole))
        whole[12:16] = struct.pack("<I", zlib.crc32(whole[16:]))
    return bytes(whole)


def why_not(data: bytes) -> str:
    try:
        decode(data)
    except FrameError as error:
        return str(error)
    return "fine"


def test_mutated_files_do_no_harm(open_terminal: OpenTerminal) -> None:
    """A picture changes only when Python's reader takes the file, too."""
    chance = random.Random(20_260_101)  # noqa: S311  # no secret
    terminal = chart(open_terminal("LiqHeatmap"))
    show(terminal, View(size=(64, 48)))
    put(terminal, frame(1, grid=SMALL))
    start(terminal)
    good = encode(frame(1, grid=SMALL))
    accepted = 0
    for _ in range(CASES):
        before = terminal.updates()
        data = mutated(good, chance)
        file_of(terminal).write_bytes(data)
        terminal.timer()
        if terminal.updates() != before:
            accepted += 1
            assert why_not(data) == "fine"
    assert accepted > CASES / 200
    assert terminal.state["open_files"] == 0


def test_what_python_reads_the_indicator_draws(open_terminal: OpenTerminal) -> None:
    """Of files with a right check sum, both readers take the same ones."""
    chance = random.Random(7)  # noqa: S311  # no secret
    good = encode(frame(1, grid=SMALL))
    differences = []
    terminal = prepared(open_terminal)
    for _ in range(CASES // 10):
        data = mutated(good, chance)
        if data == good:
            continue  # its header may be that of a damaged one before
        file_of(terminal).write_bytes(data)
        terminal.timer()
        words = terminal.words[0]
        is_taken = not any(sign in words for sign in BAD_SIGNS)
        if is_taken != (why_not(data) == "fine") and not passed_over(words):
            differences.append((words, why_not(data)))
    assert differences == []


def passed_over(words: str) -> bool:
    return "foreign" in words or "older" in words


def prepared(open_terminal: OpenTerminal) -> Terminal:
    terminal = chart(open_terminal("LiqHeatmap"))
    show(terminal, View(size=(64, 48)))
    file_of(terminal).parent.mkdir()
    return start(terminal)
