"""README and self test carry the same golden frame as the Python encoder writes."""

import re
from pathlib import Path

from tests.mt5_bridge.host.build import MQL5, ROOT
from tests.mt5_bridge.test_lhm1 import SMALL, equal

from liqbands_mt5.decode import decode
from liqbands_mt5.encode import encode

README = (ROOT / "mt5_bridge" / "README.md").read_text("utf-8")
SELF_TEST = MQL5 / "Scripts" / "Liqbands" / "TestLiqbands.mq5"


def golden() -> bytes:
    lines = re.findall(r"^[0-9a-f]{4}  (.+)$", README, flags=re.MULTILINE)
    return bytes.fromhex(" ".join(lines))


def test_the_readme_shows_the_golden_frame() -> None:
    assert encode(SMALL) == golden()
    assert equal(decode(golden()), SMALL)


def test_the_self_test_reads_the_same_frame() -> None:
    pieces = re.findall(r'^\s+"([0-9a-f]{8,64})"', SELF_TEST.read_text("ascii"), flags=re.MULTILINE)
    assert bytes.fromhex("".join(pieces)) == golden()


def test_every_message_of_the_corner_is_explained() -> None:
    """Each reason of the sources stands in the table of troubles."""
    sources = "".join(path.read_text("ascii") for path in MQL5.rglob("*.mq*"))
    for reason in (
        "no data yet: start the liqbands writer",
        "waiting for the broker's clock",
        "market closed: drawn with its next quote",
        "older file ignored: two writers?",
        "writer or server stopped",
        "foreign file: it holds",
        "old writer: update it",
        "is %s the right feed?",
    ):
        assert reason in sources
        assert reason.replace("%s", "BTCUSD") in README


def test_the_readme_says_that_metaeditor_was_not_there() -> None:
    assert "nothing here has been compiled by MetaEditor" in README


def test_the_picture_is_there() -> None:
    assert (Path(ROOT) / "docs" / "mt5.png").stat().st_size > 10_000
