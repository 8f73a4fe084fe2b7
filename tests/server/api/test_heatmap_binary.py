"""Tests of the heatmap in bytes: what is read back, by the decoders as they are documented."""

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from tests.server.api.heatmap_examples import BY_HAND, HOUR, START, payload_of, stale

from liqbands_server.api.heatmap_binary import encode_binary
from liqbands_server.api.heatmap_grid import encode_grid
from liqbands_server.api.heatmap_quantised import from_bytes, norm_of, quantise, to_bytes

README = Path(__file__).parents[3] / "server" / "README.md"
SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=12)
CELLS = hnp.arrays(
    np.float32,
    SHAPES,
    elements=st.one_of(st.just(0.0), st.floats(2.0**-20, 2.0**40, width=32)),
)
Decoder = Callable[[bytes], tuple[Any, ...]]


def documented(language: str) -> str:
    """Return the decoder that the README shows."""
    section = README.read_text(encoding="utf-8").split("## Heatmap formats")[1]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def decode() -> Decoder:
    scope: dict[str, Any] = {}
    exec(documented("python"), scope)  # noqa: S102 - our own document
    decoder: Decoder = scope["decode"]
    return decoder


@given(cells=CELLS)
def test_a_value_read_back_lies_within_the_stated_bound(decode: Decoder, cells: Any) -> None:
    _, _, value, *_ = decode(encode_binary(payload_of(cells)).body)
    largest = 2.0 ** norm_of(cells)
    q = to_bytes(cells, norm_of(cells)).astype(float)
    rounding = 1e-12 * largest
    assert (value <= cells + rounding).all()
    assert (cells - value <= largest * (2 * q + 1) / 65_025 + rounding).all()


@given(cells=CELLS)
def test_the_scale_is_the_smallest_power_of_two_that_no_cell_exceeds(cells: Any) -> None:
    scale = 2.0 ** norm_of(cells)
    assert cells.max() <= scale
    assert cells.max() > scale / 2 or not cells.any()


@given(cells=st.integers(0, 255))
def test_a_byte_stands_for_itself(cells: int) -> None:
    value = from_bytes(np.array([cells], dtype=np.uint8), 20)
    assert abs(int(to_bytes(value.astype(np.float32), 20)[0]) - cells) <= 1


def test_bytes_follow_the_square_root() -> None:
    values = np.array([0, 0.9 / 65_025, 1.1 / 65_025, 0.25, 0.999, 1], dtype=np.float32)
    assert to_bytes(values, 0).tolist() == [0, 0, 1, 127, 254, 255]


def test_times_rows_marks_and_words_are_read_back(decode: Decoder) -> None:
    payload = payload_of(BY_HAND)
    times, edges, value, mark, split_row, about = decode(encode_binary(payload).body)
    assert times.tolist() == [START, START + HOUR, START + 2 * HOUR]
    np.testing.assert_allclose(edges, payload.heatmap.edges, rtol=1e-14)
    np.testing.assert_allclose(mark, payload.heatmap.mark, rtol=6e-8)
    assert split_row.tolist() == [2, 2, 2]
    assert value[2, 3] == 16
    assert about["symbol"] == "BYBIT:BTCUSDT.P"
    assert about["provenance"]["input_hash"] == "0123"


def test_what_nobody_should_overlook_is_a_flag() -> None:
    assert encode_binary(payload_of(BY_HAND)).body[59] == 4
    assert encode_binary(stale(payload_of(BY_HAND, simulated=True))).body[59] == 4 + 8 + 16


def test_the_layout_stays_as_it_is(golden: Callable[[str, str], None]) -> None:
    body = encode_binary(payload_of(BY_HAND)).body
    lines = [body[at : at + 16].hex(" ") for at in range(0, len(body), 16)]
    golden("api/heatmap.hex", "\n".join(lines) + "\n")


def test_the_grid_holds_the_same_bytes_column_by_column() -> None:
    payload = payload_of(BY_HAND)
    grid = json.loads(encode_grid(payload).body)
    assert (grid["s"], grid["cols"], grid["rows"], grid["max"]) == ("ok", 3, 4, 16.0)
    assert grid["t"] == [START // 1000 + 3_600 * i for i in range(3)]
    assert base64.b64decode(grid["q"]) == quantise(payload.heatmap).cells.tobytes()
    assert grid["p0"] * np.exp(4 * grid["dp"]) == pytest.approx(payload.heatmap.edges[4])
    assert not grid["closed"]


def test_the_decoder_for_browsers_reads_the_same(tmp_path: Path, decode: Decoder) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node: the JavaScript decoder is not run")
    (tmp_path / "body").write_bytes(body := encode_binary(payload_of(BY_HAND)).body)
    script = documented("javascript") + (
        "const body = new Uint8Array(require('fs').readFileSync(process.argv[1])).buffer;\n"
        "const d = decode(body), n = [...Array(d.rows).keys()];\n"
        "console.log(JSON.stringify([d.time, n.map(d.price), d.time.map((_, c) => "
        "n.map((r) => d.value(c, r))), [...d.mark], [...d.splitRow], d.about]));"
    )
    command = [node, "-e", script, str(tmp_path / "body")]
    run = subprocess.run(command, capture_output=True, timeout=20, check=True)  # noqa: S603
    times, edges, value, mark, split_row, about = decode(body)
    found = json.loads(run.stdout)
    assert [found[0], found[4], found[5]] == [times.tolist(), split_row.tolist(), about]
    np.testing.assert_allclose(found[1], edges[:-1], rtol=1e-14)
    np.testing.assert_allclose(found[2], value, rtol=1e-14)
    np.testing.assert_array_equal(found[3], mark)
