"""Would the tests notice? One-line faults are put into the script; nearly all must be caught.

Minutes long, so it only runs with `LIQBANDS_MUTATIONS=1`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from liqbands_pine.script import importer_script

ROOT = Path(__file__).parents[2]
ALLOWED_TO_SURVIVE = 2
FAULTS = (
    ("a / b >= 1\n", "a / b > 1\n"),
    ("which == 1 ? (band.lo + band.hi) / 2", "which == 1 ? band.lo"),
    ("band.isLong == (which == 0) ? band.hi", "band.isLong == (which == 2) ? band.hi"),
    ("time >= levels.stamp ? high : close", "high"),
    ("time >= levels.stamp ? low : close", "low"),
    ("ends > levels.stamp\n", "ends >= levels.stamp\n"),
    ("lastEnds < levels.stamp", "lastEnds <= levels.stamp"),
    ("age < -5 * MINUTE", "age < 0"),
    ("age > valid\n", "age > valid * 2\n"),
    ("age * 2 > valid", "age * 3 > valid"),
    ("if s.cut and array.size(texts) > 0", "if false"),
    ("isBetter := cut == isChosenCut ? s.stamp > levels.stamp : isChosenCut", "isBetter := true"),
    ("bool isBetter = kind < match", "bool isBetter = true"),
    ("levels.total != total", "levels.total > total"),
    ('str.replace_all(t, "LH1|", "|LH1|")', "t"),
    ("kind := plainSymbol(alias) == wanted ? 1 : 9", "kind := 9"),
    ("math.abs(rest) > 0.05", "math.abs(rest) > 0.5"),
    ("math.abs(rest) <= 0.0005 ? power", "math.abs(rest) <= 0.005 ? power"),
    ("math.abs(levels.ref / close - 1) > 0.5", "math.abs(levels.ref / close - 1) > 0.7"),
    ("na(band.sweptAt) and isNear(band)\n", "isNear(band)\n"),
    ("exceeds(above, band.lo)", "exceeds(band.lo, above)"),
    ("exceeds(band.hi, below)", "exceeds(below, band.hi)"),
    ("band.strength >= magnetIn and exceeds(close", "exceeds(close"),
    ("not attains(math.abs(tag.y - y), gap)", "false"),
    ("array.size(chosen) < mostIn", "array.size(chosen) <= mostIn"),
    ("longHits > toldLong", "longHits > 0"),
    ("toldShort := shortHits", "toldShort := 9"),
    ("isStale and not wasStale", "isStale"),
    ("math.min(math.max(start, firstBar), right - 1)", "math.min(start, right - 1)"),
    ("80 - band.strength * 0.6", "80 + band.strength * 0.1"),
    ("isDark(chart.bg_color)", "not isDark(chart.bg_color)"),
    ("isGone or profileIn ? extend.none", "profileIn ? extend.none"),
    ("edge := rule == ", "edge := rule != "),
    ("usd * 1000, strength", "usd * 100, strength"),
    ("endBoxes(shortSweep, shortGone0, shortGone)", "endBoxes(longSweep, longGone0, longGone)"),
)  # fmt: skip


@pytest.mark.skipif(
    os.environ.get("LIQBANDS_MUTATIONS") != "1", reason="LIQBANDS_MUTATIONS=1 runs it: minutes"
)
def test_faults_put_into_the_script_are_caught(tmp_path: Path) -> None:
    survivors = [fault for fault in FAULTS if is_unnoticed(*fault, tmp_path / "script.pine")]
    print(f"{len(FAULTS) - len(survivors)} of {len(FAULTS)} caught")  # noqa: T201  # a long test
    assert len(survivors) <= ALLOWED_TO_SURVIVE, survivors


def test_every_fault_changes_one_place() -> None:
    source = importer_script()
    assert len(FAULTS) >= 30
    assert [right for right, wrong in FAULTS if source.count(right) != 1 or right == wrong] == []


def is_unnoticed(right: str, wrong: str, path: Path) -> bool:
    path.write_text(importer_script().replace(right, wrong))
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "-k", "importer"]
    ended = subprocess.run(  # noqa: S603  # our own tests
        [*command, "tests/pine"],
        cwd=ROOT,
        env=os.environ | {"LIQBANDS_PINE_SCRIPT": str(path)},
        timeout=300,
        capture_output=True,
        check=False,
    )
    return ended.returncode == 0
